"""The seam every voice engine fits: three methods over clauses, and two more where prosody can be told from inside."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

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


SCORE_S = 0.005
"""Time between two values of a score."""


@dataclass(frozen=True, eq=False)
class Score:
    """How a clause is to sound, moment by moment: when each phone is, how high the voice, how much energy.

    phones: in order and without gaps from 0, 'SIL' where nothing is said. owners: the word of each, an index into the
    clause, -1 for 'SIL'. f0_hz: (frames,), 0 where there is no voice, frame k at k * SCORE_S. energy_db: (frames,) on
    the engine's own scale. breath: 0..1, how much air is in the voice.
    """

    phones: tuple[Phone, ...]
    owners: tuple[int, ...]
    f0_hz: npt.NDArray[np.float64]
    energy_db: npt.NDArray[np.float64]
    breath: float = 0.0

    @property
    def duration_s(self) -> float:
        return self.phones[-1].end_s

    def words(self) -> tuple[TimedWord, ...]:
        """Returns the phones of each word."""
        count = max(self.owners) + 1
        return tuple(
            TimedWord(tuple(p for p, owner in zip(self.phones, self.owners, strict=True) if owner == word))
            for word in range(count)
        )


@runtime_checkable
class Directed(Protocol):
    """An engine that can be told its prosody: what it says follows the score it is given, no vocoder between.

    score = engine.plan(clause, base)                        # its own reading
    score = replace(score, f0_hz=score.f0_hz * 1.2)          # ours
    sounding = engine.perform(clause, base, score)
    """

    def plan(self, clause: Clause, base: str) -> Score:
        """Returns how the engine itself would read a clause, a little silence around it. Raises as `say` does."""
        ...

    def perform(self, clause: Clause, base: str, score: Score) -> Sounding:
        """Returns the clause as a score tells it. Its phones must be those of `plan`, in that order; their times, the
        pitch and the energy are free. The times of the words are those really sung or said. Raises as `say` does."""
        ...


@runtime_checkable
class Mixing(Protocol):
    """An engine whose voices can be mixed: a base may be a mixture of them, as `hub.voice.mixture` reads it."""

    def mixed(self, base: str) -> str:
        """Returns the language that a mixture speaks, '' for one it cannot make."""
        ...
