"""The real-time renderer: OpenGL without a display, on a GPU or on the processor (Mesa llvmpipe).

    plate (painted once)        ----------------------------------+
    pose -> face, joints -> hair depth, cloth, skin, eyes, hair ... | -> rectangle of the actor -> laid over the plate
                            shadow (kept while little moves) -----+

Only the rectangle the actor can reach is drawn, with more samples than pixels, and folded down when it is laid over
the plate. Hair writes its solid core first and blends its soft ends last.
"""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from understudy.base.image import Image
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.bundle import encode
from understudy.hub.card import Card
from understudy.hub.frames import Frame, Shot
from understudy.hub.performance import Beat, Pose, poses
from understudy.hub.place import Place
from understudy.hub.rights import Grant
from understudy.render.look import Quality


@dataclass(frozen=True)
class RasterOptions:
    """quality: how many samples a pixel gets and how often the shadow is drawn again; live has fewer samples on a
    processor, shadows that follow a little later and no fly-aways.
    """

    quality: Quality = Quality.GOOD


def survey() -> str:
    """Returns one line about what draws here, e.g. 'llvmpipe (LLVM 15.0.6, 256 bits), on the processor'.

    Raises Unavailable.
    """
    from understudy.render.context import is_software, open_context, renderer_name

    context = open_context()
    where = "on the processor" if is_software(context) else "on a GPU"
    line = f"{renderer_name(context)}, {where}"
    context.release()
    return line


class Raster:
    """Draws with OpenGL; the same input gives the same bytes on the same driver."""

    card: ClassVar[Card] = Card(
        name="raster",
        summary="real-time picture by OpenGL, on a GPU or on two processor cores",
        code_licence="own",
        needs="EGL and OpenGL 4.2 (Mesa: libegl1, libgl1-mesa-dri)",
        streams=True,
    )

    def __init__(self, options: RasterOptions | None = None) -> None:
        self._options = options or RasterOptions()

    @classmethod
    def of_quality(cls, quality: str) -> "Raster":
        """Returns a Raster of 'live', 'draft', 'good' or 'best'."""
        return cls(RasterOptions(Quality(quality)))

    def render(self, beats: Iterable[Beat], *, actor: Actor, place: Place, shot: Shot, grant: Grant) -> Iterator[Frame]:
        """Yields the frames of one shot (see `Look.render`); the grant is checked before this returns."""
        grant.require(actor.name, actor.digest)
        return self._shoot(poses(beats, shot.fps), actor, place, shot)

    def draw(
        self, instants: Iterable[Pose], *, actor: Actor, place: Place, shot: Shot, grant: Grant
    ) -> Iterator[Frame]:
        """Yields a frame for each pose as it is given, with none read ahead; the grant is checked before it returns."""
        grant.require(actor.name, actor.digest)
        return self._shoot(iter(instants), actor, place, shot)

    def still(self, pose: Pose, *, actor: Actor, place: Place, shot: Shot, grant: Grant) -> Image:
        """Returns one picture of one pose; give RasterOptions(Quality.BEST) for a poster. Raises as `render` does."""
        grant.require(actor.name, actor.digest)
        frames = self._shoot(iter([pose]), actor, place, shot)
        try:
            return next(frames).image
        finally:
            frames.close()

    def render_two(
        self,
        beats: tuple[Iterable[Beat], Iterable[Beat]],
        *,
        actors: tuple[Actor, Actor],
        place: Place,
        shot: Shot,
        grants: tuple[Grant, Grant],
    ) -> Iterator[Frame]:
        """Yields the frames of a two-shot, left and right actor in one scene; both grants are checked at once.

        It ends with the shorter of the two streams. Raises as `render` does.
        """
        for grant, actor in zip(grants, actors, strict=True):
            grant.require(actor.name, actor.digest)
        pairs = zip(poses(beats[0], shot.fps), poses(beats[1], shot.fps), strict=False)
        return self._shoot_two(pairs, actors, place, shot)

    def _shoot_two(
        self, instants: Iterator[tuple[Pose, Pose]], actors: tuple[Actor, Actor], place: Place, shot: Shot
    ) -> Generator[Frame, None, None]:
        from understudy.render import wings
        from understudy.render.two_shot import TwoStage

        def make() -> TwoStage:
            left, right = (Body.decode(a.body_glb, f"The body of {a.name}") for a in actors)
            return TwoStage((left, right), place, shot, self._options.quality)

        key = (*(a.digest for a in actors), encode("Place.1", place), shot, self._options)
        stage = wings.take(key, make)
        try:
            for index, (left, right) in enumerate(instants):
                yield Frame(stage.draw(left, right), index, index / shot.fps)
        except GeneratorExit:
            wings.give_back(key, stage)
            raise
        except BaseException:
            stage.close()
            raise
        wings.give_back(key, stage)

    def _shoot(self, instants: Iterator[Pose], actor: Actor, place: Place, shot: Shot) -> Generator[Frame, None, None]:
        from understudy.render import wings
        from understudy.render.stage import Stage

        key = (actor.digest, encode("Place.1", place), shot, self._options)
        stage = wings.take(
            key,
            lambda: Stage(Body.decode(actor.body_glb, f"The body of {actor.name}"), place, shot, self._options.quality),
        )
        try:
            for index, pose in enumerate(instants):
                yield Frame(stage.draw(pose), index, index / shot.fps)
        except GeneratorExit:
            wings.give_back(key, stage)
            raise
        except BaseException:
            stage.close()
            raise
        wings.give_back(key, stage)
