"""An actor settles on the set: what was painted is laid over the picture behind, and the two touch.

As the raster look does it on its way out (`shaders/finish.frag`, `cover.frag`, `spread.frag`, `wallcast.frag`), in one
pass over the rectangle of the actor: light of the set creeps round the outline, lens and air lay their veil over it,
corners darken, grain. Pictures are (h, w, 3) bytes, or (h, w, 4) premultiplied where nothing is behind.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.base.image import EMPTY
from understudy.hub.place import Place
from understudy.render.splat.compiled import alone, inlined, parallel, prange, quick
from understudy.render.tone import display_from_scene

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
Rect = tuple[int, int, int, int]

COARSE = 5
"""The outline is kept this many times coarser than the picture, as in `render/outline.py`."""
_CREEP = 0.0055
"""Standard deviation of the outline's blur, as a share of the picture's height (outline.py gives two of them)."""
_FAINTEST = 0.002
_COVERED = 0.99
"""Under a coverage of more than this all round, what would creep in is less than an eighth of 1/255."""
_LIFTS = 256


@dataclass(frozen=True, eq=False)
class Manner:
    """How actors settle on one set. across2, down2: (w,) and (h,) squared distance from the middle, in heights.

    vignette: darkening there; grain: (128, 128) to be added, 0..1. wrap: how far light of the set creeps round the
    outline; spill: (sh, sw, 3) that light, squared, 0..1. lift: (256, 3) what a veil adds to a display value.
    """

    across2: Floats
    down2: Floats
    vignette: float
    grain: Floats
    wrap: float
    spill: Floats
    lift: Floats


def manner_of(place: Place, size_px: tuple[int, int], spill: Bytes, veil: Floats) -> Manner:
    """Returns how actors settle on a set. spill: (sh, sw, 3) the set out of all focus; veil: (3,) radiance."""
    width, height = size_px
    aspect = width / height
    return Manner(
        ((((np.arange(width) + 0.5) / width - 0.5) * aspect) ** 2).astype(np.float32),
        (((np.arange(height) + 0.5) / height - 0.5) ** 2).astype(np.float32),
        place.grade.vignette * 0.75,
        grain_tile(place.grade.grain),
        0.0 if place.transparent else place.wrap,
        np.ascontiguousarray((spill.astype(np.float32) / 255) ** 2),
        lift_of(place, veil),
    )


def grain_tile(deviation: float) -> Floats:
    """Returns (128, 128) of the grain that the raster look lays over an actor, display 0..1."""
    noise = np.random.default_rng(20).normal(0, 1, (128, 128))
    return ((np.clip(noise / 6 + 0.5, 0, 1) - 0.5) * 6 * deviation).astype(np.float32)


def lift_of(place: Place, veil: Floats) -> Floats:
    """Returns (256, 3): how much brighter a display value is once (3,) radiance lies over it; zeros without a veil.

    Taken along the greys, one channel at a time; what it misses on skin and hair is below 1/255
    (tests/render/splat/test_settle.py).
    """
    out = np.zeros((_LIFTS, 3), np.float32)
    if not np.any(veil):
        return out
    grey = np.exp2(np.linspace(-12.5, 5.0, 2000, dtype=np.float32))[:, None] * np.ones(3, np.float32)
    before = display_from_scene(grey, place.grade)
    after = display_from_scene(grey + veil, place.grade)
    at = (np.arange(_LIFTS) + 0.5) / _LIFTS
    for c in range(3):
        rising = np.maximum.accumulate(before[:, c])
        out[:, c] = np.interp(at, rising, after[:, c] - before[:, c])
    return out


class Outline:
    """The outline of what was painted, coarse. soft: (rows, columns) coverage, blurred a little; inside: bytes, 1 where
    no light creeps in. softer: blurred four times as far on a grid four times coarser, for the shadow on a wall.
    """

    def __init__(self, size_px: tuple[int, int]) -> None:
        width, height = size_px
        rows, columns = max(8, height // COARSE), max(8, width // COARSE)
        self._sigma = _CREEP * height / (height / rows)
        self._bare, self._half = np.zeros((rows, columns), np.float32), np.zeros((rows, columns), np.float32)
        self.soft, self.inside = np.zeros((rows, columns), np.float32), np.zeros((rows, columns), np.uint8)
        wide = max(4, rows // 4), max(4, columns // 4)
        self._wide, self._wide_half = np.zeros(wide, np.float32), np.zeros(wide, np.float32)
        self.softer = np.zeros(wide, np.float32)

    def take(self, actor: Floats, *, wide: bool) -> None:
        """Takes the outline of a painted (h, w, 4) picture; wide: `softer` too."""
        _cover(actor, self._bare)
        _soften(self._bare, self._sigma, self._half, self.soft)
        _insides(self.soft, self.inside)
        if wide:
            _cells(self.soft, self._wide)
            _soften(self._wide, self._sigma, self._wide_half, self.softer)


def settle(actor: Floats, rect: Rect, outline: Outline, manner: Manner, out: Bytes) -> None:
    """Lays a painted actor (h, w, 4; premultiplied display RGB and coverage) over `out`, within x, y, w, h."""
    m = manner
    with alone:
        _settle(
            actor, *rect, outline.soft, outline.inside, m.spill, np.float32(m.wrap), m.lift,
            bool(m.lift.any()), m.across2, m.down2, np.float32(m.vignette), m.grain, out,
        )  # fmt: skip


def folded(picture: Floats) -> Floats:
    """Returns (h, w, 4): the means of every four pixels of a picture painted twice as large."""
    out = np.empty((picture.shape[0] // 2, picture.shape[1] // 2, 4), np.float32)
    with alone:
        _fold(picture, out)
    return out


def straightened(pixels: Bytes) -> Bytes:
    """Returns premultiplied (h, w, 4) with straight alpha, as `base.image.straight` does."""
    out = np.empty_like(pixels)
    with alone:
        _straighten(pixels, np.float32(EMPTY), out)
    return out


@inlined
def _sample(grid, x, y):  # type: ignore[no-untyped-def]
    """A grid (rows, columns) between its cells at x, y in cells from its corner, held at the edges."""
    rows, columns = grid.shape
    u, v = x - np.float32(0.5), y - np.float32(0.5)
    u = min(max(u, np.float32(0.0)), np.float32(columns - 1))
    v = min(max(v, np.float32(0.0)), np.float32(rows - 1))
    i, j = int(u), int(v)
    i1, j1 = min(i + 1, columns - 1), min(j + 1, rows - 1)
    fu, fv = u - np.float32(i), v - np.float32(j)
    top = grid[j, i] + (grid[j, i1] - grid[j, i]) * fu
    low = grid[j1, i] + (grid[j1, i1] - grid[j1, i]) * fu
    return top + (low - top) * fv


@parallel
def _settle(  # type: ignore[no-untyped-def]
    actor, x0, y0, w, h, soft, inside, spill, wrap, lift, lifts, across2, down2, vignette, grain, out
):
    height, width, channels = out.shape
    rows, columns = soft.shape
    to_row, to_column = np.float32(rows / height), np.float32(columns / width)
    spill_row, spill_column = np.float32(spill.shape[0] / height), np.float32(spill.shape[1] / width)
    for y in prange(y0, y0 + h):
        cy = (np.float32(y) + np.float32(0.5)) * to_row
        sy = (np.float32(y) + np.float32(0.5)) * spill_row
        row = min(int(cy), rows - 1)
        for x in range(x0, x0 + w):
            a = actor[y, x, 3]
            if a < np.float32(_FAINTEST):
                continue
            r, g, b = actor[y, x, 0], actor[y, x, 1], actor[y, x, 2]
            if lifts:
                whole = np.float32(255.0) / a
                r += a * lift[min(int(r * whole), 255), 0]
                g += a * lift[min(int(g * whole), 255), 1]
                b += a * lift[min(int(b * whole), 255), 2]
            if wrap > 0.0:
                cx = (np.float32(x) + np.float32(0.5)) * to_column
                if inside[row, min(int(cx), columns - 1)] == 0:
                    rim = np.float32(2.2) - np.float32(2.2) * _sample(soft, cx, cy)
                    rim = min(max(rim, np.float32(0.0)), np.float32(1.0))
                    rim = rim * rim * wrap
                    sx = (np.float32(x) + np.float32(0.5)) * spill_column
                    r += _sample(spill[:, :, 0], sx, sy) * rim * (a - r)
                    g += _sample(spill[:, :, 1], sx, sy) * rim * (a - g)
                    b += _sample(spill[:, :, 2], sx, sy) * rim * (a - b)
            dark = (np.float32(1.0) - vignette * (across2[x] + down2[y])) * np.float32(255.0)
            n = grain[y & 127, x & 127] * a * np.float32(255.0) + np.float32(0.5)
            through = np.float32(1.0) - a
            out[y, x, 0] = min(
                max(r * dark + n + np.float32(out[y, x, 0]) * through, np.float32(0.0)), np.float32(255.0)
            )
            out[y, x, 1] = min(
                max(g * dark + n + np.float32(out[y, x, 1]) * through, np.float32(0.0)), np.float32(255.0)
            )
            out[y, x, 2] = min(
                max(b * dark + n + np.float32(out[y, x, 2]) * through, np.float32(0.0)), np.float32(255.0)
            )
            if channels == 4:
                covered = a * np.float32(255.0) + np.float32(out[y, x, 3]) * through + np.float32(0.5)
                out[y, x, 3] = min(covered, np.float32(255.0))


@quick
def _cover(actor, bare):  # type: ignore[no-untyped-def]
    """Writes how much of each coarse cell is covered, from four places in it."""
    height, width = actor.shape[:2]
    rows, columns = bare.shape
    for r in range(rows):
        y0, y1 = int((r + 0.25) * height / rows), int((r + 0.75) * height / rows)
        for c in range(columns):
            x0, x1 = int((c + 0.25) * width / columns), int((c + 0.75) * width / columns)
            total = actor[y0, x0, 3] + actor[y0, x1, 3] + actor[y1, x0, 3] + actor[y1, x1, 3]
            bare[r, c] = total * np.float32(0.25)


@quick
def _cells(fine, coarse):  # type: ignore[no-untyped-def]
    """Writes the means of whole cells of a finer grid."""
    rows, columns = coarse.shape
    for r in range(rows):
        j0, j1 = r * fine.shape[0] // rows, (r + 1) * fine.shape[0] // rows
        for c in range(columns):
            i0, i1 = c * fine.shape[1] // columns, (c + 1) * fine.shape[1] // columns
            total = np.float32(0.0)
            for j in range(j0, j1):
                for i in range(i0, i1):
                    total += fine[j, i]
            coarse[r, c] = total / max((j1 - j0) * (i1 - i0), 1)


@quick
def _soften(source, sigma, half, out):  # type: ignore[no-untyped-def]
    """Blurs a grid by a Gaussian; what is beyond its edges is as its edges."""
    rows, columns = source.shape
    reach = int(np.ceil(2 * sigma)) + 1
    weights = np.empty(2 * reach + 1, np.float32)
    for k in range(2 * reach + 1):
        weights[k] = np.exp(-0.5 * ((k - reach) / sigma) ** 2)
    weights /= weights.sum()
    for r in range(rows):
        for c in range(columns):
            total = np.float32(0.0)
            for k in range(2 * reach + 1):
                total += weights[k] * source[r, min(max(c + k - reach, 0), columns - 1)]
            half[r, c] = total
    for r in range(rows):
        for c in range(columns):
            total = np.float32(0.0)
            for k in range(2 * reach + 1):
                total += weights[k] * half[min(max(r + k - reach, 0), rows - 1), c]
            out[r, c] = total


@quick
def _insides(soft, inside):  # type: ignore[no-untyped-def]
    """Marks the cells around which everything is covered."""
    rows, columns = soft.shape
    for r in range(rows):
        for c in range(columns):
            least = np.float32(1.0)
            for j in range(max(r - 1, 0), min(r + 2, rows)):
                for i in range(max(c - 1, 0), min(c + 2, columns)):
                    least = min(least, soft[j, i])
            inside[r, c] = least > np.float32(_COVERED)


@parallel
def _fold(picture, out):  # type: ignore[no-untyped-def]
    for y in prange(out.shape[0]):
        for x in range(out.shape[1]):
            for k in range(4):
                total = picture[2 * y, 2 * x, k] + picture[2 * y, 2 * x + 1, k]
                total += picture[2 * y + 1, 2 * x, k] + picture[2 * y + 1, 2 * x + 1, k]
                out[y, x, k] = total * np.float32(0.25)


@parallel
def _straighten(pixels, empty, out):  # type: ignore[no-untyped-def]
    for y in prange(pixels.shape[0]):
        for x in range(pixels.shape[1]):
            alpha = np.float32(pixels[y, x, 3])
            out[y, x, 3] = pixels[y, x, 3]
            sure = min(alpha / np.float32(24.0), np.float32(1.0))
            for k in range(3):
                c = empty
                if alpha > 0:
                    c = min(np.float32(pixels[y, x, k]) * np.float32(255.0) / alpha, np.float32(255.0))
                out[y, x, k] = np.rint(c * sure + empty * (np.float32(1.0) - sure))
