"""Which Gaussians a lamp reaches: they throw their shadows on each other through pictures of depth, one a lamp.

    stage places -> depth from each lamp (what is nearest to it wins) -> how much of the lamp each Gaussian sees

The picture is read as percentage-closer soft shadows are (Fernando, SIGGRAPH 2005 sketches): the mean distance to what
is in the way, times the angle of the lamp, is how far the edge spreads. Between hairs light fades with depth.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Body, Matrices
from understudy.render.splat.arithmetic import exp_, whole_
from understudy.render.splat.compiled import inlined, parallel, prange
from understudy.render.splat.lighting import Lighting

Floats = npt.NDArray[np.float32]

SIDE = 256
"""Texels along a side of a picture of depth."""
TEXEL_M = 0.004
_STEEPEST = 0.35
"""Least cosine to a lamp that a surface counts as having where its tilt is allowed for; one that is turned away from a
lamp by more shades itself."""
_NOTHING = -1e6
_PARTS = 2
"""Pictures a lamp while they are made, so that two processors can share one lamp."""
_TAPS = 12
_GOLDEN_RAD = 2.39996323
_BIAS_M = 0.004
"""What lies less than this before a surface is the surface itself."""
_RAMP_M = 0.008
"""A surface is in full shadow when what shades it lies this much farther than `_BIAS_M`."""
_FADE_M = 0.012
"""Way through hair on which light falls to 1 / e."""
_FADES = 4
"""So many times that way, and nothing is left."""
_NEAR_M = 0.05
"""How far from a surface most of what shades it lies: how widely it is looked for at first."""
_UNDER_M = 0.1
"""How far under the joint of the head the middle of a picture of depth lies."""
_COVERS = 1.3
"""How many deviations of a Gaussian's second axis are covered each way."""
_THICK_M = 0.0008
"""Deviation of a hair that stands for many; a thinner one throws no shadow."""
_STRONG = 0.25
"""Gaussians fainter than this throw no shadow."""


def frames(towards: npt.NDArray[np.float64], middle: npt.NDArray[np.float64]) -> Floats:
    """Returns (lamps, 3, 4) maps from stage space to texels across, texels up and metres towards the lamp.

    towards: (lamps, 3) unit directions; middle: (3,) stage, what lies in the middle of the pictures.
    """
    out = np.zeros((len(towards), 3, 4))
    for lamp, way in enumerate(towards):
        up = np.array([0.0, 1.0, 0.0]) if abs(way[1]) < 0.9 else np.array([0.0, 0.0, 1.0])
        across = np.cross(up, way)
        across /= np.linalg.norm(across)
        out[lamp, 0, :3] = across / TEXEL_M
        out[lamp, 1, :3] = np.cross(way, across) / TEXEL_M
        out[lamp, 2, :3] = way
        out[lamp, :, 3] = -out[lamp, :, :3] @ middle
        out[lamp, :2, 3] += SIDE / 2
    return out.astype(np.float32)


def taps() -> Floats:
    """Returns (_TAPS, 2) places in a disc of radius 1, evenly spread (Vogel 1979)."""
    k = np.arange(_TAPS)
    radius, angle = np.sqrt((k + 0.5) / _TAPS), k * _GOLDEN_RAD
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1).astype(np.float32)


_DISC = taps()


@inlined
def _slopes(f, nx, ny, nz):
    """Returns how far a surface of this normal rises towards a lamp from a texel to the next, across and up."""
    across = (f[0, 0] * nx + f[0, 1] * ny + f[0, 2] * nz) * np.float32(TEXEL_M)
    up = (f[1, 0] * nx + f[1, 1] * ny + f[1, 2] * nz) * np.float32(TEXEL_M)
    towards = f[2, 0] * nx + f[2, 1] * ny + f[2, 2] * nz
    facing = max(abs(towards), np.float32(_STEEPEST))
    if towards < 0:
        facing = -facing
    return -across / facing * np.float32(TEXEL_M), -up / facing * np.float32(TEXEL_M)


