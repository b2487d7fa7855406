"""Where the hair of the head begins: an irregular border round the head, and how dense hair is at every point.

The border is drawn in a chart of the head: azimuth about a vertical axis through its middle, and height over the
eyes. Its front follows photographs of the anatomical hairline (a low peak, corners that recede, temporal points); its
sides go round the ear of the identity at hand. Density is what strands are drawn with and what the skin is tinted by.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from understudy.casting import anatomy
from understudy.casting.anatomy import Anatomy, sample_mask
from understudy.casting.body import Body
from understudy.casting.mesh import Floats, smoothstep
from understudy.casting.recipe import Hair
from understudy.casting.styles import style_of
from understudy.casting.surface import Surface

FRONT = ((0, 63), (7, 64.5), (14, 66), (22, 66), (29, 63), (35, 57), (40, 48), (44, 38), (48, 27), (53, 17), (59, 6))
"""Degrees and millimetres: forehead, corner, temple and temporal point."""
CORNER_DEG, CORNER_WIDTH_DEG = 27.0, 11.0
"""Where a receding hairline recedes most."""
AXIS_M = 0.075
"""The middle of the head lies so far behind the eyes."""
REACH_M = 0.082
"""Metres of skin per radian of azimuth."""
FAR_M = 0.04
"""Distances from the border are known this far."""
CROPPED = ((0.0, 0.002, 0.006), (0.16, 0.45, 0.88))
"""Metres of hair that stands by itself, and how much of the skin its roots hide: six millimetres are dense."""
FADE = ((0, 0.0085), (34, 0.0085), (48, 0.0100), (62, 0.0080), (92, 0.0060), (128, 0.0130), (180, 0.0160))
"""Metres over which density rises from none to full, by azimuth: short at the ears, long at the nape."""


@dataclass(frozen=True)
class Hairline:
    """The border of the scalp."""

    centre: Floats
    """(3,) middle of the head at eye height"""
    azimuth_deg: Floats
    """(360,) -180..179 round the head, 0 ahead, positive towards the actor's left"""
    height_m: Floats
    """(360,) the border over the eyes, wandering a little, each side on its own"""
    crown: Floats
    """(3,) the whorl"""
    thinning: float
    """0 full .. 1 a bald crown"""

    def above(self, points: Floats) -> Floats:
        """(n,) metres inside the hairline; negative on the face and neck."""
        chart, border = self._chart(points), self._border
        distance = np.minimum(cKDTree(border).query(chart, distance_upper_bound=FAR_M)[0], FAR_M)
        at = np.degrees(chart[:, 0] / REACH_M)
        height = np.interp(at, self.azimuth_deg, self.height_m, period=360)
        return np.asarray(np.where(chart[:, 1] > height, distance, -distance))

    def azimuth(self, points: Floats) -> Floats:
        """(n,) degrees from straight ahead, 0..180, the same on both sides."""
        return np.asarray(np.abs(np.degrees(self._chart(points)[:, 0] / REACH_M)))

    def density(self, points: Floats, above: Floats | None = None) -> Floats:
        """(n,) share 0..1 of a full head of hair that grows at points on the skin.

        It fades over millimetres to the border and is 0 beyond it. above: what `above` says of the points, when known
        (it may be interpolated over a fine mesh, and this is then quick enough for every texel).
        """
        inside = self.above(points) if above is None else above
        azimuth = self.azimuth(points)
        fade = np.interp(azimuth, *np.array(FADE).T)
        # tufts: the border frays at the scale of a few roots
        q = points * 1e3
        fray = np.sin(q[:, 0] * 1.9 + 1.3 * np.sin(q[:, 1] * 1.1)) * np.sin(q[:, 1] * 1.7 + 1.1 * np.sin(q[:, 2] * 1.3))
        fray = 0.6 * fray + 0.4 * np.sin(q[:, 0] * 4.3 + q[:, 2] * 3.1) * np.sin(q[:, 1] * 3.7 - q[:, 2] * 2.9)
        full = smoothstep(0.0, 1.0, (inside + 0.0012 * fray + 0.001) / fade)
        if self.thinning > 0:
            offset = (points - self.crown) / np.array([0.050, 0.050, 0.056])
            bare = smoothstep(1.25, 0.35, np.linalg.norm(offset, axis=1))
            ahead = np.exp(-(((points[:, 0]) / 0.045) ** 2)) * smoothstep(
                self.centre[2] - 0.03, self.centre[2] + 0.06, points[:, 2]
            )
            full = full * (
                1 - self.thinning * np.clip(0.92 * bare + 0.45 * ahead * (points[:, 1] > self.centre[1]), 0, 0.95)
            )
        return np.asarray(full)

    def _chart(self, points: Floats) -> Floats:
        """(n, 2) metres: along the head from straight ahead, and over the eyes."""
        offset = points - self.centre
        return np.stack([np.arctan2(offset[:, 0], offset[:, 2]) * REACH_M, offset[:, 1]], 1)

    @property
    def _border(self) -> Floats:
        fine = np.arange(-792, 793) / 4.0
        line = np.stack([np.radians(fine) * REACH_M, np.interp(fine, self.azimuth_deg, self.height_m, period=360)], 1)
        # between samples of a steep stretch the border is filled in, so that distances hold
        steps = np.linspace(0, 1, 6, endpoint=False)[:, None, None]
        return np.asarray((line[:-1] * (1 - steps) + line[1:] * steps).reshape(-1, 2))


