"""Lips that meet: the rest pose without a slit, and a mouthClose that seals whatever jawOpen opens."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from understudy.base.channels import SHAPE_INDEX
from understudy.casting import anatomy
from understudy.casting.mesh import Bools, Floats, Ints
from understudy.casting.surface import Surface

OUTER_RING = 6.5
PAIRS = 9


@dataclass(frozen=True)
class Lips:
    """The inner edges of the lips, as vertex ids in pairs from the middle outwards."""

    upper: Ints
    lower: Ints
    is_lower: Bools
    """(surface vertices,) whether a vertex of the mouth belongs to the lower lip"""


def mend(surface: Surface) -> Lips:
    """Closes the lips of the rest pose and of jawOpen with mouthClose, in place, and finds their edges."""
    region = (surface.ring < 11.5) & np.isin(surface.island, (anatomy.HEAD, anatomy.CAVITY))
    is_lower = _lower(surface, region)
    surface.positions += _closing(surface, surface.positions, region, is_lower)
    jaw, close = SHAPE_INDEX["jawOpen"], SHAPE_INDEX["mouthClose"]
    for _ in range(3):
        posed = surface.positions + surface.deltas[jaw] + surface.deltas[close]
        surface.deltas[close] += _closing(surface, posed, region, is_lower)
    upper, lower = _edges(surface, region, is_lower)
    return Lips(upper, lower, is_lower)


def _lower(surface: Surface, region: Bools) -> Bools:
    """The lower lip is what the jaw takes along: more than half as far as the most moved vertex of its column."""
    fall = -surface.deltas[SHAPE_INDEX["jawOpen"], :, 1]
    ids = np.flatnonzero(region)
    x = surface.positions[ids, 0]
    columns = np.linspace(x.min(), x.max(), 61)
    most = np.array([_quantile(fall[ids], np.abs(x - c) < 0.003, 0.97) for c in columns])
    least = np.array([_quantile(fall[ids], np.abs(x - c) < 0.003, 0.03) for c in columns])
    middle = np.interp(surface.positions[:, 0], columns, (most + least) / 2)
    result: Bools = region & (fall > middle)
    return result


def _quantile(values: Floats, chosen: Bools, q: float) -> float:
    return float(np.quantile(values[chosen], q)) if chosen.any() else 0.0


def _contact(
    surface: Surface, posed: Floats, region: Bools, is_lower: Bools
) -> tuple[Floats, Floats, Floats]:
    """Columns x (m,), the lowest point of the upper lip and the highest of the lower lip in each."""
    lips = region & (surface.ring < OUTER_RING)
    front = posed[lips, 2].max() - 0.020
    corner = np.percentile(np.abs(posed[region & (surface.ring < 1.5)][:, 0]), 99)
    columns = np.linspace(-corner, corner, 49)
    low, high = np.zeros_like(columns), np.zeros_like(columns)
    for index, x in enumerate(columns):
        near = lips & (np.abs(posed[:, 0] - x) < 0.0018) & (posed[:, 2] > front - 0.25 * x * x / 0.025)
        upper, lower = posed[near & ~is_lower, 1], posed[near & is_lower, 1]
        low[index] = np.quantile(upper, 0.04) if len(upper) else np.nan
        high[index] = np.quantile(lower, 0.96) if len(lower) else np.nan
    known = np.isfinite(low) & np.isfinite(high)
    return columns[known], low[known], high[known]


def _closing(surface: Surface, posed: Floats, region: Bools, is_lower: Bools) -> Floats:
    """(vertices, 3) offsets that bring the lips together: the lower lip goes two thirds of the way."""
    columns, low, high = _contact(surface, posed, region, is_lower)
    gap = low - high
    kernel = np.array([1, 2, 3, 2, 1]) / 9
    gap = np.convolve(np.pad(gap, 2, mode="edge"), kernel, "valid")
    meet = low - gap / 3
    edge_x, edge_y = columns, meet
    ids = np.flatnonzero(region)
    x, y = posed[ids, 0], posed[ids, 1]
    open_by = np.interp(x, edge_x, gap, left=0, right=0)
    lip_y = np.where(is_lower[ids], np.interp(x, edge_x, high), np.interp(x, edge_x, low))
    distance = np.abs(y - lip_y)
    fade = np.exp(-((distance / 0.0085) ** 2)) * np.clip((11.5 - surface.ring[ids]) / 4, 0, 1)
    del edge_y
    offset = np.zeros_like(posed)
    offset[ids, 1] = np.where(is_lower[ids], open_by * 2 / 3, -open_by / 3) * fade
    return offset


def _edges(surface: Surface, region: Bools, is_lower: Bools) -> tuple[Ints, Ints]:
    """Pairs of vertices on the contact line, centre first."""
    columns, low, high = _contact(surface, surface.positions, region, is_lower)
    half = columns.max() * 0.86
    wanted = np.array([0.0, *(s * half * k / (PAIRS // 2) for k in range(1, PAIRS // 2 + 1) for s in (1, -1))])
    lips = region & (surface.ring < OUTER_RING)
    ids = []
    for lower, height in ((False, low), (True, high)):
        of = np.flatnonzero(lips & (is_lower == lower))
        y = np.interp(wanted, columns, height)
        front = cKDTree(surface.positions[of][:, :2])
        near = front.query(np.stack([wanted, y], 1), k=6)[1]
        best = np.argmax(surface.positions[of][near][..., 2], axis=1)
        ids.append(of[near[np.arange(len(wanted)), best]])
    return ids[0], ids[1]
