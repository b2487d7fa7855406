"""Stands a foreign body as every actor stands: facing +z, in metres, with a head and eyes that can turn."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput
from understudy.exchange.draft import Draft
from understudy.exchange.names import SHUT, SPOKEN, joint
from understudy.exchange.shapes import Found
from understudy.hub.glb import Glb, Json, local_matrix

Floats = npt.NDArray[np.float64]

INTEROCULAR_M = 0.063
"""Mean distance between the pupils of adults (Dodgson, "Variation and extrema of human interpupillary distance",
2004)."""
_EYE_WORDS = ("eye", "eyeball", "auge", "oeil")


@dataclass(frozen=True)
class Stand:
    """file_from_node: node -> (4, 4) as in the file. turn: (4, 4) put before everything.

    middle_m: x of the middle of the face.
    """

    file_from_node: dict[int, Floats]
    turn: Floats
    middle_m: float


def stand_up(draft: Draft, glb: Glb, names: dict[str, str], found: Found, remarks: list[str]) -> Stand:
    """Turns, scales and completes the skeleton in the draft; adds what it did to names and remarks."""
    world = _worlds(glb)
    parents = _parents(glb)
    moving = _moving(glb, found, world)
    if not len(moving):
        raise BadInput(f"The shapes of {glb.where} move nothing; export it with its blend shapes.")
    head = _head(draft, glb, names, world, moving, remarks)
    eyes = _eyes(draft, glb, names, world, parents, head, moving, remarks)
    scale = 1.0
    if eyes is not None:
        apart = float(np.linalg.norm(eyes[0] - eyes[1]))
        if apart > 0 and not 0.25 < apart / INTEROCULAR_M < 4:
            scale = float(10.0 ** np.round(np.log10(INTEROCULAR_M / apart)))
            scale = scale if 0.25 < apart * scale / INTEROCULAR_M < 4 else INTEROCULAR_M / apart
            remarks.append(f"Its eyes stand {apart:.3g} units apart; it was scaled by {scale:.3g} to metres.")
    front = moving.mean(0)[2] - world[head][2, 3] if head in world else moving.mean(0)[2]
    # the left eye of an actor who faces +z has the larger x
    turned = bool(eyes[0][0] < eyes[1][0]) if eyes is not None else bool(front < 0)
    turn = np.diag([scale, scale, scale, 1.0])
    if turned:
        turn = turn @ np.diag([-1.0, 1.0, -1.0, 1.0])
        remarks.append("It faced away (-z) and was turned round.")
    if turned or scale != 1.0:
        _put_before(draft, turn)
    middle = moving.mean(0) if eyes is None else (eyes[0] + eyes[1]) / 2
    return Stand(world, turn, float((turn @ np.append(middle, 1.0))[0]))


def face_points(glb: Glb, stand: Stand) -> dict[int, Floats]:
    """Returns mesh -> (n, 3) vertices of all its primitives, in metres, facing +z."""
    points = {}
    for number, node in enumerate(glb.items("nodes")):
        if "mesh" in node:
            mesh = glb.item("meshes", node["mesh"])
            at = stand.turn @ (np.eye(4) if "skin" in node else stand.file_from_node[number])
            if "skin" in node:
                at = stand.turn @ _bind(glb, node, stand.file_from_node)
            rows = [np.asarray(glb.accessor(p["attributes"]["POSITION"]), np.float64) for p in mesh["primitives"]]
            points[int(node["mesh"])] = np.concatenate(rows) @ at[:3, :3].T + at[:3, 3]
    return points


def _bind(glb: Glb, node: Json, world: dict[int, Floats]) -> Floats:
    """Returns file-from-mesh of a skinned mesh in its rest pose, by its first joint."""
    skin = glb.item("skins", node["skin"])
    first = int(skin["joints"][0])
    if "inverseBindMatrices" not in skin:
        return world[first]
    inverse = np.asarray(glb.accessor(skin["inverseBindMatrices"]), np.float64).reshape(-1, 4, 4)[0].T
    return np.asarray(world[first] @ inverse)


def _worlds(glb: Glb) -> dict[int, Floats]:
    nodes, parents = glb.items("nodes"), _parents(glb)
    world: dict[int, Floats] = {}

    def of(number: int, depth: int = 0) -> Floats:
        if depth > len(nodes):
            raise glb.damaged("its nodes form a circle")
        if number not in world:
            local = local_matrix(nodes[number])
            parent = parents.get(number, -1)
            world[number] = local if parent < 0 else np.asarray(of(parent, depth + 1) @ local)
        return world[number]

    for number in range(len(nodes)):
        of(number)
    return world


def _parents(glb: Glb) -> dict[int, int]:
    return {int(child): i for i, node in enumerate(glb.items("nodes")) for child in node.get("children", [])}


def _moving(glb: Glb, found: Found, world: dict[int, Floats]) -> Floats:
    """Returns (n, 3) vertices, as in the file, that speech or blinking moves."""
    rows = []
    used: set[int] = set()
    wanted = [found.exact.get(s, []) for s in (*SPOKEN, *SHUT)]
    for shape in (*SPOKEN, *SHUT):
        if shape not in found.exact and shape in found.derived:
            wanted += [found.named[name] for name in found.derived[shape].split(" + ")]
    binds = [(m, t) for group in wanted for m, t, _ in group]
    for number, node in enumerate(glb.items("nodes")):
        if "mesh" not in node or node["mesh"] in used:
            continue
        used.add(int(node["mesh"]))
        at = _bind(glb, node, world) if "skin" in node else world[number]
        for primitive in glb.item("meshes", node["mesh"])["primitives"]:
            positions = np.asarray(glb.accessor(primitive["attributes"]["POSITION"]), np.float64)
            for mesh, target in binds:
                given = primitive.get("targets", [])
                if mesh == node["mesh"] and target < len(given) and "POSITION" in given[target]:
                    offsets = np.asarray(glb.accessor(given[target]["POSITION"]), np.float64)
                    span = max(float(np.ptp(positions)), 1e-9)
                    moved = positions[np.abs(offsets).max(1) > 1e-3 * span]
                    rows.append(moved @ at[:3, :3].T + at[:3, 3])
    return np.concatenate(rows) if rows else np.zeros((0, 3))


def _head(
    draft: Draft, glb: Glb, names: dict[str, str], world: dict[int, Floats], moving: Floats, remarks: list[str]
) -> int:
    """Returns the node of the joint `head`, which is found by the weights of the face, or made."""
    nodes = draft.json["nodes"]
    skins = glb.items("skins")
    for number, node in enumerate(nodes):
        if node.get("name") == "head" and "head" in names and (not skins or _in_skin(skins, number)):
            if not skins:
                break
            return number
    heaviest = _heaviest(glb)
    if heaviest >= 0:
        names["head"] = str(nodes[heaviest].get("name", f"node {heaviest}"))
        nodes[heaviest]["name"] = "head"
        remarks.append(f"No joint is called head; '{names['head']}' carries the face and is used.")
        return heaviest
    return _add_skeleton(draft, glb, names, moving, remarks)


def _in_skin(skins: list[Json], number: int) -> bool:
    return any(number in skin["joints"] for skin in skins)


def _heaviest(glb: Glb) -> int:
    """Returns the joint that carries most of the vertices of the meshes with targets, -1 without skins."""
    best, most = -1, 0.0
    for node in glb.items("nodes"):
        if "mesh" not in node or "skin" not in node:
            continue
        joints = glb.item("skins", node["skin"])["joints"]
        for primitive in glb.item("meshes", node["mesh"])["primitives"]:
            if primitive.get("targets") and "JOINTS_0" in primitive["attributes"]:
                ids = glb.accessor(primitive["attributes"]["JOINTS_0"], scaled=False)
                weights = np.asarray(glb.accessor(primitive["attributes"]["WEIGHTS_0"]), np.float64)
                total = np.bincount(ids.ravel().astype(int), weights.ravel(), len(joints))
                if total.max() > most:
                    best, most = int(joints[int(total.argmax())]), float(total.max())
    return best


def _add_skeleton(draft: Draft, glb: Glb, names: dict[str, str], moving: Floats, remarks: list[str]) -> int:
    """Adds hips to head under a head without any; the whole file hangs on `head`, whose place is below the skull."""
    low, high = moving.min(0), moving.max(0)
    size = float((high - low)[1])
    at = np.array([(low[0] + high[0]) / 2, low[1] - 0.05 * size, low[2] - 0.35 * size])
    roots = _roots(draft)
    nodes = draft.json["nodes"]
    for node in nodes:
        if node.get("name") == "head":
            node["name"] = "head.mesh"
    names.clear()
    head = draft.add("nodes", {"name": "head"})
    offset = draft.add("nodes", {"name": "headFrame", "translation": [float(-v) for v in at], "children": roots})
    nodes[head]["children"] = [offset]
    chain = [head]
    steps = {"neck": 0.35, "upperChest": 0.5, "chest": 0.5, "spine": 0.5, "hips": 0.5}
    step = {"head": 0.35 * size}
    for name, share in steps.items():
        node = draft.add("nodes", {"name": name, "children": [chain[-1]]})
        nodes[chain[-1]]["translation"] = [0.0, float(step[nodes[chain[-1]]["name"]]), 0.0]
        step[name] = share * size
        chain.append(node)
    reach = sum(step[nodes[n]["name"]] for n in chain[:-1])
    nodes[chain[-1]]["translation"] = [float(at[0]), float(at[1] - reach), float(at[2])]
    names["head"] = "(added)"
    draft.add("skins", {"joints": chain[::-1]})
    for scene in draft.json.get("scenes", []):
        scene["nodes"] = [chain[-1]]
    if not draft.json.get("scenes"):
        draft.json["scenes"], draft.json["scene"] = [{"nodes": [chain[-1]]}], 0
    remarks.append("It has no skeleton; one from hips to head was added, and everything hangs on the head.")
    return head


def _eyes(
    draft: Draft,
    glb: Glb,
    names: dict[str, str],
    world: dict[int, Floats],
    parents: dict[int, int],
    head: int,
    moving: Floats,
    remarks: list[str],
) -> tuple[Floats, Floats] | None:
    """Returns where left and right eye are, as in the file; eye meshes without a joint get one."""
    nodes = draft.json["nodes"]
    places: dict[str, Floats] = {}
    for side in ("leftEye", "rightEye"):
        for number, node in enumerate(nodes):
            if node.get("name") == side and number in world:
                places[side] = world[number][:3, 3]
                _ensure_joint(draft, number)
    if len(places) == 2:
        return places["leftEye"], places["rightEye"]
    for number, node in enumerate(glb.items("nodes")):
        words = (
            " ".join(str(n.get("name", "")) for n in (node, glb.item("meshes", node["mesh"]))) if "mesh" in node else ""
        )
        side = joint(words.split(" ")[0]) if words else ""
        if side not in ("leftEye", "rightEye") or side in places or not any(w in words.lower() for w in _EYE_WORDS):
            continue
        rows = [
            np.asarray(glb.accessor(p["attributes"]["POSITION"]), np.float64)
            for p in glb.item("meshes", node["mesh"])["primitives"]
        ]
        points = np.concatenate(rows) @ world[number][:3, :3].T + world[number][:3, 3]
        places[side] = (points.min(0) + points.max(0)) / 2
        _hang_eye(draft, number, side, places[side], world, parents)
        names[side] = "(added)"
    if len(places) == 2:
        remarks.append("Its eyes had no joints; each was given one at its middle.")
        return places["leftEye"], places["rightEye"]
    return None


def _hang_eye(
    draft: Draft, number: int, side: str, at: Floats, world: dict[int, Floats], parents: dict[int, int]
) -> None:
    """Puts a joint at the middle of an eye, between its mesh and the parent of that."""
    nodes = draft.json["nodes"]
    parent = parents.get(number, -1)
    above = world[parent] if parent >= 0 else np.eye(4)
    local = np.linalg.inv(above)
    place = local[:3, :3] @ at + local[:3, 3]
    node = nodes[number]
    if node.get("name") == side:
        node["name"] = f"{side}.mesh"
    mesh_local = np.linalg.inv(above @ _shift(place)) @ world[number]
    for key in ("translation", "rotation", "scale"):
        node.pop(key, None)
    node["matrix"] = [float(v) for v in mesh_local.T.ravel()]
    made = draft.add("nodes", {"name": side, "translation": [float(v) for v in place], "children": [number]})
    for other, item in enumerate(nodes):
        if other != made and number in item.get("children", []):
            item["children"] = [made if child == number else child for child in item["children"]]
    for scene in draft.json.get("scenes", []):
        scene["nodes"] = [made if child == number else child for child in scene.get("nodes", [])]
    _ensure_joint(draft, made)


def _shift(by: Floats) -> Floats:
    out = np.eye(4)
    out[:3, 3] = by
    return out


def _ensure_joint(draft: Draft, number: int) -> None:
    skins = draft.json.get("skins", [])
    if skins and not any(number in skin["joints"] for skin in skins):
        draft.add("skins", {"joints": [number]})


def _roots(draft: Draft) -> list[int]:
    children = {child for node in draft.json["nodes"] for child in node.get("children", [])}
    return [number for number in range(len(draft.json["nodes"])) if number not in children]


def _put_before(draft: Draft, turn: Floats) -> None:
    """Puts one node above all roots."""
    roots = _roots(draft)
    top = draft.add("nodes", {"name": "stand", "matrix": [float(v) for v in turn.T.ravel()], "children": roots})
    for scene in draft.json.get("scenes", []):
        scene["nodes"] = [top]
    if not draft.json.get("scenes"):
        draft.json["scenes"], draft.json["scene"] = [{"nodes": [top]}], 0
