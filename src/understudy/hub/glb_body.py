"""glTF document -> Body: the walk over nodes, skins, meshes and materials."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from understudy.base.channels import ARKIT_SHAPES
from understudy.hub.body import (
    Body,
    Floats,
    Joint,
    Material,
    Matrices,
    Mesh,
    Morph,
    Picture,
)
from understudy.hub.glb import MAX_ELEMENTS, Glb, Json, local_matrix
from understudy.hub.glb_groom import grooms_from

_MAX_NODES = 4096
_STILL_M = 2e-6
"""Offsets below two micrometres are rounding of the quantisation, not movement."""


def body_from(glb: Glb) -> Body:
    """Returns the Body of a parsed file; raises BadInput (or plain lookup errors on malformed documents)."""
    nodes, parents, world, joint_nodes = joints_of(glb)
    order = {node: i for i, node in enumerate(joint_nodes)}
    joints = tuple(
        Joint(str(nodes[n].get("name", f"joint{n}")), order.get(_ancestor(parents, n, order), -1), world[n])
        for n in joint_nodes
    )
    pictures = tuple(
        Picture(str(image.get("name", f"image{i}")), glb.image_bytes(i)) for i, image in enumerate(glb.items("images"))
    )
    meshes = []
    for number, node in enumerate(nodes):
        if "mesh" in node:
            mesh = glb.item("meshes", node["mesh"])
            for i, primitive in enumerate(mesh["primitives"]):
                name = _name_of(node, mesh, number, i)
                meshes.append(_mesh(glb, name, node, mesh, primitive, number, world, parents, order, joints))
    if not meshes or not joints:
        raise glb.damaged("it has no mesh or no skeleton")
    if sum(len(m.positions) for m in meshes) > MAX_ELEMENTS:
        raise glb.damaged("it has too many vertices")
    skin = next((len(m.positions) for m in meshes if m.name == "skin"), 0)
    return Body(joints, tuple(meshes), pictures, grooms_from(glb, skin))


def joints_of(glb: Glb) -> tuple[list[Json], list[int], list[Matrices], list[int]]:
    """Returns the nodes of a file, the parent of each or -1, model-from-node of each, and the joints, parents first."""
    nodes = glb.items("nodes")
    if len(nodes) > _MAX_NODES:
        raise glb.damaged(f"it has {len(nodes)} nodes")
    parents = _parents(glb, nodes)
    return (
        nodes,
        parents,
        [_world(glb, nodes, parents, i) for i in range(len(nodes))],
        _joint_nodes(glb, nodes, parents),
    )


def skinned_of(glb: Glb) -> Iterator[tuple[str, Json, Matrices]]:
    """Yields name, glTF primitive and (n, 4, 4) model-from-mesh at rest of everything that is skinned, in order."""
    nodes, _, world, joint_nodes = joints_of(glb)
    order = {node: i for i, node in enumerate(joint_nodes)}
    for number, node in enumerate(nodes):
        if "mesh" not in node or "skin" not in node:
            continue
        mesh = glb.item("meshes", node["mesh"])
        for i, primitive in enumerate(mesh["primitives"]):
            attributes = primitive["attributes"]
            if "JOINTS_0" in attributes:
                name = _name_of(node, mesh, number, i)
                count = len(glb.accessor(attributes["POSITION"], scaled=False))
                skin = glb.item("skins", node["skin"])
                ids, weights = _skin_weights(glb, attributes, skin, order, count, name)
                yield name, primitive, _bind(glb, skin, world, ids, weights, order)


def _name_of(node: Json, mesh: Json, number: int, primitive: int) -> str:
    return str(node.get("name", mesh.get("name", f"mesh{number}"))) + (f".{primitive}" if primitive else "")


def _parents(glb: Glb, nodes: list[Json]) -> list[int]:
    parents = [-1] * len(nodes)
    for i, node in enumerate(nodes):
        for child in node.get("children", []):
            glb.item("nodes", child)
            if parents[child] != -1:
                raise glb.damaged("a node has two parents")
            parents[child] = i
    for start in range(len(nodes)):
        at, steps = start, 0
        while at >= 0:
            at, steps = parents[at], steps + 1
            if steps > len(nodes):
                raise glb.damaged("its nodes form a circle")
    return parents


def _world(glb: Glb, nodes: list[Json], parents: list[int], node: int) -> Matrices:
    matrix = np.eye(4)
    while node >= 0:
        local = local_matrix(nodes[node])
        if not np.isfinite(local).all():
            raise glb.damaged("a node stands at infinity")
        matrix = local @ matrix
        node = parents[node]
    return matrix


def _joint_nodes(glb: Glb, nodes: list[Json], parents: list[int]) -> list[int]:
    """Returns the nodes of all skins, parents first."""
    found: set[int] = set()
    for skin in glb.items("skins"):
        for joint in skin["joints"]:
            glb.item("nodes", joint)
            found.add(int(joint))
    if len(found) > 256:
        raise glb.damaged(f"it has {len(found)} joints, and 256 are the most")

    def depth(node: int) -> int:
        steps = 0
        while parents[node] >= 0:
            node, steps = parents[node], steps + 1
        return steps

    return sorted(found, key=lambda n: (depth(n), n))


def _ancestor(parents: list[int], node: int, order: Mapping[int, int]) -> int:
    node = parents[node]
    while node >= 0 and node not in order:
        node = parents[node]
    return node


def _mesh(
    glb: Glb,
    name: str,
    node: Json,
    mesh: Json,
    primitive: Json,
    number: int,
    world: list[Matrices],
    parents: list[int],
    order: Mapping[int, int],
    joints: tuple[Joint, ...],
) -> Mesh:
    if primitive.get("mode", 4) != 4:
        raise glb.damaged(f"mesh '{name}' is not made of triangles")
    attributes = primitive["attributes"]
    positions = np.asarray(glb.accessor(attributes["POSITION"]), np.float32)
    count = len(positions)
    if "indices" in primitive:
        flat = glb.accessor(primitive["indices"]).astype(np.int64)
    else:
        flat = np.arange(count - count % 3)
    if len(flat) % 3 or (len(flat) and int(flat.max()) >= count):
        raise glb.damaged(f"the triangles of mesh '{name}' point outside it")
    anchor = ""
    if "skin" in node and "JOINTS_0" in attributes:
        skin = glb.item("skins", node["skin"])
        ids, weights = _skin_weights(glb, attributes, skin, order, count, name)
        to_rest = _bind(glb, skin, world, ids, weights, order)
    else:
        at = number if number in order else _ancestor(parents, number, order)
        anchor = joints[order[at]].name if at >= 0 else ""
        ids = np.zeros((count, 4), np.uint8)
        ids[:, 0] = order[at] if at >= 0 else 0
        weights = np.zeros((count, 4), np.float32)
        weights[:, 0] = 1.0
        to_rest = np.broadcast_to(world[number], (count, 4, 4))
    linear = to_rest[:, :3, :3]
    rest = np.einsum("nij,nj->ni", linear, positions) + to_rest[:, :3, 3]
    turn = linear / np.maximum(np.cbrt(np.abs(np.linalg.det(linear))), 1e-12)[:, None, None]
    normals = (
        np.asarray(glb.accessor(attributes["NORMAL"]), np.float32)
        if "NORMAL" in attributes
        else _flat_normals(positions, flat)
    )
    normals = np.einsum("nij,nj->ni", turn, normals)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)

    def optional(key: str) -> Floats | None:
        if key not in attributes:
            return None
        values = np.asarray(glb.accessor(attributes[key]), np.float32)
        if len(values) != count:
            raise glb.damaged(f"the attribute {key} of mesh '{name}' has the wrong length")
        return values

    strand = optional("_STRAND")
    if strand is not None:
        strand = np.hstack([np.einsum("nij,nj->ni", turn, strand[:, :3]), strand[:, 3:4]]).astype(np.float32)
    wrinkles, groups = _wrinkles(glb, mesh, optional, name)
    return Mesh(
        name=name,
        material=_material(glb, primitive.get("material")),
        positions=rest.astype(np.float32),
        normals=normals.astype(np.float32),
        triangles=flat.reshape(-1, 3).astype(np.int32),
        joints=ids,
        weights=weights,
        morphs=_morphs(glb, mesh, primitive, linear, turn, name),
        uv=optional("TEXCOORD_0"),
        strand=strand,
        seed=optional("_SEED"),
        colour=optional("COLOR_0"),
        anchor=anchor,
        wrinkles=wrinkles,
        wrinkle_groups=groups,
        flush=optional("_FLUSH"),
        extras=dict(mesh.get("extras", {})) | dict(node.get("extras", {})),
    )


def _wrinkles(
    glb: Glb, mesh: Json, optional: Callable[[str], Floats | None], name: str
) -> tuple[Floats | None, tuple[Mapping[str, float], ...]]:
    """Returns what the attributes _WRINKLE0, _WRINKLE1, .. and the extras `wrinkles` of a mesh say."""
    stored = mesh.get("extras", {}).get("wrinkles", [])
    groups = tuple({str(shape): float(share) for shape, share in group.items()} for group in stored)
    if not groups:
        return None, ()
    if any(shape not in ARKIT_SHAPES for group in groups for shape in group):
        raise glb.damaged(f"the wrinkles of mesh '{name}' name a shape that ARKit does not have")
    columns = [optional(f"_WRINKLE{i}") for i in range(-(-len(groups) // 4))]
    known = [column for column in columns if column is not None]
    if len(known) < len(columns) or sum(column.shape[1] for column in known) < len(groups):
        raise glb.damaged(f"mesh '{name}' has {len(groups)} groups of wrinkles and fewer shares for them")
    return np.hstack(known)[:, : len(groups)].astype(np.float32), groups


def _skin_weights(
    glb: Glb, attributes: Json, skin: Json, order: Mapping[int, int], count: int, name: str
) -> tuple[Any, Floats]:
    local = glb.accessor(attributes["JOINTS_0"], scaled=False)
    weights = np.asarray(glb.accessor(attributes["WEIGHTS_0"]), np.float32)
    if local.shape != (count, 4) or weights.shape != (count, 4) or (count and int(local.max()) >= len(skin["joints"])):
        raise glb.damaged(f"the skin weights of mesh '{name}' do not fit its skeleton")
    table = np.array([order[int(joint)] for joint in skin["joints"]], np.uint8)
    total = weights.sum(1, keepdims=True)
    weights = np.where(total > 0, weights / np.maximum(total, 1e-9), np.array([1, 0, 0, 0], np.float32))
    return table[local.astype(np.int64)], weights.astype(np.float32)


def _bind(glb: Glb, skin: Json, world: list[Matrices], ids: Any, weights: Floats, order: Mapping[int, int]) -> Matrices:
    """Returns (n, 4, 4) model-from-mesh of the rest pose, quantisation undone."""
    table = np.tile(np.eye(4), (len(order), 1, 1))
    inverse = (
        np.asarray(glb.accessor(skin["inverseBindMatrices"]), np.float64).reshape(-1, 4, 4).transpose(0, 2, 1)
        if "inverseBindMatrices" in skin
        else np.tile(np.eye(4), (len(skin["joints"]), 1, 1))
    )
    if len(inverse) < len(skin["joints"]):
        raise glb.damaged("its skin has too few bind matrices")
    for i, joint in enumerate(skin["joints"]):
        table[order[int(joint)]] = world[int(joint)] @ inverse[i]
    return np.asarray(np.einsum("nk,nkij->nij", weights, table[ids]))


def _morphs(glb: Glb, mesh: Json, primitive: Json, linear: Matrices, turn: Matrices, name: str) -> Mapping[str, Morph]:
    targets = primitive.get("targets", [])
    names = mesh.get("extras", {}).get("targetNames", [])
    if not names and len(targets) == len(ARKIT_SHAPES):
        names = list(ARKIT_SHAPES)
    if len(names) < len(targets):
        raise glb.damaged(f"the shapes of mesh '{name}' have no names")
    found = {}
    for shape, target in zip(names, targets, strict=False):
        if shape not in ARKIT_SHAPES:
            continue
        positions = np.asarray(glb.accessor(target["POSITION"]), np.float32)
        if len(positions) != len(linear):
            raise glb.damaged(f"the shape '{shape}' of mesh '{name}' has the wrong length")
        moving = np.flatnonzero(np.abs(positions).max(1) > 0)
        offsets = np.einsum("nij,nj->ni", linear[moving], positions[moving])
        keep = np.abs(offsets).max(1, initial=0.0) > _STILL_M
        moving, offsets = moving[keep], offsets[keep]
        if not len(moving):
            continue
        bent = np.zeros_like(offsets)
        if "NORMAL" in target:
            bent = np.einsum("nij,nj->ni", turn[moving], np.asarray(glb.accessor(target["NORMAL"]), np.float32)[moving])
        found[shape] = Morph(moving.astype(np.int32), offsets.astype(np.float32), bent.astype(np.float32))
    return found


def _flat_normals(positions: Floats, flat: Any) -> Floats:
    triangles = flat.reshape(-1, 3)
    a, b, c = (positions[triangles[:, k]] for k in range(3))
    out = np.zeros_like(positions)
    for k in range(3):
        np.add.at(out, triangles[:, k], np.cross(b - a, c - a))
    return out


def _material(glb: Glb, index: Any) -> Material:
    if index is None:
        return Material("plain")
    raw = glb.item("materials", index)
    pbr = raw.get("pbrMetallicRoughness", {})
    own = raw.get("extras", {}).get("understudy", {})

    def source(info: Any) -> int | None:
        if info is None:
            return None
        number = info["index"] if isinstance(info, dict) else info
        picture = glb.item("textures", number)["source"]
        glb.item("images", picture)
        return int(picture)

    colour = [float(v) for v in pbr.get("baseColorFactor", (1, 1, 1, 1))]
    return Material(
        name=str(raw.get("name", "plain")),
        base_colour=(colour[0], colour[1], colour[2], colour[3]),
        metallic=float(pbr.get("metallicFactor", 1.0)),
        roughness=float(pbr.get("roughnessFactor", 1.0)),
        albedo=source(pbr.get("baseColorTexture")),
        normal=source(raw.get("normalTexture")),
        normal_scale=float(raw.get("normalTexture", {}).get("scale", 1.0)),
        orm=source(raw.get("occlusionTexture", pbr.get("metallicRoughnessTexture"))),
        masks=source(own.get("mask")),
        wrinkle=source(own.get("wrinkle")),
        alpha_mode=str(raw.get("alphaMode", "OPAQUE")),
        alpha_cutoff=float(raw.get("alphaCutoff", 0.5)),
        double_sided=bool(raw.get("doubleSided", False)),
        extras=dict(own),
    )
