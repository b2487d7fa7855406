"""Whether lips shut where speech shuts them, and only there, on any curve of lip opening."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from understudy.base.channels import BILABIALS, LABIODENTALS, SILENCE
from understudy.judge.chance import Floats

CLOSED_SHARE = 0.15
"""Closed is below this share of the clip's own opening range, as measured on real talkers."""
AROUND_S = 0.06
"""Contacts are looked for this far around the phone, the spread of aligners."""
LONG_PAUSE_S = 0.15


class Timed(Protocol):
    """A phone of a Speech or a phone event of a take."""

    @property
    def name(self) -> str: ...
    @property
    def start_s(self) -> float: ...
    @property
    def end_s(self) -> float: ...


@dataclass(frozen=True, eq=False)
class Closing:
    """shut: for each /p b m/ whether the lips shut. wrong: how many of the `runs` closures nothing asked for."""

    shut: npt.NDArray[np.bool_]
    wrong: int
    runs: int

    @property
    def wrong_share(self) -> float:
        """Returns the share of closures that nothing asked for, in per cent; 0 when lips never shut."""
        return 100.0 * self.wrong / self.runs if self.runs else 0.0


def opening_range(curve: Floats) -> float:
    """Returns the 95th percentile of a curve of opening whose 0 is shut."""
    return max(float(np.percentile(curve, 95)), 1e-6)


def from_shut(curve: Floats) -> Floats:
    """Returns a tracked curve above its own shut lips: its 2nd percentile, for trackers never read quite 0."""
    return np.asarray(curve - np.percentile(curve, 2))


def closing(curve: Floats, rate_hz: float, phones: Sequence[Timed], below: float | None = None) -> Closing:
    """Returns what the lips shut for. curve: opening at index / rate_hz, 0 = shut; below: what counts as shut."""
    limit = CLOSED_SHARE * opening_range(curve) if below is None else below
    shut = np.array([least(curve, rate_hz, p) < limit for p in phones if p.name in BILABIALS], bool)
    wrong, runs = false_closures(curve, rate_hz, phones, limit)
    return Closing(shut, wrong, runs)


def least(curve: Floats, rate_hz: float, phone: Timed) -> float:
    """Returns the least value of a curve within AROUND_S of a phone."""
    first = max(0, round((phone.start_s - AROUND_S) * rate_hz))
    last = min(len(curve), round((phone.end_s + AROUND_S) * rate_hz) + 1)
    return float(curve[first:last].min()) if last > first else float("inf")


def false_closures(curve: Floats, rate_hz: float, phones: Sequence[Timed], below: float) -> tuple[int, int]:
    """Returns (closures nothing asked for, closures). A closure lasts 30 ms or more; it is asked for by /p b m/, by
    /f v/, where the lip meets the teeth, and by a pause of 150 ms."""
    excused = np.ones(len(curve), bool)
    spoken = [phone for phone in phones if phone.name != SILENCE]
    pieces: list[list[Timed]] = []
    for phone in spoken:
        if pieces and phone.start_s - pieces[-1][-1].end_s <= LONG_PAUSE_S:
            pieces[-1].append(phone)
        else:
            pieces.append([phone])
    for piece in pieces:
        excused[max(0, round(piece[0].start_s * rate_hz)) : round(piece[-1].end_s * rate_hz)] = False
    for phone in spoken:
        if phone.name in BILABIALS or phone.name in LABIODENTALS:
            first = max(0, int((phone.start_s - AROUND_S) * rate_hz))
            excused[first : int((phone.end_s + AROUND_S) * rate_hz) + 1] = True
    shut = curve < below
    edges = np.flatnonzero(np.diff(np.concatenate([[0], shut.astype(int), [0]])))
    runs = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= 0.03 * rate_hz]
    return sum(not excused[a:b].any() for a, b in runs), len(runs)
