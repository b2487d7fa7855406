"""What others call the shapes of a face and the joints of a body, and how ARKit's 52 follow from theirs.

Sources: Apple, ARFaceAnchor.BlendShapeLocation; Meta, "Viseme Reference" (Oculus Lipsync); VRM 0.x
`blendShapeMaster` and VRM 1.0 `VRMC_vrm.expressions` (vrm-consortium specification); the `Fcl_` shapes of VRoid Studio.
"""

import re
from dataclasses import dataclass

from understudy.base.channels import ARKIT_SHAPES, JOINTS


@dataclass(frozen=True)
class Source:
    """One ingredient of an ARKit shape. side: '' whole, 'left' or 'right' half of the face."""

    name: str
    factor: float = 1.0
    side: str = ""


def plain(name: str) -> str:
    """Returns a shape's name without prefixes, case and punctuation; sides are spelled out."""
    short = re.split(r"[.|:]", name)[-1]
    fcl = re.search(r"Fcl_(.+)$", short)
    if fcl:
        short = "fcl_" + fcl.group(1)
    short = re.sub(r"[_.\- ]+(l|left)$", "Left", short, flags=re.IGNORECASE)
    short = re.sub(r"[_.\- ]+(r|right)$", "Right", short, flags=re.IGNORECASE)
    return re.sub(r"[^a-z0-9]", "", short.lower())


def _both(shape: str, words: str, factor: float = 1.0) -> dict[str, tuple[tuple[Source, ...], ...]]:
    return {
        f"{shape}{side}": tuple((Source(word, factor, side.lower()),) for word in words.split())
        for side in ("Left", "Right")
    }


def _whole(shape: str, words: str) -> dict[str, tuple[tuple[Source, ...], ...]]:
    return {shape: tuple((Source(word),) for word in words.split())}


DERIVED: dict[str, tuple[tuple[Source, ...], ...]] = {
    **_whole("jawOpen", "visemeaa fclmtha vrmaa aa mouthopen a"),
    **_whole("mouthFunnel", "visemeo visemeoh fclmtho vrmoh oh o"),
    **_whole("mouthPucker", "visemeu visemeou fclmthu vrmou ou u"),
    **_whole("mouthRollLower", "visemeff"),
    **_whole("browInnerUp", "fclbrwsorrow"),
    **_both("mouthPress", "visemepp"),
    **_both("mouthStretch", "visemei visemeih fclmthe vrmee ee e", 0.8),
    **_both("mouthSmile", "mouthsmile smile fclmthfun fclmthup"),
    **_both("mouthFrown", "mouthfrown frown fclmthsorrow fclmthdown", 0.8),
    **_both("eyeBlink", "eyesclosed blink fcleyeclose vrmblink eyeblink"),
    **_both("eyeWide", "fcleyesurprised fcleyespread"),
    **_both("browDown", "fclbrwangry browdown"),
    **_both("browOuterUp", "fclbrwsurprised browouterup"),
    **_both("eyeLookUp", "vrmlookup eyeslookup"),
    **_both("eyeLookDown", "vrmlookdown eyeslookdown"),
    "eyeLookOutLeft": ((Source("vrmlookleft", 1.0, "left"),),),
    "eyeLookInRight": ((Source("vrmlookleft", 1.0, "right"),),),
    "eyeLookOutRight": ((Source("vrmlookright", 1.0, "right"),),),
    "eyeLookInLeft": ((Source("vrmlookright", 1.0, "left"),),),
}  # fmt: skip
"""ARKit shape -> ways to make it, best first, from other families of shapes (names as `plain` gives them)."""
for _side in ("Left", "Right"):
    _blink = (f"fcleyeclose{_side.lower()}", f"vrmblink{_side.lower()}", f"blink{_side.lower()}")
    DERIVED[f"eyeBlink{_side}"] = (*((Source(n),) for n in _blink), *DERIVED[f"eyeBlink{_side}"])

VRM0_PRESETS = {
    "a": "aa", "i": "ih", "u": "ou", "e": "ee", "o": "oh", "blink": "blink", "blink_l": "blinkLeft",
    "blink_r": "blinkRight", "lookup": "lookUp", "lookdown": "lookDown", "lookleft": "lookLeft",
    "lookright": "lookRight",
}  # fmt: skip
"""VRM 0.x preset -> VRM 1.0 preset."""

SPOKEN = ("jawOpen",)
SHUT = ("eyeBlinkLeft", "eyeBlinkRight")
"""Without these a face cannot speak or blink, and is not taken."""

_EXACT = {re.sub(r"[^a-z]", "", shape.lower()): shape for shape in ARKIT_SHAPES}

_JOINT_WORDS: dict[str, tuple[str, ...]] = {
    "hips": ("hips", "pelvis", "hip"),
    "spine": ("spine", "spine1", "spine01", "spinelower"),
    "chest": ("chest", "spine2", "spine02", "spinemiddle"),
    "upperChest": ("upperchest", "spine3", "spine03", "spineupper"),
    "neck": ("neck", "neck1", "neck01"),
    "head": ("head", "head1", "head01", "skull"),
    "leftEye": ("lefteye", "eyeleft", "jadjlefteye", "eyel"),
    "rightEye": ("righteye", "eyeright", "jadjrighteye", "eyer"),
    "leftShoulder": ("leftshoulder", "shoulderleft", "claviclel", "clavicleleft"),
    "rightShoulder": ("rightshoulder", "shoulderright", "clavicler", "clavicleright"),
    "leftUpperArm": ("leftupperarm", "leftarm", "upperarmleft", "upperarml"),
    "rightUpperArm": ("rightupperarm", "rightarm", "upperarmright", "upperarmr"),
    "leftLowerArm": ("leftlowerarm", "leftforearm", "lowerarmleft", "lowerarml"),
    "rightLowerArm": ("rightlowerarm", "rightforearm", "lowerarmright", "lowerarmr"),
    "leftHand": ("lefthand", "handleft", "handl"),
    "rightHand": ("righthand", "handright", "handr"),
}
assert set(_JOINT_WORDS) == set(JOINTS)


def arkit(name: str) -> str:
    """Returns the ARKit shape a name stands for, '' when none does."""
    return _EXACT.get(plain(name), "")


def joint(name: str) -> str:
    """Returns the humanoid joint a node's name stands for, '' when none does."""
    word = re.sub(r"[^a-z0-9]", "", re.split(r"[:|]", name.lower())[-1])
    word = re.sub(r"^(mixamorig|jbip|ccbase|bip01|def|armature)+[clr]?(?=[a-z])", "", word)
    for known, words in _JOINT_WORDS.items():
        if word in words:
            return known
    return ""
