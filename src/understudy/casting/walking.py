"""How a strand is combed: it steps from its root along the flow of its style, kept off head, neck and clothes.

Paths have equal steps, so a column of all paths is one distance from the roots. Each strand has a height it keeps
over the skull - hair rooted higher lies farther out - and bends only gradually, which makes it rise from a parting
and fall in arcs.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from understudy.casting.mesh import Floats, unit
from understudy.casting.scalp import Scalp

UP, AHEAD = np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0])
Heading = Callable[[float, Floats, Floats, Floats], Floats]
"""(arc, points, over, out) -> where each strand wants to go, (n, 3), any length"""


@dataclass
class Combed:
    """Strands as combed: equal steps, longer than they are worn."""

    path: Floats
    """(n, steps, 3)"""
    length: Floats
    """(n,) metres worn"""
    side: Floats
    """(n,) 1 left of the parting, -1 right of it, 0 where there is none: locks do not cross it"""
    free: Floats
    """(n,) 0..1: how loose each strand is, for locks and waves"""
    step_m: float


def walk(
    scalp: Scalp,
    start: Floats,
    direction: Floats,
    *,
    steps: int,
    step_m: float,
    heading: Heading,
    height: Callable[[float, Floats], Floats],
    bend: float = 0.30,
    hold: float = 0.7,
    sag: float = 1.2,
    guard: Callable[[Floats], Floats] | None = None,
) -> Floats:
    """(n, steps + 1, 3) paths.

    height: metres over the skin a strand keeps at an arc length; bend: share of a turn made in one step; hold: how
    strongly a strand seeks its height from above; sag: how fast it falls once it has left the head.
    """
    p, d = start.copy(), unit(direction)
    path = [p]
    over, out = scalp.solid.height(p)
    for number in range(steps):
        arc = (number + 1) * step_m
        keep = height(arc, p)
        goal = unit(heading(arc, p, over, out))
        near = np.exp(-np.maximum(over - keep, 0) / 0.018)
        inward = np.minimum((goal * out).sum(1), 0) * near
        goal = goal - out * inward[:, None]
        goal = unit(goal + out * np.clip((keep - over) / 0.010, -hold * near, 0.9)[:, None])
        # what has left the head falls
        goal = unit(goal - UP * (sag * np.clip((over - keep - 0.004) / 0.012, 0, 1))[:, None])
        d = unit(d * (1 - bend) + goal * bend)
        ahead = p + d * step_m
        over, out = scalp.solid.height(ahead)
        ahead = ahead + out * np.maximum(0.45 * keep + 0.0008 - over, 0)[:, None]
        if guard is not None:
            ahead = guard(ahead)
        went = unit(ahead - p)
        d = unit(d + went)
        p = p + went * step_m
        over, out = scalp.solid.height(p)
        path.append(p)
    result = np.stack(path, 1)
    for _ in range(4):
        result[:, 2:-1] = 0.5 * result[:, 2:-1] + 0.25 * (result[:, 1:-2] + result[:, 3:])
    return result


def off_ears(scalp: Scalp, p: Floats) -> Floats:
    """Cropped hair stays outside the ears instead of inside their shells."""
    side = np.sign(p[:, 0])
    near = ((p[:, 1] - scalp.ear[1]) / 0.036) ** 2 + ((p[:, 2] - scalp.ear[2]) / 0.026) ** 2
    over = (scalp.ear[0] + 0.001) * np.exp(-(near**2) * 1.2)
    p = p.copy()
    hidden = (p[:, 0] * side < over) & (near < 1.0)
    p[hidden, 0] = (side * over)[hidden]
    return p
