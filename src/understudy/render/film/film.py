"""The film look: the same actor, traced path by path in Blender's Cycles.

    pose -> points of skin, eyes, hair ... -> worker: Blender traces the actor's rectangle, few paths a pixel
                                                |
    picture <- grain, tone <- over the set <- blur of movement <- light known from before <- denoised

Only the actor is traced; the set behind is the one the raster look paints, and its light is the same.
"""

from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from understudy.base.image import Image
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.card import Card
from understudy.hub.frames import Frame, Shot
from understudy.hub.performance import Beat, Pose, poses
from understudy.hub.place import Place
from understudy.hub.rights import Grant
from understudy.hub.shelf import Shelf
from understudy.render.film.options import TraceOptions

if TYPE_CHECKING:
    from understudy.render.film.studio import Studio


def survey(python: str = "") -> str:
    """Returns one line about what traces here, e.g. 'Blender 5.0.1, on the processor'. Raises Unavailable."""
    from understudy.render.film.worker import Worker

    with Worker(python) as worker:
        return f"Blender {worker.blender} (Cycles), on {worker.device}"


class Film:
    """Traces with Cycles in a process of its own; seconds a picture, not milliseconds."""

    card: ClassVar[Card] = Card(
        name="film",
        summary="path-traced picture by Blender's Cycles: scattering skin, strands of hair, a real lens",
        code_licence="GPL-3.0-or-later",
        needs="bpy (Python 3.11), 6 GB of memory; quicker with a GPU",
        streams=True,
        separate_process=True,
        resumes=True,
        passes=True,
    )

    def __init__(self, options: TraceOptions | None = None) -> None:
        self.options = options or TraceOptions()
        self.studio: Studio | None = None
        """The shot being traced, or the last one: what it cost and knew of its last picture."""

    @classmethod
    def of_quality(cls, quality: str) -> "Film":
        """Returns a Film of 'draft', 'good' or 'best'."""
        return cls(TraceOptions.of(quality))

    def render(
        self,
        beats: Iterable[Beat],
        *,
        actor: Actor,
        place: Place,
        shot: Shot,
        grant: Grant,
        shelf: Shelf | None = None,
        passes: bool = False,
    ) -> Iterator[Frame]:
        """Yields the frames of one shot (see `Look.render`); the grant is checked before this returns.

        Pictures that wait on the shelf are not traced again and come without passes; new ones are put there.
        """
        grant.require(actor.name, actor.digest)
        return self._shoot(poses(beats, shot.fps), actor, place, shot, shelf, passes)

    def still(self, pose: Pose, *, actor: Actor, place: Place, shot: Shot, grant: Grant) -> Image:
        """Returns one picture of one pose. Raises as `render` does."""
        grant.require(actor.name, actor.digest)
        frames = self._shoot(iter([pose]), actor, place, shot, None, False)
        try:
            return next(frames).image
        finally:
            frames.close()

    def _shoot(
        self,
        instants: Iterator[Pose],
        actor: Actor,
        place: Place,
        shot: Shot,
        shelf: Shelf | None,
        passes: bool,
    ) -> Generator[Frame, None, None]:
        from understudy.render.film.studio import Studio

        self.studio = studio = Studio(
            Body.decode(actor.body_glb, f"The body of {actor.name}"), place, shot, self.options
        )
        try:
            for index, pose in enumerate(instants):
                waiting = shelf.load(index) if shelf is not None and shelf.has(index) else None
                if waiting is not None:
                    yield Frame(waiting, index, index / shot.fps)
                    continue
                image = studio.draw(pose, index)
                if shelf is not None:
                    shelf.keep(index, image)
                yield Frame(image, index, index / shot.fps, studio.passes(pose) if passes else None)
        finally:
            studio.close()
