"""Makes small avatars as other programs export them: an egg of a head with eyes, and the shapes each family has."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES
from understudy.exchange.draft import Draft
from understudy.hub.glb import Glb

Floats = npt.NDArray[np.float32]
OCULUS = ("viseme_sil", "viseme_PP", "viseme_FF", "viseme_aa", "viseme_O", "viseme_U", "viseme_I", "blink")
VROID = ("Face.M_F00_000_00_Fcl_MTH_A", "Fcl_MTH_O", "Fcl_MTH_U", "Fcl_MTH_E", "Fcl_EYE_Close_L", "Fcl_EYE_Close_R")


def egg(forward: float = 1.0, scale: float = 1.0) -> tuple[Floats, npt.NDArray[np.uint32]]:
    """An ellipsoid 0.16 x 0.24 x 0.2 m about (0, 1.6, 0)."""
    u, v = np.meshgrid(np.linspace(0, 2 * np.pi, 25)[:-1], np.linspace(0.05, np.pi - 0.05, 17), indexing="ij")
    points = np.stack([0.08 * np.sin(v) * np.cos(u), 0.12 * np.cos(v), 0.1 * np.sin(v) * np.sin(u)], -1).reshape(-1, 3)
    i, j = np.meshgrid(np.arange(24), np.arange(16), indexing="ij")
    a, b = i * 17 + j, (i + 1) % 24 * 17 + j
    quads = np.stack([a, b, b + 1, a + 1], -1).reshape(-1, 4)
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    points = (points + np.array([0, 1.6, 0])) * np.array([forward, 1, forward])
    return (points * scale).astype(np.float32), triangles.astype(np.uint32)


def moved(points: Floats, name: str, forward: float, scale: float) -> Floats:
    """What a shape moves: the mouth downwards, or one or both lids."""
    p = points / scale * [forward, 1, forward]
    out = np.zeros_like(points)
    word = name.lower()
    if any(w in word for w in ("blink", "close", "fcl_eye")):
        where = (p[:, 2] > 0.05) & (np.abs(p[:, 1] - 1.63) < 0.03)
        if word.endswith(("_l", "left")):
            where &= p[:, 0] > 0
        if word.endswith(("_r", "right")):
            where &= p[:, 0] < 0
    else:
        where = (p[:, 2] > 0.05) & (p[:, 1] < 1.57)
    out[where] = np.array([0, -0.01 - 0.001 * (len(name) % 5), 0]) * scale
    return out


def avatar(
    names: tuple[str, ...], *, forward: float = 1.0, scale: float = 1.0, skeleton: bool = True, eyes: bool = True
) -> Draft:
    """A GLB draft of the egg. forward: 1 faces +z, -1 faces -z. skeleton: hips to head with skin weights."""
    draft = Draft(Glb({"asset": {"version": "2.0"}, "nodes": [], "meshes": [], "accessors": []}, (), "made"))
    points, triangles = egg(forward, scale)
    attributes: dict[str, int] = {"POSITION": draft.floats(points)}
    nodes: list[dict[str, Any]] = draft.json["nodes"]
    if skeleton:
        nodes += [
            {"name": "mixamorig:Hips", "translation": [0, scale, 0], "children": [1]},
            {"name": "mixamorig:Neck", "translation": [0, 0.45 * scale, 0], "children": [2]},
            {"name": "mixamorig:Head", "translation": [0, 0.05 * scale, 0], "children": [3, 4]},
            {
                "name": "mixamorig:LeftEye",
                "translation": [0.031 * forward * scale, 0.13 * scale, 0.09 * forward * scale],
            },
            {
                "name": "mixamorig:RightEye",
                "translation": [-0.031 * forward * scale, 0.13 * scale, 0.09 * forward * scale],
            },
        ]
        if not eyes:
            nodes[2]["children"] = []
            del nodes[3:]
        weights = np.zeros((len(points), 4), np.float32)
        weights[:, 0] = 1
        joints = np.zeros((len(points), 4), np.uint8)
        joints[:, 0] = 2
        ids = draft.add(
            "accessors",
            {"bufferView": draft.view(joints.tobytes()), "componentType": 5121, "count": len(points), "type": "VEC4"},
        )
        heights = [1.0, 1.45, 1.5]
        inverse = np.tile(np.eye(4, dtype=np.float32), (3, 1, 1))
        inverse[:, 3, 1] = [-h * scale for h in heights]
        attributes |= {"JOINTS_0": ids, "WEIGHTS_0": draft.floats(weights)}
        draft.add("skins", {"joints": [0, 1, 2], "inverseBindMatrices": draft.floats(inverse.reshape(3, 16))})
    corner = draft.view(triangles.tobytes())
    index = draft.add(
        "accessors", {"bufferView": corner, "componentType": 5125, "count": triangles.size, "type": "SCALAR"}
    )
    primitive: dict[str, Any] = {"attributes": attributes, "indices": index}
    if names:
        primitive["targets"] = [{"POSITION": draft.floats(moved(points, n, forward, scale))} for n in names]
    draft.add("meshes", {"name": "Face", "primitives": [primitive], "extras": {"targetNames": list(names)}})
    node: dict[str, Any] = {"name": "FaceMesh", "mesh": 0}
    if skeleton:
        node["skin"] = 0
    number = draft.add("nodes", node)
    draft.json["scenes"], draft.json["scene"] = [{"nodes": [0, number] if skeleton else [number]}], 0
    return draft


def vrm0(path: Path) -> Path:
    """A VRM 0.x avatar: faces -z, vowels and blinks as blend shape groups, humanoid table, terms."""
    names = ("mth_wide", "mth_round", "lid_both_blink")
    draft = avatar(names, forward=-1.0)
    groups = [("a", 0), ("o", 1), ("blink", 2)]
    bones = {"hips": 0, "neck": 1, "head": 2, "leftEye": 3, "rightEye": 4}
    draft.json["extensionsUsed"] = ["VRM"]
    draft.json["extensions"] = {
        "VRM": {
            "meta": {"title": "Egg", "author": "A. Maker", "allowedUserName": "OnlyAuthor", "licenseName": "Other"},
            "humanoid": {"humanBones": [{"bone": b, "node": n} for b, n in bones.items()]},
            "blendShapeMaster": {
                "blendShapeGroups": [
                    {"name": p.upper(), "presetName": p, "binds": [{"mesh": 0, "index": i, "weight": 100}]}
                    for p, i in groups
                ]
            },
        }
    }
    path.write_bytes(draft.save())
    return path


def vrm1(path: Path) -> Path:
    """A VRM 1.0 avatar: faces +z, expressions, open terms."""
    draft = avatar(("m0", "m1", "left_close_l", "right_close_r"))
    bones = {"hips": 0, "neck": 1, "head": 2, "leftEye": 3, "rightEye": 4}
    presets = {"aa": 0, "ou": 1, "blinkLeft": 2, "blinkRight": 3}
    draft.json["extensionsUsed"] = ["VRMC_vrm"]
    draft.json["extensions"] = {
        "VRMC_vrm": {
            "specVersion": "1.0",
            "meta": {
                "name": "Egg",
                "authors": ["A. Maker"],
                "avatarPermission": "everyone",
                "licenseUrl": "https://vrm.dev",
            },
            "humanoid": {"humanBones": {b: {"node": n} for b, n in bones.items()}},
            "expressions": {
                "preset": {
                    p: {"morphTargetBinds": [{"node": 5, "index": i, "weight": 1.0}]} for p, i in presets.items()
                }
            },
        }
    }
    path.write_bytes(draft.save())
    return path


def glb(path: Path, names: tuple[str, ...] = ARKIT_SHAPES, **how: Any) -> Path:
    """A plain GLB with these shapes."""
    path.write_bytes(avatar(names, **how).save())
    return path
