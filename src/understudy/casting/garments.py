"""The pattern book: how each garment is cut, how its cloth behaves, and what is sewn on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from understudy.casting.mesh import Floats

if TYPE_CHECKING:
    from understudy.casting.shell import Landmarks


@dataclass(frozen=True)
class Cut:
    """One garment of the pattern book. Lengths are millimetres."""

    neck_mm: float
    """how far under the plane of the collar the neckline lies"""
    wide_mm: float = 0.0
    """how far from the side of the neck it lies on the shoulders"""
    front_mm: float = 0.0
    """how much lower it hangs in the middle of the front"""
    vee_mm: float = 0.0
    """depth of a V under the pit of the neck; 0 for none"""
    ease_mm: float = 6.0
    """width over the template's shell"""
    surplus: float = 0.02
    """cloth is this much longer than the shell it hangs on"""
    stiffness: float = 1.0
    bending: float = 1.0
    armhole_mm: float = 6.0
    """seam of the sleeve outside the shoulder joint; more is a dropped shoulder"""
    short_sleeve: bool = False
    gap_mm: float = 3.0
    """least distance to the skin: thickness of the cloth and what is worn under it"""
    collar: str = "band"
    """what is sewn to the neckline: band, roll, fold, stand, leaf, hood, lapel, facing"""
    placket: bool = False
    fabric: str = "wool"
    """default cloth"""

    def opening(self, p: Floats, marks: "Landmarks") -> Floats:
        """(n,) positive inside the opening for the neck, about metres."""
        front = np.clip((p[:, 2] - marks.nape[2]) / (marks.notch[2] - marks.nape[2]), 0, 1) ** 2
        side = marks.neck_half_m + self.wide_mm * 1e-3
        hollow = self.front_mm - _ROUND_MM * np.clip(np.abs(p[:, 0]) / side, 0, 1.2) ** 2
        plane = marks.over_collar(p) + (self.neck_mm + front * hollow) * 1e-3
        # beside the neck it climbs the shoulders to the neck point, whatever their slope
        aside = 0.7 * (side - np.abs(p[:, 0]))
        soft = 0.009
        both = -soft * np.logaddexp(-plane / soft, -aside / soft)
        if self.vee_mm <= 0:
            return np.asarray(both)
        bottom = marks.notch[1] - self.vee_mm * 1e-3
        slope = (marks.side_m(side) - bottom) / side
        vee = (p[:, 1] - bottom - slope * np.abs(p[:, 0])) / np.sqrt(1 + slope**2)
        vee = np.minimum(vee, p[:, 2] - (marks.notch[2] + 2 * marks.nape[2]) / 3)
        return np.asarray(soft * np.logaddexp(both / soft, vee / soft))


_ROUND_MM = 13.0
"""How much higher a neckline lies in front at its sides than in its middle."""

GARMENTS: Mapping[str, Cut] = {
    "crew": Cut(neck_mm=9, wide_mm=18, front_mm=8, ease_mm=4, surplus=0.025, bending=1.6, armhole_mm=8, gap_mm=4),
    "boat": Cut(neck_mm=9, wide_mm=62, front_mm=8, ease_mm=2, surplus=0.02, gap_mm=3.5, collar="facing"),
    "tee": Cut(
        neck_mm=9, wide_mm=20, front_mm=14, ease_mm=5, surplus=0.035, bending=0.5, gap_mm=2.5,
        short_sleeve=True, fabric="cotton",
    ),
    "vneck": Cut(neck_mm=12, wide_mm=30, vee_mm=70, ease_mm=4, surplus=0.025, bending=1.4, gap_mm=4),
    "turtleneck": Cut(neck_mm=-14, wide_mm=20, ease_mm=1, surplus=0.02, gap_mm=3.5, collar="roll"),
    "shirt": Cut(
        neck_mm=2, wide_mm=5, vee_mm=64, ease_mm=9, surplus=0.035, bending=0.8, armhole_mm=14, gap_mm=2.5,
        collar="leaf", placket=True, fabric="cotton",
    ),
    "blouse": Cut(
        neck_mm=6, wide_mm=18, vee_mm=88, ease_mm=10, surplus=0.05, bending=0.25, armhole_mm=10,
        gap_mm=2.5, collar="stand", placket=True, fabric="silk",
    ),
    "hoodie": Cut(
        neck_mm=10, wide_mm=14, front_mm=12, ease_mm=15, surplus=0.04, bending=2.0, armhole_mm=26, gap_mm=6,
        collar="hood", fabric="fleece",
    ),
    "blazer": Cut(
        neck_mm=8, wide_mm=16, vee_mm=235, ease_mm=12, surplus=0.012, stiffness=2.0, bending=8.0,
        armhole_mm=14, gap_mm=9, collar="lapel", fabric="twill",
    ),
}  # fmt: skip
"""Every garment a recipe may name."""
