"""What a picture looks like in 64 bits, to confirm that a watermark sits on the picture it was made for.

dHash (Krawetz 2013): the picture as 9 x 8 mean luma; a bit says whether a cell is brighter than its left neighbour, by
more than coding noise: what is flat, such as the empty part of a picture with alpha, gives zeros every time.
Of 64 bits, unrelated pictures differ in about half; re-encoding and scaling change a few.
"""

from itertools import pairwise

import numpy as np

from understudy.rights.watermark import GRID, Floats

STEP = 0.75
"""Levels of luma by which a cell must be brighter than its neighbour."""
SAME = 14
"""Largest number of differing bits that still counts as the same picture."""


def fingerprint(grid: Floats) -> str:
    """Returns 16 hex digits for a picture on the canonical grid (256, 256)."""
    rows = grid.reshape(8, GRID // 8, GRID).mean(1)
    edges = np.linspace(0, GRID, 10).astype(int)
    cells = np.stack([rows[:, a:b].mean(1) for a, b in pairwise(edges)], axis=1)
    return np.packbits(np.diff(cells, axis=1) > STEP).tobytes().hex()


def distance(one: str, other: str) -> int:
    """Returns the number of bits in which two fingerprints differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
