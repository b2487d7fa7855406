"""A cloud of Gaussians goes elsewhere: as PLY for every viewer of splats, as glTF with KHR_gaussian_splatting.

PLY is that of Kerbl et al. ("3D Gaussian Splatting for Real-Time Radiance Field Rendering", SIGGRAPH 2023,
`gaussian_model.py`): logits of opacity, logarithms of size, colour as (display - 1/2) / Y00. Its scenes stand on their
heads (y down), which viewers undo by half a turn about z. glTF is as in the release candidate of the extension (Khronos
Group 2026): linear numbers, y up, colour the same.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from understudy.exchange.draft import Draft
from understudy.exchange.tagged import copyright_of
from understudy.hub.actor import Actor
from understudy.hub.cloud import Cloud
from understudy.hub.glb import Glb

Floats = npt.NDArray[np.float32]

Y00 = 0.28209479177387814
"""The first spherical harmonic, 1 / (2 sqrt(pi))."""
EXTENSION = "KHR_gaussian_splatting"
_SUREST = 1 - 1e-4
"""Most opacity whose logit is written."""
_WIDEST_COMMENT = 160
"""Letters of a comment: readers of PLY may take lines of 255 or 1024 at most, and a token is longer."""
_PROPERTIES = (
    "x", "y", "z", "nx", "ny", "nz", "f_dc_0", "f_dc_1", "f_dc_2", "opacity", "scale_0", "scale_1", "scale_2", "rot_0",
    "rot_1", "rot_2", "rot_3",
)  # fmt: skip


def splat_ply(cloud: Cloud, actor: Actor, marks: Mapping[str, str]) -> bytes:
    """Returns a PLY, binary little endian, with its marks as comments.

    A mark longer than a comment goes on in the next one of the same name.
    """
    head = ["ply", "format binary_little_endian 1.0", f"comment {_ascii(copyright_of(actor))}"]
    for name, value in marks.items():
        text = _ascii(value)
        parts = [text[i : i + _WIDEST_COMMENT] for i in range(0, max(len(text), 1), _WIDEST_COMMENT)]
        head += [f"comment understudy.{name} {part}" for part in parts]
    head += [f"element vertex {cloud.count}", *(f"property float {name}" for name in _PROPERTIES), "end_header"]
    sure = np.clip(cloud.opacity, 1 - _SUREST, _SUREST)
    w, x, y, z = cloud.turn.T
    rows = np.column_stack(
        [
            cloud.place_m * (-1, -1, 1),
            np.zeros((cloud.count, 3)),
            (cloud.colour - 0.5) / Y00,
            np.log(sure / (1 - sure)),
            np.log(cloud.size_m),
            # (0, 0, 0, 1), half a turn about z, times what it was
            np.stack([-z, -y, x, w], -1),
        ]
    )
    return "\n".join(head).encode("ascii") + b"\n" + rows.astype("<f4").tobytes()


def splat_glb(cloud: Cloud, actor: Actor, marks: Mapping[str, str]) -> bytes:
    """Returns a GLB of points that are Gaussians to whoever knows the extension, with its marks in the asset."""
    draft = Draft(Glb({"asset": {"version": "2.0", "generator": "Understudy"}}, (), actor.name))
    w, x, y, z = cloud.turn.T
    linear = np.where(cloud.colour <= 0.04045, cloud.colour / 12.92, ((cloud.colour + 0.055) / 1.055) ** 2.4)
    attributes = {
        "POSITION": cloud.place_m,
        "COLOR_0": np.c_[linear, cloud.opacity],
        f"{EXTENSION}:ROTATION": np.stack([x, y, z, w], -1),
        f"{EXTENSION}:SCALE": cloud.size_m,
        f"{EXTENSION}:OPACITY": cloud.opacity,
        f"{EXTENSION}:SH_DEGREE_0_COEF_0": (cloud.colour - 0.5) / Y00,
    }
    primitive = {
        "mode": 0,
        "attributes": {name: draft.floats(values) for name, values in attributes.items()},
        "extensions": {EXTENSION: {"kernel": "ellipse", "colorSpace": "srgb_rec709_display"}},
    }
    draft.json["extensionsUsed"] = [EXTENSION]
    draft.json["asset"]["copyright"] = copyright_of(actor)
    draft.json["asset"]["extras"] = {"understudy": dict(marks)}
    draft.json["scene"] = 0
    mesh = draft.add("meshes", {"name": actor.name, "primitives": [primitive]})
    draft.add("scenes", {"nodes": [draft.add("nodes", {"name": actor.name, "mesh": mesh})]})
    return draft.save()


def _ascii(text: str) -> str:
    """Returns one line of ASCII, for the head of a PLY knows nothing else, without the word that many look for."""
    return " ".join(text.split()).encode("ascii", "backslashreplace").decode().replace("end_header", "end header")
