"""A small glTF reader for the tests: independent of the writer, by the letter of the specification."""

import json
import struct
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

COMPONENT = {5120: "i1", 5121: "u1", 5122: "i2", 5123: "u2", 5125: "u4", 5126: "f4"}
WIDTH = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


class Reader:
    """A parsed GLB; positions and deltas come back in metres."""

    def __init__(self, data: bytes) -> None:
        magic, version, length = struct.unpack("<III", data[:12])
        assert magic == 0x46546C67 and version == 2 and length == len(data)
        size = struct.unpack("<I", data[12:16])[0]
        self.json: dict[str, Any] = json.loads(data[20 : 20 + size])
        self.binary = data[20 + size + 8 :]
        self.meshes = {mesh["name"]: mesh for mesh in self.json["meshes"]}

    def accessor(self, index: int) -> npt.NDArray[Any]:
        a = self.json["accessors"][index]
        kind, width = np.dtype(COMPONENT[a["componentType"]]), WIDTH[a["type"]]
        values = np.zeros((a["count"], width), kind)
        if "bufferView" in a:
            view = self.json["bufferViews"][a["bufferView"]]
            stride = view.get("byteStride", kind.itemsize * width)
            start = view.get("byteOffset", 0)
            assert start % 4 == 0 and stride % kind.itemsize == 0
            values = np.ndarray(values.shape, kind, self.binary, start, (stride, kind.itemsize)).copy()
        if "sparse" in a:
            sparse, count = a["sparse"], a["sparse"]["count"]
            at = self._raw(sparse["indices"]["bufferView"], COMPONENT[sparse["indices"]["componentType"]])[:count]
            assert (np.diff(at.astype(np.int64)) > 0).all()
            values[at] = self._raw(sparse["values"]["bufferView"], COMPONENT[a["componentType"]]).reshape(-1, width)
        if a.get("normalized"):
            return np.asarray(np.maximum(values / np.iinfo(kind).max, -1.0))
        return values

    def _raw(self, view: int, kind: str) -> npt.NDArray[Any]:
        v = self.json["bufferViews"][view]
        return np.frombuffer(self.binary[v["byteOffset"] : v["byteOffset"] + v["byteLength"]], kind)

    @cached_property
    def grid(self) -> npt.NDArray[np.float64]:
        """(4, 4) metres from the stored grid: what the inverse bind matrix of the hips does beyond its own shift."""
        binds = self.accessor(self.json["skins"][0]["inverseBindMatrices"]).reshape(-1, 4, 4).transpose(0, 2, 1)
        hips = self.json["nodes"][self.json["skins"][0]["joints"][0]]["translation"]
        back = np.eye(4)
        back[:3, 3] = hips
        return np.asarray(back @ binds[0].astype(np.float64))

    def attribute(self, mesh: str, name: str) -> npt.NDArray[Any]:
        return self.accessor(self.meshes[mesh]["primitives"][0]["attributes"][name])

    def positions(self, mesh: str) -> npt.NDArray[np.float64]:
        stored = self.attribute(mesh, "POSITION").astype(np.float64)
        if "JOINTS_0" not in self.meshes[mesh]["primitives"][0]["attributes"]:
            return stored
        return stored @ self.grid[:3, :3].T + self.grid[:3, 3]

    def delta(self, mesh: str, shape: int) -> npt.NDArray[np.float64]:
        return self.accessor(self.meshes[mesh]["primitives"][0]["targets"][shape]["POSITION"]) @ self.grid[:3, :3].T

    def joint(self, name: str) -> npt.NDArray[np.float64]:
        """Position of a joint in metres."""
        nodes = self.json["nodes"]
        parent = {child: i for i, node in enumerate(nodes) for child in node.get("children", ())}
        at = next(i for i, node in enumerate(nodes) if node["name"] == name)
        total = np.zeros(3)
        while True:
            total += nodes[at].get("translation", (0, 0, 0))
            if at not in parent:
                return total
            at = parent[at]
