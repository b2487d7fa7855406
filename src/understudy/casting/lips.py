"""Lips that meet: the rest pose without a slit, and a mouthClose that seals whatever jawOpen opens."""

from dataclasses import dataclass

import numpy as np

from understudy.base.channels import SHAPE_INDEX
from understudy.casting import anatomy
from understudy.casting.mesh import Bools, Floats, Ints, smoothstep
from understudy.casting.surface import Surface

OUTER_RING = 6.5
PAIRS = 9
PRESSURE_M = 0.0001
"""How far closed lips press into each other."""


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
    share = _share(surface, region)
    is_lower = share > 0.5
    for _ in range(2):
        surface.positions += _closing(surface, surface.positions, region, share)
    jaw, close = SHAPE_INDEX["jawOpen"], SHAPE_INDEX["mouthClose"]
    for _ in range(3):
        posed = surface.positions + surface.deltas[jaw] + surface.deltas[close]
        surface.deltas[close] += _closing(surface, posed, region, share)
    upper, lower = _edges(surface, region, is_lower)
    return Lips(upper, lower, is_lower)


def _share(surface: Surface, region: Bools) -> Floats:
    """0 upper lip .. 1 lower lip: how far the jaw takes a vertex along, against the vertices of its column.

    Towards the corners of the mouth both lips move alike, and the share tends to one half.
    """
    fall = -surface.deltas[SHAPE_INDEX["jawOpen"], :, 1]
    ids = np.flatnonzero(region & (surface.island == anatomy.HEAD) & (surface.ring < OUTER_RING))
    x = surface.positions[ids, 0]
    columns = np.linspace(x.min(), x.max(), 61)
    most = np.array([_quantile(fall[ids], np.abs(x - c) < 0.003, 0.97) for c in columns])
    least = np.array([_quantile(fall[ids], np.abs(x - c) < 0.003, 0.03) for c in columns])
    middle = np.interp(surface.positions[:, 0], columns, (most + least) / 2)
    spread = np.interp(surface.positions[:, 0], columns, np.maximum(most - least, 0.006))
    return np.asarray(np.clip(0.5 + (fall - middle) / spread * 1.6, 0, 1) * region)


def _quantile(values: Floats, chosen: Bools, q: float) -> float:
    return float(np.quantile(values[chosen], q)) if chosen.any() else 0.0


def _contact(surface: Surface, posed: Floats, region: Bools, is_lower: Bools) -> tuple[Floats, Floats, Floats]:
    """Columns x (m,), the lowest point of the upper lip and the highest of the lower lip in each."""
    lips = region & (surface.ring < OUTER_RING) & (surface.island == anatomy.HEAD)
    front = posed[lips, 2].max() - 0.024
    corner = np.abs(posed[lips & (surface.ring < 0.6), 0]).max()
    columns = np.linspace(-corner, corner, 49)
    low, high = np.zeros_like(columns), np.zeros_like(columns)
    for index, x in enumerate(columns):
        near = lips & (np.abs(posed[:, 0] - x) < 0.0018) & (posed[:, 2] > front - 0.25 * x * x / 0.025)
        upper, lower = posed[near & ~is_lower, 1], posed[near & is_lower, 1]
        low[index] = np.quantile(upper, 0.04) if len(upper) else np.nan
        high[index] = np.quantile(lower, 0.96) if len(lower) else np.nan
    known = np.isfinite(low) & np.isfinite(high)
    return columns[known], low[known], high[known]


def _closing(surface: Surface, posed: Floats, region: Bools, share: Floats) -> Floats:
    """(vertices, 3) offsets that bring the lips together: the lower lip goes two thirds of the way."""
    columns, low, high = _contact(surface, posed, region, share > 0.5)
    gap = low - high + PRESSURE_M
    kernel = np.array([1, 2, 3, 2, 1]) / 9
    gap = np.convolve(np.pad(gap, 2, mode="edge"), kernel, "valid")
    gap *= smoothstep(columns.max() * 1.02, columns.max() * 0.92, np.abs(columns))
    ids = np.flatnonzero(region)
    x, y = posed[ids, 0], posed[ids, 1]
    open_by = np.interp(x, columns, gap, left=0, right=0)
    low_y, high_y = np.interp(x, columns, low), np.interp(x, columns, high)
    lip_y = high_y * share[ids] + low_y * (1 - share[ids])
    distance = np.abs(y - lip_y)
    fade = np.exp(-((distance / 0.0085) ** 2)) * np.clip((11.5 - surface.ring[ids]) / 4, 0, 1)
    offset = np.zeros_like(posed)
    offset[ids, 1] = open_by * (share[ids] * 2 / 3 - (1 - share[ids]) / 3) * fade
    return offset


def _edges(surface: Surface, region: Bools, is_lower: Bools) -> tuple[Ints, Ints]:
    """Pairs of vertices on the contact line, centre first."""
    half = _contact(surface, surface.positions, region, is_lower)[0].max() * 0.86
    wanted = np.array([0.0, *(s * half * k / (PAIRS // 2) for k in range(1, PAIRS // 2 + 1) for s in (1, -1))])
    lips = region & (surface.ring < OUTER_RING) & (surface.island == anatomy.HEAD)
    ids = []
    for lower in (False, True):
        of = np.flatnonzero(lips & (is_lower == lower))
        p = surface.positions[of]
        best = np.empty(len(wanted), np.int64)
        for index, x in enumerate(wanted):
            beside = np.abs(p[:, 0] - x)
            reach = np.where(beside < max(0.0014, beside.min() + 1e-4), p[:, 1] if not lower else -p[:, 1], np.inf)
            best[index] = of[np.argmin(reach + 0.05 * beside)]
        ids.append(best)
    return ids[0], ids[1]
