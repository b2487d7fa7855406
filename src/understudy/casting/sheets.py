"""Long hair as sheets: whole falls of neighbouring strands, from the parting and the hairline to the tips.

A sheet is a grid of vertices, one column per strand. Columns are in order round the head - left temple, along the
hairline to the parting, back along it to the crown, and out again on the other side - so a sheet never crosses
itself. All sheets and the locks on them are the same fall at different heights, so they never cross each other.
"""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from understudy.casting.mesh import Floats, Part, smoothstep, triangulate, unit
from understudy.casting.recipe import Hair
from understudy.casting.ribbons import resample, ribbons
from understudy.casting.scalp import Roots, Scalp, part_line
from understudy.casting.styles import Fall, fall_down

SHEET_SPAN = 0.5
"""Share of the texture, from u = 0, that sheets use; they run through it to and fro."""
LOCK_STRIPS = 4
"""Strips for locks in the other half, from full to sparse."""
TILE_M = 0.10
"""Breadth of hair that one run through the texture stands for."""
SPREAD_M = 0.118
"""Falling hair stays this near to the middle of the body instead of sliding off along the shoulders."""
REST_M = 0.012
"""Hair that falls onto a shoulder ends so far beyond where it touches it."""
PART_SHARE = 0.70
"""Share of the columns of a side that root along the parting; the others root along the hairline."""


COLUMNS = 151
ROWS = 34
TOP = 0.85
"""Height of the fall in the volume of the hair, 0 on the skin .. 1 at the top."""


@dataclass(frozen=True)
class Sheet:
    """One layer of the fall."""

    every: int
    """takes every so many columns"""
    rows: int
    depth_m: float
    """under the outermost"""
    clear_m: float
    """least distance to skin and clothes"""
    shorter_m: float
    ragged_m: float
    """how much the lengths of neighbouring columns differ"""


SHEETS = (
    Sheet(1, 34, 0.0, 0.0058, 0.0, 0.016),
    Sheet(2, 24, 0.0030, 0.0040, 0.030, 0.020),
    Sheet(3, 20, 0.0058, 0.0024, 0.012, 0.026),
)
LOCK_SEGMENTS = 14


def make_sheets(scalp: Scalp, look: Hair, rng: np.random.Generator) -> list[Part]:
    """The sheets, and locks that lie on the outermost one."""
    whole, length = _fall(scalp, look, rng)
    parts = []
    for order, sheet in enumerate(SHEETS):
        path = whole[:: sheet.every]
        count = len(path)
        sink = sheet.depth_m * smoothstep(0.0, 0.18, np.linspace(0, 1, path.shape[1]))
        path = _clear(scalp, path - _hull_normals(scalp, path) * sink[:, None], sheet.clear_m)
        ragged = _wander(rng, count, 9.0 / sheet.every) + 0.7 * _wander(rng, count, 2.2 / sheet.every)
        short = length[:: sheet.every] - sheet.shorter_m + sheet.ragged_m * ragged
        path = resample(path, np.maximum(short, 0.10), sheet.rows)
        hull = _hull_normals(scalp, path)
        parts.append(_grid(path, hull, rng, shift=0.37 * order))
        if order == 0:
            parts.append(_locks(look, path, hull, rng))
    return parts


