"""Fewer keyframes that say the same: straight lines which leave no frame further away than a bound.

From each key the line goes to the farthest frame it can reach with every frame between within the bound (a greedy
polyline; Imai & Iri 1986 show such a walk to be near the shortest).
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_FARTHEST = 240
"""Frames a line may span, so that an hour of stillness is not tried as one."""


def keys(values: npt.ArrayLike, bound: float) -> npt.NDArray[np.intp]:
    """Returns the frames to keep of (frames, channels): linear interpolation is then within `bound` of every value.

    A curve that never leaves its first value keeps that one alone; first and last frames are kept otherwise.
    """
    curve = np.asarray(values, np.float64)
    if np.abs(curve - curve[0]).max(initial=0.0) <= bound:
        return np.array([0], np.intp)
    kept = [0]
    last = len(curve) - 1
    while kept[-1] < last:
        kept.append(_reach(curve, kept[-1], min(last, kept[-1] + _FARTHEST), bound))
    return np.array(kept, np.intp)


def _reach(curve: Floats, start: int, limit: int, bound: float) -> int:
    """Returns the last frame up to which a straight line from `start` stays near; lines are tried in doubling steps."""
    good, step = start + 1, 1
    while good < limit:
        to = min(limit, good + step)
        if _near(curve, start, to, bound):
            good, step = to, step * 2
        elif step == 1:
            break
        else:
            step //= 2
    return good


def _near(curve: Floats, start: int, end: int, bound: float) -> bool:
    part = np.arange(1, end - start)[:, None] / (end - start)
    line = curve[start] * (1 - part) + curve[end] * part
    return bool(np.abs(line - curve[start + 1 : end]).max(initial=0.0) <= bound)
