"""Combs a head of hair by its style; hair that is parted and falls is combed here, with its fringe."""

import numpy as np

from understudy.casting.cropping import crop, stand
from understudy.casting.hairline import part_x
from understudy.casting.mesh import Floats, smoothstep, unit
from understudy.casting.recipe import Hair
from understudy.casting.ribbons import smooth_paths
from understudy.casting.scalp import Roots, Scalp
from understudy.casting.styles import Style
from understudy.casting.tying import tie
from understudy.casting.walking import AHEAD, UP, Combed, walk

SHOULDER_M = 0.118
"""Falling hair stays this near to the middle of the body."""


def comb(scalp: Scalp, roots: Roots, look: Hair, style: Style, rng: np.random.Generator) -> Combed:
    """Combs strands from these roots."""
    layer = (rng.permutation(len(roots)) + 0.5) / max(len(roots), 1)
    kind = {"fall": _fall, "tie": tie, "crop": crop, "stand": stand}[style.comb]
    made = kind(scalp, roots, look, style, layer, rng)
    if style.fringe > 0 and style.comb in ("fall", "tie"):
        _cut_fringe(scalp, roots, look, style, layer, rng, made)
    return made


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
        return np.asarray(0.0012 + full * rise * crown)

    away = np.where(behind[:, None] > 0.5, unit(p - scalp.hairline.crown), side[:, None] * np.array([1.0, 0, 0]))
    away = np.where(np.linalg.norm(p - scalp.hairline.crown, axis=1)[:, None] < 0.045, _whorl(scalp, p), away)
    ahead = smoothstep(centre[2] + 0.045, centre[2] + 0.085, p[:, 2])[:, None]
    first = roots.normals * (0.35 + 0.45 * at_part)[:, None] + 0.8 * away + ahead * (0.45 * UP - 0.75 * AHEAD)
    length = style.length_m + look.length_spread_m * 0.6
    path = walk(
        scalp, p, first, steps=int((length + 0.12) / 0.007), step_m=0.007, heading=heading, height=height,
        guard=lambda q: _off_face(scalp, q, side),
    )  # fmt: skip
    path = _close(scalp, path, style)
    return Combed(
        path, _to_hem(scalp, path, look, style, 0.007, rng), side * (1 - (behind > 0.5)), np.ones(len(p)), 0.007
    )


def _close(scalp: Scalp, path: Floats, style: Style) -> Floats:
    """Lays paths that stand far off the head nearer to it; hair that ends above the shoulders closes in on the jaw."""
    short = float(np.clip((0.27 - style.length_m) / 0.05, 0, 1))
    points = path.reshape(-1, 3).copy()
    for _ in range(2):
        over, out = scalp.solid.height(points)
        below = smoothstep(scalp.centre[1] + 0.02, scalp.centre[1] - 0.05, points[:, 1])
        most = 0.9 * style.volume_m + 0.001 + 0.007 * below
        share = 0.45 * (1 - (1 - short) * below) + 0.2 * short
        points -= out * (np.maximum(over - most, 0) * share)[:, None]
    return smooth_paths(points.reshape(path.shape), 3)


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
    return np.asarray(np.clip(length, 0.015, min(whole, style.length_m + 0.05)))


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
    # at its sides and behind, a fringe mingles with the hair that is combed away from it
    edge = smoothstep(15 + 32 * style.fringe, 7 + 26 * style.fringe, azimuth)
    edge = edge * smoothstep(0.026 + 0.018 * style.fringe, 0.012 + 0.014 * style.fringe, roots.above)
    chosen = np.flatnonzero(rng.random(len(roots)) < np.sqrt(edge) * (0.35 + 0.65 * style.fringe))
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
    made.length[chosen] = np.maximum(length - 0.011 * rng.random(len(p)) ** 1.5, 0.02)
    made.free[chosen] = 0.25
    made.side[chosen] = 2.0 + np.sign(p[:, 0])
