"""Hairstyles: how strands run from their roots, combed and kept off the body.

A strand steps along a direction field. On the skull the field leads away from the parting, back and down; below the
ears it leads to the strand's lane before or behind the shoulder, and then falls. After each step the strand is held
at its own height over the skin, and pushed out of the head, neck and clothes.
"""

from dataclasses import dataclass

import numpy as np

from understudy.casting.mesh import Floats, smoothstep, unit
from understudy.casting.recipe import Hair
from understudy.casting.ribbons import smooth_paths
from understudy.casting.scalp import Roots, Scalp, part_line

STEP_M = 0.007


def comb(scalp: Scalp, roots: Roots, look: Hair, layer: Floats, rng: np.random.Generator) -> Floats:
    """(n, steps, 3) paths. layer: (n,) 0 the lowest hair .. 1 the top of the volume."""
    if look.style == "long":
        return _long(scalp, roots, look, layer, rng)
    if look.style == "back":
        return _back(scalp, roots, look, layer, rng)
    return _short(scalp, roots, look, layer, rng)


@dataclass(frozen=True)
class Fall:
    """What parted, falling hair remembers of each strand: where it comes from and where it hangs."""

    side: Floats
    """(n,) 1 left of the parting, -1 right"""
    behind: Floats
    """(n,) 1 where hair falls straight down the back, whichever side of the parting it is from"""
    beside_part: Floats
    """(n,) 1 at the parting, fading within centimetres"""
    front: Floats
    """(n,) 1 over the forehead, 0 from the ears back"""
    height: Floats
    """(n,) metres over the skin"""
    lane_x: Floats
    lane_z: Floats
    """(n,) a strand's place beside the neck: over the collar bone, or down the back"""


def _long(scalp: Scalp, roots: Roots, look: Hair, layer: Floats, rng: np.random.Generator) -> Floats:
    """Parted and falling."""
    return fall_down(scalp, roots, look, _plan(scalp, roots, look, layer, rng))


def fall_down(scalp: Scalp, roots: Roots, look: Hair, fall: Fall) -> Floats:
    """(n, steps, 3) paths of strands that leave the parting, follow the skull and fall to their lanes."""
    p = roots.points.copy()
    away = np.stack(
        [
            fall.side * 0.8 * (1 - fall.behind),
            0.20 * fall.front * (1 - fall.beside_part),
            -0.55 * fall.front - 0.8 * fall.behind,
        ],
        1,
    )
    direction = unit(roots.normals * (0.25 + 0.30 * fall.beside_part)[:, None] + away)
    path = [p.copy()]
    for step in range(int((look.length_m + look.length_spread_m + 0.06) / STEP_M) + 2):
        ramp = np.minimum(1.0, (step + 1) / (5.0 - 2.0 * fall.beside_part))
        crown = 0.45 + 0.55 * smoothstep(scalp.top_m - 0.006, scalp.top_m - 0.06, p[:, 1])
        hold = fall.height * ramp * crown
        direction = unit(0.70 * direction + 0.30 * _heading(scalp, fall, p, hold))
        p = p + direction * STEP_M
        over, normal = scalp.height(p)
        p = p + normal * np.maximum(0, 0.0014 + 0.35 * hold - over)[:, None]
        p = _off_face(scalp, p, fall.side)
        path.append(p.copy())
    return smooth_paths(np.stack(path, 1), 4)


def _plan(scalp: Scalp, roots: Roots, look: Hair, layer: Floats, rng: np.random.Generator) -> Fall:
    p, centre = roots.points, scalp.hairline.centre
    offset = p[:, 0] - part_line(look, p, scalp)
    side = np.where(offset > 0, 1.0, -1.0)
    behind = smoothstep(centre[2] + 0.035, centre[2] - 0.070, p[:, 2])
    beside_part = np.exp(-np.abs(offset) / 0.045) * (1 - behind)
    azimuth = scalp.hairline.azimuth(p)
    before = (azimuth < 80) | ((azimuth < 112) & (rng.random(len(p)) < 0.45))
    rank = np.clip((p[:, 1] - centre[1]) / (scalp.top_m - centre[1]), 0, 1)
    volume = look.volume_mm * 1e-3
    spread = rng.random(len(p))
    around = np.sign(p[:, 0]) * np.sin(np.radians(azimuth))
    return Fall(
        side=side,
        behind=behind,
        beside_part=beside_part,
        front=np.clip((p[:, 2] - centre[2]) / 0.075, 0.0, 1.0),
        height=0.0012 + volume * layer * (0.15 + 0.85 * rank**0.8) * (0.75 + 0.35 * beside_part),
        lane_x=np.where(before, side * (0.062 + 0.040 * spread), (0.070 + 0.02 * spread) * around),
        lane_z=np.where(before, centre[2] + 0.052 - 0.060 * spread, scalp.back_m + 0.030 + 0.02 * spread),
    )


