"""Out of focus: a picture spread by the disc that a lens makes of every point."""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]

_FINE_PX = 5.0
"""Discs of more than twice this radius are made on a coarser grid: nothing finer survives them."""


def disc_blur(layer: Floats, radius_px: float) -> Floats:
    """Returns (h, w, c) convolved with a disc, by FFT over the part that is not empty; edges go on beyond the frame."""
    if radius_px < 0.6 or not layer.any():
        return layer
    rows, columns = (span(np.asarray(layer.any(axis=(1 - axis, 2)))) for axis in (0, 1))
    coarse = int(min(4, max(1, radius_px // _FINE_PX)))
    part = layer[rows, columns]
    reach = (int(np.ceil(radius_px / coarse)) + 1) * coarse
    pad_rows, pad_columns = -part.shape[0] % coarse + reach, -part.shape[1] % coarse + reach
    inner = np.pad(part, ((reach, pad_rows), (reach, pad_columns), (0, 0)), "edge")
    # beyond the edge of the canvas things go on; elsewhere the pad is empty, as is the strip that wraps round
    inner[:reach] *= rows.start == 0
    inner[:, :reach] *= columns.start == 0
    inner[-pad_rows:] *= rows.stop == layer.shape[0]
    inner[:, -pad_columns:] *= columns.stop == layer.shape[1]
    if coarse > 1:
        h, w, c = inner.shape
        inner = inner.reshape(h // coarse, coarse, w // coarse, coarse, c).mean((1, 3))
    spread = _convolved(inner, radius_px / coarse)
    if coarse > 1:
        spread = _enlarged(spread, coarse)
    out = np.zeros_like(layer)
    top, left = min(reach, rows.start), min(reach, columns.start)
    bottom, right = min(rows.stop + reach, layer.shape[0]), min(columns.stop + reach, layer.shape[1])
    target = out[rows.start - top : bottom, columns.start - left : right]
    target[:] = spread[reach - top :, reach - left :][: target.shape[0], : target.shape[1]]
    return out


def soft_blur(picture: Floats, sigma_px: float) -> Floats:
    """Returns (h, w, c) blurred wide and softly, as glow in a lens, on a grid eight times coarser; edges are held."""
    h, w, c = picture.shape
    pad_h, pad_w = -h % 8, -w % 8
    small = np.pad(picture, ((0, pad_h), (0, pad_w), (0, 0)), "edge")
    small = small.reshape((h + pad_h) // 8, 8, (w + pad_w) // 8, 8, c).mean((1, 3))
    radius = max(1, round(sigma_px / 8))
    for axis in (0, 1):
        for _ in range(3):
            small = box_mean(small, radius, axis)
    return _enlarged(small, 8)[:h, :w]


def span(mask: npt.ArrayLike) -> slice:
    """Returns the slice from the first to the last true entry."""
    hits = np.flatnonzero(mask)
    return slice(int(hits[0]), int(hits[-1]) + 1) if len(hits) else slice(0, 0)


def _convolved(part: Floats, radius_px: float) -> Floats:
    """Returns the part convolved with a disc; what is near its edge wraps round, which the pad has made harmless."""
    reach = int(np.ceil(radius_px)) + 1
    height, width = (_smooth_size(n + reach) for n in part.shape[:2])
    padded = np.zeros((part.shape[2], height, width), np.float32)
    padded[:, : part.shape[0], : part.shape[1]] = part.transpose(2, 0, 1)
    y, x = np.fft.fftfreq(height) * height, np.fft.fftfreq(width) * width
    kernel = np.clip(radius_px + 0.5 - np.hypot(x[None], y[:, None]), 0, 1).astype(np.float32)
    transform = np.fft.rfft2(kernel / kernel.sum())
    planes = np.fft.irfft2(np.fft.rfft2(padded) * transform, s=(height, width))
    return np.asarray(planes[:, : part.shape[0], : part.shape[1]].transpose(1, 2, 0), np.float32)


def _enlarged(picture: Floats, factor: int) -> Floats:
    from PIL import Image

    h, w, c = picture.shape
    size = (w * factor, h * factor)
    planes = [
        np.asarray(
            Image.fromarray(np.ascontiguousarray(picture[..., i], np.float32)).resize(size, Image.Resampling.BICUBIC)
        )
        for i in range(c)
    ]
    return np.asarray(np.maximum(np.stack(planes, -1), 0), np.float32)


def box_mean(picture: Floats, radius: int, axis: int) -> Floats:
    """Returns the mean over 2 * radius + 1 neighbours along an axis, held at the edges."""
    pad = [(0, 0)] * picture.ndim
    pad[axis] = (radius + 1, radius)
    total = np.cumsum(np.pad(picture, pad, mode="edge"), axis=axis, dtype=np.float64)
    width = 2 * radius + 1
    upper = np.take(total, np.arange(width, total.shape[axis]), axis)
    lower = np.take(total, np.arange(0, total.shape[axis] - width), axis)
    return np.asarray((upper - lower) / width, np.float32)


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
