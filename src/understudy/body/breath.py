"""Breath: in before a phrase, slowly out along it, and a quiet tide when nobody speaks.

Speech breathing takes a fast breath in (about 0.4 s) and a long one out (Hixon 1987); quiet breathing has 12 to 18
cycles a minute with two fifths of each cycle in. Fear breathes faster and shallower, sadness slower; a sigh is a deep
breath let go at once.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from understudy.base.motion import Moves
from understudy.hub.performance import Event

Floats = npt.NDArray[np.float64]

QUIET_HZ = 14 / 60
EMPTY, FULL = 0.22, 0.86
PACE = {"fear": 1.7, "anger": 1.3, "surprise": 1.2, "joy": 1.1, "sadness": 0.85, "tenderness": 0.9}
DEPTH = {"fear": 0.65, "anger": 1.15, "sadness": 1.1}


class Breath:
    """How full the chest is along the stream, 0..1."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._air = Moves([0.4])
        self._busy_s = 0.0

    def plan(self, start_s: float, end_s: float, events: Sequence[Event], moods: Mapping[str, float]) -> None:
        """Plans the air of one beat; events on the performance's clock, moods: emotion -> weight."""
        pace, depth = _mood(PACE, moods), _mood(DEPTH, moods)
        self._busy_s = max(self._busy_s, start_s)
        breaths = sorted((e for e in events if e.kind == "breath"), key=lambda e: e.start_s)
        phones = [e for e in events if e.kind == "phone"]
        sounds = sorted((e for e in events if e.kind == "vocal" and "." in e.name), key=lambda e: e.start_s)
        for event in breaths:
            self._quiet(event.start_s - 0.4, pace, depth)
            self._take(event, depth)
        for event in sounds:
            self._sounded(event)
        if phones:
            out_s = phones[-1].end_s
            in_s = max(phones[0].start_s, min(self._busy_s, out_s - 0.3))
            left = max(EMPTY, float(self._air.destination[0]) - 0.13 * (out_s - in_s) * pace)
            self._air.to(in_s, max(0.3, (out_s - in_s) * 1.05), [left])
            self._busy_s = out_s + 0.05
        self._quiet(end_s, pace, depth)

    def at(self, times: Floats) -> Floats:
        """Returns (times,) fullness."""
        return np.asarray(np.clip(self._air.at(times)[:, 0], 0, 1))

    def forget(self, before_s: float) -> None:
        """Drops what is over."""
        self._air.forget(before_s)

    def _take(self, event: Event, depth: float) -> None:
        start = event.start_s
        full = min(1.0, EMPTY + (FULL - EMPTY) * depth * (0.6 + 0.4 * event.value))
        if event.name == "sigh":
            self._air.to(start, 0.55, [1.0])
            self._air.to(start + 0.6, 0.9, [0.1])
            self._busy_s = start + 1.5
        elif event.name == "sob":
            for i in range(3):
                self._air.bump(start + 0.2 + 0.36 * i, 0.14, 0.2, [0.18], earliest_s=start)
            self._busy_s = start + 1.1
        else:
            length = max(0.22, event.end_s - start)
            self._air.to(start, length, [full])
            self._busy_s = start + length

    def _sounded(self, event: Event) -> None:
        """Moves the air that a part of a vocal event takes in or gives away."""
        part, length = event.name.partition(".")[2], max(0.06, event.end_s - event.start_s)
        air = float(self._air.destination[0])
        goal = {
            "in": FULL, "jerk": min(FULL, air + 0.16), "sniff": min(FULL, air + 0.08), "call": air - 0.09,
            "moan": air - 0.3 * length, "out": EMPTY,
        }.get(part)  # fmt: skip
        if goal is None or (part == "out" and length < 0.2):
            return
        self._air.to(event.start_s, length, [max(0.06, goal)])
        self._busy_s = max(self._busy_s, event.start_s + length + 0.1)

    def _quiet(self, until_s: float, pace: float, depth: float) -> None:
        """Fills free time with the tide, in and out by turns; the last part may reach over until_s."""
        while self._busy_s < until_s:
            cycle = float(self._rng.lognormal(0, 0.12)) / (QUIET_HZ * pace)
            inward = float(self._air.destination[0]) < EMPTY + 0.14
            rise = 0.26 * depth * float(self._rng.uniform(0.85, 1.2))
            length = (0.4 if inward else 0.6) * cycle
            self._air.to(self._busy_s, length, [min(0.95, EMPTY + 0.08 + rise) if inward else EMPTY + 0.08])
            self._busy_s += length


def _mood(table: Mapping[str, float], moods: Mapping[str, float]) -> float:
    factor = 1.0
    for name, weight in moods.items():
        factor *= 1 + (table.get(name, 1.0) - 1) * min(1.0, weight)
    return factor
