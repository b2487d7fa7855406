"""The texture of hair: strands along v, painted one by one from the deepest to the nearest."""

import numpy as np
from scipy import ndimage

from understudy.casting.mesh import Floats, smoothstep
from understudy.casting.recipe import Hair
from understudy.casting.sheets import LOCK_STRIPS, SHEET_SPAN


def paint_strands(look: Hair, size_px: int = 1024) -> Floats:
    """(size, size, 4) strands along v: tone and alpha; row 0 is the root (v = 0).

    The first half is one broad fall for sheets, the other half LOCK_STRIPS strips for locks, from full to sparse.
    """
    rng = np.random.default_rng(look.seed + 100)
    canvas = Canvas(size_px)
    half = int(size_px * SHEET_SPAN)
    for count, level in ((1100, 0.0), (650, 0.5)):
        _paint_strip(canvas, 0, half, count, level, 0.004, (0.05, 0.17), rng)
    breadth = (size_px - half) // LOCK_STRIPS
    for strip, count in enumerate((260, 150, 90, 46)):
        _paint_strip(canvas, half + strip * breadth, breadth, count, 0.0, 0.012, (0.06, 0.34), rng)
    weight = ndimage.gaussian_filter(canvas.alpha, 4) + 1e-3
    spread = ndimage.gaussian_filter(canvas.tone * canvas.alpha, 4) / weight
    tone = np.where(canvas.alpha > 0.05, canvas.tone, spread)
    return np.stack([tone, tone, tone, canvas.alpha], -1)


class Canvas:
    """Tone, alpha and depth of what is painted so far."""

    def __init__(self, size_px: int) -> None:
        self.size_px = size_px
        self.tone = np.full((size_px, size_px), 0.72)
        self.alpha = np.zeros((size_px, size_px))
        self.depth = np.full((size_px, size_px), -1.0)


def _paint_strip(
    canvas: Canvas,
    left: int,
    breadth: int,
    count: int,
    level: float,
    start: float,
    end: tuple[float, float],
    rng: np.random.Generator,
) -> None:
    """Paints `count` strands into columns left..left + breadth.

    level: depth of the deepest strand, 0..1; start: how unevenly strands begin; end: least and greatest distance of
    the tips from v = 1.
    """
    v = np.linspace(0, 1, canvas.size_px)
    columns = np.arange(canvas.size_px)
    clump = ndimage.gaussian_filter1d(rng.normal(size=breadth), 7, mode="wrap")
    clump *= (0.055 if breadth > 300 else 0.02) / clump.std()
    tips = ndimage.gaussian_filter1d(rng.normal(size=breadth), 3, mode="wrap")
    tips = smoothstep(-1.6, 1.6, tips / tips.std())
    for _ in range(count):
        u = rng.random()
        sway = np.sin(v * rng.uniform(2, 6) + rng.random() * 6) * rng.uniform(0.5, 2.5) + rng.normal() * 2.5 * v
        middle = left + 2.5 + u * (breadth - 5) + sway * min(1.0, breadth / 160)
        first = rng.random() ** 2 * start
        where = int(u * (breadth - 1))
        last = 1 - end[0] * rng.random() - (end[1] - end[0]) * (0.6 * tips[where] + 0.4 * rng.random() ** 1.5)
        body = np.clip((v - first) / 0.008 + 0.3, 0, 1) * np.clip((last - v) / 0.05, 0, 1)
        reach = rng.uniform(1.1, 2.4) * (0.35 + 0.65 * np.clip((last - v) / 0.3, 0, 1))
        deep = level + (1 - level) * rng.random()
        shade = np.clip(0.62 + 0.20 * deep + rng.normal() * 0.075 + clump[where], 0.45, 1.0)
        low = max(left, int(middle.min() - 5))
        high = min(left + breadth, int(middle.max() + 6))
        if high <= low:
            continue
        cover = np.exp(-(((columns[low:high][None] - middle[:, None]) / reach[:, None]) ** 2)) * body[:, None]
        ahead = (cover > 0.25) & (deep > canvas.depth[:, low:high])
        canvas.alpha[:, low:high] = np.maximum(canvas.alpha[:, low:high], np.clip(1.5 * cover, 0, 1))
        canvas.tone[:, low:high] = np.where(ahead, shade * (0.90 + 0.10 * cover), canvas.tone[:, low:high])
        canvas.depth[:, low:high] = np.where(ahead, deep, canvas.depth[:, low:high])
