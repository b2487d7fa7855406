"""Hair as layers of cards over guide strands: an opaque lower layer, textured locks on it, fine strands on top."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from understudy.base.channels import JOINTS
from understudy.casting.mesh import Floats, Part, smoothstep, unit
from understudy.casting.recipe import Hair
from understudy.casting.ribbons import resample, ribbons
from understudy.casting.scalp import Roots, Scalp, part_line, pick_roots
from understudy.casting.styles import comb

STRIPS = 4
"""Strips of the hair texture, from closed to sparse."""
FINE_POINTS = 5
SPREAD_M = 0.118
"""Falling hair stays this near to the middle of the body instead of sliding off along the shoulders."""


@dataclass(frozen=True)
class Layer:
    """A set of cards: where they root, how wide they are, how high they lie, and which strips they show."""

    share: float
    """of the recipe's cards"""
    width_m: float
    height: tuple[float, float]
    strips: tuple[int, int]
    roots: str
    """`scalp`, `crown`, `part`, `border` or `front`"""


LAYERS = {
    "long": (
        Layer(0.20, 0.026, (0.05, 0.25), (0, 1), "scalp"),
        Layer(0.15, 0.012, (0.30, 0.75), (0, 2), "part"),
        Layer(0.26, 0.014, (0.30, 0.80), (1, 3), "crown"),
        Layer(0.28, 0.0042, (0.10, 0.45), (2, 4), "border"),
        Layer(0.11, 0.007, (0.80, 1.05), (3, 4), "crown"),
    ),
    "back": (
        Layer(0.34, 0.016, (0.05, 0.30), (0, 1), "scalp"),
        Layer(0.34, 0.010, (0.35, 0.80), (1, 3), "scalp"),
        Layer(0.18, 0.006, (0.10, 0.45), (2, 4), "border"),
        Layer(0.14, 0.005, (0.80, 1.10), (3, 4), "scalp"),
    ),
    "short": (
        Layer(0.40, 0.0050, (0.00, 0.35), (1, 3), "crown"),
        Layer(0.38, 0.0036, (0.40, 0.90), (2, 4), "crown"),
        Layer(0.12, 0.0026, (0.10, 0.60), (2, 4), "front"),
        Layer(0.10, 0.0026, (0.90, 1.25), (3, 4), "crown"),
    ),
}


def make_hair(scalp: Scalp, look: Hair) -> list[Part]:
    """The meshes `hair` (cards) and `hairFine` (single strands)."""
    rng = np.random.default_rng(look.seed)
    cards = [_cards(scalp, look, layer, rng) for layer in LAYERS[look.style]]
    return [_merge("hair", cards), _fine(scalp, look, rng)]


def _cards(scalp: Scalp, look: Hair, layer: Layer, rng: np.random.Generator) -> Part:
    count = max(1, int(look.cards * layer.share))
    roots = _roots(scalp, look, layer, count, rng)
    # what roots higher and nearer to the parting lies on top, so that cards cross as little as possible
    eye = scalp.hairline.centre[1]
    rank = np.clip((roots.points[:, 1] - eye) / (scalp.top_m - eye), 0, 1)
    inner = np.exp(-np.abs(roots.points[:, 0] - part_line(look, roots.points, scalp)) / 0.04)
    order = 0.35 * rank + 0.35 * inner + 0.30 * rng.random(count)
    height = layer.height[0] + (layer.height[1] - layer.height[0]) * order
    path = comb(scalp, roots, look, height, rng)
    segments = {"long": 18, "back": 12, "short": 6}[look.style]
    path = resample(path, _lengths(look, roots, scalp, rng), segments + 1)
    path = _clear(scalp, _wave(path, look, rng))
    profile = np.interp(np.linspace(0, 1, segments + 1), [0, 0.10, 0.35, 0.75, 1], [0.5, 0.9, 1.0, 1.0, 0.8])
    width = layer.width_m * rng.uniform(0.75, 1.3, (count, 1)) * profile
    # at its root a card may not reach over the hairline
    arc = np.linspace(0, 1, segments + 1)[None] * np.linalg.norm(np.diff(path, axis=1), axis=2).sum(1)[:, None]
    width = np.minimum(width, 0.002 + 2 * np.maximum(roots.above, 0)[:, None] + 0.5 * arc)
    facing = _facing(scalp, path, rng, 0.08)
    strip = rng.integers(layer.strips[0], layer.strips[1], count)
    low, high = (strip + 0.015) / STRIPS, (strip + 0.985) / STRIPS
    flip = rng.random(count) < 0.5
    part = ribbons("hair", "hair", path, width, facing, rng, (np.where(flip, high, low), np.where(flip, low, high)))
    return _finish(part, scalp, facing)


