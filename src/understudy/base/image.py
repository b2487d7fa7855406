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


def read_image(path: Path) -> Image:
    """Reads a picture file as sRGB."""
    from PIL import Image as Pil

    with Pil.open(path) as picture:
        return Image(np.asarray(picture.convert("RGB"), np.uint8))
