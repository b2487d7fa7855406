"""Blinks: when they come and how the lids move.

Intervals are log-normal round the persona's rate (Bentivoglio 1997: 17 a minute at rest, 26 in conversation), drawn to
phrase ends and certain with gaze shifts over 20 degrees. Lids close in about 73 ms and open 1.4 to 1.6 times slower;
about a quarter of blinks stay incomplete (Sforza 2008), and a few come double.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.base.channels import SILENCE
from understudy.base.motion import minimum_jerk
from understudy.face.expressions import BLINK_RATE, FEELINGS
from understudy.face.passage import Passage
from understudy.hub.performance import Event

Floats = npt.NDArray[np.float64]

SPREAD = 0.55
"""Standard deviation of the logarithm of intervals."""
SILENT_RATE = 17 / 26
"""Blinks when not speaking against conversation."""
INCOMPLETE, DOUBLE = 0.25, 0.05
REFRACTORY_S = 0.42


@dataclass(frozen=True)
class Blink:
    """start_s: lids begin to fall; close_s, hold_s, open_s: how long each part lasts; depth: (left, right), 0..1."""

    start_s: float
    close_s: float
    hold_s: float
    open_s: float
    depth: tuple[float, float]

    @property
    def end_s(self) -> float:
        return self.start_s + self.close_s + self.hold_s + self.open_s

    def at(self, times: Floats) -> Floats:
        """Returns (times,) closing, 0..1, before depth."""
        fall = minimum_jerk((times - self.start_s) / self.close_s)
        rise = minimum_jerk((times - self.start_s - self.close_s - self.hold_s) / self.open_s)
        return np.asarray(fall - rise)


class Blinks:
    """The blinks of one actor along the stream. rate_hz: in conversation."""

    def __init__(self, rate_hz: float, rng: np.random.Generator) -> None:
        self._rate_hz = max(rate_hz, 1e-3)
        self._rng = rng
        self._blinks: list[Blink] = []
        self._next_s = self._interval(self._rate_hz) * float(rng.uniform(0.2, 0.8))
        self._last_s = -9.0

    def plan(self, passage: Passage, moods: Floats, shifts: Sequence[float], shut: bool) -> list[Event]:
        """Plans the passage's blinks; shifts: starts of large gaze shifts; shut: whether the eyes are kept closed."""
        rate_hz = self._rate_hz * (1.0 if passage.speaking else SILENT_RATE)
        for name, factor in BLINK_RATE.items():
            rate_hz *= 1 + (factor - 1) * float(moods[FEELINGS.index(name)])
        certain = [(s, True) for s in shifts]
        chances = sorted(certain + [(t, False) for t in phrase_ends(passage)])
        made: list[Blink] = []
        while True:
            due = next((s for s, must in chances if must and s > self._last_s + REFRACTORY_S), np.inf)
            start = min(self._next_s, due)
            near = [t for t, _ in chances if abs(t - start) < 0.3 and t > self._last_s + REFRACTORY_S]
            start = max(near[0] if near and start != due else start, passage.start_s)
            if start >= passage.end_s:
                break
            blinked = [] if shut else self._blink(start)
            made += blinked
            self._last_s = blinked[-1].start_s if blinked else start
            self._next_s = start + self._interval(rate_hz)
        self._blinks += made
        return [Event("blink", "blink", b.start_s, b.end_s, round(max(b.depth), 3)) for b in made]

    def at(self, times: Floats) -> Floats:
        """Returns (times, 2) closing of the left and right lids, 0..1."""
        lids = np.zeros((len(times), 2))
        for blink in self._blinks:
            lids = np.maximum(lids, blink.at(times)[:, None] * np.array(blink.depth))
        return lids

    def forget(self, before_s: float) -> None:
        """Drops what is over."""
        self._blinks = [b for b in self._blinks if b.end_s > before_s]

    def _interval(self, rate_hz: float) -> float:
        centre = np.log(1 / rate_hz) - SPREAD**2 / 2
        return max(REFRACTORY_S, float(self._rng.lognormal(centre, SPREAD)))

    def _blink(self, start: float) -> list[Blink]:
        rng = self._rng
        made = [self._one(start, deep=rng.random() > INCOMPLETE)]
        if rng.random() < DOUBLE:
            made.append(self._one(made[0].end_s + rng.uniform(0.03, 0.12), deep=True))
        return made

    def _one(self, start: float, *, deep: bool) -> Blink:
        rng = self._rng
        close = rng.uniform(0.066, 0.080)
        depth = rng.uniform(0.96, 1.0) if deep else rng.uniform(0.55, 0.88)
        lag = rng.uniform(0.0, 0.025)
        sides = (depth, depth * (1 - lag)) if rng.random() < 0.5 else (depth * (1 - lag), depth)
        return Blink(start, close, rng.uniform(0.008, 0.014), close * rng.uniform(1.4, 1.6), sides)


def phrase_ends(passage: Passage) -> list[float]:
    """Returns where a phrase has just ended: shortly after the start of silences of 0.12 s and more."""
    ends = [p.start_s + 0.04 for p in passage.phones if p.name == SILENCE and p.end_s - p.start_s >= 0.12]
    return [t for t in ends if t > passage.start_s + 0.05]
