"""What goes through what, on the mesh itself: nothing here knows how the body keeps its hands away."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.channels import BODY, GAZE, HEAD
from understudy.hub.body import Body
from understudy.hub.performance import Performance, Pose
from understudy.render.posing import joint_turns

Floats = npt.NDArray[np.floating[Any]]

ARMS = ("UpperArm", "LowerArm", "Hand")


def part(body: Body, mesh: str, joints: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Returns a mask of the vertices whose strongest joint is one of `joints`."""
    m = body.mesh(mesh)
    strongest = m.joints[np.arange(len(m.joints)), m.weights.argmax(1)]
    return np.asarray(np.isin(strongest, [body.joint_index[j] for j in joints]))


def inside(points: Floats, corners: Floats) -> npt.NDArray[np.bool_]:
    """Returns which (n, 3) points lie inside a surface of (m, 3, 3) triangles, by signed crossings ahead of them (+z).

    Layers (a shirt over skin) count as one body. Only what lies in the way of the points is looked at.
    """
    low, high = points.min(0) - 1e-6, points.max(0) + 1e-6
    near = (
        (corners[..., 0].max(1) >= low[0])
        & (corners[..., 0].min(1) <= high[0])
        & (corners[..., 1].max(1) >= low[1])
        & (corners[..., 1].min(1) <= high[1])
    )
    a, b, c = (corners[near, i] for i in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    solid = np.abs(area) > 1e-12
    a, b, c, area = a[solid], b[solid], c[solid], area[solid]
    crossings = np.zeros(len(points), np.int64)
    for start in range(0, len(points), 400):
        p = points[start : start + 400, None]
        u = ((b[:, 0] - p[..., 0]) * (c[:, 1] - p[..., 1]) - (b[:, 1] - p[..., 1]) * (c[:, 0] - p[..., 0])) / area
        v = ((c[:, 0] - p[..., 0]) * (a[:, 1] - p[..., 1]) - (c[:, 1] - p[..., 1]) * (a[:, 0] - p[..., 0])) / area
        w = 1 - u - v
        z = u * a[:, 2] + v * b[:, 2] + w * c[:, 2]
        hit = (u >= 0) & (v >= 0) & (w >= 0) & (z > p[..., 2])
        crossings[start : start + 400] = (hit * np.sign(area)).sum(1)
    return np.asarray(crossings >= 1)


class Touching:
    """The hands of an actor against its trunk and head, and against the other arm."""

    def __init__(self, body: Body) -> None:
        self._body = body
        trunk = [j.name for j in body.joints if not j.name.endswith(ARMS)]
        # every third vertex lies about 3 mm from the next
        self._hands = {side: np.flatnonzero(part(body, "skin", [f"{side}Hand"]))[::3] for side in ("left", "right")}
        self._trunk = [
            (mesh, self._faces(mesh, part(body, mesh, trunk)))
            for mesh in ("clothes", "clothesTrim", "skin")
            if any(m.name == mesh for m in body.meshes)
        ]
        self._arms = {
            side: [
                (mesh, self._faces(mesh, part(body, mesh, [f"{side}LowerArm", f"{side}Hand"])))
                for mesh in ("clothes", "skin")
            ]
            for side in ("left", "right")
        }

    def _faces(self, mesh: str, mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
        triangles = self._body.mesh(mesh).triangles
        return np.asarray(triangles[mask[triangles].all(1)])

    def at(self, pose: Pose) -> dict[str, int]:
        """Returns how many vertices of each hand are inside trunk or head, and inside the other arm."""
        turns = joint_turns(pose)
        placed = {m: self._body.posed(m, turns=turns).astype(float) for m, _ in self._trunk}
        trunk = np.concatenate([placed[m][faces] for m, faces in self._trunk])
        found = {}
        for side, other in (("left", "right"), ("right", "left")):
            hand = placed["skin"][self._hands[side]]
            arm = np.concatenate([placed[m][faces] for m, faces in self._arms[other]])
            found[f"{side} in trunk"] = int(inside(hand, trunk).sum())
            found[f"{side} in {other} arm"] = int(inside(hand, arm).sum())
        return found


def poses_of(take: Performance, frames: Sequence[int]) -> list[Pose]:
    """Returns the poses of animation frames of a take."""
    face = np.zeros(52, np.float32)
    return [
        Pose(f / 60, face, take.tracks[HEAD].values[f], take.tracks[GAZE].values[f], take.tracks[BODY].values[f])
        for f in frames
    ]
