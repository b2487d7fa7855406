"""Draws the pieces of a backdrop, sharp, over premultiplied layers of light; the lens blurs them afterwards."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.place import Pattern, Piece, Shape
from understudy.render.blur import span
from understudy.render.canvas import Canvas
from understudy.render.patterns import chance, wander, weave

Floats = npt.NDArray[np.floating[Any]]

PLANES = (Shape.FLOOR, Shape.WALL)
_BANDS = 7
"""A floor or wall that runs towards the lens is blurred in so many steps of depth."""


def cover(canvas: Canvas, layer: Floats, piece: Piece) -> None:
    """Draws a piece that stands across the view over a (h, w, 4) layer, in place."""
    x, y = canvas.metres(piece.at[2])
    dx, dy = x - np.float32(piece.at[0]), y - np.float32(piece.at[1])
    if piece.lean:
        dx = dx - np.float32(piece.lean) * dy
    draw = {
        Shape.RIDGE: _ridge,
        Shape.TREES: _trees,
        Shape.FOLIAGE: _foliage,
        Shape.SKYLINE: _skyline,
        Shape.BEAM: _beam,
        Shape.DROPS: _drops,
    }.get(piece.shape, _sheet)
    draw(layer, piece, dx, dy, canvas.pixel_m(piece.at[2]))


class Plane:
    """A floor or wall that runs towards the lens, drawn band by band so that each gets its own blur.

    edges_m: z of the borders between bands, far to near. grow: (h, w) or (h, 1) or (1, w) how far along its ray the
    plane is met, as a multiple of the actor's distance.
    """

    def __init__(self, canvas: Canvas, piece: Piece) -> None:
        self._canvas, self._piece = canvas, piece
        x, y = canvas.focus_m()
        is_floor = piece.shape is Shape.FLOOR
        across, fixed = (y, piece.at[1]) if is_floor else (x, piece.at[0])
        with np.errstate(divide="ignore", invalid="ignore"):
            self.grow = np.asarray(np.where(across * fixed > 0, fixed / across, 0.0), np.float32)
        far, near = piece.at[2], min(piece.at[2] + piece.size_m[int(is_floor)], -0.35)
        count = int(np.clip(abs(canvas.blur_px(far) - canvas.blur_px(near)) / 1.5, 1, _BANDS))
        borders = np.geomspace(canvas.grow(far), canvas.grow(near), count + 1)
        s = canvas.camera.distance_m
        self.edges_m = [float(s - s * t) for t in borders]
        self._painted: tuple[Floats, Floats] | None = None

    def band(self, number: int) -> tuple[float, Floats]:
        """Returns the depth of a band and its sharp (h, w, 4) layer."""
        canvas = self._canvas
        if self._painted is None:
            self._painted = self._paint()
        colour, inside = self._painted
        far, near = self.edges_m[number], self.edges_m[number + 1]
        t_far, t_near = canvas.grow(far), canvas.grow(near)
        mask = (self.grow <= t_far * 1.0001) & (self.grow > t_near)
        layer = np.zeros((*canvas.shape, 4), np.float32)
        if mask.any():
            rows, columns = span(mask.any(1)), span(mask.any(0))
            if self.grow.shape[0] == 1:
                rows = slice(None)
            elif self.grow.shape[1] == 1:
                columns = slice(None)
            alpha = np.broadcast_to(inside * mask, canvas.shape)[rows, columns]
            lay(layer[rows, columns], alpha, np.broadcast_to(colour, (*canvas.shape, 3))[rows, columns])
        s = canvas.camera.distance_m
        return float(s - s * np.sqrt(t_far * t_near)), layer

    def _paint(self) -> tuple[Floats, Floats]:
        canvas, piece, t = self._canvas, self._piece, self.grow
        x, y = canvas.focus_m()
        s, far = canvas.camera.distance_m, piece.at[2]
        is_floor = piece.shape is Shape.FLOOR
        z = s - s * t
        away = (x * t if is_floor else y * t) - np.float32(piece.at[0] if is_floor else piece.at[1])
        t_far, t_near = canvas.grow(self.edges_m[0]), canvas.grow(self.edges_m[-1])
        colour = _gradient(piece, np.clip((t - t_near) / max(t_far - t_near, 1e-6), 0, 1))
        if piece.pattern is not Pattern.NONE:
            factor, accent = weave(piece, *((away, z - far) if is_floor else (z - far, away)))
            step = np.abs(np.gradient(z, axis=0 if is_floor else 1)) if min(z.size, 9) > 2 else np.zeros_like(z)
            clear = np.clip(1.6 * piece.pattern_m[1 if is_floor else 0] / np.maximum(step, 1e-4) - 0.4, 0, 1)
            mean = factor.mean((0, 1), keepdims=True)
            accent = accent * clear + (1 - clear) * accent.mean()
            colour = _dyed(piece, colour, mean + (factor - mean) * clear[..., None], accent)
        span_m = piece.size_m[0] if is_floor else piece.size_m[1]
        if piece.uneven:
            scale = 0.08 * span_m
            bumps = wander(away / scale, (z - far) / scale, piece.seed + 50) - 0.5
            colour = colour * (1 + 1.6 * piece.uneven * bumps)[..., None]
        soft = max(piece.edge_m, 2 * canvas.pixel_m(far))
        return colour, edge(span_m / 2 - np.abs(away), soft) * piece.opacity * (t > 0)


def lamps(canvas: Canvas, picture: Floats, piece: Piece) -> None:
    """Adds `count` round lights; their discs have the width of the circle of confusion and a brighter rim.

    Towards the corners the barrel of the lens cuts into the discs (optical vignetting), as in photographs.
    """
    x, y = canvas.metres(piece.at[2])
    pixel = canvas.pixel_m(piece.at[2])
    radius = max(canvas.blur_px(piece.at[2]) / 2, 1.2)
    draw = np.random.default_rng(piece.seed)
    for _ in range(piece.count):
        px = piece.at[0] + piece.size_m[0] * draw.uniform(-0.5, 0.5)
        py = piece.at[1] + piece.size_m[1] * (draw.uniform(0, 1) ** 1.5 - 0.5)
        power = 1 - piece.uneven * draw.uniform(0, 1)
        warm = 1 + 0.25 * piece.uneven * draw.uniform(-1, 1)
        columns = span(np.abs(x[0] - px) < 1.1 * radius * pixel)
        rows = span(np.abs(y[:, 0] - py) < 1.1 * radius * pixel)
        if columns.stop == 0 or rows.stop == 0:
            continue
        right, up = (x[:, columns] - px) / pixel / radius, (y[rows] - py) / pixel / radius
        far = np.hypot(right, up)
        u, v = float(canvas.u[columns].mean()), float(canvas.v[rows].mean())
        cut = np.hypot(right + 0.42 * u * min(abs(u), 1.2), up + 0.3 * v * min(abs(v), 1.2)) / 1.12
        disc = np.clip((1 - far) * radius * 0.6, 0, 1) * np.clip((1 - cut) * radius * 0.45, 0, 1)
        disc = disc * (0.78 + 0.22 * np.clip(far, 0, 1) ** 4)
        colour = np.asarray(piece.radiance, np.float32) * (power * np.array([warm, 1, 1 / warm], np.float32))
        picture[rows, columns, :3] += disc[..., None] * colour


def clouds(canvas: Canvas, piece: Piece) -> Floats:
    """Returns the (h, w) factor by which a piece of clouds changes what is behind it."""
    x, y = canvas.metres(piece.at[2])
    bumps = wander((x - piece.at[0]) / piece.size_m[0], (y - piece.at[1]) / piece.size_m[1], piece.seed)
    return (1 + 2 * piece.uneven * (bumps - 0.5)).astype(np.float32)


def lay(under: Floats, alpha: Floats, colour: Floats) -> None:
    """Blends a colour over a premultiplied picture, in place."""
    under *= (1 - alpha)[..., None]
    under[..., :3] += colour * alpha[..., None]
    under[..., 3] += alpha


def edge(inside_m: Floats, soft_m: float) -> Floats:
    """Returns 0..1: how far inside an outline that is soft_m wide."""
    t = np.clip(inside_m / soft_m + 0.5, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def _gradient(piece: Piece, along: Floats) -> Floats:
    high = np.asarray(piece.radiance, np.float32)
    low = high if piece.radiance_low is None else np.asarray(piece.radiance_low, np.float32)
    return np.asarray(low + np.asarray(along, np.float32)[..., None] * (high - low))


def _dyed(piece: Piece, colour: Floats, factor: Floats, accent: Floats) -> Floats:
    out = colour * np.maximum(factor, 0.02)
    if piece.accent is not None:
        cover_ = np.clip(accent, 0, 1)[..., None]
        out = out * (1 - cover_) + accent[..., None] * np.asarray(piece.accent, np.float32)
    return np.asarray(out, np.float32)


def _put(layer: Floats, piece: Piece, alpha: Floats, colour: Floats) -> None:
    if piece.adds:
        layer[..., :3] += colour * alpha[..., None]
    else:
        lay(layer, alpha, colour)


def _sheet(layer: Floats, piece: Piece, dx: Floats, dy: Floats, pixel: float) -> None:
    """A panel or a disc."""
    half_w, half_h = piece.size_m[0] / 2, piece.size_m[1] / 2
    soft = max(piece.edge_m, pixel)
    columns = span((np.abs(dx) < half_w + soft).any(0))
    rows = span(np.abs(dy[:, 0]) < half_h + soft)
    dx = dx[:, columns] if len(dx) == 1 else dx[rows, columns]
    dy = dy[rows]
    if not dx.size or not dy.size:
        return
    if piece.shape is Shape.PANEL:
        alpha: Floats = edge(half_w - np.abs(dx), soft) * edge(half_h - np.abs(dy), soft)
    else:
        alpha = edge((1 - np.sqrt((dx / half_w) ** 2 + (dy / half_h) ** 2)) * min(half_w, half_h), soft)
    along = np.clip((dy + half_h) / max(2 * half_h, 1e-6), 0, 1)
    colour = _gradient(piece, along)
    if piece.pattern is not Pattern.NONE:
        colour = _dyed(piece, colour, *weave(piece, dx + half_w, dy + half_h))
    if piece.uneven:
        scale = max(0.12 * piece.size_m[0], 4 * pixel)
        bumps = wander(dx / scale, dy / (0.4 * scale), piece.seed + 50) - 0.5
        colour = colour * (1 + 1.6 * piece.uneven * bumps)[..., None]
    _put(layer[rows, columns], piece, alpha * piece.opacity, colour)


def _ridge(layer: Floats, piece: Piece, dx: Floats, dy: Floats, pixel: float) -> None:
    soft = max(piece.edge_m, pixel, 0.02 * piece.size_m[1])
    top = piece.size_m[1] * wander(dx / piece.size_m[0], np.zeros_like(dx), piece.seed)
    along = np.clip(1 - (top - dy) / piece.size_m[1], 0, 1)
    colour = _gradient(piece, along)
    if piece.uneven:
        scale = max(0.12 * piece.size_m[0], 4 * pixel)
        bumps = wander(dx / scale, dy / (0.4 * scale), piece.seed + 50) - 0.5
        colour = colour * (1 + 1.6 * piece.uneven * bumps)[..., None]
    _put(layer, piece, edge(top - dy, soft) * piece.opacity, colour)


def _trees(layer: Floats, piece: Piece, dx: Floats, dy: Floats, pixel: float) -> None:
    draw = np.random.default_rng(piece.seed)
    snow, dark = (np.asarray(c, np.float32) for c in (piece.radiance, piece.radiance_low or piece.radiance))
    for place in draw.uniform(-0.5, 0.5, piece.count):
        tall = piece.size_m[1] * draw.uniform(0.55, 1.0)
        wide = tall * draw.uniform(0.3, 0.42)
        tiers = 7 + int(draw.integers(4))
        columns = span(np.abs(dx[0] - place * piece.size_m[0]) < wide * 0.6)
        rows = span((dy[:, 0] > 0) & (dy[:, 0] < tall))
        offset, up = dx[:1, columns] - place * piece.size_m[0], dy[rows]
        if not offset.size or not up.size:
            continue
        t = up / tall
        sag = (t * tiers) % 1.0
        half = wide / 2 * (1 - t) * (1.12 - 0.5 * sag)
        inside = edge(half - np.abs(offset), 2 * pixel)
        ruffle = wander(offset / (0.1 * wide) + 40 * place, up / (0.05 * tall), piece.seed)
        lit = np.clip(1.25 * sag - 0.55 + 0.9 * (ruffle - 0.4) - 0.25 * offset / wide, 0, 1)[..., None]
        lay(layer[rows, columns], inside * piece.opacity, dark + lit * (snow - dark))


def _foliage(layer: Floats, piece: Piece, dx: Floats, dy: Floats, pixel: float) -> None:
    """A mass of leaves: its rim frays by clusters, single leaves shine, and light comes through gaps."""
    half_w, half_h = piece.size_m[0] / 2, piece.size_m[1] / 2
    wide, tall = piece.pattern_m
    x, y = np.broadcast_arrays(dx, dy)
    inward = 1 - np.sqrt((dx / half_w) ** 2 + (dy / half_h) ** 2)
    clump: Floats = wander(x / (7 * wide) + 3.3, y / (6 * tall), piece.seed + 11) - 0.5
    leaf = chance(np.floor(x / wide + 2 * clump), np.floor(y / tall + 0.3 * x / wide), piece.seed + 12) - 0.5
    dense = inward * 2.2 + 1.5 * clump + 0.55 * leaf - piece.edge_m
    alpha = np.asarray(np.clip(dense * 3 + 0.5, 0, 1) * (inward > -0.35), np.float32)
    colour = _gradient(piece, np.clip((dy + half_h) / (2 * half_h) + 0.5 * clump, 0, 1))
    colour = _dyed(piece, colour, *weave(replace(piece, pattern=Pattern.LEAVES), x, y))
    _put(layer, piece, alpha * piece.opacity, colour)


def _skyline(layer: Floats, piece: Piece, dx: Floats, dy: Floats, pixel: float) -> None:
    """Buildings shoulder to shoulder, the farther ones first, with windows by the piece's pattern."""
    draw = np.random.default_rng(piece.seed)
    each = piece.size_m[0] / max(piece.count, 1)
    for k in draw.permutation(piece.count):
        middle = -piece.size_m[0] / 2 + (k + 0.5) * each + draw.uniform(-0.2, 0.2) * each
        wide, tall = each * draw.uniform(0.75, 1.35), piece.size_m[1] * draw.uniform(0.42, 1.0)
        tone = draw.uniform(0.7, 1.3)
        columns = span(np.abs(dx[0] - middle) < wide / 2)
        rows = span((dy[:, 0] > -piece.size_m[1]) & (dy[:, 0] < tall))
        a, b = dx[:1, columns] - middle, dy[rows]
        if not a.size or not b.size:
            continue
        colour = tone * _gradient(piece, np.clip(b / piece.size_m[1], 0, 1))
        local = replace(piece, seed=piece.seed + 17 * int(k))
        colour = _dyed(piece, colour, *weave(local, a + wide / 2, b))
        inside = edge(wide / 2 - np.abs(a), 2 * pixel) * edge(tall - b, 2 * pixel)
        lay(layer[rows, columns], inside * piece.opacity, colour)


