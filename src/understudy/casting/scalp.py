"""The scalp: where hair roots, where it parts, and the body it must stay off."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from understudy.casting import anatomy
from understudy.casting.anatomy import sample_mask
from understudy.casting.body import Body
from understudy.casting.hairline import Hairline
from understudy.casting.mesh import Bools, Floats, Ints, Part, unit
from understudy.casting.recipe import Hair
from understudy.casting.surface import Surface


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
