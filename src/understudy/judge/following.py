"""How one curve of lip opening follows another: correlation in step, and the lag at which it is best.

Curves are (seconds, values) and need not share a clock rate; they are laid on one grid of 100 Hz. A real mouth cannot
be open by less than nothing, so where ours presses its lips together it counts as shut.
"""

from dataclasses import dataclass

import numpy as np

from understudy.judge.chance import Floats

GRID_HZ = 100.0
SEARCH_S = 0.25
FINE_S = 0.005


@dataclass(frozen=True, eq=False)
class Curve:
    """times_s, values: (n,), in order of time."""

    times_s: Floats
    values: Floats

    @staticmethod
    def at_rate(values: Floats, rate_hz: float) -> "Curve":
        """Returns values that stand at index / rate_hz."""
        return Curve(np.arange(len(values)) / rate_hz, np.asarray(values, np.float64))

    def at(self, times_s: Floats) -> Floats:
        """Returns the values at times, linear between, held at the ends."""
        return np.asarray(np.interp(times_s, self.times_s, self.values))

    def later(self, by_s: float) -> "Curve":
        """Returns the curve moved to later times."""
        return Curve(self.times_s + by_s, self.values)


def in_step(ours: Curve, real: Curve, lag_s: float = 0.0, between_s: tuple[float, float] | None = None) -> float:
    """Returns Pearson's r of two curves over the time of `real`, or of that between two moments of it.

    lag_s: ours is taken this much earlier. NaN where either does not move.
    """
    first, last = between_s or (real.times_s[0], real.times_s[-1])
    first, last = max(first, float(real.times_s[0])), min(last, float(real.times_s[-1]))
    grid = np.arange(first, min(last, ours.times_s[-1] - lag_s) + 1e-9, 1 / GRID_HZ)
    grid = grid[grid + lag_s >= 0]
    if len(grid) < 10:
        return float("nan")
    a, b = ours.at(grid + lag_s), real.at(grid)
    if a.std() < 1e-9 or b.std() < 1e-9:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])


def best_lag(ours: Curve, real: Curve, search_s: float = SEARCH_S) -> tuple[float, float]:
    """Returns (lag in seconds, r there): how much later ours is than the real one; NaN, NaN where nothing moves."""
    lags = np.arange(-search_s, search_s + 1e-9, FINE_S)
    found = np.array([in_step(ours, real, lag) for lag in lags])
    if not np.isfinite(found).any():
        return float("nan"), float("nan")
    best = int(np.nanargmax(found))
    lag = float(lags[best])
    if 0 < best < len(lags) - 1:
        left, top, right = found[best - 1 : best + 2]
        bend = left - 2 * top + right
        lag += FINE_S * 0.5 * float((left - right) / bend) if bend < -1e-12 else 0.0
    return lag, float(found[best])
