"""The triangles a cloud of Gaussians rides: each as the affine map from its rest place to where a pose puts it.

    rest vertex + shapes --joints--> posed corners: x -> edges @ inverse(edges at rest) @ (x - corner at rest) + corner

The third edge is the unit normal, so a Gaussian is stretched as the skin under it is and keeps its thickness. Hair of
the head rides the joint itself.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES
from understudy.base.errors import BadInput
from understudy.hub.body import Body, Matrices
from understudy.render.splat.compiled import alone, parallel, prange

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_FLAT_M = 1e-6
"""Shortest side a triangle counts as having, so that slivers have an inverse."""


class Carriers:
    """Every triangle of the meshes a cloud names, then every joint, by number.

    meshes: names. first: (meshes + 1,) number of the first triangle of each mesh; joint j is first[-1] + j.
    """

    def __init__(self, body: Body, meshes: tuple[str, ...]) -> None:
        found = {mesh.name: mesh for mesh in body.meshes}
        if missing := [name for name in meshes if name not in found]:
            raise BadInput(f"This body has no mesh {', '.join(missing)}; train its avatar again.")
        self.body, self.meshes = body, tuple(found[name] for name in meshes)
        counts = [len(mesh.triangles) for mesh in self.meshes]
        self.first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        self.count = int(self.first[-1]) + len(body.joints)

    def of_mesh(self, name: str) -> int:
        """Returns the number of the first triangle of a mesh."""
        return int(self.first[[mesh.name for mesh in self.meshes].index(name)])

    def of_joint(self, joint: str) -> int:
        """Returns the number of a joint."""
        return int(self.first[-1]) + self.body.joint_index[joint]

    def joint_of(self) -> Ints:
        """Returns (carriers, 2) the two joints that hold each carrier most."""
        return np.concatenate([*(self._held(mesh)[0] for mesh in self.meshes), self._themselves()])

    def share_of(self) -> Floats:
        """Returns (carriers,) the share of the first of those two."""
        ones = np.ones(len(self.body.joints), np.float32)
        return np.concatenate([*(self._held(mesh)[1] for mesh in self.meshes), ones])

    def _themselves(self) -> Ints:
        return np.repeat(np.arange(len(self.body.joints), dtype=np.int32)[:, None], 2, 1)

    def _held(self, mesh: Any) -> tuple[Ints, Floats]:
        total = np.zeros((len(mesh.triangles), len(self.body.joints)), np.float32)
        rows = np.arange(len(mesh.triangles))
        for corner in range(3):
            vertex = mesh.triangles[:, corner]
            for k in range(4):
                np.add.at(total, (rows, mesh.joints[vertex, k].astype(int)), mesh.weights[vertex, k])
        order = np.argsort(-total, 1)[:, :2]
        both = np.take_along_axis(total, order, 1)
        return order.astype(np.int32), np.asarray(both[:, 0] / np.maximum(both.sum(1), 1e-6), np.float32)


class Riding:
    """Poses the carriers that are used. used: (m,) their numbers, sorted."""

    def __init__(self, carriers: Carriers, used: Ints) -> None:
        self._body = carriers.body
        self.used = used
        corners: list[Ints] = []
        rest: list[Floats] = []
        joints: list[Ints] = []
        weights: list[Floats] = []
        moves: list[tuple[Ints, int, Floats]] = []
        count = 0
        for number, mesh in enumerate(carriers.meshes):
            low, high = carriers.first[number : number + 2]
            triangles = mesh.triangles[used[(used >= low) & (used < high)] - low]
            vertices, local = np.unique(triangles.ravel(), return_inverse=True)
            corners.append((local.reshape(-1, 3) + count).astype(np.int32))
            rest.append(mesh.positions[vertices])
            joints.append(mesh.joints[vertices].astype(np.int32))
            weights.append(mesh.weights[vertices])
            where = np.full(len(mesh.positions), -1, np.int32)
            where[vertices] = np.arange(len(vertices)) + count
            for index, name in enumerate(ARKIT_SHAPES):
                if name in mesh.morphs:
                    at = where[mesh.morphs[name].vertices]
                    moves.append((at[at >= 0], index, mesh.morphs[name].positions[at >= 0]))
            count += len(vertices)
        on_joint = used[used >= carriers.first[-1]] - carriers.first[-1]
        corners.append(np.stack([-1 - on_joint, on_joint, on_joint], 1).astype(np.int32))
        self._corners = np.concatenate(corners)
        self._rest = np.concatenate(rest).astype(np.float32)
        self._joints = np.concatenate(joints)
        self._weights = np.concatenate(weights).astype(np.float32)
        self._moves = _by_vertex(moves, count)
        self._inverse, self._origin = _rest_frames(self._rest, self._corners)
        self._posed = np.empty_like(self._rest)
        self.maps = np.zeros((len(used), 3, 4), np.float32)
        """(m, 3, 4) posed-from-rest of each carrier in the pose taken last."""

    def take(self, face: npt.ArrayLike, joints: Matrices) -> Floats:
        """Returns `maps` for 52 face weights and (j, 4, 4) posed-from-rest joints."""
        mats = np.ascontiguousarray(joints[:, :3, :], np.float32)
        with alone:
            _pose(
                self._rest, *self._moves, np.asarray(face, np.float32), mats, self._joints, self._weights, self._posed
            )
            _frames(self._posed, self._corners, self._inverse, self._origin, mats, self.maps)
        return self.maps


def _by_vertex(moves: list[tuple[Ints, int, Floats]], count: int) -> tuple[Ints, Ints, Floats]:
    """Returns start (count + 1,), shape and offset (k, 3) of what moves each vertex."""
    if not moves:
        return np.zeros(count + 1, np.int32), np.zeros(0, np.int32), np.zeros((0, 3), np.float32)
    vertex = np.concatenate([m[0] for m in moves])
    shape = np.concatenate([np.full(len(m[0]), m[1], np.int32) for m in moves])
    offset = np.concatenate([m[2] for m in moves]).astype(np.float32)
    order = np.argsort(vertex, kind="stable")
    start = np.searchsorted(vertex[order], np.arange(count + 1)).astype(np.int32)
    return start, shape[order], np.ascontiguousarray(offset[order])


def _rest_frames(rest: Floats, corners: Ints) -> tuple[Floats, Floats]:
    """Returns (m, 3, 3) inverse edges at rest and (m, 3) the first corner."""
    safe = np.where(corners[:, :1] < 0, 0, corners)
    a, b, c = (rest[safe[:, k]] for k in range(3)) if len(rest) else (np.zeros((len(corners), 3)),) * 3
    edges = np.stack([b - a, c - a, np.cross(b - a, c - a)], -1).astype(np.float64)
    area = np.linalg.norm(edges[..., 2], axis=1, keepdims=True)
    edges[..., 2] /= np.maximum(area, _FLAT_M**2)
    flat = (area[:, 0] < _FLAT_M**2) | (corners[:, 0] < 0)
    edges[flat] = np.eye(3)
    return np.linalg.inv(edges).astype(np.float32), a.astype(np.float32)


@parallel
def _pose(rest, start, shape, offset, face, mats, joints, weights, out):
    for v in prange(len(rest)):
        x, y, z = rest[v, 0], rest[v, 1], rest[v, 2]
        for k in range(start[v], start[v + 1]):
            w = face[shape[k]]
            if w != 0.0:
                x += w * offset[k, 0]
                y += w * offset[k, 1]
                z += w * offset[k, 2]
        px = py = pz = np.float32(0.0)
        for k in range(4):
            w = weights[v, k]
            if w > 0.0:
                m = mats[joints[v, k]]
                px += w * (m[0, 0] * x + m[0, 1] * y + m[0, 2] * z + m[0, 3])
                py += w * (m[1, 0] * x + m[1, 1] * y + m[1, 2] * z + m[1, 3])
                pz += w * (m[2, 0] * x + m[2, 1] * y + m[2, 2] * z + m[2, 3])
        out[v, 0], out[v, 1], out[v, 2] = px, py, pz


@parallel
def _frames(posed, corners, inverse, origin, mats, out):
    for t in prange(len(corners)):
        if corners[t, 0] < 0:
            out[t] = mats[corners[t, 1]]
            continue
        a, b, c = corners[t, 0], corners[t, 1], corners[t, 2]
        e0 = posed[b, 0] - posed[a, 0]
        e1 = posed[b, 1] - posed[a, 1]
        e2 = posed[b, 2] - posed[a, 2]
        f0 = posed[c, 0] - posed[a, 0]
        f1 = posed[c, 1] - posed[a, 1]
        f2 = posed[c, 2] - posed[a, 2]
        n0 = e1 * f2 - e2 * f1
        n1 = e2 * f0 - e0 * f2
        n2 = e0 * f1 - e1 * f0
        scale = np.float32(1.0) / max(np.sqrt(n0 * n0 + n1 * n1 + n2 * n2), np.float32(1e-12))
        n0 *= scale
        n1 *= scale
        n2 *= scale
        i = inverse[t]
        for k in range(3):
            out[t, 0, k] = e0 * i[0, k] + f0 * i[1, k] + n0 * i[2, k]
            out[t, 1, k] = e1 * i[0, k] + f1 * i[1, k] + n1 * i[2, k]
            out[t, 2, k] = e2 * i[0, k] + f2 * i[1, k] + n2 * i[2, k]
        for r in range(3):
            out[t, r, 3] = posed[a, r] - (
                out[t, r, 0] * origin[t, 0] + out[t, r, 1] * origin[t, 1] + out[t, r, 2] * origin[t, 2]
            )
