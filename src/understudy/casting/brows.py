"""Eyebrows: hundreds of fine tapered hairs, up at the inner end, outward along the arch, converging on its middle."""

import numpy as np
from scipy.spatial import cKDTree

from understudy.casting import anatomy
from understudy.casting.anatomy import Eye
from understudy.casting.follicles import groom, hairs
from understudy.casting.mesh import Bools, Carrier, Floats, Part, unit
from understudy.casting.recipe import Brows, Rgb
from understudy.casting.surface import Surface
from understudy.hub.groom import Groom

POINTS = 5
WHITE = np.array([0.78, 0.76, 0.72])
"""Linear RGB of a brow hair without pigment."""
DENSER = 1.35
"""Hairs for each of the recipe's `hairs`, which are counted as a brow pencil would draw them."""
THIN = 0.58
"""Mean width of a brow's hairs against the recipe's `width_mm`, which is that of the thickest."""


def make_brows(surface: Surface, carrier: Carrier, eyes: dict[str, Eye], look: Brows) -> tuple[Part, Groom]:
    """The mesh `brows` of both eyes, and the same hairs as a groom; its first points are for painting under them."""
    rng = np.random.default_rng(look.seed)
    sides = [_grow(surface, eye, look, rng) for eye in eyes.values()]
    path, normal, share = (np.concatenate([side[k] for side in sides]) for k in range(3))
    root = path[:, 0]
    thickness = look.width_mm * THIN * 1e-3 * (share * rng.uniform(0.55, 1.15, len(path)))[:, None]
    width = np.array([0.8, 1.0, 0.86, 0.52, 0.08]) * thickness
    tone = np.clip(rng.normal(0.45, 0.26, len(path)), 0, 0.97)
    white = rng.random(len(path)) < look.grey
    tone[white] = rng.uniform(0.86, 1.0, int(white.sum()))
    part = hairs("brows", "brow", path, width, np.broadcast_to(normal[:, None], path.shape), tone, rng)
    part.normals = np.repeat(normal, POINTS * 2, 0)
    if look.grey > 0:
        part.colour = np.repeat(tints(look, white), POINTS * 2, 0)
    triangle = carrier.nearest(root)
    rider = np.repeat(triangle, POINTS * 2)
    part.deltas = carrier.carry(part.positions, rider)
    part.joints = carrier.skin_weights(rider)
    strands = groom(
        "brows", surface, triangle, path, tone, look.width_mm * THIN * 1e-3, look.colour, look.grey, look.seed
    )
    return part, strands


def base_colour(look: Brows) -> Rgb:
    """The colour of the material `brow`, which hairs with pigment take a share of where there are white ones."""
    if look.grey <= 0:
        return look.colour
    r, g, b = (max(own, float(white)) for own, white in zip(look.colour, WHITE, strict=True))
    return r, g, b


def tints(look: Brows, white: Bools) -> Floats:
    """(n, 3) the colour of each hair over that of the material. white: (n,) those without pigment."""
    return np.asarray(np.where(white[:, None], WHITE, look.colour) / np.array(base_colour(look)))


