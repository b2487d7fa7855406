"""An avatar for a page: the Gaussians, and of the body only what they ride, as one file that a browser reads at once.

    u32 length of the rig | rig | cloud

Each half is a line of JSON, then planes of small integers, column after column: `planes` is name -> [type, columns,
rows]. The cloud is `avatar.splats`, unpacked. The rig's carriers are those the cloud uses, in the order in which it
first names them; its corners are numbers of its own vertices, or -1 - joint for a carrier that is a joint. What each
shape of the face moves are runs of `shapes`: name -> how many vertices. It is meant to be gzipped on its way.
"""

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES
from understudy.hub.avatar import Avatar
from understudy.hub.body import Body
from understudy.hub.frames import Shot
from understudy.hub.place import Place
from understudy.render.framing import eye_middle, frame_actor, stage_from_model
from understudy.render.splat.lighting import Lighting
from understudy.render.splat.posing import Carriers, Riding
from understudy.render.splat.shadowing import spread_of
from understudy.render.tone import tone

STEP_M = 1e-5
"""Grid of what shapes move: a hundredth of a millimetre."""
_LEAST_M = 1.5e-5
"""What moves less is left out."""


class _Rig(Riding):
    """What is ridden, to be written down."""

    def planes(self) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
        """Returns arrays by name, and what must be known to read them."""
        low, high = self._rest.min(0), self._rest.max(0)
        shares = np.rint(self._weights * 65535).astype("<u2")
        start, shape, offset = self._moves
        vertex = np.repeat(np.arange(len(self._rest)), np.diff(start))
        steps = np.rint(offset / STEP_M)
        kept = np.abs(offset).max(1, initial=0.0) > _LEAST_M
        order = np.lexsort((vertex[kept], shape[kept]))
        vertex, shape = vertex[kept][order], shape[kept][order]
        steps = steps[kept][order].astype("<i2")
        gone = np.diff(vertex, prepend=0)
        gone[np.flatnonzero(np.diff(shape, prepend=-1))] = vertex[np.flatnonzero(np.diff(shape, prepend=-1))]
        corners = self._corners.astype(np.int64)
        planes = {
            "rest": np.rint((self._rest - low) / np.maximum(high - low, 1e-9) * 65535).astype("<u2"),
            "joints": self._joints.astype("u1"),
            "weights": shares,
            "corners": np.diff(corners, axis=0, prepend=0).astype("<i4"),
            "moved": gone.astype("<u4"),
            "low": (steps & 255).astype("u1"),
            "high": (steps >> 8).astype("i1"),
        }
        counts = np.bincount(shape, minlength=len(ARKIT_SHAPES))
        about = {
            "box": [low.tolist(), high.tolist()],
            "step_m": STEP_M,
            "shapes": {name: int(n) for name, n in zip(ARKIT_SHAPES, counts, strict=True) if n},
        }
        return planes, about


def packed(member: bytes, body: Body, marks: Mapping[str, str]) -> bytes:
    """Returns the file of an avatar (the bytes of `avatar.splats`) on its body, not yet gzipped.

    marks: what it must say of itself, as the rights stage gives it.
    """
    avatar = Avatar.decode(member)
    carriers = Carriers(body, avatar.record.meshes)
    used = np.unique(avatar.carrier).astype(np.int32)
    rig = _Rig(carriers, used)
    planes, about = rig.planes()
    planes["held"] = carriers.joint_of()[used].astype("u1")
    planes["share"] = np.rint(carriers.share_of()[used] * 65535).astype("<u2")
    head = {
        "marks": dict(marks),
        **about,
        "bones": [{"name": j.name, "parent": j.parent, "origin": j.origin.tolist()} for j in body.joints],
        "planes": {n: [str(p.dtype), _columns(p), len(p)] for n, p in planes.items()},
    }
    cloud = zlib.decompress(member[8:])
    data = json.dumps(head, separators=(",", ":")).encode() + b"\n"
    data += b"".join(np.ascontiguousarray(p.reshape(len(p), -1).T).tobytes() for p in planes.values())
    return struct.pack("<I", len(data)) + data + cloud


def setting(body: Body, place: Place) -> Mapping[str, Any]:
    """Returns, for JSON, what a page needs to light the avatar on a place and to stand it before its lens."""
    light = Lighting.of(place)
    inset, curve, outset = tone(place.grade)
    stand = stage_from_model(body, frame_actor(body, Shot()))
    return {
        "sources": np.round(np.c_[light.towards, light.power][light.lamps :], 5).tolist(),
        "lamps": np.round(
            np.c_[light.towards[: light.lamps], light.power[: light.lamps], spread_of(light)], 5
        ).tolist(),
        "zonal": np.round(light.zonal, 6).tolist(),
        "lobes": np.round(light.lobes[:, :7], 5).tolist(),
        "tone": [inset.tolist(), curve.tolist(), outset.tolist()],
        "eyes": eye_middle(body).tolist(),
        "stand": stand[:3, 3].tolist(),
    }


def _columns(plane: npt.NDArray[Any]) -> int:
    return 1 if plane.ndim == 1 else plane.shape[1]
