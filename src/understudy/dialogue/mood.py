"""A mood: eight emotions that are stirred by what is said and fade by themselves, continuous in time.

Each emotion decays exponentially with a half-life of its own; what shows of it follows with a lag, so nothing jumps and
nothing flaps. Opposites damp each other. After the layered ALMA model (Gebhard 2005): short emotions over a slow mood.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from understudy.base.channels import EMOTIONS
from understudy.hub.script import Direction

HALF_LIFE_S: Final = {
    "joy": 40.0, "sadness": 90.0, "anger": 60.0, "fear": 30.0, "disgust": 20.0, "surprise": 2.5, "contempt": 40.0,
    "tenderness": 80.0,
}  # fmt: skip
"""Seconds until half of an emotion is gone."""
LAG_S: Final = {name: 0.5 for name in EMOTIONS} | {"surprise": 0.15}
"""Time constant with which the face follows."""
_OPPOSITES: Final = {
    "joy": ("sadness", "anger", "fear"), "sadness": ("joy",), "anger": ("joy", "tenderness"), "tenderness": ("anger",),
    "fear": ("joy",),
}  # fmt: skip
_DAMPING: Final = 0.6
_SHOWN: Final = 0.03
_AROUSING: Final = {"joy": 0.35, "anger": 0.6, "fear": 0.4, "surprise": 0.6, "sadness": -0.55, "tenderness": -0.2}


@dataclass(frozen=True)
class _Emotion:
    """felt, shown: weights at the time at_s."""

    felt: float = 0.0
    shown: float = 0.0
    at_s: float = 0.0

    def later(self, name: str, now_s: float) -> "_Emotion":
        """Returns the emotion at a later time: y' = (x - y) / lag with x decaying, solved exactly."""
        t = max(0.0, now_s - self.at_s)
        rate, lag = math.log(2) / HALF_LIFE_S[name], LAG_S[name]
        felt = self.felt * math.exp(-rate * t)
        driven = self.felt / (1 - lag * rate)
        shown = driven * math.exp(-rate * t) + (self.shown - driven) * math.exp(-t / lag)
        return _Emotion(felt, max(0.0, shown), max(now_s, self.at_s))


class Mood:
    """How she is. temper: what she wears at rest and always comes back to. Times are seconds on one clock."""

    def __init__(self, temper: Mapping[str, float], now_s: float) -> None:
        self._temper = {name: float(temper.get(name, 0.0)) for name in EMOTIONS}
        self._emotions = {name: _Emotion(at_s=now_s) for name in EMOTIONS}

    def stir(self, emotions: Mapping[str, float], now_s: float) -> None:
        """Adds emotions: each moves the mood by its weight of the way that is left."""
        for name, weight in emotions.items():
            if name in self._emotions and weight > 0:
                self._move(name, now_s, lambda felt, w=weight: felt + (1 - felt) * min(1.0, w))
                for other in _OPPOSITES.get(name, ()):
                    self._move(other, now_s, lambda felt, w=weight: felt * (1 - _DAMPING * min(1.0, w)))

    def _move(self, name: str, now_s: float, how) -> None:  # type: ignore[no-untyped-def]
        here = self._emotions[name].later(name, now_s)
        self._emotions[name] = replace(here, felt=how(here.felt))

    def felt(self, now_s: float) -> dict[str, float]:
        """Returns what shows: the weight of each emotion that is seen at all, strongest first."""
        shown = {n: min(1.0, self._temper[n] + e.later(n, now_s).shown) for n, e in self._emotions.items()}
        seen = {name: round(weight, 4) for name, weight in shown.items() if weight >= _SHOWN}
        return dict(sorted(seen.items(), key=lambda item: -item[1]))

    def direction(self, now_s: float) -> Direction:
        """Returns the mood as a Direction for a line that asks for nothing itself."""
        felt = self.felt(now_s)
        moved = {name: max(0.0, weight - self._temper[name]) for name, weight in felt.items()}
        energy = sum(_AROUSING.get(name, 0.0) * weight for name, weight in moved.items())
        energy = max(-0.6, min(0.6, energy))
        return Direction(emotions=felt, energy=round(energy, 3), pace=round(1 + 0.12 * energy, 3))

    def played_into(self, asked: Direction, now_s: float) -> Direction:
        """Returns a line's direction in this mood: what it asks for leads, the mood colours the rest."""
        mine = self.direction(now_s)
        share = 0.35 if asked.emotions else 1.0
        mixed = {n: share * w for n, w in mine.emotions.items() if share * w >= _SHOWN} | dict(asked.emotions)
        return replace(
            asked,
            emotions={name: round(weight, 4) for name, weight in mixed.items()},
            energy=asked.energy or round(share * mine.energy, 3),
            pace=asked.pace if asked.pace != 1 else mine.pace,
        )