def _roots(scalp: Scalp, look: Hair, layer: Layer, count: int, rng: np.random.Generator) -> Roots:
    """Evenly over the scalp or its upper half, along both sides of the parting, or along the border of the scalp."""
    offset = np.abs(scalp.points[:, 0] - part_line(look, scalp.points, scalp))
    if layer.roots == "part":
        ahead = scalp.points[:, 2] > scalp.hairline.centre[2] - 0.06
        density = np.exp(-(((offset - 0.0012) / 0.0012) ** 2)) * ahead * (scalp.above > 0.0005)
        return pick_roots(scalp, count, density + 1e-9, rng, even=14)
    if layer.roots in ("border", "front"):
        density = np.exp(-(((scalp.above - 0.002) / 0.003) ** 2))
        if layer.roots == "front":
            density *= scalp.hairline.azimuth(scalp.points) < 52
        return pick_roots(scalp, count, density + 1e-9, rng, even=14)
    inside = smoothstep(0.002, 0.012, scalp.above)
    if layer.roots == "crown":
        eye = scalp.hairline.centre[1]
        inside *= smoothstep(eye + 0.010, eye + (0.055 if look.style == "short" else 0.075), scalp.points[:, 1])
    if look.style == "long":
        inside *= smoothstep(0.0005, 0.004, offset)
    return pick_roots(scalp, count, inside + 1e-9, rng, even=14)


def _fine(scalp: Scalp, look: Hair, rng: np.random.Generator) -> Part:
    """Short strands that soften the hairline and the parting, and a few that stray."""
    border = np.exp(-(((scalp.above - 0.001) / 0.005) ** 2))
    border *= scalp.hairline.azimuth(scalp.points) < (55 if look.style == "short" else 105)
    near_part = np.exp(-(((scalp.points[:, 0] - part_line(look, scalp.points, scalp)) / 0.004) ** 2))
    near_part *= look.style != "short"
    roots = pick_roots(scalp, look.fine, border + 0.35 * near_part + (0.02 if look.style != "short" else 0.0), rng)
    layer = rng.uniform(0.0, 0.5, look.fine)
    path = comb(scalp, roots, look, layer, rng)
    length = rng.uniform(0.02, 0.075, look.fine) * (1.0 if look.style != "short" else 0.35)
    path = resample(path, length, FINE_POINTS)
    path += rng.normal(size=(look.fine, 1, 3)) * np.linspace(0, 0.0022, FINE_POINTS)[None, :, None]
    facing = _facing(scalp, path, rng, 0.0)
    width = 0.00022 * rng.uniform(0.7, 1.3, (look.fine, 1)) * np.array([0.7, 1, 0.9, 0.6, 0.15])
    part = ribbons("hairFine", "hairFine", path, width, facing, rng)
    part.uv = None
    return _finish(part, scalp, facing)


def _lengths(look: Hair, roots: Roots, scalp: Scalp, rng: np.random.Generator) -> Floats:
    """Length of each strand: lower roots are shorter, so that the ends meet at one height."""
    count = len(roots.points)
    if look.style != "long":
        return np.full(count, 10.0)
    drop = (scalp.top_m - roots.points[:, 1]) * 0.75
    return np.maximum(look.length_m - drop + look.length_spread_m * (rng.random(count) ** 1.3 - 0.6), 0.06)


def _wave(path: Floats, look: Hair, rng: np.random.Generator) -> Floats:
    """Loose waves that grow towards the ends."""
    if look.style != "long" or look.wave_mm == 0:
        return path
    step = np.linalg.norm(np.diff(path, axis=1), axis=2)
    arc = np.concatenate([np.zeros((len(path), 1)), np.cumsum(step, 1)], 1)
    # neighbours wave together: the phase depends on where the strand lies
    phase = 40.0 * path[:, 0, 0] + 25.0 * path[:, 0, 2] + rng.normal(size=len(path)) * 0.5
    turn = 2 * np.pi * arc / (look.wave_length_m * rng.uniform(0.85, 1.2, (len(path), 1))) + phase[:, None]
    amount = look.wave_mm * 1e-3 * smoothstep(0.08, 0.30, arc) * rng.uniform(0.6, 1.3, (len(path), 1))
    out = unit(path * np.array([1.0, 0.0, 1.0]))
    across = np.cross(np.array([0.0, 1.0, 0.0]), out)
    return path + out * (amount * np.sin(turn) * 0.7)[..., None] + across * (amount * np.cos(turn))[..., None]


