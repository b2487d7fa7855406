"""Where the lids and the lips stand, told to the shaders every frame."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Body, Mesh
from understudy.render.figure import Figure
from understudy.render.openings import Edge, eye_radius, lid_edges
from understudy.render.uniforms import StageBlock

Floats = npt.NDArray[np.float32]
Lid = tuple[tuple[Edge, Edge], Any, float]
"""The upper and the lower edge, the middle of the eye and its radius."""


def lids_of(body: Body, figure: Figure) -> list[Lid | None]:
    """Returns the lids of the left and the right eye, None for an eye whose lids are not found."""
    skin = max((m for m in body.meshes if m.material.name.lower().startswith("skin")), key=_size, default=None)
    found: list[Lid | None] = []
    for side in ("left", "right"):
        eye = next((c.mesh for c in figure.of("eye") if c.mesh.anchor == f"{side}Eye"), None)
        edges = None
        if skin is not None and eye is not None:
            centre = body.origin(f"{side}Eye")
            radius = eye_radius(eye, centre)
            edges = _edges(skin, tuple(centre.tolist()), radius)
            if edges is not None:
                found.append((edges, centre, radius))
        if edges is None:
            found.append(None)
    return found


@lru_cache(maxsize=4)
def _edges(skin: Mesh, centre: tuple[float, float, float], radius_m: float) -> tuple[Edge, Edge] | None:
    """Looks at an eye once: an actor stands on many sets."""
    return lid_edges(skin, centre, radius_m)


def write_openings(block: StageBlock, lids: Sequence[Lid | None], lips: tuple[Edge, Edge] | None, face: Floats) -> None:
    """Writes the parabolas of lids and lips under the weights of a face into the block of a stage."""
    for side, found in enumerate(lids):
        for half in range(2):
            row = block["lids"][2 * side + half]
            if found is None:
                row[:] = (0.9, 0, 0, 0) if half == 0 else (-0.9, 0, 0, 0)
            else:
                edges, centre, radius = found
                row[:3] = edges[half].parabola(face, centre, radius)
    if lips is None:
        block["mouth"][:] = (9, 0, 0, 0.03), (-9, 0, 0, 1)
        return
    upper, lower = (edge.rest + edge.moves @ face for edge in lips)
    block["mouth"][0] = *lips[0].parabola(face, (0, 0, 0), 1.0), np.abs(upper[:, 0]).max()
    gap = float(np.maximum(upper[:, 1] - lower[:, 1], 0).max())
    block["mouth"][1] = *lips[1].parabola(face, (0, 0, 0), 1.0), gap


def _size(mesh: Mesh) -> int:
    return len(mesh.positions)
