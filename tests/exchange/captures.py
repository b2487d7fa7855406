"""Motion capture made by hand: a stick person that swings one arm, in the dialects of several makers."""

import json
import struct

import numpy as np

from understudy.base.rotation import matrices_from_vectors, vectors_from_matrices

MIXAMO = {
    "hips": "mixamorig:Hips", "spine": "mixamorig:Spine", "chest": "mixamorig:Spine1", "upper": "mixamorig:Spine2",
    "neck": "mixamorig:Neck", "head": "mixamorig:Head", "Collar": "mixamorig:{}Shoulder", "Arm": "mixamorig:{}Arm",
    "Fore": "mixamorig:{}ForeArm", "Hand": "mixamorig:{}Hand", "Finger": "mixamorig:{}HandMiddle1",
}  # fmt: skip
BIPED = {
    "hips": "Bip01 Pelvis", "spine": "Bip01 Spine", "chest": "Bip01 Spine1", "upper": "Bip01 Spine2",
    "neck": "Bip01 Neck", "head": "Bip01 Head", "Collar": "Bip01 {} Clavicle", "Arm": "Bip01 {} UpperArm",
    "Fore": "Bip01 {} Forearm", "Hand": "Bip01 {} Hand", "Finger": "Bip01 {} Finger2",
}  # fmt: skip
PLAIN = {
    "hips": "Hips", "spine": "Spine", "chest": "Chest", "upper": "Chest2", "neck": "Neck", "head": "Head",
    "Collar": "{}Collar", "Arm": "{}Shoulder", "Fore": "{}Elbow", "Hand": "{}Wrist", "Finger": "{}Finger",
}  # fmt: skip
SIDES = {"mixamo": ("Left", "Right"), "biped": ("L", "R"), "plain": ("Left", "Right")}
DIALECTS = {"mixamo": MIXAMO, "biped": BIPED, "plain": PLAIN}

UP = np.array([0.0, 1.0, 0.0])


def bones(arm_down_deg: float) -> dict[str, tuple[str, np.ndarray]]:
    """Returns joint -> (parent, offset in metres), y up, facing +z, arms lowered from a T by an angle."""
    a = np.radians(arm_down_deg)
    out: dict[str, tuple[str, np.ndarray]] = {
        "hips": ("", 0.95 * UP), "spine": ("hips", 0.1 * UP), "chest": ("spine", 0.15 * UP),
        "upper": ("chest", 0.15 * UP), "neck": ("upper", 0.15 * UP), "head": ("neck", 0.1 * UP),
    }  # fmt: skip
    for side, sign in (("left", 1.0), ("right", -1.0)):
        along = np.array([sign * np.cos(a), -np.sin(a), 0.0])
        out[f"{side}Collar"] = ("upper", np.array([sign * 0.03, 0.08, 0.0]))
        out[f"{side}Arm"] = (f"{side}Collar", np.array([sign * 0.14, 0.0, 0.0]))
        out[f"{side}Fore"] = (f"{side}Arm", 0.28 * along)
        out[f"{side}Hand"] = (f"{side}Fore", 0.25 * along)
        out[f"{side}Finger"] = (f"{side}Hand", 0.09 * along)
    return out


def swing(frames: int, arm_down_deg: float) -> dict[str, np.ndarray]:
    """Returns joint -> (frames, 3, 3) local turns: the right arm is lifted before the body, its elbow at a right angle.

    At the end the upper arm points down and ahead, the forearm ahead and up, whatever the pose of rest was.
    """
    part = np.linspace(0, 1, frames)[:, None]
    identity = np.tile(np.eye(3), (frames, 1, 1))
    turns = {name: identity.copy() for name in bones(0)}
    a = np.radians(arm_down_deg)
    rest = np.array([-np.cos(a), -np.sin(a), 0.0])
    upper_goal = np.array([-0.2, -0.8, 0.56])
    fore_goal = np.array([0.1, 0.35, 0.93])
    upper = _between(rest, upper_goal)
    turns["rightArm"] = matrices_from_vectors(part * vectors_from_matrices(upper[None]))
    fore = upper.T @ _between(upper @ rest, fore_goal) @ upper
    turns["rightFore"] = matrices_from_vectors(part * vectors_from_matrices(fore[None]))
    nod = np.zeros((frames, 3))
    nod[:, 0] = 0.3 * part[:, 0]
    turns["head"] = matrices_from_vectors(nod)
    return turns


def _between(start: np.ndarray, goal: np.ndarray) -> np.ndarray:
    a, b = start / np.linalg.norm(start), goal / np.linalg.norm(goal)
    axis = np.cross(a, b)
    angle = np.arctan2(np.linalg.norm(axis), a @ b)
    return np.asarray(matrices_from_vectors((axis / max(np.linalg.norm(axis), 1e-9) * angle)[None])[0])


def named(joint: str, dialect: str) -> str:
    table, (left, right) = DIALECTS[dialect], SIDES[dialect]
    for side, word in (("left", left), ("right", right)):
        if joint.startswith(side):
            return table[joint[len(side) :]].format(word)
    return table[joint]


