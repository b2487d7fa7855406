"""Wrinkles that come and go with expression: one normal map of every fold, and how much of it each shape draws.

The map holds all folds at full strength. A vertex shows of it the sum over groups of (its share in the group x what
drives the group), clipped to 1, as `hub.body.wrinkled` says; groups whose folds lie apart share one map. Which muscle
folds what follows FACS (Ekman & Friesen 1978): frontalis the forehead, corrugator and procerus the glabella,
orbicularis oculi the crow's feet, zygomatic and levator the nasolabial fold, mentalis the chin, orbicularis oris the
lips.
"""

import numpy as np

from understudy.casting import anatomy, lines
from understudy.casting.canvas import Canvas, ramp
from understudy.casting.mesh import Floats
from understudy.casting.noise import Field

GROUPS: dict[str, dict[str, float]] = {
    "foreheadLeft": {"browInnerUp": 0.55, "browOuterUpLeft": 0.65},
    "foreheadRight": {"browInnerUp": 0.55, "browOuterUpRight": 0.65},
    "glabella": {"browDownLeft": 0.50, "browDownRight": 0.50, "noseSneerLeft": 0.15, "noseSneerRight": 0.15},
    "nose": {"noseSneerLeft": 0.55, "noseSneerRight": 0.55, "browDownLeft": 0.08, "browDownRight": 0.08},
    "crowLeft": {"eyeSquintLeft": 0.60, "cheekSquintLeft": 0.70, "mouthSmileLeft": 0.35, "eyeBlinkLeft": 0.10},
    "crowRight": {"eyeSquintRight": 0.60, "cheekSquintRight": 0.70, "mouthSmileRight": 0.35, "eyeBlinkRight": 0.10},
    "nasolabialLeft": {
        "mouthSmileLeft": 0.90, "noseSneerLeft": 0.50, "mouthUpperUpLeft": 0.45, "cheekSquintLeft": 0.30,
        "mouthDimpleLeft": 0.40, "mouthStretchLeft": 0.30,
    },
    "nasolabialRight": {
        "mouthSmileRight": 0.90, "noseSneerRight": 0.50, "mouthUpperUpRight": 0.45, "cheekSquintRight": 0.30,
        "mouthDimpleRight": 0.40, "mouthStretchRight": 0.30,
    },
    "chin": {"mouthShrugLower": 1.0, "mouthFrownLeft": 0.30, "mouthFrownRight": 0.30, "mouthRollLower": 0.25},
    "lips": {"mouthPucker": 0.90, "mouthFunnel": 0.35, "mouthPressLeft": 0.20, "mouthPressRight": 0.20},
}  # fmt: skip
"""Group of folds -> ARKit shapes and how far each draws it."""


def depth_mm(c: Canvas, age: float, families: lines.Heights) -> Field:
    """(n,) every fold at full strength; deeper in older skin, and shallower where the fold stays at rest already."""
    total = np.zeros(len(c.mm), np.float32)
    for name, family in families.items():
        stays = np.interp(age, [0.0, 0.25, 1.0], [0.0, *lines.LEFT_BY_AGE[name]])
        total += np.float32((0.62 + 0.75 * age) * (1 - 0.45 * stays)) * family
    return total


def shares(c: Canvas) -> Floats:
    """(n, len(GROUPS)) 0..1: which vertices each group's folds lie on, with soft borders."""
    head = c.on(anatomy.HEAD).astype(np.float32)
    left, right = c.left, 1 - c.left
    eye, inner, corner, chin_mm = (c.marks[name] for name in ("eye", "inner", "corner", "chin"))
    y = c.mm[:, 1]
    top = ramp(24, 31, y - np.float32(eye[1])) * ramp(62, 52, c.aside)
    middle = ramp(17, 12, c.aside) * ramp(-2, 3, y - np.float32(inner[1])) * ramp(38, 30, y - np.float32(inner[1]))
    nose = ramp(24, 18, c.aside) * ramp(-28, -22, y - np.float32(inner[1])) * ramp(6, 1, y - np.float32(inner[1]))
    beside = ramp(10, 17, c.aside) * ramp(26, 18, np.abs(y - np.float32(eye[1]) + 2)) * (1 - 0.9 * top)
    beside *= 1 - nose * ramp(20, 13, c.aside)
    cheek = (
        ramp(7, 13, c.aside)
        * ramp(12, 2, y - np.float32(c.marks["nose"][1]))
        * ramp(-24, -14, y - np.float32(corner[1]))
    )
    around = ramp(16.5, 11.5, c.ring) * ramp(1.12, 0.85, c.aside / np.float32(corner[0] + 2))
    chin = c.spot("chin", (0, 1, 0), (22, 17, 30))
    lower = ramp(0.25, 0.6, chin) * ramp(14, 5, y - np.float32(chin_mm[1]))
    cheek *= 1 - 0.8 * around
    columns = [top * left, top * right, middle, nose, beside * left, beside * right, cheek * left, cheek * right]
    columns += [lower, around * (1 - lower)]
    return np.asarray(np.stack(columns, 1) * head[:, None], np.float64)
