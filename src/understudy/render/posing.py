"""One pose of a performance -> the turn of every joint."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from understudy.base.channels import BODY_JOINTS
from understudy.base.rotation import matrix_from_pitch_yaw_roll, matrix_from_vector
from understudy.hub.body import Matrices
from understudy.hub.performance import Pose

NECK_SHARE = 0.4
"""Share of the head's turn that the neck takes; the joint at the skull takes the rest (White & Panjabi, "Clinical
Biomechanics of the Spine", 1990: about half of nodding and turning happens below the first two vertebrae)."""
_BREATH_LIFT_M = 0.005
_BREATH_TILT_RAD = 0.022
_SHOULDER_RAD = 0.045


def joint_turns(pose: Pose) -> Mapping[str, Matrices]:
    """Returns joint name -> (4, 4) turn (and shift) against the rest pose, about the joint, in model axes."""
    vectors = np.asarray(pose.body[: 3 * len(BODY_JOINTS)], np.float64).reshape(-1, 3)
    turns = {name: _turn(matrix_from_vector(v)) for name, v in zip(BODY_JOINTS, vectors, strict=True)}
    breath = float(pose.body[-1])
    turns["upperChest"][:3, :3] = turns["upperChest"][:3, :3] @ matrix_from_vector(
        np.array([-_BREATH_TILT_RAD * breath, 0, 0])
    )
    turns["upperChest"][1, 3] = _BREATH_LIFT_M * breath
    for side, sign in (("left", 1.0), ("right", -1.0)):
        lift = matrix_from_vector(np.array([0, 0, sign * _SHOULDER_RAD * breath]))
        turns[f"{side}Shoulder"][:3, :3] = lift @ turns[f"{side}Shoulder"][:3, :3]
        turns[f"{side}UpperArm"][:3, :3] = lift.T @ turns[f"{side}UpperArm"][:3, :3]
    pitch, yaw, roll = (float(a) for a in pose.head[:3])
    lower = matrix_from_pitch_yaw_roll(
        NECK_SHARE * pitch + _BREATH_TILT_RAD * breath, NECK_SHARE * yaw, NECK_SHARE * roll
    )
    rest = 1 - NECK_SHARE
    turns["neck"][:3, :3] = turns["neck"][:3, :3] @ lower
    turns["neck"][:3, 3] = NECK_SHARE * np.asarray(pose.head[3:6], np.float64)
    turns["head"] = _turn(matrix_from_pitch_yaw_roll(rest * pitch, rest * yaw, rest * roll))
    turns["head"][:3, 3] = rest * np.asarray(pose.head[3:6], np.float64)
    for name, (look_pitch, look_yaw) in zip(("leftEye", "rightEye"), pose.gaze.reshape(2, 2), strict=True):
        turns[name] = _turn(matrix_from_pitch_yaw_roll(float(look_pitch), float(look_yaw), 0.0))
    return turns


def _turn(rotation: npt.NDArray[np.floating]) -> Matrices:
    out = np.eye(4)
    out[:3, :3] = rotation
    return out