@inlined
def _mapped(m, normal):
    x = m[0, 0] * normal[0] + m[0, 1] * normal[1] + m[0, 2] * normal[2]
    y = m[1, 0] * normal[0] + m[1, 1] * normal[1] + m[1, 2] * normal[2]
    z = m[2, 0] * normal[0] + m[2, 1] * normal[1] + m[2, 2] * normal[2]
    q = np.float32(1.0) / max(np.sqrt(x * x + y * y + z * z), np.float32(1e-8))
    return x * q, y * q, z * q


@inlined
def _put(pictures, lamp, part, u, v, z, span, across, up):
    if u < span or v < span or u >= SIDE - span or v >= SIDE - span:
        return
    x0, y0 = whole_(u), whole_(v)
    for y in range(np.uint32(y0 - span), np.uint32(y0 + span + 1)):
        for x in range(np.uint32(x0 - span), np.uint32(x0 + span + 1)):
            one = z + np.float32(np.int32(x) - x0) * across + np.float32(np.int32(y) - y0) * up
            pictures[lamp, part, y, x] = max(pictures[lamp, part, y, x], one)


@parallel
def throw(centre, normal, opacity, span, fibre, axes, carrier, maps, lens, pictures):
    """Writes the pictures of depth (lamps, _PARTS, SIDE, SIDE), the whole of each in its first part.

    centre (n, 3) in stage space; normal (n, 3) at rest; span (n,) how many texels each covers every way, 0..2; fibre
    (n,) 1 for hair, drawn as three points along the longest of its axes (n, 3, 3) under its map; lens (lamps, 3, 4) of
    `frames`.
    """
    lamps, n = len(pictures), len(centre)
    for part in prange(_PARTS):
        for lamp in range(lamps):
            for y in range(SIDE):
                for x in range(SIDE):
                    pictures[lamp, part, y, x] = np.float32(_NOTHING)
        for i in range(part * n // _PARTS, (part + 1) * n // _PARTS):
            if opacity[i] < np.float32(_STRONG):
                continue
            x, y, z = centre[i, 0], centre[i, 1], centre[i, 2]
            wide = np.int32(span[i])
            m = maps[carrier[i]]
            nx = ny = nz = ax = ay = az = np.float32(0.0)
            if fibre[i]:
                best, which = np.float32(-1.0), 0
                for k in range(3):
                    long = axes[i, 0, k] ** 2 + axes[i, 1, k] ** 2 + axes[i, 2, k] ** 2
                    if long > best:
                        best, which = long, k
                a, b, c = axes[i, 0, which], axes[i, 1, which], axes[i, 2, which]
                ax = m[0, 0] * a + m[0, 1] * b + m[0, 2] * c
                ay = m[1, 0] * a + m[1, 1] * b + m[1, 2] * c
                az = m[2, 0] * a + m[2, 1] * b + m[2, 2] * c
            elif wide > 0:
                nx, ny, nz = _mapped(m, normal[i])
            for lamp in range(lamps):
                f = lens[lamp]
                u = f[0, 0] * x + f[0, 1] * y + f[0, 2] * z + f[0, 3]
                v = f[1, 0] * x + f[1, 1] * y + f[1, 2] * z + f[1, 3]
                t = f[2, 0] * x + f[2, 1] * y + f[2, 2] * z + f[2, 3]
                across = up = np.float32(0.0)
                if wide > 0 and not fibre[i]:
                    across, up = _slopes(f, nx, ny, nz)
                _put(pictures, lamp, part, u, v, t, wide, across, up)
                if fibre[i]:
                    du = f[0, 0] * ax + f[0, 1] * ay + f[0, 2] * az
                    dv = f[1, 0] * ax + f[1, 1] * ay + f[1, 2] * az
                    dt = f[2, 0] * ax + f[2, 1] * ay + f[2, 2] * az
                    _put(pictures, lamp, part, u + du, v + dv, t + dt, np.int32(0), across, up)
                    _put(pictures, lamp, part, u - du, v - dv, t - dt, np.int32(0), across, up)
    for row in prange(lamps * SIDE):
        lamp, y = row // SIDE, row % SIDE
        for part in range(1, _PARTS):
            for x in range(SIDE):
                pictures[lamp, 0, y, x] = max(pictures[lamp, 0, y, x], pictures[lamp, part, y, x])


@inlined
def _ramp(way):
    """Returns how much of a lamp is hidden from a surface by what lies so far before it, 0..1."""
    return min(max(way * np.float32(1 / _RAMP_M), np.float32(0.0)), np.float32(1.0))


@inlined
def _at(u, v):
    """Returns which texel of a picture lies at u, v, which are not negative."""
    return np.uint32(whole_(v)) * np.uint32(SIDE) + np.uint32(whole_(u))


@inlined
def _hidden(picture, u, v, z):
    """Returns how much of one point of a lamp is hidden from a surface, between the four texels around."""
    u -= np.float32(0.5)
    v -= np.float32(0.5)
    at = _at(u, v)
    p, q = u - np.float32(whole_(u)), v - np.float32(whole_(v))
    one, two = _ramp(picture[at] - z), _ramp(picture[at + np.uint32(1)] - z)
    three, four = _ramp(picture[at + np.uint32(SIDE)] - z), _ramp(picture[at + np.uint32(SIDE + 1)] - z)
    low, high = one + (two - one) * p, three + (four - three) * p
    return low + (high - low) * q


@parallel
def reach(centre, normal, span, fibre, carrier, maps, lens, spread, flat, inside, lit):
    """Writes lit (n, lamps): how much of each lamp reaches what is inside, 0..1.

    spread (lamps,) tangents of the angular radii of the lamps; flat (lamps, SIDE * SIDE) whole pictures of depth; the
    rest as in `throw`.
    """
    lamps = len(flat)
    for i in prange(len(centre)):
        if inside[i] == 0:
            continue
        nx, ny, nz = _mapped(maps[carrier[i]], normal[i])
        bias = np.float32(_BIAS_M) * (np.float32(1.0) + span[i])
        off = np.float32(0.0) if fibre[i] else bias
        x, y, z = centre[i, 0] + off * nx, centre[i, 1] + off * ny, centre[i, 2] + off * nz
        for lamp in range(lamps):
            f = lens[lamp]
            if not fibre[i] and f[2, 0] * nx + f[2, 1] * ny + f[2, 2] * nz < np.float32(-_STEEPEST):
                lit[i, lamp] = np.float32(0.0)
                continue
            picture = flat[lamp]
            u = f[0, 0] * x + f[0, 1] * y + f[0, 2] * z + f[0, 3]
            v = f[1, 0] * x + f[1, 1] * y + f[1, 2] * z + f[1, 3]
            t = f[2, 0] * x + f[2, 1] * y + f[2, 2] * z + f[2, 3] + bias
            wide = min(np.float32(1.5) + spread[lamp] * np.float32(_NEAR_M / TEXEL_M), np.float32(8.0))
            if u < wide + 2 or v < wide + 2 or u >= SIDE - wide - 2 or v >= SIDE - wide - 2:
                lit[i, lamp] = np.float32(1.0)
                continue
            across = up = np.float32(0.0)
            if not fibre[i]:
                across, up = _slopes(f, nx, ny, nz)
            far, count, least = np.float32(0.0), np.float32(0.0), np.float32(1e9)
            for k in range(0, _TAPS, 2):
                du, dv = wide * _DISC[k, 0], wide * _DISC[k, 1]
                behind = picture[_at(u + du, v + dv)] - t - du * across - dv * up
                hides = behind > np.float32(0.0)
                far += behind if hides else np.float32(0.0)
                count += np.float32(1.0) if hides else np.float32(0.0)
                least = min(least, behind if hides else np.float32(1e9))
            if count == 0:
                lit[i, lamp] = np.float32(1.0)
                continue
            if count == _TAPS // 2 and least > np.float32(_FADES * _FADE_M if fibre[i] else _RAMP_M):
                lit[i, lamp] = np.float32(0.0)
                continue
            far /= count
            wide = min(max(far * spread[lamp] / np.float32(TEXEL_M), np.float32(1.0)), wide)
            hidden = np.float32(0.0)
            if fibre[i]:
                # hairs lie over each other: that one is cut at the edge of a texel does not show, nor do fewer taps
                for k in range(0, _TAPS, 2):
                    behind = picture[_at(u + wide * _DISC[k, 0], v + wide * _DISC[k, 1])] - t
                    behind = min(max(behind * np.float32(1 / _FADE_M), np.float32(0.0)), np.float32(30.0))
                    hidden += np.float32(2.0) - np.float32(2.0) * exp_(-behind)
            else:
                for k in range(_TAPS):
                    du, dv = wide * _DISC[k, 0], wide * _DISC[k, 1]
                    hidden += _hidden(picture, u + du, v + dv, t + du * across + dv * up)
            lit[i, lamp] = np.float32(1.0) - hidden * np.float32(1 / _TAPS)


def spread_of(light: Lighting) -> Floats:
    """Returns (lamps,) the tangents of the angular radii of lamps, as far as one radian."""
    return np.tan(np.minimum(light.softness_rad, 1.0)).astype(np.float32)


class Shadows:
    """What a cloud of Gaussians keeps to throw shadows on itself. normal: (n, 3) at rest; size_m: (n, 3); fibre: (n,) 1
    for hair. The pictures of depth follow the head.
    """

    def __init__(self, body: Body, normal: Floats, size_m: Floats, fibre: npt.NDArray[np.uint8]) -> None:
        name = "head" if "head" in body.joint_index else body.joints[0].name
        self._head, self._origin = body.joint_index[name], np.append(body.origin(name), 1.0)
        self._normal, self._fibre = normal, fibre
        self._pictures = np.zeros((0, _PARTS, SIDE, SIDE), np.float32)
        self._lit: dict[int, Floats] = {}
        self.resize(size_m)

    def resize(self, size_m: Floats) -> None:
        """Takes up other sizes (n, 3) of the same Gaussians."""
        a, b, c = size_m.T
        second = np.maximum(np.minimum(a, b), np.minimum(np.maximum(a, b), c))
        self._span = np.clip(np.rint(_COVERS * second / TEXEL_M), 0, 2).astype(np.uint8)
        # a single hair throws no shadow that is seen
        self._throws = ((self._fibre == 0) | (second > _THICK_M)).astype(np.float32)

    def take(
        self, light: Lighting, joints: Matrices, centre: Floats, opacity: Floats, axes: Floats,
        carrier: npt.NDArray[Any], maps: Floats, inside: npt.NDArray[np.uint8],
    ) -> Floats:  # fmt: skip
        """Returns (n, lamps) how much of each lamp reaches those inside, 0..1; good until the next call.

        The rest is as `kernels.project` took and gave it. Hold `alone`.
        """
        count = light.lamps
        lit = self._lit.setdefault(count, np.ones((len(centre), count), np.float32))
        if not count:
            return lit
        if len(self._pictures) < count:
            self._pictures = np.empty((count, _PARTS, SIDE, SIDE), np.float32)
        middle = (joints[self._head] @ self._origin)[:3] - np.array([0.0, _UNDER_M, 0.0])
        lens, pictures = frames(light.towards[:count], middle), self._pictures[:count]
        throw(
            centre, self._normal, self._throws * opacity, self._span, self._fibre, axes, carrier, maps, lens, pictures
        )
        reach(
            centre, self._normal, self._span, self._fibre, carrier, maps, lens, spread_of(light),
            pictures.reshape(count, _PARTS, -1)[:, 0], inside, lit,
        )  # fmt: skip
        return lit
