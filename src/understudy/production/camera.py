"""How a shot was taken, noted in the take, so that a film can later be held against it."""

from dataclasses import replace

import msgspec

from understudy.hub.frames import Shot
from understudy.hub.performance import Performance

NOTE = "camera"


def noted(shot: Shot) -> str:
    """Returns a shot in words for `made_with`; not its size and rate, which are the film's own and not the take's."""
    facts = msgspec.to_builtins(shot)
    plain = msgspec.to_builtins(Shot())
    kept = {name: value for name, value in facts.items() if value != plain[name] and name not in ("size_px", "fps")}
    return msgspec.json.encode({"size": str(shot.size), **kept}).decode()


def cameras(
    take: Performance, *, size_px: tuple[int, int], fps: float, otherwise: Shot, words: str = ""
) -> dict[str, Shot]:
    """Returns shot key -> how it was taken, for each event of kind 'shot'; '' for a take that has none.

    otherwise: how it was taken when the take does not say; words: the same as noted, '' = unknown.
    """
    keys = [event.name for event in take.events if event.kind == "shot"] or [""]
    found = {}
    for key in keys:
        said = take.made_with.get(f"{NOTE}.{key}") or take.made_with.get(NOTE, "") or words
        try:
            shot = msgspec.json.decode(said, type=Shot) if said else otherwise
        except msgspec.DecodeError:
            shot = otherwise
        found[key] = replace(shot, size_px=size_px, fps=fps)
    return found
