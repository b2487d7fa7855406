"""Which part of a picture is the actor: a difference from the empty set, bounded by where the posed body stands.

    plate given                      -> difference key
    background plain at the border   -> the same, from a plate that is fitted to it
    neither                          -> inside the body sure, far from it empty, between not known

Coverage from a difference is a ramp (as in Smith & Blinn, "Blue Screen Matting", SIGGRAPH 1996, for a known backing
colour), so an actor's parts that look like the set behind them are found only inside the outline of the posed body.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.hub.performance import Pose

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]

PLAIN = 0.02
"""Largest spread of a background, in display RGB of 0..1, that is taken for plain."""
_LEAST, _RAMP, _SPREADS = 0.03, 0.10, 4.0
"""Difference that begins to count (but so many spreads of the noise at least), and over which it becomes all."""
_BORDER = 0.06
"""Share of the picture's sides, down to two thirds of its height, where a background is looked for."""
_INWARD, _OUTWARD = 0.02, 0.06
"""How far inside and outside of the posed body's outline its own outline may lie, of the picture's height."""


@dataclass(frozen=True, eq=False)
class Backing:
    """The empty set. picture: (h, w, 3) display RGB 0..1. spread: of its noise. source: 'plate' or 'plain'."""

    picture: Floats
    spread: float
    source: str


@dataclass(frozen=True, eq=False)
class Footage:
    """Pictures of a person and what is known with them. pictures: (h, w, 3) uint8. poses: one each.

    label: (h, w) where a picture carries a mark and shows nothing.
    """

    pictures: Sequence[Bytes]
    poses: Sequence[Pose]
    label: Bools

    @property
    def size_px(self) -> tuple[int, int]:
        """Returns (width, height)."""
        return self.label.shape[1], self.label.shape[0]


def plain_backing(footage: Footage) -> Backing | None:
    """Returns the background as a smooth surface over the picture, fitted to its upper border; None when it is not
    plain there.
    """
    height, width = footage.label.shape
    edge = max(2, round(_BORDER * height))
    border = np.zeros((height, width), bool)
    border[:edge] = True
    border[: round(height * 2 / 3), :edge] = border[: round(height * 2 / 3), -edge:] = True
    border &= ~footage.label
    y, x = np.nonzero(border)
    some = footage.pictures[:: max(1, len(footage.pictures) // 12)]
    seen = np.median(np.stack([picture[y, x] for picture in some]), axis=0) / 255
    terms = _terms(x / width, y / height)
    keep = np.ones(len(y), bool)
    for _ in range(4):
        fitted, *_ = np.linalg.lstsq(terms[keep], seen[keep], rcond=None)
        off = np.abs(seen - terms @ fitted).max(1)
        keep = off < max(3 * float(np.median(off)), 0.008)
    still = np.median([np.abs(picture[y, x] / 255 - seen).max(1).mean() for picture in some])
    spread = max(float(np.quantile(off, 0.9)), float(still))
    if spread > PLAIN:
        return None
    down, across = np.mgrid[:height, :width]
    surface = _terms(across.ravel() / width, down.ravel() / height) @ fitted
    return Backing(np.clip(surface, 0, 1).reshape(height, width, 3).astype(np.float32), spread, "plain")


def key(picture: Bytes, backing: Backing, label: Bools) -> Floats:
    """Returns (h, w) 0..1 how far a picture differs from the empty set; 0 under the label."""
    off = np.linalg.norm(picture.astype(np.float32) / 255 - backing.picture, axis=-1)
    least = max(_LEAST, _SPREADS * backing.spread)
    return np.asarray(np.where(label, 0, np.clip((off - least) / _RAMP, 0, 1)), np.float32)


def matte(picture: Bytes, cover: Floats, backing: Backing | None, label: Bools) -> tuple[Bytes, Bools]:
    """Returns (h, w, 4) uint8 of the actor alone, straight alpha, and (h, w) where that is known.

    cover: (h, w) 0..1 what the posed body covers.
    """
    from scipy.ndimage import distance_transform_edt

    body = cover > 0.5
    height = len(body)
    inside = distance_transform_edt(body) > _INWARD * height
    outside = distance_transform_edt(~body) > _OUTWARD * height
    rgb = picture.astype(np.float32) / 255
    if backing is None:
        alpha, known = inside.astype(np.float32), inside | outside
    else:
        alpha = np.where(inside, 1.0, key(picture, backing, label)).astype(np.float32)
        rgb = (rgb - (1 - alpha[..., None]) * backing.picture) / np.maximum(alpha[..., None], 0.05)
        known = np.ones_like(body)
    out = np.concatenate([np.clip(rgb, 0, 1), alpha[..., None]], -1)
    return np.rint(out * 255).astype(np.uint8), known & ~label


def _terms(x: npt.NDArray[np.floating], y: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Returns (n, 10) the terms of a cubic surface."""
    return np.stack([x**i * y**j for i in range(4) for j in range(4 - i)], -1)
