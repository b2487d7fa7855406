"""Hair combed back to a tie; what is behind it hangs as a tail, or is wound into a bun."""

import numpy as np

from understudy.casting.mesh import Floats, smoothstep, unit
from understudy.casting.recipe import Hair
from understudy.casting.ribbons import resample
from understudy.casting.scalp import Roots, Scalp
from understudy.casting.styles import Style
from understudy.casting.walking import UP, Combed, walk


def tie(scalp: Scalp, roots: Roots, look: Hair, style: Style, layer: Floats, rng: np.random.Generator) -> Combed:
    """Combed back to a tie; what is behind it hangs as a tail, or is wound into a bun."""
    p, centre, step = roots.points, scalp.centre, 0.007
    bun = style.knot
    tie = np.array([0.0, centre[1] + (0.012 if bun else 0.045), scalp.back_m - 0.001])
    over, out = scalp.solid.height(tie[None])
    tie = tie + out[0] * (0.010 - over[0])
    outward = unit(out[0] + np.array([0.0, 0.25, 0.0]))
    if bun:
        scalp.knot = tie + 0.006 * outward
    front = np.clip((p[:, 2] - centre[2]) / 0.075, 0, 1)
    angle, radius = rng.random(len(p)) * 2 * np.pi, 0.0085 * np.sqrt(layer)
    beside = unit(np.cross(UP, outward)[None])[0]
    above = np.cross(outward, beside)
    ring = radius[:, None] * (np.cos(angle)[:, None] * beside + np.sin(angle)[:, None] * above)
    goal = tie + ring

    def heading(arc: float, q: Floats, over: Floats, out: Floats) -> Floats:
        to = unit(goal - q)
        lift = (front * max(0.0, 1 - arc / 0.035))[:, None] * np.array([0.0, 0.55, 0.1])
        return np.asarray(to + lift)

    def height(arc: float, q: Floats) -> Floats:
        return 0.0010 + style.volume_m * min(1.0, arc / 0.030) * (0.15 + 0.85 * layer)

    reach = 0.31
    path = walk(
        scalp, p, roots.normals * 0.25 + unit(goal - p), steps=int(reach / step), step_m=step, heading=heading,
        height=height, bend=0.42, hold=0.9,
    )  # fmt: skip
    near = np.linalg.norm(path - goal[:, None], axis=2)
    arrive = np.argmax(near < 0.010, axis=1)
    arrive = np.maximum(np.where(near.min(1) < 0.010, arrive, near.argmin(1)), 1)
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
        return np.asarray(hang + np.clip(spread * 14, -0.4, 0.4) * drop)

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
    size = 0.025 + 0.0105 * np.sqrt(layer)[:, None]
    ball = smoothstep(0.0, 0.22, t) * size
    x, y, z = ball * np.cos(turn) * np.cos(tilt) * 1.12, ball * np.sin(turn) * np.cos(tilt), 0.75 * ball * np.sin(tilt)
    shape = x[..., None] * beside + y[..., None] * above + z[..., None] * outward
    return np.asarray(tie + outward * 0.006 + shape)
