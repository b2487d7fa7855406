"""Where the hair of the head begins: a height over the eyes for every direction around the head."""

from dataclasses import dataclass

import numpy as np

from understudy.casting.anatomy import Anatomy
from understudy.casting.mesh import Floats
from understudy.casting.recipe import Hair

AZIMUTH_DEG = (0, 8, 18, 28, 38, 46, 54, 62, 70, 77, 84, 90, 97, 106, 114, 124, 136, 150, 180)
HEIGHT_MM = (63, 64, 64, 61, 54, 44, 32, 20, 6, -9, -16, -4, 6, 3, -22, -44, -56, -62, -64)
"""Drawn after photographs of the anatomical hairline: temples recede, sideburns come down before the ear."""


@dataclass(frozen=True)
class Hairline:
    """The border of the scalp."""

    centre: Floats
    """(3,) axis of the head at eye height"""
    azimuth_deg: Floats
    height_m: Floats

    def above(self, points: Floats) -> Floats:
        """(n,) metres over the hairline; positive on the scalp."""
        border = np.interp(self.azimuth(points), self.azimuth_deg, self.height_m)
        return np.asarray(points[:, 1] - self.centre[1] - border)

    def azimuth(self, points: Floats) -> Floats:
        """(n,) degrees from straight ahead, 0..180, the same on both sides."""
        offset = points - self.centre
        return np.asarray(np.degrees(np.abs(np.arctan2(offset[:, 0], offset[:, 2]))))


def make_hairline(known: Anatomy, look: Hair) -> Hairline:
    """The hairline of an identity."""
    eyes = (known.eyes["leftEye"].centre + known.eyes["rightEye"].centre) / 2
    centre = np.array([0.0, eyes[1], eyes[2] - 0.036])
    azimuth = np.arange(0.0, 181.0)
    raise_m = look.hairline_mm * 1e-3 * np.clip(1 - azimuth / 70, 0, 1)
    height = np.interp(azimuth, AZIMUTH_DEG, np.array(HEIGHT_MM) * 1e-3) + raise_m
    kernel = np.exp(-0.5 * (np.arange(-9, 10) / 3.0) ** 2)
    padded = np.r_[height[9:0:-1], height, height[-2:-11:-1]]
    return Hairline(centre, azimuth, np.convolve(padded, kernel / kernel.sum(), "valid"))
