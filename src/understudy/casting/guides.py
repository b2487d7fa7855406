"""Guide strands: paths of hair from the scalp, combed by a style and kept off the body.

A strand steps along a direction field. On the skull the field leads away from the parting, back and down; below the
ears it leads to the strand's lane before or behind the shoulder, and then falls. After each step the strand is held
at its own height over the skin, and pushed out of the head, neck and clothes.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from understudy.casting import anatomy
from understudy.casting.anatomy import sample_mask
from understudy.casting.body import Body
from understudy.casting.hairline import Hairline
from understudy.casting.mesh import Bools, Floats, Ints, Part, smoothstep, unit
from understudy.casting.recipe import Hair
from understudy.casting.ribbons import smooth_paths
from understudy.casting.surface import Surface

STEP_M = 0.007


@dataclass
class Scalp:
    """What hair grows on and lies on."""

    points: Floats
    """(samples, 3) evenly over the scalp"""
    normals: Floats
    above: Floats
    """(samples,) metres over the hairline"""
    hairline: Hairline
    top_m: float
    back_m: float
    """z of the back of the head"""
    shoulder_m: float
    """height of the shoulders beside the neck"""
    chin_m: float
    ear: Floats
    """(3,) the outermost point of the left ear"""
    tree: cKDTree
    solid_points: Floats
    solid_normals: Floats

    def height(self, points: Floats) -> tuple[Floats, Floats]:
        """Signed distance to head, neck and clothes, and the outward direction there."""
        distance, near = self.tree.query(points, k=4)
        weight = np.asarray(1 / (distance + 1e-4))[..., None]
        weight /= weight.sum(1, keepdims=True)
        normal = unit((self.solid_normals[near] * weight).sum(1))
        return np.asarray(((points - (self.solid_points[near] * weight).sum(1)) * normal).sum(1)), normal


@dataclass(frozen=True)
class Roots:
    """Where strands start."""

    points: Floats
    normals: Floats
    above: Floats


def make_scalp(body: Body, surface: Surface, clothes: Part, hairline: Hairline, rng: np.random.Generator) -> Scalp:
    """Samples the scalp and the solid body under it. surface: two levels of subdivision."""
    ears = sample_mask(body, "ears", surface.original_uv) > 0.25
    head = surface.island == anatomy.HEAD
    points, normals = _sample(surface.positions, surface.normals, surface.triangles, head & ~ears, 60000, rng)
    lobe, lobe_normals = _sample(surface.positions, surface.normals, surface.triangles, head & ears, 4000, rng)
    # hair lies over an ear as over a bump, not in its folds
    lobe_normals = unit(0.3 * lobe_normals + np.sign(lobe[:, :1]) * np.array([0.9, 0.0, 0.0]))
    above = hairline.above(points)
    grown = above > -0.003
    torso = (surface.island == anatomy.TORSO) & (surface.positions[:, 1] > 1.0)
    neck, neck_normals = _sample(surface.positions, surface.normals, surface.triangles, torso, 15000, rng)
    upper = clothes.positions[:, 1] > clothes.positions[:, 1].max() - 0.42
    cloth, cloth_normals = _sample(clothes.positions, clothes.normals, clothes.triangles, upper, 30000, rng)
    axis = body.bone_heads[body.bones.index("neck01")] * np.array([1.0, 0.0, 1.0])
    outside = ((cloth - axis) * cloth_normals * np.array([1.0, 0.0, 1.0])).sum(1) > -0.01
    outside |= cloth_normals[:, 1] > 0.5
    cloth, cloth_normals = cloth[outside], cloth_normals[outside]
    solid = np.concatenate([points, lobe, neck, cloth])
    solid_normals = np.concatenate([normals, lobe_normals, neck_normals, cloth_normals])
    shoulder = cloth[(np.abs(np.abs(cloth[:, 0]) - 0.11) < 0.01), 1].max()
    face = surface.positions[head]
    front = face[(np.abs(face[:, 0]) < 0.01) & (face[:, 2] > face[:, 2].max() - 0.05)]
    return Scalp(
        points=points[grown],
        normals=normals[grown],
        above=above[grown],
        hairline=hairline,
        top_m=float(face[:, 1].max()),
        back_m=float(face[:, 2].min()),
        shoulder_m=float(shoulder),
        chin_m=float(front[:, 1].min()),
        ear=lobe[np.argmax(lobe[:, 0])],
        tree=cKDTree(solid),
        solid_points=solid,
        solid_normals=solid_normals,
    )


def pick_roots(scalp: Scalp, count: int, density: Floats, rng: np.random.Generator, *, even: int = 1) -> Roots:
    """`count` roots drawn with a density over the scalp's samples; of `even` candidates the loneliest is taken."""
    drawn = rng.choice(len(scalp.points), (count, even), p=density / density.sum())
    chosen = drawn[:, 0].copy()
    if even > 1:
        for row in range(1, count):
            offset = scalp.points[drawn[row]][:, None] - scalp.points[chosen[:row]][None]
            chosen[row] = drawn[row, np.argmax((offset**2).sum(-1).min(1))]
    return Roots(scalp.points[chosen], scalp.normals[chosen], scalp.above[chosen])


