"""A body.glb whose shape and colours are changed: everything else in the file stays as it is.

    every vertex, strand and named joint at rest -> where a change of space puts it; normals and tangents turn with it

Positions become floats on the grid they had, for a larger head may leave it; morph targets keep their offsets.
"""

import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Body, Floats
from understudy.hub.glb import PERSON, Glb, Json, read_glb
from understudy.hub.glb_body import body_from, joints_of, skinned_of
from understudy.hub.groom import Groom

Doubles = npt.NDArray[np.float64]
Rgb = tuple[float, float, float]

_FLOAT = 5126


class Space(Protocol):
    """A change of space at rest. as_one: the points are one thing that is moved and not bent."""

    def moved(self, points: Any, *, as_one: bool = False) -> Doubles: ...

    def slopes(self, points: Any) -> Doubles:
        """Returns (n, 3, 3), the derivative of `moved`."""
        ...


@dataclass(frozen=True)
class Change:
    """space: how the rest pose is changed, None for not. whole: names of meshes that do not bend. joints: name -> (3,)
    metres by which it moves; what hangs on it rigidly goes along, what is skinned to it stays. pictures: new bytes
    (JPEG or PNG) by number. tints: factors on the colour of a material, by name, and of a groom, by its own.
    of_person: the consent under which the shape or the colours are a person's; the file says so from then on.
    """

    space: Space | None = None
    whole: frozenset[str] = frozenset()
    joints: Mapping[str, Doubles] = field(default_factory=dict)
    pictures: Mapping[int, bytes] = field(default_factory=dict)
    tints: Mapping[str, Rgb] = field(default_factory=dict)
    groom_tints: Mapping[str, Rgb] = field(default_factory=dict)
    of_person: str = ""


def changed(data: bytes, change: Change, packed: "Callable[[Groom, Callable[[bytes], int]], Json]") -> bytes:
    """Returns a body.glb with a change made. packed: writes a groom, as casting does. Raises BadInput."""
    return _Rewriting(read_glb(data, "The body"), change, packed).made()