def _grow(surface: Surface, eye: Eye, look: Brows, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Paths (n, POINTS, 3), normals at their roots, and how thick each hair is against the others."""
    side = 1.0 if eye.centre[0] > 0 else -1.0
    n = round(look.hairs * DENSER)
    t, offset = _scatter(n, rng)
    across = -look.inner_mm + (look.inner_mm + look.outer_mm) * t
    arch = look.height_mm + look.arch_mm * np.sin(np.clip(t / 0.70, 0, 1) * np.pi / 2) ** 1.25
    arch -= (look.arch_mm * 0.9 + 1.4) * np.clip((t - 0.66) / 0.34, 0, 1) ** 1.5
    thick = look.thickness_mm * np.interp(t, [0, 0.10, 0.30, 0.55, 0.80, 1.0], [0.74, 0.96, 1.0, 0.88, 0.62, 0.34])
    height = arch + offset * thick * 0.5
    height += np.interp(t, [0, 0.12], [-0.4, 0.0])
    xy = np.stack([eye.centre[0] + side * across * 1e-3, eye.centre[1] + height * 1e-3], 1)
    root, normal = on_face(surface, xy)
    # along the arch, hairs of the lower edge climb and those of the upper edge come down to meet them
    along = np.interp(t, [0.0, 0.06, 0.16, 0.32, 0.55, 0.78, 1.0], [94, 80, 56, 32, 16, -6, -26])
    meet = offset * np.interp(t, [0.0, 0.15, 0.4, 1.0], [6, 16, 24, 12])
    angle = np.radians(along - meet + rng.normal(size=n) * np.interp(t, [0, 0.3, 1], [9, 7, 5]))
    direction = _tangent(angle, side, normal)
    bent = _tangent(
        angle - np.radians(np.interp(t, [0, 0.2, 0.6, 1], [26, 24, 12, 8])) * rng.uniform(0.4, 1.3, n), side, normal
    )
    length = np.interp(t, [0, 0.10, 0.35, 0.7, 1], [5.2, 7.0, 7.6, 6.4, 4.4]) * 1e-3
    length *= rng.uniform(0.55, 1.05, n) * (1 - 0.22 * np.abs(offset)) * np.clip(look.thickness_mm / 6.0, 0.7, 1.15)
    s = np.linspace(0, 1, POINTS)[None, :, None]
    flat = direction[:, None] * (s - s**2 / 2) + bent[:, None] * s**2 / 2
    rise = normal[:, None] * (0.16 * s - 0.13 * s**2) * rng.uniform(0.6, 1.4, (n, 1, 1))
    path = root[:, None] + (flat + rise) * length[:, None, None] + normal[:, None] * 0.00004
    share = np.interp(t, [0, 0.18, 0.8, 1.0], [0.70, 1.0, 0.95, 0.72]) * (1 - 0.30 * np.abs(offset) ** 2)
    return path, normal, share


def _scatter(n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """t: (n,) 0 at the inner end .. 1 at the outer; offset: (n,) -1 at the lower edge .. 1 at the upper.

    Density falls softly at every edge: least at the inner end and along the top, most crisply below the arch.
    """
    t = rng.random(14 * n)
    offset = rng.uniform(-1.25, 1.25, 14 * n)
    dense = np.interp(t, [0, 0.05, 0.14, 0.28, 0.6, 0.85, 1.0], [0.10, 0.30, 0.70, 1.0, 1.0, 0.80, 0.34])
    # towards the outer end the same hairs stand on less skin
    dense *= np.interp(t, [0, 0.3, 0.55, 0.80, 1.0], [0.86, 1.0, 0.88, 0.60, 0.34])
    top, low = np.interp(t, [0, 0.2, 0.6, 1], [0.85, 0.72, 0.62, 0.6]), 0.62
    edge = np.where(offset > 0, np.exp(-((np.abs(offset) / top) ** 2.4)), np.exp(-((np.abs(offset) / low) ** 2.8)))
    kept = np.flatnonzero(rng.random(14 * n) < dense * edge)[:n]
    return t[kept], offset[kept]


def _tangent(angle: Floats, side: float, normal: Floats) -> Floats:
    """Unit directions in the skin at angles (radians) above the outward horizontal."""
    direction = np.stack([side * np.cos(angle), np.sin(angle), np.zeros(len(angle))], 1)
    return unit(direction - normal * (direction * normal).sum(1, keepdims=True))


def on_face(surface: Surface, xy: Floats) -> tuple[Floats, Floats]:
    """Points and normals of the front of the face under (n, 2) positions."""
    front = (surface.island == anatomy.HEAD) & (surface.normals[:, 2] > 0.12)
    front &= surface.positions[:, 2] > surface.positions[front, 2].max() - 0.09
    ids = np.flatnonzero(front)
    distance, nearest = cKDTree(surface.positions[ids, :2]).query(xy, k=6)
    weight = np.asarray(1 / (distance + 2e-4))[..., None]
    near = surface.positions[ids[nearest]]
    normal = surface.normals[ids[nearest]]
    # each neighbour's tangent plane gives a height; their mean is the surface
    rise = ((near[..., :2] - xy[:, None]) * normal[..., :2]).sum(-1) / normal[..., 2]
    depth = near[..., 2] + rise
    z = (depth * weight[..., 0]).sum(1) / weight[..., 0].sum(1)
    return np.c_[xy, z], unit((normal * weight).sum(1))
