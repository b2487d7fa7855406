"""Turns of joints against the rest pose -> what skeletons elsewhere store: each joint in the frame of its parent."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Joint

Floats = npt.NDArray[np.float64]


def local_matrices(joint: Joint, local_rest: npt.ArrayLike, turns: Mapping[str, Floats], frames: int) -> Floats:
    """Returns (frames, 4, 4) parent-from-joint of a joint.

    local_rest: parent-from-joint at rest. With about = turn about the joint's place in model axes and rest =
    model-from-joint, it is (local_rest rest^-1) about rest: see hub.body.Body.matrices.
    """
    rest = np.asarray(joint.rest, np.float64)
    if joint.name not in turns:
        return np.broadcast_to(np.asarray(local_rest, np.float64), (frames, 4, 4))
    turn = turns[joint.name]
    about = turn.copy()
    about[:, :3, 3] = turn[:, :3, 3] + joint.origin - turn[:, :3, :3] @ joint.origin
    return np.asarray(np.asarray(local_rest, np.float64) @ np.linalg.inv(rest) @ about @ rest)


def parts(matrices: Floats) -> tuple[Floats, Floats, Floats]:
    """Returns translations (frames, 3), rotations (frames, 4) as x, y, z, w, and scales (frames, 3)."""
    scales = np.linalg.norm(matrices[:, :3, :3], axis=1)
    return matrices[:, :3, 3].copy(), quaternions(matrices[:, :3, :3] / scales[:, None, :]), scales


def quaternions(rotations: Floats) -> Floats:
    """Returns (n, 4) x, y, z, w of (n, 3, 3) rotations; each lies on the side of the one before it."""
    from scipy.spatial.transform import Rotation

    out = np.asarray(Rotation.from_matrix(rotations).as_quat(), np.float64)
    flips = np.where(np.einsum("ni,ni->n", out[1:], out[:-1]) < 0, -1.0, 1.0)
    out[1:] *= np.cumprod(flips)[:, None]
    return out if out[0, 3] >= 0 else -out
