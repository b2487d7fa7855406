"""Draws a performance: beats, an actor, a place and a shot become frames."""

from collections.abc import Iterable, Iterator

from understudy.base import plugins
from understudy.base.errors import UnknownName
from understudy.hub.actor import Actor
from understudy.hub.frames import Frame, Shot
from understudy.hub.performance import Beat
from understudy.hub.place import Place
from understudy.hub.rights import Grant
from understudy.render.look import QUALITIES, Look

__all__ = ["QUALITIES", "Look", "render", "survey"]


def render(
    beats: Iterable[Beat],
    *,
    actor: Actor,
    place: Place,
    shot: Shot,
    grant: Grant,
    look: str | Look = "raster",
    quality: str = "good",
) -> Iterator[Frame]:
    """Yields the frames of one shot, streaming: beats are read as pictures are asked for.

    look: the name of a back-end, or one with options of its own (`Raster(RasterOptions(...))`). quality: 'draft',
    'good' or 'best', for a look given by name. The grant is checked at once, before the first beat is read. Raises
    NotAllowed, UnknownName, Unavailable or BadInput.
    """
    grant.require(actor.name, actor.digest)
    if quality not in QUALITIES:
        raise UnknownName("quality", quality, QUALITIES)
    chosen: Look = plugins.load("render", look).of_quality(quality) if isinstance(look, str) else look
    return chosen.render(beats, actor=actor, place=place, shot=shot, grant=grant)


def survey() -> str:
    """Returns one line about what draws on this machine. Raises Unavailable with what to install."""
    from understudy.render import raster

    return raster.survey()
