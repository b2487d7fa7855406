"""Writes an actor's body as one binary glTF 2.0 file, small enough to ship and readable by any viewer.

Skinned positions are 16-bit (KHR_mesh_quantization) on one grid for the whole body; the scale back to metres sits
in the inverse bind matrices, as the extension prescribes. Blendshapes are sparse: only vertices that move are stored,
and the normals of a shape share the index list of its positions, as do shapes that move the same vertices.
"""

import json
import struct
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES
from understudy.casting.groom import packed_groom
from understudy.casting.mesh import Floats, Part, unit
from understudy.casting.shapes import settled, shared_lists
from understudy.casting.skeleton import Skeleton
from understudy.hub.groom import Groom

FLOAT, USHORT, UINT, SHORT, UBYTE, BYTE = 5126, 5123, 5125, 5122, 5121, 5120
VERTEX_BUFFER, INDEX_BUFFER = 34962, 34963


@dataclass(frozen=True)
class Texture:
    """An encoded image."""

    name: str
    mime: str
    encoded: bytes


class TextureName(str):
    """The name of a texture, where the file will have its index."""


@dataclass
class Material:
    """A glTF material; textures are named, and put in by the writer."""

    name: str
    properties: dict[str, Any]
    """as in glTF, with a TextureName wherever glTF wants a texture index"""


@dataclass
class Figure:
    """Everything that goes into one body.glb."""

    skeleton: Skeleton
    parts: list[Part]
    """skinned parts; a part whose `joints` is None hangs on the joint named in `attached`"""
    attached: dict[str, str]
    """part name -> joint name"""
    materials: list[Material]
    textures: list[Texture]
    extras: dict[str, dict[str, Any]] = field(default_factory=dict)
    """part name -> documented extras of its mesh"""
    grooms: list[Groom] = field(default_factory=list)
    """hair as strands, rooted in the part `skin`"""


@dataclass(frozen=True)
class Grid:
    """The quantisation of skinned positions: metres = centre + extent * value, value in -1..1."""

    centre: Floats
    extent: float

    @classmethod
    def around(cls, parts: list[Part]) -> "Grid":
        """The smallest cube about all skinned parts."""
        low = np.min([part.positions.min(0) for part in parts if part.joints is not None], axis=0)
        high = np.max([part.positions.max(0) for part in parts if part.joints is not None], axis=0)
        return cls((low + high) / 2, float((high - low).max() / 2 * 1.0001))

    def points(self, metres: Floats) -> npt.NDArray[np.int16]:
        """Positions on the grid."""
        return np.rint((metres - self.centre) / self.extent * 32767).astype(np.int16)

    def matrix(self) -> Floats:
        """(4, 4) metres from grid."""
        result = np.diag([self.extent, self.extent, self.extent, 1.0])
        result[:3, 3] = self.centre
        return result


def write_glb(figure: Figure) -> bytes:
    """The figure as bytes; the same figure gives the same bytes."""
    return _Writer(figure).write()


