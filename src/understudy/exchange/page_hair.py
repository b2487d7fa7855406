"""Hair for a page: the grooms of an actor put back into his GLB in place of the cards that they stand for.

The page grows its strands from guides (web/strands.js). What is the same for every picture is worked out here and
stored along each guide, in buffer views of its own that its entry of `extras.understudy.grooms` names besides those
of `hub.glb_groom`. Per point: `out` int8 x 4, the direction out of the hair / 127 and 0; `lit` uint8 x 4, how much of
everything and of the first three lamps arrives; `joints` and `weights` uint8 x 4, the joints being numbers in the
list `bones`. Per guide: `skin` uint8 x 3, square roots of the linear colour of the skin at its root; `deep` uint8, 0
outermost .. 255 innermost; `alone` uint8, 1 where it has no others beside it. The skin gets an attribute `_REACH`, the
same as `lit` for what hair leaves of the light: it is darker under hair and beside it.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.directions import even_directions
from understudy.exchange.draft import Draft
from understudy.exchange.openness import OWN_M, Thicket, thicket
from understudy.hub.body import Body, Mesh
from understudy.hub.glb import Glb, Json, read_glb
from understudy.hub.groom import Groom
from understudy.hub.hair import alone, beside, depth, painted
from understudy.hub.place import Ambience, Place

Floats = npt.NDArray[np.float32]

GROWN = ("hair", "beard")
"""Names of the grooms that a page grows; the meshes of their cards have the same names."""
_STORED = ("points", "root", "bary", "lock", "tone")
_SKIES = 18
_ALONE = (3, 4.0)
"""A guide whose third neighbour is so many times as far as usual would grow hair that hangs in the air."""
_DARKEST = 0.18
_SKIN_UNDER = 3.0
"""Hair lets less light down to the skin than to its own depths: it lies densest at its roots."""
_JSON, _BINARY = 0x4E4F534A, 0x004E4942


def with_grooms(glb: bytes, source: Glb, body: Body, place: Place) -> bytes:
    """Returns a GLB without the cards that a groom replaces, and with those grooms. source, body: the actor's own."""
    own = source.json.get("extras", {})
    entries = own.get("understudy", {}).get("grooms", []) if isinstance(own, dict) else []
    grooms = {groom.name: groom for groom in body.grooms if groom.name in GROWN and len(groom.points)}
    cards = {mesh.name: mesh for mesh in body.meshes if mesh.name in grooms and len(mesh.positions)}
    if not cards:
        return glb
    draft = Draft(read_glb(glb, "The page's body"))
    _leave_out(draft.json, set(cards))
    _shade_skin(draft, body, [grooms[name] for name in cards], place)
    made: list[tuple[Json, dict[str, bytes]]] = []
    for entry in entries:
        name = str(entry["name"])
        if name in cards:
            arrays = {key: source.view(entry[key])[0] for key in _STORED}
            constants = {key: value for key, value in entry.items() if key not in _STORED}
            baked, bones = _baked(body, grooms[name], cards[name], place)
            made.append((constants | {"bones": bones}, arrays | baked))
    return _with_views(draft.save(), made)


def _leave_out(document: Json, names: set[str]) -> None:
    """Takes meshes out of a document, and pictures that no material of the others shows."""
    stay = [number for number, mesh in enumerate(document["meshes"]) if mesh.get("name") not in names]
    moved = {old: new for new, old in enumerate(stay)}
    document["meshes"] = [document["meshes"][old] for old in stay]
    for node in document["nodes"]:
        if "mesh" in node:
            if node["mesh"] in moved:
                node["mesh"] = moved[node["mesh"]]
            else:
                node.pop("mesh")
                node.pop("skin", None)
    worn = {primitive.get("material") for mesh in document["meshes"] for primitive in mesh["primitives"]}
    shown = {n for m, material in enumerate(document.get("materials", [])) if m in worn for n in _numbers(material)}
    for number, material in enumerate(document.get("materials", [])):
        if number not in worn:
            document["materials"][number] = {"name": material.get("name", "")}
    textures = document.get("textures", [])
    for number, texture in enumerate(textures):
        if number not in shown:
            texture.pop("source", None)
    kept = sorted({texture["source"] for texture in textures if "source" in texture})
    document["images"] = [document["images"][old] for old in kept]
    for texture in textures:
        if "source" in texture:
            texture["source"] = kept.index(texture["source"])


def _numbers(value: Any) -> set[int]:
    """Returns every whole number in a material: the textures it may refer to, its extras included."""
    if isinstance(value, Mapping):
        return {n for inner in value.values() for n in _numbers(inner)}
    if isinstance(value, list):
        return {n for inner in value for n in _numbers(inner)}
    return {value} if isinstance(value, int) and not isinstance(value, bool) else set()


def _baked(body: Body, groom: Groom, cards: Mesh, place: Place) -> tuple[dict[str, bytes], list[str]]:
    """Returns the arrays of a groom which this module adds, and the names of its bones."""
    near, normals = beside(cards, groom.points)
    out = normals.reshape(-1, 3)
    skin = next((mesh for mesh in body.meshes if mesh.name == "skin"), None)
    roots = groom.points[:, 0]
    under = np.full((len(roots), 3), 0.2, np.float32) if skin is None else painted(skin, body, roots)
    used, joints = np.unique(cards.joints[near], return_inverse=True)
    arrays = {
        "out": np.hstack([np.rint(out * 127), np.zeros((len(out), 1))]).astype("i1"),
        "lit": _bytes(_lit(body, groom, out, place)),
        "joints": joints.reshape(-1, 4).astype("u1"),
        "weights": _shares(cards.weights[near]),
        "skin": _bytes(np.sqrt(under)),
        "deep": _bytes(depth(groom.points)),
        "alone": alone(groom.points, *_ALONE).astype("u1"),
    }
    return {key: value.tobytes() for key, value in arrays.items()}, [body.joints[number].name for number in used]


