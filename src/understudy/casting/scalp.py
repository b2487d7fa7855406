"""The scalp: where hair roots, where it parts, and the body it must stay off."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from understudy.casting import anatomy
from understudy.casting.anatomy import sample_mask
from understudy.casting.body import Body
from understudy.casting.hairline import Hairline
from understudy.casting.mesh import Bools, Floats, Ints, Part, unit
from understudy.casting.solid import Solid, make_solid
from understudy.casting.surface import Surface


@dataclass
class Roots:
    """Places on the skin where strands start."""

    points: Floats
    normals: Floats
    above: Floats
    """(n,) metres inside the hairline"""
    corners: Ints
    """(n, 3) vertices of the mesh `skin`"""
    bary: Floats

    def __getitem__(self, ids: Ints) -> "Roots":
        return Roots(self.points[ids], self.normals[ids], self.above[ids], self.corners[ids], self.bary[ids])

    def __len__(self) -> int:
        return len(self.points)


@dataclass
class Scalp:
    """What hair grows on and lies on."""

    roots: Roots
    """many, evenly over the head; those far below the hairline are left out"""
    density: Floats
    """(roots,) of a full head of hair"""
    hairline: Hairline
    solid: Solid
    top_m: float
    back_m: float
    """z of the back of the head"""
    shoulder_m: float
    """height of the shoulders beside the neck"""
    chin_m: float
    ear: Floats
    """(3,) the outermost point of the left ear"""
    knot: Floats | None = None
    """(3,) the middle of a bun"""

    @property
    def centre(self) -> Floats:
        """(3,) middle of the head at eye height."""
        return self.hairline.centre


def make_scalp(
    body: Body, shipped: Surface, fine: Surface, clothes: Part, hairline: Hairline, rng: np.random.Generator
) -> Scalp:
    """Samples the scalp and the solid body under it. shipped: the mesh `skin`; fine: one level finer."""
    ears = sample_mask(body, "ears", shipped.original_uv) > 0.25
    head = shipped.island == anatomy.HEAD
    roots = sample_roots(shipped, head & ~ears & (shipped.positions[:, 1] > hairline.centre[1] - 0.10), 90000, rng)
    roots.above = hairline.above(roots.points)
    roots = roots[np.flatnonzero(roots.above > -0.008)]
    solid, lobe, shoulder = _solid(body, fine, clothes, rng)
    face = fine.positions[fine.island == anatomy.HEAD]
    front = face[(np.abs(face[:, 0]) < 0.01) & (face[:, 2] > face[:, 2].max() - 0.05)]
    return Scalp(
        roots=roots,
        density=hairline.density(roots.points, roots.above),
        hairline=hairline,
        solid=solid,
        top_m=float(face[:, 1].max()),
        back_m=float(face[:, 2].min()),
        shoulder_m=shoulder,
        chin_m=float(front[:, 1].min()),
        ear=lobe[np.argmax(lobe[:, 0])],
    )


def sample_roots(surface: Surface, inside: Bools, count: int, rng: np.random.Generator) -> Roots:
    """Places spread evenly over the triangles of a surface whose corners are all inside; `above` is 0."""
    triangles = surface.triangles[inside[surface.triangles].all(1)]
    a, b, c = (surface.positions[triangles[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    corners = triangles[rng.choice(len(triangles), count, p=area / area.sum())]
    bary = rng.dirichlet([1, 1, 1], count)
    points = (surface.positions[corners] * bary[..., None]).sum(1)
    normals = unit((surface.normals[corners] * bary[..., None]).sum(1))
    return Roots(points, normals, np.zeros(count), corners, bary)


def spread(roots: Roots, density: Floats, count: int, rng: np.random.Generator, rounds: int = 5) -> Ints:
    """`count` ids of roots, evenly spaced for their density (Lloyd, "Least squares quantization in PCM", 1982)."""
    share = np.maximum(density, 0.0)
    chosen = rng.choice(len(roots), min(count, int((share > 0).sum())), replace=False, p=share / share.sum())
    tree = cKDTree(roots.points)
    for _ in range(rounds):
        owner = np.asarray(cKDTree(roots.points[chosen]).query(roots.points)[1])
        total = np.bincount(owner, share, len(chosen))
        middle = np.stack(
            [np.bincount(owner, share * roots.points[:, k], len(chosen)) / np.maximum(total, 1e-9) for k in range(3)], 1
        )
        moved = np.asarray(tree.query(np.where(total[:, None] > 1e-6, middle, roots.points[chosen]))[1])
        fresh, first = np.unique(moved, return_index=True)
        chosen = np.concatenate(
            [moved[np.sort(first)], rng.choice(len(roots), len(chosen) - len(fresh), p=share / share.sum())]
        )
    return np.unique(chosen)


def _solid(body: Body, fine: Surface, clothes: Part, rng: np.random.Generator) -> tuple[Solid, Floats, float]:
    """The field of head, neck and clothes; the left ear (n, 3); the height of the shoulders."""
    ears = sample_mask(body, "ears", fine.original_uv) > 0.25
    head = fine.island == anatomy.HEAD
    skull = sample_roots(fine, head & ~ears, 50000, rng)
    lobe = sample_roots(fine, head & ears, 5000, rng)
    # hair lies over an ear as over a bump, not in its folds
    bump = unit(0.3 * lobe.normals + np.sign(lobe.points[:, :1]) * np.array([0.9, 0.0, 0.0]))
    torso = (fine.island == anatomy.TORSO) & (fine.positions[:, 1] > 1.0)
    neck = sample_roots(fine, torso, 15000, rng)
    cloth, facing = _cloth(body, clothes, rng)
    points = np.concatenate([skull.points, lobe.points, neck.points, cloth])
    normals = np.concatenate([skull.normals, bump, neck.normals, facing])
    top = skull.points.max(0)
    low = np.array([-0.25, top[1] - 0.62, skull.points[:, 2].min() - 0.13])
    high = np.array([0.25, top[1] + 0.16, top[2] + 0.11])
    shoulder = cloth[(np.abs(np.abs(cloth[:, 0]) - 0.11) < 0.01), 1].max()
    return make_solid(points, normals, low, high, float(shoulder) + 0.05), lobe.points, float(shoulder)


def _cloth(body: Body, clothes: Part, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Points on the outside of the upper clothes, with their normals."""
    inside = clothes.positions[:, 1] > clothes.positions[:, 1].max() - 0.42
    triangles = clothes.triangles[inside[clothes.triangles].all(1)]
    a, b, c = (clothes.positions[triangles[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    corners = triangles[rng.choice(len(triangles), 30000, p=area / area.sum())]
    bary = rng.dirichlet([1, 1, 1], 30000)[..., None]
    points = (clothes.positions[corners] * bary).sum(1)
    normals = unit((clothes.normals[corners] * bary).sum(1))
    axis = body.bone_heads[body.bones.index("neck01")] * np.array([1.0, 0.0, 1.0])
    flat = np.array([1.0, 0.0, 1.0])
    outside = ((points - axis) * normals * flat).sum(1) > -0.01
    outside |= normals[:, 1] > 0.5
    return points[outside], normals[outside]
