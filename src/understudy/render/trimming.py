"""Meshes cut to what a picture of a given size can show, and put in the order in which they are drawn."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Mesh
from understudy.render.threads import FIBRE

Floats = npt.NDArray[np.float32]

_INWARD = -0.5
"""Normals that point so far back, of -1..1, look into the mouth."""
_THIN = 0.34
"""Half width, in samples, below which hairs are drawn fewer and stronger."""


def order(mesh: Mesh, kind: str) -> npt.NDArray[np.int32]:
    """Returns the triangles: hair from front to back, so that hidden cards cost nothing; blended strands reversed."""
    if kind == FIBRE:
        pieces = mesh.triangles.reshape(-1, pieces_of(mesh), 2)
        nearest = mesh.positions[pieces[:, :, 0], 2].max(1)
        return pieces[np.argsort(-nearest, kind="stable")].reshape(-1, 2)
    if kind not in ("hair", "strand"):
        return mesh.triangles
    depth = mesh.positions[mesh.triangles].mean(1)[:, 2]
    return mesh.triangles[np.argsort(depth if kind == "strand" else -depth, kind="stable")]


def sides(mesh: Mesh) -> Floats:
    """Returns (n, 3): from the middle line of a ribbon to each vertex. Ribbons store left and right in turn."""
    p = mesh.positions
    if len(p) % 2 or mesh.strand is None:
        return np.zeros_like(p)
    half = (p[1::2] - p[0::2]) / 2
    out = np.empty_like(p)
    out[0::2], out[1::2] = -half, half
    return out


def thinned(mesh: Mesh, samples_per_m: float) -> tuple[Mesh, float]:
    """Returns the mesh with fewer hairs where they are thinner than a sample, and by how much each is to be widened."""
    if mesh.seed is None or not len(mesh.positions):
        return mesh, 1.0
    half_m = float(np.median(np.linalg.norm(sides(mesh), axis=1)))
    stronger = float(np.clip(_THIN / max(half_m * samples_per_m, 1e-6), 1.0, 3.0)) if half_m > 0 else 1.0
    first = mesh.seed[mesh.triangles[:, 0]]
    kept = (np.floor(first * 9973.0 + 0.5) * 0.61803399) % 1.0 < 1 / stronger
    return replace(mesh, triangles=mesh.triangles[kept]), stronger


def coarser(mesh: Mesh) -> Mesh:
    """Returns the mesh one subdivision coarser wherever its triangles come as four quads around the middle of one.

    Vertices, and with them shapes and weights, stay; what was not subdivided so comes back as it is.
    """
    whole = len(mesh.triangles) // 8 * 8
    groups = mesh.triangles[:whole].reshape(-1, 8, 3)
    middle = groups[:, 0, 2, None]
    divided = (groups[:, ::2, 2] == middle).all(1) & (groups[:, 1::2, 1] == middle).all(1)
    if not divided.any():
        return mesh
    corners = groups[divided][:, ::2, 0]
    kept = (corners[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3), groups[~divided].reshape(-1, 3), mesh.triangles[whole:])
    return replace(mesh, triangles=np.concatenate(kept))


def merged(mesh: Mesh, cell_m: float) -> Mesh:
    """Returns the mesh with its triangles drawn between one vertex a cell: for details smaller than a sample.

    Vertices that face another way, or lie elsewhere on the texture, are cells of their own; all vertices stay.
    """
    facing = np.rint(mesh.normals).astype(np.int64)
    patch = np.zeros((len(facing), 2)) if mesh.uv is None else np.floor(mesh.uv * 24)
    cells = np.column_stack([np.floor(mesh.positions / cell_m), facing, patch]).astype(np.int64)
    _, first, of = np.unique(cells, axis=0, return_index=True, return_inverse=True)
    triangles = first[of.reshape(-1)][mesh.triangles]
    a, b, c = triangles.T
    return replace(mesh, triangles=triangles[(a != b) & (b != c) & (a != c)].astype(mesh.triangles.dtype))


def facing_out(mesh: Mesh) -> Mesh:
    """Returns the inside of a mouth without what looks at the throat, which no lens outside the lips can see."""
    away = (mesh.normals[:, 2] < _INWARD)[mesh.triangles].all(1)
    return replace(mesh, triangles=mesh.triangles[~away])


def pieces_of(mesh: Mesh) -> int:
    """Returns of how many lines each strand is made."""
    assert mesh.strand is not None
    return int(np.argmax(np.diff(mesh.strand[:, 3]) < 0)) or len(mesh.strand) - 1


def with_neighbours(mesh: Mesh, seen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Returns which lines are seen, or follow one that is along the same strand: none ends where others hide it."""
    strands = seen.reshape(-1, pieces_of(mesh))
    kept = strands.copy()
    kept[:, 1:] |= strands[:, :-1]
    kept[:, :-1] |= strands[:, 1:]
    return kept.reshape(-1)
