"""Combs hair: every strand steps from its root along the flow of its style, kept off head, neck and clothes.

Paths have equal steps, so a column of all paths is one distance from the roots. Each strand has a height it keeps
over the skull - hair rooted higher lies farther out - and bends only gradually, which makes it rise from a parting
and fall in arcs.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from understudy.casting.hairline import part_x
from understudy.casting.mesh import Bools, Floats, smoothstep, unit
from understudy.casting.recipe import Hair
from understudy.casting.scalp import Roots, Scalp
from understudy.casting.styles import Style

UP, AHEAD = np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0])
SHOULDER_M = 0.118
"""Falling hair stays this near to the middle of the body."""
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


def comb(scalp: Scalp, roots: Roots, look: Hair, style: Style, rng: np.random.Generator) -> Combed:
    """Combs strands from these roots."""
    layer = (rng.permutation(len(roots)) + 0.5) / max(len(roots), 1)
    kind = {"fall": _fall, "tie": _tie, "crop": _crop, "stand": _stand}[style.comb]
    made = kind(scalp, roots, look, style, layer, rng)
    if style.fringe > 0 and style.comb in ("fall", "tie"):
        _cut_fringe(scalp, roots, look, style, layer, rng, made)
    return made


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


def _round_head(scalp: Scalp, p: Floats, side: Floats) -> Floats:
    """(n, 3) horizontal directions round the head, away from the face on each side."""
    q = unit((p - scalp.centre) * np.array([1.0, 0.0, 1.0]))
    return np.stack([q[:, 2] * side, np.zeros(len(p)), -q[:, 0] * side], 1)


def _fall(scalp: Scalp, roots: Roots, look: Hair, style: Style, layer: Floats, rng: np.random.Generator) -> Combed:
    """Parted and hanging."""
    p, centre, top = roots.points, scalp.centre, scalp.top_m
    offset = p[:, 0] - part_x(look, p, scalp.centre)
    azimuth = scalp.hairline.azimuth(p)
    side = np.where(offset > 0, 1.0, -1.0)
    behind = smoothstep(centre[2] - 0.015, centre[2] - 0.065, p[:, 2])
    at_part = np.exp(-np.abs(offset) / 0.030) * (1 - behind) * (p[:, 1] > centre[1] + 0.05)
    rank = np.clip((p[:, 1] - centre[1] + 0.03) / (top - centre[1] + 0.03), 0, 1)
    full = style.volume_m * (0.22 + 0.78 * rank) * (0.45 + 0.55 * layer)
    slow = np.sin(p[:, 0] * 55 + look.seed) * np.sin(p[:, 1] * 47 + p[:, 2] * 61)
    before = azimuth + 13 * slow + 4 * rng.normal(size=len(p)) < 64 + 52 * style.forward
    around = np.radians(np.where(before, 14 + azimuth * 0.50, np.clip(azimuth * 0.70 + 56, 132, 180)))
    wide = np.where(before, 0.094, 0.074) + 0.012 * layer - 0.018 * (style.length_m < 0.25)
    lane = np.stack([side * wide * np.sin(around), np.zeros(len(p)), centre[2] - 0.012 + 0.108 * np.cos(around)], 1)
    own_side = np.where(behind > 0.5, np.sign(p[:, 0] + 1e-6), side)
    lane[:, 0] = np.where(before, lane[:, 0], own_side * np.abs(lane[:, 0]))

    def heading(arc: float, q: Floats, over: Floats, out: Floats) -> Floats:
        descent = np.clip((top - 0.008 - q[:, 1]) / 0.075, 0, 1)[:, None]
        front = smoothstep(centre[2] - 0.035, centre[2] + 0.030, q[:, 2])[:, None] * (1 - 0.6 * behind[:, None])
        swept = _round_head(scalp, q, side)
        swept = swept + 0.30 * side[:, None] * np.array([1.0, 0, 0]) * (1 - descent)
        away = _whorl(scalp, q)
        # before the crown nothing runs back into the parting
        away = away * np.array([1.0, 1.0, 0.0]) + np.minimum(away[:, 2:], 0.0) * AHEAD
        away = away + np.maximum(0.0, q[:, 2:] - scalp.hairline.crown[2]) * 30 * side[:, None] * np.array(
            [1.0, 0.0, 0.0]
        )
        flow = front * swept * (1 - 0.62 * descent) + (1 - front) * away * (1 - 0.75 * descent)
        # over the forehead hair is carried back by the parting; it falls once it is past the temple
        over_face = front * smoothstep(0.062, 0.030, np.abs(q[:, :1]))
        flow = flow - AHEAD * 0.85 * over_face - UP * (0.10 + 1.15 * descent) * (1 - 0.8 * over_face)
        low = smoothstep(centre[1] + 0.010, centre[1] - 0.035, q[:, 1])[:, None]
        left = np.maximum(q[:, 1] - scalp.shoulder_m, 0.030)[:, None]
        hang = (lane - q) / left * smoothstep(0.150, 0.055, left)
        hang[:, 1] = 0.0
        firm = np.where((over < 0.014) & (out[:, 1] > 0.25), 1.3, 0.5)[:, None]
        hang = np.clip(hang * (1 + firm), -firm, firm) - UP
        return unit(flow) * (1 - low) + unit(hang) * low

    def height(arc: float, q: Floats) -> Floats:
        rise = np.minimum(1.0, arc / (0.050 - 0.034 * at_part))
        crown = 0.55 + 0.45 * smoothstep(top + 0.004, top - 0.05, q[:, 1])
        return 0.0012 + full * rise * crown

    away = np.where(behind[:, None] > 0.5, unit(p - scalp.hairline.crown), side[:, None] * np.array([1.0, 0, 0]))
    away = np.where(np.linalg.norm(p - scalp.hairline.crown, axis=1)[:, None] < 0.045, _whorl(scalp, p), away)
    ahead = smoothstep(centre[2] + 0.045, centre[2] + 0.085, p[:, 2])[:, None]
    first = roots.normals * (0.35 + 0.45 * at_part)[:, None] + 0.8 * away + ahead * (0.45 * UP - 0.75 * AHEAD)
    length = style.length_m + look.length_spread_m * 0.6
    path = walk(
        scalp, p, first, steps=int((length + 0.12) / 0.007), step_m=0.007, heading=heading, height=height,
        guard=lambda q: _off_face(scalp, q, side),
    )  # fmt: skip
    return Combed(
        path, _to_hem(scalp, path, look, style, 0.007, rng), side * (1 - (behind > 0.5)), np.ones(len(p)), 0.007
    )


def _whorl(scalp: Scalp, p: Floats) -> Floats:
    """(n, 3) horizontal directions away from the crown, turning round it where they begin."""
    offset = (p - scalp.hairline.crown) * np.array([1.0, 0.0, 1.0])
    away = unit(offset + 1e-6)
    near = np.exp(-((np.linalg.norm(offset, axis=1, keepdims=True) / 0.030) ** 2))
    return unit(away * (1 - 0.35 * near) + 0.8 * near * np.cross(UP, away))


def _to_hem(scalp: Scalp, path: Floats, look: Hair, style: Style, step_m: float, rng: np.random.Generator) -> Floats:
    """(n,) lengths: to the hem where hair is cut to a line, of one length where it is layered, rounded at the sides."""
    hem = scalp.top_m - style.length_m * 0.97
    under = path[..., 1] < hem
    whole = (path.shape[1] - 1) * step_m
    to_hem = np.where(under.any(1), under.argmax(1) * step_m, whole)
    even = style.length_m - 0.035 + 0.35 * (path[:, 0, 1] - scalp.top_m)
    layered = np.minimum(to_hem, np.maximum(even, 0.12))
    length = to_hem * (1 - style.layered) + layered * style.layered
    ragged = 0.10 + 0.9 * style.layered
    length = length - look.length_spread_m * ragged * rng.random(len(path)) ** 1.6
    return np.asarray(np.clip(length, 0.05, min(whole, style.length_m + 0.05)))


def _off_face(scalp: Scalp, p: Floats, side: Floats) -> Floats:
    """Keeps falling hair out of the face: no nearer to the middle than the outer corners of the eyes and the cheeks."""
    below = scalp.centre[1] - p[:, 1]
    limit = np.interp(
        below,
        [-0.068, -0.050, -0.02, 0.02, 0.06, 0.10, 0.14, 0.18],
        [0, 0.050, 0.063, 0.066, 0.062, 0.054, 0.045, 0.035],
    )
    inside = (p[:, 2] > scalp.centre[2] + 0.050) & (p[:, 0] * side < limit) & (below > -0.055) & (below < 0.19)
    p = p.copy()
    # nor does it slide off along the shoulders
    p[:, 0] = np.where(p[:, 1] < scalp.chin_m, np.clip(p[:, 0], -SHOULDER_M, SHOULDER_M), p[:, 0])
    p[inside, 0] += (side * limit - p[:, 0])[inside] * 0.30
    p[inside, 2] -= 0.0025
    return p


def _cut_fringe(
    scalp: Scalp, roots: Roots, look: Hair, style: Style, layer: Floats, rng: np.random.Generator, made: Combed
) -> None:
    """Lets the hair over the forehead fall forward and cuts it over the eyes."""
    azimuth = scalp.hairline.azimuth(roots.points)
    chosen = np.flatnonzero(
        (azimuth < 12 + 26 * style.fringe) & (roots.above < 0.020 + 0.016 * style.fringe)
        & (rng.random(len(roots)) < 0.35 + 0.65 * style.fringe)
    )  # fmt: skip
    if not len(chosen):
        return
    mine, p = roots[chosen], roots.points[chosen]
    lean = np.sign(p[:, 0] - look.part_mm * 1e-3) * 0.10 + p[:, 0] * 3.0 + 0.05 * rng.normal(size=len(p))

    def heading(arc: float, q: Floats, over: Floats, out: Floats) -> Floats:
        return np.stack(
            [lean, -np.full(len(q), 0.25 + min(1.0, arc / 0.03)), np.full(len(q), max(0.0, 0.9 - arc / 0.03))], 1
        )

    def height(arc: float, q: Floats) -> Floats:
        return 0.0015 + (0.002 + 0.005 * layer[chosen]) * min(1.0, arc / 0.020)

    step = made.step_m
    path = walk(
        scalp, p, mine.normals + 0.9 * AHEAD, steps=made.path.shape[1] - 1, step_m=step, heading=heading,
        height=height, bend=0.35,
    )  # fmt: skip
    brow = scalp.centre[1] + 0.022 - 0.004 * style.fringe - 0.10 * np.abs(p[:, 0])
    under = path[..., 1] < brow[:, None]
    made.path[chosen] = path
    length = np.where(under.any(1), under.argmax(1) * step, 0.09)
    made.length[chosen] = np.maximum(length - 0.006 * rng.random(len(p)), 0.02)
    made.free[chosen] = 0.25
    made.side[chosen] = 2.0 + np.sign(p[:, 0])


def _tie(scalp: Scalp, roots: Roots, look: Hair, style: Style, layer: Floats, rng: np.random.Generator) -> Combed:
    """Combed back to a tie; what is behind it hangs as a tail, or is wound into a bun."""
    p, centre, step = roots.points, scalp.centre, 0.007
    bun = look.style in ("bun", "back")
    tie = np.array([0.0, centre[1] + (0.012 if bun else 0.045), scalp.back_m - 0.001])
    over, out = scalp.solid.height(tie[None])
    tie = tie + out[0] * (0.010 - over[0])
    outward = unit(out[0] + np.array([0.0, 0.25, 0.0]))
    front = np.clip((p[:, 2] - centre[2]) / 0.075, 0, 1)
    angle, radius = rng.random(len(p)) * 2 * np.pi, 0.0085 * np.sqrt(layer)
    beside = unit(np.cross(UP, outward)[None])[0]
    above = np.cross(outward, beside)
    ring = radius[:, None] * (np.cos(angle)[:, None] * beside + np.sin(angle)[:, None] * above)
    goal = tie + ring

    def heading(arc: float, q: Floats, over: Floats, out: Floats) -> Floats:
        to = unit(goal - q)
        lift = (front * max(0.0, 1 - arc / 0.035))[:, None] * np.array([0.0, 0.55, 0.1])
        return to + lift

    def height(arc: float, q: Floats) -> Floats:
        return 0.0010 + style.volume_m * min(1.0, arc / 0.030) * (0.15 + 0.85 * layer)

    reach = 0.31
    path = walk(
        scalp, p, roots.normals * 0.25 + unit(goal - p), steps=int(reach / step), step_m=step, heading=heading,
        height=height, bend=0.42, hold=0.9,
    )  # fmt: skip
    near = np.linalg.norm(path - goal[:, None], axis=2)
    arrive = np.argmax(near < 0.010, axis=1)
    arrive = np.where(near.min(1) < 0.010, arrive, near.argmin(1))
    tail = _bun(tie, outward, beside, above, layer, rng) if bun else _tail(scalp, tie, outward, ring, layer, style, rng)
    whole = path.shape[1] + tail.shape[1]
    joined = np.empty((len(p), whole, 3))
    for row in range(len(p)):
        stop = arrive[row]
        line = np.concatenate([path[row, :stop], tail[row]])
        # what is left over repeats the last stretch outwards; it is never worn
        joined[row, : len(line)] = line
        joined[row, len(line) :] = line[-1] + np.arange(1, whole - len(line) + 1)[:, None] * (line[-1] - line[-2])
    for _ in range(3):
        joined[:, 2:-1] = 0.5 * joined[:, 2:-1] + 0.25 * (joined[:, 1:-2] + joined[:, 3:])
    arcs = np.concatenate([np.zeros((len(p), 1)), np.cumsum(np.linalg.norm(np.diff(joined, axis=1), axis=2), 1)], 1)
    ends = arcs[np.arange(len(p)), arrive + tail.shape[1] - 1]
    ragged = (0.0 if bun else look.length_spread_m) * rng.random(len(p)) ** 1.5
    # too short for the tie: the nape's and temples' shortest strands stop at it
    made = _even_steps(joined, ends, step)
    return Combed(made, ends - ragged, np.zeros(len(p)), np.full(len(p), 0.25), step)


def _even_steps(path: Floats, length: Floats, step_m: float) -> Floats:
    """Paths again in equal steps, as long as the longest."""
    from understudy.casting.ribbons import resample

    count = int(np.ceil(length.max() / step_m)) + 2
    return resample(path, np.full(len(path), (count - 1) * step_m), count)


def _tail(
    scalp: Scalp, tie: Floats, outward: Floats, ring: Floats, layer: Floats, style: Style, rng: np.random.Generator
) -> Floats:
    """(n, steps, 3) a ponytail from the tie on: out, over and down, full in the middle, pointed at the end."""
    steps = max(6, int((style.length_m - 0.10) / 0.007))
    start = tie + ring
    grow = 1.0 + 1.3 * layer
    straying = ring * (grow + 0.3 * rng.normal(size=len(ring)))[:, None] + rng.normal(size=(len(ring), 3)) * 0.003

    def heading(arc: float, q: Floats, over: Floats, out: Floats) -> Floats:
        drop = min(1.0, arc / 0.055)
        middle = tie + outward * 0.034
        hang = outward * (1 - drop) * 1.2 - UP * (0.15 + 1.1 * drop)
        spread = straying * np.interp(arc, [0, 0.05, 0.14, 0.30], [1.0, 1.8, 2.1, 0.9]) - (q - middle) * np.array(
            [1, 0, 1]
        )
        return hang + np.clip(spread * 14, -0.4, 0.4) * drop

    def height(arc: float, q: Floats) -> Floats:
        return 0.004 + 0.010 * layer * min(1.0, arc / 0.04)

    return walk(
        scalp, start, np.broadcast_to(outward, start.shape), steps=steps, step_m=0.007, heading=heading,
        height=height, bend=0.30, hold=0.05, sag=0.0,
    )  # fmt: skip


def _bun(
    tie: Floats, outward: Floats, beside: Floats, above: Floats, layer: Floats, rng: np.random.Generator
) -> Floats:
    """(n, steps, 3) a bun: from the tie out and round its ball, each strand on its own lane."""
    n, steps = len(layer), 26
    t = np.linspace(0, 1, steps)[None]
    start = rng.random((n, 1)) * 2 * np.pi
    lane = 0.15 + 1.15 * rng.random((n, 1))
    turn = start + t * (3.6 + 0.6 * rng.random((n, 1)))
    tilt = (lane * smoothstep(0.0, 0.45, t) + 0.25 * np.sin(turn * 2 + start)) * 0.95
    size = 0.022 + 0.0095 * np.sqrt(layer)[:, None]
    ball = smoothstep(0.0, 0.22, t) * size
    x, y, z = ball * np.cos(turn) * np.cos(tilt) * 1.12, ball * np.sin(turn) * np.cos(tilt), 0.75 * ball * np.sin(tilt)
    shape = x[..., None] * beside + y[..., None] * above + z[..., None] * outward
    return np.asarray(tie + outward * 0.006 + shape)


def _crop(scalp: Scalp, roots: Roots, look: Hair, style: Style, layer: Floats, rng: np.random.Generator) -> Combed:
    """Short hair: from the whorl and the parting over the top, down at the sides, tapered to the border."""
    p, centre = roots.points, scalp.centre
    n = len(p)
    parted = np.sign(look.part_mm) if look.part_mm else 1.0
    offset = (p[:, 0] - part_x(look, p, scalp.centre)) * parted
    behind = smoothstep(centre[2] - 0.010, centre[2] - 0.060, p[:, 2])
    small = (offset > 0) & (style.part > 0.5)
    on_top = smoothstep(0.30, 0.72, roots.normals[:, 1]) * (p[:, 1] > centre[1] + 0.03)
    top = on_top * np.where(small, 0.35 * behind, 1.0)
    front = smoothstep(centre[2] + 0.010, centre[2] + 0.075, p[:, 2]) * top
    taper = smoothstep(0.0, max(style.fade_m, 1e-4), roots.above)
    length = style.side_m * (0.22 + 0.78 * taper) * (1 - on_top) + style.length_m * on_top
    length = np.where(small, length * 0.75 + 0.25 * style.side_m, length)
    length *= np.where(scalp.hairline.azimuth(p) < 40, 0.55 + 0.45 * smoothstep(0.0, 0.014, roots.above), 1.0)
    length = np.maximum(length * (1 - (0.12 + 0.22 * style.layered) * rng.random(n)), 0.0016)
    whorl = p - scalp.hairline.crown
    whorl -= roots.normals * (whorl * roots.normals).sum(1, keepdims=True)
    near = np.exp(-((np.linalg.norm(whorl, axis=1, keepdims=True) / 0.022) ** 2))
    away = unit(whorl) + 0.8 * near * np.cross(roots.normals, unit(whorl))
    over_top = AHEAD * style.forward - parted * style.across * np.array([1.0, 0, 0]) * (1 - 0.5 * near)
    back_top = away if style.forward >= 0 else unit(away - 0.2 * AHEAD)
    down = -UP + (0.16 if style.comb == "crop" and style.forward < 0.5 else -0.05) * -AHEAD
    slow = np.stack([np.sin(75 * p[:, k - 1] + 62 * p[:, k] + 2 * k + look.seed) for k in range(3)], 1)
    lock_free = 0.14 * slow + 0.10 * rng.normal(size=(n, 3))
    blend = (top * (1 - 0.75 * behind * (style.forward >= 0)))[:, None]
    flow = unit(over_top + 0.35 * away) * blend + unit(back_top * 0.5 + down * 0.8) * (1 - blend)
    flow = unit(flow) + lock_free
    rise = style.lift * (0.35 + 0.65 * top) * (0.55 + 0.6 * layer) * (1 + 0.5 * front) + 0.12
    rise = np.minimum(rise, 1.6)
    full = np.minimum(
        style.volume_m * (0.20 + 0.80 * top) * (0.30 + 0.70 * layer) * (1 + 1.0 * front * (style.lift > 0.6)),
        0.9 * length,
    )
    steps = int(np.clip(np.ceil(length.max() / 0.005), 4, 24))
    step = float(length.max() / steps)

    def heading(arc: float, q: Floats, over: Floats, out: Floats) -> Floats:
        ease = np.exp(-arc / np.maximum(0.45 * length, 0.004))[:, None]
        tangent = flow - out * (flow * out).sum(1, keepdims=True)
        hang = 0.35 * np.minimum(arc / 0.06, 1.0) * UP
        return unit(tangent) + out * rise[:, None] * ease - hang

    def height(arc: float, q: Floats) -> Floats:
        return np.asarray(0.0006 + full * np.minimum(1.0, arc / np.maximum(0.55 * length, 0.003)))

    first = roots.normals * (0.25 + rise)[:, None] + unit(flow) * 0.6
    path = walk(scalp, p, first, steps=steps, step_m=step, heading=heading, height=height, bend=0.34, hold=0.25, sag=0.25,
                guard=lambda q: _off_ears(scalp, q))  # fmt: skip
    groups = np.where(small, 1.0, 0.0) if style.part > 0.5 else np.zeros(n)
    return Combed(path, length, groups, 0.4 + 0.6 * top, step)


def _off_ears(scalp: Scalp, p: Floats) -> Floats:
    """Cropped hair stays outside the ears instead of inside their shells."""
    side = np.sign(p[:, 0])
    near = ((p[:, 1] - scalp.ear[1]) / 0.036) ** 2 + ((p[:, 2] - scalp.ear[2]) / 0.026) ** 2
    over = (scalp.ear[0] + 0.001) * np.exp(-(near**2) * 1.2)
    p = p.copy()
    hidden = (p[:, 0] * side < over) & (near < 1.0)
    p[hidden, 0] = (side * over)[hidden]
    return p


def _stand(scalp: Scalp, roots: Roots, look: Hair, style: Style, layer: Floats, rng: np.random.Generator) -> Combed:
    """Coiled hair that stands away on all sides, shaped into one rounded outline."""
    p, centre = roots.points, scalp.centre
    middle = centre + np.array([0.0, 0.030, -0.004])
    n = len(p)
    azimuth = scalp.hairline.azimuth(p)
    radial = unit(p - middle)
    back = np.exp(-np.maximum(roots.above, 0) / 0.015) * (azimuth < 60)
    aim = unit(0.55 * radial + 0.45 * roots.normals + back[:, None] * np.array([0.0, 0.55, -0.25]))
    aim += 0.10 * rng.normal(size=(n, 3))
    low = smoothstep(centre[1] + 0.03, centre[1] - 0.06, p[:, 1])
    taper = smoothstep(-0.004, 0.028, roots.above)
    length = style.length_m * (0.30 + 0.70 * taper) * (1 - 0.55 * low) * (0.72 + 0.28 * layer)
    steps = int(np.clip(np.ceil(length.max() / 0.006), 5, 22))
    step = float(length.max() / steps)

    def heading(arc: float, q: Floats, over: Floats, out: Floats) -> Floats:
        return aim

    def height(arc: float, q: Floats) -> Floats:
        return np.minimum(arc, length) * 0.35

    path = walk(scalp, p, roots.normals + aim, steps=steps, step_m=step, heading=heading, height=height, hold=0.0, sag=0.0,
                guard=lambda q: _off_ears(scalp, q))  # fmt: skip
    return Combed(path, length, np.zeros(n), np.full(n, 0.6), step)


def loose(azimuth: Floats, share: float, rng: np.random.Generator) -> Bools:
    """Picks a share of strands that escape from a tie, most of them at temples and nape."""
    return np.asarray(
        rng.random(len(azimuth)) < share * np.interp(azimuth, [0, 45, 80, 130, 180], [0.5, 1.0, 1.6, 1.0, 1.6])
    )