def _beam(layer: Floats, piece: Piece, dx: Floats, dy: Floats, pixel: float) -> None:
    """Light in hazy air: brightest along the axis and near the lamp, streaky with smoke."""
    wide, long = piece.size_m
    down = np.clip(-dy / long, 0, 1)
    half = 0.04 * wide + down * wide / 2
    across = np.abs(dx) / half
    core = np.exp(-1.8 * across**2) * (across < 2.6) * (dy < 0) * (0.04 * wide / half + 0.12) * (1 - down**3)
    smoke: Floats = np.ones((1, 1), np.float32)
    if piece.uneven:
        smoke = 1 + 1.6 * piece.uneven * (wander(dx / (0.18 * wide), dy / (0.1 * long), piece.seed) - 0.5)
    layer[..., :3] += (core * smoke * piece.opacity)[..., None] * np.asarray(piece.radiance, np.float32)


def _drops(layer: Floats, piece: Piece, dx: Floats, dy: Floats, pixel: float) -> None:
    """Drops on a pane: each is a small lens that shows the scene upside down, bright below and dark above."""
    draw = np.random.default_rng(piece.seed)
    high, low = (np.asarray(c, np.float32) for c in (piece.radiance, piece.radiance_low or piece.radiance))
    for _ in range(piece.count):
        px, py = draw.uniform(-0.5, 0.5) * piece.size_m[0], draw.uniform(-0.5, 0.5) * piece.size_m[1]
        radius = piece.pattern_m[0] * float(draw.lognormal(-0.35, 0.55))
        tall = radius * draw.uniform(1.0, 1.5)
        trail = draw.uniform() < 0.12
        columns = span(np.abs(dx[0] - px) < 1.2 * radius)
        rows = span((dy[:, 0] - py < tall * (14 if trail else 1.2)) & (dy[:, 0] - py > -1.2 * tall))
        a, b = (dx[:1, columns] - px) / radius, (dy[rows] - py) / tall
        if not a.size or not b.size:
            continue
        if trail:
            run = edge(0.45 - np.abs(a), 0.5) * np.clip(1 - b / 14, 0, 1) * (b > 0) * 0.35
            lay(layer[rows, columns], run, np.broadcast_to(high * 0.9, (*run.shape, 3)))
        inside = edge(1 - np.hypot(a, b), 1.5 * pixel / radius)
        shown = low + np.clip(0.5 - 0.75 * b + 0.15 * a, 0, 1)[..., None] * (high - low)
        if piece.accent is not None:
            shine = np.exp(-((a + 0.3) ** 2 + (b - 0.45) ** 2) / 0.05)
            shown = shown + shine[..., None] * np.asarray(piece.accent, np.float32)
        lay(layer[rows, columns], inside * piece.opacity, shown)
