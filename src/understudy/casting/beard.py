"""Beards: strands on jaw, chin and upper lip that ride the face, cut into cards and single hairs."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree

from understudy.casting.anatomy import Anatomy
from understudy.casting.body import Body
from understudy.casting.canvas import Canvas, vertices_of
from understudy.casting.cards import COATS
from understudy.casting.hair import HeadOfHair
from understudy.casting.hairline import Hairline
from understudy.casting.mesh import Carrier, Floats, Ints, Part, smoothstep, unit
from understudy.casting.recipe import Beard, Hair, Recipe, Rgb
from understudy.casting.ribbons import ribbons
from understudy.casting.scalp import Roots, Scalp, sample_roots, spread
from understudy.casting.strands import LOCKS, strip_span
from understudy.casting.stubble import beard_places
from understudy.casting.surface import Surface
from understudy.hub.groom import Groom

POINTS = 6
TUFTED_M = 0.012
"""Hairs of a beard whose hairs are mostly shorter lie each for itself."""
STILL_M = 0.0004
"""Beard that a shape moves less than this is left where it is, which keeps the file small."""


@dataclass(frozen=True)
class Cut:
    """One beard. Lengths in metres."""

    cheek_m: float
    chin_m: float
    lip_m: float
    cards: int
    hairs: int
    guides: int
    children: int
    """strands in film"""
    width_m: float = 0.0048


CUTS = {
    "stubble": Cut(0.0016, 0.0018, 0.0014, 0, 2400, 2200, 9000),
    "moustache": Cut(0.0, 0.0, 0.0095, 200, 900, 620, 3600, 0.0022),
    "goatee": Cut(0.0, 0.013, 0.0085, 360, 900, 900, 6000, 0.0024),
    "short": Cut(0.0065, 0.0085, 0.0065, 600, 1600, 2200, 15000, 0.0030),
    "full": Cut(0.018, 0.030, 0.0105, 1300, 1600, 2400, 17000, 0.0046),
}


def wear(scalp: Scalp, body: Body, known: Anatomy, surface: Surface, line: Hairline, recipe: Recipe) -> HeadOfHair:
    """The beard of a recipe; empty without one. surface: the mesh `skin`."""
    if recipe.beard.style == "none":
        return HeadOfHair([], [])
    carrier = Carrier(surface.positions, surface.triangles, surface.deltas, surface.joints)
    canvas = vertices_of(body, known, surface, line)
    return make_beard(scalp, surface, canvas, carrier, recipe.beard, recipe.hair)


def make_beard(scalp: Scalp, surface: Surface, canvas: Canvas, carrier: Carrier, look: Beard, hair: Hair) -> HeadOfHair:
    """The meshes `beard` and `beardFine`, and the groom `beard`.

    canvas: the vertices of `surface`, the mesh `skin`; carrier: rides it.
    """
    cut, rng = CUTS[look.style], np.random.default_rng(look.seed)
    if look.length_mm > 0:
        longest = max(cut.chin_m, cut.lip_m)
        scale = look.length_mm * 1e-3 / longest
        cut = replace(
            cut, cheek_m=cut.cheek_m * scale**0.75, chin_m=cut.chin_m * scale, lip_m=min(cut.lip_m * scale**0.5, 0.012)
        )
    places = np.asarray(beard_places(canvas, look), np.float64)
    roots = sample_roots(surface, places > 0.02, 40000, rng)
    share = (places[roots.corners] * roots.bary).sum(1)
    # short hairs of the upper lip stand closer
    mouth_m = float(canvas.marks["mouth"][1]) * 1e-3
    close = 1 + 1.6 * smoothstep(mouth_m, mouth_m + 0.003, roots.points[:, 1]) * (np.abs(roots.points[:, 0]) < 0.032)
    chosen = spread(roots, share * close, cut.guides, rng, rounds=3)
    path, lock = _grow(scalp, roots[chosen], canvas, cut, rng)
    tone = np.clip(0.5 + 0.22 * rng.normal(size=len(path)), 0, 1)
    parts = []
    if cut.cards:
        best = np.argsort(-(share[chosen] + 0.35 * rng.random(len(path))), kind="stable")[: cut.cards]
        cards = _cards(scalp, path[best], cut.width_m, rng)
        _ride(cards, roots.points[chosen[best]], carrier)
        parts.append(cards)
    weight = share * close
    picked = rng.choice(len(roots), cut.hairs, p=weight / weight.sum())
    single, _ = _grow(scalp, roots[picked], canvas, cut, rng, apart=True)
    hairs = _hairs(scalp, single, rng, long=bool(cut.cards))
    _ride(hairs, roots.points[picked], carrier)
    parts.append(hairs)
    groom = Groom(
        name="beard",
        points=path.astype(np.float32),
        corners=roots.corners[chosen].astype(np.int32),
        bary=roots.bary[chosen].astype(np.float32),
        lock=lock.astype(np.int32),
        tone=tone.astype(np.float32),
        colour=colour_of(look, hair),
        grey=hair.grey if look.grey is None else look.grey,
        width_m=0.00011,
        children=int(cut.children * look.density),
        spread_m=min(0.0016, 0.2 * float(np.median(np.linalg.norm(path[:, -1] - path[:, 0], axis=1)))),
        frizz_m=0.0004,
        curl=0.3,
        seed=look.seed,
    )
    return HeadOfHair(parts, [groom])


def colour_of(look: Beard, hair: Hair) -> Rgb:
    """The colour of a beard: its own, or that of the hair."""
    return look.colour if look.colour is not None else hair.colour


def _grow(
    scalp: Scalp, roots: Roots, c: Canvas, cut: Cut, rng: np.random.Generator, apart: bool = False
) -> tuple[Floats, Ints]:
    """(n, POINTS, 3) strands, and the tuft each is part of."""
    p, n = roots.points, len(roots)
    mouth, corner, chin = (np.asarray(c.marks[name], np.float64) * 1e-3 for name in ("mouth", "corner", "chin"))
    side = np.sign(p[:, 0])
    wide = abs(float(corner[0]))
    lip = smoothstep(mouth[1] - 0.001, mouth[1] + 0.003, p[:, 1]) * smoothstep(
        wide + 0.010, wide + 0.004, np.abs(p[:, 0])
    )
    low = smoothstep(mouth[1] - 0.008, chin[1] + 0.008, p[:, 1]) * smoothstep(0.055, 0.025, np.abs(p[:, 0]))
    length = (cut.cheek_m * (1 - low) + cut.chin_m * low) * (1 - lip) + cut.lip_m * lip
    length = np.where((cut.cheek_m == 0) & (lip < 0.5), cut.chin_m, length)
    # most hairs are whole, some are young
    length = length * (1 - 0.55 * rng.random(n) ** 1.7)
    # a moustache ends at the edge of the lip
    room = np.maximum(p[:, 1] - mouth[1] - 0.0015, 0.0015) * 1.35
    length = np.where(lip > 0.5, np.minimum(length, room + 0.45 * np.abs(p[:, 0])), length)
    length = np.maximum(length, 0.0008)
    slow = np.stack([np.sin(210 * p[:, k - 1] + 170 * p[:, k] + 2 * k) for k in range(3)], 1)
    flow = np.stack([0.75 * side * lip * smoothstep(0.0, 0.006, np.abs(p[:, 0])), -np.ones(n), -0.12 * (1 - low)], 1)
    below = smoothstep(chin[1] + 0.004, chin[1] - 0.006, p[:, 1])
    flow = (
        flow
        + np.stack([np.zeros(n), np.zeros(n), 0.85 * below * low], 1)
        + 0.16 * slow
        + 0.20 * rng.normal(size=(n, 3))
    )
    tangent = unit(flow - roots.normals * (flow * roots.normals).sum(1, keepdims=True))
    rise = np.clip(0.75 - 0.2 * lip, 0.4, 0.8)[:, None]
    first = unit(tangent + roots.normals * rise)
    path, d = [p], first
    step = (length / (POINTS - 1))[:, None]
    # hairs of a beard are thick and bent, each its own way
    bend = rng.normal(size=(n, 3)) * (0.10 + 6.0 * np.minimum(length, 0.03))[:, None]
    for k in range(POINTS - 1):
        d = unit(d + 0.22 * tangent - 0.10 * np.array([0.0, 1.0, 0.0]) + bend * np.cos(1.9 * k))
        q = path[-1] + d * step
        over, out = scalp.solid.height(q)
        q = q + out * np.maximum(0.0005 + 0.2 * step[:, 0] - over, 0)[:, None]
        path.append(q)
    result = np.stack(path, 1)
    lock = np.arange(n)
    if not apart and n > 8:
        seeds = rng.choice(n, max(2, n // 6), replace=False)
        lock = np.asarray(cKDTree(result[seeds, -1]).query(result[:, -1])[1])
        along = np.linspace(0, 1, POINTS)[None, :, None] ** 1.3
        # only what is long enough falls in tufts
        tufted = 0.35 * smoothstep(0.008, 0.022, length)[:, None, None]
        result = result + (result[seeds][lock] - result[seeds][lock][:, :1] + p[:, None] - result) * tufted * along
        if np.median(length) < TUFTED_M:
            lock = np.arange(n)
    return result, lock


def _cards(scalp: Scalp, path: Floats, width_m: float, rng: np.random.Generator) -> Part:
    """The under-coat: cards that lie on the denser part of a beard; over it and at its border are single hairs."""
    rows = path[:, [0, 3, 5]]
    count, along = len(rows), np.linspace(0, 1, rows.shape[1])
    over, out = scalp.solid.height(rows.reshape(-1, 3))
    rows = rows - (out * (0.55 * np.maximum(over - 0.0005, 0))[:, None]).reshape(rows.shape)
    out = out.reshape(rows.shape)
    side = unit(np.cross(unit(np.gradient(rows, axis=1)), out))
    facing = unit(out + side * 0.15 * rng.normal(size=(count, 1, 1)))
    width = width_m * rng.uniform(0.7, 1.25, (count, 1)) * np.interp(along, [0, 0.5, 1], [0.8, 1.0, 0.22])
    strips = np.array([strip_span(k) for k in range(*LOCKS)])[rng.integers(0, LOCKS[1] - LOCKS[0], count)]
    # a card shows only as many hairs as fit on it
    share = rng.uniform(0.22, 0.38, count)
    left = strips[:, 0] + (strips[:, 1] - strips[:, 0]) * (1 - share) * rng.random(count)
    right = left + (strips[:, 1] - strips[:, 0]) * share
    part = ribbons("beard", "hairBeard", rows, width, facing, rng, (left, right), along)
    part.normals = np.repeat(unit(0.75 * out + 0.35 * facing).reshape(-1, 3), 2, 0)
    shade = np.broadcast_to(
        COATS[1].shade * (0.55 + 0.45 * along)[None] * rng.uniform(0.8, 1.0, (count, 1)), (count, len(along))
    )
    part.colour = np.repeat(np.repeat(shade.reshape(-1, 1), 2, 0), 3, 1)
    assert part.seed is not None
    part.seed = 0.5 + 0.5 * (part.seed - 0.5)
    return part


def _hairs(scalp: Scalp, path: Floats, rng: np.random.Generator, *, long: bool) -> Part:
    """Single hairs; short ones are drawn straight."""
    rows = path[:, [0, 2, 5]] if long else path[:, [0, 5]]
    _, out = scalp.solid.height(rows.reshape(-1, 3))
    out = out.reshape(rows.shape)
    width = 0.00019 * rng.uniform(0.7, 1.3, (len(rows), 1)) * np.array([0.9, 0.9, 0.25] if long else [1.0, 0.35])
    part = ribbons("beardFine", "hairFineBeard", rows, width, out, rng)
    part.uv = None
    part.normals = np.repeat(out.reshape(-1, 3), 2, 0)
    return part


def _ride(part: Part, roots: Floats, carrier: Carrier) -> None:
    """Lets every strand ride the skin about its root. roots: (strands, 3)."""
    triangle = np.repeat(carrier.nearest(roots), len(part.positions) // len(roots))
    deltas = carrier.carry(part.positions, triangle)
    deltas[np.abs(deltas).max(2) < STILL_M] = 0.0
    part.deltas = deltas
    part.joints = carrier.skin_weights(triangle)
