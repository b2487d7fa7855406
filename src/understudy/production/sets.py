"""Which set a film is made in, and whether the actor stands on nothing."""

import os
from dataclasses import replace
from pathlib import Path

from understudy.base.errors import BadInput, Unavailable
from understudy.hub.bundle import encode
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


def save_set(place: Place, path: Path) -> None:
    """Writes a place as JSON; its own file, when it has one, is named relative to it. Raises BadInput, Unavailable."""
    if path.suffix != ".json":
        raise BadInput(f"{path.name} is not the name of a place; end it in .json.")
    plate = place.backdrop.plate
    if plate is not None:
        file = os.path.relpath(plate.file, path.resolve().parent)
        place = replace(place, backdrop=replace(place.backdrop, plate=replace(plate, file=file)))
    try:
        path.write_bytes(encode("Place.1", place))
    except OSError as error:
        raise Unavailable(f"{path} cannot be written ({error.strerror}); choose a folder you may write to.") from error
