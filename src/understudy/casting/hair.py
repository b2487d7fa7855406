"""Hair of the head: strands grown on the scalp, kept as grooms for film and cut into cards for real time."""

from dataclasses import dataclass, replace

import numpy as np

from understudy.casting.cards import cut_cards, cut_fine
from understudy.casting.combing import comb
from understudy.casting.hairline import part_x
from understudy.casting.locks import Tress, outward, style_locks
from understudy.casting.mesh import Bools, Floats, Part, smoothstep, unit
from understudy.casting.recipe import Hair
from understudy.casting.ribbons import resample
from understudy.casting.scalp import Roots, Scalp, spread
from understudy.casting.styles import Style, style_of
from understudy.hub.groom import Groom

CHILDREN = 42_000
"""Strands of a full head of hair in film."""
FINE_WIDTH_M = 0.00017
BARE_M = 0.003
"""So far below the hairline single hairs may reach on a forehead without a fringe."""
SUNK_M = 0.0015
"""A guide that lies so deep under the skin is left out."""


@dataclass
class HeadOfHair:
    """What hair hands on: meshes `hair` and `hairFine`, grooms `hair` and `fine`; none of a bald head."""

    parts: list[Part]
    grooms: list[Groom]


def make_hair(scalp: Scalp, look: Hair) -> HeadOfHair:
    """Grows the hair of a head and cuts it."""
    style, rng = style_of(look), np.random.default_rng(look.seed)
    tress = grow(scalp, look, style, rng)
    if tress is None:
        return HeadOfHair([], [])
    fine = grow_fine(scalp, tress, look, style, rng)
    cards = cut_cards(scalp, tress, look, style, rng)
    parts = [cards] if cards is not None else []
    segments = 5 if style.comb in ("fall", "tie") else 3 if style.cards[0] else 2
    parts.append(cut_fine(scalp, fine, FINE_WIDTH_M, segments, rng))
    density = float(scalp.density.sum() / max((scalp.density > 0).sum(), 1))
    # coils let more light through than combed hair
    children = int(CHILDREN * density * (1.5 if style.comb == "stand" else 1.0))
    grooms = [as_groom("hair", tress, look, style, children), as_groom("fine", fine, look, style, 0)]
    return HeadOfHair(parts, grooms)


def grow(scalp: Scalp, look: Hair, style: Style, rng: np.random.Generator) -> Tress | None:
    """The guide strands of a head of hair; None for a bald head."""
    if not style.guides:
        return None
    wanted = scalp.density * (scalp.roots.above > 0.0006)
    if style.comb == "fall":
        # more of them along the parting and round the whorl, where hair parts from hair
        points = scalp.roots.points
        beside = (points[:, 0] - part_x(look, points, scalp.centre)) / 0.004
        ahead = smoothstep(scalp.centre[2] - 0.060, scalp.centre[2] - 0.03, points[:, 2]) * (
            points[:, 1] > scalp.centre[1]
        )
        whorl = np.exp(-((np.linalg.norm(points - scalp.hairline.crown, axis=1) / 0.024) ** 2))
        wanted = wanted * (1 + 3.0 * np.exp(-(beside**2)) * ahead + 3.5 * whorl)
    if style.comb == "tie":
        # sideburns are too short for a tie
        low = (scalp.roots.points[:, 1] < scalp.ear[1] + 0.032) & (scalp.hairline.azimuth(scalp.roots.points) < 92)
        wanted = wanted * ~low
    chosen = spread(scalp.roots, wanted, style.guides, rng)
    roots = scalp.roots[chosen]
    tress = style_locks(scalp, roots, comb(scalp, roots, look, style, rng), look, style, rng)
    return tress[np.flatnonzero(~_astray(scalp, tress, style))]


def _astray(scalp: Scalp, tress: Tress, style: Style) -> Bools:
    """(n,) strands that got under the skin or into the face, or fold back on themselves."""
    over = scalp.solid.height(tress.path[:, 1:].reshape(-1, 3))[0].reshape(len(tress), -1)
    sunk = (over < -SUNK_M).any(1)
    if style.comb == "crop":
        return np.asarray(sunk)
    flat = tress.path.reshape(-1, 3)
    below = scalp.centre[1] - flat[:, 1]
    face = (flat[:, 2] > scalp.centre[2] + 0.052) & (below > -0.058) & (below < scalp.centre[1] - scalp.chin_m + 0.01)
    face &= np.abs(flat[:, 0]) < np.interp(
        below, [-0.058, -0.052, -0.03, 0.0, 0.05, 0.12], [0.030, 0.052, 0.063, 0.064, 0.057, 0.044]
    )
    if style.fringe > 0:
        face &= below > -0.010
    if style.comb in ("fall", "tie"):
        # loops over the crown
        high = np.hstack([np.zeros((len(tress), 1)), over]).ravel() > 1.25 * style.volume_m + 0.007 + 0.016 * style.curl
        face |= high & (flat[:, 1] > scalp.centre[1] + 0.060)
    step = unit(np.diff(tress.path, axis=1))
    folded = (step[:, 1:] * step[:, :-1]).sum(-1).min(1) < (0.35 if style.curl < 0.3 else -0.6)
    if style.knot:
        folded = np.zeros(len(tress), bool)
    return np.asarray(face.reshape(len(tress), -1).any(1) | folded | sunk)