def bvh(
    *,
    dialect: str = "mixamo",
    arm_down_deg: float = 0.0,
    frames: int = 61,
    fps: float = 30.0,
    unit: float = 100.0,
    spin_rad: float = 0.0,
    z_up: bool = False,
) -> str:
    """Returns a BVH. unit: of its lengths in a metre. spin_rad: how far the whole person turns on the way."""
    tree, turns = bones(arm_down_deg), swing(frames, arm_down_deg)
    world = matrices_from_vectors(np.array([[np.pi / 2, 0, 0]]))[0] if z_up else np.eye(3)
    spin = matrices_from_vectors(np.linspace(0, spin_rad, frames)[:, None] * UP)
    turns["hips"] = spin @ turns["hips"]
    names = list(tree)
    lines = ["HIERARCHY"]
    order: list[str] = []

    def write(joint: str, depth: int) -> None:
        order.append(joint)
        pad = "  " * depth
        lines.append(f"{pad}{'JOINT' if depth else 'ROOT'} {named(joint, dialect)}")
        lines.append(pad + "{")
        offset = world @ tree[joint][1] * unit
        lines.append(f"{pad}  OFFSET {offset[0]:.6f} {offset[1]:.6f} {offset[2]:.6f}")
        position = "" if depth else "Xposition Yposition Zposition "
        lines.append(f"{pad}  CHANNELS {3 if depth else 6} {position}Zrotation Xrotation Yrotation")
        children = [n for n in names if tree[n][0] == joint]
        for child in children:
            write(child, depth + 1)
        if not children:
            lines.extend([f"{pad}  End Site", pad + "  {", f"{pad}    OFFSET 0 1 0", pad + "  }"])
        lines.append(pad + "}")

    write("hips", 0)
    lines += ["MOTION", f"Frames: {frames}", f"Frame Time: {1 / fps:.7f}"]
    for f in range(frames):
        row: list[float] = []
        for joint in order:
            if joint == "hips":
                row += (world @ (tree[joint][1] + np.array([0.0, 0.0, 0.01 * f])) * unit).tolist()
            row += np.degrees(_zxy(world @ turns[joint][f] @ world.T)).tolist()
        lines.append(" ".join(f"{v:.5f}" for v in row))
    return "\n".join(lines) + "\n"


def _zxy(turn: np.ndarray) -> np.ndarray:
    """Returns the angles of Rz Rx Ry."""
    x = np.arcsin(np.clip(turn[2, 1], -1, 1))
    return np.array([np.arctan2(-turn[0, 1], turn[1, 1]), x, np.arctan2(-turn[2, 0], turn[2, 2])])


def animated_glb(*, frames: int = 31, fps: float = 30.0, scale: float = 0.01) -> bytes:
    """Returns a GLB as Blender writes a Mixamo file: a scaled armature over the joints, one animation."""
    tree, turns = bones(0.0), swing(frames, 0.0)
    names = list(tree)
    nodes: list[dict[str, object]] = [{"name": "Armature", "scale": [scale] * 3, "children": [1]}]
    for joint in names:
        children = [names.index(n) + 1 for n in names if tree[n][0] == joint]
        node: dict[str, object] = {"name": named(joint, "mixamo"), "translation": (tree[joint][1] / scale).tolist()}
        nodes.append(node | ({"children": children} if children else {}))
    times = np.arange(frames, dtype=np.float32) / fps
    chunks, accessors, views = (
        [times.tobytes()],
        [{"bufferView": 0, "componentType": 5126, "count": frames, "type": "SCALAR"}],
        [],
    )
    channels, samplers = [], []
    for joint in ("rightArm", "rightFore", "head"):
        vector = vectors_from_matrices(turns[joint])
        angle = np.linalg.norm(vector, axis=1, keepdims=True)
        q = np.hstack([vector / np.maximum(angle, 1e-9) * np.sin(angle / 2), np.cos(angle / 2)]).astype(np.float32)
        accessors.append({"bufferView": len(chunks), "componentType": 5126, "count": frames, "type": "VEC4"})
        chunks.append(q.tobytes())
        samplers.append({"input": 0, "output": len(accessors) - 1})
        channels.append({"sampler": len(samplers) - 1, "target": {"node": names.index(joint) + 1, "path": "rotation"}})
    at = 0
    for chunk in chunks:
        views.append({"buffer": 0, "byteOffset": at, "byteLength": len(chunk)})
        at += len(chunk)
    document = {
        "asset": {"version": "2.0"}, "nodes": nodes, "scenes": [{"nodes": [0]}], "accessors": accessors,
        "bufferViews": views, "buffers": [{"byteLength": at}],
        "animations": [{"channels": channels, "samplers": samplers}],
    }  # fmt: skip
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    body = b"".join(chunks)
    whole = 12 + 8 + len(text) + 8 + len(body)
    return (
        struct.pack("<III", 0x46546C67, 2, whole)
        + struct.pack("<II", len(text), 0x4E4F534A)
        + text
        + struct.pack("<II", len(body), 0x004E4942)
        + body
    )
