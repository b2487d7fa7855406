"""Who makes the pictures the neural look learns from: the raster look, in a second or two, or the film look, in a few.

Both draw each view by itself: no picture knows of the one before, hair is at rest, nothing is out of focus.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from understudy.base.errors import UnknownName
from understudy.base.image import Image
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.rights import Grant
from understudy.hub.shelf import Shelf
from understudy.render.film.blender.wire import Message
from understudy.render.film.options import TraceOptions
from understudy.render.framing import frame_actor
from understudy.render.look import Quality
from understudy.render.splat.views import Ask, Teacher, View

TRACED: Final = replace(TraceOptions(), samples=2, temporal=0.0, motion_blur=False, aperture=0.0)
"""What a view is traced with. Having no picture before it, it gets twice as many paths: four a pixel. Against 48 paths
the noise left in a close view is 35 dB (measured), and training averages over hundreds of them."""
MEASURED: Final = replace(TRACED, samples=6)
"""What a view held out is traced with: noise in what one measures against would be taken for error."""


class RasterTeacher:
    """Draws with the raster look at its best."""

    name = "raster"

    def pictures(self, asks: Sequence[Ask], *, actor: Actor, grant: Grant, shelf: Shelf | None) -> Iterator[View]:
        """Yields the views in order (see `Teacher`)."""
        grant.require(actor.name, actor.digest)
        return self._draw(asks, actor, shelf)

    def _draw(self, asks: Sequence[Ask], actor: Actor, shelf: Shelf | None) -> Iterator[View]:
        from understudy.render.stage import Stage

        body: Body | None = None
        stage: Stage | None = None
        stands: Ask | None = None
        try:
            for index, ask in enumerate(asks):
                image = _waiting(shelf, index)
                if image is None:
                    body = body or Body.decode(actor.body_glb, f"The body of {actor.name}")
                    if stage is None or stands is None or not _as_before(ask, stands):
                        if stage is not None:
                            stage.close()
                        stands = ask
                        stage = Stage(body, ask.place, ask.shot, Quality.BEST, camera=ask.camera, once=True)
                    stage.reset()
                    image = stage.draw(ask.pose)
                    _keep(shelf, index, image)
                yield View(ask, image.pixels.copy())
        finally:
            if stage is not None:
                stage.close()


def _as_before(ask: Ask, other: Ask) -> bool:
    """Tells whether two pictures are of one set-up."""
    return ask.place is other.place and ask.shot == other.shot and ask.camera == other.camera


class FilmTeacher:
    """Traces with the film look: an actor built as finely as the picture needs, then lit and seen again and again.

    options: for training; held: for views held out. costs: what the worker told of the last call (see `Studio`).
    """

    name = "film"

    def __init__(self, options: TraceOptions = TRACED, held: TraceOptions = MEASURED) -> None:
        self._options, self._held = options, held
        self.costs: list[Message] = []

    def pictures(self, asks: Sequence[Ask], *, actor: Actor, grant: Grant, shelf: Shelf | None) -> Iterator[View]:
        """Yields first the views that wait, then the others from far to near, those held out after (see `Teacher`)."""
        grant.require(actor.name, actor.digest)
        return self._trace(asks, actor, shelf)

    def _trace(self, asks: Sequence[Ask], actor: Actor, shelf: Shelf | None) -> Iterator[View]:
        from understudy.render.film.studio import Studio

        missing: list[int] = []
        for index, ask in enumerate(asks):
            image = _waiting(shelf, index)
            if image is None:
                missing.append(index)
            else:
                yield View(ask, image.pixels)
        if not missing:
            return
        body = Body.decode(actor.body_glb, f"The body of {actor.name}")
        builds = {index: (fineness_of(body, asks[index]), bool(asks[index].held)) for index in missing}
        self.costs = []
        for build in sorted(set(builds.values())):
            here = [index for index in missing if builds[index] == build]
            first, options = asks[here[0]], self._held if build[1] else self._options
            studio = Studio(body, first.place, first.shot, options, build[0])
            try:
                for index in here:
                    ask = asks[index]
                    studio.move_on(ask.place, ask.shot)
                    image = studio.draw(ask.pose, index)
                    _keep(shelf, index, image)
                    yield View(ask, image.pixels)
            finally:
                self.costs += studio.costs
                studio.close()


def teacher_named(name: str) -> Teacher:
    """Returns the teacher 'raster' or 'film'. Raises UnknownName."""
    known: dict[str, type[RasterTeacher] | type[FilmTeacher]] = {"raster": RasterTeacher, "film": FilmTeacher}
    if name not in known:
        raise UnknownName("teacher", name, tuple(known))
    return known[name]()


def fineness_of(body: Body, ask: Ask) -> float:
    """Returns the pixels a metre an ask is built for, in steps of the square root of two, so that few builds serve all
    and a view does not depend on which others are made with it.
    """
    px_per_m = ask.shot.size_px[1] / frame_actor(body, ask.shot).height_m
    return float(1000 * 2 ** (np.round(2 * np.log2(px_per_m / 1000)) / 2))


def _waiting(shelf: Shelf | None, index: int) -> Image | None:
    return shelf.load(index) if shelf is not None and shelf.has(index) else None


def _keep(shelf: Shelf | None, index: int, image: Image) -> None:
    if shelf is not None:
        shelf.keep(index, image)
