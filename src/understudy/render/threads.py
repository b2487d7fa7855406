"""Hair for the raster look: strands grown from a groom as lines one sample thick, over a dark under-coat of ribbons.

A strand costs a fraction of what a card with as much detail does, has no corners, frays at its ends as hair does, and
is the very strand that film draws. How many are drawn follows from how large the head is in the picture: as many as
cover it, since no line is thinner than a sample. The under-coat closes what would be seen through between them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES
from understudy.hub.body import Body, Mesh, Morph
from understudy.hub.groom import Groom
from understudy.hub.hair import alone, beside, depth, painted
from understudy.render.strands import grow, resampled

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

FIBRE, COAT = "fibre", "coat"
"""What `Figure` calls strands and their under-coat; materials are named so."""


@dataclass(frozen=True)
class Cut:
    """How a groom is drawn."""

    layers: float
    """how many strands lie over each other, on average, all round the head"""
    area_m2: float
    """of skin that it grows on"""
    least: int
    most: int
    coat: float
    """share of guides that are drawn broad and dark below the others"""
    coat_m: float
    """breadth of those"""


CUTS = {"hair": Cut(4.2, 0.055, 1500, 30000, 0.22, 0.0085), "beard": Cut(5.0, 0.012, 900, 14000, 0.0, 0.0)}
"""By the name of a groom; its cards have the same name."""
_SHORT_M = 0.05
"""Hair below this length has no under-coat: the skin is painted under it."""
_CURLED = 0.3
"""Hair that curls more is drawn with all points of its guides."""
_FOLD = 0.45
"""Cosine of the sharpest turn between two pieces of hair that does not curl."""
_ALONE = (6, 2.4)
"""A strand whose sixth neighbour is so many times as far as usual is left to the finer fly-aways."""
_HAIRS = 7
"""Hairs that a line stands for where they differ in colour."""
_WHITE = (0.40, 0.39, 0.37)
"""Linear colour of a mass of hair without pigment."""
_FALL_M = 0.15
"""Hair of this length covers twice the skin that it grows on."""
_SUNK_M = 0.0025
"""So far the under-coat lies under its guides."""
_STEP = 80.0
"""Samples along one straight piece of a strand, about, where it does not curl."""


@lru_cache(maxsize=2)
def with_strands(body: Body, samples_per_m: float) -> tuple[Mesh, ...]:
    """Returns the meshes of a body, cards replaced by strands wherever the body brings a groom for them."""
    grooms = {g.name: g for g in body.grooms if g.name in CUTS and len(g.points)}
    made: list[Mesh] = []
    for mesh in body.meshes:
        groom = grooms.get(mesh.name)
        if groom is None or not len(mesh.positions):
            made.append(mesh)
        else:
            made.extend(_of(body, mesh, groom, CUTS[groom.name], samples_per_m))
    return tuple(made)


def _of(body: Body, cards: Mesh, groom: Groom, cut: Cut, samples_per_m: float) -> Iterable[Mesh]:
    skin = next((m for m in body.meshes if m.name == "skin"), None)
    long_m = np.linalg.norm(np.diff(groom.points, axis=1), axis=2).sum(1)
    typical_m = float(np.median(long_m))
    if typical_m > _SHORT_M and cut.coat > 0:
        yield _under_coat(cards, groom, cut, long_m)
    covered_m2 = cut.area_m2 * (1 + typical_m / _FALL_M)
    wanted = cut.layers * (1 - 0.35 * groom.curl) * covered_m2 * samples_per_m / typical_m
    wanted = int(np.clip(wanted, cut.least, min(cut.most, max(groom.children, cut.least))))
    many, step_m = groom.points.shape[1], float(np.clip(_STEP / samples_per_m, 0.010, 0.040))
    points = many if groom.curl > _CURLED else int(np.clip(round(typical_m / step_m) + 2, 4, many))
    grown = grow(groom, share=min(1.0, wanted / max(groom.children, 1)), points=points)
    kept = np.flatnonzero(~alone(grown.points, *_ALONE) & ((groom.curl > _CURLED) | ~_folded(grown.points)))
    grown = replace(grown, points=grown.points[kept], guide=grown.guide[kept])
    tone = _tone(groom, grown.guide, np.random.default_rng(groom.seed + 11))
    shade = 1 - 0.50 * depth(grown.points)[:, None] * np.linspace(0.55, 1.0, points)[None]
    colour = tone[:, None] * shade[..., None]
    if skin is not None:
        # a strand is wider here than in life: at its root it takes on the skin, which is dark only where hair is dense
        colour[:, 0] = 0.45 * painted(skin, body, grown.points[:, 0]) + 0.55 * colour[:, 0]
    mesh = _mesh(FIBRE, cards, grown.points, colour.astype(np.float32))
    yield replace(mesh, morphs=_ridden(groom, grown.guide, points, skin))


def _under_coat(cards: Mesh, groom: Groom, cut: Cut, long_m: Floats) -> Mesh:
    """Broad dark ribbons along the innermost guides, somewhat shorter and deeper than the hair they carry."""
    deep = depth(groom.points)
    chosen = np.argsort(-deep + 0.6 * np.random.default_rng(groom.seed).random(len(deep)), kind="stable")
    chosen = np.sort(chosen[: max(40, round(cut.coat * len(deep)))])
    chosen = chosen[long_m[chosen] > 0.6 * _SHORT_M]
    points = max(6, min(14, groom.points.shape[1]))
    many = groom.points.shape[1]
    path = resampled(groom.points[chosen][:, round(0.12 * many) : max(3, round(0.82 * many))], points)
    out = beside(cards, path)[1]
    path = path - _SUNK_M * out
    along = np.gradient(path, axis=1)
    side = np.cross(along, out)
    side /= np.maximum(np.linalg.norm(side, axis=-1, keepdims=True), 1e-9)
    breadth = cut.coat_m / 2 * np.interp(np.linspace(0, 1, points), [0, 0.2, 0.6, 1], [0.2, 1, 0.9, 0.1])
    both = np.stack([path - side * breadth[None, :, None], path + side * breadth[None, :, None]], 2)
    colour = np.tile(np.asarray(groom.colour, np.float32) * 0.62, (len(chosen), points * 2, 1))
    flat = _mesh(COAT, cards, both.reshape(len(chosen), points * 2, 3).astype(np.float32), colour)
    t = np.repeat(np.linspace(0, 1, points, dtype=np.float32), 2)
    strand = flat.strand
    assert strand is not None
    strand[:, :3] = np.repeat(along.reshape(-1, 3), 2, 0)
    strand[:, 3] = np.tile(t, len(chosen))
    at = np.arange(len(chosen) * points * 2, dtype=np.int32).reshape(len(chosen), points, 2)
    a, b, c, d = at[:, :-1, 0], at[:, :-1, 1], at[:, 1:, 1], at[:, 1:, 0]
    return replace(flat, triangles=np.stack([a, b, c, a, c, d], -1).reshape(-1, 3))


def _mesh(name: str, cards: Mesh, lines: Floats, colour: Floats) -> Mesh:
    """Returns lines (n, k, 3) as a mesh that hangs on the joints the cards beside them hang on. colour: (n, k, 3)."""
    n, k, _ = lines.shape
    near, normals = beside(cards, lines)
    along = np.gradient(lines, axis=1)
    along /= np.maximum(np.linalg.norm(along, axis=-1, keepdims=True), 1e-9)
    t = np.broadcast_to(np.linspace(0, 1, k, dtype=np.float32)[None, :, None], (n, k, 1))
    seed = np.repeat((np.arange(n) * 0.61803399) % 1.0, k).astype(np.float32)
    pieces = np.arange(n * k, dtype=np.int32).reshape(n, k)
    return Mesh(
        name=cards.name,
        material=replace(cards.material, name=name, albedo=None, base_colour=(1.0, 1.0, 1.0, 1.0)),
        positions=lines.reshape(-1, 3),
        normals=normals.reshape(-1, 3),
        triangles=np.stack([pieces[:, :-1], pieces[:, 1:]], -1).reshape(-1, 2),
        joints=cards.joints[near],
        weights=cards.weights[near],
        morphs={},
        strand=np.concatenate([along, t], 2).reshape(-1, 4).astype(np.float32),
        seed=seed,
        colour=colour.reshape(-1, 3),
    )


def _tone(groom: Groom, guide: npt.NDArray[np.integer], draw: np.random.Generator) -> Floats:
    """Returns (n, 3) linear colour of each strand: lighter and darker ones, and grey ones among them."""
    tone = groom.tone[guide] - 0.5
    k = np.exp(0.50 * tone + 0.16 * draw.standard_normal(len(guide)))
    made = np.asarray(groom.colour, np.float32)[None] * k[:, None]
    if groom.grey > 0:
        # a line stands for several hairs, so that few are all white or all dark
        share = draw.binomial(_HAIRS, groom.grey, len(guide))[:, None] / _HAIRS
        made = made * (1 - share) + np.asarray(_WHITE, np.float32) * share * (0.9 + 0.2 * draw.random((len(guide), 1)))
    return np.asarray(made, np.float32)


def _ridden(groom: Groom, guide: npt.NDArray[np.integer], points: int, skin: Mesh | None) -> dict[str, Morph]:
    """Returns how strands of a beard ride the skin at their roots; hair of the head stays where it is."""
    if skin is None or groom.name == "hair":
        return {}
    corners, bary = groom.corners[guide], groom.bary[guide].astype(np.float32)
    made = {}
    for name in ARKIT_SHAPES:
        morph = skin.morphs.get(name)
        if morph is None:
            continue
        offset = np.zeros((len(skin.positions), 3), np.float32)
        offset[morph.vertices] = morph.positions
        moved = np.einsum("nj,njc->nc", bary, offset[corners])
        rows = np.flatnonzero(np.abs(moved).max(1) > 2e-5)
        if len(rows):
            vertices = (rows[:, None] * points + np.arange(points)[None]).reshape(-1).astype(np.int32)
            by = np.repeat(moved[rows], points, 0)
            made[name] = Morph(vertices, by, np.zeros_like(by))
    return made


def _folded(lines: Floats) -> npt.NDArray[np.bool_]:
    """Returns (n,) whether a strand turns sharply anywhere, as where it was pushed out of cloth."""
    step = np.diff(lines, axis=1)
    step /= np.maximum(np.linalg.norm(step, axis=2, keepdims=True), 1e-9)
    return np.asarray(((step[:, 1:] * step[:, :-1]).sum(2) < _FOLD).any(1))
