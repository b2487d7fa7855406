"""Eyelashes: ribbons rooted on the lid margins, carried by the lid through a blink."""

import numpy as np

from understudy.casting.anatomy import Eye
from understudy.casting.lids import find_margin, lid_edge
from understudy.casting.mesh import Carrier, Floats, Part, unit
from understudy.casting.recipe import Lashes
from understudy.casting.ribbons import ribbons
from understudy.casting.surface import Surface

POINTS = 6


def make_lashes(surface: Surface, carrier: Carrier, eyes: dict[str, Eye], look: Lashes) -> Part:
    """The mesh `lashes` of both eyes."""
    rng = np.random.default_rng(look.seed)
    paths, roots, widths = [], [], []
    for eye in eyes.values():
        margin = find_margin(surface, eye)
        for ids, count, upper in ((margin.upper, look.upper, True), (margin.lower, look.lower, False)):
            curve = lid_edge(surface, eye, ids, upper)
            path, root = _grow(curve, eye, count, look.length_mm * 1e-3, upper, rng)
            paths.append(path)
            roots.append(root)
            taper = np.array([1.0, 0.95, 0.8, 0.6, 0.38, 0.12]) * (1.0 if upper else 0.62)
            widths.append(taper * look.width_mm * 1e-3 * (0.8 + 0.4 * rng.random((count, 1))))
    path, root, width = np.concatenate(paths), np.concatenate(roots), np.concatenate(widths)
    facing = np.broadcast_to(unit(np.array([0.0, 0.45, 1.0])), path.shape)
    part = ribbons("lashes", "lash", path, width, facing, rng)
    owner = np.repeat(np.arange(len(root)), POINTS * 2)
    part.deltas = carrier.carry_whole(part.positions, root, owner, neighbours=16)
    part.joints = carrier.skin_weights(carrier.nearest(root))[owner]
    part.uv = None
    return part


def _grow(
    curve: Floats, eye: Eye, count: int, length_m: float, upper: bool, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Curled paths (count, POINTS, 3) along a margin from the inner to the outer corner, and their roots."""
    side = 1.0 if eye.centre[0] > 0 else -1.0
    low, high = (0.10, 0.985) if upper else (0.22, 0.95)
    u = low + (high - low) * (np.arange(count) + rng.random(count)) / count
    arc = np.r_[0, np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))]
    root = np.stack([np.interp(u * arc[-1], arc, curve[:, k]) for k in range(3)], 1)
    outward = unit(root - eye.centre)
    vertical = 1.0 if upper else -1.0
    root = root + outward * 0.00005
    root[:, 1] += vertical * rng.random(count) * 0.0004
    # neighbouring tips lean together, as lashes do
    cluster = np.floor(u * count / 3.2)
    lean = ((cluster + 0.5) * 3.2 / count - u) * 0.7 * rng.random(count) * arc[-1]
    fan = side * (np.interp(u, [0, 0.35, 0.7, 1.0], [-0.30, 0.0, 0.45, 0.95]))
    length = length_m * np.interp(u, [0, 0.25, 0.7, 0.92, 1], [0.5, 0.8, 1.0, 1.05, 0.8])
    length *= (0.72 + 0.36 * rng.random(count)) * (1.0 if upper else 0.52)
    t = np.linspace(0, 1, POINTS)[None, :, None]
    start = unit(np.stack([0.35 * fan, np.full(count, -0.10 * vertical if upper else -0.35), np.ones(count)], 1))
    rise = 1.25 if upper else -0.85
    end = unit(
        np.stack([0.9 * fan, np.full(count, rise), np.full(count, 0.55)], 1) + rng.normal(size=(count, 3)) * 0.07
    )
    bend = start[:, None] * (1 - t) + end[:, None] * t
    step = np.cumsum(np.concatenate([np.zeros((count, 1, 3)), bend[:, :-1] / (POINTS - 1)], 1), 1)
    path = root[:, None] + step * length[:, None, None]
    path[..., 0] += side * lean[:, None] * t[..., 0] ** 1.5
    return path, root
