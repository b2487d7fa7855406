"""An actor who moves, as GLB: the exported body with one glTF animation; its sound lies beside it as WAV.

Weights of shapes are one sampler that every mesh shares, as unsigned shorts; joints are turned, and moved where they
shift. Keyframes are left out while straight lines stay within the bounds below. Khronos Group, "glTF 2.0
Specification", 3.11 (animations) and Appendix C (interpolation).
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ANIMATION_RATE_HZ, SHAPE_INDEX
from understudy.exchange.draft import Draft
from understudy.exchange.formats.joints import local_matrices, parts
from understudy.exchange.formats.keyframes import keys
from understudy.exchange.tagged import tagged_glb
from understudy.hub.body import Body
from understudy.hub.card import Card
from understudy.hub.departure import Carries, Departure
from understudy.hub.glb import local_matrix, read_glb

WEIGHT_BOUND = 0.002
"""Farthest a weight between keyframes may be from the take."""
ROTATION_BOUND = 0.0003
"""The same for a component of a quaternion: about 0.035 degrees."""
SHIFT_BOUND_M = 0.0001
_NODE = "node"
_KEPT_EVENTS = ("line", "word", "emotion")


class Gltf:
    """For three.js, Blender, Unity, Godot and every other reader of glTF 2.0."""

    card: ClassVar[Card] = Card("glb", "glTF binary: the actor, its 52 shapes and its skeleton, moving", "own")
    carries: ClassVar[Carries] = Carries.BODY
    rate_hz: ClassVar[float] = ANIMATION_RATE_HZ
    many: ClassVar[bool] = False
    sound: ClassVar[str] = "beside"
    turns: ClassVar[bool] = True

    def write(self, departure: Departure, *, ending: str) -> Mapping[str, bytes]:
        """Returns the GLB."""
        return {"": animated(tagged_glb(departure.actor, departure.marks), departure)}


def animated(glb: bytes, departure: Departure) -> bytes:
    """Returns the body of a departing actor with the performance as its one animation."""
    where = f"The body of {departure.actor.name}"
    draft = Draft(read_glb(glb, where))
    clip = _Clip(draft, np.asarray(departure.times_s))
    _faces(clip, departure.face)
    _bones(clip, Body.decode(departure.actor.body_glb, where), departure.turns)
    said = [
        {"kind": e.kind, "name": e.name, "start_s": round(e.start_s, 4), "end_s": round(e.end_s, 4), "value": e.value}
        for e in departure.take.events
        if e.kind in _KEPT_EVENTS
    ]
    extras = {"sound": departure.sound, "duration_s": round(departure.take.duration_s, 6), "events": said}
    draft.add("animations", {**clip.done(departure.title), "extras": {"understudy": extras}})
    return draft.save()


class _Clip:
    """One glTF animation that is being written."""

    def __init__(self, draft: Draft, times_s: npt.NDArray[np.float64]) -> None:
        self.draft, self._times = draft, times_s
        self._inputs: dict[bytes, int] = {}
        self._samplers: list[dict[str, Any]] = []
        self._channels: list[dict[str, Any]] = []

    def sampler(self, kept: npt.NDArray[np.intp], output: int) -> int:
        """Adds straight lines through the kept frames; returns the sampler's number."""
        times = self._times[kept].astype("<f4")
        known = self._inputs.get(times.tobytes())
        if known is None:
            known = self._inputs[times.tobytes()] = self.draft.floats(times)
        self._samplers.append({"input": known, "output": output, "interpolation": "LINEAR"})
        return len(self._samplers) - 1

    def channel(self, sampler: int, node: int, path: str) -> None:
        self._channels.append({"sampler": sampler, "target": {_NODE: node, "path": path}})

    def done(self, name: str) -> dict[str, Any]:
        return {"name": name, "samplers": self._samplers, "channels": self._channels}


def _faces(clip: _Clip, face: npt.NDArray[np.float32]) -> None:
    """Adds the weights of every mesh that has shapes of ARKit; meshes with the same shapes share a sampler."""
    document = clip.draft.json
    samplers: dict[tuple[str, ...], int] = {}
    for number, node in enumerate(document["nodes"]):
        if "mesh" not in node:
            continue
        mesh = document["meshes"][node["mesh"]]
        count = len(mesh["primitives"][0].get("targets", []))
        names = tuple(mesh.get("extras", {}).get("targetNames", [])[:count])
        if not any(name in SHAPE_INDEX for name in names):
            continue
        if names not in samplers:
            columns = np.zeros((len(face), len(names)), np.float32)
            for i, name in enumerate(names):
                if name in SHAPE_INDEX:
                    columns[:, i] = face[:, SHAPE_INDEX[name]]
            kept = keys(columns, WEIGHT_BOUND)
            samplers[names] = clip.sampler(kept, clip.draft.shares(columns[kept].ravel()))
        clip.channel(samplers[names], number, "weights")


def _bones(clip: _Clip, body: Body, turns: Mapping[str, npt.NDArray[np.float64]]) -> None:
    """Adds rotation and translation of the joints that leave their rest pose."""
    nodes = clip.draft.json["nodes"]
    places = {str(node.get("name", "")): i for i, node in enumerate(nodes)}
    for joint in body.joints:
        if joint.name not in turns or joint.name not in places:
            continue
        node = nodes[places[joint.name]]
        rest = local_matrix(node)
        moved = local_matrices(joint, rest, turns, len(turns[joint.name]))
        shifts, rotations, _ = parts(moved)
        still_shift, still_rotation, still_scale = parts(rest[None])
        turned = np.abs(np.abs(rotations @ still_rotation[0]) - 1).max() > 1e-9
        shifted = np.abs(shifts - still_shift).max() > 1e-6
        if not turned and not shifted:
            continue
        if "matrix" in node:  # an animated node must say where it stands in parts
            del node["matrix"]
            node["translation"] = [float(v) for v in still_shift[0]]
            node["rotation"] = [float(v) for v in still_rotation[0]]
            node["scale"] = [float(v) for v in still_scale[0]]
        if turned:
            kept = keys(rotations, ROTATION_BOUND)
            clip.channel(clip.sampler(kept, clip.draft.floats(rotations[kept])), places[joint.name], "rotation")
        if shifted:
            kept = keys(shifts, SHIFT_BOUND_M)
            clip.channel(clip.sampler(kept, clip.draft.floats(shifts[kept])), places[joint.name], "translation")
