"""Casting: words become a recipe, and a recipe, which is text, becomes an actor.

    words -> read, refused or filled up by chance -> recipe (brief/), or varied, blended, edited (mixing, editing)

    recipe -> body -> pose -> surface -> lids, lips -> teeth, lashes, brows, hair, top -> painted skin -> body.glb

Making an actor needs the extra `cast`; using one does not.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from understudy.hub.actor import Actor

if TYPE_CHECKING:
    from understudy.casting.calling import Candidate as Candidate
    from understudy.casting.calling import call_blend as call_blend
    from understudy.casting.calling import call_edited as call_edited
    from understudy.casting.calling import call_like as call_like
    from understudy.casting.calling import call_words as call_words
    from understudy.casting.calling import read_people as read_people
    from understudy.casting.identity import distance as distance
    from understudy.casting.latents import latents as latents
    from understudy.casting.roster import embedding_of as embedding_of
    from understudy.casting.roster import neighbours as neighbours
    from understudy.casting.roster import refuse_twin as refuse_twin

_HOMES = {
    "Candidate": "calling",
    "call_blend": "calling",
    "call_edited": "calling",
    "call_like": "calling",
    "call_words": "calling",
    "read_people": "calling",
    "distance": "identity",
    "latents": "latents",
    "embedding_of": "roster",
    "neighbours": "roster",
    "refuse_twin": "roster",
}

__all__ = ["build", *sorted(_HOMES)]  # pyright: ignore[reportUnsupportedDunderAll]


def build(recipe: Path, output: Path, *, tell: Callable[[str], None] = lambda words: None) -> Actor:
    """Makes the actor of a recipe file, writes it to `output` and returns it; `tell` hears what is being done.

    Raises BadInput for a recipe that cannot be used and MissingExtra without the extra `cast`.
    """
    from understudy.casting.pack import cast_build

    return cast_build(recipe, output, tell=tell)


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
