"""Passes of a traced picture: what the tracer knew of every pixel, and where the face is in it."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Body, Matrices
from understudy.hub.passes import Passes
from understudy.hub.performance import Pose
from understudy.render.film.lens import BLENDER_FROM_STAGE, Lens
from understudy.render.film.temporal import Traced
from understudy.render.framing import Camera, stage_from_model
from understudy.render.openings import lid_edges
from understudy.render.posing import joint_turns

Floats = npt.NDArray[np.float32]
Landmarks = dict[str, tuple[float, float, float]]


def passes_of(
    traced: Traced,
    rect: tuple[int, int, int, int],
    size_px: tuple[int, int],
    found: Mapping[str, tuple[float, float, float]],
) -> Passes:
    """Returns the passes at the size of the picture; a coarser tracing is enlarged point by point."""
    width, height = size_px
    x, y, w, h = rect
    th, tw = traced.away_m.shape
    rows = np.minimum((np.arange(h) * th) // h, th - 1)
    columns = np.minimum((np.arange(w) * tw) // w, tw - 1)

    def whole(plane: Floats, empty: float) -> Floats:
        out = np.full((height, width, *plane.shape[2:]), empty, np.float32)
        out[y : y + h, x : x + w] = plane[rows[:, None], columns[None]][: height - y, : width - x]
        return out

    mask = traced.colour[..., 3]
    there = mask > 1e-3
    depth = np.where(there, traced.away_m, np.inf).astype(np.float32)
    normal = (traced.normal @ BLENDER_FROM_STAGE[:3, :3]).astype(np.float32)
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
    normal[~there] = 0
    return Passes(whole(depth, np.inf), whole(normal, 0), whole(traced.albedo, 0), whole(mask, 0), dict(found))


def landmarks(body: Body, pose: Pose, camera: Camera, size_px: tuple[int, int]) -> Landmarks:
    """Returns pupils, lids, lips, tip of the nose and chin, by name: x, y in the picture's pixels, metres away."""
    lens = Lens.of(camera.clip_from_stage(), size_px)
    joints = stage_from_model(body, camera) @ body.matrices(joint_turns(pose))
    skin = max(
        (m for m in body.meshes if m.material.name.lower().startswith("skin")),
        key=lambda mesh: len(mesh.positions),
        default=None,
    )
    places: dict[str, npt.NDArray[np.floating]] = {}
    if skin is not None:
        shaped = body.shaped(skin, pose.face)
        turned = np.einsum("nk,nkij->nij", skin.weights, joints[skin.joints][..., :3, :])
        points = np.einsum("nij,nj->ni", turned[..., :3], shaped) + turned[..., 3]
        for number, pair in enumerate(skin.extras.get("lips", ())):
            for side in ("upper", "lower"):
                places[f"lip.{side}.{number}"] = points[int(pair[side])]
        places |= _profile(body, skin.positions, points)
    for eye in ("leftEye", "rightEye"):
        if eye in body.joint_index:
            ball = next((m for m in body.meshes if m.anchor == eye and "radius" in m.extras), None)
            radius = float(ball.extras["radius"]) if ball else 0.0145
            matrix = joints[body.joint_index[eye]]
            front = body.origin(eye) + np.array([0, 0, radius])
            places[f"pupil.{eye[:-3]}"] = matrix[:3, :3] @ front + matrix[:3, 3]
            if skin is not None:
                places |= _lids(eye[:-3], lid_edges(skin, body.origin(eye), radius), pose, joints, body)
    if not places:
        return {}
    at = np.array(list(places.values())) @ BLENDER_FROM_STAGE[:3, :3].T
    pixels, away = lens.project(at.astype(np.float32)), lens.away_m(at.astype(np.float32))
    return {name: (float(p[0]), float(p[1]), float(d)) for name, p, d in zip(places, pixels, away, strict=True)}


def _profile(body: Body, rest: Floats, points: npt.NDArray[np.floating]) -> dict[str, npt.NDArray[np.floating]]:
    """Returns the tip of the nose and the chin: the foremost points on the middle line, above and below the lips."""
    if "leftEye" not in body.joint_index or "rightEye" not in body.joint_index:
        return {}
    eyes = (body.origin("leftEye") + body.origin("rightEye")) / 2
    middle = np.abs(rest[:, 0] - eyes[0]) < 0.006
    found = {}
    for name, low, high in (("nose.tip", -0.065, -0.015), ("chin", -0.125, -0.092)):
        near = np.flatnonzero(middle & (rest[:, 1] > eyes[1] + low) & (rest[:, 1] < eyes[1] + high))
        if len(near):
            found[name] = points[near[rest[near, 2].argmax()]]
    return found


def _lids(side: str, edges: object, pose: Pose, joints: Matrices, body: Body) -> dict[str, npt.NDArray[np.floating]]:
    if not isinstance(edges, tuple):
        return {}
    head = joints[body.joint_index["head"]] if "head" in body.joint_index else joints[0]
    found = {}
    for name, edge in zip(("upper", "lower"), edges, strict=True):
        moved = edge.rest + edge.moves @ pose.face
        order = np.argsort(moved[:, 0])
        for number, i in enumerate(order[np.linspace(0, len(order) - 1, 5).astype(int)]):
            found[f"lid.{side}.{name}.{number}"] = head[:3, :3] @ moved[i] + head[:3, 3]
    return found
