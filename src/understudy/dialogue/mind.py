"""A mind: hears what a user says and answers as a character, line by line."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from understudy.dialogue.clauses import Clauses
from understudy.dialogue.mood import Mood
from understudy.dialogue.offline import Known, Rehearsals
from understudy.dialogue.wording import Wording
from understudy.hub.character import Character
from understudy.hub.rights import Licence
from understudy.hub.script import Direction, Line
from understudy.hub.talk import Reaction, Speaker, Turn

CONTEXT: Final = 24
"""Turns kept as short-term context."""
LONGEST: Final = 4_000
"""Characters of what a user says that are read."""


class Mind:
    """One talk of one character with one user; synchronous and for one thread at a time.

    Closing an iterator of lines stops the answer, and the model's stream with it, at once.
    """

    def __init__(
        self,
        character: Character,
        *,
        licence: Licence | None = None,
        user: str = "",
        seed: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._character = character
        self._licence = licence
        self._user = user
        self._clock = clock
        self._wording = Wording(seed)
        self._offline = Rehearsals(character, self._wording)
        self._mood = Mood(character.temper, clock())
        self._known = Known()
        self._turns: list[Turn] = []

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Returns the talk as far as it is remembered, oldest first."""
        return tuple(self._turns)

    def greet(self) -> Iterator[Line]:
        """Yields how she opens the talk; it always says that she is an AI."""
        yield from self._spoken(
            self._offline.say("greeting_again" if self._known.met_before else "greeting", self._known)
        )

    def hear(self, text: str, *, final: bool = False) -> Reaction:
        """Takes what was recognised so far, or the whole turn, and returns how she reacts while she listens."""
        return Reaction(self._mood.felt(self._clock()), gaze="partner")

    def answer(self, text: str) -> Iterator[Line]:
        """Yields her answer, the first line short."""
        self._add(Turn(Speaker.USER, text[:LONGEST], self._clock()))
        yield from self._spoken(self._offline.answer(text[:LONGEST], self._known))

    def heard(self, text: str) -> None:
        """Says what of the last answer reached the user; context and memory keep only that."""
        for k in range(len(self._turns) - 1, -1, -1):
            if self._turns[k].speaker is Speaker.ACTOR:
                self._turns[k] = replace(self._turns[k], heard=text)
                return

    def mood(self, now_s: float | None = None) -> Direction:
        """Returns her mood as a Direction. now_s: on the clock of this mind, None = now."""
        return self._mood.direction(self._clock() if now_s is None else now_s)

    def close(self) -> None:
        """Ends the talk."""

    def _spoken(self, text: str) -> Iterator[Line]:
        yield from self._recorded(_lines(text, self._character.display_name))

    def _recorded(self, lines: Iterable[Line]) -> Iterator[Line]:
        """Yields the lines in her mood and keeps what was said as a turn, also when the answer is broken off."""
        said: list[str] = []
        at = self._clock()
        try:
            for line in lines:
                said.append(line.text)
                yield replace(
                    line,
                    character=self._character.display_name,
                    direction=self._mood.played_into(line.direction, self._clock()),
                )
        finally:
            if said:
                self._add(Turn(Speaker.ACTOR, " ".join(said), at))

    def _add(self, turn: Turn) -> None:
        self._turns = [*self._turns, turn][-CONTEXT:]


def _lines(text: str, speaker: str) -> Iterator[Line]:
    clauses = Clauses(speaker)
    yield from clauses.feed(text)
    yield from clauses.finish()
