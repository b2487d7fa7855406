"""What each feeling does to a face: poses in ARKit weights, by the action units of FACS (Ekman & Friesen 1978).

A pose is the feeling at full weight, worn by nobody for long: `emotion` plays it at the weight of the direction. Names
without a side mean both sides.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES, EMOTIONS, SHAPE_INDEX

Floats = npt.NDArray[np.float64]

POSES: Final[dict[str, dict[str, float]]] = {
    # AU 6 + 12 + 25: the cheeks lift and close the eyes a little, teeth show; brows stay free
    "joy": {
        "mouthSmile": 1.0, "cheekSquint": 0.80, "eyeSquint": 0.12, "mouthDimple": 0.18, "mouthUpperUp": 0.46,
        "mouthLowerDown": 0.18, "jawOpen": 0.12, "browInnerUp": 0.12, "browOuterUp": 0.16, "mouthStretch": 0.06,
        "noseSneer": 0.06,
    },
    # AU 1 + 4 + 15 + 17: inner brows rise and meet, corners sink, chin puckers, lids hang
    "sadness": {
        "browInnerUp": 1.0, "browDown": 0.20, "mouthFrown": 0.78, "mouthShrugLower": 0.40, "mouthRollLower": 0.10,
        "eyeBlink": 0.05, "eyeSquint": 0.16, "mouthPress": 0.10, "cheekSquint": 0.12, "mouthStretch": 0.10,
    },
    # AU 4 + 5 + 7 + 23/24: brows down, upper lids up against them, lips tight, nostrils wide
    "anger": {
        "browDown": 1.0, "eyeWide": 0.42, "eyeSquint": 0.34, "noseSneer": 0.55, "mouthPress": 0.50,
        "mouthFrown": 0.34, "mouthUpperUp": 0.10, "jawForward": 0.20, "mouthStretch": 0.14, "mouthRollUpper": 0.22,
        "mouthRollLower": 0.20, "mouthShrugLower": 0.22, "cheekSquint": 0.16,
    },
    # AU 1 + 2 + 4 + 5 + 20 + 26: brows up and together, eyes wide, lips drawn back flat
    "fear": {
        "browInnerUp": 1.0, "browOuterUp": 0.50, "browDown": 0.34, "eyeWide": 1.0, "mouthStretch": 0.88,
        "jawOpen": 0.12, "mouthLowerDown": 0.24, "mouthFrown": 0.18, "eyeSquint": 0.08, "mouthUpperUp": 0.06,
    },
    # AU 9 + 10 + 17: nose wrinkles, upper lip lifts, eyes narrow
    "disgust": {
        "noseSneer": 1.0, "mouthUpperUp": 0.58, "browDown": 0.58, "eyeSquint": 0.55, "cheekSquint": 0.60,
        "mouthFrown": 0.42, "mouthShrugLower": 0.42, "mouthShrugUpper": 0.10, "mouthLowerDown": 0.06,
    },
    # AU 1 + 2 + 5 + 26: everything opens
    "surprise": {
        "browInnerUp": 1.0, "browOuterUp": 1.0, "eyeWide": 0.80, "jawOpen": 0.26, "mouthFunnel": 0.12,
        "mouthUpperUp": 0.05, "mouthLowerDown": 0.05,
    },
    # AU 14 on one side: a corner tightens, the lids are unimpressed
    "contempt": {
        "mouthDimpleLeft": 0.80, "mouthSmileLeft": 0.46, "cheekSquintLeft": 0.34, "mouthPressLeft": 0.30,
        "mouthUpperUpLeft": 0.14, "noseSneerLeft": 0.28, "eyeBlink": 0.08, "eyeSquint": 0.20, "browDownRight": 0.20,
        "browOuterUpLeft": 0.40, "mouthFrownRight": 0.16, "mouthLeft": 0.14,
    },
    # a soft AU 12 with raised inner brows and softened lids
    "tenderness": {
        "mouthSmile": 0.44, "browInnerUp": 0.52, "eyeSquint": 0.18, "cheekSquint": 0.34, "eyeBlink": 0.03,
        "mouthDimple": 0.06, "mouthPress": 0.06, "browOuterUp": 0.06,
    },
    # attitudes
    "sarcasm": {
        "mouthSmileRight": 0.46, "mouthDimpleRight": 0.34, "cheekSquintRight": 0.22, "mouthPressLeft": 0.14,
        "browOuterUpRight": 0.85, "browDownLeft": 0.45, "eyeBlink": 0.09, "eyeSquint": 0.14, "mouthRight": 0.10,
    },
    "confidence": {
        "eyeSquint": 0.16, "browDown": 0.12, "mouthSmile": 0.12, "mouthDimple": 0.12, "mouthPress": 0.10,
        "jawForward": 0.08,
    },
    "doubt": {
        "browInnerUp": 0.60, "browOuterUpLeft": 0.40, "browDownRight": 0.35, "mouthFrown": 0.18, "mouthPress": 0.20,
        "mouthRollLower": 0.16, "mouthShrugLower": 0.20, "eyeSquint": 0.12, "mouthLeft": 0.08,
    },
}  # fmt: skip
"""Feeling or attitude -> pose at full weight."""

FEELINGS: Final = (*EMOTIONS, "sarcasm", "confidence", "doubt")

HEAD_POSTURE_DEG: Final[dict[str, tuple[float, float, float]]] = {
    "joy": (-1.5, 0.0, 2.0), "sadness": (7.0, 0.0, -3.0), "anger": (2.5, 0.0, 0.0), "fear": (-2.0, 0.0, 1.0),
    "disgust": (-2.0, 5.0, -2.0), "surprise": (-3.5, 0.0, 0.0), "contempt": (-5.0, -3.0, 4.0),
    "tenderness": (2.0, 0.0, -6.0), "sarcasm": (-2.0, 2.0, 5.0), "confidence": (-3.0, 0.0, 0.0),
    "doubt": (1.5, -2.0, 5.0),
}  # fmt: skip
"""Pitch (down is positive), yaw and roll of the head at full weight, degrees."""

BLINK_RATE: Final = {"sadness": 1.2, "fear": 1.25, "surprise": 0.6, "anger": 0.7, "doubt": 1.25, "joy": 1.1}
"""Factor on the blink rate at full weight."""

SPOKEN_SHARE: Final[dict[str, float]] = {
    "jawOpen": 0.2, "jawForward": 0.5, "mouthClose": 0.0, "mouthFunnel": 0.15, "mouthPucker": 0.15,
    "mouthPress": 0.12, "mouthRollLower": 0.2, "mouthRollUpper": 0.2, "mouthShrugLower": 0.35,
    "mouthShrugUpper": 0.35, "mouthLowerDown": 0.5, "mouthUpperUp": 0.55, "mouthSmile": 0.78, "mouthFrown": 0.6,
    "mouthDimple": 0.65, "mouthStretch": 0.66, "mouthLeft": 0.7, "mouthRight": 0.7, "tongueOut": 0.0,
    "cheekPuff": 0.0,
}  # fmt: skip
"""How much of a feeling's mouth is left while the lips articulate; what is not named stays whole."""


