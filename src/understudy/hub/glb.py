"""Reads glTF 2.0 binary files (GLB) safely, as arrays.

It knows what a body needs: float and quantised accessors (KHR_mesh_quantization), sparse accessors and embedded
images. It opens nothing else: a buffer or image that points outside the file is refused, every offset is checked
against the bytes there are, and sizes are capped before anything is allocated. Khronos Group, "glTF 2.0
Specification", 3.6 (binary data), 3.6.2.2 (component types and normalisation), 4 (GLB).
"""

import base64
import binascii
import json
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput

Json = dict[str, Any]
Array = npt.NDArray[Any]

MAX_BYTES = 256 * 1024**2
MAX_ELEMENTS = 4_000_000
PERSON = "faceOf"
"""Key of `asset.extras.understudy` under which a body with a person's face names their consent."""
_MAGIC, _JSON, _BINARY = 0x46546C67, 0x4E4F534A, 0x004E4942
_COMPONENTS = {5120: np.int8, 5121: np.uint8, 5122: np.int16, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_KNOWN_EXTENSIONS = frozenset({"KHR_mesh_quantization", "KHR_texture_transform", "KHR_materials_specular"})


@dataclass(frozen=True)
class Glb:
    """A parsed file. json: its glTF document. buffers: the bytes of each buffer. where: its name in messages."""

    json: Json
    buffers: tuple[bytes, ...]
    where: str

    def items(self, kind: str) -> list[Json]:
        """Returns the top-level list `kind` ('nodes', 'meshes', ...), empty when there is none."""
        found = self.json.get(kind, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise self.damaged(f"'{kind}' is not a list")
        return found

    def item(self, kind: str, index: Any) -> Json:
        """Returns one of a list; it is asked thousands of times, so the others are not looked at."""
        found = self.json.get(kind, [])
        if not isinstance(found, list):
            raise self.damaged(f"'{kind}' is not a list")
        if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(found):
            raise self.damaged(f"it refers to number {index} of {len(found)} {kind}")
        if not isinstance(found[index], dict):
            raise self.damaged(f"number {index} of its {kind} is no object")
        item: Json = found[index]
        return item

    def damaged(self, why: str) -> BadInput:
        return BadInput(f"{self.where} is not a usable glTF body: {why}; export it again as GLB.")

    def view(self, index: Any) -> tuple[bytes, int]:
        """Returns the bytes of a buffer view and its stride (0 = tightly packed)."""
        view = self.item("bufferViews", index)
        number = view.get("buffer", 0)
        if not isinstance(number, int) or not 0 <= number < len(self.buffers):
            raise self.damaged(f"it refers to buffer {number} of {len(self.buffers)}")
        start, length = self._count(view.get("byteOffset", 0)), self._count(view.get("byteLength"))
        stride = self._count(view.get("byteStride", 0))
        if start + length > len(self.buffers[number]):
            raise self.damaged("a piece of it lies beyond the end of the file")
        return self.buffers[number][start : start + length], stride

    def accessor(self, index: Any, *, scaled: bool = True) -> Array:
        """Returns an accessor as (count, width), or (count,) for scalars.

        Normalised integers come back as float32 in 0..1 or -1..1 when `scaled`; others keep their type.
        """
        accessor = self.item("accessors", index)
        kind, component = accessor.get("type"), accessor.get("componentType")
        if kind not in _WIDTHS or component not in _COMPONENTS:
            raise self.damaged(f"accessor {index} has the unknown type {kind}/{component}")
        width, dtype = _WIDTHS[kind], np.dtype(_COMPONENTS[component])
        count = self._count(accessor.get("count"))
        if count * width > MAX_ELEMENTS * 4:
            raise self.damaged(f"accessor {index} has {count} elements, more than a body may have")
        if "bufferView" in accessor:
            values = self._packed(accessor["bufferView"], accessor.get("byteOffset", 0), dtype, count, width)
        else:
            values = np.zeros((count, width), dtype)
        if "sparse" in accessor:
            at, there = self.sparse(accessor)
            values = values.copy()
            values[at] = there
        if scaled and accessor.get("normalized") and dtype.kind in "iu":
            values = np.maximum(
                values.astype(np.float32) / float(2 ** (8 * dtype.itemsize - (dtype.kind == "i")) - 1), -1.0
            )
        return values[:, 0] if kind == "SCALAR" else values

    def sparse(self, accessor: Json) -> tuple[Array, Array]:
        """Returns (ids, raw values (n, width)) of a sparse accessor."""
        part = accessor["sparse"]
        width, dtype = _WIDTHS[accessor["type"]], np.dtype(_COMPONENTS[accessor["componentType"]])
        count, total = self._count(part.get("count")), self._count(accessor.get("count"))
        if count > total:
            raise self.damaged("a sparse accessor has more values than elements")
        ids, values = part.get("indices", {}), part.get("values", {})
        id_type = np.dtype(_COMPONENTS.get(ids.get("componentType"), np.uint16))
        at = self._packed(ids.get("bufferView"), ids.get("byteOffset", 0), id_type, count, 1)[:, 0]
        if count and int(at.max()) >= total:
            raise self.damaged("a sparse accessor points outside itself")
        return at, self._packed(values.get("bufferView"), values.get("byteOffset", 0), dtype, count, width)

    def image_bytes(self, index: Any) -> bytes:
        """Returns the encoded bytes (JPEG, PNG) of an embedded image."""
        image = self.item("images", index)
        if "uri" in image:
            return _data_uri(image["uri"], self.where)
        return self.view(image.get("bufferView"))[0]

    def _packed(self, view: Any, offset: Any, dtype: "np.dtype[Any]", count: int, width: int) -> Array:
        data, stride = self.view(view)
        start, row = self._count(offset), dtype.itemsize * width
        if width in (9,) and dtype.itemsize < 4:
            raise self.damaged("small integer matrices are not supported")
        step = stride or row
        if step < row or (count and start + step * (count - 1) + row > len(data)):
            raise self.damaged("an accessor lies beyond the end of its data")
        if not count:
            return np.zeros((0, width), dtype)
        little = dtype.newbyteorder("<")
        flat = np.ndarray((count, width), little, data, start, (step, dtype.itemsize))
        return np.ascontiguousarray(flat, dtype)

    def _count(self, number: Any) -> int:
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise self.damaged(f"{number!r} stands where a count belongs")
        return number


def read_glb(data: bytes, where: str) -> Glb:
    """Parses a GLB. Raises BadInput in one sentence for anything that is damaged, too large or points outside."""
    refuse = BadInput(f"{where} is not a GLB file (glTF 2.0 binary) or is damaged; export it again as GLB.")
    if len(data) > MAX_BYTES:
        raise BadInput(f"{where} has {len(data) >> 20} MB, and a body may have {MAX_BYTES >> 20}; make it smaller.")
    if len(data) < 20:
        raise refuse
    magic, version, length = struct.unpack_from("<III", data)
    if magic != _MAGIC or version != 2 or length > len(data):
        raise refuse
    chunks: dict[int, bytes] = {}
    at = 12
    while at + 8 <= length:
        size, kind = struct.unpack_from("<II", data, at)
        if at + 8 + size > length:
            raise refuse
        chunks.setdefault(kind, data[at + 8 : at + 8 + size])
        at += 8 + size + (-size % 4)
    try:
        document = json.loads(chunks[_JSON])
        needed = set(document.get("extensionsRequired", []))
        buffers = [
            _data_uri(b["uri"], where) if "uri" in b else chunks.get(_BINARY, b"") for b in document.get("buffers", [])
        ]
    except (KeyError, ValueError, AttributeError, TypeError, RecursionError) as error:
        raise refuse from error
    if needed - _KNOWN_EXTENSIONS:
        names = ", ".join(sorted(map(str, needed - _KNOWN_EXTENSIONS)))
        raise BadInput(f"{where} needs the glTF extension {names}, which is not read here; export it without.")
    return Glb(document, tuple(buffers), where)


def consent_of(data: bytes) -> str:
    """Returns the consent that a body names as that of the person whose face it has, '' when it names none.

    A GLB that cannot be read names one: that is the answer which allows least. What is no GLB shows nobody.
    """
    if data[:4] != b"glTF" or len(data) < 20:
        return ""
    try:
        size = struct.unpack_from("<I", data, 12)[0]
        asset = json.loads(data[20 : 20 + size]).get("asset", {})
        return str(asset.get("extras", {}).get("understudy", {}).get(PERSON, ""))
    except (ValueError, struct.error, AttributeError):
        return "unreadable"


def local_matrix(node: Json) -> npt.NDArray[np.float64]:
    """Returns the (4, 4) parent-from-node matrix of a node, however it is written."""
    if "matrix" in node:
        return np.asarray(node["matrix"], np.float64).reshape(4, 4).T
    x, y, z, w = (float(v) for v in node.get("rotation", (0, 0, 0, 1)))
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    out = np.eye(4)
    out[:3, :3] = turn * np.asarray(node.get("scale", (1, 1, 1)), np.float64)
    out[:3, 3] = node.get("translation", (0, 0, 0))
    return out


def _data_uri(uri: Any, where: str) -> bytes:
    if not isinstance(uri, str) or not uri.startswith("data:") or ";base64," not in uri:
        raise BadInput(f"{where} points to a file outside itself, which is refused; embed everything in the GLB.")
    try:
        return base64.b64decode(uri.split(";base64,", 1)[1], validate=True)
    except binascii.Error as error:
        raise BadInput(f"{where} holds a damaged data: address; export it again as GLB.") from error
