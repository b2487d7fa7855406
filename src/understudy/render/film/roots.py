"""Where skin is dark with the roots of hair: a short cut covers its head less than it seems to."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Mesh
from understudy.hub.groom import Groom

Floats = npt.NDArray[np.float32]

_SHORT_M, _LONG_M = 0.025, 0.06
"""Hair up to the one length lets the skin be seen between its roots; from the other on it lies over them."""
_STUBBLE_M = 0.004
"""A beard shorter than this is stubble: its skin is painted as it is seen."""
_MOST = {"hair": 0.85, "beard": 0.8}
"""How much of the colour of skin is that of hair where roots are dense."""
_NEIGHBOUR = 6


def rooted(skin: Mesh, grooms: Sequence[Groom]) -> Floats:
    """Returns (n,) for the points of the skin: 0 bare .. 1 nothing but roots, less for longer hair."""
    from scipy.spatial import cKDTree

    out = np.zeros(len(skin.positions), np.float32)
    for groom in grooms:
        if groom.name not in _MOST or len(groom.points) <= _NEIGHBOUR:
            continue
        length = float(np.median(np.linalg.norm(np.diff(groom.points, axis=1), axis=2).sum(1)))
        if groom.name == "beard" and length < _STUBBLE_M:
            continue
        roots = groom.points[:, 0]
        tree = cKDTree(roots)
        usual = float(np.median(tree.query(roots, k=_NEIGHBOUR + 1)[0][:, -1]))
        near = tree.query(skin.positions, k=_NEIGHBOUR)[0][:, -1] / max(usual, 1e-6)
        short = np.clip((_LONG_M - length) / (_LONG_M - _SHORT_M), 0, 1)
        out = np.maximum(out, _MOST[groom.name] * short * np.clip(2.2 - 1.1 * near, 0, 1))
    return out.astype(np.float32)
