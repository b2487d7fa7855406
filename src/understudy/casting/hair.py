"""Hair of the head: sheets and locks for long hair, cards for tied and cropped hair, fine strands on top of either."""

from dataclasses import dataclass

import numpy as np

from understudy.base.channels import JOINTS
from understudy.casting.cap import make_cap
from understudy.casting.mesh import Floats, Part, smoothstep, unit
from understudy.casting.recipe import Hair
from understudy.casting.ribbons import resample, ribbons
from understudy.casting.scalp import Roots, Scalp, part_line, pick_roots
from understudy.casting.sheets import LOCK_STRIPS, SHEET_SPAN, make_sheets
from understudy.casting.styles import comb

FINE_POINTS = 5
SEED_SPREAD = 0.30
"""Tints of neighbouring cards differ by this much of the range of _SEED: about 5 % in brightness."""


@dataclass(frozen=True)
class Layer:
    """A set of cards: where they root, how wide they are, how high they lie, and which strips they show."""

    share: float
    """of the recipe's cards"""
    width_m: float
    height: tuple[float, float]
    strips: tuple[int, int]
    roots: str
    """`scalp`, `crown`, `border` or `front`"""


LAYERS = {
    "back": (
        Layer(0.40, 0.012, (0.05, 0.30), (0, 1), "scalp"),
        Layer(0.36, 0.007, (0.35, 0.80), (0, 2), "scalp"),
        Layer(0.14, 0.004, (0.10, 0.45), (1, 4), "border"),
        Layer(0.10, 0.004, (0.80, 1.10), (2, 4), "scalp"),
    ),
    "short": (
        Layer(0.34, 0.0034, (0.00, 0.30), (1, 3), "crown"),
        Layer(0.42, 0.0026, (0.30, 0.80), (2, 4), "crown"),
        Layer(0.08, 0.0016, (0.05, 0.50), (2, 4), "front"),
        Layer(0.16, 0.0018, (0.80, 1.15), (2, 4), "crown"),
    ),
}


def make_hair(scalp: Scalp, look: Hair) -> list[Part]:
    """The meshes `hair` (sheets and cards) and `hairFine` (single strands)."""
    rng = np.random.default_rng(look.seed)
    if look.style == "long":
        parts = [_hang(part, scalp) for part in make_sheets(scalp, look, rng)]
    else:
        parts = [_cards(scalp, look, layer, rng) for layer in LAYERS[look.style]]
    if look.style == "short":
        parts.append(_hang(make_cap(scalp, look), scalp))
    return [_merge("hair", parts), _fine(scalp, look, rng)]


def _cards(scalp: Scalp, look: Hair, layer: Layer, rng: np.random.Generator) -> Part:
    count = max(1, int(look.cards * layer.share))
    roots = _roots(scalp, look, layer, count, rng)
    # what roots higher and nearer to the parting lies on top, so that cards cross as little as possible
    eye = scalp.hairline.centre[1]
    rank = np.clip((roots.points[:, 1] - eye) / (scalp.top_m - eye), 0, 1)
    order = 0.6 * rank + 0.4 * rng.random(count)
    height = layer.height[0] + (layer.height[1] - layer.height[0]) * order
    path = comb(scalp, roots, look, height, rng)
    segments = {"back": 12, "short": 3}[look.style]
    path = resample(path, np.full(count, 10.0), segments + 1)
    tip = 0.10 if look.style == "short" else 0.5
    profile = np.interp(np.linspace(0, 1, segments + 1), [0, 0.10, 0.35, 0.75, 1], [0.6, 0.9, 1.0, 0.8, tip])
    width = layer.width_m * rng.uniform(0.7, 1.3, (count, 1)) * profile
    if look.style == "short":
        width = width * (0.40 + 0.60 * smoothstep(eye + 0.05, scalp.top_m - 0.03, roots.points[:, 1]))[:, None]
    # at its root a card may not reach over the hairline
    arc = np.linspace(0, 1, segments + 1)[None] * np.linalg.norm(np.diff(path, axis=1), axis=2).sum(1)[:, None]
    width = np.minimum(width, 0.002 + 2 * np.maximum(roots.above, 0)[:, None] + 0.5 * arc)
    facing = _facing(scalp, path, rng, 0.08)
    strip = rng.integers(layer.strips[0], layer.strips[1], count)
    low = SHEET_SPAN + (strip + 0.03) / LOCK_STRIPS * (1 - SHEET_SPAN)
    high = SHEET_SPAN + (strip + 0.97) / LOCK_STRIPS * (1 - SHEET_SPAN)
    if look.style == "short":
        # a narrow card shows only as many hairs as fit on it
        share = np.minimum(1.0, layer.width_m / 0.0045)
        low = low + (high - low) * (1 - share) * rng.random(count)
        high = low + (1 - SHEET_SPAN) / LOCK_STRIPS * 0.94 * share
    flip = rng.random(count) < 0.5
    part = ribbons("hair", "hair", path, width, facing, rng, (np.where(flip, high, low), np.where(flip, low, high)))
    assert part.seed is not None
    part.seed = 0.5 + SEED_SPREAD * (part.seed - 0.5)
    part.normals = np.repeat(_facing(scalp, path, rng, 0.0).reshape(-1, 3), 2, 0)
    assert part.strand is not None
    if look.style == "short":
        # the first fifth of a strand is drawn as lying in the shade of the others: cropped hair has no such depth
        part.strand[:, 3] = 0.2 + 0.8 * part.strand[:, 3]
        # and is lit along the head, however its ends stand up: standing tips would be dark specks on a lit crop
        along, out = part.strand[:, :3], part.normals
        part.strand[:, :3] = unit(along - 0.85 * out * (along * out).sum(1, keepdims=True))
    return _hang(part, scalp)


