"""What is on a surface behind the actor: bricks, books, windows, leaves, and the noise that keeps all of it uneven.

Every pattern is a function of metres on the surface, so it keeps its size in every shot. It answers with a factor on
the surface's own light and with how much of the accent colour stands at each point.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.place import Pattern, Piece

Floats = npt.NDArray[np.floating[Any]]
Woven = tuple[Floats, Floats]
"""factor: (h, w, 1 or 3) on the radiance. accent: (h, w) 0..1 and above for what is brighter than the accent."""

_BOOKS = np.array(
    [
        [1.0, 0.82, 0.6], [0.62, 0.2, 0.14], [0.16, 0.22, 0.36], [0.2, 0.3, 0.2], [0.85, 0.6, 0.28],
        [0.14, 0.12, 0.11], [0.5, 0.34, 0.2], [0.2, 0.34, 0.36], [1.15, 1.05, 0.9], [0.4, 0.14, 0.2],
    ],
    np.float32,
)  # fmt: skip
"""Colours of bindings against the radiance of the shelf: vellum, red, navy, green, ochre, black, calf, teal ..."""


def weave(piece: Piece, a: Floats, b: Floats) -> Woven:
    """Returns what the pattern of a piece does at (a, b): metres to the right and up on its surface."""
    a, b = np.broadcast_arrays(a, b)
    return _WEAVES[piece.pattern](piece, a.astype(np.float32), b.astype(np.float32))


def _plain(piece: Piece, a: Floats, b: Floats) -> Woven:
    return np.ones((1, 1, 1), np.float32), np.zeros((1, 1), np.float32)


def _bricks(piece: Piece, a: Floats, b: Floats) -> Woven:
    return _courses(piece, a, b, shifted=True)


def _tiles(piece: Piece, a: Floats, b: Floats) -> Woven:
    return _courses(piece, a, b, shifted=False)


def _courses(piece: Piece, a: Floats, b: Floats, *, shifted: bool) -> Woven:
    wide, tall = piece.pattern_m
    row = np.floor(b / tall)
    along = a / wide + (0.5 * (row % 2) if shifted else 0.0)
    column = np.floor(along)
    tone = chance(column, row, piece.seed) - 0.5
    joint = 0.06 * tall / np.array([wide, tall])
    near = np.minimum((along - column) * 1.0, 1 - (along - column))
    above = np.minimum(b / tall - row, 1 - (b / tall - row))
    mortar = ((near < joint[0]) | (above < joint[1] * 1.3)).astype(np.float32)
    worn = wander(a / (1.7 * wide), b / (3 * tall), piece.seed + 3) - 0.5
    factor = 1 + piece.pattern_depth * (1.2 * tone + 0.9 * worn)
    return factor[..., None], mortar * min(1.0, 1.6 * piece.pattern_depth)


def _planks(piece: Piece, a: Floats, b: Floats) -> Woven:
    wide = piece.pattern_m[0]
    column = np.floor(a / wide)
    tone = chance(column, np.zeros_like(column), piece.seed) - 0.5
    grain = wander(a / (0.12 * wide) + 9 * column, b / (6 * wide), piece.seed + 5) - 0.5
    inside = a / wide - column
    joint = (np.minimum(inside, 1 - inside) < 0.035).astype(np.float32)
    return (1 + piece.pattern_depth * (0.8 * tone + 0.7 * grain))[..., None], joint * piece.pattern_depth


def _boards(piece: Piece, a: Floats, b: Floats) -> Woven:
    return _planks(piece, b, a)


def _books(piece: Piece, a: Floats, b: Floats) -> Woven:
    wide, tall = piece.pattern_m
    shelf = np.floor(b / tall)
    up = b / tall - shelf
    pair = np.floor(a / (2 * wide))
    split = 0.28 + 0.44 * chance(pair, shelf, piece.seed)
    number = 2 * pair + (a / (2 * wide) - pair > split)
    height = 0.66 + 0.24 * chance(number, shelf, piece.seed + 1)
    gap = chance(np.floor(number / 5), shelf, piece.seed + 2) < 0.16  # an ornament's room, half empty
    height = np.where(gap, height * 0.45, height)
    book = (up > 0.09) & (up < 0.09 + height)
    pick = (chance(number, shelf, piece.seed + 4) * len(_BOOKS)).astype(int) % len(_BOOKS)
    bright = 0.55 + 0.75 * chance(number, shelf, piece.seed + 6)
    # the deeper it stands under the board above, the darker
    shade = np.clip(1.15 - 0.65 * up, 0.3, 1)
    factor = np.where(book[..., None], _BOOKS[pick] * (bright * shade)[..., None], 0.12)
    return np.asarray(factor, np.float32), ((up <= 0.09) * 1.0).astype(np.float32)


def _windows(piece: Piece, a: Floats, b: Floats) -> Woven:
    wide, tall = piece.pattern_m
    column, row = np.floor(a / wide), np.floor(b / tall)
    x, y = a / wide - column - 0.5, b / tall - row - 0.5
    glass = (np.abs(x) < 0.32) & (np.abs(y) < 0.34)
    lit = glass & (chance(column, row, piece.seed) < piece.accent_share)
    power = 0.25 + 1.3 * chance(column, row, piece.seed + 1) ** 2
    factor = np.where(glass, 1 - 0.55 * piece.pattern_depth, 1.0)
    return np.asarray(factor, np.float32)[..., None], np.asarray(lit * power, np.float32)


def _panes(piece: Piece, a: Floats, b: Floats) -> Woven:
    wide, tall = piece.pattern_m
    bar = 0.5 * max(piece.pattern_depth, 0.02) * 0.2 * min(wide, tall)
    near_x = np.abs(a / wide - np.round(a / wide)) * wide
    near_y = np.abs(b / tall - np.round(b / tall)) * tall
    return np.ones((1, 1, 1), np.float32), ((np.minimum(near_x, near_y) < bar) * 1.0).astype(np.float32)


def _blinds(piece: Piece, a: Floats, b: Floats) -> Woven:
    up = (b / piece.pattern_m[1]) % 1.0
    slat = np.clip((up - 0.24) / 0.12, 0, 1)
    lit = 0.55 + 0.6 * up
    sway = 1 + 0.1 * (wander(a / 0.6, b / 0.3, piece.seed) - 0.5)
    factor = 1 + piece.pattern_depth * (lit * sway - 1)
    return np.asarray(factor, np.float32)[..., None], np.asarray(1 - slat, np.float32)


def _folds(piece: Piece, a: Floats, b: Floats) -> Woven:
    wide = piece.pattern_m[0]
    bent = a / wide + 0.9 * (wander(a / (4 * wide), b / (30 * wide), piece.seed) - 0.5)
    wave = np.sin(2 * np.pi * bent) + 0.35 * np.sin(2 * np.pi * (2.3 * bent + 0.2))
    return np.asarray(1 + piece.pattern_depth * 0.62 * wave, np.float32)[..., None], np.zeros((1, 1), np.float32)


def _ripples(piece: Piece, a: Floats, b: Floats) -> Woven:
    wide, tall = piece.pattern_m
    wave = wander(a / wide, b / tall, piece.seed) + 0.5 * wander(a / (0.3 * wide), b / (0.3 * tall), piece.seed + 2)
    crest = np.clip(wave - 0.95, 0, 1) * 3
    factor = 1 + piece.pattern_depth * 1.7 * (wave - 0.75)
    return np.asarray(factor, np.float32)[..., None], np.asarray(np.clip(crest, 0, 1) * piece.accent_share, np.float32)


def _leaves(piece: Piece, a: Floats, b: Floats) -> Woven:
    wide, tall = piece.pattern_m
    mass = wander(a / (9 * wide), b / (7 * tall), piece.seed) - 0.5
    i, j = np.floor(a / wide + 0.4 * mass * 9), np.floor(b / tall + 0.35 * a / wide)
    leaf = chance(i, j, piece.seed + 1)
    # most leaves lie in shade, few turn their shine to the lens: the brightness of leaves has a long tail
    factor = (0.35 + 0.9 * leaf) * np.exp(piece.pattern_depth * 4.2 * mass)
    glint = np.clip((leaf - (1 - piece.accent_share)) / max(piece.accent_share, 1e-3), 0, 1) * np.clip(
        0.6 + 3 * mass, 0, 2
    )
    return np.asarray(factor, np.float32)[..., None], np.asarray(glint, np.float32)


_WEAVES: dict[Pattern, Callable[[Piece, Floats, Floats], Woven]] = {
    Pattern.NONE: _plain,
    Pattern.BRICKS: _bricks,
    Pattern.TILES: _tiles,
    Pattern.PLANKS: _planks,
    Pattern.BOARDS: _boards,
    Pattern.BOOKS: _books,
    Pattern.WINDOWS: _windows,
    Pattern.PANES: _panes,
    Pattern.BLINDS: _blinds,
    Pattern.FOLDS: _folds,
    Pattern.RIPPLES: _ripples,
    Pattern.LEAVES: _leaves,
}


def chance(i: Floats, j: Floats, seed: int) -> Floats:
    """Returns a number in 0..1 for each pair of whole numbers, always the same (integer hash of Wang's kind)."""
    x = (np.asarray(i, np.int64) * 374761393 + np.asarray(j, np.int64) * 668265263 + seed * 2246822519) & 0xFFFFFFFF
    x = ((x ^ (x >> 13)) * 1274126177) & 0xFFFFFFFF
    x = ((x ^ (x >> 16)) * 2654435769) & 0xFFFFFFFF
    return np.asarray((x ^ (x >> 15)) / 4294967296.0, np.float32)


def wander(x: Floats, y: Floats, seed: int) -> Floats:
    """Returns fractal value noise in 0..1 over broadcast coordinates: three octaves, smooth between lattice points."""
    table = np.random.default_rng(seed + 1000).random((64, 64)).astype(np.float32)
    total: Floats = np.zeros(np.broadcast_shapes(x.shape, y.shape), np.float32)
    for octave, share in enumerate((0.57, 0.29, 0.14)):
        fx = np.asarray(x * 2**octave + 13.7 * octave, np.float32)
        fy = np.asarray(y * 2**octave + 7.1 * octave, np.float32)
        ix, iy = np.floor(fx).astype(np.int32), np.floor(fy).astype(np.int32)
        tx, ty = fx - ix, fy - iy
        tx, ty = tx * tx * (3 - 2 * tx), ty * ty * (3 - 2 * ty)
        ix, iy, right, above = ix & 63, iy & 63, (ix + 1) & 63, (iy + 1) & 63
        low = table[iy, ix] * (1 - tx) + table[iy, right] * tx
        high = table[above, ix] * (1 - tx) + table[above, right] * tx
        total += np.float32(share) * (low * (1 - ty) + high * ty)
    return total
