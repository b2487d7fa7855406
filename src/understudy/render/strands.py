"""Single hairs: children grown between the guides of a groom, or the middle lines of what was made for real time.

A child is a mixture of a few guides of one lock near its root; children of a clump draw together towards their tips,
each keeps a little wave of its own, and some go astray. (Hair falls in nested clumps: Ward et al., "A Survey on Hair
Modeling", TVCG 2007.) Everything follows from the groom and its seed.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Mesh
from understudy.hub.groom import Groom

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_CLUMP = 9
"""Hairs of a clump, on average."""
_DEEPER = 1.3
"""The colour of a groom is that of a lit mass; light that goes through it from behind makes single hairs paler."""
_BLACK = 0.02
"""Mean colour below which hair is meant to be black: no light may find its way through it."""


@dataclass(frozen=True, eq=False)
class Strands:
    """points: (n, k, 3). radius: (n, k) metres. tint: (n, 3) linear colour. guide: (n,) the guide a hair is nearest."""

    points: Floats
    radius: Floats
    tint: Floats
    guide: Ints


def grow(groom: Groom, *, share: float = 1.0, thicker: float = 1.0, points: int = 0) -> Strands:
    """Returns the hairs of a groom. share: of its children that are grown, for pictures that could not show them all;

    thicker: factor on their width to make up for it. points: along a hair, 0 = as the guides have.
    """
    draw = np.random.default_rng(groom.seed + 7919)
    guides = groom.points if points == 0 else resampled(groom.points, points)
    count, along = guides.shape[:2]
    t = np.linspace(0, 1, along, dtype=np.float32)
    if groom.children:
        made, nearest = _children(groom, guides, max(1, round(groom.children * share)), draw, t)
    else:
        made, nearest = guides.astype(np.float32), np.arange(count)
    n = len(made)
    if groom.frizz_m > 0 and groom.children:
        made = made + _frizz(n, t, groom.frizz_m, draw)
    width = groom.width_m * thicker * (0.8 + 0.4 * draw.random(n, np.float32))
    slim = 1 - (1 - groom.taper) * t**2
    return Strands(made, (width[:, None] / 2 * slim).astype(np.float32), _tints(groom, nearest, draw), nearest)


def resampled(lines: Floats, points: int) -> Floats:
    """Returns (n, points, 3): each line with that many points, evenly along its parameter."""
    at = np.linspace(0, lines.shape[1] - 1, points)
    low = np.minimum(at.astype(int), lines.shape[1] - 2)
    part = (at - low).astype(np.float32)[None, :, None]
    return np.asarray(lines[:, low] * (1 - part) + lines[:, low + 1] * part, np.float32)


def _children(groom: Groom, guides: Floats, wanted: int, draw: np.random.Generator, t: Floats) -> tuple[Floats, Ints]:
    """Returns (wanted, k, 3) hairs and the guide of each.

    Roots are spread evenly over the skin between the guides; the form of a hair is that of the guides around its root
    which belong to the lock of the nearest one, so that a parting stays a line.
    """
    from scipy.spatial import cKDTree

    roots, forms = guides[:, 0], guides - guides[:, :1]
    tree = cKDTree(roots)
    placed = _spread(roots, tree, np.sort(draw.integers(0, len(roots), wanted)), draw)
    far, near = tree.query(placed, k=min(6, len(roots)))
    far, near = far.reshape(wanted, -1), near.reshape(wanted, -1)
    first = near[:, 0]
    same = groom.lock[near] == groom.lock[first][:, None]
    share = same * (0.4 + draw.random(near.shape)) / (far + 1e-3) ** 1.5
    share = (share / share.sum(1, keepdims=True)).astype(np.float32)
    made = placed[:, None] + np.einsum("nj,njkc->nkc", share, forms[near])
    way = draw.normal(0, 1, (wanted, 3)).astype(np.float32)
    way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6)
    stray = groom.spread_m * np.sqrt(draw.random(wanted, np.float32))
    made = made + (way * stray[:, None])[:, None] * (t**0.8)[None, :, None]
    # clumps: a hair leans on the nearest leader of its lock, the more the nearer the tip; one in twenty goes astray
    leaders = draw.choice(wanted, max(1, wanted // _CLUMP), replace=False)
    leader = leaders[cKDTree(placed[leaders]).query(placed)[1]]
    together = (groom.lock[first[leader]] == groom.lock[first]) & (draw.random(wanted) > 0.05)
    # coils stand in each other's way, and are cut to one outline
    loose = np.float32(1 - 0.8 * groom.curl**2)
    pull = loose * np.where(together, 0.2 + 0.5 * draw.random(wanted), 0.0).astype(np.float32)
    lean = (pull[:, None] * np.clip((t - 0.1) / 0.7, 0, 1)[None] ** 1.5)[..., None]
    made = made * (1 - lean) + (made[leader] + 0.25 * (made - made[leader])) * lean
    length = 1 - 0.22 * loose * draw.random(wanted, np.float32) ** 2
    return _cut(made.astype(np.float32), length), first


def _spread(roots: Floats, tree: Any, around: Ints, draw: np.random.Generator) -> Floats:
    """Returns (n, 3) places on the skin, each in a disc about a guide that reaches its third neighbour."""
    count = len(roots)
    far, near = tree.query(roots, k=min(9, count))
    far, near = far.reshape(count, -1), near.reshape(count, -1)
    reach = np.minimum(far[:, min(3, far.shape[1] - 1)], 0.012).astype(np.float32)
    beside = roots[near] - roots[near].mean(1, keepdims=True)
    _, _, axes = np.linalg.svd(beside, full_matrices=False)
    angle = 2 * np.pi * draw.random(len(around), np.float32)
    radius = 0.85 * reach[around] * np.sqrt(draw.random(len(around), np.float32))
    flat = axes[around, 0] * np.cos(angle)[:, None] + axes[around, 1] * np.sin(angle)[:, None]
    return np.asarray(roots[around] + flat * radius[:, None], np.float32)


def _cut(lines: Floats, length: Floats) -> Floats:
    """Returns each line shortened to a share of its length, with as many points."""
    along = lines.shape[1]
    at = np.linspace(0, 1, along, dtype=np.float32)[None] * length[:, None] * (along - 1)
    low = np.minimum(at.astype(int), along - 2)
    part = (at - low)[..., None]
    rows = np.arange(len(lines))[:, None]
    return np.asarray(lines[rows, low] * (1 - part) + lines[rows, low + 1] * part, np.float32)


def _frizz(count: int, t: Floats, amount_m: float, draw: np.random.Generator) -> Floats:
    """Returns (n, k, 3): three slow waves a hair, of random phase; one hair in thirty is unruly."""
    waves = 1.5 + 3.5 * draw.random((count, 1, 3), np.float32)
    phase = 2 * np.pi * draw.random((count, 1, 3), np.float32)
    unruly = np.where(draw.random(count) < 0.033, 4.0, 1.0) * (0.4 + 1.2 * draw.random(count) ** 2)
    rise = np.clip(t / 0.25, 0, 1)[None, :, None] * (0.5 + 0.5 * t[None, :, None])
    sway = np.sin(2 * np.pi * waves * t[None, :, None] + phase)
    return np.asarray(sway * rise * (amount_m * unruly)[:, None, None], np.float32)


def _tints(groom: Groom, nearest: Ints, draw: np.random.Generator) -> Floats:
    """Returns (n, 3): the colour of each hair. More pigment deepens it as thicker glass does: c becomes c^k.

    (Absorption grows with melanin, and the square of the logarithm of colour with absorption: Chiang et al. 2016,
    equation 9.) Some hairs carry none: they are grey.
    """
    count = len(nearest)
    colour = np.clip(np.asarray(groom.colour, np.float32), 0.002, 0.95)
    tone = groom.tone[nearest] - 0.5
    k = np.exp(-0.55 * tone + 0.10 * draw.standard_normal(count, np.float32))
    black = max(0.0, 1 - float(colour.mean()) / _BLACK)
    deeper = {"lashes": 1.6, "brows": 1.15}.get(groom.name, _DEEPER + 0.8 * black)
    tint = colour[None] ** (deeper * k[:, None].astype(np.float32))
    white = draw.random(count) < groom.grey
    tint[white] = np.array([0.62, 0.61, 0.58], np.float32) * (0.85 + 0.25 * draw.random((int(white.sum()), 1)))
    return np.asarray(np.clip(tint, 0.001, 0.95), np.float32)


def guides_of_cards(mesh: Mesh, *, points: int = 12) -> Groom:
    """Returns a groom whose guides run along the columns of hair cards; one card is one lock.

    Raises ValueError when the mesh does not say where along a strand its points lie.
    """
    from scipy import sparse

    if mesh.strand is None or mesh.uv is None:
        raise ValueError(f"the cards of '{mesh.name}' have no strands")
    count = len(mesh.positions)
    edges = mesh.triangles[:, [0, 1, 1, 2]].reshape(-1, 2)
    graph = sparse.csr_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), (count, count))
    _, card = sparse.csgraph.connected_components(graph, directed=False)
    column = np.stack([card, np.rint(mesh.uv[:, 0] * 20000).astype(np.int64)], 1)
    _, line = np.unique(column, axis=0, return_inverse=True)
    line = line.reshape(-1)
    order = np.lexsort((mesh.strand[:, 3], line))
    large = np.bincount(card)[card] > 5 * np.median(np.bincount(card))  # the cap under the cards is no strand
    starts = np.flatnonzero(np.r_[True, np.diff(line[order]) > 0])
    lines, locks, tones = [], [], []
    for start, end in zip(starts, [*starts[1:], count], strict=True):
        ids = order[start:end]
        if len(ids) < 3 or large[ids[0]]:
            continue
        t = mesh.strand[ids, 3]
        at = np.linspace(t[0], t[-1], points)
        lines.append(np.stack([np.interp(at, t, mesh.positions[ids, c]) for c in range(3)], 1))
        locks.append(card[ids[0]])
        tones.append(0.5 if mesh.seed is None else float(mesh.seed[ids[0]]))
    if not lines:
        raise ValueError(f"the cards of '{mesh.name}' have no columns")
    made = np.asarray(lines, np.float32)
    base = mesh.material.base_colour
    return Groom(
        name="hair",
        points=made,
        corners=np.zeros((len(made), 3), np.int32),
        bary=np.tile(np.array([1, 0, 0], np.float32), (len(made), 1)),
        lock=np.asarray(locks, np.int32),
        tone=np.asarray(tones, np.float32),
        colour=(base[0], base[1], base[2]),
        children=max(9000, 14 * len(made)),
        spread_m=0.0022,
        frizz_m=0.0006,
        width_m=0.00011,
    )


def middle_lines(mesh: Mesh) -> tuple[Ints, Ints] | None:
    """Returns (left, right) vertex ids (n, rows) of a mesh of ribbons, None where it is not made of even ones.

    Ribbons store left and right in turn, root first; the seed changes from one to the next.
    """
    if mesh.seed is None or mesh.strand is None:
        return None
    t = mesh.strand[:, 3]
    starts = np.flatnonzero(np.r_[True, (np.diff(t) < -0.2)])
    lengths = np.diff(np.r_[starts, len(t)])
    rows = int(np.median(lengths)) // 2
    kept = starts[lengths == 2 * rows]
    if rows < 2 or len(kept) < 0.8 * len(starts):
        return None
    left = kept[:, None] + 2 * np.arange(rows)[None]
    return left, left + 1


def thinned_for(px_per_m: float, width_m: float, *, least_px: float) -> tuple[float, float]:
    """Returns (share of hairs to grow, how much thicker each is) so that none is far thinner than a pixel."""
    thin = width_m * px_per_m / least_px
    thicker = float(np.clip(1 / max(thin, 1e-6), 1.0, 3.0))
    return 1.0 / thicker, thicker


def with_children(groom: Groom, most: int) -> Groom:
    """Returns the groom with no more than `most` children."""
    return groom if groom.children <= most else replace(groom, children=most)
