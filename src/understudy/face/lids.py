"""Lids and looks: the weights round the eyes, consistent with where the eyes point."""

import numpy as np
import numpy.typing as npt

from understudy.base.channels import SHAPE_INDEX

Floats = npt.NDArray[np.float64]

FULL_DEG = {"Out": 25.0, "In": 25.0, "Down": 36.0, "Up": 16.0}
"""The angle at which an eyeLook weight is 1: lids of the house cast then cover as much of the iris as people's do."""


def compose(face: Floats, gaze: Floats, blinks: Floats, shut: Floats) -> Floats:
    """Returns the (frames, 52) face with looks and lids. gaze: (frames, 4); blinks: (frames, 2); shut: (frames,)."""
    out = face.copy()
    for side, name in enumerate(("Left", "Right")):
        pitch, yaw = np.degrees(gaze[:, 2 * side]), np.degrees(gaze[:, 2 * side + 1])
        outward = yaw if name == "Left" else -yaw
        for look, angle in (("Out", outward), ("In", -outward), ("Down", pitch), ("Up", -pitch)):
            out[:, SHAPE_INDEX[f"eyeLook{look}{name}"]] = np.clip(angle / FULL_DEG[look], 0, 1)
        closing = np.maximum(blinks[:, side], shut)
        lid = SHAPE_INDEX[f"eyeBlink{name}"]
        down = out[:, SHAPE_INDEX[f"eyeLookDown{name}"]]
        out[:, lid] = np.clip(1 - (1 - np.clip(out[:, lid], 0, 0.6)) * (1 - closing), 0, 1) * (1 - 0.45 * down)
        out[:, SHAPE_INDEX[f"eyeWide{name}"]] *= (1 - closing) * (1 - 0.5 * down)
        out[:, SHAPE_INDEX[f"eyeSquint{name}"]] *= 1 - 0.5 * closing
    return out
