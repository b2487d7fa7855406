"""Cuts strands into cards for real time: an under-coat, locks over it, fine locks and single strands on top."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from understudy.base.channels import JOINTS
from understudy.casting.locks import Tress, outward
from understudy.casting.mesh import Floats, Ints, Part, smoothstep, unit
from understudy.casting.recipe import Hair
from understudy.casting.ribbons import resample, ribbons
from understudy.casting.scalp import Scalp
from understudy.casting.strands import FINE, LOCKS, UNDER, strip_span
from understudy.casting.styles import Style

SEED_SPREAD = 0.5
"""Neighbouring cards differ by this much of the range of `_SEED`, which moves their highlights."""


@dataclass(frozen=True)
class Coat:
    """One depth of cards."""

    strips: tuple[int, int]
    inner: float
    """0 takes any guide .. 1 only the innermost"""
    root: float
    """width at the root, as a share"""
    tip: float
    roll: float
    """how much cards turn about the core of their lock"""
    shade: float
    """how dark the coat is"""
    sink_m: float
    """so far under its guides"""
    clear_m: float
    """so far inside the border of cropped hair"""


COATS = (
    Coat(UNDER, 1.0, 0.85, 0.75, 0.10, 0.62, 0.0022, 0.0080),
    Coat(LOCKS, 0.35, 0.60, 0.28, 0.45, 0.90, 0.0, 0.0072),
    Coat(FINE, 0.0, 0.45, 0.18, 0.60, 1.0, 0.0, 0.0050),
)


def cut_cards(scalp: Scalp, tress: Tress, look: Hair, style: Style, rng: np.random.Generator) -> Part | None:
    """The mesh `hair`; None when the style has no cards."""
    core, lay = _lock_cores(tress), _lay(tress)
    parts = []
    for coat, count, width in zip(COATS, style.cards, style.card_m, strict=True):
        if count:
            chosen = _choose(tress, count, coat.inner, rng)
            if style.comb == "crop":
                # at its border a crop is single hairs, not cards
                chosen = chosen[tress.roots.above[chosen] > coat.clear_m]
            parts.append(_cards(scalp, tress, core, lay, chosen, coat, width, style, rng))
    return hang(merge("hair", "hair", parts), scalp) if parts else None


def _choose(tress: Tress, count: int, inner: float, rng: np.random.Generator) -> Ints:
    """(count,) guides, each once as long as there are enough, the innermost first as far as `inner` says."""
    rank = inner * (1 - tress.depth) + (1 - 0.8 * inner) * rng.random(len(tress))
    order = np.argsort(rank, kind="stable")
    return np.concatenate([order] * (count // len(order) + 1))[:count]


def _lock_cores(tress: Tress) -> Floats:
    """(n, points, 3) the middle of the lock that each strand is part of."""
    lock = np.unique(tress.lock, return_inverse=True)[1]
    size = np.bincount(lock)
    flat = tress.path.reshape(len(tress), -1)
    order = np.argsort(lock, kind="stable")
    middle = np.add.reduceat(flat[order], np.r_[0, np.cumsum(size)[:-1]], 0) / size[:, None]
    return np.asarray(middle[lock].reshape(tress.path.shape))


def _cards(
    scalp: Scalp, tress: Tress, core: Floats, lay: Floats, chosen: Ints, coat: Coat, width_m: float, style: Style,
    rng: np.random.Generator,
) -> Part:  # fmt: skip
    fewer = {"crop": 2, "tie": style.segments}.get(style.comb, max(3, style.segments * 2 // 3))
    count, rows = len(chosen), (style.segments if coat.sink_m == 0 else fewer) + 1
    mine = tress[chosen]
    again = np.arange(count) >= len(tress)
    ease = ease_of(style)
    path = resample(mine.path, mine.length, rows, ease)
    if coat.sink_m > 0 and style.comb in ("crop", "stand"):
        # under hair that stands up the under-coat lies flat
        over, away = scalp.solid.height(path.reshape(-1, 3))
        low = np.maximum(over - 0.0022, 0) * 0.7
        path = path - (away * low[:, None]).reshape(path.shape)
    off = path - resample(core[chosen], mine.length, rows, ease)
    out = outward(scalp, path)
    tangent = unit(np.gradient(path, axis=1))
    side = unit(np.cross(tangent, out))
    # a guide used again lies beside itself
    path = path + side * (again * width_m * 0.5 * rng.choice([-1.0, 1.0], count))[:, None, None]
    across = (off * side).sum(-1, keepdims=True)
    turned = coat.roll * np.clip(across / 0.009, -1, 1) + 0.10 * rng.normal(size=(count, 1, 1))
    facing = unit(out + side * turned)
    along = np.linspace(0, 1, rows) ** ease
    arc = along[None] * mine.length[:, None]
    path = path - out * (coat.sink_m * smoothstep(0.01, 0.06, arc) * (style.comb == "fall"))[..., None]
    # coils end in a round outline, all other cards in points
    tip = 0.9 if style.comb == "stand" else coat.tip
    profile = np.interp(along, [0, 0.12, 0.4, 0.75, 1], [coat.root, 0.85, 1.0, 0.5 + 0.45 * tip, tip])
    # the shorter, the broader: a card is never much wider than it is long, nor the skin bare between them
    stocky = np.clip(0.020 / np.maximum(mine.length, 0.004), 1.0, 1.7)[:, None] if style.comb == "crop" else 1.0
    width = width_m * stocky * rng.uniform(0.72, 1.28, (count, 1)) * profile
    # at its root a card may not reach over the hairline
    width = np.minimum(width, 0.0016 + 1.6 * np.maximum(mine.roots.above, 0)[:, None] + 0.6 * arc)
    strip = rng.integers(*coat.strips, count)
    span = np.array([strip_span(s) for s in range(coat.strips[0], coat.strips[1])])[strip - coat.strips[0]]
    low, high = span[:, 0], span[:, 1]
    if style.comb == "crop" and coat.strips != UNDER:
        # a short card shows only as many hairs as fit on it
        share = rng.uniform(0.5, 0.75, count)
        low = low + (high - low) * (1 - share) * rng.random(count)
        high = low + (span[:, 1] - span[:, 0]) * share
    flip = rng.random(count) < 0.5
    span_u = (np.where(flip, high, low), np.where(flip, low, high))
    part = ribbons("hair", "hair", path, width, facing, rng, span_u, along)
    assert part.seed is not None and part.strand is not None
    part.seed = 0.5 + SEED_SPREAD * (part.seed - 0.5)
    # light sees the volume of the hair, and the roundness of its locks more and more towards their ends
    own = (0.15 + 0.45 * smoothstep(0.02, 0.12, arc))[..., None] * facing
    part.normals = np.repeat(unit(0.7 * out + own).reshape(-1, 3), 2, 0)
    tone = 0.74 + 0.26 * mine.tone
    shade = coat.shade * (1 - 0.42 * (mine.depth[:, None] ** 1.4) * (0.4 + 0.6 * along[None]))
    deep = 0.045 if style.comb in ("fall", "tie") else 0.5 * style.length_m
    roots = 0.45 + 0.55 * smoothstep(0.0, deep, arc)
    value = np.clip(tone[:, None] * shade * roots * (1 + 0.12 * along[None] ** 2), 0, 1)
    part.colour = np.repeat(np.repeat(value.reshape(-1, 1), 2, 0), 3, 1)
    part.strand[:, :3] = np.repeat(resample_units(lay[chosen], rows).reshape(-1, 3), 2, 0)
    if style.comb == "crop":
        # cropped hair is lit along the head, however its ends stand up: standing tips would be dark specks
        flat, normal = part.strand[:, :3], np.repeat(out.reshape(-1, 3), 2, 0)
        part.strand[:, :3] = unit(flat - 0.7 * normal * (flat * normal).sum(1, keepdims=True))
    return part


def ease_of(style: Style) -> float:
    """How much closer rows lie at the root: long hair turns most where it leaves the skull."""
    return 1.5 if style.comb == "fall" and style.curl < 0.3 else 1.0 if style.comb == "tie" else 1.15


def _lay(tress: Tress) -> Floats:
    """(n, points, 3) how hair runs around each strand: highlights follow the lay of many, not of one."""
    tangent = unit(np.gradient(tress.path, axis=1))
    middle = tress.path[:, tress.path.shape[1] // 2]
    _, near = cKDTree(np.hstack([tress.path[:, 0], middle])).query(
        np.hstack([tress.path[:, 0], middle]), k=min(10, len(tress))
    )
    return unit(0.4 * tangent + 0.6 * tangent[near].mean(1))


def resample_units(values: Floats, count: int) -> Floats:
    """(n, count, 3) unit vectors at even steps of (n, rows, 3)."""
    at = np.linspace(0, values.shape[1] - 1.001, count)
    low = at.astype(np.int64)
    part = (at - low)[None, :, None]
    return unit(values[:, low] * (1 - part) + values[:, low + 1] * part)


def cut_fine(scalp: Scalp, tress: Tress, width_m: float, segments: int, rng: np.random.Generator) -> Part:
    """The mesh `hairFine`: strands drawn one by one."""
    path = resample(tress.path, tress.length, segments + 1)
    facing = outward(scalp, path)
    taper = np.interp(np.linspace(0, 1, segments + 1), [0, 0.25, 0.6, 0.85, 1], [0.8, 1, 0.9, 0.6, 0.15])
    part = ribbons("hairFine", "hairFine", path, width_m * rng.uniform(0.7, 1.3, (len(path), 1)) * taper, facing, rng)
    part.uv = None
    part.normals = np.repeat(facing.reshape(-1, 3), 2, 0)
    return hang(part, scalp)


def hang(part: Part, scalp: Scalp) -> Part:
    """Hangs strands on head, neck and chest by height."""
    y = part.positions[:, 1]
    head = smoothstep(scalp.shoulder_m - 0.01, scalp.chin_m + 0.01, y)
    chest = smoothstep(scalp.shoulder_m + 0.03, scalp.shoulder_m - 0.06, y)
    joints = np.zeros((len(y), len(JOINTS)))
    joints[:, JOINTS.index("head")] = head
    joints[:, JOINTS.index("upperChest")] = (1 - head) * chest
    joints[:, JOINTS.index("neck")] = (1 - head) * (1 - chest)
    part.joints = joints
    return part


def merge(name: str, material: str, parts: list[Part]) -> Part:
    """Several parts as one mesh."""
    starts = np.cumsum([0] + [len(part.positions) for part in parts])

    def stacked(field: str) -> Floats | None:
        return (
            np.concatenate([getattr(part, field) for part in parts]) if getattr(parts[0], field) is not None else None
        )

    positions, normals = stacked("positions"), stacked("normals")
    assert positions is not None and normals is not None
    return Part(
        name=name,
        material=material,
        positions=positions,
        normals=normals,
        triangles=np.concatenate([p.triangles + s for p, s in zip(parts, starts, strict=False)]),
        uv=stacked("uv"),
        joints=stacked("joints"),
        strand=stacked("strand"),
        seed=stacked("seed"),
        colour=stacked("colour"),
    )
