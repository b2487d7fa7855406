"""A place as light on Gaussians: sixteen harmonics for what a surface scatters, and lobes for what it mirrors.

The harmonics are of radiance (Ramamoorthi & Hanrahan 2001), so how much of each a Gaussian passes on may hold shadow
and scattering (precomputed radiance transfer: Sloan, Kautz & Snyder, SIGGRAPH 2002). Lobes are spherical Gaussians
(Wang et al., "All-Frequency Rendering of Dynamic, Spatially-Varying Reflectance", SIGGRAPH Asia 2009).
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from understudy.base.directions import even_directions
from understudy.hub.place import Ambience, Place
from understudy.render.environment import glow_axes, harmonics, radiance

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

HARMONICS = 16
DIFFUSE = np.array([np.pi] + [2 * np.pi / 3] * 3 + [np.pi / 4] * 5 + [0.0] * 7) / np.pi
"""What a plain surface passes on of each harmonic along its normal: the clamped cosine, over pi (its third
band is nothing; shadows have one)."""
SHADOWS = 4
"""Most lamps of a place that throw shadows, the first ones."""
_SAMPLES = 4000
_SHARPEST = 4000.0


@dataclass(frozen=True, eq=False)
class Lighting:
    """The light of a place in stage space. towards, power: (s, 3) directions and irradiance of points of light, lamps
    first; zonal: (4, 3) the smooth rest by band, around +y, as harmonics of order 0..3 along the axis. lobes: (l, 8)
    direction, power RGB, sharpness, 0; those of lamps first. softness_rad: (lamps,) angular radii of
    those that throw shadows.
    """

    towards: Doubles
    power: Doubles
    zonal: Doubles
    lobes: Floats
    softness_rad: Doubles

    @staticmethod
    def of(place: Place) -> "Lighting":
        """Returns the light of a place."""
        towards, power, lobes = [], [], []
        for lamp in place.lights:
            d = np.asarray(lamp.towards, np.float64)
            d = d / np.linalg.norm(d)
            towards.append(d)
            power.append(np.asarray(lamp.colour, np.float64))
            sharp = min(2.0 / max(lamp.softness_rad, 1e-3) ** 2 * 1.6, _SHARPEST)
            lobes.append([*d, *lamp.colour, sharp, 0.0])
        for glow in place.ambience.glows:
            centre, right, up = glow_axes(glow)
            grid = (np.arange(5) + 0.5) / 5 * 2 - 1
            x, y = (g.ravel() for g in np.meshgrid(grid * glow.half_width, grid * glow.half_height))
            solid = (2 * glow.half_width / 5) * (2 * glow.half_height / 5) / (1 + x * x + y * y) ** 1.5
            spread = centre + x[:, None] * right + y[:, None] * up
            spread = spread / np.linalg.norm(spread, axis=1, keepdims=True)
            rgb = np.asarray(glow.radiance, np.float64)
            towards.extend(spread)
            power.extend(solid[:, None] * rgb)
            angle2 = max(glow.half_width * glow.half_height, 1e-4)
            lobes.append([*centre, *(rgb * solid.sum()), min(2.2 / angle2, _SHARPEST), 0.0])
        sphere = even_directions(_SAMPLES)
        bare = radiance(_without_glows(place), sphere).astype(np.float64)
        y = sphere[:, 1]
        along = np.stack(
            [np.full_like(y, 0.282095), 0.488603 * y, 0.315392 * (3 * y * y - 1), 0.373176 * y * (5 * y * y - 3)]
        )
        zonal = along @ bare * (4 * np.pi / _SAMPLES)
        return Lighting(
            np.array(towards or np.zeros((0, 3)), np.float64).reshape(-1, 3),
            np.array(power or np.zeros((0, 3)), np.float64).reshape(-1, 3),
            zonal,
            np.array(lobes or np.zeros((0, 8)), np.float32).reshape(-1, 8),
            np.array([lamp.softness_rad for lamp in place.lights[:SHADOWS]], np.float64),
        )

    @property
    def lamps(self) -> int:
        """How many of the points are lamps that throw shadows."""
        return len(self.softness_rad)

    def seen_by(self, turns: Doubles) -> Floats:
        """Returns (j, 16, 3) harmonics of the light in the axes of each of (j, 3, 3) turns (stage-from-local)."""
        rest, beams = self.parted_by(turns)
        return np.asarray(rest + np.einsum("ljh,lc->jhc", beams, self.power[: self.lamps]), np.float32)

    def parted_by(self, turns: Doubles) -> tuple[Floats, Floats]:
        """Returns (j, 16, 3) harmonics of all but the lamps, and (lamps, j, 16) those of each lamp at power 1."""
        points = len(self.towards)
        # what a zonal function about an axis u has of the harmonics: c_l sqrt(4 pi / (2 l + 1)) Y_lm(u)
        band = np.repeat(np.sqrt(4 * np.pi / (2 * np.arange(4) + 1)), [1, 3, 5, 7])
        local = np.concatenate([self.towards @ turns, turns[:, 1:2]], 1)
        seen = harmonics(local.reshape(-1, 3)).reshape(len(turns), points + 1, HARMONICS)
        rest = seen[:, self.lamps : points].transpose(0, 2, 1) @ self.power[self.lamps :]
        rest += (seen[:, points] * band)[:, :, None] * np.repeat(self.zonal, [1, 3, 5, 7], 0)
        beams = seen[:, : self.lamps].transpose(1, 0, 2)
        return rest.astype(np.float32), np.ascontiguousarray(beams, np.float32)


def _without_glows(place: Place) -> Ambience:
    return replace(place.ambience, glows=())
