"""A buffer of picture that carries its colour space."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Image:
    """pixels: (height, width, 3 or 4) uint8; colour_space: 'srgb' (display-referred)."""

    pixels: Pixels
    colour_space: str = "srgb"

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] not in (3, 4) or self.pixels.dtype != np.uint8:
            raise ValueError(f"Image is (h, w, 3|4) uint8, got {self.pixels.shape} {self.pixels.dtype}")

    @property
    def size_px(self) -> tuple[int, int]:
        """Returns (width, height)."""
        return self.pixels.shape[1], self.pixels.shape[0]


EMPTY = 96
"""Grey of what is not there, under an alpha of 0."""


def straight(pixels: Pixels, empty: int = EMPTY) -> Pixels:
    """Returns premultiplied (h, w, 4) pixels with straight alpha; where nothing is, RGB is an even grey (`empty`)."""
    alpha = pixels[..., 3:].astype(np.float32)
    share = alpha / 255.0
    rgb = np.where(alpha > 0, pixels[..., :3] / np.maximum(share, 1e-3), float(empty))
    # the faintest edges hold no reliable colour: they fade into the grey
    sure = np.clip(alpha / 24.0, 0, 1)
    rgb = np.minimum(rgb, 255.0) * sure + empty * (1 - sure)
    return np.concatenate([np.rint(rgb).astype(np.uint8), pixels[..., 3:]], -1)


def read_image(path: Path) -> Image:
    """Reads a picture file as sRGB."""
    from PIL import Image as Pil

    with Pil.open(path) as picture:
        return Image(np.asarray(picture.convert("RGB"), np.uint8))
