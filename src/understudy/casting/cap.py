"""The cap of cropped hair: a closed cover of fine strands under the cards that thins out towards the hairline."""

import numpy as np

from understudy.casting.mesh import Floats, Part, smoothstep, triangulate, unit
from understudy.casting.recipe import Hair
from understudy.casting.scalp import Scalp
from understudy.casting.sheets import SHEET_SPAN

COLUMNS, ROWS = 144, 22
RUNS = 7.0
"""How often the texture of sheets goes round the head."""
POLE = np.array([0.0, 0.94, -0.34])
"""From the middle of the head to the crown."""


def make_cap(scalp: Scalp, look: Hair) -> Part:
    """A polar grid from the crown to the hairline."""
    centre = scalp.hairline.centre + np.array([0.0, 0.012, -0.012])
    pole = unit(POLE)
    ahead = unit(np.array([0.0, 0.0, 1.0]) - pole * pole[2])
    beside = np.cross(pole, ahead)
    azimuth = np.linspace(0, 2 * np.pi, COLUMNS + 1)
    flat = np.cos(azimuth)[:, None] * ahead + np.sin(azimuth)[:, None] * beside

    def on_skin(polar: Floats, off: Floats) -> tuple[Floats, Floats]:
        direction = np.cos(polar)[..., None] * pole + np.sin(polar)[..., None] * flat
        reach = np.full(len(polar), 0.10)
        for _ in range(12):
            over, normal = scalp.height(centre + direction * reach[:, None])
            reach = reach - 0.8 * (over - off)
        return centre + direction * reach[:, None], normal

    low, high = np.full(COLUMNS + 1, 0.5), np.full(COLUMNS + 1, 2.4)
    for _ in range(12):
        middle = (low + high) / 2
        inside = _above(scalp, on_skin(middle, np.zeros(COLUMNS + 1))[0]) > 0.0012
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    border = 0.25 * (np.roll(low[:-1], 1) + 2 * low[:-1] + np.roll(low[:-1], -1))
    border = np.r_[border, border[0]]
    along = np.linspace(0.012, 1, ROWS)
    positions = np.empty((COLUMNS + 1, ROWS, 3))
    normals = np.empty_like(positions)
    for row, t in enumerate(along):
        skin, normal = on_skin(border * t, np.zeros(COLUMNS + 1))
        rank = smoothstep(scalp.hairline.centre[1] + 0.02, scalp.top_m - 0.02, skin[:, 1])
        inner = smoothstep(0.0, 0.030, _above(scalp, skin))
        positions[:, row] = skin + normal * (0.0004 + inner * (0.0006 + 0.0004 * look.volume_mm * rank))[:, None]
        normals[:, row] = normal
    above = _above(scalp, positions.reshape(-1, 3)).reshape(positions.shape[:2])
    # at the sides the cut runs out over centimetres, at the forehead over millimetres
    azimuth_deg = scalp.hairline.azimuth(positions.reshape(-1, 3)).reshape(above.shape)
    fade = np.interp(azimuth_deg, [0, 45, 75, 180], [0.007, 0.010, 0.026, 0.026])
    whole = np.clip(above / fade, 0, 1)
    v = (0.30 + 0.42 * along[None]) * whole + 0.98 * (1 - whole)
    run = azimuth / (2 * np.pi) * 2 * RUNS
    u = np.abs((run + 1) % 2 - 1) * SHEET_SPAN * 0.985 + 0.004
    index = np.arange((COLUMNS + 1) * ROWS).reshape(COLUMNS + 1, ROWS)
    quads = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], -1).reshape(-1, 4)
    tangent = unit(np.asarray(np.gradient(positions, axis=1)))
    count = (COLUMNS + 1) * ROWS
    return Part(
        name="hair",
        material="hair",
        positions=positions.reshape(-1, 3),
        normals=normals.reshape(-1, 3),
        triangles=triangulate(quads),
        uv=np.stack(np.broadcast_arrays(u[:, None], np.clip(v, 0, 0.985)), -1).reshape(-1, 2),
        strand=np.c_[tangent.reshape(-1, 3), np.full(count, 0.25)],
        seed=np.full(count, 0.5),
    )


def _above(scalp: Scalp, points: Floats) -> Floats:
    """(n,) metres over the hairline, or over the ear where that is less."""
    azimuth = scalp.hairline.azimuth(points)
    over_ear = points[:, 1] - scalp.ear[1] - np.interp(azimuth, [72, 90, 122, 150], [-0.06, 0.009, 0.009, -0.10])
    return np.asarray(np.minimum(scalp.hairline.above(points), over_ear))