def part_line(look: Hair, points: Floats, scalp: Scalp) -> Floats:
    """x of the parting at each point: it runs back from the forehead and dies out on the crown."""
    z = points[:, 2] - scalp.hairline.centre[2]
    return np.asarray(look.part_mm * 1e-3 * np.clip(z / 0.09 + 0.45, 0.0, 1.0))


def comb(scalp: Scalp, roots: Roots, look: Hair, layer: Floats, rng: np.random.Generator) -> Floats:
    """(n, steps, 3) paths. layer: (n,) 0 the lowest hair .. 1 the top of the volume."""
    if look.style == "long":
        return _long(scalp, roots, look, layer, rng)
    if look.style == "back":
        return _back(scalp, roots, look, layer, rng)
    return _short(scalp, roots, look, layer, rng)


def _long(scalp: Scalp, roots: Roots, look: Hair, layer: Floats, rng: np.random.Generator) -> Floats:
    p = roots.points.copy()
    n = len(p)
    top, centre = scalp.top_m, scalp.hairline.centre
    eye_y = centre[1]
    offset = p[:, 0] - part_line(look, p, scalp)
    side = np.where(offset > 0, 1.0, -1.0)
    behind = smoothstep(centre[2] + 0.035, centre[2] - 0.070, p[:, 2])
    """1 where hair falls straight down the back, whichever side of the parting it is from"""
    beside_part = np.exp(-np.abs(offset) / 0.045) * (1 - behind)
    front = np.clip((p[:, 2] - centre[2]) / 0.075, 0.0, 1.0)
    azimuth = scalp.hairline.azimuth(p)
    before = (azimuth < 80) | ((azimuth < 112) & (rng.random(n) < 0.45))
    rank = np.clip((p[:, 1] - eye_y) / (top - eye_y), 0, 1)
    volume = look.volume_mm * 1e-3
    height = 0.0012 + volume * layer * (0.15 + 0.85 * rank**0.8) * (0.75 + 0.35 * beside_part)
    spread = rng.random(n)
    # a strand's place beside the neck: before the shoulder it hangs over the collar bone, behind it down the back
    around = np.sign(p[:, 0]) * np.sin(np.radians(azimuth))
    lane_x = np.where(before, side * (0.062 + 0.040 * spread), (0.070 + 0.02 * spread) * around)
    lane_z = np.where(before, centre[2] + 0.052 - 0.060 * spread, scalp.back_m + 0.030 + 0.02 * spread)
    ear_y = eye_y - 0.012
    direction = unit(
        roots.normals * (0.25 + 0.30 * beside_part)[:, None]
        + np.stack([side * 0.8 * (1 - behind), 0.20 * front * (1 - beside_part), -0.55 * front - 0.8 * behind], 1)
    )
    steps = int((look.length_m + look.length_spread_m + 0.06) / STEP_M) + 2
    path = [p.copy()]
    for step in range(steps):
        over, normal = scalp.height(p)
        ramp = np.minimum(1.0, (step + 1) / (5.0 - 2.0 * beside_part))
        hold = height * ramp * (0.45 + 0.55 * smoothstep(top - 0.006, top - 0.06, p[:, 1]))
        on_skull = 1 / (1 + np.exp(-(p[:, 1] - ear_y) / 0.010))
        inward = np.clip(1 - np.abs(p[:, 0]) / 0.080, 0, 1)
        descent = np.clip((top - 0.012 - p[:, 1]) / 0.085, 0, 1)
        back = (0.22 + 0.62 * front * (1 - 0.75 * descent)) * np.clip((p[:, 2] - centre[2] + 0.03) / 0.05, -0.3, 1)
        sideways = side * (0.18 + 1.10 * inward) * (1 - behind) + 1.5 * behind * p[:, 0]
        backwards = back * (1 - behind) + 1.1 * behind * (1 - descent)
        field = np.stack([sideways, -(0.22 + 1.25 * descent), -backwards], 1)
        field = unit(field)
        inwards = np.minimum((field * normal).sum(1), 0) * np.exp(-np.maximum(over - hold, 0) / 0.015)
        field -= normal * inwards[:, None]
        left = np.maximum(p[:, 1] - scalp.shoulder_m, 0.03)
        fall = np.stack([(lane_x - p[:, 0]) * 0.8 / left, -np.ones(n), (lane_z - p[:, 2]) * 0.8 / left], 1)
        fall[:, [0, 2]] = np.clip(fall[:, [0, 2]], -0.55, 0.55)
        fall[:, [0, 2]] *= np.where(p[:, 1] < scalp.shoulder_m, 0.2, 1.0)[:, None]
        goal = unit(field * on_skull[:, None] + unit(fall) * (1 - on_skull)[:, None])
        correct = np.clip((hold - over) / 0.010, -0.5, 0.9)
        correct = np.where(on_skull > 0.3, correct, np.clip(correct, 0, 0.7))
        goal = unit(goal + normal * correct[:, None])
        direction = unit(0.70 * direction + 0.30 * goal)
        p = p + direction * STEP_M
        over, normal = scalp.height(p)
        p = p + normal * np.maximum(0, 0.0014 + 0.35 * hold - over)[:, None]
        p = _off_face(scalp, p, side)
        path.append(p.copy())
    return smooth_paths(np.stack(path, 1), 4)