def _fall(scalp: Scalp, look: Hair, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """(columns, rows, 3) strands in order round the head, longer than they are worn, and the lengths (columns,)."""
    half = COLUMNS // 2
    u = np.linspace(-half, half, COLUMNS) / half
    roots = _roots(scalp, look, u)
    path = fall_down(scalp, roots, look, _plan(scalp, look, roots, u, TOP))
    drop = (scalp.top_m - roots.points[:, 1]) * 0.75
    # hair that falls down the back has the crown to go round
    length = look.length_m + 0.030 * (1 - smoothstep(0.2, 0.6, np.abs(u))) - drop
    length = np.minimum(length, _until_shoulder(scalp, path) + REST_M)
    length = ndimage.gaussian_filter1d(length, 1.5, mode="nearest")
    path = resample(path, length + 0.03, ROWS)
    along = np.linspace(0, 1, ROWS)[None, :, None]
    for _ in range(3):
        soft = ndimage.gaussian_filter1d(path, 3.0, axis=0, mode="nearest")
        path += (soft - path) * smoothstep(0.02, 0.16, along)
        path = _clear(scalp, path, SHEETS[0].clear_m)
    return _wave(scalp, look, path, rng), length


def _roots(scalp: Scalp, look: Hair, u: Floats) -> Roots:
    """Roots of the columns: |u| is 0 on the crown, PART_SHARE at the front of the parting, 1 before the ear."""
    centre, side = scalp.hairline.centre, np.where(u < 0, -1.0, 1.0)
    top = scalp.points[:, 1] > centre[1] + 0.03
    points, normals, above = scalp.points[top], scalp.normals[top], scalp.above[top]
    line = np.abs(points[:, 0] - part_line(look, points, scalp)) < 0.003
    front = float(points[line & (above > 0.0012), 2].max())
    t = np.clip(np.abs(u) / PART_SHARE, 0, 1)
    z = (centre[2] - 0.070) * (1 - t) + front * t
    wanted = np.stack([np.zeros_like(z), np.full_like(z, scalp.top_m), z], 1)
    wanted[:, 0] = part_line(look, wanted, scalp) + side * 0.0009
    distance = np.hypot(wanted[:, None, 0] - points[None, :, 0], wanted[:, None, 2] - points[None, :, 2])
    near = np.argpartition(distance, 8, axis=1)[:, :8]
    result = np.c_[wanted[:, 0], points[near, 1].mean(1), wanted[:, 2]]
    normal = normals[near].mean(1)
    # along the hairline: azimuths between the front of the parting and the sideburn
    far = np.clip((np.abs(u) - PART_SHARE) / (1 - PART_SHARE), 0, 1)
    first = np.degrees(np.arctan2(side * (look.part_mm * 1e-3), front - centre[2])) * side
    azimuth = first + (72.0 - first) * far
    bearing = np.degrees(np.arctan2(scalp.points[:, 0], scalp.points[:, 2] - centre[2]))
    border = np.flatnonzero(np.abs(scalp.above - 0.0022) < 0.0012)
    for row in np.flatnonzero(far > 0):
        ids = border[np.argsort(np.abs(bearing[border] - side[row] * azimuth[row]))[:6]]
        result[row], normal[row] = scalp.points[ids].mean(0), scalp.normals[ids].mean(0)
    return Roots(result, unit(normal), np.full(len(u), 0.002))


def _until_shoulder(scalp: Scalp, path: Floats) -> Floats:
    """(columns,) metres along each strand until it touches the slope of a shoulder; far where it never does."""
    over, normal = scalp.height(path.reshape(-1, 3))
    arc = np.concatenate([np.zeros((len(path), 1)), np.cumsum(np.linalg.norm(np.diff(path, axis=1), axis=2), 1)], 1)
    level = (normal[:, 1] > 0.45).reshape(arc.shape)
    touching = (over < 0.007).reshape(arc.shape) & level & (path[..., 1] < scalp.shoulder_m + 0.05)
    return np.asarray(np.where(touching.any(1), arc[np.arange(len(arc)), touching.argmax(1)], 1.0))


def _plan(scalp: Scalp, look: Hair, roots: Roots, u: Floats, height: float) -> Fall:
    """Where each column is to hang: evenly round the neck from the middle of the back to beside the chin."""
    p, centre, a = roots.points, scalp.hairline.centre, np.abs(u)
    side = np.where(u < 0, -1.0, 1.0)
    offset = p[:, 0] - part_line(look, p, scalp)
    behind = smoothstep(centre[2] + 0.035, centre[2] - 0.070, p[:, 2])
    beside = np.exp(-np.abs(offset) / 0.045) * (1 - behind)
    bearing = np.radians(np.interp(a, [0, 0.21, 0.29, 0.64, 1.0], [180, 130, 99, 60, 32]))
    rank = np.clip((p[:, 1] - centre[1]) / (scalp.top_m - centre[1]), 0, 1)
    deep = np.interp(np.degrees(bearing), [44, 62, 98, 180], [0.0, 0.0, 0.2, 1.0])
    middle = (centre[2] - 0.002) * (1 - deep) + (scalp.back_m + 0.075) * deep
    return Fall(
        side=side,
        behind=behind,
        beside_part=beside,
        front=np.clip((p[:, 2] - centre[2]) / 0.075, 0.0, 1.0),
        height=0.0012 + look.volume_mm * 1e-3 * height * (0.35 + 0.65 * rank**0.8) * (0.75 + 0.35 * beside),
        lane_x=side * (0.100 - 0.016 * (1 - height)) * np.sin(bearing),
        lane_z=middle + 0.060 * np.cos(bearing),
    )


def _wander(rng: np.random.Generator, count: int, breadth: float) -> Floats:
    """(count,) smooth noise of unit variance that changes over `breadth` columns."""
    noise = ndimage.gaussian_filter1d(rng.normal(size=count), breadth, mode="nearest")
    return np.asarray(noise / noise.std())


def _wave(scalp: Scalp, look: Hair, path: Floats, rng: np.random.Generator) -> Floats:
    """Loose waves and shallow clumps, both growing towards the tips, alike among neighbours."""
    count = len(path)
    step = np.linalg.norm(np.diff(path, axis=1), axis=2)
    arc = np.concatenate([np.zeros((count, 1)), np.cumsum(step, 1)], 1)
    phase = 1.3 * _wander(rng, count, 9)[:, None]
    turn = 2 * np.pi * arc / look.wave_length_m + phase
    amount = look.wave_mm * 1e-3 * smoothstep(0.10, 0.32, arc) * (1 + 0.25 * _wander(rng, count, 6))[:, None]
    clump = _wander(rng, count, 1.7)[:, None] * 0.0011 + _wander(rng, count, 4)[:, None] * 0.0013
    clump = clump * smoothstep(0.02, 0.25, arc)
    out = _hull_normals(scalp, path)
    across = unit(np.cross(np.gradient(path, axis=1), out))
    bent = path + out * (0.6 * amount * np.sin(turn) + clump)[..., None]
    return bent + across * (amount * np.cos(turn))[..., None]


def _clear(scalp: Scalp, path: Floats, least_m: float) -> Floats:
    """Pushes what lies in skin or cloth out again, and keeps the fall off the ends of the shoulders."""
    result = path.copy()
    reach = np.linspace(0, 1, path.shape[1])[1:]
    wanted = np.minimum(0.0012 + least_m * smoothstep(0.0, 0.18, reach), least_m)[None]
    for _ in range(3):
        over, normal = scalp.height(result[:, 1:].reshape(-1, 3))
        push = np.maximum(wanted - over.reshape(len(path), -1), 0)
        push[1:-1] = np.maximum(push[1:-1], 0.8 * (push[:-2] + push[2:]) / 2)
        push[:, 1:-1] = np.maximum(push[:, 1:-1], 0.8 * (push[:, :-2] + push[:, 2:]) / 2)
        result[:, 1:] += normal.reshape(len(path), -1, 3) * push[..., None]
        low = result[..., 1] < scalp.chin_m
        result[..., 0] = np.where(low, np.clip(result[..., 0], -SPREAD_M, SPREAD_M), result[..., 0])
    return result


def _hull_normals(scalp: Scalp, path: Floats) -> Floats:
    """(columns, rows, 3) normals of the smooth volume the fall makes: off the skull above, round the neck below."""
    flat = path.reshape(-1, 3)
    _, normal = scalp.height(flat)
    away = unit((flat - np.array([0.0, 0.0, scalp.hairline.centre[2] - 0.02])) * np.array([1.0, 0.0, 1.0]))
    below = smoothstep(scalp.hairline.centre[1] + 0.035, scalp.hairline.centre[1] - 0.04, flat[:, 1])[:, None]
    hull = unit(normal * (1 - below) + away * below).reshape(path.shape)
    soft = ndimage.gaussian_filter(hull, (len(path) / 50, 1.5, 0), mode="nearest")
    return unit(soft)


def _grid(path: Floats, hull: Floats, rng: np.random.Generator, shift: float) -> Part:
    """The mesh of a sheet: fine relief comes from its own normals, its shape in light from the hull."""
    columns, rows, _ = path.shape
    index = np.arange(columns * rows).reshape(columns, rows)
    quads = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], -1).reshape(-1, 4)
    tangent = unit(np.gradient(path, axis=1))
    own = unit(np.cross(np.gradient(path, axis=0), tangent))
    own *= np.sign((own * hull).sum(-1, keepdims=True))
    # breadth of the fall at its middle decides how much texture each column gets
    breadth = np.linalg.norm(np.diff(path[:, rows // 3 : rows // 2].mean(1), axis=0), axis=1)
    run = np.r_[0, np.cumsum(np.maximum(breadth, 0.0008))] / TILE_M + shift
    u = np.abs((run + 1) % 2 - 1) * SHEET_SPAN * 0.985 + 0.004
    along = np.linspace(0, 1, rows)
    seed = 0.5 + 0.13 * np.clip(_wander(rng, columns, 2.0), -1, 1)
    return Part(
        name="hair",
        material="hair",
        positions=path.reshape(-1, 3),
        normals=unit(hull + 0.30 * own).reshape(-1, 3),
        triangles=triangulate(quads),
        uv=np.stack(np.broadcast_arrays(u[:, None], along[None]), -1).reshape(-1, 2),
        strand=np.c_[tangent.reshape(-1, 3), np.tile(along, columns)],
        seed=np.repeat(seed, rows),
    )


def _locks(look: Hair, path: Floats, hull: Floats, rng: np.random.Generator) -> Part:
    """Narrow locks that lie just on the outermost sheet, swell a little off it and end in points."""
    columns, rows, _ = path.shape
    count = look.cards
    at = np.sort(rng.uniform(6.0, columns - 7.0, count))
    drift = np.cumsum(rng.normal(size=(count, rows)) * 0.10, 1) * np.linspace(0, 1, rows)
    where = np.clip(at[:, None] + ndimage.gaussian_filter1d(drift, 3, axis=1), 0, columns - 1.001)
    low = where.astype(np.int64)
    part = (where - low)[..., None]
    row = np.arange(rows)[None]
    line = path[low, row] * (1 - part) + path[low + 1, row] * part
    face = unit(hull[low, row] * (1 - part) + hull[low + 1, row] * part)
    along = np.linspace(0, 1, rows)[None]
    lift = 0.0006 + 0.0018 * rng.random((count, 1)) * np.sin(np.pi * np.clip(along * 1.15, 0, 1)) ** 0.7
    lift = lift * smoothstep(0.0, 0.10, along) + 0.0002
    line = line + face * lift[..., None]
    total = np.linalg.norm(np.diff(line, axis=1), axis=2).sum(1)
    keep = resample(line, total * rng.uniform(0.72, 1.06, count), LOCK_SEGMENTS + 1)
    face = _resample_units(face, LOCK_SEGMENTS + 1)
    profile = np.interp(np.linspace(0, 1, LOCK_SEGMENTS + 1), [0, 0.12, 0.4, 0.75, 1], [0.25, 0.8, 1.0, 0.75, 0.05])
    width = 0.0055 * rng.uniform(0.5, 1.3, (count, 1)) * profile
    strip = rng.integers(1, LOCK_STRIPS, count)
    left = SHEET_SPAN + (strip + 0.03) / LOCK_STRIPS * (1 - SHEET_SPAN)
    right = SHEET_SPAN + (strip + 0.97) / LOCK_STRIPS * (1 - SHEET_SPAN)
    flip = rng.random(count) < 0.5
    made = ribbons("hair", "hair", keep, width, face, rng, (np.where(flip, right, left), np.where(flip, left, right)))
    made.normals = np.repeat(face.reshape(-1, 3), 2, 0)
    assert made.seed is not None
    made.seed = 0.5 + 0.36 * (made.seed - 0.5)
    return made


def _resample_units(values: Floats, count: int) -> Floats:
    """(n, count, 3) unit vectors at even steps of (n, rows, 3)."""
    at = np.linspace(0, values.shape[1] - 1.001, count)
    low = at.astype(np.int64)
    part = (at - low)[None, :, None]
    return unit(values[:, low] * (1 - part) + values[:, low + 1] * part)
