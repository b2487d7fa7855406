"""A glTF document that is being changed: JSON to edit, arrays to add, and only what is still used gets written."""

import copy
import json
import struct
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.glb import Glb, Json

_MAGIC, _JSON, _BINARY = 0x46546C67, 0x4E4F534A, 0x004E4942
_FLOAT, _UINT, _USHORT = 5126, 5125, 5123
_KINDS = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}


class Draft:
    """json: the document, free to be edited; bytes of buffer views are gathered in one new buffer when saved."""

    def __init__(self, glb: Glb) -> None:
        self.json: Json = copy.deepcopy(glb.json)
        self._views: list[bytes] = []
        self._rows: list[Json] = []
        for index, view in enumerate(glb.items("bufferViews")):
            self._views.append(glb.view(index)[0])
            self._rows.append({k: v for k, v in view.items() if k in ("byteStride", "target")})
        for image in self.json.get("images", []):
            if "uri" in image:
                data = glb.image_bytes(self.json["images"].index(image))
                image["mimeType"] = "image/png" if data[:4] == b"\x89PNG" else "image/jpeg"
                del image["uri"]
                image["bufferView"] = self.view(data)

    def view(self, data: bytes) -> int:
        """Adds bytes; returns the number of their buffer view."""
        self._views.append(data)
        self._rows.append({})
        return len(self._views) - 1

    def add(self, kind: str, item: Json) -> int:
        """Appends to a top-level list ('nodes', 'skins', ...); returns its number there."""
        self.json.setdefault(kind, []).append(item)
        return len(self.json[kind]) - 1

    def floats(self, values: npt.ArrayLike) -> int:
        """Adds (n,) or (n, width) float32; returns the accessor's number."""
        rows = np.atleast_2d(np.asarray(values, "<f4"))
        if np.ndim(values) == 1:
            rows = rows.T
        accessor = {
            "bufferView": self.view(rows.tobytes()),
            "componentType": _FLOAT,
            "count": len(rows),
            "type": _KINDS[rows.shape[1]],
            "min": [float(v) for v in rows.min(0)],
            "max": [float(v) for v in rows.max(0)],
        }
        return self.add("accessors", accessor)

    def shares(self, values: npt.ArrayLike) -> int:
        """Adds (n,) weights in 0..1 as normalised unsigned shorts; returns the accessor's number."""
        whole = np.rint(np.clip(np.asarray(values, np.float64), 0, 1) * 65535).astype("<u2")
        accessor = {
            "bufferView": self.view(whole.tobytes()),
            "componentType": _USHORT,
            "normalized": True,
            "count": len(whole),
            "type": "SCALAR",
        }
        return self.add("accessors", accessor)

    def sparse(self, rows: npt.NDArray[np.float32], least: float) -> int:
        """Adds (n, 3) offsets of which only those longer than `least` are stored; returns the accessor's number."""
        moving = np.flatnonzero(np.abs(rows).max(1) > least)
        accessor: Json = {
            "componentType": _FLOAT,
            "count": len(rows),
            "type": "VEC3",
            "min": [0.0] * 3,
            "max": [0.0] * 3,
        }
        if len(moving):
            kept = np.asarray(rows[moving], "<f4")
            accessor["min"] = [float(min(0.0, v)) for v in kept.min(0)]
            accessor["max"] = [float(max(0.0, v)) for v in kept.max(0)]
            accessor["sparse"] = {
                "count": len(moving),
                "indices": {"bufferView": self.view(moving.astype("<u4").tobytes()), "componentType": _UINT},
                "values": {"bufferView": self.view(kept.tobytes())},
            }
        return self.add("accessors", accessor)

    def save(self) -> bytes:
        """Returns the GLB with one buffer that holds only what the document still refers to."""
        self._drop_unused_accessors()
        used: list[int] = []
        order: dict[int, int] = {}
        for holder in _holders(self.json):
            old = holder["bufferView"]
            if old not in order:
                order[old] = len(used)
                used.append(old)
            holder["bufferView"] = order[old]
        binary = bytearray()
        rows = []
        for old in used:
            binary += b"\0" * (-len(binary) % 4)
            rows.append(
                {"buffer": 0, "byteOffset": len(binary), "byteLength": len(self._views[old]), **self._rows[old]}
            )
            binary += self._views[old]
        binary += b"\0" * (-len(binary) % 4)
        self.json["bufferViews"] = rows
        self.json["buffers"] = [{"byteLength": len(binary)}]
        text = json.dumps(self.json, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        head = struct.pack("<III", _MAGIC, 2, 12 + 8 + len(text) + 8 + len(binary))
        return b"".join(
            [head, struct.pack("<II", len(text), _JSON), text, struct.pack("<II", len(binary), _BINARY), bytes(binary)]
        )

    def _drop_unused_accessors(self) -> None:
        order: dict[int, int] = {}

        def moved(number: int) -> int:
            return order.setdefault(number, len(order))

        for mesh in self.json.get("meshes", []):
            for primitive in mesh.get("primitives", []):
                for table in (primitive["attributes"], *primitive.get("targets", [])):
                    for key in table:
                        table[key] = moved(table[key])
                if "indices" in primitive:
                    primitive["indices"] = moved(primitive["indices"])
        for skin in self.json.get("skins", []):
            if "inverseBindMatrices" in skin:
                skin["inverseBindMatrices"] = moved(skin["inverseBindMatrices"])
        for clip in self.json.get("animations", []):
            for sampler in clip.get("samplers", []):
                sampler["input"], sampler["output"] = moved(sampler["input"]), moved(sampler["output"])
        old = self.json.get("accessors", [])
        self.json["accessors"] = [old[number] for number in order]


def _holders(document: Json) -> list[dict[str, Any]]:
    """Returns every object that names a buffer view."""
    found = []
    for accessor in document.get("accessors", []):
        if "bufferView" in accessor:
            found.append(accessor)
        if "sparse" in accessor:
            found += [accessor["sparse"]["indices"], accessor["sparse"]["values"]]
    return found + [image for image in document.get("images", []) if "bufferView" in image]
