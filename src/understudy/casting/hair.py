"""Hair as layers of cards over guide strands: an opaque lower layer, textured locks on it, fine strands on top."""

import numpy as np

from understudy.base.channels import JOINTS
from understudy.casting.guides import Roots, Scalp, comb, part_line, pick_roots
from understudy.casting.mesh import Floats, Part, smoothstep, unit
from understudy.casting.recipe import Hair
from understudy.casting.ribbons import resample, ribbons

STRIPS = 4
"""Strips of the hair texture, from closed to sparse."""


def make_hair(scalp: Scalp, look: Hair) -> list[Part]:
    """The meshes `hair` (cards) and `hairFine` (single strands)."""
    rng = np.random.default_rng(look.seed)
    layers = {
        "long": ((0.30, 0.024, (0.10, 0.30), (0, 1)), (0.45, 0.015, (0.35, 0.75), (1, 3)), (0.25, 0.0085, (0.75, 1.05), (2, 4))),
        "back": ((0.34, 0.016, (0.10, 0.35), (0, 1)), (0.42, 0.010, (0.35, 0.8), (1, 3)), (0.24, 0.006, (0.8, 1.1), (2, 4))),
        "short": ((0.40, 0.010, (0.0, 0.4), (0, 2)), (0.40, 0.007, (0.4, 0.9), (1, 4)), (0.20, 0.0045, (0.8, 1.2), (2, 4))),
    }[look.style]
    parts = [
        _cards(scalp, look, max(1, int(look.cards * share)), width, span, strips, rng)
        for share, width, span, strips in layers
    ]
    cards = _merge("hair", parts)
    fine = _fine(scalp, look, rng)
    return [cards, fine]


def _cards(
    scalp: Scalp,
    look: Hair,
    count: int,
    width_m: float,
    layer_span: tuple[float, float],
    strips: tuple[int, int],
    rng: np.random.Generator,
) -> Part:
    border = np.exp(-np.clip(scalp.above, 0, 1) / 0.012)
    near_part = np.exp(-np.abs(scalp.points[:, 0] - part_line(look, scalp.points, scalp)) / 0.010)
    roots = pick_roots(scalp, count, 0.35 + 1.2 * border + 1.0 * near_part, rng)
    layer = rng.uniform(*layer_span, count)
    path = comb(scalp, roots, look, layer, rng)
    segments = {"long": 16, "back": 12, "short": 6}[look.style]
    path = resample(path, _lengths(look, roots, scalp, rng), segments + 1)
    path = _wave(path, look, rng)
    profile = np.interp(np.linspace(0, 1, segments + 1), [0, 0.10, 0.35, 0.75, 1], [0.45, 0.9, 1.0, 0.95, 0.55])
    width = width_m * rng.uniform(0.75, 1.3, (count, 1)) * profile
    facing = _facing(scalp, path, rng, 0.22)
    strip = rng.integers(strips[0], strips[1], count)
    low, high = (strip + 0.02) / STRIPS, (strip + 0.98) / STRIPS
    flip = rng.random(count) < 0.5
    span = np.where(flip, high, low), np.where(flip, low, high)
    part = ribbons("hair", "hair", path, width, facing, rng, span)
    return _finish(part, scalp, facing, segments + 1)


