"""No monsters: a shape whose skin folds over itself or that leaves human measure is drawn back until it is sound."""

from functools import cache

import msgspec
import numpy as np

from understudy.casting.body import base_groups, neutral_positions
from understudy.casting.landmarks import landmarks
from understudy.casting.mesh import Floats, Ints
from understudy.casting.recipe import Recipe

MARGIN = 0.6
"""A distance may leave the range of the population by this share of it: people are odder than samples."""
FOLDED = 16
"""Quads of the head whose two triangles may look away from each other; the population reaches 10, the house 6."""
STEP = 0.85
"""The shape is scaled by this until it is sound."""
STEPS = 8


def make_sound(recipe: Recipe, quads: Ints) -> tuple[Recipe, tuple[str, ...]]:
    """Returns a plain recipe whose head is sound, and what was wrong with it; a sound one comes back as it is.

    quads: (faces, 4) of the head. Local changes and targets are scaled back together, so the person stays the same
    kind of person. Phenotypes are limited before (resolve.py). Needs the extra `cast`.
    """
    found = troubles(neutral_positions(recipe), quads)
    first = found
    for _ in range(STEPS):
        if not found:
            break
        recipe = msgspec.structs.replace(
            recipe,
            shape={name: round(value * STEP, 4) for name, value in recipe.shape.items()},
            targets={name: round(value * STEP, 4) for name, value in recipe.targets.items()},
        )
        found = troubles(neutral_positions(recipe), quads)
    return recipe, first


def troubles(positions: Floats, quads: Ints) -> tuple[str, ...]:
    """Returns what is wrong with a neutral head, in words. positions: (19158, 3) metres."""
    known = landmarks()
    found = []
    for name, value in known.measure(positions).items():
        low, high = known.ranges[name]
        slack = MARGIN * (high - low)
        if not low - slack <= value <= high + slack:
            found.append(f"{name.replace('_', ' ')} {value * 1000:.0f} mm")
    folded = int(_folds(positions, quads).sum())
    if folded > FOLDED:
        found.append(f"{folded} folds in the skin")
    return tuple(found)


def _folds(positions: Floats, quads: Ints) -> Floats:
    a, b, c, d = (positions[quads[:, corner]] for corner in range(4))
    first, second = np.cross(b - a, c - a), np.cross(c - a, d - a)
    return np.asarray((first * second).sum(1) < 0, np.float64)


@cache
def head_quads() -> Ints:
    """(faces, 4) quads of head and face; needs the extra `cast`."""
    from understudy.casting.anatomy import HEAD, islands

    uv, groups = base_groups()
    body = groups["body"]
    return np.asarray(body.faces[islands(body.uv_faces, len(uv)) == HEAD])
