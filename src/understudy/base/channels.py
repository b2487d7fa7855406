"""The names of everything that moves, named once.

Axes are those of glTF: y up, the actor faces +z, the actor's left is +x; angles in radians, right-handed.
So a positive rotation about x looks down, about y turns to the actor's left, about z lifts the actor's left ear.
Composed rotations are applied as R = Ry(yaw) Rx(pitch) Rz(roll).
"""

from typing import Final

ARKIT_SHAPES: Final = (
    "eyeBlinkLeft", "eyeLookDownLeft", "eyeLookInLeft", "eyeLookOutLeft", "eyeLookUpLeft", "eyeSquintLeft",
    "eyeWideLeft", "eyeBlinkRight", "eyeLookDownRight", "eyeLookInRight", "eyeLookOutRight", "eyeLookUpRight",
    "eyeSquintRight", "eyeWideRight", "jawForward", "jawLeft", "jawRight", "jawOpen", "mouthClose", "mouthFunnel",
    "mouthPucker", "mouthLeft", "mouthRight", "mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft",
    "mouthFrownRight", "mouthDimpleLeft", "mouthDimpleRight", "mouthStretchLeft", "mouthStretchRight",
    "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthPressLeft", "mouthPressRight",
    "mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft", "mouthUpperUpRight", "browDownLeft",
    "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekPuff", "cheekSquintLeft",
    "cheekSquintRight", "noseSneerLeft", "noseSneerRight", "tongueOut",
)  # fmt: skip
"""The 52 blendshapes of Apple's ARKit (ARFaceAnchor.BlendShapeLocation), in Live Link Face order."""

SHAPE_INDEX: Final = {name: i for i, name in enumerate(ARKIT_SHAPES)}
"""ARKit name -> column of a face track."""

HEAD_CHANNELS: Final = ("head.pitch", "head.yaw", "head.roll", "head.x", "head.y", "head.z")
"""Rotation of the head on the torso (radians) and its shift (metres)."""

GAZE_CHANNELS: Final = ("leftEye.pitch", "leftEye.yaw", "rightEye.pitch", "rightEye.yaw")
"""Rotation of each eye in the head, radians."""

JOINTS: Final = (
    "hips", "spine", "chest", "upperChest", "neck", "head", "leftEye", "rightEye", "leftShoulder", "leftUpperArm",
    "leftLowerArm", "leftHand", "rightShoulder", "rightUpperArm", "rightLowerArm", "rightHand",
)  # fmt: skip
"""VRM 1.0 humanoid bone names of the upper body."""

BODY_JOINTS: Final = (
    "hips", "spine", "chest", "upperChest", "neck", "leftShoulder", "leftUpperArm", "leftLowerArm", "leftHand",
    "rightShoulder", "rightUpperArm", "rightLowerArm", "rightHand",
)  # fmt: skip
BODY_CHANNELS: Final = (*(f"{joint}.{axis}" for joint in BODY_JOINTS for axis in "xyz"), "breath")
"""Rotation vector of each joint against its rest pose (radians), then breath: 0 empty .. 1 full chest."""

PHONES: Final = (
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH", "IY", "JH",
    "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH",
)  # fmt: skip
"""ARPABET without stress, the phone set of every Speech; silence is 'SIL'."""
SILENCE: Final = "SIL"
VOWELS: Final = frozenset(["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"])
BILABIALS: Final = frozenset("PBM")
LABIODENTALS: Final = frozenset("FV")
HUSHING: Final = frozenset(["SH", "ZH", "CH", "JH"])
SIBILANTS: Final = frozenset("SZ") | HUSHING
"""Phones that hiss between teeth that nearly meet."""
ROUNDED: Final = frozenset(["W", "UW", "UH", "OW", "OY", "AO", "SH", "CH", "ZH", "JH", "R", "ER"])
"""Phones whose lips round or protrude (degree differs; see face.articulation)."""

EMOTIONS: Final = ("joy", "sadness", "anger", "fear", "disgust", "surprise", "contempt", "tenderness")
"""Eight basic emotions; a Direction mixes them with weights in 0..1."""

GESTURES: Final = (
    "gestures", "still", "point", "heart", "mouth", "brow", "chin", "stop", "open", "wave", "collar",
)  # fmt: skip
"""Events of a Direction that are the hands' (a shrug is the face's too): many gestures, none, or one of these."""

COMPLEXION_CHANNELS: Final = ("flush", "tears")
"""Blood in the face, -1 pale .. 1 deep red; tears, 0 dry .. 0.5 brimming .. 1 running."""

FACE: Final = "face"
HEAD: Final = "head"
GAZE: Final = "gaze"
BODY: Final = "body"
COMPLEXION: Final = "complexion"
TRACK_CHANNELS: Final = {
    FACE: ARKIT_SHAPES,
    HEAD: HEAD_CHANNELS,
    GAZE: GAZE_CHANNELS,
    BODY: BODY_CHANNELS,
    COMPLEXION: COMPLEXION_CHANNELS,
}
"""Track name -> its channels, in order."""

ANIMATION_RATE_HZ: Final = 60.0
"""Rate of every animation track that Understudy makes."""
