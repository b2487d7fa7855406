"""The body under the hair as a field of distances: one look-up says how far a point is from skin and clothes."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from understudy.casting.mesh import Floats, unit


@dataclass(frozen=True)
class Solid:
    """Signed distances on a grid; positive outside."""

    origin: Floats
    step_m: float
    field: Floats
    """(x, y, z) metres"""
    slope: Floats
    """(3, x, y, z) outward direction, unit on the grid"""

    def height(self, points: Floats) -> tuple[Floats, Floats]:
        """Signed distance (n,) and outward direction (n, 3) at points (n, 3)."""
        at = ((points - self.origin) / self.step_m).T
        over = ndimage.map_coordinates(self.field, at, order=1, mode="nearest")
        out = np.stack([ndimage.map_coordinates(axis, at, order=1, mode="nearest") for axis in self.slope], 1)
        return np.asarray(over), unit(out)


REACH_M = 0.045
"""Distances are known this far from the body; farther out all points count as this far."""


def make_solid(
    points: Floats, normals: Floats, low: Floats, high: Floats, soft_below_m: float, step_m: float = 0.007
) -> Solid:
    """Samples the distance to a surface given as points with normals, in a box from `low` to `high`.

    Below `soft_below_m` the surface is smoothed, so that hair lies over a collar instead of on its rim.
    """
    axes = [np.arange(a, b + step_m, step_m) for a, b in zip(low, high, strict=True)]
    shape = tuple(len(axis) for axis in axes)
    # a coarse look first: only cells near the body are worth a search
    index = np.zeros(shape, bool)
    cell = np.floor((points - low) / step_m).astype(int)
    cell = cell[((cell >= 0) & (cell < shape)).all(1)]
    index[tuple(cell.T)] = True
    near_cells = ndimage.distance_transform_edt(~index) * step_m < REACH_M
    at = np.argwhere(near_cells)
    flat = np.asarray(low) + at * step_m
    distance, near = cKDTree(points).query(flat, k=2)
    weight = np.asarray(1 / (distance + 3e-4))[..., None]
    weight /= weight.sum(1, keepdims=True)
    facing = unit((normals[near] * weight).sum(1))
    foot = (points[near] * weight).sum(1)
    over = ((flat - foot) * facing).sum(1)
    # farther off, the plane of the nearest facet says too little: there the plain distance counts
    plain = np.linalg.norm(flat - foot, axis=1)
    field = np.full(shape, REACH_M)
    field[near_cells] = np.clip(np.where(plain > 0.012, np.sign(over) * plain, over), -REACH_M, REACH_M)
    soft = np.clip((soft_below_m - axes[1]) / 0.03, 0, 1)[None, :, None]
    field = field * (1 - soft) + (ndimage.gaussian_filter(field, 1.8) - 0.002) * soft
    slope = np.stack(np.gradient(ndimage.gaussian_filter(field, 0.6), step_m), -1)
    return Solid(np.asarray(low, np.float64), step_m, field, np.ascontiguousarray(unit(slope).transpose(3, 0, 1, 2)))
