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
    # AU 6 + 12 (+ 25): the cheeks lift and close the eyes a little; brows stay free
    "joy": {
        "mouthSmile": 0.72, "cheekSquint": 0.62, "eyeSquint": 0.34, "mouthDimple": 0.16, "mouthUpperUp": 0.14,
        "mouthLowerDown": 0.08, "jawOpen": 0.06, "browInnerUp": 0.10, "browOuterUp": 0.10, "mouthStretch": 0.06,
        "noseSneer": 0.06,
    },
    # AU 1 + 4 + 15 + 17: inner brows rise and meet, corners sink, chin puckers, lids hang
    "sadness": {
        "browInnerUp": 0.78, "browDown": 0.22, "mouthFrown": 0.56, "mouthShrugLower": 0.34, "mouthRollLower": 0.10,
        "eyeBlink": 0.16, "eyeSquint": 0.16, "mouthPress": 0.10, "cheekSquint": 0.10, "mouthStretch": 0.08,
    },
    # AU 4 + 5 + 7 + 23/24: brows down, upper lids up against them, lips tight, nostrils wide
    "anger": {
        "browDown": 0.86, "eyeWide": 0.26, "eyeSquint": 0.48, "noseSneer": 0.38, "mouthPress": 0.42,
        "mouthFrown": 0.22, "mouthUpperUp": 0.12, "jawForward": 0.22, "mouthStretch": 0.12, "mouthRollUpper": 0.14,
        "mouthRollLower": 0.12, "mouthLowerDown": 0.10, "cheekSquint": 0.10,
    },
    # AU 1 + 2 + 4 + 5 + 20 (+ 26): brows up and together, eyes wide, lips drawn back flat
    "fear": {
        "browInnerUp": 0.80, "browOuterUp": 0.34, "browDown": 0.24, "eyeWide": 0.72, "mouthStretch": 0.52,
        "jawOpen": 0.12, "mouthLowerDown": 0.18, "mouthFrown": 0.16, "eyeSquint": 0.08, "mouthUpperUp": 0.06,
    },
    # AU 9 + 10 (+ 17): nose wrinkles, upper lip lifts, eyes narrow
    "disgust": {
        "noseSneer": 0.82, "mouthUpperUp": 0.36, "browDown": 0.46, "eyeSquint": 0.46, "cheekSquint": 0.44,
        "mouthFrown": 0.34, "mouthShrugLower": 0.32, "mouthShrugUpper": 0.18, "mouthLowerDown": 0.06,
    },
    # AU 1 + 2 + 5 + 26: everything opens
    "surprise": {
        "browInnerUp": 0.78, "browOuterUp": 0.72, "eyeWide": 0.66, "jawOpen": 0.24, "mouthFunnel": 0.12,
        "mouthUpperUp": 0.05, "mouthLowerDown": 0.05,
    },
    # AU 14 on one side: a corner tightens, the lids are unimpressed
    "contempt": {
        "mouthDimpleLeft": 0.66, "mouthSmileLeft": 0.38, "cheekSquintLeft": 0.26, "mouthPressLeft": 0.28,
        "mouthUpperUpLeft": 0.12, "noseSneerLeft": 0.20, "eyeBlink": 0.16, "eyeSquint": 0.20, "browDownRight": 0.14,
        "browOuterUpLeft": 0.26, "mouthFrownRight": 0.12, "mouthLeft": 0.12,
    },
    # a soft AU 12 with raised inner brows and softened lids
    "tenderness": {
        "mouthSmile": 0.34, "browInnerUp": 0.36, "eyeSquint": 0.16, "cheekSquint": 0.26, "eyeBlink": 0.08,
        "mouthDimple": 0.06, "mouthPress": 0.06, "browOuterUp": 0.06,
    },
    # attitudes
    "sarcasm": {
        "mouthSmileRight": 0.46, "mouthDimpleRight": 0.34, "cheekSquintRight": 0.22, "mouthPressLeft": 0.14,
        "browOuterUpRight": 0.56, "browDownLeft": 0.34, "eyeBlink": 0.20, "eyeSquint": 0.18, "mouthRight": 0.10,
    },
    "confidence": {
        "eyeSquint": 0.16, "browDown": 0.12, "mouthSmile": 0.12, "mouthDimple": 0.12, "mouthPress": 0.10,
        "jawForward": 0.08,
    },
    "doubt": {
        "browInnerUp": 0.46, "browOuterUpLeft": 0.22, "browDownRight": 0.20, "mouthFrown": 0.18, "mouthPress": 0.20,
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
    "mouthShrugUpper": 0.35, "mouthLowerDown": 0.5, "mouthUpperUp": 0.55, "mouthSmile": 0.72, "mouthFrown": 0.6,
    "mouthDimple": 0.65, "mouthStretch": 0.55, "mouthLeft": 0.7, "mouthRight": 0.7, "tongueOut": 0.0,
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
