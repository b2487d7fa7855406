"""What arms that move mean for drawing: where they can be, and what they uncover."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from understudy.base.rotation import matrices_from_vectors
from understudy.hub.body import Body, Matrices

ARM_JOINTS = tuple(f"{side}{part}" for side in ("left", "right") for part in ("UpperArm", "LowerArm", "Hand"))
FREE_JOINTS = ("leftShoulder", "rightShoulder", *ARM_JOINTS)
"""What carries cloth and skin that anything may uncover."""
_LIFT_RAD = 1.1
_STEP_M = 0.010
"""How far a hand that may throw a shadow on face or chest moves before shadows are drawn again."""


def arms_lifted() -> Mapping[str, Matrices]:
    """Returns the turns that hold both arms away from the trunk, so that its sides are seen."""
    return {
        f"{side}UpperArm": matrices_from_vectors([0.0, 0.0, sign * _LIFT_RAD])
        for side, sign in (("left", 1.0), ("right", -1.0))
    }


def freedom(body: Body) -> Mapping[int, float]:
    """Returns joint -> how far what it carries moves away from its neighbours at rest, 0..1."""
    shares = {"UpperArm": 0.45, "LowerArm": 1.0, "Hand": 1.0}
    named = {f"{side}{part}": share for side in ("left", "right") for part, share in shares.items()}
    return {body.joint_index[name]: share for name, share in named.items() if name in body.joint_index}


def gesture_space(body: Body) -> npt.NDArray[np.float32]:
    """Returns the (36, 3) edges, at nine heights, of the space that the hands of a body reach; none without arms."""
    if any(name not in body.joint_index for name in ARM_JOINTS):
        return np.zeros((0, 3), np.float32)
    shoulder, elbow, wrist = (body.origin(f"left{part}") for part in ("UpperArm", "LowerArm", "Hand"))
    arm = float(np.linalg.norm(elbow - shoulder) + np.linalg.norm(wrist - elbow))
    x = abs(float(shoulder[0])) + 1.4 * arm  # with the hand, which is two fifths as long
    corners = [
        (side * x, float(shoulder[1]) + up * arm, float(shoulder[2]) + ahead * arm)
        for side in (-1, 1)
        for up in np.linspace(-0.6, 1.0, 9)
        for ahead in (0.0, 1.0)
    ]
    return np.array(corners, np.float32)


def hands_over(body: Body, joints: Matrices, shadow_from_stage: Matrices) -> npt.NDArray[np.float64]:
    """Returns numbers that change by the step of shadows when a hand within the shadow's picture has moved enough.

    joints: stage-from-rest. Hands outside the picture throw no shadow that is drawn, and give zeros.
    """
    out = np.zeros(6)
    for i, side in enumerate(("left", "right")):
        at = body.joint_index.get(f"{side}Hand")
        if at is None:
            continue
        place = joints[at] @ np.append(body.origin(f"{side}Hand"), 1.0)
        seen = shadow_from_stage @ place
        if np.abs(seen[:2] - 0.5).max() < 0.62:
            out[3 * i : 3 * i + 3] = place[:3] * (_SHADOW_STEP_M / _STEP_M)
    return out


_SHADOW_STEP_M = 0.004
"""The step after which `stage` draws shadows again for a head."""
