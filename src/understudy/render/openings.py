"""Follows the edges of lids and lips, so that eyes and teeth lie in their shade whatever the face does.

An edge is a handful of skin vertices found once on the rest pose; each frame gives them as a parabola over x, in the
space of the unposed head. Vertices of the lips are named by the body (`extras.lips`); those of the lids are found by
looking at the eyeball from the front.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES
from understudy.hub.body import Body, Floats, Mesh

_GRID = 72


@dataclass(frozen=True, eq=False)
class Edge:
    """Some vertices that move with the face. rest: (n, 3); moves: (n, 3, 52)."""

    rest: Floats
    moves: Floats

    def parabola(self, face: Floats, centre: npt.ArrayLike, scale: float) -> tuple[float, float, float]:
        """Returns a, b, c of y = a + b x + c x^2 through the vertices, relative to `centre`, in units of `scale`."""
        p = (self.rest + self.moves @ face - np.asarray(centre)) / scale
        basis = np.stack([np.ones(len(p)), p[:, 0], p[:, 0] ** 2], 1)
        a, b, c = np.linalg.solve(basis.T @ basis + 1e-9 * np.eye(3), basis.T @ p[:, 1])
        return float(a), float(b), float(c)


def edge_of(mesh: Mesh, vertices: npt.NDArray[np.integer]) -> Edge:
    """Returns the Edge of some vertices of a mesh."""
    moves = np.zeros((len(vertices), 3, len(ARKIT_SHAPES)), np.float32)
    for column, shape in enumerate(ARKIT_SHAPES):
        morph = mesh.morphs.get(shape)
        if morph is not None:
            slot = np.searchsorted(morph.vertices, vertices)
            slot = np.minimum(slot, len(morph.vertices) - 1)
            hit = morph.vertices[slot] == vertices
            moves[hit, :, column] = morph.positions[slot[hit]]
    return Edge(mesh.positions[vertices], moves)


def eye_radius(eye: Mesh, centre: npt.ArrayLike) -> float:
    """Returns the radius of an eyeball, metres: what the body says, else the median distance of its vertices."""
    if "radius" in eye.extras:
        return float(eye.extras["radius"])
    return float(np.median(np.linalg.norm(eye.positions - np.asarray(centre), axis=1)))


def lid_edges(skin: Mesh, centre: npt.ArrayLike, radius_m: float) -> tuple[Edge, Edge] | None:
    """Returns the edges of the upper and the lower lid of one eye, or None where there is no opening."""
    local = (skin.positions - np.asarray(centre, np.float32)) / radius_m
    corners = local[skin.triangles]
    middle = corners.mean(1)
    near = (np.abs(middle[:, :2]).max(1) < 1.5) & (middle[:, 2] > 0.15) & (middle[:, 2] < 2.5)
    axis = (np.arange(_GRID) + 0.5) / _GRID * 2.4 - 1.2
    covered = np.zeros((_GRID, _GRID), bool)
    for a, b, c in corners[near][..., :2]:
        low, high = np.minimum(np.minimum(a, b), c), np.maximum(np.maximum(a, b), c)
        ix, iy = np.searchsorted(axis, [low[0], high[0]]), np.searchsorted(axis, [low[1], high[1]])
        if ix[0] == ix[1] or iy[0] == iy[1]:
            continue
        x, y = axis[None, ix[0] : ix[1]], axis[iy[0] : iy[1], None]
        area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        if abs(area) < 1e-9:
            continue
        u = ((x - a[0]) * (c[1] - a[1]) - (y - a[1]) * (c[0] - a[0])) / area
        v = ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / area
        covered[iy[0] : iy[1], ix[0] : ix[1]] |= (u >= 0) & (v >= 0) & (u + v <= 1)
    free = ~covered & (np.hypot(axis[None], axis[:, None]) < 1.05)
    rim_top, rim_low = [], []
    for column in range(2, _GRID - 2, 3):
        rows = np.flatnonzero(free[:, column])
        if len(rows) >= 3:
            rim_top.append((axis[column], axis[rows.max()]))
            rim_low.append((axis[column], axis[rows.min()]))
    if len(rim_top) < 4:
        return None
    front = np.flatnonzero((np.abs(local[:, :2]).max(1) < 1.4) & (local[:, 2] > 0.3))
    return tuple(_nearest(skin, local, front, rim) for rim in (rim_top, rim_low))  # type: ignore[return-value]


def lip_edges(body: Body) -> tuple[Edge, Edge] | None:
    """Returns the inner edges of the upper and the lower lip, or None where the body does not name them."""
    skin = next((mesh for mesh in body.meshes if mesh.extras.get("lips")), None)
    if skin is None:
        return None
    pairs = skin.extras["lips"]
    return tuple(edge_of(skin, np.array([int(pair[k]) for pair in pairs])) for k in ("upper", "lower"))  # type: ignore[return-value]


def _nearest(skin: Mesh, local: Floats, front: npt.NDArray[np.integer], rim: list[tuple[float, float]]) -> Edge:
    far = np.linalg.norm(local[front][:, None, :2] - np.asarray(rim, np.float32)[None], axis=2)
    return edge_of(skin, np.unique(front[far.argmin(0)]))
