"""Where every vertex of an actor is seen in a shot, without drawing it: the motion that judges hold a film against."""

from collections.abc import Iterable, Iterator

import numpy as np

from understudy.hub.body import Body, Matrices, Mesh
from understudy.hub.frames import Shot
from understudy.hub.motion import Points, Seen
from understudy.hub.performance import Beat, Pose, poses
from understudy.render.framing import Camera, frame_actor, stage_from_model
from understudy.render.posing import joint_turns


def follow(beats: Iterable[Beat], *, body: Body, shot: Shot, first: int = 0, number: int = 0) -> Iterator[Seen]:
    """Yields where the meshes of a body are in each picture of a shot, as every renderer frames and poses it.

    first: index of the shot's first picture in the film. number: of the shot, to tell cuts. Meshes are those that skin
    or hide a face: everything but clothes. What moves by itself (swinging hair) is given where it rests on the body.
    """
    camera = frame_actor(body, shot)
    meshes = [mesh for mesh in body.meshes if not mesh.material.name.lower().startswith("cloth")]
    for index, pose in enumerate(poses(beats, shot.fps)):
        yield Seen(first + index, _seen(body, meshes, pose, camera.at(pose.time_s), shot), number)


def _seen(body: Body, meshes: list[Mesh], pose: Pose, camera: Camera, shot: Shot) -> dict[str, Points]:
    joints = stage_from_model(body, camera) @ body.matrices(joint_turns(pose))
    clip = camera.clip_from_stage()
    return {mesh.name: _projected(_placed(body, mesh, pose, joints), clip, shot.size_px) for mesh in meshes}


def _placed(body: Body, mesh: Mesh, pose: Pose, joints: Matrices) -> Matrices:
    """Returns the (n, 3) vertices on the set, metres."""
    shaped = body.shaped(mesh, pose.face)
    rows = joints[:, :3, :]
    if mesh.anchor:
        matrix = rows[body.joint_index[mesh.anchor]]
        return np.asarray(shaped @ matrix[:, :3].T + matrix[:, 3])
    out = np.zeros((len(shaped), 3))
    for joint in np.unique(mesh.joints[mesh.weights > 0]):
        share = np.where(mesh.joints == joint, mesh.weights, 0).sum(axis=1)
        at = np.flatnonzero(share)
        out[at] += share[at, None] * (shaped[at] @ rows[joint, :, :3].T + rows[joint, :, 3])
    return out


def _projected(placed: Matrices, clip: Matrices, size_px: tuple[int, int]) -> Points:
    seen = np.c_[placed, np.ones(len(placed))] @ clip.T
    width, height = size_px
    x = (seen[:, 0] / seen[:, 3] + 1) / 2 * width
    y = (1 - seen[:, 1] / seen[:, 3]) / 2 * height
    return np.stack([x, y, seen[:, 3]], axis=1).astype(np.float32)
