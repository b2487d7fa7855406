"""What is behind a painted actor, as the raster look shows it (`render/setting.py`), without OpenGL.

still camera:  the plate, graded once -> copied
moving camera: cards of light -> laid over each other by the camera of the moment, small -> graded -> enlarged
own film:      pictures of it, graded as they come round -> enlarged
transparent:   nothing
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Matrices
from understudy.hub.frames import Move
from understudy.hub.place import Place, Source
from understudy.render.canvas import HEIGHT_PX
from understudy.render.framing import Camera
from understudy.render.setting import Painted, overscan
from understudy.render.shadow import thrown
from understudy.render.splat.compiled import alone, inlined, parallel, prange
from understudy.render.splat.settle import Manner, _sample, grain_tile
from understudy.render.splat.shading import toned
from understudy.render.tone import tone

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
Corners = tuple[float, float, float, float]


class Behind:
    """The set of one shot."""

    def __init__(self, place: Place, camera: Camera, size_px: tuple[int, int], painted: Painted) -> None:
        self._place, self._size = place, size_px
        self._plate: Bytes | None = None
        self._film: Any = None
        self._cards: list[tuple[float, Corners, Floats]] = []
        if painted.plate is not None:
            self._plate = np.ascontiguousarray(painted.plate[..., :3])
            return
        plate = place.backdrop.plate
        if plate is not None and plate.source is Source.FILM and not place.transparent:
            from understudy.render.plates import FilmLoop

            self._film = FilmLoop(plate, place, camera, (0.0, 0.0) if camera.move is Move.STILL else overscan(camera))
        self._cards = [(depth, corners, light.astype(np.float32)) for depth, corners, light in painted.cards]
        width, height = size_px
        self._light = np.zeros((HEIGHT_PX, round(HEIGHT_PX * width / height), 3), np.float32)
        self._tone = tuple(np.ascontiguousarray(t, np.float32) for t in tone(place.grade))
        self._veil = painted.veil.astype(np.float32)
        # a trace of it even in a set without, against bands in its shades
        self._grain = grain_tile(max(place.grade.grain, 0.0016))

    def picture(self, camera: Camera, time_s: float, manner: Manner) -> Bytes:
        """Returns (h, w, 3) bytes of its own, or (h, w, 4) of nothing for a transparent place."""
        width, height = self._size
        if self._plate is not None:
            return self._plate.copy()
        if not self._cards and self._film is None:
            return np.zeros((height, width, 4), np.uint8)
        out = np.empty((height, width, 3), np.uint8)
        with alone:
            self._light.fill(0)
            if self._film is not None:
                shown = np.ascontiguousarray(self._film.picture(time_s)[..., :3], np.float32) / np.float32(255)
                whole = np.dstack([shown, np.ones(shown.shape[:2], np.float32)])
                back = _back(camera, self._light.shape, self._film.depth_m, self._film.corners_m, whole.shape)
                _see(whole, back, self._light)
            for depth, corners, light in self._cards:
                _see(light, _back(camera, self._light.shape, depth, corners, light.shape), self._light)
            if self._cards:
                _grade(self._light, *self._tone, np.float32(self._place.veil), self._veil)
            _enlarge(self._light, manner.across2, manner.down2, np.float32(manner.vignette), self._grain, out)
        return out


def _back(camera: Camera, shape: tuple[int, ...], depth_m: float, corners: Corners, texels: tuple[int, ...]) -> Floats:
    """Returns (3, 3) homogeneous texels of a card from pixels of a (h, w) picture."""
    rows, columns = shape[:2]
    to_pixels = np.array([[columns / 2, 0, 0, columns / 2], [0, -rows / 2, 0, rows / 2], [0, 0, 0, 1.0]])
    full: Matrices = to_pixels @ camera.clip_from_stage()
    plane = np.stack([full[:, 0], full[:, 1], full[:, 2] * depth_m + full[:, 3]], 1)
    left, right, bottom, top = corners
    high, wide = texels[:2]
    texel = np.array(
        [[wide / (right - left), 0, -left * wide / (right - left)],
         [0, -high / (top - bottom), top * high / (top - bottom)],
         [0, 0, 1.0]]
    )  # fmt: skip
    back = texel @ np.linalg.inv(plane)
    return np.asarray(back / back[2, 2], np.float32)


def shade_wall(out: Bytes, softer: Floats, place: Place, camera: Camera) -> None:
    """Darkens the wall behind by the shadow of an actor's outline (`shaders/wallcast.frag`), in place."""
    wall = place.wall
    assert wall is not None
    across, down, times = thrown(place, wall, camera)
    with alone:
        _shade(out, softer, np.float32(across), np.float32(down), np.float32(times), np.float32(wall.shade))


