"""The mark people see: "AI GENERATED" in a small dark lozenge at the top right of every frame and still.

Text with its padding is 5 % of the short side high (GB 45438-2025 asks at least that of image text; the EU Code of
Practice places the icon top right), inside a margin of 3.5 % of it. The font is Aileron (CC0), which ships in Pillow.
The lozenge is drawn once for each size and then blended as plate * alpha + frame * (1 - alpha).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

TEXT = "AI GENERATED"

_HEIGHT = 0.05
_MARGIN = 0.035
_PLATE_OPACITY = 0.62
_INK = 240
_PLATE = 18

Plane = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Label:
    """The lozenge for one frame size. left, top: its corner in pixels, both even. grey: (h, w) 0..255. alpha: 0..1."""

    left: int
    top: int
    grey: npt.NDArray[np.float32]
    alpha: npt.NDArray[np.float32]

    def blend_rgb(self, pixels: Plane) -> None:
        """Draws the label on (height, width, 3 or 4) sRGB in place; transparency below it becomes opaque."""
        height, width = self.alpha.shape
        area = pixels[self.top : self.top + height, self.left : self.left + width]
        ink = (self.grey * self.alpha)[:, :, None]
        area[:, :, :3] = np.rint(area[:, :, :3] * (1 - self.alpha[:, :, None]) + ink)
        if area.shape[2] == 4:
            area[:, :, 3] = np.maximum(area[:, :, 3], np.rint(255 * (self.alpha > 0.02)))

    def blend_video(self, frame: Any) -> None:
        """Draws the label on an av.VideoFrame in yuv420p, limited range, in place."""
        half = _half(self.alpha)
        grey = np.full_like(half, 128)
        luma = 16 + self.grey * (219 / 255)
        for plane, value, alpha, step in zip(
            frame.planes, (luma, grey, grey), (self.alpha, half, half), (1, 2, 2), strict=True
        ):
            height, width = alpha.shape
            rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
            area = rows[self.top // step :, self.left // step :][:height, :width]
            area[:] = np.rint(area * (1 - alpha) + value * alpha)


@lru_cache(maxsize=8)
def label_for(size_px: tuple[int, int]) -> Label:
    """Returns the label for frames of (width, height)."""
    from PIL import Image, ImageDraw, ImageFont

    width, height = size_px
    short = min(size_px)
    tall = max(10, round(short * _HEIGHT / 2) * 2)
    over = 4  # drawn larger and reduced, for smooth edges
    font = ImageFont.load_default(tall * over * 0.58)
    left, top, right, bottom = font.getbbox(TEXT)
    wide = min(round(((right - left) / over + tall * 0.9) / 2) * 2, width // 2 * 2)
    plate = Image.new("L", (wide * over, tall * over), 0)
    ImageDraw.Draw(plate).rounded_rectangle((0, 0, wide * over - 1, tall * over - 1), tall * over // 2, fill=255)
    text = Image.new("L", plate.size, 0)
    place = ((plate.width - (right - left)) / 2 - left, (plate.height - (bottom - top)) / 2 - top)
    ImageDraw.Draw(text).text(place, TEXT, fill=255, font=font)
    shape = np.asarray(plate.resize((wide, tall), Image.Resampling.BOX), np.float32) / 255
    ink = np.asarray(text.resize((wide, tall), Image.Resampling.BOX), np.float32) / 255
    alpha = np.asarray(np.maximum(shape * _PLATE_OPACITY, ink), np.float32)
    grey = np.asarray((_INK * ink + _PLATE * (alpha - ink)) / np.maximum(alpha, 1e-6), np.float32)
    margin = round(short * _MARGIN / 2) * 2
    corner = max(0, (width - margin - wide) // 2 * 2), min(margin, max(0, (height - tall) // 2 * 2))
    return Label(*corner, grey[:height], alpha[:height])


def _half(alpha: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    rows, columns = alpha.shape[0] // 2 * 2, alpha.shape[1] // 2 * 2
    return np.asarray(alpha[:rows, :columns].reshape(rows // 2, 2, columns // 2, 2).mean((1, 3)), np.float32)
