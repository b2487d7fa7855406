"""The VRM skeleton of an actor, and the relaxed rest pose."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from understudy.base.channels import JOINTS
from understudy.casting.body import Body
from understudy.casting.mesh import Floats
from understudy.casting.recipe import Pose

PARENTS = {
    "hips": "",
    "spine": "hips",
    "chest": "spine",
    "upperChest": "chest",
    "neck": "upperChest",
    "head": "neck",
    "leftEye": "head",
    "rightEye": "head",
    "leftShoulder": "upperChest",
    "leftUpperArm": "leftShoulder",
    "leftLowerArm": "leftUpperArm",
    "leftHand": "leftLowerArm",
    "rightShoulder": "upperChest",
    "rightUpperArm": "rightShoulder",
    "rightLowerArm": "rightUpperArm",
    "rightHand": "rightLowerArm",
}
"""joint -> parent joint, as in VRM 1.0."""

_TRUNK = {
    "spine05": "hips",
    "spine04": "spine",
    "spine03": "spine",
    "spine02": "chest",
    "spine01": "upperChest",
    "neck01": "neck",
    "neck02": "neck",
    "neck03": "neck",
    "head": "head",
}
_LIMB = {"clavicle": "Shoulder", "shoulder01": "Shoulder", "upperarm01": "UpperArm", "upperarm02": "UpperArm"}
_LIMB |= {"lowerarm01": "LowerArm", "lowerarm02": "LowerArm", "wrist": "Hand"}
_ORIGIN = {
    "hips": "root",
    "spine": "spine04",
    "chest": "spine02",
    "upperChest": "spine01",
    "neck": "neck01",
    "head": "head",
    "Shoulder": "clavicle",
    "UpperArm": "upperarm01",
    "LowerArm": "lowerarm01",
    "Hand": "wrist",
}
"""joint -> bone of the base mesh whose head is the joint."""


@dataclass(frozen=True)
class Skeleton:
    """Joints in the order of `channels.JOINTS`, all unrotated in the rest pose."""

    joints: tuple[str, ...]
    parents: tuple[int, ...]
    """index of the parent joint, -1 at the root"""
    origins: Floats
    """(joints, 3) metres"""


def relax(body: Body, pose: Pose) -> None:
    """Lowers the arms of `body` beside the trunk and curls the fingers, in place, by linear blend skinning."""
    turns: dict[str, Rotation] = {}
    for side, sign in (("L", 1.0), ("R", -1.0)):
        down = np.array([0.0, 0.0, -sign])
        turns[f"clavicle.{side}"] = Rotation.from_rotvec(down * np.radians(pose.shoulder_deg))
        turns[f"upperarm01.{side}"] = Rotation.from_rotvec(down * np.radians(pose.upper_arm_deg))
        turns[f"lowerarm01.{side}"] = Rotation.from_rotvec(np.array([np.radians(pose.elbow_deg), 0.0, 0.0]))
        for finger in range(1, 6):
            scale = 0.35 if finger == 1 else 1.0
            for phalanx in range(1, 4):
                curl = -sign * np.radians(pose.finger_deg) * scale
                turns[f"finger{finger}-{phalanx}.{side}"] = Rotation.from_rotvec(np.array([0.0, 0.0, curl]))
    spin = np.tile(np.eye(3), (len(body.bones), 1, 1))
    shift = np.zeros((len(body.bones), 3))
    for bone, name in enumerate(body.bones):
        parent = int(body.parents[bone])
        turn = turns[name].as_matrix() if name in turns else np.eye(3)
        if parent < 0:
            continue
        spin[bone] = spin[parent] @ turn
        pivot = body.bone_heads[bone]
        shift[bone] = spin[parent] @ pivot + shift[parent] - spin[bone] @ pivot
    weights = body.weights
    moved = np.einsum("vb,bij,vj->vi", weights, spin, body.positions, optimize=True) + weights @ shift
    heads = np.einsum("bij,bj->bi", spin, body.bone_heads) + shift
    body.spread = body.positions
    body.positions = moved
    body.bone_heads = heads


def make_skeleton(body: Body, eye_centres: dict[str, Floats]) -> Skeleton:
    """The joints at the (posed) bones of the base mesh."""
    origins = []
    for joint in JOINTS:
        if joint.endswith("Eye"):
            origins.append(eye_centres[joint])
            continue
        side = ".L" if joint.startswith("left") else ".R" if joint.startswith("right") else ""
        key = joint.removeprefix("left").removeprefix("right") if side else joint
        origins.append(body.bone_heads[body.bones.index(_ORIGIN[key] + side)])
    parents = tuple(JOINTS.index(PARENTS[joint]) if PARENTS[joint] else -1 for joint in JOINTS)
    return Skeleton(joints=tuple(JOINTS), parents=parents, origins=np.array(origins))


def joint_weights(body: Body) -> Floats:
    """(19158, joints) weights of the base mesh on the VRM joints: each bone counts for its nearest mapped ancestor."""
    merged = np.zeros((len(body.positions), len(JOINTS)))
    for bone in range(len(body.bones)):
        merged[:, JOINTS.index(_joint_of(body, bone))] += body.weights[:, bone]
    return np.asarray(merged / merged.sum(1, keepdims=True))


def _joint_of(body: Body, bone: int) -> str:
    while bone >= 0:
        name, _, side = body.bones[bone].partition(".")
        if name in _TRUNK:
            return _TRUNK[name]
        if name in _LIMB:
            return ("left" if side == "L" else "right") + _LIMB[name]
        bone = int(body.parents[bone])
    return "hips"
