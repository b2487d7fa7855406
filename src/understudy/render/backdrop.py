"""Paints what stands behind the actor, out of focus as through the shot's own lens.

Pieces are drawn far to near in linear light. All pieces at one distance form a layer; each layer is blurred by the
disc its distance makes on the sensor (thin lens: diameter = aperture x |d - s| / d at the plane in focus), so lights
become round and edges melt as in a photograph. Painted once per shot, at a reduced size: there is nothing sharp in it.

    far sky, or the user's own plate -> layer, layer ... (haze between) -> bloom of the lens -> plate
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.place import Backdrop, Piece, Shape
from understudy.render import pieces as draw
from understudy.render.blur import disc_blur, soft_blur, span
from understudy.render.canvas import HEIGHT_PX, Canvas
from understudy.render.framing import Camera
from understudy.render.patterns import wander

Floats = npt.NDArray[np.floating[Any]]

_SKY_M = -120.0
"""Where what has no place of its own is thought to be."""
_ALONE = (Shape.CLOUDS, Shape.LAMPS, *draw.PLANES)


@dataclass(frozen=True, eq=False)
class Layer:
    """depth_m: z of its plane. light: (h, w, 4) premultiplied linear RGB and coverage; clouds: a (h, w) factor on all
    that is behind it instead.
    """

    depth_m: float
    light: Floats
    clouds: bool = False


@dataclass(frozen=True, eq=False)
class Card:
    """One plane of a backdrop seen by a moving camera. corners_m: left, right, bottom, top on z = depth_m.

    light: (h, w, 4) premultiplied linear RGB and coverage, top row first. whole: (h, w, 3) all cards together as the
    resting camera sees them.
    """

    depth_m: float
    corners_m: tuple[float, float, float, float]
    light: Floats
    whole: Floats


def paint(backdrop: Backdrop, camera: Camera, *, height_px: int = HEIGHT_PX) -> Floats:
    """Returns the (height_px, w, 3) linear picture of a backdrop, top row first."""
    canvas = Canvas(camera, backdrop.aperture_m, height_px)
    picture = np.zeros((*canvas.shape, 3), np.float32)
    for layer in layers(backdrop, canvas):
        _onto(picture, layer)
    return canvas.kept(_bloomed(picture, backdrop.bloom))


def paint_cards(
    backdrop: Backdrop, camera: Camera, *, over: tuple[float, float], most: int = 4, height_px: int = HEIGHT_PX
) -> list[Card]:
    """Returns the backdrop as at most `most` planes, far to near, with `over` of it kept beyond each edge."""
    canvas = Canvas(camera, backdrop.aperture_m, height_px, over)
    near = max([p.at[2] for p in backdrop.pieces], default=_SKY_M)
    steps = np.linspace(_nearness(camera, _SKY_M), _nearness(camera, near) + 1e-6, most + 1)
    groups: list[list[Layer]] = [[] for _ in range(most)]
    picture = np.zeros((*canvas.shape, 3), np.float32)
    for layer in layers(backdrop, canvas):
        _onto(picture, layer)
        slot = int(np.clip(np.searchsorted(steps, _nearness(camera, layer.depth_m), "right") - 1, 0, most - 1))
        slot = max([slot, *(i for i, group in enumerate(groups) if group)])  # never behind what it covers
        if layer.clouds:
            for group in groups:
                for i, under in enumerate(group):
                    light = under.light.copy()
                    light[..., :3] *= layer.light[..., None]
                    group[i] = Layer(under.depth_m, light)
            continue
        if groups[slot]:
            groups[slot][0] = Layer(groups[slot][0].depth_m, _over(groups[slot][0].light, layer.light))
        else:
            groups[slot].append(layer)
    cards = [layer for group in groups for layer in group]
    if backdrop.bloom > 0:  # what the lens spreads, as one more plane: light x (1 - share) + share x spread light
        spread = np.full((*canvas.shape, 4), backdrop.bloom, np.float32)
        spread[..., :3] *= soft_blur(picture, 0.07 * picture.shape[0])
        cards.append(Layer(cards[-1].depth_m if len(cards) < 3 else cards[1].depth_m, spread))
    seen = canvas.kept(_bloomed(picture, backdrop.bloom))
    return [Card(c.depth_m, canvas.card_m(c.depth_m), canvas.kept(c.light), seen) for c in cards]


def layers(backdrop: Backdrop, canvas: Canvas) -> Iterator[Layer]:
    """Yields the layers of a backdrop, far to near, blurred and behind their haze; the first one covers everything."""
    wet = next((p for p in backdrop.pieces if p.shape is Shape.FLOOR and p.wet > 0), None)
    mirror: Floats | None = None
    for layer in _behind(backdrop, canvas):
        yield layer
        if wet is not None:
            mirror = _mirrored(canvas, mirror, layer, wet)
    planes: dict[int, draw.Plane] = {}
    for depth_m, group, band in _groups(backdrop, canvas, planes):
        first = group[0]
        if first.shape is Shape.CLOUDS:
            yield Layer(depth_m, draw.clouds(canvas, first), clouds=True)
            continue
        light = np.zeros((*canvas.shape, 4), np.float32)
        if first.shape is Shape.LAMPS:
            for piece in group:
                draw.lamps(canvas, light, piece)
        elif first.shape in draw.PLANES:
            plane = planes[id(first)]
            depth_m, sharp = plane.band(band)
            light = disc_blur(sharp, canvas.blur_px(depth_m) / 2)
            if first.wet > 0 and mirror is not None:
                light = _wetted(canvas, first, plane, light, mirror)
            yield Layer(depth_m, _hazed(backdrop, canvas, light, depth_m))
            continue
        else:
            for piece in group:
                draw.cover(canvas, light, piece)
            light = disc_blur(light, canvas.blur_px(depth_m) / 2)
        layer = Layer(depth_m, _hazed(backdrop, canvas, light, depth_m))
        yield layer
        if wet is not None:
            mirror = _mirrored(canvas, mirror, layer, wet)


def _behind(backdrop: Backdrop, canvas: Canvas) -> Iterator[Layer]:
    """Yields what is farthest away: three shades from top to bottom, or the user's own set."""
    if backdrop.plate is not None:
        from understudy.render.plates import plate_layers

        for depth_m, light in plate_layers(backdrop.plate, canvas):
            yield Layer(depth_m, light)
        return
    height = canvas.v[:, None, None]
    top, middle, bottom = (np.asarray(c, np.float32) for c in (backdrop.top, backdrop.middle, backdrop.bottom))
    column = middle + np.clip(height, 0, 1) * (top - middle) + np.clip(-height, 0, 1) * (bottom - middle)
    light = np.ones((*canvas.shape, 4), np.float32)
    light[..., :3] = column
    yield Layer(_SKY_M, light)


