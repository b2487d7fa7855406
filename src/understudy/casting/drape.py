"""Cloth that hangs: position-based dynamics of a garment on a still body.

Threads are distance constraints whose rest lengths come from the cut of the garment; surplus length and gravity make
the folds. Source: Macklin, Mueller and Chentanez, "XPBD: Position-Based Simulation of Compliant Constrained
Dynamics", 2016 (one pass of constraints a step, many small steps).
"""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import numpy as np
from scipy.spatial import cKDTree

from understudy.base.errors import MissingExtra
from understudy.casting.mesh import Bools, Floats, Ints, face_edges, unit

STEP_S = 1 / 120
_GRAVITY = 1.2
"""A fraction of the earth's: a few passes leave fine threads elastic, and the whole weight would stretch them."""
_PASSES = 4
_DAMPING = 0.92
_FRICTION = 0.7
_ASIDE_M = 0.018
_LOOK_AGAIN = 6
"""Steps between two searches for the skin under each point of cloth."""


@dataclass(frozen=True)
class Solid:
    """What cloth lies on: points of skin and the way out of it."""

    points: Floats
    """(n, 3)"""
    normals: Floats
    """(n, 3) unit"""
    arms: Bools
    """(n,) whether a point belongs to an arm; sleeves keep off arms, the trunk of a garment off the trunk"""

    def height(self, points: Floats) -> tuple[Floats, Floats]:
        """Signed distance (n,) of points to the whole skin, and the way out of it (n, 3)."""
        foot, normal = _foot(cKDTree(self.points), self, points)
        return np.asarray(((points - foot) * normal).sum(1)), normal


@dataclass(frozen=True)
class Threads:
    """Distance constraints. pairs: (n, 2); rest: (n,) metres; give: (n,) compliance, metres a newton."""

    pairs: Ints
    rest: Floats
    give: Floats


def threads_of(faces: Ints, cut: Floats, *, stiffness: float, bending: float) -> Threads:
    """Threads along the edges and diagonals of quads, and weaker ones across two, against folding.

    cut: (vertices, 3) the garment as it was cut, which gives the lengths. stiffness, bending: 1 for a light jersey.
    """
    edges = face_edges(faces)
    diagonals = np.concatenate([faces[:, [0, 2]], faces[:, [1, 3]]])
    across = _across(faces)
    pairs = np.concatenate([edges, diagonals, across])
    give = np.concatenate(
        [
            np.full(len(edges), 2e-5 / stiffness),
            np.full(len(diagonals), 2e-4 / stiffness),
            np.full(len(across), 8e-4 / bending),
        ]
    )
    order = np.random.default_rng(3).permutation(len(pairs))
    pairs, give = pairs[order], give[order]
    rest = np.linalg.norm(cut[pairs[:, 0]] - cut[pairs[:, 1]], axis=1)
    return Threads(pairs, rest, give)


def hang(
    points: Floats, threads: Threads, solid: Solid, *, sleeve: Floats, held: Floats, gap: Floats, steps: int
) -> Floats:
    """The (n, 3) places of the cloth after `steps` steps.

    sleeve: (n,) 0 on the trunk of the garment, 1 on a sleeve. held: (n,) 0 free .. 1 fixed. gap: (n,) metres that
    cloth keeps off the skin.
    """
    x = np.array(points, np.float64, order="C")
    velocity = np.zeros_like(x)
    loose = 1.0 - held
    pairs = np.ascontiguousarray(threads.pairs, np.int64)
    compliance = threads.give / STEP_S**2
    groups = []
    for arm, chosen in ((False, sleeve < 0.8), (True, sleeve > 0.2)):
        part = solid.arms == arm
        if part.any() and chosen.any():
            piece = Solid(solid.points[part], solid.normals[part], solid.arms[part])
            groups.append((np.flatnonzero(chosen), cKDTree(piece.points), piece))
    feet: list[tuple[Ints, Floats, Floats]] = []
    pull = _kernel()
    for step in range(steps):
        before = x.copy()
        velocity[:, 1] -= _GRAVITY * STEP_S
        x += velocity * STEP_S * loose[:, None]
        pull(x, pairs, threads.rest, compliance, loose, _PASSES)
        if step % _LOOK_AGAIN == 0:
            feet = [(ids, *_foot(tree, piece, x[ids])) for ids, tree, piece in groups]
        for ids, foot, normal in feet:
            away = x[ids] - foot
            height = (away * normal).sum(1)
            # skin far aside says nothing about this point, as an arm about the collar
            beside = (away**2).sum(1) - height**2 > _ASIDE_M**2
            touching = np.where(beside, 0.0, np.clip(gap[ids] - height, 0.0, 0.01)) * loose[ids]
            x[ids] += normal * touching[:, None]
            slide = x[ids] - before[ids]
            slide -= normal * (slide * normal).sum(1)[:, None]
            x[ids] -= slide * (_FRICTION * (touching > 0))[:, None]
        velocity = (x - before) / STEP_S * _DAMPING
        speed = np.linalg.norm(velocity, axis=1)[:, None]
        velocity *= np.minimum(1.0, 0.6 / np.maximum(speed, 1e-9))
    return x


def _across(faces: Ints) -> Ints:
    """(n, 2) vertices two edges apart on one line of the quads."""
    pairs = np.stack([faces, np.roll(faces, -1, 1)], -1).reshape(-1, 2)
    # each directed edge a->b of a face has the corners before a and after b in that face
    behind = np.stack([np.roll(faces, 1, 1), np.roll(faces, -2, 1)], -1).reshape(-1, 2)
    low = pairs[:, 0] < pairs[:, 1]
    key = np.where(low, pairs[:, 0] * 10**7 + pairs[:, 1], pairs[:, 1] * 10**7 + pairs[:, 0])
    ends = np.where(low[:, None], behind, behind[:, ::-1])
    order = np.argsort(key, kind="stable")
    same = np.flatnonzero(key[order][1:] == key[order][:-1])
    first, second = order[same], order[same + 1]
    return np.concatenate([np.stack([ends[first, k], ends[second, k]], 1) for k in range(2)])


def _foot(tree: cKDTree, solid: Solid, points: Floats) -> tuple[Floats, Floats]:
    distance, near = tree.query(points, k=4)
    weight = (1 / (np.asarray(distance) + 2e-3) ** 2)[..., None]
    weight /= weight.sum(1, keepdims=True)
    return (solid.points[near] * weight).sum(1), unit((solid.normals[near] * weight).sum(1))


@cache
def _kernel() -> Callable[..., Any]:
    if importlib.util.find_spec("numba") is None:
        raise MissingExtra("Draping clothes", "cast")
    import numba

    @numba.njit
    def pull(x: Any, pairs: Any, rest: Any, compliance: Any, loose: Any, passes: int) -> None:
        for k in range(pairs.shape[0] * passes):
            c = k % pairs.shape[0]
            i, j = pairs[c, 0], pairs[c, 1]
            w = loose[i] + loose[j]
            if w < 1e-6:
                continue
            dx, dy, dz = x[i, 0] - x[j, 0], x[i, 1] - x[j, 1], x[i, 2] - x[j, 2]
            length = np.sqrt(dx * dx + dy * dy + dz * dz)
            if length < 1e-9:
                continue
            s = (rest[c] - length) / ((w + compliance[c]) * length)
            a, b = s * loose[i], s * loose[j]
            x[i, 0] += dx * a
            x[i, 1] += dy * a
            x[i, 2] += dz * a
            x[j, 0] -= dx * b
            x[j, 1] -= dy * b
            x[j, 2] -= dz * b

    return cast(Callable[..., Any], pull)