def _roots(scalp: Scalp, look: Hair, layer: Layer, count: int, rng: np.random.Generator) -> Roots:
    """Evenly over the scalp or its upper half, or along the border of the scalp."""
    if layer.roots in ("border", "front"):
        density = np.exp(-(((scalp.above - 0.002) / 0.003) ** 2))
        if layer.roots == "front":
            density *= scalp.hairline.azimuth(scalp.points) < 52
        return pick_roots(scalp, count, density + 1e-9, rng, even=8)
    inside = smoothstep(0.002, 0.012, scalp.above)
    if layer.roots == "crown":
        eye = scalp.hairline.centre[1]
        inside *= smoothstep(eye + 0.020, eye + 0.070, scalp.points[:, 1])
    return pick_roots(scalp, count, inside + 1e-9, rng, even=8)


def _fine(scalp: Scalp, look: Hair, rng: np.random.Generator) -> Part:
    """Short strands that soften the hairline and the parting, and a few that stray."""
    border = np.exp(-(((scalp.above - 0.003) / 0.003) ** 2))
    border *= scalp.hairline.azimuth(scalp.points) < (55 if look.style == "short" else 105)
    if look.style == "long":
        border *= np.interp(scalp.hairline.azimuth(scalp.points), [18, 40], [0.15, 1.0])
    near_part = np.exp(-(((scalp.points[:, 0] - part_line(look, scalp.points, scalp)) / 0.004) ** 2))
    near_part *= look.style != "short"
    roots = pick_roots(scalp, look.fine, border + 0.35 * near_part + (0.02 if look.style != "short" else 0.0), rng)
    layer = rng.uniform(0.0, 0.5, look.fine)
    path = comb(scalp, roots, look, layer, rng)
    length = rng.uniform(0.010, 0.034, look.fine) * (1.0 if look.style != "short" else 0.5)
    path = resample(path, length, FINE_POINTS)
    path += rng.normal(size=(look.fine, 1, 3)) * np.linspace(0, 0.0022, FINE_POINTS)[None, :, None]
    facing = _facing(scalp, path, rng, 0.0)
    width = 0.00022 * rng.uniform(0.7, 1.3, (look.fine, 1)) * np.array([0.7, 1, 0.9, 0.6, 0.15])
    part = ribbons("hairFine", "hairFine", path, width, facing, rng)
    part.uv = None
    part.normals = np.repeat(facing.reshape(-1, 3), 2, 0)
    return _hang(part, scalp)


def _facing(scalp: Scalp, path: Floats, rng: np.random.Generator, roll: float) -> Floats:
    """Outward directions along paths: off the skin on the skull, off the neck below it."""
    flat = path.reshape(-1, 3)
    _, normal = scalp.height(flat)
    axis = np.array([0.0, 0.0, scalp.hairline.centre[2] - 0.02])
    away = unit((flat - axis) * np.array([1.0, 0.0, 1.0]))
    below = smoothstep(scalp.hairline.centre[1] + 0.01, scalp.hairline.centre[1] - 0.04, flat[:, 1])[:, None]
    facing = unit(normal * (1 - below) + away * below).reshape(path.shape)
    side = unit(np.cross(np.gradient(path, axis=1), facing))
    return unit(facing + side * rng.normal(size=(len(path), 1, 1)) * roll)


def _hang(part: Part, scalp: Scalp) -> Part:
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


def _merge(name: str, parts: list[Part]) -> Part:
    starts = np.cumsum([0] + [len(part.positions) for part in parts])

    def stacked(field: str) -> Floats:
        return np.concatenate([getattr(part, field) for part in parts])

    return Part(
        name=name,
        material="hair",
        positions=stacked("positions"),
        normals=stacked("normals"),
        triangles=np.concatenate([p.triangles + s for p, s in zip(parts, starts, strict=False)]),
        uv=stacked("uv"),
        joints=stacked("joints"),
        strand=stacked("strand"),
        seed=stacked("seed"),
    )