@parallel
def _shade(out, softer, across, down, times, shade):  # type: ignore[no-untyped-def]
    height, width = out.shape[:2]
    rows, columns = softer.shape
    for y in prange(height):
        v = ((np.float32(y) + np.float32(0.5)) / height - down - np.float32(0.5)) * times + np.float32(0.5)
        for x in range(width):
            u = ((np.float32(x) + np.float32(0.5)) / width - across - np.float32(0.5)) * times + np.float32(0.5)
            a = _sample(softer, u * columns, v * rows) * shade
            if a < np.float32(0.002):
                continue
            for c in range(3):
                out[y, x, c] = np.float32(out[y, x, c]) * (np.float32(1.0) - a) + np.float32(0.5)
            if out.shape[2] == 4:
                out[y, x, 3] = np.float32(out[y, x, 3]) * (np.float32(1.0) - a) + a * 255 + np.float32(0.5)


@inlined
def _texel(light, j, i, k):  # type: ignore[no-untyped-def]
    return light[min(max(j, 0), light.shape[0] - 1), min(max(i, 0), light.shape[1] - 1), k]


@parallel
def _see(light, back, out):  # type: ignore[no-untyped-def]
    """Lays a card (h, w, 4; premultiplied) over a picture (rows, columns, 3) as the camera sees it."""
    rows, columns = out.shape[:2]
    high, wide = light.shape[:2]
    for y in prange(rows):
        py = np.float32(y) + np.float32(0.5)
        for x in range(columns):
            px = np.float32(x) + np.float32(0.5)
            q = np.float32(1.0) / (back[2, 0] * px + back[2, 1] * py + back[2, 2])
            u = (back[0, 0] * px + back[0, 1] * py + back[0, 2]) * q
            v = (back[1, 0] * px + back[1, 1] * py + back[1, 2]) * q
            if u < 0 or v < 0 or u > wide or v > high:
                continue
            u -= np.float32(0.5)
            v -= np.float32(0.5)
            i, j = int(np.floor(u)), int(np.floor(v))
            fu, fv = u - np.float32(i), v - np.float32(j)
            one = np.float32(1.0)
            w00, w01 = (one - fu) * (one - fv), fu * (one - fv)
            w10, w11 = (one - fu) * fv, fu * fv
            a = w00 * _texel(light, j, i, 3) + w01 * _texel(light, j, i + 1, 3)
            a += w10 * _texel(light, j + 1, i, 3) + w11 * _texel(light, j + 1, i + 1, 3)
            for k in range(3):
                c = w00 * _texel(light, j, i, k) + w01 * _texel(light, j, i + 1, k)
                c += w10 * _texel(light, j + 1, i, k) + w11 * _texel(light, j + 1, i + 1, k)
                out[y, x, k] = out[y, x, k] * (np.float32(1.0) - a) + c


@parallel
def _grade(light, inset, curve, outset, share, veil):  # type: ignore[no-untyped-def]
    """Turns linear light into display RGB in place, under a veil."""
    left = np.float32(1.0) - share
    for y in prange(light.shape[0]):
        for x in range(light.shape[1]):
            r = light[y, x, 0] * left + veil[0]
            g = light[y, x, 1] * left + veil[1]
            b = light[y, x, 2] * left + veil[2]
            toned(r, g, b, inset, curve, outset, light[y, x])


@parallel
def _enlarge(small, across2, down2, vignette, grain, out):  # type: ignore[no-untyped-def]
    """Writes a display picture at full size, with the vignette and the grain of the lens."""
    height, width = out.shape[:2]
    rows, columns = small.shape[:2]
    for y in prange(height):
        v = (np.float32(y) + np.float32(0.5)) * np.float32(rows / height) - np.float32(0.5)
        v = min(max(v, np.float32(0.0)), np.float32(rows - 1))
        j = int(v)
        j1, fv = min(j + 1, rows - 1), v - np.float32(j)
        line = small[j] + (small[j1] - small[j]) * fv
        for x in range(width):
            u = (np.float32(x) + np.float32(0.5)) * np.float32(columns / width) - np.float32(0.5)
            u = min(max(u, np.float32(0.0)), np.float32(columns - 1))
            i = int(u)
            i1, fu = min(i + 1, columns - 1), u - np.float32(i)
            dark = (np.float32(1.0) - vignette * (across2[x] + down2[y])) * np.float32(255.0)
            n = grain[y & 127, x & 127] * np.float32(255.0) + np.float32(0.5)
            for k in range(3):
                c = line[i, k] + (line[i1, k] - line[i, k]) * fu
                out[y, x, k] = min(max(c * dark + n, np.float32(0.0)), np.float32(255.0))
