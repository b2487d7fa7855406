"""Catmull-Clark subdivision as one sparse matrix.

Every fine vertex is a fixed weighted mean of the coarse vertices, so the matrix that refines the rest shape also
refines each blendshape delta and each skin weight. Boundaries are treated as creases.
Source: Catmull and Clark, "Recursively generated B-spline surfaces on arbitrary topological meshes", 1978.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Refined:
    """A refined quad mesh whose vertices are split along UV seams."""

    matrix: sp.csr_matrix
    """(unsplit vertices, coarse vertices): rows sum to one."""
    unsplit: Ints
    """(vertices,) row of `matrix` each split vertex comes from."""
    uv: Floats
    """(vertices, 2)"""
    faces: Ints
    """(faces, 4) into the split vertices."""
    unsplit_faces: Ints
    """(faces, 4) into the rows of `matrix`: the same surface, closed across UV seams."""
    parent: Ints
    """(faces,) the coarse face each face comes from."""

    def apply(self, values: Floats) -> Floats:
        """Carries (coarse vertices, ...) values to (vertices, ...)."""
        flat = values.reshape(len(values), -1)
        return np.asarray(self.matrix @ flat)[self.unsplit].reshape(-1, *values.shape[1:])


def refine(faces: Ints, uv_faces: Ints, uv: Floats, coarse_count: int, levels: int) -> Refined:
    """Subdivides quads `levels` times; `uv_faces` index `uv` and follow the same faces."""
    used, positions = compact(faces)
    used_uv, corners = compact(uv_faces)
    matrix = sp.csr_matrix((np.ones(len(used)), (np.arange(len(used)), used)), shape=(len(used), coarse_count))
    fine_uv = uv[used_uv]
    parent = np.arange(len(faces))
    for _ in range(levels):
        step, positions_next = catmull_clark(positions, matrix.shape[0])
        uv_step, corners_next = catmull_clark(corners, len(fine_uv))
        matrix = (step @ matrix).tocsr()
        fine_uv = np.asarray(uv_step @ fine_uv)
        positions, corners = positions_next, corners_next
        parent = np.repeat(parent, 4)
    key = positions * np.int64(10**7) + corners
    split, inverse = np.unique(key, return_inverse=True)
    return Refined(
        matrix=matrix,
        unsplit=split // 10**7,
        uv=fine_uv[split % 10**7],
        faces=inverse.reshape(key.shape),
        unsplit_faces=positions,
        parent=parent,
    )


def catmull_clark(faces: Ints, count: int) -> tuple[sp.csr_matrix, Ints]:
    """One step over `count` vertices: (matrix (fine, count), fine faces (4 m, 4)), children of a face adjacent."""
    m = len(faces)
    edges = np.sort(np.stack([faces, np.roll(faces, -1, 1)], -1).reshape(-1, 2), 1)
    unique, inverse, uses = np.unique(edges, axis=0, return_inverse=True, return_counts=True)
    inverse = inverse.reshape(-1)
    e = len(unique)
    of_face = np.repeat(np.arange(m), 4)
    ones = np.ones(4 * m)
    face_point = sp.csr_matrix((ones / 4, (of_face, faces.reshape(-1))), shape=(m, count))
    edge_face = sp.csr_matrix((ones, (inverse, of_face)), shape=(e, m))
    ends = (np.repeat(np.arange(e), 2), unique.reshape(-1))
    middle = sp.csr_matrix((np.full(2 * e, 0.5), ends), shape=(e, count))
    vertex_edge = sp.csr_matrix((np.ones(2 * e), ends[::-1]), shape=(count, e))
    vertex_face = sp.csr_matrix((ones, (faces.reshape(-1), of_face)), shape=(count, m))

    crease = uses != 2
    inner = np.where(crease, 0.0, 0.5)
    edge_point = sp.diags(1.0 - inner) @ middle + sp.diags(inner / 2) @ (edge_face @ face_point)

    valence = np.asarray(vertex_face.sum(1)).ravel()
    edge_valence = np.asarray(vertex_edge.sum(1)).ravel()
    on_crease = np.zeros(count, bool)
    on_crease[unique[crease].reshape(-1)] = True
    corner = (on_crease & (valence == 1)) | (valence == 0)
    k = np.maximum(valence, 1.0)
    same = sp.identity(count, format="csr")
    mean_face = sp.diags(1 / k) @ (vertex_face @ face_point)
    mean_edge = sp.diags(1 / np.maximum(edge_valence, 1)) @ (vertex_edge @ middle)
    smooth = sp.diags(1 / k) @ mean_face + sp.diags(2 / k) @ mean_edge + sp.diags((k - 3) / k) @ same
    crease_edges = vertex_edge @ sp.diags(crease.astype(float))
    crease_count = np.maximum(np.asarray(crease_edges.sum(1)).ravel(), 1)
    creased = 0.5 * same + 0.5 * (sp.diags(1 / crease_count) @ (crease_edges @ middle))
    vertex_point = (
        sp.diags((~on_crease & ~corner).astype(float)) @ smooth
        + sp.diags((on_crease & ~corner).astype(float)) @ creased
        + sp.diags(corner.astype(float)) @ same
    )
    edge_of = count + inverse.reshape(m, 4)
    centre = count + e + np.arange(m)
    children = [np.stack([faces[:, c], edge_of[:, c], centre, edge_of[:, (c + 3) % 4]], 1) for c in range(4)]
    matrix = sp.vstack([vertex_point, edge_point, face_point]).tocsr()
    return matrix, np.stack(children, 1).reshape(-1, 4)


def compact(faces: Ints) -> tuple[Ints, Ints]:
    """(used vertex ids, faces renumbered into them)."""
    used, inverse = np.unique(faces, return_inverse=True)
    return used, inverse.reshape(faces.shape)
