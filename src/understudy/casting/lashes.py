"""Eyelashes: curved hairs in small clumps on the edge of each lid, carried by it through a blink."""

import numpy as np
from scipy.spatial import cKDTree

from understudy.casting import anatomy
from understudy.casting.anatomy import Eye
from understudy.casting.follicles import curve, groom, hairs
from understudy.casting.lids import find_margin, lid_edge
from understudy.casting.mesh import Carrier, Floats, Ints, Part, unit
from understudy.casting.recipe import Lashes
from understudy.casting.surface import Surface
from understudy.hub.groom import Groom

POINTS = 7
TURNING = 0.45
"""How much of the turn of a lid its lashes follow: a straight-line blend turns the skin farther than a lid turns."""
PER_CLUMP = {True: 3.6, False: 2.4}
"""Hairs whose tips lean together, on the upper and on the lower lid."""


def make_lashes(surface: Surface, carrier: Carrier, eyes: dict[str, Eye], look: Lashes) -> tuple[Part, Groom]:
    """The mesh `lashes` of both eyes, and the same hairs as a groom."""
    rng = np.random.default_rng(look.seed)
    paths, widths, deltas, ridden = [], [], [], []
    for eye in eyes.values():
        margin = find_margin(surface, eye)
        for ids, count, upper in ((margin.upper, look.upper, True), (margin.lower, look.lower, False)):
            edge = lid_edge(surface, eye, ids, upper)
            path, width = _grow(edge, eye, count, look, upper, rng)
            skin = _lid_skin(surface, eye, edge, upper)
            paths.append(path)
            widths.append(width)
            deltas.append(_ride(surface, carrier, skin, path))
            ridden.append(carrier.nearest(path[:, 0]))
    path, width, triangle = np.concatenate(paths), np.concatenate(widths), np.concatenate(ridden)
    tone = np.clip(rng.normal(0.42, 0.16, len(path)), 0, 1)
    facing = np.broadcast_to(unit(np.array([0.0, 0.45, 1.0])), path.shape)
    part = hairs("lashes", "lash", path, width, facing, tone, rng)
    part.deltas = np.concatenate(deltas, 1)
    part.joints = carrier.skin_weights(triangle)[np.repeat(np.arange(len(path)), POINTS * 2)]
    strands = groom("lashes", surface, triangle, path, tone, look.width_mm * 0.75e-3, look.colour, 0.0, look.seed)
    return part, strands


def _grow(
    edge: Floats, eye: Eye, count: int, look: Lashes, upper: bool, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Paths (count, POINTS, 3) along a lid's edge from the inner to the outer corner, and widths (count, POINTS)."""
    side = 1.0 if eye.centre[0] > 0 else -1.0
    vertical = 1.0 if upper else -1.0
    low, high = (0.09, 0.985) if upper else (0.20, 0.96)
    u = (np.arange(count) + rng.random(count)) / count
    # denser towards the outer corner
    u = low + (high - low) * u**0.92
    arc = np.r_[0, np.cumsum(np.linalg.norm(np.diff(edge, axis=0), axis=1))]
    root = np.stack([np.interp(u * arc[-1], arc, edge[:, k]) for k in range(3)], 1)
    out = unit(root - eye.centre)
    # two or three uneven rows
    row = rng.random(count)
    root = root + out * (0.00016 + 0.0001 * row)[:, None]
    root[:, 1] += vertical * (row - 0.75) * (0.0007 if upper else 0.0003)
    clump = np.floor(u * count / PER_CLUMP[upper] + rng.random(count) * 0.5)
    middle = (clump + 0.5) * PER_CLUMP[upper] / count
    of_clump = rng.normal(size=(int(clump.max()) + 2, 4))[clump.astype(int)]
    length = look.length_mm * 1e-3 * np.interp(u, [0, 0.2, 0.5, 0.8, 0.93, 1], [0.42, 0.66, 0.90, 1.08, 1.0, 0.72])
    length *= (0.94 + 0.10 * of_clump[:, 0]).clip(0.66, 1.14) * rng.uniform(0.74, 1.06, count)
    length *= 1.0 if upper else 0.46
    fan = np.interp(u, [0, 0.3, 0.55, 0.8, 1.0], [-0.42, -0.12, 0.10, 0.55, 1.0]) + 0.10 * of_clump[:, 1]
    stray = rng.normal(size=(count, 3)) * (0.10 if upper else 0.16)
    if upper:
        start = np.stack([side * 0.55 * fan, np.full(count, -0.45), np.ones(count)], 1)
        lift = 1.18 + 0.16 * of_clump[:, 2]
        end = np.stack([side * 0.95 * fan, lift, np.full(count, 0.22)], 1)
    else:
        start = np.stack([side * 0.30 * fan, np.full(count, -0.35), np.ones(count)], 1)
        end = np.stack([side * 0.75 * fan, np.full(count, -1.0), np.full(count, 0.62)], 1)
    path = curve(root, unit(start), unit(end + stray), length, POINTS)
    s = np.linspace(0, 1, POINTS)
    lean = (middle - u) * arc[-1] * 0.80
    path[..., 0] += side * lean[:, None] * s**1.6
    taper = np.interp(s, [0, 0.15, 0.5, 0.8, 1.0], [0.9, 1.0, 0.72, 0.36, 0.06])
    width = taper * look.width_mm * 1e-3 * rng.uniform(0.7, 1.15, (count, 1)) * (1.0 if upper else 0.62)
    return path, width


def _lid_skin(surface: Surface, eye: Eye, edge: Floats, upper: bool) -> Ints:
    """Vertices of the outer skin of one lid alone, so that no lash listens to the other lid."""
    near = np.flatnonzero(
        (surface.island == anatomy.HEAD) & (np.linalg.norm(surface.positions - eye.centre, axis=1) < 0.03)
    )
    p = surface.positions[near]
    reach = np.abs(edge[:, 0])
    order = np.argsort(reach)
    over = p[:, 1] - np.interp(np.abs(p[:, 0]), reach[order], edge[order, 1])
    mine = (over > -0.0007) & (over < 0.0045) if upper else (over < 0.0007) & (over > -0.0045)
    return np.asarray(near[mine & (p[:, 2] > eye.centre[2])])


def _ride(surface: Surface, carrier: Carrier, skin: Ints, path: Floats) -> Floats:
    """(52, n * POINTS * 2, 3): every hair moves whole with the lid skin about its root; twice for its two edges."""
    owner = np.repeat(np.arange(len(path)), POINTS * 2)
    points = np.repeat(path.reshape(-1, 3), 2, 0)
    deltas = carrier.carry_whole(points, path[:, 0], owner, neighbours=10, among=skin, turning=TURNING)
    # the turn comes from a patch of lid; where the root goes, from the skin right beside it
    found, near = cKDTree(surface.positions[skin]).query(path[:, 0], k=3)
    weight = 1 / (np.asarray(found) + 1e-4) ** 2
    weight /= weight.sum(1, keepdims=True)
    wanted = np.einsum("nk,snkj->snj", weight, surface.deltas[:, skin[near]])
    first = np.arange(len(path)) * POINTS * 2
    off = wanted - (deltas[:, first] + deltas[:, first + 1]) / 2
    return np.asarray(deltas + off[:, owner])
