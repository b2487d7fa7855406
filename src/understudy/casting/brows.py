"""Eyebrows: short tapered hairs rooted on the brow, growing up at the inner end and outward along it."""

import numpy as np
from scipy.spatial import cKDTree

from understudy.casting import anatomy
from understudy.casting.anatomy import Eye
from understudy.casting.mesh import Carrier, Floats, Part, unit
from understudy.casting.recipe import Brows
from understudy.casting.ribbons import ribbons
from understudy.casting.surface import Surface

POINTS = 5


def make_brows(surface: Surface, carrier: Carrier, eyes: dict[str, Eye], look: Brows) -> tuple[Part, Floats]:
    """The mesh `brows`, and the roots of its hairs (n, 3) for painting under them."""
    rng = np.random.default_rng(look.seed)
    paths, roots, faces, thick = [], [], [], []
    for eye in eyes.values():
        path, root, normal, share = _grow(surface, eye, look, rng)
        paths.append(path)
        roots.append(root)
        faces.append(normal)
        thick.append(share)
    path, root, normal = np.concatenate(paths), np.concatenate(roots), np.concatenate(faces)
    thickness = look.width_mm * 1e-3 * np.concatenate(thick)[:, None] * (0.7 + 0.5 * rng.random((len(path), 1)))
    width = np.array([0.75, 1.0, 0.85, 0.55, 0.12]) * thickness
    part = ribbons("brows", "brow", path, width, np.broadcast_to(normal[:, None], path.shape), rng)
    part.normals = np.repeat(normal, POINTS * 2, 0)
    triangle = np.repeat(carrier.nearest(root), POINTS * 2)
    part.deltas = carrier.carry(part.positions, triangle)
    part.joints = carrier.skin_weights(triangle)
    part.uv = None
    return part, root


def _grow(surface: Surface, eye: Eye, look: Brows, rng: np.random.Generator) -> tuple[Floats, Floats, Floats, Floats]:
    """Paths, their roots and normals, and how thick each hair is against the others."""
    side = 1.0 if eye.centre[0] > 0 else -1.0
    n = look.hairs
    t = rng.random(3 * n) ** 0.95
    """0 at the inner end, 1 at the outer"""
    # the inner end thins out over a quarter of the brow
    t = t[rng.random(3 * n) < np.interp(t, [0, 0.05, 0.12, 0.24], [0.22, 0.42, 0.78, 1.0])][:n]
    across = -look.inner_mm + (look.inner_mm + look.outer_mm) * t
    across -= np.interp(t, [0, 0.10], [1.6, 0.0]) * rng.random(n)
    arch = look.height_mm + look.arch_mm * np.sin(np.clip(t / 0.66, 0, 1) * np.pi / 2)
    arch -= (look.arch_mm + 1.6) * np.clip((t - 0.64) / 0.36, 0, 1) ** 1.4
    thick = look.thickness_mm * np.interp(t, [0, 0.14, 0.45, 0.7, 1.0], [0.50, 0.92, 0.95, 0.62, 0.12])
    offset = rng.normal(size=n) * 0.30
    offset = np.clip(offset, -0.62, 0.62)
    xy = np.stack([eye.centre[0] + side * across * 1e-3, eye.centre[1] + (arch + offset * thick) * 1e-3], 1)
    root, normal = _on_face(surface, xy)
    angle = np.interp(t, [0.0, 0.08, 0.22, 0.5, 0.8, 1.0], [82, 66, 44, 24, 2, -20])
    angle = np.radians(angle - offset * np.interp(t, [0, 0.3, 1], [8, 30, 22]) * 1.6 + rng.normal(size=n) * 7)
    direction = np.stack([side * np.cos(angle), np.sin(angle), np.zeros(n)], 1)
    direction = unit(direction - normal * (direction * normal).sum(1, keepdims=True))
    length = np.interp(t, [0, 0.12, 0.5, 0.85, 1], [4.6, 6.6, 7.2, 5.6, 3.8]) * 1e-3 * (0.62 + 0.5 * rng.random(n))
    s = np.linspace(0, 1, POINTS)[None, :, None]
    lift = 0.20 * s - 0.20 * s**2
    turn = np.cross(normal, direction) * side * (-0.10 - 0.14 * rng.random((n, 1)))
    path = direction[:, None] * s + normal[:, None] * lift + turn[:, None] * s**2
    path = root[:, None] + path * length[:, None, None] + normal[:, None] * 0.0001
    return path, root, normal, np.interp(t, [0, 0.20], [0.62, 1.0])


def _on_face(surface: Surface, xy: Floats) -> tuple[Floats, Floats]:
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
