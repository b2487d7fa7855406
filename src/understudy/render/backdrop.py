"""Paints what stands behind the actor, out of focus as through the shot's own lens.

Pieces are drawn far to near in linear light. All pieces at one distance form a layer; each layer is blurred by the
disc its distance makes on the sensor (thin lens: diameter = aperture x |d - s| / d at the plane in focus), so lights
become round and edges melt as in a photograph. Painted once per shot, at a reduced size: there is nothing sharp in it.
"""

from itertools import groupby

import numpy as np
import numpy.typing as npt

from understudy.hub.place import Backdrop, Piece, Shape
from understudy.render.framing import Camera

Floats = npt.NDArray[np.float32]

_HEIGHT_PX = 300
_MARGIN = 0.14
"""Share of the height painted beyond each edge, so that blur has something to gather."""


def paint(backdrop: Backdrop, camera: Camera) -> Floats:
    """Returns the (300, w, 3) linear picture of a backdrop, top row first."""
    painter = _Painter(camera, backdrop.aperture_m)
    height = painter.v[:, None, None]
    bands = [np.asarray(c, np.float32) for c in (backdrop.top, backdrop.middle, backdrop.bottom)]
    upper = np.clip(height, 0, 1)
    lower = np.clip(-height, 0, 1)
    picture = bands[1] + upper * (bands[0] - bands[1]) + lower * (bands[2] - bands[1])
    picture = np.repeat(picture, len(painter.u), axis=1).astype(np.float32)
    for depth, group in groupby(sorted(backdrop.pieces, key=lambda p: p.at[2]), key=lambda p: p.at[2]):
        layer = np.zeros((*picture.shape[:2], 4), np.float32)
        for piece in group:
            if piece.shape is Shape.CLOUDS:
                picture *= painter.clouds(piece)[..., None]
            elif piece.shape is Shape.LAMPS:
                painter.lamps(picture, piece)
            else:
                alpha, colour = painter.cover(piece)
                layer = layer * (1 - alpha[..., None]) + np.dstack([colour * alpha[..., None], alpha])
        if layer[..., 3].any():
            blurred = _disc_blur(layer, painter.blur_px(depth) / 2)
            picture = picture * (1 - blurred[..., 3:]) + blurred[..., :3]
    edge = painter.margin
    return np.ascontiguousarray(picture[edge:-edge, edge:-edge])


