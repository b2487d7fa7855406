"""The finest relief of skin, the criss-cross of furrows half a millimetre apart, as a tile that repeats."""

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]

TILE_PX = 256
CELLS = 19
"""Across one tile: about the plates of skin between furrows in 12 mm."""


def furrows(seed: int = 5) -> Bytes:
    """Returns (TILE_PX, TILE_PX, 3): slope x, slope y (128 = flat), depth of the furrow; it tiles without a seam.

    The plates are cells about scattered points (Worley, "A cellular texture basis function", 1996) under a second,
    finer layer, as profilometry of the back of a hand shows primary and secondary lines (Hashimoto 1974).
    """
    rng = np.random.default_rng(seed)
    broad, fine = (_borders(rng, count, width) for count, width in ((CELLS, 0.42), (2 * CELLS, 0.5)))
    depth = 0.72 * broad + 0.28 * fine
    steps = [(np.roll(depth, -1, axis) - np.roll(depth, 1, axis)) * (TILE_PX / CELLS / 8) for axis in (1, 0)]
    slopes = np.clip(np.stack(steps, -1) * 127 + 128, 0, 255)
    return np.dstack([slopes, depth * 255]).astype(np.uint8)


def _borders(rng: np.random.Generator, count: int, width: float) -> npt.NDArray[np.float64]:
    """Returns (TILE_PX, TILE_PX) 0..1: how near each pixel is to the border between two cells."""
    jitter = rng.uniform(0.0, 1.0, (count, count, 2))
    y, x = np.mgrid[0:TILE_PX, 0:TILE_PX] * (count / TILE_PX)
    # the grid of cells leans, so that borders run criss-cross
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    near = np.full((2, TILE_PX, TILE_PX), 9.0)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            at = jitter[(row + dy) % count, (column + dx) % count]
            far = np.hypot(column + dx + at[..., 0] - x, row + dy + at[..., 1] - y)
            near = np.sort(np.stack([near[0], near[1], far]), 0)[:2]
    return np.asarray(np.clip(1 - (near[1] - near[0]) / width, 0, 1) ** 1.5)
