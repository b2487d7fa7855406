"""The textures of a base become a person's: by how much the Gaussians of the person differ from those of the base.

    Gaussians of the base as a look of ours draws it, Gaussians of the person -> ratio of their colours, where both are
    seen -> smoothly over what nobody saw -> texture x ratio

A ratio, so that what light does in creases, and what a look does to colours, is in both and goes. Pores and the grain
of the base stay under it. Skin and eyes are painted point by point; hair and cloth take one colour each.
"""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.avatar import Avatar, parted
from understudy.hub.body import Body, Mesh
from understudy.render.figure import kind_of
from understudy.render.splat.compiled import quick
from understudy.render.splat.lighting import DIFFUSE
from understudy.render.splat.moulding import Coloured
from understudy.render.splat.posing import Carriers
from understudy.render.splat.seeding import albedo_at

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Rgb = tuple[float, float, float]

_MAP_PX = 1024
_FINE_M, _EYE_M = 0.0012, 0.0006
"""From how far Gaussians tell the brightness of a place, on skin and in eyes."""
_MIDDLE, _COARSE = 2.5, 8.0
"""So many times as far they tell its colour, and what is taken where little is known."""
_NEAR, _FAR = 12, 64
_SHADED, _GLARING = 0.4, 1.7
"""What a Gaussian of the base shows against its texture, below and above which it tells nothing."""
_TRUST = 0.3
"""Weight of the near ones at which they count as much as the far."""
_SEEN = 1.5
"""Pixels of a picture, on average over all, from which on a Gaussian knows its colour well."""
_HUE, _BRIGHT = {"skin": 0.3, "eye": 0.6}, 0.8
"""How far the hue and the brightness of a place may be from those of most, natural logarithms: lips are a quarter away
from skin in hue, and irises are of any; what is farther was seen past a collar or through a lash."""
_WHITE = 0.282095 * float(DIFFUSE[0])
"""What a white surface in the open passes on of the first harmonic."""
_MOST = 2.7
"""No colour is changed by more than this, a natural logarithm."""
_QUALITY = 92


@dataclass(frozen=True)
class Paint:
    """pictures: number -> JPEG. tints: factors on the colour of materials, by name; groom_tints: of grooms."""

    pictures: dict[int, bytes]
    tints: dict[str, Rgb]
    groom_tints: dict[str, Rgb]


def repaint(body: Body, found: Coloured) -> Paint:
    """Returns what makes the textures of a body, which is the base's, those of a person."""
    carriers = Carriers(body, found.base.record.meshes)
    on = np.searchsorted(carriers.first, found.base.carrier, side="right") - 1
    told = _told(body, carriers, found, on)
    pictures: dict[int, bytes] = {}
    for kind, fine_m in (("skin", _FINE_M), ("eye", _EYE_M)):
        painted = {
            i: m for i, m in enumerate(carriers.meshes)
            if kind_of(m) == kind and m.material.albedo is not None and m.uv is not None
        }  # fmt: skip
        for number in sorted({int(m.material.albedo or 0) for m in painted.values()}):
            own = [i for i, m in painted.items() if m.material.albedo == number]
            if (factors := _factors(body, carriers, found.base, own, on, told, fine_m)) is not None:
                pictures[number] = _painted(body, number, factors)
    tints: dict[str, Rgb] = {}
    groom_tints: dict[str, Rgb] = {}
    for start, (before, after) in found.whole.items():
        red, green, blue = np.clip(after / np.maximum(before, 1e-5), np.exp(-_MOST), np.exp(_MOST))
        factor = round(float(red), 4), round(float(green), 4), round(float(blue), 4)
        names = {m.material.name for m in body.meshes if m.material.name.lower().startswith(start)}
        tints |= dict.fromkeys(sorted(names), factor)
        groom_tints |= {g.name: factor for g in body.grooms if start == "hair" and g.name in ("hair", "fine")}
    return Paint(pictures, tints, groom_tints)


@dataclass(frozen=True, eq=False)
class _Told:
    """factor: (n, 3) logarithm of the colour of each Gaussian against that of the base. weight: (n,) what it counts."""

    factor: Floats
    weight: Floats


