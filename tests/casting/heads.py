"""A ball on shoulders for tests of hair: a scalp without an identity, so that no template body is needed."""

from functools import cache

import numpy as np

from understudy.casting.hairline import AXIS_M, Hairline
from understudy.casting.mesh import unit
from understudy.casting.scalp import Roots, Scalp
from understudy.casting.solid import make_solid

EYES = np.array([0.0, 1.60, 0.10])
MIDDLE = np.array([0.0, 1.625, 0.02])
RADII = np.array([0.078, 0.105, 0.098])


@cache
def ball_scalp(thinning: float = 0.0, seed: int = 1) -> Scalp:
    """An egg of a head over a broad neck and shoulders; made once, for nobody changes it."""
    rng = np.random.default_rng(seed)
    direction = unit(rng.normal(size=(30000, 3)))
    points, normals = MIDDLE + direction * RADII, unit(direction / RADII)
    centre = EYES - np.array([0.0, 0.0, AXIS_M])
    azimuth = np.arange(-180.0, 180.0)
    height = np.interp(np.abs(azimuth), [0, 30, 60, 90, 120, 180], [0.062, 0.058, 0.01, 0.006, -0.04, -0.06])
    crown = np.array([-0.01, MIDDLE[1] + 0.095, centre[2] - 0.03])
    line = Hairline(centre, azimuth, height, crown, thinning)
    above = line.above(points)
    kept = np.flatnonzero(above > -0.008)
    corners = np.repeat(np.arange(len(points))[:, None], 3, 1)
    bary = np.tile([1.0, 0.0, 0.0], (len(points), 1))
    roots = Roots(points, normals, above, corners, bary)[kept]
    round_ = rng.uniform(0, 2 * np.pi, 20000)
    tall = rng.uniform(1.42, 1.50, 20000)
    flat = np.stack([np.sin(round_), np.zeros(20000), np.cos(round_)], 1)
    neck = flat * 0.055 + np.array([0.0, 0.0, 0.0]) + tall[:, None] * np.array([0.0, 1.0, 0.0])
    across = rng.uniform(-0.2, 0.2, (30000, 2))
    shoulder = np.stack([across[:, 0], 1.44 - 0.35 * np.abs(across[:, 0]), across[:, 1] * 0.4], 1)
    up = np.tile([0.0, 1.0, 0.0], (30000, 1))
    solid = make_solid(
        np.concatenate([points, neck, shoulder]),
        np.concatenate([normals, flat, up]),
        np.array([-0.25, 1.20, -0.25]),
        np.array([0.25, 1.86, 0.25]),
        1.48,
    )
    return Scalp(
        roots=roots,
        density=line.density(roots.points, roots.above),
        hairline=line,
        solid=solid,
        top_m=float(points[:, 1].max()),
        back_m=float(points[:, 2].min()),
        shoulder_m=1.42,
        chin_m=1.50,
        ear=np.array([0.085, 1.585, 0.005]),
    )