class _Painter:
    """Knows where on the canvas a metre of the stage lies at every depth."""

    def __init__(self, camera: Camera, aperture_m: float) -> None:
        self.camera = camera
        self.aperture_m = aperture_m
        self.margin = round(_HEIGHT_PX * _MARGIN)
        height, width = _HEIGHT_PX, round(_HEIGHT_PX * camera.aspect)
        self.v = 1 - (np.arange(-self.margin, height + self.margin) + 0.5) / height * 2
        self.u = (np.arange(-self.margin, width + self.margin) + 0.5) / width * 2 - 1

    def metres(self, depth: float) -> tuple[Floats, Floats]:
        """Returns x (1, w) and y (h, 1) of the canvas on the plane z = depth."""
        grow = (self.camera.distance_m - depth) / self.camera.distance_m
        half = self.camera.height_m / 2
        x = (self.u * half * self.camera.aspect + self.camera.shift[0]) * grow
        y = (self.v * half + self.camera.shift[1]) * grow
        return x[None].astype(np.float32), y[:, None].astype(np.float32)

    def pixel_m(self, depth: float) -> float:
        """Returns the width of a pixel on the plane z = depth, metres."""
        s = self.camera.distance_m
        return self.camera.height_m / _HEIGHT_PX * (s - depth) / s

    def blur_px(self, depth: float) -> float:
        """Returns the diameter of the circle of confusion at a depth, in pixels."""
        s = self.camera.distance_m
        d = s - depth
        return self.aperture_m * abs(d - s) / d / self.camera.height_m * _HEIGHT_PX

    def cover(self, piece: Piece) -> tuple[Floats, Floats]:
        """Returns (alpha (h, w), colour (h, w, 3)) of a panel, disc, ridge or row of trees."""
        x, y = self.metres(piece.at[2])
        pixel = self.pixel_m(piece.at[2])
        dx, dy = x - piece.at[0], y - piece.at[1]
        half_w, half_h = piece.size_m[0] / 2, piece.size_m[1] / 2
        soft = max(piece.edge_m, pixel)
        high = np.asarray(piece.radiance, np.float32)
        low = high if piece.radiance_low is None else np.asarray(piece.radiance_low, np.float32)
        along = np.clip((dy + half_h) / max(2 * half_h, 1e-6), 0, 1)[..., None]
        if piece.shape is Shape.PANEL:
            alpha = _edge(half_w - np.abs(dx), soft) * _edge(half_h - np.abs(dy), soft)
        elif piece.shape is Shape.DISC:
            radius = np.sqrt((dx / half_w) ** 2 + (dy / half_h) ** 2)
            alpha = _edge((1 - radius) * min(half_w, half_h), soft)
        elif piece.shape is Shape.RIDGE:
            top = piece.size_m[1] * _wander(dx / piece.size_m[0], np.zeros_like(dx), piece.seed)
            alpha = _edge(top - dy, max(soft, 0.02 * piece.size_m[1])) * np.ones_like(dx)
            along = np.clip(1 - (top - dy) / piece.size_m[1], 0, 1)[..., None]
        else:
            return self._trees(piece, dx, dy, pixel)
        colour = low + along * (high - low)
        if piece.uneven:
            scale = max(0.12 * piece.size_m[0], 4 * pixel)
            bumps = _wander(dx / scale, dy / (0.4 * scale), piece.seed + 50) - 0.5
            colour = colour * (1 + 1.6 * piece.uneven * bumps)[..., None]
        return (alpha * piece.opacity).astype(np.float32), np.broadcast_to(colour, (*alpha.shape, 3)).astype(np.float32)

    def _trees(self, piece: Piece, dx: Floats, dy: Floats, pixel: float) -> tuple[Floats, Floats]:
        draw = np.random.default_rng(piece.seed)
        snow, dark = (np.asarray(c, np.float32) for c in (piece.radiance, piece.radiance_low or piece.radiance))
        alpha = np.zeros((dy.shape[0], dx.shape[1]), np.float32)
        colour = np.zeros((*alpha.shape, 3), np.float32)
        for place in np.sort(draw.uniform(-0.5, 0.5, piece.count))[draw.permutation(piece.count)]:
            tall = piece.size_m[1] * draw.uniform(0.55, 1.0)
            wide = tall * draw.uniform(0.3, 0.42)
            t = dy / tall
            tiers = 7 + int(draw.integers(4))
            sag = (t * tiers) % 1.0
            half = wide / 2 * (1 - t) * (1.12 - 0.5 * sag)
            offset = dx - place * piece.size_m[0]
            inside = _edge(half - np.abs(offset), 2 * pixel) * (t > 0) * (t < 1)
            ruffle = _wander(offset / (0.1 * wide) + 40 * place, dy / (0.05 * tall), piece.seed)
            lit = np.clip(1.25 * sag - 0.55 + 0.9 * (ruffle - 0.4) - 0.25 * offset / wide, 0, 1)[..., None]
            tint = dark + lit * (snow - dark)
            alpha = alpha * (1 - inside) + inside
            colour = colour * (1 - inside[..., None]) + tint * inside[..., None]
        return alpha * piece.opacity, colour / np.maximum(alpha, 1e-3)[..., None]

    def clouds(self, piece: Piece) -> Floats:
        x, y = self.metres(piece.at[2])
        wander = _wander(x / piece.size_m[0], y / piece.size_m[1], piece.seed)
        return (1 + 2 * piece.uneven * (wander - 0.5)).astype(np.float32)

    def lamps(self, picture: Floats, piece: Piece) -> None:
        """Adds `count` round lights; their discs have the width of the circle of confusion and a brighter rim."""
        x, y = self.metres(piece.at[2])
        pixel = self.pixel_m(piece.at[2])
        radius = max(self.blur_px(piece.at[2]) / 2, 1.2)
        draw = np.random.default_rng(piece.seed)
        for _ in range(piece.count):
            px = piece.at[0] + piece.size_m[0] * draw.uniform(-0.5, 0.5)
            py = piece.at[1] + piece.size_m[1] * (draw.uniform(0, 1) ** 1.5 - 0.5)
            power = 1 - piece.uneven * draw.uniform(0, 1)
            warm = 1 + 0.25 * piece.uneven * draw.uniform(-1, 1)
            far = np.hypot(x - px, y - py) / pixel / radius
            disc = np.clip((1 - far) * radius * 0.6, 0, 1) * (0.78 + 0.22 * np.clip(far, 0, 1) ** 4)
            picture += disc[..., None] * (np.asarray(piece.radiance, np.float32) * (power * np.array([warm, 1, 1 / warm])))


def _edge(inside_m: Floats, soft_m: float) -> Floats:
    t = np.clip(inside_m / soft_m + 0.5, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def _wander(x: Floats, y: Floats, seed: int) -> Floats:
    """Returns fractal value noise in 0..1 over broadcast coordinates: three octaves, smooth between lattice points."""
    table = np.random.default_rng(seed + 1000).random((64, 64)).astype(np.float32)
    total: Floats = np.zeros(np.broadcast_shapes(x.shape, y.shape), np.float32)
    for octave, share in enumerate((0.57, 0.29, 0.14)):
        fx, fy = x * 2**octave + 13.7 * octave, y * 2**octave + 7.1 * octave
        ix, iy = np.floor(fx).astype(int), np.floor(fy).astype(int)
        tx, ty = fx - ix, fy - iy
        tx, ty = tx * tx * (3 - 2 * tx), ty * ty * (3 - 2 * ty)
        top = table[iy % 64, ix % 64] * (1 - tx) + table[iy % 64, (ix + 1) % 64] * tx
        bottom = table[(iy + 1) % 64, ix % 64] * (1 - tx) + table[(iy + 1) % 64, (ix + 1) % 64] * tx
        total = total + share * (top * (1 - ty) + bottom * ty)
    return total.astype(np.float32)


def _disc_blur(layer: Floats, radius_px: float) -> Floats:
    """Returns (h, w, 4) convolved with a disc, by FFT."""
    if radius_px < 0.6:
        return layer
    height, width = layer.shape[:2]
    y, x = np.fft.fftfreq(height) * height, np.fft.fftfreq(width) * width
    kernel = np.clip(radius_px + 0.5 - np.hypot(x[None], y[:, None]), 0, 1).astype(np.float32)
    transform = np.fft.rfft2(kernel / kernel.sum())
    planes = [np.fft.irfft2(np.fft.rfft2(layer[..., c]) * transform, s=(height, width)) for c in range(4)]
    return np.asarray(np.stack(planes, -1), np.float32)
