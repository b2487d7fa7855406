"""What the program of a mesh reads besides the block of the stage: its material, and what it needs of the actor now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Body, Matrices
from understudy.render.figure import Costume, fibre_of
from understudy.render.lids import Lid
from understudy.render.openings import Edge
from understudy.render.sway import FREE_OVER_M

_WRAP = {"skin": (0.42, 0.17, 0.10), "mouth": (0.4, 0.35, 0.35), "eye": (0.1, 0.1, 0.1)}
"""How far light creeps round the terminator: skin by its mean free paths in red, green and blue, at curvature 0.48."""
_TRACK_LIFT_M = 0.0013
"""How far a running tear is lifted: its mesh waits 0.6 mm under the skin."""


@dataclass(frozen=True, eq=False)
class Wearing:
    """The actor now. joints: the turn and place of each on the set; sway: (3, 4) of the hair; tears, flush: 0..1."""

    body: Body
    joints: Matrices
    sway: npt.NDArray[Any]
    lids: Sequence[Lid | None]
    lips: tuple[Edge, Edge] | None
    tears: float
    flush: float

    def turn_of(self, joint: str) -> Matrices:
        """Returns the (3, 3) turn of a joint on the set, none for one that the body lacks."""
        at = self.body.joint_index.get(joint)
        return np.eye(3) if at is None else np.asarray(self.joints[at][:3, :3])


def read_by(costume: Costume, on: Wearing) -> dict[str, Any]:
    """Returns uniform name -> value."""
    material = costume.mesh.material
    values: dict[str, Any] = {
        "shadow_moments": 6,
        "surroundings": 7,
        "base": material.base_colour[:3],
        "surface": (material.roughness, 0.35 if costume.kind == "mouth" else 0.1),
        "bump": material.normal_scale,
        "stronger": costume.stronger,
        "gloss": 0.25 if costume.mesh.name in ("lashes", "brows") else 1.0,
        "wrap": _WRAP.get(costume.kind, (0.1, 0.1, 0.1)),
    }
    if costume.kind in ("hair", "strand", "fibre", "coat"):
        hangs = costume.mesh.name in ("hair", "hairFine") and "head" in on.body.joint_index
        values["sway"] = [tuple(row) for row in (on.sway if hangs else np.zeros((3, 4))).tolist()]
        values["free_y"] = float(on.body.origin("head")[1] + FREE_OVER_M) if hangs else 0.0
    if costume.kind in ("eye", "cornea"):
        side = 0 if costume.mesh.anchor == "leftEye" else 1
        found = on.lids[side]
        radius = 0.0145 if found is None else found[2]
        iris_m = float(costume.mesh.extras.get("irisRadius", 0.42 * radius))
        values |= {"side": side, "radius": radius, "iris_uv": 0.24, "iris": iris_m / radius, "tears": on.tears}
        values["eye_from_stage"] = tuple(on.turn_of(costume.mesh.anchor).ravel())
    if costume.kind == "tear":
        running = costume.mesh.material.name.lower().startswith("teartrack")
        raised = _TRACK_LIFT_M * float(np.clip(on.tears * 4 - 2, 0, 1)) if running else 0.0
        values |= {"tears": on.tears, "running": float(running), "raised": raised}
        values["stronger"] = 1.0 if running else 1.0 + 1.3 * on.tears
    if costume.kind == "skin":
        values |= {"flush": on.flush, "folded": costume.shape is not None and costume.shape.folded}
    if costume.kind == "cloth":
        values["fibre"] = fibre = fibre_of(material)
        values["wrap"] = (0.08 + 0.30 * fibre[1],) * 3
    if costume.kind == "lens":
        values["tint"] = material.base_colour[3]
    if costume.kind == "mouth":
        front = 0.0 if on.lips is None else float(on.lips[0].rest[:, 2].max())
        values["mouth_front"] = front - 0.004
        values["facing"] = tuple(on.turn_of("head") @ (0.0, 0.0, 1.0))
    return values