def _told(body: Body, carriers: Carriers, found: Coloured, on: npt.NDArray[np.intp]) -> _Told:
    """Returns what every Gaussian on a mesh says of the texture under it.

    Where a Gaussian of the base does not show its own texture, because light hardly gets there or something lies over
    it, it is not asked.
    """
    albedo = np.ones((found.base.count, 3), np.float32)
    for number, mesh in enumerate(carriers.meshes):
        rows = np.flatnonzero(on == number)
        if len(rows):
            corners = mesh.triangles[found.base.carrier[rows] - carriers.first[number]]
            albedo[rows] = albedo_at(body, mesh, corners, _bary(mesh.positions[corners], found.base.place_m[rows]))
    before, after = (np.maximum(parted(a.transfer)[0], 1e-4) for a in (found.base, found.person))
    shown = (before / _WHITE / np.maximum(albedo, 1e-3)).mean(1)
    sure = np.clip((shown - _SHADED) / 0.3, 0, 1) * np.clip((_GLARING - shown) / 0.3, 0, 1)
    seen = np.clip(np.minimum(*found.filled) / _SEEN - 0.3, 0, 1)
    weight = seen * sure * np.minimum(found.base.opacity, found.person.opacity)
    factor = np.log(after / before)
    bright = factor.mean(1, keepdims=True)
    hue = factor - bright
    for number, mesh in enumerate(carriers.meshes):
        known = (on == number) & (weight > 0)
        if known.any():
            for values, far in ((hue, _HUE.get(kind_of(mesh), 1.0)), (bright, _BRIGHT)):
                most = np.median(values[known], axis=0)
                values[on == number] = most + np.clip(values[on == number] - most, -far, far)
    return _Told(np.clip(bright + hue, -_MOST, _MOST).astype(np.float32), weight.astype(np.float32))


def _factors(
    body: Body,
    carriers: Carriers,
    base: Avatar,
    own: list[int],
    on: npt.NDArray[np.intp],
    told: _Told,
    fine_m: float,
) -> Floats | None:
    """Returns (_MAP_PX, _MAP_PX, 3) factors over the texture that some meshes share, 0 where no triangle is."""
    where, rows = [], []
    for number in own:
        some = np.flatnonzero((on == number) & (told.weight > 0))
        rows.append(some)
        where.append(base.place_m[some] - _about(body, carriers.meshes[number]))
    who = np.concatenate(rows)
    if len(who) < _FAR:
        return None
    known = np.concatenate(where), told.factor[who], told.weight[who]
    # meshes that share a texture show it alike: the first stands for all
    texels, places = _texels(body, carriers.meshes[own[0]])
    used = texels.ravel() >= 0
    points = places.reshape(-1, 3)[used]
    anywhere = np.median(known[1], axis=0)
    logs = _blend(points, known, anywhere, _COARSE * fine_m, _FAR)
    colours = _blend(points, known, logs, _MIDDLE * fine_m, _FAR)
    detail = _blend(points, known, logs, fine_m, _NEAR)
    # colour changes over a lip, brightness over a freckle
    logs = colours + (detail - colours).mean(1, keepdims=True)
    out = np.zeros((_MAP_PX, _MAP_PX, 3), np.float32)
    out.reshape(-1, 3)[used] = np.exp(np.clip(logs, -_MOST, _MOST))
    return out


def _about(body: Body, mesh: Mesh) -> Floats:
    """Returns (3,) the joint that a mesh hangs on: two eyes have one texture."""
    at = body.origin(mesh.anchor) if mesh.anchor in body.joint_index else np.zeros(3)
    return np.asarray(at, np.float32)


