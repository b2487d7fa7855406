"""The plain mesh every casting stage works on, and the few things all of them ask of one."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass
class Part:
    """One mesh of an actor, in metres, y up, facing +z, in the actor's rest pose."""

    name: str
    material: str
    positions: Floats
    """(vertices, 3)"""
    normals: Floats
    """(vertices, 3) unit"""
    triangles: Ints
    """(triangles, 3) counter-clockwise from outside"""
    uv: Floats | None = None
    """(vertices, 2), v up"""
    joints: Floats | None = None
    """(vertices, joints) skin weights, rows sum to one; None hangs the part on the eye joint or the head"""
    deltas: Floats | None = None
    """(52, vertices, 3) metres, ARKit order"""
    normal_deltas: Floats | None = None
    """(52, vertices, 3)"""
    strand: Floats | None = None
    """(vertices, 4): unit tangent from root to tip, then root-to-tip 0..1"""
    seed: Floats | None = None
    """(vertices,) one random number in 0..1 per strand or card"""
    colour: Floats | None = None
    """(vertices, 3) linear RGB multiplier"""
    wrinkles: Floats | None = None
    """(vertices, groups) 0..1, see hub.body.Mesh"""
    flush: Floats | None = None
    """(vertices,) 0..1 where blood rushes"""


def triangulate(quads: Ints) -> Ints:
    """(m, 4) -> (2 m, 3)."""
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]], 1).reshape(-1, 3)


def vertex_normals(positions: Floats, triangles: Ints) -> Floats:
    """Area-weighted unit normals (vertices, 3)."""
    a, b, c = (positions[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    total = np.zeros_like(positions)
    for axis in range(3):
        for corner in range(3):
            total[:, axis] += np.bincount(triangles[:, corner], face[:, axis], len(positions))
    return unit(total)


def unit(vectors: Floats) -> Floats:
    """Vectors along the last axis, scaled to length one."""
    result: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return result


def smoothstep(low: float, high: float, x: Floats) -> Floats:
    """0 at `low`, 1 at `high` (which may be the smaller), smooth between."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def neighbour_mean(edges: Ints, count: int) -> sp.csr_matrix:
    """The matrix that replaces each vertex by the mean of its neighbours."""
    rows = np.concatenate([edges[:, 0], edges[:, 1]])
    columns = np.concatenate([edges[:, 1], edges[:, 0]])
    adjacency = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(count, count))
    adjacency.data[:] = 1.0
    return sp.csr_matrix(sp.diags(1.0 / np.maximum(np.asarray(adjacency.sum(1)).ravel(), 1.0)) @ adjacency)


def face_edges(faces: Ints) -> Ints:
    """(edges, 2) unique undirected edges of triangles or quads."""
    pairs = np.stack([faces, np.roll(faces, -1, 1)], -1).reshape(-1, 2)
    return np.unique(np.sort(pairs, 1), axis=0)


class Carrier:
    """A posed surface that other parts ride: each rider keeps its place in the frame of one triangle."""

    def __init__(self, positions: Floats, triangles: Ints, deltas: Floats, weights: Floats) -> None:
        self.positions = positions
        self.triangles = triangles
        self.deltas = deltas
        self.weights = weights
        self._tree = cKDTree(positions[triangles].mean(1))

    def nearest(self, points: Floats) -> Ints:
        """(n,) triangle nearest to each point (by centroid)."""
        return np.asarray(self._tree.query(points)[1])

    def skin_weights(self, triangle: Ints) -> Floats:
        """(n, joints) weights of the ridden triangles."""
        return np.asarray(self.weights[self.triangles[triangle]].mean(1))

    def carry(self, points: Floats, triangle: Ints) -> Floats:
        """(52, n, 3) deltas of points riding rigidly on their triangles."""
        origin, frame = self._frames(self.positions, triangle)
        local = np.einsum("nij,ni->nj", frame, points - origin)
        deltas = np.zeros((len(self.deltas), len(points), 3))
        for index, delta in enumerate(self.deltas):
            moving = np.abs(delta[self.triangles[triangle]]).max((1, 2)) > 1e-6
            if moving.any():
                to, turned = self._frames(self.positions + delta, triangle[moving])
                deltas[index, moving] = to + np.einsum("nij,nj->ni", turned, local[moving]) - points[moving]
        return deltas

    def carry_whole(
        self,
        points: Floats,
        roots: Floats,
        owner: Ints,
        neighbours: int = 24,
        among: Ints | None = None,
        turning: float = 1.0,
    ) -> Floats:
        """(52, n, 3) deltas of points that ride, all of one owner together, on the skin about that owner's root.

        roots: (owners, 3); owner: (n,); among: the vertices that count, all without. turning: how much of the turn of
        the skin the shaft follows. The rigid motion is the best fit of the nearest vertices (Kabsch, 1976).
        """
        ids = np.arange(len(self.positions)) if among is None else among
        _, near = cKDTree(self.positions[ids]).query(roots, k=min(neighbours, len(ids)))
        near = ids[near]
        rest = self.positions[near]
        middle = rest.mean(1)
        deltas = np.zeros((len(self.deltas), len(points), 3))
        for index, delta in enumerate(self.deltas):
            moved = rest + delta[near]
            if np.abs(delta[near]).max() < 1e-6:
                continue
            to = moved.mean(1)
            u, _, vt = np.linalg.svd(np.einsum("oki,okj->oij", rest - middle[:, None], moved - to[:, None]))
            flip = np.ones((len(roots), 3))
            flip[:, 2] = np.sign(np.linalg.det(np.einsum("oji,okj->oik", vt, u)))
            turn = np.einsum("oji,oj,okj->oik", vt, flip, u)
            local = points - roots[owner]
            # the root follows its own patch; the shaft turns with it
            step = to - middle + np.einsum("oij,oj->oi", turn, roots - middle) - (roots - middle)
            if turning != 1.0:
                turn = Rotation.from_rotvec(Rotation.from_matrix(turn).as_rotvec() * turning).as_matrix()
            deltas[index] = np.einsum("nij,nj->ni", turn[owner], local) - local + step[owner]
        return deltas

    def _frames(self, positions: Floats, triangle: Ints) -> tuple[Floats, Floats]:
        a, b, c = (positions[self.triangles[triangle, k]] for k in range(3))
        x = unit(b - a)
        n = unit(np.cross(x, c - a))
        return (a + b + c) / 3, np.stack([x, np.cross(n, x), n], -1)
