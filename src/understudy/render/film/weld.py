"""A glTF mesh as a path tracer wants it: points doubled by seams are one again, quads are quads."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Mesh, Morph

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_SAME_M = 2e-6


@dataclass(frozen=True, eq=False)
class Welded:
    """mesh: its points once each (its triangles are not to be used). corners, sizes: faces of three or four corners.

    uv: (corners, 2) with v upwards, or None. new: old point -> new point. old: new point -> one of its old ones.
    """

    mesh: Mesh
    corners: Ints
    sizes: Ints
    uv: Floats | None
    new: Ints
    old: Ints


def weld(mesh: Mesh) -> Welded:
    """Returns the welded mesh. Points are one when place, normal and skin weights agree."""
    key = np.hstack(
        [
            np.rint(mesh.positions / _SAME_M).astype(np.int64),
            np.rint(mesh.normals * 8).astype(np.int64),
            mesh.joints.astype(np.int64),
            np.rint(mesh.weights * 60).astype(np.int64),
        ]
    )
    _, old, new = np.unique(key, axis=0, return_index=True, return_inverse=True)
    new = new.reshape(-1)
    slot = np.full(len(key), -1, np.int64)
    slot[old] = np.arange(len(old))
    morphs = {}
    for name, morph in mesh.morphs.items():
        kept = slot[morph.vertices] >= 0
        ids = slot[morph.vertices[kept]]
        morphs[name] = Morph(ids.astype(np.int32), morph.positions[kept], morph.normals[kept])

    def taken(values: Any) -> Any:
        return None if values is None else values[old]

    joined = replace(
        mesh,
        positions=mesh.positions[old],
        normals=mesh.normals[old],
        joints=mesh.joints[old],
        weights=mesh.weights[old],
        morphs=morphs,
        uv=None,
        strand=taken(mesh.strand),
        seed=taken(mesh.seed),
        colour=taken(mesh.colour),
        wrinkles=taken(mesh.wrinkles),
        flush=taken(mesh.flush),
    )
    faces, sizes = _faces(mesh.triangles.astype(np.int64))
    kept = _whole(new[faces], sizes)
    faces, sizes = faces[np.repeat(kept, sizes)], sizes[kept]
    uv = None
    if mesh.uv is not None:
        uv = mesh.uv[faces] * np.array([1, -1], np.float32) + np.array([0, 1], np.float32)
    return Welded(joined, new[faces], sizes, uv, new, old)


def _faces(triangles: Ints) -> tuple[Ints, Ints]:
    """Returns (corners, sizes): two triangles in a row that share a diagonal, (a, b, c) (a, c, d), are one quad."""
    even = triangles[: len(triangles) // 2 * 2].reshape(-1, 2, 3)
    quad = (even[:, 0, 0] == even[:, 1, 0]) & (even[:, 0, 2] == even[:, 1, 1])
    corners = np.full((len(triangles), 4), -1, np.int64)
    corners[:, :3] = triangles
    firsts = 2 * np.flatnonzero(quad)
    corners[firsts] = np.hstack([even[quad, 0], even[quad, 1, 2:]])
    kept = np.ones(len(triangles), bool)
    kept[firsts + 1] = False
    corners = corners[kept]
    sizes = (corners >= 0).sum(1)
    return corners[corners >= 0], sizes.astype(np.int64)


def _whole(corners: Ints, sizes: Ints) -> npt.NDArray[np.bool_]:
    """Tells which faces have no corner twice once their points are welded."""
    face = np.repeat(np.arange(len(sizes)), sizes)
    pairs = np.unique(np.stack([face, corners], 1), axis=0)
    return np.asarray(np.bincount(pairs[:, 0], minlength=len(sizes)) == sizes)