class _Writer:
    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.grid = Grid.around(figure.parts)
        self.binary = bytearray()
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []
        self.material_index = {material.name: i for i, material in enumerate(figure.materials)}
        self.texture_index = {texture.name: i for i, texture in enumerate(figure.textures)}

    def write(self) -> bytes:
        figure = self.figure
        joints = len(figure.skeleton.joints)
        images = [{"bufferView": self._view(t.encoded), "mimeType": t.mime, "name": t.name} for t in figure.textures]
        meshes = [self._mesh(part) for part in figure.parts]
        document: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "Understudy casting"},
            "extensionsUsed": ["KHR_mesh_quantization"],
            "extensionsRequired": ["KHR_mesh_quantization"],
            "scene": 0,
            "scenes": [{"nodes": [0, *(joints + i for i, p in enumerate(figure.parts) if p.joints is not None)]}],
            "nodes": self._nodes(),
            "meshes": meshes,
            "skins": [
                {"name": "body", "joints": list(range(joints)), "skeleton": 0, "inverseBindMatrices": self._binds()}
            ],
            "materials": [{"name": m.name, **self._placed(m.properties)} for m in figure.materials],
            "textures": [{"sampler": 0, "source": i, "name": t.name} for i, t in enumerate(figure.textures)],
            "images": images,
            "samplers": [{"magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497}],
        }
        if figure.grooms:
            grooms = [packed_groom(groom, self._view) for groom in figure.grooms]
            document["extras"] = {"understudy": {"grooms": grooms}}
        document["accessors"] = self.accessors
        document["bufferViews"] = self.views
        document["buffers"] = [{"byteLength": len(self.binary)}]
        text = json.dumps(document, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        self.binary += b"\0" * (-len(self.binary) % 4)
        total = 12 + 8 + len(text) + 8 + len(self.binary)
        head = struct.pack("<III", 0x46546C67, 2, total) + struct.pack("<II", len(text), 0x4E4F534A)
        return head + text + struct.pack("<II", len(self.binary), 0x004E4942) + bytes(self.binary)

    def _nodes(self) -> list[dict[str, Any]]:
        skeleton, parts = self.figure.skeleton, self.figure.parts
        count = len(skeleton.joints)
        nodes: list[dict[str, Any]] = []
        for index, (name, parent) in enumerate(zip(skeleton.joints, skeleton.parents, strict=True)):
            origin = skeleton.origins[index] - (skeleton.origins[parent] if parent >= 0 else 0.0)
            children = [child for child, of in enumerate(skeleton.parents) if of == index]
            children += [count + i for i, p in enumerate(parts) if self.figure.attached.get(p.name) == name]
            node: dict[str, Any] = {"name": name, "translation": [round(float(x), 6) for x in origin]}
            if children:
                node["children"] = children
            nodes.append(node)
        for index, part in enumerate(parts):
            node = {"name": part.name, "mesh": index}
            if part.joints is not None:
                node["skin"] = 0
            nodes.append(node)
        return nodes

    def _binds(self) -> int:
        matrices = []
        for origin in self.figure.skeleton.origins:
            bind = np.eye(4)
            bind[:3, 3] = -np.round(origin, 6)
            matrices.append((bind @ self.grid.matrix()).T.ravel())
        return self._accessor(np.array(matrices, np.float32), "MAT4", FLOAT)

    def _mesh(self, part: Part) -> dict[str, Any]:
        attributes = self._attributes(part)
        triangles = part.triangles.astype(np.uint16 if len(part.positions) < 65536 else np.uint32).ravel()
        kind = USHORT if triangles.dtype == np.uint16 else UINT
        primitive: dict[str, Any] = {
            "attributes": attributes,
            "indices": self._accessor(triangles, "SCALAR", kind, target=INDEX_BUFFER),
            "material": self.material_index[part.material],
        }
        mesh: dict[str, Any] = {"name": part.name, "primitives": [primitive]}
        extras = dict(self.figure.extras.get(part.name, {}))
        if part.deltas is not None:
            primitive["targets"] = self._targets(part)
            mesh["weights"] = [0.0] * len(ARKIT_SHAPES)
            extras["targetNames"] = list(ARKIT_SHAPES)
        if extras:
            mesh["extras"] = extras
        return mesh

    def _attributes(self, part: Part) -> dict[str, int]:
        if part.joints is None:
            attributes = {"POSITION": self._accessor(part.positions.astype(np.float32), "VEC3", FLOAT, bounds=True)}
        else:
            points = self.grid.points(part.positions)
            attributes = {"POSITION": self._accessor(points, "VEC3", SHORT, normalised=True, bounds=True)}
            attributes |= self._skin_weights(part.joints)
        normals = np.rint(unit(part.normals) * 127).astype(np.int8)
        attributes["NORMAL"] = self._accessor(normals, "VEC3", BYTE, normalised=True)
        if part.uv is not None:
            flipped = np.stack([part.uv[:, 0], 1 - part.uv[:, 1]], 1)
            if flipped.min() >= 0 and flipped.max() <= 1:
                packed = np.rint(flipped * 65535).astype(np.uint16)
                attributes["TEXCOORD_0"] = self._accessor(packed, "VEC2", USHORT, normalised=True)
            else:
                attributes["TEXCOORD_0"] = self._accessor(flipped.astype(np.float32), "VEC2", FLOAT)
        if part.colour is not None:
            packed = np.rint(np.c_[part.colour, np.ones(len(part.colour))].clip(0, 1) * 255).astype(np.uint8)
            attributes["COLOR_0"] = self._accessor(packed, "VEC4", UBYTE, normalised=True)
        if part.strand is not None:
            packed = np.rint(part.strand.clip(-1, 1) * 127).astype(np.int8)
            attributes["_STRAND"] = self._accessor(packed, "VEC4", BYTE, normalised=True)
        if part.seed is not None:
            packed = np.rint(part.seed.clip(0, 1) * 255).astype(np.uint8)[:, None]
            attributes["_SEED"] = self._accessor(packed, "SCALAR", UBYTE, normalised=True)
        if part.flush is not None:
            packed = np.rint(part.flush.clip(0, 1) * 255).astype(np.uint8)[:, None]
            attributes["_FLUSH"] = self._accessor(packed, "SCALAR", UBYTE, normalised=True)
        if part.wrinkles is not None:
            packed = np.rint(part.wrinkles.clip(0, 1) * 255).astype(np.uint8)
            packed = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 4)))
            for i in range(packed.shape[1] // 4):
                four = packed[:, 4 * i : 4 * i + 4]
                attributes[f"_WRINKLE{i}"] = self._accessor(four, "VEC4", UBYTE, normalised=True)
        return attributes

    def _skin_weights(self, weights: Floats) -> dict[str, int]:
        strongest = np.argsort(-weights, axis=1, kind="stable")[:, :4]
        value = np.take_along_axis(weights, strongest, 1)
        value /= value.sum(1, keepdims=True)
        packed = np.rint(value * 255).astype(np.int64)
        packed[:, 0] += 255 - packed.sum(1)
        joints = np.where(packed > 0, strongest, 0).astype(np.uint8)
        return {
            "JOINTS_0": self._accessor(joints, "VEC4", UBYTE),
            "WEIGHTS_0": self._accessor(packed.astype(np.uint8), "VEC4", UBYTE, normalised=True),
        }

    def _targets(self, part: Part) -> list[dict[str, int]]:
        lips = self.figure.extras.get(part.name, {}).get("lips", [])
        exact = np.array([vertex for pair in lips if isinstance(pair, dict) for vertex in pair.values()], np.int64)
        moves, turned = settled(part, self.grid.extent / 32767, exact)
        lists = shared_lists(np.abs(moves).max(2) > 0)
        rest = (np.zeros(0, np.int64), None)
        over: dict[int, tuple[npt.NDArray[Any], tuple[int, int] | None]] = {}
        wide = moves.shape[1] >= 65536
        for ids, shapes in lists:
            view = self._view(ids.astype(np.uint32 if wide else np.uint16).tobytes())
            over.update({shape: (ids, (view, UINT if wide else USHORT)) for shape in shapes})
        targets = []
        for index in range(len(ARKIT_SHAPES)):
            ids, view_of = over.get(index, rest)
            target = {"POSITION": self._sparse(moves[index].astype(np.int16), ids, view_of, SHORT)}
            if turned is not None:
                target["NORMAL"] = self._sparse(turned[index], ids, view_of, BYTE)
            targets.append(target)
        return targets

    def _sparse(
        self, values: npt.NDArray[Any], moving: npt.NDArray[Any], indices: tuple[int, int] | None, kind: int
    ) -> int:
        accessor: dict[str, Any] = {"componentType": kind, "normalized": True, "count": len(values), "type": "VEC3"}
        kept = values[moving]
        whole = kept if len(moving) == len(values) else np.concatenate([kept, np.zeros((1, 3), kept.dtype)])
        if kind == SHORT:
            accessor["min"], accessor["max"] = whole.min(0).tolist(), whole.max(0).tolist()
        if indices is not None:
            accessor["sparse"] = {
                "count": len(moving),
                "indices": {"bufferView": indices[0], "componentType": indices[1]},
                "values": {"bufferView": self._view(kept.tobytes())},
            }
        self.accessors.append(accessor)
        return len(self.accessors) - 1

    def _accessor(
        self,
        array: npt.NDArray[Any],
        kind: str,
        component: int,
        *,
        target: int = VERTEX_BUFFER,
        normalised: bool = False,
        bounds: bool = False,
    ) -> int:
        rows = np.ascontiguousarray(array)
        size = rows.nbytes // len(rows)
        accessor: dict[str, Any] = {"componentType": component, "count": len(rows), "type": kind}
        if normalised:
            accessor["normalized"] = True
        if bounds:
            accessor["min"] = rows.min(0).tolist()
            accessor["max"] = rows.max(0).tolist()
        if target == VERTEX_BUFFER and kind != "MAT4" and size % 4:
            # vertex attributes are aligned to four bytes
            step = size + (-size % 4)
            padded = np.zeros((len(rows), step), np.uint8)
            padded[:, :size] = rows.view(np.uint8).reshape(len(rows), size)
            accessor["bufferView"] = self._view(padded.tobytes(), target, stride=step)
        else:
            accessor["bufferView"] = self._view(rows.tobytes(), None if kind == "MAT4" else target)
        self.accessors.append(accessor)
        return len(self.accessors) - 1

    def _view(self, data: bytes, target: int | None = None, stride: int | None = None) -> int:
        self.binary += b"\0" * (-len(self.binary) % 4)
        view: dict[str, Any] = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)}
        if stride is not None:
            view["byteStride"] = stride
        if target is not None:
            view["target"] = target
        self.binary += data
        self.views.append(view)
        return len(self.views) - 1

    def _placed(self, value: Any) -> Any:
        """Replaces texture names by indices, all the way down."""
        if isinstance(value, dict):
            return {key: self._placed(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._placed(item) for item in value]
        return self.texture_index[value] if isinstance(value, TextureName) else value
