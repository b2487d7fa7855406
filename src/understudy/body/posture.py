"""Posture: what a feeling does to the spine and the shoulders at full weight, and the reach of breath and accents.

Rotation vectors against the rest pose in degrees, axes of `base.channels` (about x: forward is positive; about y: to
the actor's left; about z: towards the actor's right). The right side mirrors the left. The neck is not
named: it rights the head against all of these (`righted`), so that the head stands in space as the face says and the
eyes keep what they look at.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.base.channels import BODY_CHANNELS

Floats = npt.NDArray[np.float64]

_ROWS: Final[dict[str, dict[str, float]]] = {
    "joy": {"spine.x": -1.0, "chest.x": -1.5, "upperChest.x": -1.0, "leftShoulder.z": 1.0},
    "sadness": {"spine.x": 3.0, "chest.x": 3.0, "upperChest.x": 3.5, "leftShoulder.y": -5.0,
                "leftShoulder.z": -3.0},
    "anger": {"spine.x": 2.5, "chest.x": 0.5, "upperChest.x": -1.0, "leftShoulder.z": 2.5},
    "fear": {"spine.x": -2.0, "chest.x": 1.0, "upperChest.x": 1.5, "leftShoulder.z": 5.0, "leftShoulder.y": -3.0,
             "neck.x": -1.0},
    "disgust": {"spine.x": -2.5, "chest.x": -1.0, "upperChest.y": 3.0},
    "surprise": {"spine.x": -2.0, "chest.x": -1.5, "leftShoulder.z": 2.0},
    "contempt": {"spine.x": -1.5, "chest.x": -1.5, "upperChest.y": -2.0, "leftShoulder.z": -0.5},
    "tenderness": {"spine.x": 1.5, "chest.x": 0.5, "upperChest.z": 1.5, "leftShoulder.z": -1.0},
    "confidence": {"spine.x": -1.0, "chest.x": -2.0, "upperChest.x": -2.5, "leftShoulder.y": 3.0,
                   "leftShoulder.z": -1.0},
    "doubt": {"spine.x": 1.0, "chest.x": 1.0, "leftShoulder.z": 2.5, "leftShoulder.y": -2.0},
    "sarcasm": {"spine.z": 1.0, "upperChest.z": -2.0},
}  # fmt: skip

BREATH: Final = {"chest.x": -0.7, "upperChest.x": -1.3, "spine.x": -0.3, "leftShoulder.z": 1.6}
"""From an empty to a full chest."""
ACCENT: Final = {"spine.x": 0.5, "chest.x": 0.6, "upperChest.x": 0.9, "leftShoulder.z": 0.5}
"""A full accent."""
SHIFT: Final = {"hips.z": 0.8, "spine.z": -0.6, "chest.z": -0.7, "hips.y": 0.6, "upperChest.y": 0.7}
"""One standard deviation of weight on the other foot."""


def row(angles_deg: Mapping[str, float]) -> Floats:
    """Returns (len(BODY_CHANNELS),) radians; what is said of the left shoulder or arm is mirrored to the right."""
    out = np.zeros(len(BODY_CHANNELS))
    for channel, angle in angles_deg.items():
        out[BODY_CHANNELS.index(channel)] += np.radians(angle)
        if channel.startswith("left"):
            sign = 1.0 if channel.endswith(".x") else -1.0
            out[BODY_CHANNELS.index("right" + channel[4:])] += sign * np.radians(angle)
    return out


def righted(body: Floats) -> Floats:
    """Returns the (frames, len(BODY_CHANNELS)) body with the neck turned back by what the trunk below it turns."""
    out = body.copy()
    for axis in "xyz":
        below = [BODY_CHANNELS.index(f"{joint}.{axis}") for joint in ("hips", "spine", "chest", "upperChest")]
        out[:, BODY_CHANNELS.index(f"neck.{axis}")] = -body[:, below].sum(axis=1)
    return out


POSTURES: Final = {name: row(angles) for name, angles in _ROWS.items()}
"""Feeling -> (len(BODY_CHANNELS),) at full weight."""
