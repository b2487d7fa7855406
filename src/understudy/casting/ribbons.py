"""Flat ribbons along curves: lashes, brow hairs, cards and single strands of hair."""

import numpy as np

from understudy.casting.mesh import Floats, Part, triangulate, unit


def ribbons(
    name: str,
    material: str,
    paths: Floats,
    widths: Floats,
    facing: Floats,
    rng: np.random.Generator,
    uv_span: tuple[Floats, Floats] | None = None,
    along: Floats | None = None,
) -> Part:
    """Makes one ribbon per path.

    paths: (n, k, 3) root to tip; widths: (n, k) metres; facing: (n, k, 3) the side that looks outward.
    uv_span: left and right u of each ribbon (n,); v runs from 0 at the root to 1 at the tip.
    along: (k,) how far along its path each row is, 0..1; evenly when left out.
    """
    n, k, _ = paths.shape
    tangent = unit(np.gradient(paths, axis=1))
    side = unit(np.cross(tangent, facing))
    left, right = paths - side * widths[..., None] / 2, paths + side * widths[..., None] / 2
    index = np.arange(n * k * 2).reshape(n, k, 2)
    quads = np.stack([index[:, :-1, 0], index[:, :-1, 1], index[:, 1:, 1], index[:, 1:, 0]], -1).reshape(-1, 4)
    along = np.linspace(0, 1, k) if along is None else along
    low, high = uv_span if uv_span is not None else (np.zeros(n), np.ones(n))
    u = np.broadcast_to(np.stack([low, high], 1)[:, None], (n, k, 2))
    v = np.broadcast_to(along[None, :, None], (n, k, 2))

    def both(value: Floats) -> Floats:
        return np.repeat(value[:, :, None], 2, 2).reshape(n * k * 2, -1)

    return Part(
        name=name,
        material=material,
        positions=np.stack([left, right], 2).reshape(-1, 3),
        normals=both(unit(np.cross(side, tangent))),
        triangles=triangulate(quads),
        uv=np.stack([u, v], -1).reshape(-1, 2),
        strand=np.c_[both(tangent), both(np.broadcast_to(along[None, :, None], (n, k, 1)))],
        seed=np.repeat(rng.random(n), k * 2),
    )


def resample(paths: Floats, length_m: Floats, count: int, ease: float = 1.0) -> Floats:
    """(n, count, 3) points along the first `length_m` (n,) of each path (n, m, 3).

    ease: 1 spaces them evenly, more puts them closer at the root, where strands turn most: at (i / count) ** ease.
    """
    step = np.linalg.norm(np.diff(paths, axis=1), axis=2)
    reached = np.concatenate([np.zeros((len(paths), 1)), np.cumsum(step, 1)], 1)
    wanted = np.linspace(0, 1, count)[None] ** ease * np.minimum(length_m, reached[:, -1])[:, None]
    rows = np.arange(len(paths))[:, None]
    index = np.array([np.searchsorted(r, w, side="right") for r, w in zip(reached, wanted, strict=True)]) - 1
    index = np.clip(index, 0, paths.shape[1] - 2)
    part = ((wanted - reached[rows, index]) / np.maximum(step[rows, index], 1e-9))[..., None]
    return np.asarray(paths[rows, index] * (1 - part) + paths[rows, index + 1] * part)


def smooth_paths(paths: Floats, times: int) -> Floats:
    """Relaxes the inner points of each path towards the middle of their neighbours."""
    result = paths.copy()
    for _ in range(times):
        result[:, 1:-1] = 0.5 * result[:, 1:-1] + 0.25 * (result[:, :-2] + result[:, 2:])
    return result
