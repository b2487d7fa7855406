"""Which set a film is made in, and whether the actor stands on nothing."""

from dataclasses import replace
from pathlib import Path

from understudy.base.errors import BadInput
from understudy.hub.place import Place

ALPHA = "alpha"
"""The house set without a background."""


def open_set(name: str, *, alpha: bool = False) -> Place:
    """Returns a set by name or path; with `alpha` only its light, nothing behind the actor."""
    place = Place.open(name)
    return replace(place, transparent=True) if alpha else place


def carries_alpha(target: Path, *, place: str, alpha: bool) -> bool:
    """Tells whether a film has transparency. Raises BadInput when its name cannot hold that."""
    wanted = alpha or place == ALPHA
    ending = target.suffix.lower()
    if wanted and ending != ".mov":
        raise BadInput(f"{target.name} cannot carry transparency; end it in .mov (ProRes 4444 with alpha).")
    if ending == ".mov" and not wanted:
        raise BadInput(f"{target.name} would be a film with transparency; add --alpha, or end it in .mp4.")
    return wanted
