"""What the brightness of a Gaussian may follow: the face, where the eyes look, how the head is held, blood, tears."""

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES
from understudy.hub.performance import Pose

MIXES = 10
"""Mixtures of drivers that each Gaussian takes its share of."""
_HEAD = ("headPitch", "headYaw", "headRoll")
_GAZE = ("leftGazePitch", "leftGazeYaw", "rightGazePitch", "rightGazeYaw")
DRIVERS = (*ARKIT_SHAPES, *_HEAD, *_GAZE, "flush", "tears")
_SCALE = 3.0
"""Radians of head and gaze are made as large as weights."""


def drivers(pose: Pose) -> npt.NDArray[np.float32]:
    """Returns (len(DRIVERS),) of a pose."""
    complexion = np.zeros(2, np.float32)
    complexion[: len(pose.complexion)] = pose.complexion[:2]
    turned = np.concatenate([np.asarray(pose.head[:3]), np.asarray(pose.gaze)[:4]]) * _SCALE
    return np.concatenate([pose.face, turned, complexion]).astype(np.float32)