def _off_face(scalp: Scalp, p: Floats, side: Floats) -> Floats:
    """Keeps falling hair out of the face, no nearer to the middle than the cheeks, and outside the ears."""
    below = scalp.hairline.centre[1] - p[:, 1]
    limit = np.interp(
        below, [-0.060, -0.045, 0.0, 0.05, 0.09, 0.13, 0.16], [0, 0.052, 0.066, 0.066, 0.060, 0.050, 0.042]
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
        want = want + (front * (1 - t))[:, None] * np.stack([0.75 * side, 0.30 * np.ones(n), -0.5 * np.ones(n)], 1)
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
    length = look.length_m * (0.22 + 0.78 * rank) * (0.75 + 0.5 * rng.random(n))
    steps = 9
    front = np.clip((p[:, 2] - centre[2]) / 0.075, -1, 1)
    side = np.sign(look.part_mm) if look.part_mm else 1.0
    swirl = rng.normal(size=(n, 3)) * 0.20
    lift = (0.35 + 0.55 * layer) * (0.35 + 0.65 * rank)
    # combed over from the parting side, up and back at the forehead
    across = np.stack([np.full(n, -0.55 * side), 0.55 * np.clip(front, 0, 1), 0.35 - 0.75 * np.clip(front, 0, 1)], 1)
    down = np.stack([np.sign(p[:, 0]) * 0.05, -np.ones(n), -0.35 * np.ones(n)], 1)
    comb_to = across * rank[:, None] + down * (1 - rank)[:, None] + swirl
    direction = unit(roots.normals * (0.5 + 0.6 * lift)[:, None] + 0.6 * unit(comb_to))
    path = [p.copy()]
    for _ in range(steps):
        over, normal = scalp.height(p)
        goal = unit(comb_to)
        goal = unit(goal - normal * (goal * normal).sum(1, keepdims=True) * 0.9)
        direction = unit(0.72 * direction + 0.28 * goal)
        p = p + direction * (length / steps)[:, None]
        over, normal = scalp.height(p)
        p = p + normal * np.maximum(0, 0.0010 + 0.002 * layer - over)[:, None]
        path.append(p.copy())
    return np.stack(path, 1)


def _sample(
    positions: Floats, normals: Floats, triangles: Ints, inside: Bools, count: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Points spread evenly over the triangles whose corners are all inside."""
    t = triangles[inside[triangles].all(1)]
    a, b, c = (positions[t[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    chosen = t[rng.choice(len(t), count, p=area / area.sum())]
    bary = rng.dirichlet([1, 1, 1], count)[..., None]
    return (positions[chosen] * bary).sum(1), unit((normals[chosen] * bary).sum(1))