def _fine(scalp: Scalp, look: Hair, rng: np.random.Generator) -> Part:
    """Short strands that soften the hairline and the parting, and a few that stray."""
    border = np.exp(-((scalp.above - 0.001) / 0.005) ** 2) * (scalp.points[:, 2] > scalp.hairline.centre[2] - 0.02)
    near_part = np.exp(-((scalp.points[:, 0] - part_line(look, scalp.points, scalp)) / 0.004) ** 2)
    roots = pick_roots(scalp, look.fine, border + 0.35 * near_part + 0.02, rng)
    layer = rng.uniform(0.0, 0.5, look.fine)
    path = comb(scalp, roots, look, layer, rng)
    length = rng.uniform(0.02, 0.075, look.fine) * (1.0 if look.style != "short" else 0.35)
    path = resample(path, length, 7)
    path += rng.normal(size=(look.fine, 1, 3)) * np.linspace(0, 0.0022, 7)[None, :, None]
    facing = _facing(scalp, path, rng, 0.0)
    width = 0.00022 * rng.uniform(0.7, 1.3, (look.fine, 1)) * np.array([0.6, 1, 1, 0.9, 0.7, 0.5, 0.15])
    part = ribbons("hairFine", "hairFine", path, width, facing, rng)
    part.uv = None
    return _finish(part, scalp, facing, 7)


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
    out = unit(path * np.array([1.0, 0.0, 1.0]) - np.array([0.0, 0.0, 0.0]))
    across = np.cross(np.array([0.0, 1.0, 0.0]), out)
    return path + out * (amount * np.sin(turn) * 0.7)[..., None] + across * (amount * np.cos(turn))[..., None]


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


def _finish(part: Part, scalp: Scalp, facing: Floats, points: int) -> Part:
    """Shades cards like the volume they belong to, and hangs them on head, neck and chest by height."""
    del points
    round_normal = np.repeat(facing.reshape(-1, 3), 2, 0)
    agree = np.sign((part.normals * round_normal).sum(1, keepdims=True))
    part.normals = unit(part.normals * np.where(agree == 0, 1, agree) * 0.45 + round_normal * 0.55)
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
    """(size, size / 2, 4) strands along v in STRIPS strips: tone and alpha; row 0 is the root (v = 0)."""
    rng = np.random.default_rng(look.seed + 100)
    height, width = size_px, size_px // 2
    alpha, tone = np.zeros((height, width)), np.full((height, width), 0.6)
    v = np.linspace(0, 1, height)
    strip_width = width // STRIPS
    columns = np.arange(width)
    depth = np.full((height, width), -1.0)
    for strip, count in enumerate((110, 74, 50, 26)):
        left = strip * strip_width
        for _ in range(count):
            u = rng.random()
            edge = 2 * min(u, 1 - u)
            closed = strip == 0
            middle = left + 4 + u * (strip_width - 8) + rng.normal() * 3 * v + np.sin(v * rng.uniform(2, 7) + rng.random() * 6) * rng.uniform(0.5, 2.5)
            start = 0.0 if closed else rng.random() ** 2 * 0.05 * (1 + 2 * (edge < 0.25))
            end = 1 - rng.random() ** 1.5 * ((0.10 if closed else 0.16) + 0.34 * (1 - edge))
            body = np.clip((v - start) / 0.012, 0, 1) if start else np.ones(height)
            body = body * np.clip((end - v) / 0.12, 0, 1)
            reach = rng.uniform(1.8, 3.6) * (0.55 + 0.45 * np.clip((end - v) / 0.3, 0, 1))
            shade, level = rng.uniform(0.55, 1.0), rng.random()
            low = max(left, int(middle.min() - 6))
            high = min(left + strip_width, int(middle.max() + 7))
            x = columns[low:high][None]
            cover = np.exp(-(((x - middle[:, None]) / reach[:, None]) ** 2)) * body[:, None]
            ahead = (cover > 0.25) & (level > depth[:, low:high])
            alpha[:, low:high] = np.maximum(alpha[:, low:high], np.clip(1.5 * cover, 0, 1))
            tone[:, low:high] = np.where(ahead, shade * (0.72 + 0.28 * cover), tone[:, low:high])
            depth[:, low:high] = np.where(ahead, level, depth[:, low:high])
    from scipy import ndimage

    weight = ndimage.gaussian_filter(alpha, 3) + 1e-3
    spread = ndimage.gaussian_filter(tone * alpha, 3) / weight
    tone = np.where(alpha > 0.05, tone, spread)
    return np.stack([tone, tone, tone, alpha], -1)


