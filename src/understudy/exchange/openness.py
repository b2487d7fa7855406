"""How much light reaches the hairs of a head: rays through a grid of hair and skin, worked out once at rest."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

CELL_M = 0.006
OWN_M = 0.011
"""A ray from a hair begins so far from it: what lies about a hair is its own lock."""
_STEP_M = 0.006
_REACH_M = 0.16
_OPAQUE = 6.0
"""Optical depth of a cell of skin or cloth."""
_SUNK_M = 0.006
"""Solid surfaces are met so far beneath themselves, so that hair which lies on them is not hidden from everything."""
_PASSING = 0.09
"""Share of what a fibre intercepts that is lost: the rest is scattered onwards, as fair and dark hair alike let pass
much at grazing angles (Zinke et al., "Dual Scattering Approximation", SIGGRAPH 2008)."""


@dataclass(frozen=True, eq=False)
class Thicket:
    """depth: (x, y, z) optical depth a metre. low: (3,) the corner of its first cell."""

    depth: Floats
    low: Floats

    def cells(self, points: Floats) -> npt.NDArray[np.intp]:
        """Returns (..., 3) cell numbers, points outside moved to the margin, which is empty."""
        at = np.floor((points - self.low) / CELL_M).astype(np.intp)
        clipped: npt.NDArray[np.intp] = np.clip(at, 0, np.asarray(self.depth.shape) - 1)
        return clipped

    def reached(self, points: Floats, towards: npt.ArrayLike, start_m: float = OWN_M) -> Floats:
        """Returns (n,) in 0..1: how much light from a direction arrives at points (n, 3)."""
        way = np.asarray(towards, np.float32)
        way = way / np.linalg.norm(way)
        steps = np.arange(start_m, _REACH_M, _STEP_M, dtype=np.float32)
        at = self.cells(points[:, None] + way * steps[None, :, None])
        passed = self.depth[at[..., 0], at[..., 1], at[..., 2]].sum(1) * _STEP_M
        return np.asarray(np.exp(-passed), np.float32)

    def smoothed(self, points: Floats, values: Floats, cells: float) -> Floats:
        """Returns values (n, m) as means over the points about each, so many cells around it."""
        from scipy.ndimage import gaussian_filter

        at = self.cells(points)
        flat = np.ravel_multi_index((at[:, 0], at[:, 1], at[:, 2]), self.depth.shape)

        def spread(weights: Floats) -> Floats:
            grid = np.bincount(flat, weights, self.depth.size).reshape(self.depth.shape)
            return np.asarray(gaussian_filter(grid, cells).ravel()[flat], np.float32)

        count = np.maximum(spread(np.ones(len(points), np.float32)), 1e-6)
        return np.stack([spread(column) / count for column in values.T], 1)


def thicket(lines: Floats, hairs: float, width_m: float, solid: Floats, normals: Floats) -> Thicket:
    """Returns the grid of guides (n, k, 3) which stand for `hairs` strands each, and of a solid surface under them."""
    from scipy.ndimage import gaussian_filter

    points = lines.reshape(-1, 3)
    margin = 3 * CELL_M
    low, high = points.min(0) - margin, points.max(0) + margin
    grid = Thicket(np.zeros(np.ceil((high - low) / CELL_M).astype(int) + 1, np.float32), low.astype(np.float32))
    piece = np.linalg.norm(np.gradient(lines, axis=1), axis=2).reshape(-1)
    at = grid.cells(points)
    flat = np.ravel_multi_index((at[:, 0], at[:, 1], at[:, 2]), grid.depth.shape)
    area = np.bincount(flat, piece * hairs * width_m * _PASSING, grid.depth.size).reshape(grid.depth.shape)
    depth = gaussian_filter(area / CELL_M**3, 0.7)
    sunk = solid - _SUNK_M * normals
    sunk = sunk[np.all((sunk > low + margin / 2) & (sunk < high - margin / 2), axis=1)]
    inside = grid.cells(sunk.astype(np.float32))
    depth[inside[:, 0], inside[:, 1], inside[:, 2]] = _OPAQUE / CELL_M
    return Thicket(depth.astype(np.float32), grid.low)
