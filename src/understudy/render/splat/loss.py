"""How far a picture is from its teacher's, and which way every pixel should go."""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.render.splat.compiled import parallel, prange

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

_BEND = 0.03
"""Errors below this count by their square, larger ones in proportion: a stray hair must not outweigh a face."""
_EDGES = 0.6
"""Weight of differences between neighbours against that of the pixels: it keeps lashes and lip lines crisp."""
_COVERAGE = 0.5
_SCALE = 1e-4
_DRAWN = 5
"""Alpha over which a pixel is of what the teacher drew."""


def pull(shown: Floats, pixels: Bytes, step: int, known: npt.NDArray[np.bool_] | None = None) -> tuple[Floats, float]:
    """Returns (h, w, 4) d loss / d shown, and the mean square error of RGB over what the teacher drew.

    shown: (h, w, 4) premultiplied 0..1. pixels: (h * step, w * step, 4) the teacher's, straight, step 1 or 2.
    known: (h * step, w * step) where the picture counts, None for everywhere.
    """
    off: npt.NDArray[Any] = np.empty(shown.shape, np.float32)
    rows = np.zeros((shown.shape[0], 2), np.float64)
    _differ(shown, pixels, step, off, rows)
    if known is not None:
        height, width = shown.shape[:2]
        counts = known[: step * height : step, : step * width : step]
        off *= counts[..., None]
        drawn = counts & (pixels[: step * height : step, : step * width : step, 3] > _DRAWN)
        rows[:] = 0
        rows[0] = float((off[drawn][:, :3].astype(np.float64) ** 2).sum()), float(drawn.sum())
    out = np.empty_like(off)
    _pull(off, np.float32(_BEND), np.float32(_EDGES), np.float32(_COVERAGE), out)
    total = rows.sum(0)
    return out, float(total[0] / max(3 * total[1], 1.0))


def premultiplied(pixels: Bytes) -> Floats:
    """Returns (h, w, 4) float32 0..1 premultiplied from straight bytes."""
    whole = pixels.astype(np.float32) / 255
    whole[..., :3] *= whole[..., 3:]
    return np.asarray(whole, np.float32)


@parallel
def _differ(shown, pixels, step, off, rows):
    height, width = off.shape[:2]
    share = np.float32(1.0 / (255 * step * step))
    for y in prange(height):
        for x in range(width):
            r = g = b = a = np.float32(0.0)
            for j in range(step):
                for i in range(step):
                    p = pixels[y * step + j, x * step + i]
                    alpha = np.float32(p[3]) * share
                    more = alpha * np.float32(1 / 255.0)
                    r += np.float32(p[0]) * more
                    g += np.float32(p[1]) * more
                    b += np.float32(p[2]) * more
                    a += alpha
            dr, dg, db = shown[y, x, 0] - r, shown[y, x, 1] - g, shown[y, x, 2] - b
            off[y, x, 0], off[y, x, 1], off[y, x, 2], off[y, x, 3] = dr, dg, db, shown[y, x, 3] - a
            if a > 0.02:
                rows[y, 0] += dr * dr + dg * dg + db * db
                rows[y, 1] += 1


@parallel
def _pull(off, bend, edges, coverage, out):
    height, width = off.shape[:2]
    bend2 = bend * bend
    for y in prange(height):
        up, down = max(y - 1, 0), min(y + 1, height - 1)
        for x in range(width):
            left, right = max(x - 1, 0), min(x + 1, width - 1)
            for c in range(4):
                d = off[y, x, c]
                g = d / np.sqrt(d * d + bend2)
                s0, s1 = d - off[y, left, c], d - off[y, right, c]
                s2, s3 = d - off[up, x, c], d - off[down, x, c]
                e = s0 / np.sqrt(s0 * s0 + bend2) + s1 / np.sqrt(s1 * s1 + bend2)
                e += s2 / np.sqrt(s2 * s2 + bend2) + s3 / np.sqrt(s3 * s3 + bend2)
                out[y, x, c] = (g + edges * e) * (coverage if c == 3 else np.float32(1.0)) * np.float32(_SCALE)
