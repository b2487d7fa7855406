"""From traced light to picture: the actor over the set, the blur of movement, tone, lens and grain."""

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.place import Grade, Place
from understudy.render.tone import display_from_scene

Floats = npt.NDArray[np.float32]

_SHUTTER = 0.5
"""Share of the time between pictures for which the shutter is open: 180 degrees, the cinema's habit."""
_TAPS = 7
_BLURRED_FROM_PX = 0.75
_WRAP = 0.15
"""Share of the set's light that creeps round an outline: hair and cloth are traced, and pass most of it on already."""


def over(actor: Floats, plate: Floats, rect: tuple[int, int, int, int]) -> Floats:
    """Returns the plate (h, w, 3) with the premultiplied actor (rh, rw, 4) over the rectangle x, y, rw, rh."""
    x, y, w, h = rect
    out = plate.copy()
    part = out[y : y + h, x : x + w]
    part *= 1 - actor[..., 3:]
    part += actor[..., :3]
    return out


def straight(actor: Floats) -> Floats:
    """Returns (h, w, 4) premultiplied light as if the actor covered every pixel it touches, for straight alpha."""
    alpha = actor[..., 3:]
    whole = actor / np.maximum(alpha, 1e-3)
    return np.asarray(np.where(alpha > 1e-3, whole, 0), np.float32)


def smeared(actor: Floats, motion: Floats) -> Floats:
    """Returns (h, w, 4) premultiplied light blurred along its motion while the shutter is open.

    motion: (h, w, 2) pixels from where a point was one picture ago to where it is. Only where something moves faster
    than a pixel, or next to it, anything is done; each place gathers along the quickest motion around it (after
    McGuire et al., "A Reconstruction Filter for Plausible Motion Blur", I3D 2012).
    """
    from scipy import ndimage

    length = np.hypot(motion[..., 0], motion[..., 1]) * _SHUTTER
    if float(length.max(initial=0.0)) < _BLURRED_FROM_PX:
        return actor
    tile = 8
    height, width = length.shape
    pad = ((0, -height % tile), (0, -width % tile))
    blocks = np.pad(length, pad).reshape((height + pad[0][1]) // tile, tile, -1, tile)
    flat = blocks.transpose(0, 2, 1, 3).reshape(blocks.shape[0], blocks.shape[2], -1)
    pick = flat.argmax(-1)
    rows, columns = np.indices(pick.shape)
    at = rows * tile + pick // tile, columns * tile + pick % tile
    quick = np.pad(motion, (*pad, (0, 0)))[at]
    wide = flat.max(-1)
    reach = ndimage.maximum_filter(wide, 3)
    moved = np.argwhere(reach >= _BLURRED_FROM_PX)
    out = actor.copy()
    offsets = (np.arange(_TAPS) - (_TAPS - 1) / 2) / _TAPS * _SHUTTER
    for row, column in moved:
        around = slice(max(0, row - 1), row + 2), slice(max(0, column - 1), column + 2)
        best = np.unravel_index(int(wide[around].argmax()), wide[around].shape)
        along = quick[around][best]
        y0, x0 = row * tile, column * tile
        y = np.arange(y0, min(y0 + tile, height))
        x = np.arange(x0, min(x0 + tile, width))
        total = 0.0
        for share in offsets:
            ys = np.clip(np.rint(y + along[1] * share).astype(int), 0, height - 1)
            xs = np.clip(np.rint(x + along[0] * share).astype(int), 0, width - 1)
            total = total + actor[ys[:, None], xs[None]]
        out[y0 : y0 + len(y), x0 : x0 + len(x)] = total / _TAPS
    return out


def graded(scene: Floats, place: Place, veil: Floats) -> Floats:
    """Returns display light 0..1 (h, w, 3): a little glow around what is brightest, a veil over all, the tone curve."""
    return display_from_scene(glowing(scene) * np.float32(1 - place.veil) + veil, place.grade)


def printed(picture: Floats, place: Place, index: int) -> npt.NDArray[np.uint8]:
    """Returns (h, w, 3) uint8: the graded picture with vignette and grain."""
    out = picture * vignette(picture.shape[:2], place.grade) + grain(picture.shape[:2], place, index)
    return np.asarray(np.clip(out * 255 + 0.5, 0, 255), np.uint8)


def wrapped(actor: Floats, part: Floats, much: float, height_px: int) -> Floats:
    """Returns the premultiplied actor with the light of the set creeping round its outline.

    part: (h, w, 3) the set behind. much: Place.wrap. height_px: of the whole picture.
    """
    from scipy import ndimage

    if much <= 0:
        return actor
    around = ndimage.gaussian_filter(actor[..., 3], 0.006 * height_px, truncate=2.5)
    rim = np.clip(2.2 - 2.2 * around, 0, 1)[..., None] ** 2
    soft = 0.05 * height_px / 8
    spill = enlarged(ndimage.gaussian_filter(part[::8, ::8], (soft, soft, 0)), (part.shape[1], part.shape[0]))
    out = actor.copy()
    out[..., :3] += np.maximum(spill, 0) * rim * actor[..., 3:] * np.float32(_WRAP * much)
    return out


def glowing(scene: Floats) -> Floats:
    """Returns linear light with the halo a lens gives what is brighter than white."""
    from scipy import ndimage

    small = scene[: scene.shape[0] // 4 * 4, : scene.shape[1] // 4 * 4]
    small = small.reshape(small.shape[0] // 4, 4, small.shape[1] // 4, 4, 3).mean((1, 3))
    bright = np.minimum(np.maximum(small - 0.9, 0), 6.0)
    if not bright.any():
        return scene
    wide = scene.shape[0] / 720
    halo = sum(
        ndimage.gaussian_filter(bright, (sigma * wide, sigma * wide, 0), truncate=2.5) * share
        for sigma, share in ((2.2, 0.05), (8.0, 0.03))
    )
    zoom = (scene.shape[0] / halo.shape[0], scene.shape[1] / halo.shape[1], 1)
    return np.asarray(scene + ndimage.zoom(halo, zoom, order=1, grid_mode=True, mode="nearest"), np.float32)


def vignette(shape: tuple[int, ...], grade: Grade) -> Floats:
    """Returns (h, w, 1): the darkening towards the corners, as the raster look has it."""
    height, width = shape[:2]
    x = ((np.arange(width) + 0.5) / width - 0.5) * width / height
    y = (np.arange(height) + 0.5) / height - 0.5
    far2 = x[None] ** 2 + y[:, None] ** 2
    return np.asarray(1 - grade.vignette * 0.75 * far2, np.float32)[..., None]


def grain(shape: tuple[int, ...], place: Place, index: int) -> Floats:
    """Returns (h, w, 1): film grain, another one each picture, the same for the same picture."""
    seed = int.from_bytes(hashlib.sha256(f"{place.name} {index}".encode()).digest()[:8], "big")
    noise = np.random.default_rng(seed).standard_normal((*shape[:2], 1), np.float32)
    return np.asarray(noise * np.float32(max(place.grade.grain, 0.0016)), np.float32)


def enlarged(picture: Floats, size_px: tuple[int, int]) -> Floats:
    """Returns a (h, w, c) linear picture at another size, bicubic."""
    from PIL import Image as Pil

    planes: list[Any] = [
        np.asarray(Pil.fromarray(np.ascontiguousarray(picture[..., c])).resize(size_px, Pil.Resampling.BICUBIC))
        for c in range(picture.shape[2])
    ]
    return np.asarray(np.stack(planes, -1), np.float32)
