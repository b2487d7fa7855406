"""How she listens: what she hears stirs the mood, and now and then she nods, smiles or hums, never twice at once."""

import re
from collections.abc import Callable
from typing import Final

from understudy.dialogue.appraisal import Appraised, appraise
from understudy.dialogue.mood import Mood
from understudy.dialogue.wording import Wording
from understudy.hub.character import Character
from understudy.hub.script import Line
from understudy.hub.talk import BACK_CHANNEL_EVERY_S, Reaction

GESTURE_EVERY_S: Final = 2.5
"""Seconds between two gestures while she listens."""
NOD_EVERY_WORDS: Final = 7
_PARTIAL_SHARE: Final = 0.4
"""What an unfinished sentence stirs, against the whole."""


class Listening:
    """One user's turn after the other, as it is recognised."""

    def __init__(self, character: Character, mood: Mood, wording: Wording, clock: Callable[[], float]) -> None:
        self._character = character
        self._mood = mood
        self._wording = wording
        self._clock = clock
        self._stirred: dict[str, float] = {}
        self._words = 0
        self._nodded_at_word = 0
        self._gesture_s = self._hum_s = clock() - 60.0
        self._shown = ""

    def hear(self, text: str, *, final: bool) -> Reaction:
        """Returns the reaction to what is recognised so far; final: the turn is over."""
        now = self._clock()
        words = len(text.split())
        if words < self._words:
            self._begin()
        self._words = words
        felt = appraise(text) if words >= 2 or final else Appraised()
        share = 1.0 if final else _PARTIAL_SHARE
        fresh = {n: share * w - self._stirred.get(n, 0.0) for n, w in felt.emotions.items()}
        self._mood.stir({n: w for n, w in fresh.items() if w > 0.02}, now)
        for name, weight in felt.emotions.items():
            self._stirred[name] = max(self._stirred.get(name, 0.0), share * weight)
        gesture, strength = self._gesture(felt, now, final)
        hum = self._hum(text, now, final)
        if final:
            self._begin()
        return Reaction(self._mood.felt(now), felt.gaze or "partner", gesture, strength, hum)

    def _begin(self) -> None:
        self._stirred, self._words, self._nodded_at_word, self._shown = {}, 0, 0, ""

    def _gesture(self, felt: Appraised, now: float, final: bool) -> tuple[str, float]:
        if now - self._gesture_s < GESTURE_EVERY_S:
            return "", 0.0
        strongest = max(felt.emotions.values(), default=0.0)
        if felt.gesture and felt.gesture != self._shown and strongest > 0.15:
            self._gesture_s, self._shown = now, felt.gesture
            return felt.gesture, round(min(1.0, 0.4 + strongest), 2)
        if self._words - self._nodded_at_word >= NOD_EVERY_WORDS or (final and self._words >= 4):
            self._gesture_s, self._nodded_at_word = now, self._words
            return "nod", 0.4 if final else 0.3
        return "", 0.0

    def _hum(self, text: str, now: float, final: bool) -> Line | None:
        """Returns a back-channel at the end of a clause in a longer turn, not at its end: then she answers."""
        options = self._character.says.get("back_channel", ())
        at_clause = bool(re.search(r"[,.;:!?…]\s*$|\b(?:and|but|so|because)\s*$", text))
        if final or not options or self._words < 12 or not at_clause or now - self._hum_s < BACK_CHANNEL_EVERY_S:
            return None
        self._hum_s = now
        return Line(self._wording.pick(options), self._character.display_name, direction=self._mood.direction(now))