def _heading(scalp: Scalp, fall: Fall, p: Floats, hold: Floats) -> Floats:
    """(n, 3) where each strand wants to go: over the skull above the ears, to its lane below them."""
    top, centre = scalp.top_m, scalp.hairline.centre
    over, normal = scalp.height(p)
    on_skull = 1 / (1 + np.exp(-(p[:, 1] - (centre[1] - 0.012)) / 0.010))
    inward = np.clip(1 - np.abs(p[:, 0]) / 0.080, 0, 1)
    descent = np.clip((top - 0.012 - p[:, 1]) / 0.085, 0, 1)
    ahead = np.clip((p[:, 2] - centre[2] + 0.03) / 0.05, -0.3, 1)
    back = (0.22 + 0.62 * fall.front * (1 - 0.75 * descent)) * ahead
    sideways = fall.side * (0.18 + 1.10 * inward) * (1 - fall.behind) + 1.5 * fall.behind * p[:, 0]
    backwards = back * (1 - fall.behind) + 1.1 * fall.behind * (1 - descent)
    field = unit(np.stack([sideways, -(0.22 + 1.25 * descent), -backwards], 1))
    inwards = np.minimum((field * normal).sum(1), 0) * np.exp(-np.maximum(over - hold, 0) / 0.015)
    field -= normal * inwards[:, None]
    left = np.maximum(p[:, 1] - scalp.shoulder_m, 0.03)
    to_x, to_z = (fall.lane_x - p[:, 0]) * 0.8 / left, (fall.lane_z - p[:, 2]) * 0.8 / left
    down = np.stack([to_x, -np.ones(len(p)), to_z], 1)
    down[:, [0, 2]] = np.clip(down[:, [0, 2]], -0.55, 0.55)
    down[:, [0, 2]] *= np.where(p[:, 1] < scalp.shoulder_m, 0.2, 1.0)[:, None]
    goal = unit(field * on_skull[:, None] + unit(down) * (1 - on_skull)[:, None])
    correct = np.clip((hold - over) / 0.010, -0.5, 0.9)
    correct = np.where(on_skull > 0.3, correct, np.clip(correct, 0, 0.7))
    return unit(goal + normal * correct[:, None])


def _off_face(scalp: Scalp, p: Floats, side: Floats) -> Floats:
    """Keeps falling hair out of the face, no nearer to the middle than the cheeks, and outside the ears."""
    below = scalp.hairline.centre[1] - p[:, 1]
    limit = np.interp(
        below, [-0.060, -0.045, 0.0, 0.05, 0.09, 0.13, 0.16], [0, 0.052, 0.064, 0.061, 0.056, 0.047, 0.040]
    )
    ear = ((p[:, 1] - scalp.ear[1] + 0.012) / 0.048) ** 2 + ((p[:, 2] - scalp.ear[2] - 0.014) / 0.046) ** 2
    over_ear = (scalp.ear[0] + 0.0030) * np.exp(-(ear**2))
    inside = (p[:, 2] > scalp.hairline.centre[2] + 0.005) & (p[:, 0] * side < limit) & (below > -0.045) & (below < 0.17)
    p = p.copy()
    p[inside, 0] += (side * limit - p[:, 0])[inside] * 0.35
    hidden = p[:, 0] * side < over_ear
    p[hidden, 0] = (side * over_ear)[hidden]
    return p


