"""The film of tears along a lower lid, and a tear that runs: how much of each is there, and how it bulges."""

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Mesh

Floats = npt.NDArray[np.float32]

_LIFT_M = 0.0013
"""How far a running tear is lifted: its mesh waits 0.6 mm under the skin."""
_BULGE = 0.9
"""Slope of the water at the edges of its ribbon, where it meets the skin."""
_DRY = 0.75
"""How much of the line along a lid is there without tears."""


class Tears:
    """One mesh of tears, as the raster look shows it: from 0.5 a drop runs down its track, the fuller at its end."""

    def __init__(self, mesh: Mesh) -> None:
        self._runs = "track" in mesh.material.name.lower()
        along = mesh.strand[:, 3] if mesh.strand is not None else np.zeros(len(mesh.positions))
        self._along = np.asarray(along, np.float32)

    def shown(self, tears: float) -> Floats:
        """Returns (n,): how much each point mirrors. tears: 0 dry, 0.5 brimming, 1 running."""
        if not self._runs:
            return np.full(len(self._along), _DRY + (1.6 - _DRY) * tears, np.float32)
        reached = float(np.clip(tears * 2.2 - 1.1, 0, 1))
        wet = np.clip((reached + 0.015 - self._along) / 0.045, 0, 1) * (reached > 1e-3)
        drop = 0.55 + 0.9 * np.clip(1 - (reached - self._along) / 0.10, 0, 1)
        return np.asarray(1.1 * wet * drop, np.float32)

    def lift_m(self, tears: float) -> float:
        """Returns how far its points stand out from where they rest, metres."""
        return _LIFT_M * float(np.clip(tears * 4 - 2, 0, 1)) if self._runs else 0.0


def bulging(mesh: Mesh) -> Floats:
    """Returns (n, 3) unit normals of water on a ribbon: leaning outwards at both of its sides.

    A ribbon stores left and right in turn; any other mesh keeps the normals it has.
    """
    normals = np.asarray(mesh.normals, np.float32)
    if mesh.strand is None or len(normals) % 2:
        return normals
    across = mesh.positions[1::2] - mesh.positions[0::2]
    across = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    out = normals + _BULGE * np.stack([-across, across], 1).reshape(-1, 3)
    return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9), np.float32)
