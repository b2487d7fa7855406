"""Sets of the user's own, as the lens sees them: a picture or film at one distance, a panorama all round, a model."""

from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput
from understudy.hub.place import Grade, Place, Plate, Source
from understudy.render.blur import disc_blur
from understudy.render.canvas import Canvas
from understudy.render.framing import Camera
from understudy.render.panorama import read_light
from understudy.render.tone import scene_from_display

Floats = npt.NDArray[np.floating[Any]]
Bytes = npt.NDArray[np.uint8]

_MAX_PICTURE_PX = 64_000_000
_PAPER, _SPARKLE = 1.0, 6.0
"""Radiance of white paper in a picture, and how much brighter what the picture had clipped is thought to be: it makes
discs of lamps."""
_FILM_ROWS = 216
_FILM_MOST = 300
"""Pictures of a film that are kept; a loop is at most so long."""
_SEAM_S = 0.4
"""Over which the end of a loop fades into its beginning."""


def plate_layers(plate: Plate, canvas: Canvas) -> Iterator[tuple[float, Floats]]:
    """Yields (depth, (h, w, 4) premultiplied linear light) of a user's set, out of focus, far to near."""
    if plate.source is Source.MODEL:
        from understudy.render.model_plate import model_layers

        yield from model_layers(plate, canvas)
        return
    if plate.source is Source.PANORAMA:
        depth_m, light = -120.0, look_round(read_light(Path(plate.file)), plate, canvas)
    else:
        pixels = read_picture(Path(plate.file)) if plate.source is Source.PICTURE else first_picture(Path(plate.file))
        depth_m = -plate.distance_m
        shown = fitted(pixels, canvas).astype(np.float32) / 255
        light = sparkling(scene_from_display(shown, Grade()), shown) * plate.exposure
    out = np.ones((*canvas.shape, 4), np.float32)
    out[..., :3] = disc_blur(light.astype(np.float32), canvas.blur_px(depth_m) / 2)
    yield depth_m, out


def read_picture(path: Path) -> Bytes:
    """Returns (h, w, 3) sRGB, upright, halved until at most 2048 wide. Raises BadInput in one sentence."""
    from PIL import Image, ImageOps

    try:
        with Image.open(path, formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > _MAX_PICTURE_PX:
                raise BadInput(f"{path} has {picture.width}x{picture.height} pixels; use at most 64 megapixels.")
            if min(picture.size) < 32:
                raise BadInput(f"{path} has {picture.width}x{picture.height} pixels; a set needs at least 32 a side.")
            picture.draft("RGB", (2048, 2048))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            while max(upright.size) > 2048:
                upright = upright.reduce(2)
            return np.asarray(upright, np.uint8)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadInput(f"{path} is not a JPEG, PNG or WebP picture, or is damaged; save it again.") from error


def first_picture(path: Path) -> Bytes:
    """Returns the first (h, w, 3) picture of a film. Raises BadInput."""
    for pixels, _ in film_pictures(path):
        return pixels
    raise BadInput(f"{path} holds no pictures; give a film that can be played.")


def film_pictures(path: Path) -> Iterator[tuple[Bytes, float]]:
    """Yields ((h, w, 3) sRGB at most 640 wide, time) of a film. Raises BadInput."""
    import av

    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise BadInput(f"{path} has sound but no pictures; give a film for a set.")
            stream = container.streams.video[0]
            if stream.width * stream.height > _MAX_PICTURE_PX or min(stream.width, stream.height) < 32:
                raise BadInput(f"{path} has {stream.width}x{stream.height} pixels; use 32 a side to 64 megapixels.")
            stream.thread_type = "AUTO"
            small = min(1.0, 640 / stream.width)
            size = max(2, round(stream.width * small / 2) * 2), max(2, round(stream.height * small / 2) * 2)
            for frame in container.decode(stream):
                scaled = frame.reformat(*size, "rgb24", interpolation="AREA")
                yield np.asarray(scaled.to_ndarray(), np.uint8), float(frame.time or 0.0)
    except (av.error.FFmpegError, OSError) as error:
        raise BadInput(
            f"{path} is not a film that can be played ({error.strerror or error}); save it again."
        ) from error


def film_length(path: Path) -> int:
    """Returns how many pictures a film has, decoding none."""
    import av

    with av.open(str(path)) as container:
        return sum(1 for packet in container.demux(video=0) if packet.size)


def fitted(pixels: Bytes, canvas: Canvas) -> Bytes:
    """Returns the picture on the grid of a canvas: it covers all that is kept, and goes on mirrored in the margin."""
    from PIL import Image

    m = canvas.margin
    height, width = canvas.shape[0] - 2 * m, canvas.shape[1] - 2 * m
    scale = max(width / pixels.shape[1], height / pixels.shape[0])
    size = max(width, round(pixels.shape[1] * scale)), max(height, round(pixels.shape[0] * scale))
    large = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC))
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    return np.pad(large[top : top + height, left : left + width], ((m, m), (m, m), (0, 0)), "symmetric")


