"""Saccades, found on a line of sight: how fast and how long for their size, and what the lids and eyes do meanwhile.

The main sequence is Vpk = 500 (1 - exp(-A / 14)) degrees a second (Bahill 1975), the duration 2.2 A + 21 ms (Carpenter
1988). A saccade lasts two to five animation frames, so its speed cannot be read off a track of 60 Hz; measure a line of
sight sampled at 500 Hz or more, or hold a track against the law as those frames would show it (`peak_in_frames`).
"""

from dataclasses import dataclass

import numpy as np

from understudy.base.channels import GAZE
from understudy.hub.performance import Performance
from understudy.hub.scores import Score, Scores
from understudy.judge.chance import Floats, banded, interval, share
from understudy.judge.laws.blinks import blinked

ONSET_DEG_S = 8.0
"""A saccade lasts while the line of sight moves faster than this."""
LEAST_DEG = 0.8
LARGE_DEG = 20.0
BLINK_NEAR_S = 0.25
SIZES_DEG = (1.0, 2.0, 5.0, 10.0, 15.0, 20.0)


@dataclass(frozen=True)
class Saccade:
    """start_s; duration_s; size_deg; peak_deg_s."""

    start_s: float
    duration_s: float
    size_deg: float
    peak_deg_s: float


def peak_law_deg_s(size_deg: float) -> float:
    """Returns the peak speed of the main sequence."""
    return 500.0 * float(1 - np.exp(-size_deg / 14.0))


def duration_law_s(size_deg: float) -> float:
    """Returns the duration that goes with a size."""
    return 0.0022 * size_deg + 0.021


def saccades(sight_deg: Floats, rate_hz: float) -> list[Saccade]:
    """Returns the saccades of (samples, 2) pitch and yaw."""
    speed = np.hypot(*np.diff(sight_deg, axis=0).T) * rate_hz
    fast = np.r_[False, speed > ONSET_DEG_S, False]
    edges = np.flatnonzero(np.diff(fast.astype(int)))
    found = []
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        size = float(np.hypot(*(sight_deg[b] - sight_deg[a])))
        if size >= LEAST_DEG:
            found.append(Saccade(a / rate_hz, (b - a) / rate_hz, size, float(speed[a:b].max())))
    return found


def judge_main_sequence(found: list[Saccade], name: str = "") -> Scores:
    """Returns how saccades of 1 to 20 degrees keep the main sequence and the law of durations."""
    kept = [s for s in found if 1.0 <= s.size_deg <= 20.0]
    off = np.array([s.peak_deg_s / peak_law_deg_s(s.size_deg) - 1 for s in kept])
    late = np.array([s.duration_s - duration_law_s(s.size_deg) for s in kept]) * 1000
    scores = [
        share(f"G1 peak speed within 15 % of the main sequence{name}", np.abs(off) <= 0.15, (95.0, np.inf),
              how="each saccade of 1 to 20 degrees against 500 (1 - exp(-A / 14))"),
        share(f"G1 duration within 10 ms of 2.2 A + 21{name}", np.abs(late) <= 10.0, (95.0, np.inf),
              how="each saccade of 1 to 20 degrees"),
    ]  # fmt: skip
    for size in SIZES_DEG:
        near = np.array([abs(np.log(s.size_deg / size)) < 0.2 for s in kept], bool)
        if near.sum() >= 3:
            scores.append(
                banded(f"G1 main sequence at {size:g} deg{name}", float(100 * np.median(off[near])), (-15.0, 15.0),
                       unit="%", n=int(near.sum()), within=interval(100 * off[near], lambda v: float(np.median(v))),
                       how="median departure of peak speed from the law")
            )  # fmt: skip
    return Scores("saccades", tuple(scores))


def judge_shifts(take: Performance, state: str) -> Scores:
    """Returns whether large shifts of gaze bring a blink and whether the eyes converge as they must."""
    large = [e.start_s for e in take.events if e.kind == "gaze" and e.value > LARGE_DEG]
    peaks = blinked(take).peaks_s
    coupled = [bool(len(peaks) and np.abs(peaks - 0.08 - start).min() <= BLINK_NEAR_S) for start in large]
    gaze = np.degrees(take.tracks[GAZE].values.astype(np.float64))
    verge = gaze[:, 3] - gaze[:, 1]  # the right eye turns to the actor's left, and the left eye to the right
    scores: list[Score] = [
        share(f"G1 blinks with shifts over {LARGE_DEG:.0f} deg, {state}", coupled, (80.0, np.inf),
              how=f"a blink within {BLINK_NEAR_S * 1000:.0f} ms"),
        share(f"G1 vergence between 0.5 and 5 deg, {state}", (verge > 0.5) & (verge < 5.0), (99.0, np.inf),
              how="frames; a partner at 1.1 m asks for 3.2 degrees, 3 m for 1.2"),
        banded(f"G1 shifts of gaze a second, {state}", sum(e.kind == "gaze" for e in take.events) / take.duration_s,
               (0.5, 4.0), unit="/s", how="fixations last 0.25 to 2 s"),
    ]  # fmt: skip
    return Scores(state, tuple(scores))