def _clear(scalp: Scalp, path: Floats) -> Floats:
    """Pushes what the waves have carried into skin or cloth out again, smoothly along each strand."""
    result = path.copy()
    for _ in range(3):
        over, normal = scalp.height(result[:, 2:].reshape(-1, 3))
        push = np.maximum(0.0022 - over, 0).reshape(len(path), -1)
        push[:, 1:-1] = np.maximum(push[:, 1:-1], 0.6 * (push[:, :-2] + push[:, 2:]) / 2)
        result[:, 2:] += normal.reshape(len(path), -1, 3) * push[..., None]
        low = result[..., 1] < scalp.chin_m
        result[..., 0] = np.where(low, np.clip(result[..., 0], -SPREAD_M, SPREAD_M), result[..., 0])
    return result


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


def _finish(part: Part, scalp: Scalp, facing: Floats) -> Part:
    """Shades cards like the volume they belong to, and hangs them on head, neck and chest by height."""
    round_normal = np.repeat(facing.reshape(-1, 3), 2, 0)
    agree = np.sign((part.normals * round_normal).sum(1, keepdims=True))
    part.normals = unit(part.normals * np.where(agree == 0, 1, agree) * 0.25 + round_normal * 0.75)
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


def paint_strands(look: Hair, size_px: int = 1024) -> Floats:
    """(size, size, 4) strands along v in STRIPS strips: tone and alpha; row 0 is the root (v = 0)."""
    rng = np.random.default_rng(look.seed + 100)
    alpha, tone = np.zeros((size_px, size_px)), np.full((size_px, size_px), 0.7)
    depth = np.full((size_px, size_px), -1.0)
    v = np.linspace(0, 1, size_px)
    strip_width = size_px // STRIPS
    columns = np.arange(size_px)
    for strip, count in enumerate((230, 150, 96, 44)):
        left = strip * strip_width
        lock_tone = rng.normal(size=9) * 0.09
        for _ in range(count):
            u = rng.random()
            edge = 2 * min(u, 1 - u)
            sway = np.sin(v * rng.uniform(2, 6) + rng.random() * 6) * rng.uniform(1, 5) + rng.normal() * 5 * v
            middle = left + 6 + u * (strip_width - 12) + sway
            start = rng.random() ** 2 * (0.02, 0.03, 0.04, 0.07)[strip] * (1 + edge)
            end = 1 - rng.random() ** 1.5 * ((0.10 if strip else 0.07) + 0.14 * (1 - edge))
            body = np.clip((v - start) / 0.012, 0, 1) * np.clip((end - v) / 0.10, 0, 1)
            reach = rng.uniform(2.2, 4.6) * (0.5 + 0.5 * np.clip((end - v) / 0.3, 0, 1))
            shade = np.clip(rng.normal(0.78, 0.11) + lock_tone[int(u * 9)], 0.45, 1.0)
            level = rng.random()
            low = max(left, int(middle.min() - 9))
            high = min(left + strip_width, int(middle.max() + 10))
            cover = np.exp(-(((columns[low:high][None] - middle[:, None]) / reach[:, None]) ** 2)) * body[:, None]
            ahead = (cover > 0.25) & (level > depth[:, low:high])
            alpha[:, low:high] = np.maximum(alpha[:, low:high], np.clip(1.5 * cover, 0, 1))
            tone[:, low:high] = np.where(ahead, shade * (0.80 + 0.20 * cover), tone[:, low:high])
            depth[:, low:high] = np.where(ahead, level, depth[:, low:high])
    weight = ndimage.gaussian_filter(alpha, 4) + 1e-3
    spread = ndimage.gaussian_filter(tone * alpha, 4) / weight
    tone = np.where(alpha > 0.05, tone, spread)
    return np.stack([tone, tone, tone, alpha], -1)
