"""ARKit weights -> the few presets every VRM has, for avatars without the 52.

Vowels: each preset mouth is a set of ARKit weights, and the face is taken apart into them by least squares without
negative parts (Lawson & Hanson, "Solving Least Squares Problems", 1974). Feelings: the larger of what their shapes say
beyond a speaking mouth. Names of VRM 0.x and the matching ones of VRM 1.0: protocol.vmc.info.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from understudy.base.channels import SHAPE_INDEX
from understudy.hub.track import Values

NAMES: Final = {
    "vrm0": ("A", "I", "U", "E", "O", "Blink_L", "Blink_R", "Joy", "Angry", "Sorrow", "Fun"),
    "vrm1": ("aa", "ih", "ou", "ee", "oh", "blinkLeft", "blinkRight", "happy", "angry", "sad", "relaxed"),
}
MOUTHS: Final[tuple[Mapping[str, float], ...]] = (
    {"jawOpen": 0.60, "mouthFunnel": 0.05, "mouthLowerDown": 0.30, "mouthUpperUp": 0.15},
    {"jawOpen": 0.12, "mouthStretch": 0.35, "mouthSmile": 0.20, "mouthLowerDown": 0.25},
    {"jawOpen": 0.12, "mouthPucker": 0.70, "mouthFunnel": 0.30},
    {"jawOpen": 0.30, "mouthStretch": 0.30, "mouthSmile": 0.10, "mouthLowerDown": 0.30, "mouthUpperUp": 0.10},
    {"jawOpen": 0.38, "mouthPucker": 0.25, "mouthFunnel": 0.60},
)
"""A I U E O, each shape for both sides."""
_SHAPES: Final = (
    "jawOpen",
    "mouthFunnel",
    "mouthPucker",
    "mouthStretch",
    "mouthSmile",
    "mouthLowerDown",
    "mouthUpperUp",
)


def presets(face: Values, kind: str) -> dict[str, float]:
    """Returns preset -> 0..1 for the (52,) weights of a face. kind: 'vrm0' or 'vrm1'."""
    from scipy.optimize import nnls

    def both(shape: str) -> float:
        sides = [SHAPE_INDEX[name] for name in (shape, f"{shape}Left", f"{shape}Right") if name in SHAPE_INDEX]
        return float(np.mean(face[sides]))

    open_by = max(0.0, both("jawOpen") - both("mouthClose"))
    seen = np.array([open_by if s == "jawOpen" else both(s) for s in _SHAPES])
    smile = both("mouthSmile")
    seen[_SHAPES.index("mouthSmile")] = min(smile, 0.2)  # more of a smile is joy
    vowels, _ = nnls(_matrix(), seen)
    if vowels.sum() > 1:
        vowels = vowels / vowels.sum()
    joy = np.clip((smile - 0.2) / 0.6, 0, 1)
    angry = np.clip(both("browDown") * 0.8 + both("noseSneer") * 0.4 - 0.1, 0, 1)
    sorrow = np.clip(face[SHAPE_INDEX["browInnerUp"]] * 0.5 + both("mouthFrown") - 0.1, 0, 1)
    relaxed = np.clip(both("eyeSquint") - 0.1, 0, 1) * (1 - joy)
    blinks = [float(np.clip(face[SHAPE_INDEX[f"eyeBlink{side}"]], 0, 1)) for side in ("Left", "Right")]
    values = [*vowels, *blinks, joy, angry, sorrow, relaxed]
    return {name: float(value) for name, value in zip(NAMES[kind], values, strict=True)}


def _matrix() -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[mouth.get(shape, 0.0) for mouth in MOUTHS] for shape in _SHAPES])
