"""Projected Gaussians are laid over each other, nearest first: the innermost loop of the painter.

A tile is sixteen blocks of four by four pixels, and a block fills a vector register. Sixteen Gaussians at a time are
asked which blocks they touch, as bits; blocks where nothing shows through any more are left out.
"""

from typing import Any

import numpy as np

from understudy.render.splat.arithmetic import exp2_, first_, log2_, whole_
from understudy.render.splat.compiled import inlined, parallel, prange

TILE = 16
"""Pixels along a side of a tile."""
FULL = 0.004
"""A block is done when no pixel of it lets more than this through."""
_BLOCK = 4
_PIXELS = 16
_ALL = 0xFFFF
_LOOKED = 16
"""So many Gaussians are looked at together: what each touches, and after them which blocks are done."""
_EDGES = 6
"""Numbers of a Gaussian that say what it touches."""
_BIAS = 512.0
_READY = 13
"""Numbers of a Gaussian ready to be laid: x, y; how far its middle line leans from row to row; what the square of the
way from that line, and from its middle row, takes from the logarithm of its opacity; that logarithm; RGB; the logarithm
where it ends; rows it reaches; the square of its half width in its middle row, and what a row farther takes of that."""

_COLUMN = np.array([k % _BLOCK for k in range(_PIXELS)], np.float32)
_ROW = np.array([k // _BLOCK for k in range(_PIXELS)], np.float32)
_LEFT, _TOP = _BLOCK * _COLUMN, _BLOCK * _ROW
"""First column and row of each block of a tile."""


@parallel
def _prepare(spots, out):
    """Writes out (k, _READY) of spots (k, SPOT), so that tiles need no division."""
    for k in prange(len(spots)):
        s = spots[k]
        a, b, c, far = s[2], s[3], s[4], s[9]
        over = np.float32(1.0) / a
        flat = (a * c - b * b) * over
        strong = log2_(s[5]) + np.float32(_BIAS)
        out[k, 0], out[k, 1] = s[0], s[1]
        out[k, 2] = b * over
        out[k, 3] = np.float32(-0.72134752) * a
        out[k, 4] = np.float32(-0.72134752) * flat
        out[k, 5] = strong
        out[k, 6], out[k, 7], out[k, 8] = s[6], s[7], s[8]
        out[k, 9] = strong - np.float32(0.72134752) * far
        out[k, 10] = s[10]
        out[k, 11], out[k, 12] = far * over, flat * over


@inlined
def _touched(u, v, lean, reach, wide2, narrows):
    """Returns a bit for each block of a tile that may have middles of pixels within a Gaussian, without a branch."""
    zero, most = np.float32(0.0), np.float32(TILE)
    bits = np.uint32(0)
    for p in range(TILE // _BLOCK):
        top = np.float32(_BLOCK * p) - v
        low, high = max(top, -reach), min(top + np.float32(_BLOCK - 1), reach)
        near = max(max(low, -high), zero)
        half = np.sqrt(max(wide2 - narrows * near * near, zero))
        one, other = u - lean * low, u - lean * high
        # the first pixel within and the one after the last, 0..16
        first = whole_(min(max(min(one, other) - half + np.float32(1.0), zero), most))
        past = whole_(min(max(max(one, other) + half + np.float32(1.0), zero), most))
        row = (np.uint32(2) << np.uint32((past - np.int32(1)) >> 2)) - (np.uint32(1) << np.uint32(first >> 2))
        bits |= (row if (first < past and low <= high) else np.uint32(0)) << np.uint32(_BLOCK * p)
    return bits


@inlined
def _cover(light, base, across, down, lean, along, aside, strong, ends, r, g, b):
    """Lays a Gaussian over a block whose first pixel lies so far across its middle line and down its middle row.

    Unsigned numbers: signed ones may count from the end, and would not be vectors.
    """
    for k in range(np.uint64(_PIXELS)):
        y = _ROW[k] + down
        x = _COLUMN[k] + across + lean * _ROW[k]
        power = strong + along * x * x + aside * y * y
        alpha = min(exp2_(power), np.float32(0.995))
        # ends where it is too faint, and not with the tile: else outlines would show where tiles begin
        alpha = alpha if power >= ends else np.float32(0.0)
        through = light[base + np.uint64(3 * _PIXELS) + k]
        w = through * alpha
        light[base + k] += w * r
        light[base + np.uint64(_PIXELS) + k] += w * g
        light[base + np.uint64(2 * _PIXELS) + k] += w * b
        light[base + np.uint64(3 * _PIXELS) + k] = through - w


@inlined
def _still_clear(light, clear):
    """Returns those bits of `clear` whose blocks have a pixel that lets something through."""
    left = clear
    while left:
        block = first_(left)
        left &= left - np.uint32(1)
        base = np.uint64(block) * np.uint64(4 * _PIXELS) + np.uint64(3 * _PIXELS)
        open_ = np.int32(0)
        for k in range(np.uint64(_PIXELS)):
            open_ |= np.int32(light[base + k] >= np.float32(FULL))
        if open_ == 0:
            clear ^= np.uint32(1) << block
    return clear


@inlined
def _show(light, picture, top, left, width):
    """Writes a tile into a picture (h * w * 4,), pixel by pixel and a block's row at a time."""
    for block in range(np.uint64(_PIXELS)):
        base = block * np.uint64(4 * _PIXELS)
        for k in range(np.uint64(_PIXELS)):
            at = base + np.uint64(3 * _PIXELS) + k
            light[at] = np.float32(1.0) - light[at]
        for row in range(np.uint64(_BLOCK)):
            y = top + (block >> np.uint64(2)) * np.uint64(_BLOCK) + row
            x = left + (block & np.uint64(3)) * np.uint64(_BLOCK)
            to = (y * width + x) * np.uint64(4)
            at = base + row * np.uint64(_BLOCK)
            for k in range(np.uint64(_BLOCK)):
                for c in range(np.uint64(4)):
                    picture[to + k * np.uint64(4) + c] = light[at + c * np.uint64(_PIXELS) + k]


@parallel
def _lay(ready, start, found, columns, rows, picture):
    tiles = columns * rows
    half = (tiles + 1) // 2
    for n in prange(tiles):
        # neighbours go to different threads, which are given runs of numbers
        t = 2 * n if n < half else 2 * (n - half) + 1
        if start[t + 1] == start[t]:
            continue
        x0 = np.float32((t % columns) * TILE) + np.float32(0.5)
        y0 = np.float32((t // columns) * TILE) + np.float32(0.5)
        # one array, so that the compiler need not ask whether four overlap: of each block red, green, blue, what goes
        # through
        room = np.zeros(TILE * TILE * 4 + _PIXELS, np.float32)
        light = room[(-room.ctypes.data % 64) // 4 :]
        for block in range(_PIXELS):
            for k in range(_PIXELS):
                light[(4 * block + 3) * _PIXELS + k] = np.float32(1.0)
        edges, bits_of = np.zeros(_EDGES * _LOOKED, np.float32), np.empty(_LOOKED, np.uint32)
        clear, at = np.uint32(_ALL), start[t]
        while at < start[t + 1] and clear:
            several = min(_LOOKED, start[t + 1] - at)
            # first what each touches, then what it lays there: so the one need not wait for the other
            for n_ in range(several):
                s, m = ready[found[at + n_]], np.uint64(n_)
                edges[m], edges[m + np.uint64(_LOOKED)] = s[0] - x0, s[1] - y0
                edges[m + np.uint64(2 * _LOOKED)], edges[m + np.uint64(3 * _LOOKED)] = s[2], s[10]
                edges[m + np.uint64(4 * _LOOKED)], edges[m + np.uint64(5 * _LOOKED)] = s[11], s[12]
            for m in range(np.uint64(_LOOKED)):
                bits_of[m] = _touched(
                    edges[m], edges[m + np.uint64(_LOOKED)], edges[m + np.uint64(2 * _LOOKED)],
                    edges[m + np.uint64(3 * _LOOKED)], edges[m + np.uint64(4 * _LOOKED)],
                    edges[m + np.uint64(5 * _LOOKED)],
                )  # fmt: skip
            for n_ in range(several):
                bits = bits_of[n_] & clear
                s = ready[found[at + n_]]
                u, v, lean = s[0] - x0, s[1] - y0, s[2]
                while bits:
                    block = first_(bits)
                    bits &= bits - np.uint32(1)
                    down = _TOP[block] - v
                    across = _LEFT[block] - u + lean * down
                    _cover(
                        light, np.uint64(block) * np.uint64(4 * _PIXELS), across, down, lean, s[3], s[4], s[5], s[9],
                        s[6], s[7], s[8],
                    )  # fmt: skip
            clear = _still_clear(light, clear)
            at += several
        _show(light, picture, np.uint64(t // columns * TILE), np.uint64(t % columns * TILE), np.uint64(columns * TILE))


def lay(spots: Any, start: Any, found: Any, columns: int, rows: int, picture: Any) -> None:
    """Draws into picture (rows * TILE, columns * TILE, 4): premultiplied display RGB and coverage.

    spots (k, SPOT) nearest first; start, found of `kernels.bin_`. Tiles that none touches are left as they are.
    """
    ready = np.empty((len(spots), _READY), np.float32)
    _prepare(spots, ready)
    flat = picture.view()
    flat.shape = (picture.size,)
    _lay(ready, start, found, columns, rows, flat)
