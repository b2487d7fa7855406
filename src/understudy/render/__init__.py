"""Draws a performance: beats, an actor, a place and a shot become frames."""

from collections.abc import Iterable, Iterator
from typing import Any

from understudy.base import plugins
from understudy.base.errors import BadInput, UnknownName
from understudy.hub.actor import Actor
from understudy.hub.frames import Frame, Shot
from understudy.hub.performance import Beat, Pose
from understudy.hub.place import Place
from understudy.hub.rights import Grant
from understudy.hub.shelf import Shelf
from understudy.render.follow import follow
from understudy.render.look import QUALITIES, Look

_LIVE = ("neural", "raster")

__all__ = [
    "QUALITIES",
    "Look",
    "draw",
    "follow",
    "live_look",
    "render",
    "render_two",
    "resumes",
    "survey",
    "survey_film",
    "survey_neural",
]


def render(
    beats: Iterable[Beat],
    *,
    actor: Actor,
    place: Place,
    shot: Shot,
    grant: Grant,
    look: str | Look = "raster",
    quality: str = "good",
    shelf: Shelf | None = None,
    passes: bool = False,
) -> Iterator[Frame]:
    """Yields the frames of one shot, streaming: beats are read as pictures are asked for.

    look: the name of a back-end, or one with options of its own (`Raster(RasterOptions(...))`). quality: 'draft',
    'good' or 'best', for a look given by name. shelf: where pictures wait while a slow shot is interrupted; a look that
    draws quickly ignores it. passes: whether frames carry depth, normals and so on. The grant is checked at once,
    before the first beat is read. Raises NotAllowed, UnknownName, Unavailable or BadInput.
    """
    grant.require(actor.name, actor.digest)
    if quality not in QUALITIES:
        raise UnknownName("quality", quality, QUALITIES)
    chosen: Look = plugins.load("render", look).of_quality(quality) if isinstance(look, str) else look
    if passes and not chosen.card.passes:
        raise BadInput(f"The {chosen.card.name} look draws no passes; ask for them with --look film.")
    slow: dict[str, Any] = {"shelf": shelf, "passes": passes} if chosen.card.resumes else {}
    return chosen.render(beats, actor=actor, place=place, shot=shot, grant=grant, **slow)


def draw(
    instants: Iterable[Pose],
    *,
    actor: Actor,
    place: Place,
    shot: Shot,
    grant: Grant,
    look: str = "raster",
    quality: str = "live",
) -> Iterator[Frame]:
    """Yields a picture for each pose, none read ahead: whoever keeps a clock chooses the poses.

    look: one that draws in real time. The grant is checked at once. Raises NotAllowed, UnknownName, Unavailable or
    BadInput.
    """
    grant.require(actor.name, actor.digest)
    if quality not in ("live", *QUALITIES):
        raise UnknownName("quality", quality, ("live", *QUALITIES))
    chosen = plugins.load("render", look)
    if not hasattr(chosen, "draw"):
        raise BadInput(f"The {look} look takes seconds a picture and cannot be live; use raster or neural.")
    frames: Iterator[Frame] = chosen.of_quality(quality).draw(
        instants, actor=actor, place=place, shot=shot, grant=grant
    )
    return frames


def live_look(actor: Actor, look: str = "auto") -> str:
    """Returns the name of the look that draws an actor live. look: 'raster', 'neural', or 'auto': neural for an actor
    with an avatar, else raster.

    Raises UnknownName, and BadInput for an avatar that is asked for and missing, damaged or of another body.
    """
    if look not in ("auto", *_LIVE):
        raise UnknownName("live look", look, ("auto", *_LIVE))
    if look == "auto":
        look = "neural" if actor.has_avatar else "raster"
    if look == "neural":
        from understudy.render.splat.neural import figure_of

        figure_of(actor)
    return look


def render_two(
    beats: tuple[Iterable[Beat], Iterable[Beat]],
    *,
    actors: tuple[Actor, Actor],
    place: Place,
    shot: Shot,
    grants: tuple[Grant, Grant],
    look: str = "raster",
    quality: str = "good",
) -> Iterator[Frame]:
    """Yields the frames of a two-shot: two performances in one scene, the first at the left of the picture.

    Each actor needs a grant of its own; both are checked at once, before the first beat is read. Raises as `render`
    does, and BadInput for a look that draws one actor only.
    """
    for grant, actor in zip(grants, actors, strict=True):
        grant.require(actor.name, actor.digest)
    if quality not in QUALITIES:
        raise UnknownName("quality", quality, QUALITIES)
    chosen = plugins.load("render", look).of_quality(quality)
    if not hasattr(chosen, "render_two"):
        raise BadInput(f"The {chosen.card.name} look draws one actor at a time; film a two-shot with --look raster.")
    frames: Iterator[Frame] = chosen.render_two(beats, actors=actors, place=place, shot=shot, grants=grants)
    return frames


def survey() -> str:
    """Returns one line about what draws on this machine. Raises Unavailable with what to install."""
    from understudy.render import raster

    return raster.survey()


def resumes(look: str) -> bool:
    """Tells whether a stopped shot of a look goes on picture by picture. Raises UnknownName."""
    return bool(plugins.load("render", look).card.resumes)


def survey_neural() -> str:
    """Returns one line about what paints avatars on this machine. Raises Unavailable with what to install."""
    from understudy.render.splat.neural import survey as neural_survey

    return neural_survey()


def survey_film() -> str:
    """Returns one line about what traces films on this machine. Raises Unavailable with what to install."""
    from understudy.render.film import survey as film_survey

    return film_survey()
