"""How lips move: rhythm, speed and rest, against what was tracked on real talkers.

Real lip opening has a quarter to three fifths of its power at 2 to 7 Hz, next to none above 7 Hz, and its 95th
percentile of speed is 8 to 14 full ranges a second (tracked GRID and news speakers; Chandrasekaran 2009). A mouth that
steps from shape to shape fails the second, one that follows loudness the first and third.
"""

from dataclasses import dataclass

import numpy as np

from understudy.base.channels import SILENCE
from understudy.judge.chance import Floats
from understudy.judge.closing import Timed

SYLLABLES_HZ = (2.0, 7.0)
SETTLED_S = 0.35
"""Silence counts from this long after and until this long before speech."""


@dataclass(frozen=True)
class Kinematics:
    """syllables, fast: shares of power at 2-7 Hz and above 7 Hz. speed: p95, ranges/s. jitter: share of range."""

    syllables: float
    fast: float
    speed: float
    jitter: float


def kinematics(curve: Floats, rate_hz: float, phones: tuple[Timed, ...] = ()) -> Kinematics:
    """Returns how a curve of lip opening moves; jitter is NaN when there is no settled silence."""
    span = max(float(np.percentile(curve, 98) - np.percentile(curve, 2)), 1e-9)
    power = np.abs(np.fft.rfft((curve - curve.mean()) * np.hanning(len(curve)))) ** 2
    hz = np.fft.rfftfreq(len(curve), 1 / rate_hz)
    total = max(float(power[hz > 0.1].sum()), 1e-12)
    low, high = SYLLABLES_HZ
    speed = np.abs(np.gradient(curve)) * rate_hz / span
    jitters = []
    for phone in phones:
        a, b = round((phone.start_s + SETTLED_S) * rate_hz), round((phone.end_s - SETTLED_S) * rate_hz)
        if phone.name == SILENCE and b - a >= 0.2 * rate_hz:
            part = curve[a:b]
            jitters.append(float((part - np.convolve(part, np.ones(5) / 5, "same"))[2:-2].std()) / span)
    return Kinematics(
        float(power[(hz >= low) & (hz <= high)].sum()) / total,
        float(power[hz > high].sum()) / total,
        float(np.percentile(speed, 95)),
        float(np.mean(jitters)) if jitters else float("nan"),
    )
