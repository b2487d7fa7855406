"""Blendshapes made small: moves rounded to what can be seen, and lists of vertices that several shapes share.

A sparse glTF accessor names its vertices in ascending order, and such lists hardly compress; rows of zeros all but
vanish. So shapes that move much the same vertices are stored over one list, with zeros where one of them rests.
"""

import numpy as np
import numpy.typing as npt

from understudy.base.channels import SHAPE_INDEX
from understudy.casting.mesh import Bools, Ints, Part

HAIR_STEP_M = {"lashes": 5e-5}
"""Steps in which short hairs move, by mesh; the two edges of a hair move alike."""
OTHER_HAIR_STEP_M = 1.2e-4
SKIN_STEP_M, SKIN_STILL_M = 3.6e-5, 2.0e-5
"""Steps in which skin, lining and tongue move, and what counts as rest."""
NORMAL_STEP = 3
"""Of 127: 0.7 degrees off at most."""
LID_M = 0.003
"""What moves more than this in a blink is lid, and keeps the whole accuracy of the file."""
LIST_BYTES, ZERO_BYTES = 1.2, 0.25
"""What an entry of a list, and a row of zeros, cost after deflate; measured."""

Grid = npt.NDArray[np.int64]


def settled(part: Part, unit_m: float, exact: Ints) -> tuple[Grid, npt.NDArray[np.int8] | None]:
    """(52, n, 3) moves in units of the file's grid and, where the part has them, of its normals in 1 / 127.

    exact: vertices that keep the whole accuracy of the grid.
    """
    assert part.deltas is not None
    moves = part.deltas / unit_m
    if part.strand is not None:
        step = max(1, round(HAIR_STEP_M.get(part.name, OTHER_HAIR_STEP_M) / unit_m))
        middle = (moves[:, 0::2] + moves[:, 1::2]) / 2
        return np.repeat(np.rint(middle / step).astype(np.int64) * step, 2, 1).clip(-32767, 32767), None
    whole = np.rint(moves).astype(np.int64).clip(-32767, 32767)
    if part.normal_deltas is None:
        return whole, None
    step = max(1, round(SKIN_STEP_M / unit_m))
    coarse = np.rint(moves / step).astype(np.int64).clip(-32767 // step + 1, 32767 // step) * step
    coarse[np.linalg.norm(moves, axis=2) < SKIN_STILL_M / unit_m] = 0
    blinks = part.deltas[[SHAPE_INDEX["eyeBlinkLeft"], SHAPE_INDEX["eyeBlinkRight"]]]
    kept = np.linalg.norm(blinks, axis=2).max(0) > LID_M
    kept[exact] = True
    coarse[:, kept] = whole[:, kept]
    turned = np.rint(part.normal_deltas * 127 / NORMAL_STEP) * NORMAL_STEP
    turned[~coarse.any(2)] = 0
    return coarse, turned.clip(-126, 126).astype(np.int8)


def shared_lists(moving: Bools) -> list[tuple[Ints, list[int]]]:
    """Lists of vertices, and the shapes each serves; every shape of (shapes, n) that moves anything is in one.

    Joins, as long as bytes are saved, the two groups whose joining saves most.
    """
    alive = [int(i) for i in np.flatnonzero(moving.any(1))]
    groups, lists = [[i] for i in alive], [moving[i] for i in alive]
    own = moving.sum(1).astype(np.float64)
    while len(groups) > 1:
        table = np.array(lists, np.float32)
        size = table.sum(1).astype(np.float64)
        either = size[:, None] + size[None] - (table @ table.T).astype(np.float64)
        count, used = np.array([len(g) for g in groups]), np.array([own[g].sum() for g in groups])
        alone = LIST_BYTES * size + ZERO_BYTES * (count * size - used)
        joined = LIST_BYTES * either
        joined += ZERO_BYTES * ((count[:, None] + count[None]) * either - used[:, None] - used[None])
        saved = alone[:, None] + alone[None] - joined
        np.fill_diagonal(saved, -1.0)
        i, j = sorted(int(k) for k in np.unravel_index(saved.argmax(), saved.shape))
        if saved[i, j] <= 0:
            break
        groups[i], lists[i] = groups[i] + groups[j], lists[i] | lists[j]
        del groups[j], lists[j]
    return [(np.flatnonzero(ids), sorted(group)) for ids, group in zip(lists, groups, strict=True)]
