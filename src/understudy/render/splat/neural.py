"""The neural look: the actor as Gaussians that ride the body, painted on the processor; no graphics stack is asked for.

It draws an actor whose bundle holds an avatar (`hub.avatar`). Everything heavy is imported when a shot begins.
"""

import hashlib
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from understudy.base.errors import BadInput, Unavailable
from understudy.base.image import Image
from understudy.hub.actor import Actor
from understudy.hub.avatar import MEMBER, Avatar
from understudy.hub.body import Body
from understudy.hub.bundle import encode
from understudy.hub.card import Card
from understudy.hub.frames import Frame, Shot
from understudy.hub.performance import Beat, Pose, poses
from understudy.hub.place import Place
from understudy.hub.rights import Grant
from understudy.render.known import Known
from understudy.render.look import Quality

if TYPE_CHECKING:
    from understudy.render.splat.showing import Showing

Figure = tuple[Body, Avatar]


@dataclass(frozen=True)
class NeuralOptions:
    """quality: best paints four samples a pixel, for stills; live, draft and good one."""

    quality: Quality = Quality.GOOD


def survey() -> str:
    """Returns one line about what paints here, e.g. 'numba 0.62.1, on 2 cores'. Raises Unavailable."""
    try:
        import numba
    except ImportError as error:
        raise Unavailable("The neural look needs numba, which does not work here; run: pip install numba.") from error
    return f"numba {numba.__version__}, on {numba.get_num_threads()} cores"


def figure_of(actor: Actor) -> Figure:
    """Returns body and avatar of an actor. Raises BadInput in one sentence when it has none, or one of another body."""
    name = actor.record.display_name or actor.name
    if MEMBER not in actor.files:
        raise BadInput(
            f"{name} has no neural avatar; train one: understudy avatar train {actor.name} -o {actor.name}.actor."
        )
    return _figures.of(actor.digest, lambda: _opened(actor, name))


def _opened(actor: Actor, name: str) -> Figure:
    avatar = Avatar.decode(actor.files[MEMBER], name)
    if avatar.record.body_sha256 != hashlib.sha256(actor.body_glb).hexdigest():
        raise BadInput(
            f"The neural avatar of {name} is stale: it was trained on another body than this one; train it again: "
            f"understudy avatar train {actor.name} -o {actor.name}.actor."
        )
    return Body.decode(actor.body_glb, f"The body of {actor.name}"), avatar


_figures: Known[Figure] = Known(2)


class Neural:
    """Paints avatars; the same input gives the same bytes on the same machine."""

    card: ClassVar[Card] = Card(
        name="neural",
        summary="an actor's trained avatar, painted in real time on two processor cores without a graphics stack",
        code_licence="own",
        weights_licence="own",
        needs="an actor with an avatar (understudy avatar fit, or train)",
        streams=True,
        avatar=True,
    )

    def __init__(self, options: NeuralOptions | None = None) -> None:
        self._options = options or NeuralOptions()

    @classmethod
    def of_quality(cls, quality: str) -> "Neural":
        """Returns a Neural of 'live', 'draft', 'good' or 'best'."""
        return cls(NeuralOptions(Quality(quality)))

    def render(self, beats: Iterable[Beat], *, actor: Actor, place: Place, shot: Shot, grant: Grant) -> Iterator[Frame]:
        """Yields the frames of one shot (see `Look.render`); grant and avatar are checked before this returns."""
        return self._of_one(poses(beats, shot.fps), actor, place, shot, grant)

    def draw(
        self, instants: Iterable[Pose], *, actor: Actor, place: Place, shot: Shot, grant: Grant
    ) -> Iterator[Frame]:
        """Yields a frame for each pose as it is given, with none read ahead; checks what `render` checks."""
        return self._of_one(iter(instants), actor, place, shot, grant)

    def still(self, pose: Pose, *, actor: Actor, place: Place, shot: Shot, grant: Grant) -> Image:
        """Returns one picture of one pose. Raises as `render` does."""
        frames = self._of_one(iter([pose]), actor, place, shot, grant)
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
        figures = figure_of(actors[0]), figure_of(actors[1])
        pairs = zip(poses(beats[0], shot.fps), poses(beats[1], shot.fps), strict=False)
        return self._shoot(pairs, actors, figures, place, shot)

    def _of_one(
        self, instants: Iterator[Pose], actor: Actor, place: Place, shot: Shot, grant: Grant
    ) -> Generator[Frame, None, None]:
        grant.require(actor.name, actor.digest)
        return self._shoot(((pose,) for pose in instants), (actor,), (figure_of(actor),), place, shot)

    def _shoot(
        self,
        instants: Iterator[tuple[Pose, ...]],
        actors: tuple[Actor, ...],
        figures: tuple[Figure, ...],
        place: Place,
        shot: Shot,
    ) -> Generator[Frame, None, None]:
        from understudy.render import wings

        def make() -> "Showing":
            from understudy.render.splat.showing import Showing

            return Showing(figures, place, shot, self._options.quality)

        key = ("neural", *(a.digest for a in actors), encode("Place.1", place), shot, self._options)
        showing = wings.take(key, make)
        try:
            for index, instant in enumerate(instants):
                yield Frame(showing.draw(*instant), index, index / shot.fps)
        except GeneratorExit:
            wings.give_back(key, showing)
            raise
        except BaseException:
            showing.close()
            raise
        wings.give_back(key, showing)
