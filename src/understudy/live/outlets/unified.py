"""ARKit weights -> VRCFaceTracking's Unified Expressions, the names that VRChat avatars listen to under v2/.

Names and combinations: UnifiedExpressions.cs, UnifiedSimpleExpressions.cs and UnifiedExpressionsParameters.cs of
VRCFaceTracking; which ARKit shape is which: its LiveLink module. Shapes ARKit does not know stay out.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from understudy.base.channels import ARKIT_SHAPES, SHAPE_INDEX
from understudy.hub.track import Values

_SIDES: Final = ("Left", "Right")
_SAME: Final = {
    "EyeSquint": "eyeSquint", "EyeWide": "eyeWide", "BrowOuterUp": "browOuterUp", "CheekSquint": "cheekSquint",
    "MouthUpperUp": "mouthUpperUp", "MouthUpperDeepen": "mouthUpperUp", "NoseSneer": "noseSneer",
    "MouthLowerDown": "mouthLowerDown", "MouthCornerPull": "mouthSmile", "MouthCornerSlant": "mouthSmile",
    "MouthFrown": "mouthFrown", "MouthStretch": "mouthStretch", "MouthDimple": "mouthDimple",
    "MouthPress": "mouthPress", "BrowPinch": "browDown", "BrowLowerer": "browDown", "MouthSmile": "mouthSmile",
    "BrowDown": "browDown",
}  # fmt: skip
"""Shapes with a left and a right on both sides."""
_ONE_FOR_BOTH: Final = {
    "BrowInnerUp": "browInnerUp", "CheekPuff": "cheekPuff", "LipSuckUpper": "mouthRollUpper",
    "LipSuckLower": "mouthRollLower", "LipFunnelUpper": "mouthFunnel", "LipFunnelLower": "mouthFunnel",
    "LipPuckerUpper": "mouthPucker", "LipPuckerLower": "mouthPucker", "LipPucker": "mouthPucker",
}  # fmt: skip
"""Two sides there, one shape here."""
_SINGLE: Final = {
    "JawOpen": "jawOpen", "JawRight": "jawRight", "JawLeft": "jawLeft", "JawForward": "jawForward",
    "JawZ": "jawForward", "MouthClosed": "mouthClose", "MouthUpperRight": "mouthRight", "MouthUpperLeft": "mouthLeft",
    "MouthLowerRight": "mouthRight", "MouthLowerLeft": "mouthLeft", "MouthRaiserUpper": "mouthShrugUpper",
    "MouthRaiserLower": "mouthShrugLower", "TongueOut": "tongueOut", "BrowInnerUp": "browInnerUp",
    "CheekPuffSuck": "cheekPuff", "LipFunnel": "mouthFunnel", "LipPucker": "mouthPucker",
    "LipFunnelUpper": "mouthFunnel", "LipFunnelLower": "mouthFunnel", "LipPuckerUpper": "mouthPucker",
    "LipPuckerLower": "mouthPucker", "LipSuckUpper": "mouthRollUpper", "LipSuckLower": "mouthRollLower",
}  # fmt: skip
_MEANS: Final = (
    "EyeSquint", "BrowOuterUp", "BrowDown", "CheekSquint", "MouthUpperUp", "MouthLowerDown", "MouthStretch",
    "MouthDimple", "MouthPress", "NoseSneer",
)  # fmt: skip


def _table() -> dict[str, dict[str, float]]:
    table: dict[str, dict[str, float]] = {name: {shape: 1.0} for name, shape in _SINGLE.items()}
    for side in _SIDES:
        table |= {f"{name}{side}": {f"{shape}{side}": 1.0} for name, shape in _SAME.items()}
        table |= {f"{name}{side}": {shape: 1.0} for name, shape in _ONE_FOR_BOTH.items()}
        table[f"BrowUp{side}"] = {f"browOuterUp{side}": 0.6, "browInnerUp": 0.4}
        table[f"BrowExpression{side}"] = {
            "browInnerUp": 0.5, f"browOuterUp{side}": 0.5, f"browDown{side}": -1.0
        }  # fmt: skip
        table[f"SmileFrown{side}"] = {f"mouthSmile{side}": 1.0, f"mouthFrown{side}": -1.0}
        table[f"MouthCornerY{side}"] = table[f"SmileFrown{side}"]
        table[f"CheekPuffSuck{side}"] = {"cheekPuff": 1.0}
    table |= {name: {f"{_SAME[name]}{side}": 0.5 for side in _SIDES} for name in _MEANS}
    table["BrowUp"] = {"browOuterUpLeft": 0.3, "browOuterUpRight": 0.3, "browInnerUp": 0.4}
    table["JawX"] = {"jawRight": 1.0, "jawLeft": -1.0}
    table |= {name: {"mouthRight": 1.0, "mouthLeft": -1.0} for name in ("MouthX", "MouthUpperX", "MouthLowerX")}
    table["LipSuck"] = {"mouthRollUpper": 0.5, "mouthRollLower": 0.5}
    table["LipSuckFunnelUpper"] = {"mouthRollUpper": 1.0, "mouthFunnel": -1.0}
    table["LipSuckFunnelLower"] = {"mouthRollLower": 1.0, "mouthFunnel": -1.0}
    table["MouthOpen"] = {f"mouth{way}{side}": 0.25 for way in ("UpperUp", "LowerDown") for side in _SIDES}
    table["SmileFrown"] = {
        "mouthSmileLeft": 0.5,
        "mouthSmileRight": 0.5,
        "mouthFrownLeft": -0.5,
        "mouthFrownRight": -0.5,
    }
    return table


TABLE: Final[Mapping[str, Mapping[str, float]]] = _table()
"""Parameter -> the shapes it is the weighted sum of."""
_MATRIX: Final = np.array([[row.get(shape, 0.0) for shape in ARKIT_SHAPES] for row in TABLE.values()], np.float32)


def unified(face: Values, gaze: Values) -> dict[str, float]:
    """Returns parameter (without 'v2/') -> value for (52,) weights and (4,) eye angles.

    Eyes: X to the actor's right and Y up are tangents of the angles, as VRCFaceTracking turns them back by atan; the
    openness of a lid is 1 - (blink + blink x squint), and its lid parameter 0.75 open + 0.25 wide.
    """
    face = np.clip(face, 0, 1)
    out = dict(zip(TABLE, np.clip(_MATRIX @ face, -1, 1).tolist(), strict=True))
    for side, at in (("Left", 0), ("Right", 2)):
        blink, squint, wide = (
            float(face[SHAPE_INDEX[f"{name}{side}"]]) for name in ("eyeBlink", "eyeSquint", "eyeWide")
        )
        openness = 1 - min(1.0, blink + blink * squint)
        out[f"Eye{side}X"], out[f"Eye{side}Y"] = -float(np.tan(gaze[at + 1])), -float(np.tan(gaze[at]))
        out[f"EyeOpen{side}"], out[f"EyeClosed{side}"] = openness, 1 - openness
        out[f"EyeLid{side}"] = 0.75 * openness + 0.25 * wide
    for name in ("EyeOpen", "EyeClosed", "EyeLid"):
        out[name] = (out[f"{name}Left"] + out[f"{name}Right"]) / 2
    out["EyeX"], out["EyeY"] = (out["EyeLeftX"] + out["EyeRightX"]) / 2, (out["EyeLeftY"] + out["EyeRightY"]) / 2
    out["EyeWide"] = max(out["EyeWideLeft"], out["EyeWideRight"])
    return out
