"""The fold of the upper lid: a thin platform on the eye, a crease, and soft skin that hangs over it.

The template's lids are one thick roll. Beside the lashes skin is drawn back towards the eyeball until it is as thin as
a lid; where that platform ends the skin turns in and the fold above it bulges. Closing the eye smooths it out again.
"""

import numpy as np

from understudy.base.channels import SHAPE_INDEX
from understudy.casting import anatomy
from understudy.casting.anatomy import Eye
from understudy.casting.mesh import Floats, Ints, smoothstep
from understudy.casting.recipe import Eyes
from understudy.casting.surface import Surface

UPPER_THICK_M, LOWER_THICK_M = 0.0021, 0.0020
"""From the eye to the skin beside the lashes (a lid with its tarsal plate is about 2 mm thick)."""
SMOOTHED = {"eyeBlink": 0.9, "eyeLookDown": 0.55, "eyeWide": -0.35, "eyeSquint": -0.12}
"""shape -> how much of the fold it takes away; negative deepens it."""


def sculpt(
    surface: Surface,
    eye: Eye,
    near: Ints,
    upper: Floats,
    lower: Floats,
    radius_m: float,
    side: str,
    look: Eyes,
) -> None:
    """Thins both lids and folds the upper one, in place. upper, lower: (n, 3) the outer edges of the lids."""
    ids = near[surface.island[near] == anatomy.HEAD]
    p = surface.positions[ids]
    offset = p - eye.centre
    distance = np.linalg.norm(offset, axis=1)
    out = offset / distance[:, None]
    beyond = distance - radius_m
    over, along = _beside(p, upper)
    under, along_low = _beside(p, lower)
    under = -under
    high = look.crease_mm * 1e-3 * np.interp(along, [0.0, 0.15, 0.45, 0.8, 1.05], [0.5, 0.8, 1.0, 0.9, 0.55])
    across = np.interp(along, [-0.10, 0.08, 0.90, 1.14], [0.0, 1.0, 1.0, 0.0])
    above = smoothstep(-0.0016, 0.0, over) * across
    # the platform
    thin = np.clip(beyond - UPPER_THICK_M, 0, 0.003) * smoothstep(1.25, 0.70, over / high) * above * 0.8
    across_low = np.interp(along_low, [-0.05, 0.10, 0.90, 1.10], [0.0, 1.0, 1.0, 0.0])
    below = smoothstep(-0.0012, 0.0, under) * across_low * smoothstep(0.0075, 0.0015, under)
    thin += np.clip(beyond - LOWER_THICK_M, 0, 0.002) * below * 0.6
    surface.positions[ids] -= out * thin[:, None]
    # the crease, and the fold that hangs over it
    notch = np.exp(-(((over - high) / 0.0008) ** 2)) * 0.0006
    hang = np.exp(-(((over - high - 0.0019) / 0.0014) ** 2))
    fold = out * ((0.0004 * hang - notch) * above)[:, None]
    fold[:, 1] -= 0.0011 * hang * above
    fold *= look.fold
    surface.positions[ids] += fold
    for shape, share in SMOOTHED.items():
        surface.deltas[SHAPE_INDEX[shape + side], ids] -= share * fold


def _beside(points: Floats, edge: Floats) -> tuple[Floats, Floats]:
    """How far points lie above an edge seen from the front, metres, and where along it: 0 inner .. 1 outer corner."""
    x, reach = np.abs(points[:, 0]), np.abs(edge[:, 0])
    order = np.argsort(reach)
    over = points[:, 1] - np.interp(x, reach[order], edge[order, 1])
    return over, (x - reach.min()) / (reach.max() - reach.min())