def grow_fine(scalp: Scalp, tress: Tress, look: Hair, style: Style, rng: np.random.Generator) -> Tress:
    """Single strands: baby hairs where the hairline fades, short ones along the parting, and fly-aways."""
    if not style.cards[0]:
        # hair too short for cards is drawn strand by strand
        chosen = rng.choice(len(scalp.roots), style.fine, p=scalp.density / scalp.density.sum())
        roots = scalp.roots[chosen]
        return style_locks(scalp, roots, comb(scalp, roots, look, style, rng), look, style, rng)
    count = style.fine
    flying = int(count * 0.34 * min(style.stray, 1.6) / 1.6 * 1.3)
    border = scalp.density * (1 - scalp.density) * 4 * (scalp.roots.above > -0.003)
    if style.comb == "crop":
        border = border + scalp.density * np.exp(-((scalp.roots.above / 0.007) ** 2))
    border = border * np.interp(
        scalp.hairline.azimuth(scalp.roots.points), [0, 70, 90, 130, 180], [1, 1, 0.7, 0.5, 0.35]
    )
    near_part = np.zeros(len(border))
    if style.part > 0.5 and style.comb == "fall":
        beside = np.abs(scalp.roots.points[:, 0] - part_x(look, scalp.roots.points, scalp.centre)) / 0.003
        ahead = scalp.roots.points[:, 2] > scalp.centre[2] - 0.03
        near_part = np.exp(-(beside**2)) * ahead * (scalp.roots.points[:, 1] > scalp.centre[1] + 0.05)
    share = border / border.sum() + (0.30 * near_part / near_part.sum() if near_part.any() else 0.0)
    chosen = rng.choice(len(share), count - flying, replace=False, p=share / share.sum())
    roots = scalp.roots[chosen]
    combed = comb(scalp, roots, look, style, rng)
    short = rng.uniform(0.010, 0.042, len(roots)) * (1.0 if style.comb in ("fall", "tie") else 0.55)
    if style.comb == "crop":
        short = combed.length * rng.uniform(0.5, 1.0, len(roots))
    combed.length = np.minimum(short, 0.85 * combed.length + 0.004)
    single = replace(style, locks=len(roots), gather=0.0)
    baby = style_locks(scalp, roots, combed, look, single, rng)
    along = np.linspace(0, 1, style.points)[None, :, None]
    baby.path += rng.normal(size=(len(roots), 1, 3)) * 0.0022 * along**1.5
    if style.fringe <= 0:
        # none lies across the forehead
        ends = baby.path[:, -1]
        baby = baby[np.flatnonzero((scalp.hairline.azimuth(ends) > 55) | (scalp.hairline.above(ends) > -BARE_M))]
    return _joined(baby, _fly(scalp, tress, flying, style, rng))


def _fly(scalp: Scalp, tress: Tress, count: int, style: Style, rng: np.random.Generator) -> Tress:
    """Strands that leave their lock: part of the way along an outer guide, and off it towards the end."""
    outer = np.flatnonzero(tress.depth < 0.6)
    made = tress[rng.choice(outer, count)]
    length = made.length * rng.uniform(0.45, 0.98, count)
    path = resample(made.path, length, style.points)
    along = np.linspace(0, 1, style.points)[None, :, None]
    off = (
        outward(scalp, path) * np.abs(rng.normal(size=(count, 1, 1))) * 0.0055 + rng.normal(size=(count, 1, 3)) * 0.0035
    )
    reach = np.minimum(length / 0.10, 1.0)[:, None, None] * (0.6 + 0.4 * style.stray)
    bow = np.sin(np.pi * np.clip(along * rng.uniform(0.6, 1.6, (count, 1, 1)), 0, 1))
    path = path + off * reach * (0.7 * bow + 0.5 * along**2)
    step = unit(np.diff(path, axis=1))
    straight = (step[:, 1:] * step[:, :-1]).sum(-1).min(1) > (0.5 if style.curl < 0.3 else -0.8)
    flown = Tress(made.roots, path, length, made.lock, made.tone, made.depth)
    return flown[np.flatnonzero(straight)]


def _joined(a: Tress, b: Tress) -> Tress:
    def both(x: Floats, y: Floats) -> Floats:
        return np.concatenate([x, y])

    roots = Roots(
        both(a.roots.points, b.roots.points), both(a.roots.normals, b.roots.normals),
        both(a.roots.above, b.roots.above),
        np.concatenate([a.roots.corners, b.roots.corners]), both(a.roots.bary, b.roots.bary),
    )  # fmt: skip
    lock = np.arange(len(a) + len(b))
    return Tress(
        roots, both(a.path, b.path), both(a.length, b.length), lock, both(a.tone, b.tone), both(a.depth, b.depth)
    )


def as_groom(name: str, tress: Tress, look: Hair, style: Style, children: int) -> Groom:
    """Strands as a noun of the hub."""
    return Groom(
        name=name,
        points=tress.path.astype(np.float32),
        corners=tress.roots.corners.astype(np.int32),
        bary=tress.roots.bary.astype(np.float32),
        lock=tress.lock.astype(np.int32),
        tone=tress.tone.astype(np.float32),
        colour=look.colour,
        grey=look.grey,
        children=children,
        spread_m=0.0035 if style.comb in ("fall", "tie") else 0.0022,
        frizz_m=0.0004 + 0.0008 * style.curl,
        curl=style.curl,
        seed=look.seed,
    )