def _wetted(canvas: Canvas, piece: Piece, plane: draw.Plane, light: Floats, mirror: Floats) -> Floats:
    """Returns a band of a wet floor with what stands beyond it mirrored in its puddles."""
    rows = span(light[..., 3].any(1))
    if rows.stop == 0:
        return light
    t = np.broadcast_to(plane.grow, canvas.shape)[rows]
    x, _ = canvas.focus_m()
    puddles = wander(x * t / 1.1, t * 2.6, piece.seed + 71)
    puddles = 0.5 + (puddles - 0.5) * np.clip(5 / np.maximum(t, 1), 0, 1)  # what is finer than a row is even
    even = 1 - min(1.0, 1.6 * piece.uneven)
    much = piece.wet * (even + (1 - even) * np.clip(0.35 + 1.5 * (puddles - 0.3), 0.12, 1))
    out = light.copy()
    out[rows, :, :3] += _smeared(mirror, canvas.height_px, rows) * (much * light[rows, :, 3])[..., None]
    return out


def _groups(backdrop: Backdrop, canvas: Canvas, planes: dict[int, draw.Plane]) -> list[tuple[float, list[Piece], int]]:
    """Returns (depth, pieces, band), far to near, in groups that one blur fits to within half a pixel.

    Floors and walls come band by band and are prepared in `planes`, by the identity of their piece.
    """
    order: list[tuple[float, Piece, int]] = []
    for piece in backdrop.pieces:
        if piece.shape in draw.PLANES:
            plane = planes[id(piece)] = draw.Plane(canvas, piece)
            order += [(z, piece, number) for number, z in enumerate(plane.edges_m[:-1])]
        else:
            order.append((piece.at[2], piece, -1))
    groups: list[tuple[float, list[Piece], int]] = []
    for z, piece, band in sorted(order, key=lambda entry: entry[0]):
        last = groups[-1] if groups else None
        if (
            last is None
            or piece.shape in _ALONE
            or last[1][0].shape in _ALONE
            or abs(canvas.blur_px(last[0]) - canvas.blur_px(z)) > 1.0
            or last[0] * 0.6 < z - 0.5
        ):
            groups.append((z, [piece], band))
        else:
            last[1].append(piece)
    return groups


def _onto(picture: Floats, layer: Layer) -> None:
    if layer.clouds:
        picture *= layer.light[..., None]
    else:
        picture *= 1 - layer.light[..., 3:]
        picture += layer.light[..., :3]


def _over(under: Floats, light: Floats) -> Floats:
    out = under * (1 - light[..., 3:])
    return np.asarray(out + light)


def _hazed(backdrop: Backdrop, canvas: Canvas, light: Floats, depth_m: float) -> Floats:
    if backdrop.haze is None:
        return light
    through = np.exp(-backdrop.haze.per_m * (canvas.camera.distance_m - depth_m))
    out = light.copy()
    out[..., :3] = light[..., :3] * through + light[..., 3:] * ((1 - through) * np.asarray(backdrop.haze.radiance))
    return out


def _bloomed(picture: Floats, share: float) -> Floats:
    if share <= 0:
        return picture
    return np.asarray((1 - share) * picture + share * soft_blur(picture, 0.07 * picture.shape[0]), np.float32)


def _mirrored(canvas: Canvas, mirror: Floats | None, layer: Layer, floor: Piece) -> Floats:
    """Returns the picture in the floor's mirror after one more layer: flipped about where it meets the floor."""
    height = canvas.shape[0]
    if mirror is None:
        mirror = np.zeros((*canvas.shape, 3), np.float32)
    if layer.clouds:
        return np.asarray(mirror * layer.light[..., None])
    foot = canvas.row_of(floor.at[1], layer.depth_m)
    rows = np.rint(2 * foot - np.arange(height)).astype(int)
    seen = layer.light[np.clip(rows, 0, height - 1)]
    return np.asarray(mirror * (1 - seen[..., 3:]) + seen[..., :3])


def _smeared(mirror: Floats, height_px: int, rows: slice) -> Floats:
    """Returns rows of the mirror image as small waves draw it out: long upwards, hardly sideways."""
    size = max(3, round(0.16 * height_px) | 1)
    half = size // 2
    first, last = max(0, rows.start - half - 1), min(len(mirror), rows.stop + half)
    part = np.pad(
        mirror[first:last],
        ((half + 1 - (rows.start - first), half - (last - rows.stop)), (0, 0), (0, 0)),
        "edge",
    )
    total = np.cumsum(part, 0, dtype=np.float64)
    return np.asarray((total[size:] - total[:-size]) / size, np.float32)


def _nearness(camera: Camera, depth_m: float) -> float:
    return 1 / (camera.distance_m - depth_m)
