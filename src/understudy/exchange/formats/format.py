"""What a format of takes is, and how one is found.

A format is a class and a line under `[project.entry-points."understudy.take"]` for each ending it knows, without its
dot; `--to` names an entry, so an entry may also have a name that is no ending.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from understudy.base import plugins
from understudy.base.errors import BadInput
from understudy.hub.card import Card
from understudy.hub.departure import Arrival, Carries, Departure

STAGE = "take"


class TakeFormat(Protocol):
    """A back-end of `understudy.take`. rate_hz: frames a second when nobody asks. many: whether it holds several takes.

    sound: '' needs none, 'beside' refers to a sound file next to it, 'inside' holds one. turns: whether it needs the
    turns of the joints.
    """

    card: ClassVar[Card]
    carries: ClassVar[Carries]
    rate_hz: ClassVar[float]
    many: ClassVar[bool]
    sound: ClassVar[str]
    turns: ClassVar[bool]

    def write(self, departure: Departure, *, ending: str) -> Mapping[str, bytes]:
        """Returns the file under '' and whatever must lie beside it under its name. Raises BadInput, MissingExtra."""
        ...


class Readable(Protocol):
    """A format that comes in, too."""

    def read(self, data: bytes, *, where: str, rate_hz: float | None) -> Arrival:
        """Returns what the file holds. rate_hz: what the user says its rate is. Raises BadInput."""
        ...


def format_for(name: str) -> Any:
    """Returns the format of an ending or name, ready for use. Raises BadInput with those there are."""
    known = plugins.names(STAGE)
    if name.lower() not in known:
        there = ", ".join(["wav", *known])
        raise BadInput(f"No format of takes is called '{name}'; choose one of: {there}.")
    return plugins.load(STAGE, name.lower())()


def reader_for(name: str) -> Readable:
    """Returns the format that reads an ending. Raises BadInput with those that can be read."""
    found = format_for(name)
    if not hasattr(found, "read"):
        readable = [n for n in plugins.names(STAGE) if hasattr(plugins.load(STAGE, n), "read")]
        raise BadInput(f"Files of the format '{name}' are written, not read; give one of: {', '.join(readable)}.")
    return found  # type: ignore[no-any-return]
