"""Puts grooms into a body.glb: strands as 16-bit numbers on a grid of their own, out of sight of other viewers.

Each groom is one entry of the asset's `extras.understudy.grooms`; its arrays are plain buffer views that no accessor
names, so any viewer skips them, while the digest of the file covers them. `hub.glb_groom` reads them back.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.groom import Groom

View = Callable[[bytes], int]
"""Appends bytes to the file and returns the number of their buffer view."""


def packed_groom(groom: Groom, view: View) -> dict[str, Any]:
    """Returns the JSON entry of a groom, its arrays written through `view`.

    points: little-endian int16 (count, per, 3), metres = centre + extent * value / 32767. root: uint32 (count, 3)
    vertex ids of `skin`. bary: uint16 (count, 2), the weights of the first two / 65535. lock: uint32. tone: uint8.
    """
    points = np.asarray(groom.points, np.float64)
    flat = points.reshape(-1, 3)
    low, high = (flat.min(0), flat.max(0)) if len(flat) else (np.zeros(3), np.zeros(3))
    centre = np.round((low + high) / 2, 6)
    extent = max(round(float(np.abs(flat - centre).max(initial=0.0)) * 1.0001, 7), 1e-6)
    grid = np.rint((points - centre) / extent * 32767).clip(-32767, 32767)

    def stored(values: npt.ArrayLike, kind: str) -> int:
        return view(np.ascontiguousarray(values).astype(kind).tobytes())

    return {
        "name": groom.name,
        "count": len(points),
        "per": points.shape[1],
        "centre": [float(x) for x in centre],
        "extent": extent,
        "points": stored(grid, "<i2"),
        "root": stored(groom.corners, "<u4"),
        "bary": stored(np.rint(np.asarray(groom.bary)[:, :2] * 65535).clip(0, 65535), "<u2"),
        "lock": stored(groom.lock, "<u4"),
        "tone": stored(np.rint(np.asarray(groom.tone) * 255).clip(0, 255), "u1"),
        "width": round(groom.width_m, 8),
        "taper": round(groom.taper, 4),
        "colour": [round(float(x), 6) for x in groom.colour],
        "grey": round(groom.grey, 4),
        "children": int(groom.children),
        "spread": round(groom.spread_m, 6),
        "frizz": round(groom.frizz_m, 6),
        "curl": round(groom.curl, 4),
        "seed": int(groom.seed),
    }