def sides(name: str) -> list[int]:
    """Returns the columns of a shape named with or without a side."""
    return [SHAPE_INDEX[n] for n in ((name,) if name in SHAPE_INDEX else (f"{name}Left", f"{name}Right"))]


def row(shapes: dict[str, float]) -> Floats:
    """Returns (52,) weights from names with or without a side."""
    weights = np.zeros(len(ARKIT_SHAPES))
    for name, value in shapes.items():
        weights[sides(name)] = value
    return weights


def poses(asymmetry: Floats) -> Floats:
    """Returns (FEELINGS, 52); asymmetry: (52,) factors near 1 that make no face a mirror of itself."""
    return np.stack([row(POSES[name]) for name in FEELINGS]) * asymmetry


def spoken_share() -> Floats:
    """Returns (52,): what speaking leaves of a feeling."""
    share = np.ones(len(ARKIT_SHAPES))
    named = row({name: value + 1.0 for name, value in SPOKEN_SHARE.items()})
    return np.where(named > 0, named - 1.0, share)


def asymmetry(rng: np.random.Generator) -> Floats:
    """Returns (52,) factors: 5 to 15 % between the sides, the same side leading over each half of the face."""
    factors = np.ones(len(ARKIT_SHAPES))
    for group in (("brow",), ("eye", "cheek", "nose"), ("mouth",)):
        part = rng.uniform(0.05, 0.15) * rng.choice([-1.0, 1.0])
        for name, index in SHAPE_INDEX.items():
            if name.startswith(group) and "Blink" not in name and "Look" not in name:
                factors[index] = (
                    1 + part / 2 if name.endswith("Left") else 1 - part / 2 if name.endswith("Right") else 1
                )
    return factors