class _Rewriting:
    def __init__(self, glb: Glb, change: Change, packed: "Callable[[Groom, Callable[[bytes], int]], Json]") -> None:
        self._glb, self._change, self._packed = glb, change, packed
        self._body: Body = body_from(glb)
        self._json: Json = json.loads(json.dumps(glb.json))
        self._new: dict[int, bytes] = {}
        """Bytes of buffer views that are new or other than they were, by number."""

    def made(self) -> bytes:
        self._shapes()
        self._joints()
        self._colours()
        self._grooms()
        if self._change.of_person:
            extras = self._json.setdefault("asset", {}).setdefault("extras", {})
            extras["understudy"] = {**extras.get("understudy", {}), PERSON: self._change.of_person}
        return self._written()

    def _view(self, data: bytes, **more: Any) -> int:
        self._json["bufferViews"].append({"buffer": 0, "byteLength": len(data), **more})
        self._new[len(self._json["bufferViews"]) - 1] = data
        return len(self._json["bufferViews"]) - 1

    def _shapes(self) -> None:
        space = self._change.space
        if space is None:
            return
        done: set[int] = set()
        # what hangs on a joint goes along with it
        for name, primitive, to_rest in skinned_of(self._glb):
            attributes, mesh = primitive["attributes"], self._body.mesh(name)
            if attributes["POSITION"] in done:
                continue
            done.add(attributes["POSITION"])
            moved = space.moved(mesh.positions, as_one=mesh.name in self._change.whole)
            still = np.abs(moved - mesh.positions).max(initial=0.0) < 1e-7
            if still:
                continue
            back = np.linalg.inv(np.asarray(to_rest, np.float64))
            local = np.einsum("nij,nj->ni", back[:, :3, :3], moved) + back[:, :3, 3]
            self._positions(attributes["POSITION"], local.astype(np.float32))
            if mesh.name in self._change.whole:
                continue
            turns = _turns(space.slopes(mesh.positions))
            if "NORMAL" in attributes:
                self._directions(attributes["NORMAL"], turns[1])
            if "_STRAND" in attributes:
                self._directions(attributes["_STRAND"], turns[0])

    def _positions(self, number: int, values: Floats) -> None:
        view = self._view(values.tobytes(), target=34962)
        old = self._json["accessors"][number]
        self._json["accessors"][number] = {
            "componentType": _FLOAT, "count": old["count"], "type": "VEC3", "bufferView": view,
            "min": [float(v) for v in values.min(0)], "max": [float(v) for v in values.max(0)],
        }  # fmt: skip

    def _directions(self, number: int, turns: Doubles) -> None:
        """Turns the first three of each row; other columns stay, and so does the type."""
        accessor = self._json["accessors"][number]
        values = np.asarray(self._glb.accessor(number), np.float64)
        turned = np.einsum("nij,nj->ni", turns, values[:, :3])
        turned /= np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
        raw = np.array(self._glb.accessor(number, scaled=False))
        if raw.dtype.kind == "f":
            raw[:, :3] = turned
        else:
            raw[:, :3] = np.rint(turned * np.iinfo(raw.dtype).max)
        row = raw.dtype.itemsize * raw.shape[1]
        padded = -(-row // 4) * 4  # the rows of an attribute begin at multiples of four bytes
        out = np.zeros((len(raw), padded), np.uint8)
        out[:, :row] = np.ascontiguousarray(raw).view(np.uint8).reshape(len(raw), row)
        more = {"byteStride": padded} if padded != row else {}
        accessor["bufferView"] = self._view(out.tobytes(), target=34962, **more)
        accessor.pop("byteOffset", None)
        accessor.pop("sparse", None)
        if "min" in accessor:
            accessor["min"], accessor["max"] = raw.min(0).tolist(), raw.max(0).tolist()

    def _joints(self) -> None:
        if not self._change.joints:
            return
        nodes, parents, world, joint_nodes = joints_of(self._glb)
        shifts: dict[int, Doubles] = {}
        for node in joint_nodes:
            if (name := str(nodes[node].get("name", ""))) in self._change.joints:
                shifts[node] = np.asarray(self._change.joints[name], np.float64)
        new = [matrix.copy() for matrix in world]
        for node, shift in shifts.items():
            new[node][:3, 3] += shift
        # a node moves alone: its joints below stay where they are, and what hangs on it goes along
        hangs = [("mesh" in nodes[i] and "skin" not in nodes[i]) for i in range(len(nodes))]
        for i in range(len(nodes)):
            if hangs[i] and i not in shifts and parents[i] in shifts:
                new[i] = new[parents[i]] @ np.linalg.inv(world[parents[i]]) @ world[i]
        for i in range(len(nodes)):
            if np.allclose(new[i], world[i]) and (parents[i] < 0 or np.allclose(new[parents[i]], world[parents[i]])):
                continue
            local = new[i] if parents[i] < 0 else np.linalg.inv(new[parents[i]]) @ new[i]
            node = self._json["nodes"][i]
            if "matrix" in node:
                node["matrix"] = local.T.ravel().tolist()
            else:
                node["translation"] = [round(float(v), 7) for v in local[:3, 3]]
        for skin in self._json.get("skins", []):
            if "inverseBindMatrices" not in skin:
                continue
            binds = np.asarray(self._glb.accessor(skin["inverseBindMatrices"]), np.float64).reshape(-1, 4, 4)
            binds = binds.transpose(0, 2, 1).copy()
            for k, joint in enumerate(skin["joints"]):
                binds[k] = np.linalg.inv(new[joint]) @ world[joint] @ binds[k]
            data = np.ascontiguousarray(binds.transpose(0, 2, 1), np.float32)
            accessor = self._json["accessors"][skin["inverseBindMatrices"]]
            accessor["bufferView"] = self._view(data.tobytes())
            accessor.pop("byteOffset", None)

    def _colours(self) -> None:
        for number, data in self._change.pictures.items():
            image = self._json["images"][number]
            image.pop("uri", None)
            image["mimeType"] = "image/png" if data[:4] == b"\x89PNG" else "image/jpeg"
            image["bufferView"] = self._view(data)
        for material in self._json.get("materials", []):
            factor = self._change.tints.get(str(material.get("name", "")))
            if factor is not None:
                pbr = material.setdefault("pbrMetallicRoughness", {})
                old = list(pbr.get("baseColorFactor", (1.0, 1.0, 1.0, 1.0)))
                pbr["baseColorFactor"] = [
                    *(round(min(o * f, 1.0), 5) for o, f in zip(old, factor, strict=False)),
                    old[3],
                ]

    def _grooms(self) -> None:
        entries = self._json.get("extras", {}).get("understudy", {}).get("grooms", [])
        space, tints = self._change.space, self._change.groom_tints
        for number, groom in enumerate(self._body.grooms):
            points = groom.points
            if space is not None:
                points = space.moved(points.reshape(-1, 3)).reshape(points.shape).astype(np.float32)
            factor = tints.get(groom.name, (1.0, 1.0, 1.0))
            colour = tuple(min(c * f, 1.0) for c, f in zip(groom.colour, factor, strict=True))
            if space is not None or groom.name in tints:
                other = replace(groom, points=points, colour=(colour[0], colour[1], colour[2]))
                entries[number] = self._packed(other, self._view)

    def _written(self) -> bytes:
        used = sorted(_views_in(self._json))
        place = {old: new for new, old in enumerate(used)}
        binary, views = bytearray(), []
        for old in used:
            view = dict(self._json["bufferViews"][old])
            start = int(view.get("byteOffset", 0))
            data = self._new.get(old)
            if data is None:
                data = self._glb.buffers[view.get("buffer", 0)][start : start + view["byteLength"]]
            binary += b"\0" * (-len(binary) % 4)
            view |= {"buffer": 0, "byteOffset": len(binary)}
            binary += data
            views.append(view)
        _renumber(self._json, place)
        self._json["bufferViews"] = views
        binary += b"\0" * (-len(binary) % 4)
        self._json["buffers"] = [{"byteLength": len(binary)}]
        text = json.dumps(self._json, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        total = 12 + 8 + len(text) + 8 + len(binary)
        head = struct.pack("<III", 0x46546C67, 2, total) + struct.pack("<II", len(text), 0x4E4F534A)
        return head + text + struct.pack("<II", len(binary), 0x004E4942) + bytes(binary)


_GROOM_VIEWS = ("points", "root", "bary", "lock", "tone")


def _holders(document: Json) -> list[tuple[Json, str]]:
    """Returns every place in a document that names a buffer view."""
    found: list[tuple[Json, str]] = []
    for accessor in document.get("accessors", []):
        found.append((accessor, "bufferView"))
        sparse = accessor.get("sparse", {})
        found += [(sparse[part], "bufferView") for part in ("indices", "values") if part in sparse]
    found += [(image, "bufferView") for image in document.get("images", [])]
    for groom in document.get("extras", {}).get("understudy", {}).get("grooms", []):
        found += [(groom, key) for key in _GROOM_VIEWS]
    return [(holder, key) for holder, key in found if key in holder]


def _views_in(document: Json) -> set[int]:
    return {int(holder[key]) for holder, key in _holders(document)}


def _renumber(document: Json, place: Mapping[int, int]) -> None:
    for holder, key in _holders(document):
        holder[key] = place[int(holder[key])]


def _turns(slopes: Doubles) -> tuple[Doubles, Doubles]:
    """Returns what turns tangents, and what turns normals: the inverse transpose."""
    return slopes, np.asarray(np.linalg.inv(slopes).transpose(0, 2, 1), np.float64)