def _back(scalp: Scalp, roots: Roots, look: Hair, layer: Floats, rng: np.random.Generator) -> Floats:
    """Combed back over the skull into a low knot at the nape."""
    n, count = len(roots.points), 26
    centre = scalp.hairline.centre
    knot = np.array([0.0, centre[1] - 0.028, scalp.back_m - 0.004])
    goal = knot + rng.normal(size=(n, 3)) * np.array([0.010, 0.009, 0.004])
    p = roots.points.copy()
    offset = p[:, 0] - part_line(look, p, scalp)
    side = np.where(offset > 0, 1.0, -1.0)
    front = np.clip((p[:, 2] - centre[2]) / 0.075, 0, 1)
    path = [p.copy()]
    for step in range(count):
        t = (step + 1) / count
        ahead = goal - p
        distance = np.linalg.norm(ahead, axis=1, keepdims=True)
        over, normal = scalp.height(p)
        want = ahead / np.maximum(distance, 1e-6)
        want = want + (front * (1 - t))[:, None] * np.stack([0.10 * side, 0.55 * np.ones(n), -0.7 * np.ones(n)], 1)
        want -= normal * (want * normal).sum(1, keepdims=True)
        p = p + unit(want) * distance / (count - step) * 1.12
        over, normal = scalp.height(p)
        hold = 0.0012 + layer * look.volume_mm * 1e-3 * min(1.0, 2.5 * t) * (0.5 + 0.5 * np.sin(np.pi * t))
        p = p + normal * ((hold - over) * np.where(over < hold, 1.0, 0.6))[:, None]
        path.append(p.copy())
    return smooth_paths(np.stack(path, 1), 3)


def _short(scalp: Scalp, roots: Roots, look: Hair, layer: Floats, rng: np.random.Generator) -> Floats:
    """Cropped: forward and across on the crown, down at the sides, longer on top."""
    p = roots.points.copy()
    n = len(p)
    centre = scalp.hairline.centre
    rank = smoothstep(centre[1] + 0.03, scalp.top_m - 0.015, p[:, 1])
    length = look.length_m * (0.30 + 0.70 * rank) * (0.75 + 0.5 * rng.random(n))
    steps = 9
    # neighbours lie alike; what differs is slow over the head, with a little disorder
    bend = np.stack([np.sin(90 * p[:, k - 1] + 70 * p[:, k] + 2 * k) for k in range(3)], 1)
    swirl = 0.16 * bend + rng.normal(size=(n, 3)) * 0.11
    lift = (0.35 + 0.55 * layer) * (0.25 + 0.75 * rank)
    # away from the whorl on the crown, and a little across towards the side without the parting
    whorl = centre + np.array([0.0, 0.094, -0.034])
    across = -np.sign(look.part_mm) * np.array([0.30, 0.0, 0.0])
    away = p - whorl
    away -= roots.normals * (away * roots.normals).sum(1, keepdims=True)
    near = np.exp(-((np.linalg.norm(away, axis=1, keepdims=True) / 0.02) ** 2))
    turn = np.cross(roots.normals, unit(away))
    # the fringe is brushed aside instead of down the forehead
    fringe = np.clip((p[:, 2] - centre[2]) / 0.06, 0, 1) * np.exp(-np.maximum(roots.above, 0) / 0.030)
    fringe = fringe[:, None]
    comb_to = unit(away) * (1 - 0.72 * fringe) + near * turn + across * (rank[:, None] + 2.4 * fringe) + swirl
    comb_to[:, 1] += 0.35 * fringe[:, 0]
    length *= 0.50 + 0.50 * smoothstep(0.0, 0.035, roots.above)
    direction = unit(roots.normals * (0.15 + 0.85 * lift)[:, None] + 0.6 * unit(comb_to))
    path = [p.copy()]
    for _ in range(steps):
        over, normal = scalp.height(p)
        goal = unit(comb_to)
        goal = unit(goal - normal * ((goal * normal).sum(1) * 0.9 - 0.45 * lift)[:, None])
        direction = unit(0.72 * direction + 0.28 * goal)
        p = p + direction * (length / steps)[:, None]
        over, normal = scalp.height(p)
        p = p + normal * np.maximum(0, 0.0010 + 0.002 * layer - over)[:, None]
        path.append(p.copy())
    return np.stack(path, 1)
