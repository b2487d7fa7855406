"""A body leaves the building: with its licence and its origin inside, recorded in the ledger."""

from collections.abc import Callable, Mapping
from pathlib import Path

from understudy.base.errors import BadInput
from understudy.hub.actor import Actor
from understudy.hub.rights import Grant, Released
from understudy.rights.marked import let_marked_out

_TYPES = {
    ".glb": "model/gltf-binary",
    ".usdz": "model/vnd.usdz+zip",
    ".ply": "application/octet-stream",
    ".html": "text/html",
}


def release_model(
    make: Callable[[Mapping[str, str]], bytes], to: Path, *, actor: Actor, grant: Grant, title: str
) -> Released:
    """Writes what `make` returns for the marks it must carry: a .glb, .usdz, .ply or .html of an actor.

    Raises NotAllowed, BadInput, Unavailable; then nothing has that name.
    """
    to = Path(to)
    if to.suffix.lower() not in _TYPES:
        raise BadInput(f"'{to.name}' must end in .glb, .usdz or .ply; choose such a name.")
    return let_marked_out(
        lambda marks: {"": make(marks)},
        to,
        actors=[actor],
        grants=[grant],
        title=title,
        kind="model",
        media_type=_TYPES[to.suffix.lower()],
    )