def sparkling(scene: Floats, shown: Floats) -> Floats:
    """Returns scene light in which what the picture had clipped is as bright as lamps and sky are again."""
    white = np.clip((shown.min(-1, keepdims=True) - 0.9) / 0.1, 0, 1)
    top = np.minimum(scene, _PAPER) * (1 - white) + white * _SPARKLE * _PAPER
    return np.asarray(np.where(white > 0, np.maximum(top, np.minimum(scene, _PAPER)), scene), np.float32)


def look_round(light: Floats, plate: Plate, canvas: Canvas) -> Floats:
    """Returns (h, w, 3): a panorama through the lens; see `panorama` for what is where in it."""
    d = canvas.rays()
    x, z = _turned(d[..., 0], d[..., 2], plate.turn_rad)
    height, width = light.shape[:2]
    u = (np.arctan2(x, -z) / (2 * np.pi) + 0.5) * width - 0.5
    v = np.arccos(np.clip(d[..., 1], -1, 1)) / np.pi * height - 0.5
    i, j = np.floor(u).astype(int), np.clip(np.floor(v).astype(int), 0, height - 1)
    fu, fv = (u - i)[..., None], np.clip(v - j, 0, 1)[..., None]
    below = np.minimum(j + 1, height - 1)
    top = light[j, i % width] * (1 - fu) + light[j, (i + 1) % width] * fu
    low = light[below, i % width] * (1 - fu) + light[below, (i + 1) % width] * fu
    seen = np.minimum((top * (1 - fv) + low * fv) * plate.exposure, plate.sunless_above)
    return np.asarray(seen, np.float32)


def _turned(x: Floats, z: Floats, turn_rad: float) -> tuple[Floats, Floats]:
    c, s = np.float32(np.cos(turn_rad)), np.float32(np.sin(turn_rad))
    return c * x + s * z, c * z - s * x


class FilmLoop:
    """A film behind the actor, picture by picture, out of focus and graded; it loops, its end fades into its beginning.

    size_px: (width, height) of what `picture` returns. depth_m, corners_m: where it stands (see backdrop.Card).
    """

    def __init__(self, plate: Plate, place: Place, camera: Camera, over: tuple[float, float]) -> None:
        self._place = place
        self._canvas = Canvas(camera, place.backdrop.aperture_m, _FILM_ROWS, over)
        self.depth_m = -plate.distance_m
        self.corners_m = self._canvas.card_m(self.depth_m)
        m = self._canvas.margin
        self.size_px = self._canvas.shape[1] - 2 * m, self._canvas.shape[0] - 2 * m
        self._source = film_pictures(Path(plate.file))
        self._made: OrderedDict[int, Bytes] = OrderedDict()
        self._rate_hz = 25.0
        self._raw: list[Bytes] = []
        times: list[float] = []
        for pixels, time_s in self._source:
            self._raw.append(pixels)
            times.append(time_s)
            if len(times) == 8:
                break
        if len(times) > 1 and times[-1] > times[0]:
            self._rate_hz = float(np.clip((len(times) - 1) / (times[-1] - times[0]), 1.0, 120.0))
        length = min(film_length(Path(plate.file)), _FILM_MOST, int(max(2, plate.loop_s * self._rate_hz)))
        self._length = max(1, length)

    def picture(self, time_s: float) -> Bytes:
        """Returns (h, w, 3) bytes for a moment of the shot, top row first."""
        wanted = int(time_s * self._rate_hz + 1e-6)
        seam = min(int(_SEAM_S * self._rate_hz), self._length // 3)
        period = max(1, self._length - seam)
        number = wanted % period
        shown = self._graded(number)
        if wanted < period or number >= seam:
            return shown
        share = (number + 1) / (seam + 1)
        ending = self._graded(period + number).astype(np.float32)
        return np.asarray(np.rint(shown * share + ending * (1 - share)), np.uint8)

    def _read(self, number: int) -> None:
        while len(self._raw) <= number:
            try:
                self._raw.append(next(self._source)[0])
            except StopIteration:  # fewer could be decoded than the file promised
                self._raw.append(self._raw[-1])

    def _graded(self, number: int) -> Bytes:
        """Blur happens in light (gamma 2.2); the picture's own grading is kept, and the place's is laid over it."""
        if number not in self._made:
            self._read(number)
            canvas = self._canvas
            shown = fitted(self._raw[number], canvas).astype(np.float32) / 255
            light = sparkling(shown**2.2, shown)
            light = canvas.kept(disc_blur(light, canvas.blur_px(self.depth_m) / 2))
            light = light * (1 - self._place.veil) + self._place.veil * light.mean((0, 1))
            self._made[number] = np.asarray(np.clip(light ** (1 / 2.2) * 255 + 0.5, 0, 255), np.uint8)
            while len(self._made) > _FILM_MOST:
                self._made.popitem(last=False)
        return self._made[number]