def _bytes(values: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    made: npt.NDArray[np.uint8] = np.rint(np.clip(np.asarray(values), 0, 1) * 255).astype(np.uint8)
    return made


def _shares(weights: Floats) -> npt.NDArray[np.uint8]:
    """Returns weights (n, 4) as numbers that add up to 255, or a body would shift with what rounding loses."""
    made = np.rint(weights * 255).astype(int)
    made[np.arange(len(made)), made.argmax(1)] += 255 - made.sum(1)
    return made.astype(np.uint8)


def _shade_skin(draft: Draft, body: Body, grooms: Sequence[Groom], place: Place) -> None:
    """Adds `_REACH` to the skin of a document."""
    skin = next((mesh for mesh in body.meshes if mesh.name == "skin"), None)
    drawn = next((mesh for mesh in draft.json["meshes"] if mesh.get("name") == "skin"), None)
    if skin is None or drawn is None or len(drawn["primitives"]) != 1:
        return
    left = np.ones((len(skin.positions), 4), np.float32)
    none = np.zeros((0, 3), np.float32)
    for groom in grooms:
        grid = thicket(groom.points, _hairs(groom), groom.width_m, none, none)
        left *= _light(grid, skin.positions, skin.normals, place, 0.002, 1.5)
    accessor = {"componentType": 5121, "normalized": True, "count": len(left), "type": "VEC4"}
    accessor["bufferView"] = draft.view(_bytes(left**_SKIN_UNDER).tobytes())
    drawn["primitives"][0]["attributes"]["_REACH"] = draft.add("accessors", accessor)


def _lit(body: Body, groom: Groom, out: Floats, place: Place) -> Floats:
    """Returns (n, 4) how much of everything and of up to three lamps arrives at each point of the guides."""
    points = groom.points.reshape(-1, 3)
    solid = [mesh for mesh in body.meshes if mesh.name in ("skin", "clothes")]
    positions = np.concatenate([mesh.positions for mesh in solid] or [np.zeros((0, 3), np.float32)])
    normals = np.concatenate([mesh.normals for mesh in solid] or [np.zeros((0, 3), np.float32)])
    grid = thicket(groom.points, _hairs(groom), groom.width_m, positions, normals)
    return _light(grid, points, out, place, OWN_M, 0.8)


def _hairs(groom: Groom) -> float:
    """Returns how many hairs a guide stands for."""
    return max(groom.children, len(groom.points)) / len(groom.points)


def _light(grid: Thicket, points: Floats, normals: Floats, place: Place, start_m: float, soft: float) -> Floats:
    """Returns (n, 4): what of the surroundings and of up to three lamps gets through to points (n, 3)."""
    made = np.ones((len(points), 4), np.float32)
    total, open_ = np.full(len(points), 1e-4, np.float32), np.full(len(points), 1e-4, np.float32)
    for direction in even_directions(_SKIES).astype(np.float32):
        weight = _glow(place.ambience, direction) * (0.35 + 0.65 * np.maximum(normals @ direction, 0))
        total += weight
        open_ += weight * grid.reached(points, direction, start_m)
    made[:, 0] = _DARKEST + (1 - _DARKEST) * open_ / total
    for slot, lamp in enumerate(place.lights[:3], start=1):
        made[:, slot] = grid.reached(points, lamp.towards, start_m)
    return grid.smoothed(points, made, soft)


def _glow(ambience: Ambience, direction: Floats) -> float:
    """Returns about how bright the surroundings are in a direction, glows left out."""
    end = ambience.up if direction[1] > 0 else ambience.down
    blend = abs(float(direction[1])) ** 0.7
    return 0.1 + float(np.mean([h + blend * (e - h) for h, e in zip(ambience.horizon, end, strict=True)]))


def _with_views(glb: bytes, grooms: list[tuple[Json, dict[str, bytes]]]) -> bytes:
    """Returns a GLB with grooms in `extras.understudy.grooms`, their arrays in buffer views that no accessor names."""
    parsed = read_glb(glb, "The page's body")
    document, binary = parsed.json, bytearray(parsed.buffers[0])
    entries = []
    for constants, arrays in grooms:
        entry = dict(constants)
        for key, data in arrays.items():
            binary += b"\0" * (-len(binary) % 4)
            document["bufferViews"].append({"buffer": 0, "byteOffset": len(binary), "byteLength": len(data)})
            entry[key] = len(document["bufferViews"]) - 1
            binary += data
        entries.append(entry)
    binary += b"\0" * (-len(binary) % 4)
    document["buffers"] = [{"byteLength": len(binary)}]
    document.setdefault("extras", {}).setdefault("understudy", {})["grooms"] = entries
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    head = struct.pack("<III", struct.unpack_from("<I", glb)[0], 2, 28 + len(text) + len(binary))
    chunks = struct.pack("<II", len(text), _JSON) + text + struct.pack("<II", len(binary), _BINARY) + bytes(binary)
    return head + chunks