def _bary(corners: Floats, place: Floats) -> Floats:
    """Returns (n, 3) where in triangles (n, 3, 3) a place stands above, held inside."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    e, f, p = b - a, c - a, place - a
    ee, ef, ff = (e * e).sum(1), (e * f).sum(1), (f * f).sum(1)
    pe, pf = (p * e).sum(1), (p * f).sum(1)
    scale = np.maximum(ee * ff - ef * ef, 1e-18)
    v, w = (ff * pe - ef * pf) / scale, (ee * pf - ef * pe) / scale
    out = np.clip(np.stack([1 - v - w, v, w], 1), 0, 1)
    return np.asarray(out / out.sum(1, keepdims=True), np.float32)


def _blend(points: Floats, known: tuple[Floats, Floats, Floats], else_: Any, reach_m: float, count: int) -> Doubles:
    """Returns (n, 3) what is known near points (n, 3). else_: what it falls back to where little is known."""
    from scipy.spatial import cKDTree

    where, values, weight = known
    apart, near = cKDTree(where).query(points, k=min(count, len(where)), workers=-1)
    share = weight[near] * np.exp(-(apart**2) / (2 * reach_m**2))
    return np.asarray(
        (np.einsum("nk,nkc->nc", share, values[near]) + _TRUST * else_) / (share.sum(1, keepdims=True) + _TRUST)
    )


def _texels(body: Body, mesh: Mesh) -> tuple[npt.NDArray[np.int32], Floats]:
    """Returns (px, px) the triangle on each texel or -1, and (px, px, 3) where it is at rest, about its joint."""
    assert mesh.uv is not None
    on = np.full((_MAP_PX, _MAP_PX), -1, np.int32)
    where = np.zeros((_MAP_PX, _MAP_PX, 3), np.float32)
    _lay_out(np.ascontiguousarray(mesh.uv % 1.0 * _MAP_PX, np.float32), mesh.triangles, mesh.positions, on, where)
    where -= _about(body, mesh)
    return on, where


@quick
def _lay_out(uv, triangles, positions, on, where):
    """Writes, for every texel in a triangle or half a texel beside it, which, and the place there."""
    size = len(on)
    for t in range(len(triangles)):
        i, j, k = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        ax, ay = uv[i, 0], uv[i, 1]
        ex, ey = uv[j, 0] - ax, uv[j, 1] - ay
        fx, fy = uv[k, 0] - ax, uv[k, 1] - ay
        area = ex * fy - ey * fx
        if abs(area) < np.float32(1e-6) or max(abs(ex), abs(ey), abs(fx), abs(fy)) > np.float32(size / 4):
            continue
        slack = np.float32(0.7) * max(abs(ex), abs(ey), abs(fx), abs(fy)) / abs(area)
        left = max(0, int(np.floor(min(ax, uv[j, 0], uv[k, 0]) - 1)))
        right = min(size - 1, int(np.ceil(max(ax, uv[j, 0], uv[k, 0]) + 1)))
        top = max(0, int(np.floor(min(ay, uv[j, 1], uv[k, 1]) - 1)))
        bottom = min(size - 1, int(np.ceil(max(ay, uv[j, 1], uv[k, 1]) + 1)))
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                px, py = np.float32(x) + np.float32(0.5) - ax, np.float32(y) + np.float32(0.5) - ay
                v, w = (px * fy - py * fx) / area, (ex * py - ey * px) / area
                inside = v >= 0 and w >= 0 and v + w <= 1
                near = v >= -slack and w >= -slack and v + w <= 1 + slack
                if inside or (near and on[y, x] < 0):
                    on[y, x] = t
                    for c in range(3):
                        where[y, x, c] = (
                            positions[i, c]
                            + v * (positions[j, c] - positions[i, c])
                            + w * (positions[k, c] - positions[i, c])
                        )


def _painted(body: Body, number: int, factors: Floats) -> bytes:
    """Returns a texture times factors, as JPEG."""
    from PIL import Image

    whole = body.pictures[number].pixels()
    height, width = whole.shape[:2]
    planes = [
        np.asarray(Image.fromarray(_spread(factors[..., c]), "F").resize((width, height), Image.Resampling.BILINEAR))
        for c in range(3)
    ]
    coded = whole.astype(np.float32) / 255
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4) * np.stack(planes, -1)
    linear = np.clip(linear, 0, 1)
    back = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    stream = io.BytesIO()
    pixels = np.asarray(np.rint(back * 255), np.uint8)
    Image.fromarray(pixels).save(stream, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
    return stream.getvalue()


def _spread(plane: Floats) -> Floats:
    """Returns a plane whose empty texels have the value of the nearest one that is not."""
    from scipy.ndimage import distance_transform_edt

    near = distance_transform_edt(plane <= 0, return_distances=False, return_indices=True)
    return np.ascontiguousarray(plane[tuple(near)], np.float32)