def part_x(look: Hair, points: Floats, centre: Floats) -> Floats:
    """(n,) x of the parting: it runs back from the forehead, not quite straight, and dies out on the crown."""
    z = points[:, 2] - centre[2]
    bent = 1.6 * np.sin(z * 95 + look.seed) + 0.8 * np.sin(z * 310 + 2.0 * look.seed)
    return np.asarray((look.part_mm * np.clip(z / 0.07 + 0.72, 0.0, 1.0) + bent) * 1e-3)


def scalp_cover(line: Hairline, look: Hair, points: Floats, above: Floats | None = None) -> Floats:
    """(n,) 0..1: how much of the skin at these points the roots of hair hide from sight, to be painted under it.

    The longer the hair, the darker what lies under it; along a parting skin shows. points: (n, 3) metres on the head.
    """
    style = style_of(look)
    inside = line.above(points) if above is None else above
    share = line.density(points, inside)
    if style.comb == "crop" and not style.cards[0]:
        return np.asarray(share * np.interp(style.length_m, *CROPPED))
    if style.comb == "crop":
        up = smoothstep(line.centre[1] + 0.010, line.centre[1] + 0.060, points[:, 1])
        sides = np.clip(0.72 + 20 * style.side_m, 0.8, 0.97)
        share = share * (sides + (0.97 - sides) * np.maximum(up, smoothstep(0.008, 0.040, inside)))
    if style.part > 0.5:
        width = 0.0009 if style.comb == "fall" else 0.0006
        beside = np.abs(points[:, 0] - part_x(look, points, line.centre)) / width
        ahead = smoothstep(line.centre[2] - 0.045, line.centre[2] - 0.010, points[:, 2])
        ahead = ahead * smoothstep(line.centre[1] + 0.045, line.centre[1] + 0.055, points[:, 1])
        share = share * (1 - (0.4 if style.comb == "fall" else 0.2) * np.exp(-(beside**2)) * ahead)
    return np.asarray(0.97 * share)


def make_hairline(known: Anatomy, body: Body, surface: Surface, look: Hair) -> Hairline:
    """The hairline of an identity. surface: any level of subdivision."""
    eyes = (known.eyes["leftEye"].centre + known.eyes["rightEye"].centre) / 2
    centre = np.array([0.0, eyes[1], eyes[2] - AXIS_M])
    ears = (sample_mask(body, "ears", surface.original_uv) > 0.25) & (surface.island == anatomy.HEAD)
    ear = surface.positions[ears & (surface.positions[:, 0] > 0)] - centre
    low, high, wide = ear.min(0) * 1e3, ear.max(0) * 1e3, float(np.median(ear[:, 0])) * 1e3

    def bearing(z_mm: float) -> float:
        return float(np.degrees(np.arctan2(wide, z_mm)))

    tall = high[1] - low[1]
    sides = [
        (bearing(high[2] + 17.0), low[1] + 0.62 * tall),
        (bearing(high[2] + 15.0), low[1] + 0.50 * tall),
        (bearing(high[2] + 5.0), low[1] + 0.47 * tall),
        (bearing(high[2] + 1.0), low[1] + 0.80 * tall),
        (bearing(high[2] - 4.0), high[1] + 5.0),
        (bearing((high[2] + low[2]) / 2), high[1] + 9.0),
        (bearing(low[2] - 2.0), high[1] + 3.0),
        (bearing(low[2] - 9.0), high[1] - 0.35 * tall),
        (bearing(low[2] - 13.0), low[1] + 0.20 * tall),
        (132.0, low[1] - 10.0),
        (142.0, low[1] - 20.0),
        (155.0, low[1] - 26.0),
        (168.0, low[1] - 25.0),
        (180.0, low[1] - 28.0),
    ]
    table = np.array([*FRONT, *sides], np.float64)
    azimuth = np.arange(-180.0, 180.0)
    size = np.abs(azimuth)
    height = np.interp(size, table[:, 0], table[:, 1])
    recess = np.exp(-(((size - CORNER_DEG) / CORNER_WIDTH_DEG) ** 2))
    height += look.hairline_mm * np.clip(1 - size / 62, 0, 1)
    height += look.recede_mm * (recess + 0.35 * np.exp(-((size / 16) ** 2)))
    height += _wander(look.seed, size)
    kernel = np.exp(-0.5 * (np.arange(-4, 5) / 1.3) ** 2)
    padded = np.r_[height[-4:], height, height[:4]]
    height = np.convolve(padded, kernel / kernel.sum(), "valid")
    top = float(surface.positions[surface.island == anatomy.HEAD, 1].max())
    side = -1.0 if look.part_mm > 0 else 1.0
    crown = np.array([side * 0.010, top - 0.016, centre[2] - 0.052])
    return Hairline(centre, azimuth, height * 1e-3, crown, look.thinning)


def _wander(seed: int, size: Floats) -> Floats:
    """(360,) millimetres by which the border strays from the ideal, most at the forehead, least round the ears."""
    rng = np.random.default_rng(seed + 50)
    total = np.zeros(360)
    for breadth, amount in ((9.0, 1.5), (3.0, 0.9)):
        noise = np.fft.irfft(np.fft.rfft(rng.normal(size=360)) * np.exp(-((np.arange(181) * breadth / 60) ** 2)), 360)
        total += noise / noise.std() * amount
    return np.asarray(total * np.interp(size, [0, 50, 66, 105, 130, 180], [1, 1, 0.35, 0.35, 1.5, 2.0]))
