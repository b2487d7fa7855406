"""One step of Catmull-Clark subdivision as a sparse matrix: it is linear, so shapes and poses go through it alike.

Catmull & Clark, "Recursively generated B-spline surfaces on arbitrary topological meshes" (1978); edges of the mesh
stay where a curve through their points would (DeRose, Kass & Truong, "Subdivision Surfaces in Character Animation",
1998). Coordinates in textures go half way, per face.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Finer:
    """matrix: (new points, old points) sparse. corners: point of each corner, four a face. uv: (corners, 2) or None."""

    matrix: Any
    corners: Ints
    uv: Floats | None


def finer(count: int, corners: Ints, sizes: Ints, uv: Floats | None) -> Finer:
    """Returns the mesh one step finer. corners: point ids face by face; sizes: corners a face; count: of points."""
    from scipy import sparse

    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    face = np.repeat(np.arange(len(sizes)), sizes)
    order = np.arange(len(corners))
    following = np.where(order - starts[face] == sizes[face] - 1, starts[face], order + 1)
    leading = np.empty_like(following)
    leading[following] = order
    pairs = np.sort(np.stack([corners, corners[following]], 1), 1)
    edges, edge, shared = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    edge = edge.reshape(-1)
    ones = np.ones(len(corners))
    to_face = sparse.csr_matrix((1.0 / sizes[face], (face, corners)), (len(sizes), count))
    to_edge = sparse.csr_matrix((np.full(2 * len(edges), 0.5), (np.repeat(np.arange(len(edges)), 2), edges.ravel())))
    to_edge.resize(len(edges), count)
    beside = sparse.csr_matrix((ones, (edge, face)), (len(edges), len(sizes)))
    inner = shared == 2
    edge_points = sparse.diags(np.where(inner, 0.5, 1.0)) @ to_edge + sparse.diags(inner * 0.25) @ (beside @ to_face)
    point_edges = sparse.csr_matrix(
        (np.ones(2 * len(edges)), (edges.ravel(), np.repeat(np.arange(len(edges)), 2))), (count, len(edges))
    )
    point_faces = sparse.csr_matrix((ones, (corners, face)), (count, len(sizes)))
    faces = np.asarray(point_faces.sum(1)).ravel()
    around = np.asarray(point_edges.sum(1)).ravel()
    rim_edges = point_edges @ sparse.diags((~inner).astype(float))
    rims = np.asarray(rim_edges.sum(1)).ravel()
    n, e = np.maximum(faces, 1), np.maximum(around, 1)
    smooth = (
        sparse.diags(1 / n**2) @ point_faces @ to_face
        + sparse.diags(2 / (n * e)) @ point_edges @ to_edge
        + sparse.diags((n - 3) / n)
    )
    on_rim = sparse.diags(0.5 / np.maximum(rims, 1)) @ rim_edges @ to_edge + 0.5 * sparse.identity(count)
    kinds = np.where(faces == 0, 0, np.where(rims == 0, 1, np.where(rims == 2, 2, 0)))
    points = sparse.diags((kinds == 1).astype(float)) @ smooth + sparse.diags((kinds == 2).astype(float)) @ on_rim
    points = points + sparse.diags((kinds == 0).astype(float))
    matrix = sparse.vstack([points, edge_points, to_face]).tocsr().astype(np.float32)
    quads = np.stack([corners, count + edge, count + len(edges) + face, count + edge[leading]], 1)
    if uv is None:
        return Finer(matrix, quads.reshape(-1), None)
    half = (uv + uv[following]) / 2
    middle = np.asarray(sparse.csr_matrix((1.0 / sizes[face], (face, order)), (len(sizes), len(corners))) @ uv)[face]
    return Finer(matrix, quads.reshape(-1), np.stack([uv, half, middle, half[leading]], 1).reshape(-1, 2))
