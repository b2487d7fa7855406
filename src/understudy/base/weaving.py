"""Curves from several sources become one that is smooth where the source changes."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def weave(sources: list[Floats], which: npt.NDArray[np.int_], reach: int) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Returns (frames, channels) that follow source which[k] at frame k, and which frames differ from their source.

    Source 0 is never changed. At a border the other side is bent to meet it in place and speed and comes back to its
    own within `reach` frames, by a quintic without acceleration at its end (the inertialisation of Bollo 2018).
    """
    frames = len(which)
    out = np.stack(sources)[which, np.arange(frames)] if frames else sources[0].copy()
    changed = np.zeros(frames, bool)
    borders = [k for k in range(1, frames) if which[k] != which[k - 1]]
    edges = [0, *borders, frames]
    own = out.copy()
    for number, k in enumerate(borders):
        before, after = edges[number], edges[number + 2]
        if which[k] != 0:
            room = after - k if after == frames else (after - k) // 2
            _bend(out, own, k, min(reach, room), 1, k - before > 1)
            changed[k : k + min(reach, room)] = True
        else:
            room = k - before if before == 0 else (k - before) // 2
            _bend(out, own, k - 1, min(reach, room), -1, after - k > 1)
            changed[k - min(reach, room) : k] = True
    return out, changed


def _bend(out: Floats, own: Floats, first: int, count: int, way: int, moving: bool) -> None:
    """Bends `count` frames from `first` on, in direction `way`, to meet the frame before `first`."""
    if count < 1:
        return
    behind = first - way
    fixed = out if way == 1 else own  # what lies behind is finished when going forward
    speed = fixed[behind] - fixed[behind - way] if moving else np.zeros(out.shape[1])
    here = first + way if 0 <= first + way < len(own) and count > 1 else first
    off = fixed[behind] + speed - own[first]
    drift = np.clip(speed - (own[here] - own[first]), -np.abs(off) / 2 - 0.01, np.abs(off) / 2 + 0.01)
    u = (np.arange(count) / count)[:, None]
    shape = 1 - 10 * u**3 + 15 * u**4 - 6 * u**5
    slope = u - 6 * u**3 + 8 * u**4 - 3 * u**5
    at = first + way * np.arange(count)
    out[at] += off * shape + drift * count * slope
