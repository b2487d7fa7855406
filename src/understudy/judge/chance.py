"""How sure a figure is: resampling of what it was measured on, and scores against a band."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from understudy.hub.scores import Score

Floats = npt.NDArray[np.float64]
Statistic = Callable[[Floats], float]

DRAWS = 2000
NONE = (float("nan"), float("nan"))


def interval(values: npt.ArrayLike, statistic: Statistic | None = None, *, seed: int = 0) -> tuple[float, float]:
    """Returns the middle 95 % of a statistic (the mean by default) over resamplings of the rows of `values`.

    The percentile bootstrap of Efron (1979). NaN, NaN for fewer than two rows. Same values and seed, same interval.
    """
    rows = np.asarray(values, np.float64)
    if len(rows) < 2:
        return NONE
    rng = np.random.default_rng(seed)
    if statistic is None:
        found = rows[rng.integers(0, len(rows), (DRAWS, len(rows)))].mean(axis=1)
    else:
        draws = min(DRAWS, max(200, 400_000 // len(rows)))
        found = np.array([statistic(rows[rng.integers(0, len(rows), len(rows))]) for _ in range(draws)])
    low, high = np.nanpercentile(found, [2.5, 97.5])
    return float(low), float(high)


def banded(
    name: str,
    value: float,
    band: tuple[float, float],
    *,
    unit: str = "",
    n: int = 0,
    within: tuple[float, float] = NONE,
    how: str = "",
    judged: bool = True,
) -> Score:
    """Returns the score of a value that should lie in a band; an open end of the band is infinite.

    A value that is not a number has not been measured: it does not pass. judged: False prints the figure only.
    """
    low, high = band
    if np.isinf(low):
        target = f"at most {high:g}"
    elif np.isinf(high):
        target = f"at least {low:g}"
    else:
        target = f"{low:g} to {high:g}"
    passed = bool(low <= value <= high) if judged else None
    return Score(name, float(value), unit, target if judged else "", passed, how, within[0], within[1], n)


def share(
    name: str,
    hits: Sequence[bool] | npt.NDArray[np.bool_],
    band: tuple[float, float],
    *,
    how: str = "",
    judged: bool = True,
) -> Score:
    """Returns the percentage of hits against a band in per cent; nothing to count is not measured."""
    values = 100.0 * np.asarray(hits, np.float64)
    if not len(values):
        return Score(name, float("nan"), "%", "", None, f"not measured: there is nothing of that kind; {how}")
    return banded(
        name, float(values.mean()), band, unit="%", n=len(values), within=interval(values), how=how, judged=judged
    )


def unmeasured(name: str, needs: str) -> Score:
    """Returns the row of a figure that cannot be had here. needs: what is missing and where to give it."""
    return Score(name, float("nan"), "", "", None, f"not measured: needs {needs}")
