"""A performance leaves the building as curves, times or words, with or without the body that plays it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from understudy.hub.actor import Actor
from understudy.hub.departure import Carries
from understudy.hub.rights import Grant, Released
from understudy.rights.marked import Make, let_marked_out

_TYPES = {
    ".csv": "text/csv", ".json": "application/json", ".jsonl": "application/jsonl", ".srt": "application/x-subrip",
    ".vtt": "text/vtt", ".bvh": "application/octet-stream", ".otio": "application/json", ".glb": "model/gltf-binary",
    ".usd": "model/vnd.usd", ".usda": "model/vnd.usda", ".usdc": "model/vnd.usd", ".usdz": "model/vnd.usdz+zip",
    ".html": "text/html",
}  # fmt: skip


def release_motion(
    make: Make,
    to: Path,
    *,
    actors: Sequence[Actor],
    grants: Sequence[Grant],
    title: str,
    carries: Carries,
    facts: Mapping[str, str] | None = None,
) -> Released:
    """Writes what `make` returns for the marks it must carry. facts: more that the file should say of itself.

    A file that holds a body is recorded as a release of the actor. Raises NotAllowed, Unavailable; then nothing has
    that name.
    """
    return let_marked_out(
        make,
        to,
        actors=actors,
        grants=grants,
        title=title,
        kind="model" if carries is Carries.BODY else "performance",
        media_type=_TYPES.get(to.suffix.lower(), "application/octet-stream"),
        facts=facts,
    )
