"""The only registry: entry points.

A back-end is one class and one line under `[project.entry-points."understudy.<stage>"]`. Listing the names imports
nothing; loading one imports its module. Every back-end class carries a `card` (see `hub.card`).
"""

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from understudy.base.errors import UnknownName


def names(stage: str) -> tuple[str, ...]:
    """Returns the names of the back-ends of a stage, sorted, importing none of them."""
    return tuple(sorted(_found(stage)))


def load(stage: str, name: str) -> Any:
    """Returns the back-end class. Raises UnknownName with the names there are."""
    found = _found(stage)
    if name not in found:
        raise UnknownName(f"{stage} back-end", name, list(found))
    return found[name].load()


@cache
def _found(stage: str) -> dict[str, EntryPoint]:
    """Reads the metadata of every installed package, some ten milliseconds, so once a process."""
    return {entry.name: entry for entry in entry_points(group=f"understudy.{stage}")}
