"""Paints what stands behind the actor, out of focus as through the shot's own lens.

Pieces are drawn far to near in linear light. All pieces at one distance form a layer; each layer is blurred by the
disc its distance makes on the sensor (thin lens: diameter = aperture x |d - s| / d at the plane in focus), so lights
become round and edges melt as in a photograph. Painted once per shot, at a reduced size: there is nothing sharp in it.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.place import Backdrop, Piece, Shape
from understudy.render.framing import Camera

Floats = npt.NDArray[np.floating[Any]]

_HEIGHT_PX = 216
_MARGIN = 0.14
"""Share of the height painted beyond each edge, so that blur has something to gather."""


def paint(backdrop: Backdrop, camera: Camera) -> Floats:
    """Returns the (216, w, 3) linear picture of a backdrop, top row first."""
    painter = _Painter(camera, backdrop.aperture_m)
    height = painter.v[:, None, None]
    bands = [np.asarray(c, np.float32) for c in (backdrop.top, backdrop.middle, backdrop.bottom)]
    upper = np.clip(height, 0, 1)
    lower = np.clip(-height, 0, 1)
    column = bands[1] + upper * (bands[0] - bands[1]) + lower * (bands[2] - bands[1])
    picture: Floats = np.repeat(column, len(painter.u), axis=1).astype(np.float32)
    for layer in _layers(sorted(backdrop.pieces, key=lambda p: p.at[2]), painter):
        if layer[0].shape is Shape.CLOUDS:
            picture *= painter.clouds(layer[0])[..., None]
        elif layer[0].shape is Shape.LAMPS:
            painter.lamps(picture, layer[0])
        else:
            sharp = np.zeros((*picture.shape[:2], 4), np.float32)
            for piece in layer:
                painter.cover(sharp, piece)
            blurred = _disc_blur(sharp, painter.blur_px(layer[0].at[2]) / 2)
            picture = picture * (1 - blurred[..., 3:]) + blurred[..., :3]
    edge = painter.margin
    return np.ascontiguousarray(picture[edge:-edge, edge:-edge])


def _layers(pieces: list[Piece], painter: "_Painter") -> list[list[Piece]]:
    """Returns the pieces, far to near, in groups that one blur fits to within half a pixel."""
    layers: list[list[Piece]] = []
    for piece in pieces:
        alone = piece.shape in (Shape.CLOUDS, Shape.LAMPS)
        last = layers[-1] if layers else None
        if (
            last is None
            or alone
            or last[0].shape in (Shape.CLOUDS, Shape.LAMPS)
            or abs(painter.blur_px(last[0].at[2]) - painter.blur_px(piece.at[2])) > 1.0
        ):
            layers.append([piece])
        else:
            last.append(piece)
    return layers


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

    def cover(self, layer: Floats, piece: Piece) -> None:
        """Paints a panel, disc, ridge or row of trees over a premultiplied (h, w, 4) layer."""
        x, y = self.metres(piece.at[2])
        pixel = self.pixel_m(piece.at[2])
        dx, dy = x - piece.at[0], y - piece.at[1]
        if piece.shape is Shape.TREES:
            self._trees(layer, piece, dx, dy, pixel)
            return
        half_w, half_h = piece.size_m[0] / 2, piece.size_m[1] / 2
        soft = max(piece.edge_m, pixel)
        high = np.asarray(piece.radiance, np.float32)
        low = high if piece.radiance_low is None else np.asarray(piece.radiance_low, np.float32)
        if piece.shape is Shape.RIDGE:
            top = piece.size_m[1] * _wander(dx / piece.size_m[0], np.zeros_like(dx), piece.seed)
            rows, columns = slice(None), slice(None)
            alpha = _edge(top - dy, max(soft, 0.02 * piece.size_m[1]))
            along = np.clip(1 - (top - dy) / piece.size_m[1], 0, 1)
        else:
            columns = _span(np.abs(dx[0]) < half_w + soft)
            rows = _span(np.abs(dy[:, 0]) < half_h + soft)
            dx, dy = dx[:, columns], dy[rows]
            if piece.shape is Shape.PANEL:
                alpha = _edge(half_w - np.abs(dx), soft) * _edge(half_h - np.abs(dy), soft)
            else:
                alpha = _edge((1 - np.sqrt((dx / half_w) ** 2 + (dy / half_h) ** 2)) * min(half_w, half_h), soft)
            along = np.clip((dy + half_h) / max(2 * half_h, 1e-6), 0, 1)
        colour = low + along[..., None] * (high - low)
        if piece.uneven:
            scale = max(0.12 * piece.size_m[0], 4 * pixel)
            bumps = _wander(dx / scale, dy / (0.4 * scale), piece.seed + 50) - 0.5
            colour = colour * (1 + 1.6 * piece.uneven * bumps)[..., None]
        _lay(layer[rows, columns], alpha * piece.opacity, colour)

    def _trees(self, layer: Floats, piece: Piece, dx: Floats, dy: Floats, pixel: float) -> None:
        draw = np.random.default_rng(piece.seed)
        snow, dark = (np.asarray(c, np.float32) for c in (piece.radiance, piece.radiance_low or piece.radiance))
        for place in draw.uniform(-0.5, 0.5, piece.count):
            tall = piece.size_m[1] * draw.uniform(0.55, 1.0)
            wide = tall * draw.uniform(0.3, 0.42)
            tiers = 7 + int(draw.integers(4))
            columns = _span(np.abs(dx[0] - place * piece.size_m[0]) < wide * 0.6)
            rows = _span((dy[:, 0] > 0) & (dy[:, 0] < tall))
            offset, up = dx[:, columns] - place * piece.size_m[0], dy[rows]
            t = up / tall
            sag = (t * tiers) % 1.0
            half = wide / 2 * (1 - t) * (1.12 - 0.5 * sag)
            inside = _edge(half - np.abs(offset), 2 * pixel)
            ruffle = _wander(offset / (0.1 * wide) + 40 * place, up / (0.05 * tall), piece.seed)
            lit = np.clip(1.25 * sag - 0.55 + 0.9 * (ruffle - 0.4) - 0.25 * offset / wide, 0, 1)[..., None]
            _lay(layer[rows, columns], inside * piece.opacity, dark + lit * (snow - dark))

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
            columns = _span(np.abs(x[0] - px) < 1.1 * radius * pixel)
            rows = _span(np.abs(y[:, 0] - py) < 1.1 * radius * pixel)
            far = np.hypot(x[:, columns] - px, y[rows] - py) / pixel / radius
            disc = np.clip((1 - far) * radius * 0.6, 0, 1) * (0.78 + 0.22 * np.clip(far, 0, 1) ** 4)
            picture[rows, columns] += disc[..., None] * (
                np.asarray(piece.radiance, np.float32) * (power * np.array([warm, 1, 1 / warm], np.float32))
            )


def _lay(under: Floats, alpha: Floats, colour: Floats) -> None:
    """Blends a colour over a premultiplied picture, in place."""
    under *= (1 - alpha)[..., None]
    under[..., :3] += colour * alpha[..., None]
    under[..., 3] += alpha


def _span(mask: npt.NDArray[np.bool_]) -> slice:
    """Returns the slice from the first to the last true entry."""
    hits = np.flatnonzero(mask)
    return slice(int(hits[0]), int(hits[-1]) + 1) if len(hits) else slice(0, 0)


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
    """Returns (h, w, 4) convolved with a disc, by FFT over the part that is painted."""
    if radius_px < 0.6 or not layer[..., 3].any():
        return layer
    reach = int(np.ceil(radius_px)) + 1
    rows, columns = (_span(np.asarray(layer[..., 3].any(1 - axis))) for axis in (0, 1))
    part = layer[rows, columns]
    height, width = (_smooth_size(n + 3 * reach) for n in part.shape[:2])
    padded = np.zeros((height, width, 4), np.float32)
    inner = np.pad(part, ((reach, reach), (reach, reach), (0, 0)), "edge")
    # beyond the edge of the canvas things go on; elsewhere the pad is empty, as is the strip that wraps round
    inner[:reach] *= rows.start == 0
    inner[:, :reach] *= columns.start == 0
    inner[-reach:] *= rows.stop == layer.shape[0]
    inner[:, -reach:] *= columns.stop == layer.shape[1]
    padded[: inner.shape[0], : inner.shape[1]] = inner
    y, x = np.fft.fftfreq(height) * height, np.fft.fftfreq(width) * width
    kernel = np.clip(radius_px + 0.5 - np.hypot(x[None], y[:, None]), 0, 1).astype(np.float32)
    transform = np.fft.rfft2(kernel / kernel.sum())
    planes = [np.fft.irfft2(np.fft.rfft2(padded[..., c]) * transform, s=(height, width)) for c in range(4)]
    top, left = min(reach, rows.start), min(reach, columns.start)
    bottom = min(rows.stop + reach, layer.shape[0])
    right = min(columns.stop + reach, layer.shape[1])
    out = np.zeros_like(layer)
    target = out[rows.start - top : bottom, columns.start - left : right]
    target[:] = np.stack(planes, -1)[reach - top :, reach - left :][: target.shape[0], : target.shape[1]]
    return out


def _smooth_size(least: int) -> int:
    """Returns the smallest 2^a 3^b 5^c that is at least so large: such transforms are quick."""
    best = 1 << (least - 1).bit_length()
    for five in (1, 5, 25):
        for three in (1, 3, 9, 27):
            size = five * three
            while size < least:
                size *= 2
            best = min(best, size)
    return best
