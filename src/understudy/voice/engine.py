"""The seam every voice engine fits: three methods over clauses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

from understudy.base.audio import Audio
from understudy.hub.card import Card
from understudy.hub.speech import Phone
from understudy.voice.clause import Clause


@dataclass(frozen=True)
class TimedWord:
    """The phones of one spoken word, with their times, in order and without gaps inside the word."""

    phones: tuple[Phone, ...]


@dataclass(frozen=True, eq=False)
class Sounding:
    """What an engine gives for a clause: plain, even sound at its own rate, and its times when it knows them.

    words: one TimedWord for each word of the clause, on the clock of the audio; () when the engine does not know them
    (they are then found by forced alignment).
    """

    audio: Audio
    words: tuple[TimedWord, ...] = ()


class Engine(Protocol):
    """A text-to-speech engine. Making one is quick and never fails; `missing` says whether it can work here."""

    card: ClassVar[Card]

    def missing(self) -> str:
        """Returns '' when the engine works on this machine, else one sentence: what is missing and what to do."""
        ...

    def bases(self) -> Mapping[str, str]:
        """Returns its base voices, best first: name -> language as BCP 47. Empty when the engine cannot work."""
        ...

    def say(self, clause: Clause, base: str) -> Sounding:
        """Speaks a clause with a base voice in an even manner; same clause, same samples."""
        ...
