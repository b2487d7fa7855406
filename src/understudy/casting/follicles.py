"""Short hairs on the face, strand by strand: ribbons that are drawn and a groom for film, from one source."""

import numpy as np

from understudy.casting.mesh import Floats, Ints, Part, unit
from understudy.casting.ribbons import ribbons
from understudy.casting.surface import Surface
from understudy.hub.groom import Groom

GREY = np.array([0.34, 0.33, 0.32])
"""Linear RGB of a hair without pigment."""


def hairs(
    name: str,
    material: str,
    paths: Floats,
    widths: Floats,
    facing: Floats,
    tone: Floats,
    rng: np.random.Generator,
) -> Part:
    """The mesh of single hairs. paths: (n, k, 3) root first; widths: (n, k) metres; tone: (n,) 0 dark .. 1 light.

    Ribbons come in left, right pairs; `_SEED` carries the tone, so that hairs of one brow differ.
    """
    part = ribbons(name, material, paths, widths, facing, rng)
    part.uv = None
    part.seed = np.repeat(tone, paths.shape[1] * 2)
    return part


def groom(
    name: str,
    surface: Surface,
    triangle: Ints,
    paths: Floats,
    tone: Floats,
    width_m: float,
    colour: tuple[float, float, float],
    grey: float,
    seed: int,
) -> Groom:
    """The same hairs as a groom that grows no children. triangle: (n,) of the skin, under each root."""
    corners = surface.triangles[triangle]
    a, b, c = (surface.positions[corners[:, k]] for k in range(3))
    return Groom(
        name=name,
        points=paths.astype(np.float32),
        corners=corners.astype(np.int32),
        bary=barycentric(paths[:, 0], a, b, c).astype(np.float32),
        lock=np.arange(len(paths), dtype=np.int32),
        tone=tone.astype(np.float32),
        width_m=width_m,
        taper=0.12,
        colour=colour,
        grey=grey,
        children=0,
        spread_m=0.0,
        frizz_m=0.0,
        seed=seed,
    )


def barycentric(points: Floats, a: Floats, b: Floats, c: Floats) -> Floats:
    """(n, 3) weights, none negative, of the point of each triangle nearest in its plane."""
    ab, ac, ap = b - a, c - a, points - a
    d00, d01, d11 = (ab * ab).sum(1), (ab * ac).sum(1), (ac * ac).sum(1)
    d20, d21 = (ap * ab).sum(1), (ap * ac).sum(1)
    scale = np.maximum(d00 * d11 - d01 * d01, 1e-18)
    v, w = (d11 * d20 - d01 * d21) / scale, (d00 * d21 - d01 * d20) / scale
    weights = np.clip(np.stack([1 - v - w, v, w], 1), 0, None)
    return np.asarray(weights / weights.sum(1, keepdims=True))


def curve(root: Floats, start: Floats, end: Floats, length_m: Floats, points: int) -> Floats:
    """(n, points, 3) paths whose direction turns evenly from `start` (n, 3) to `end`; length_m: (n,)."""
    t = np.linspace(0, 1, points - 1)[None, :, None]
    step = unit(start[:, None] * (1 - t) + end[:, None] * t) / (points - 1)
    path = np.cumsum(np.concatenate([np.zeros((len(root), 1, 3)), step], 1), 1)
    return np.asarray(root[:, None] + path * length_m[:, None, None])
