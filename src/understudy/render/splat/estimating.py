"""The one light of a video, guessed from how bare skin that faces each way looks in it.

    I(n) = albedo(n) sum over lamps of  power x shade(n)      power >= 0, each colour by itself

Lamps are looked for in a grid of directions and above, around and below; the albedo is the base actor's, so a darker
skin and a dimmer light are the same to it (the bas-relief of a photograph: Belhumeur, Kriegman & Yuille, IJCV 1999).
What comes out says where the light was on that day; how the person looks in another light is a guess built on it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.performance import Pose
from understudy.hub.place import Ambience, Light, Place
from understudy.render.environment import harmonics
from understudy.render.framing import Camera
from understudy.render.splat.blocking import Blocking
from understudy.render.splat.lamps import NEUTRAL, lit_by
from understudy.render.splat.lighting import DIFFUSE, Lighting
from understudy.render.tone import scene_from_display

Doubles = npt.NDArray[np.float64]

_SOFT_RAD = 0.25
_AROUND, _RISES = 12, (-0.35, 0.25, 0.85)
_MOST = 6000
_LAMPS = 5
_BEHIND = -0.4
"""A lamp farther behind than this shows on no skin that faces the lens, so none is guessed there."""
_TRIMS = 3
_LEAST_SKIN = 0.9


def guess_light(
    blocking: Blocking,
    pixels: Sequence[npt.NDArray[np.uint8]],
    known: Sequence[npt.NDArray[np.bool_]],
    poses: Sequence[Pose],
    camera: Camera,
) -> Place:
    """Returns the light on a person as a place of nothing but light. pixels: (h, w, 4) straight, of `matting.matte`."""
    lit: list[npt.NDArray[Any]] = []
    normals: list[npt.NDArray[Any]] = []
    albedo: list[npt.NDArray[Any]] = []
    for picture, counts, pose in zip(pixels, known, poses, strict=True):
        size = picture.shape[1], picture.shape[0]
        normal, colour, skin = blocking.surface(pose, camera, size)
        use = counts & (skin > _LEAST_SKIN) & (picture[..., 3] > 250)
        lit.append(scene_from_display(picture[use][:, :3] / 255.0, NEUTRAL))
        normals.append(normal[use])
        albedo.append(colour[use])
    light, facing, paint = (np.concatenate(rows).astype(np.float64) for rows in (lit, normals, albedo))
    if len(light) > _MOST:
        some = np.random.default_rng(0).choice(len(light), _MOST, replace=False)
        light, facing, paint = light[some], facing[some], paint[some]
    facing /= np.maximum(np.linalg.norm(facing, axis=1, keepdims=True), 1e-9)
    towards = _grid()
    basis = [_lamp(d, (1.0, 1.0, 1.0)) for d in towards]
    places = [lit_by("one", "", (lamp,), _DARK) for lamp in basis]
    places += [lit_by("one", "", (), Ambience(_part(i == 0), _part(i == 1), _part(i == 2))) for i in range(3)]
    shades = np.stack([_shade(place, facing) for place in places], -1)
    power = _fits(shades, paint, light)
    strongest = np.argsort(-power[: len(towards)].sum(1))[:_LAMPS]
    few = np.r_[np.sort(strongest), len(towards) : len(places)]
    power = _fits(shades[:, few], paint, light)
    lamps = tuple(_lamp(towards[i], _rgb(p)) for i, p in zip(few[:_LAMPS], power, strict=False) if p.max() > 1e-3)
    up, horizon, down = (_rgb(p) for p in power[_LAMPS:])
    return lit_by("video", "The light of a video, guessed from bare skin.", lamps, Ambience(up, horizon, down))


_DARK = Ambience((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))


def _fits(shades: Doubles, colour: Doubles, light: Doubles) -> Doubles:
    """Returns (places, 3) how strong each is, by colour."""
    return np.stack([_fit(shades * colour[:, c : c + 1], light[:, c]) for c in range(3)], -1)


def _fit(rows: Doubles, wanted: Doubles) -> Doubles:
    """Returns what is nearest without being negative, of what is not far off: glints and other skin are left out."""
    from scipy.optimize import nnls

    keep = np.ones(len(wanted), bool)
    found = np.zeros(rows.shape[1])
    for _ in range(_TRIMS):
        # a little of every lamp rather than all of one
        steady = 0.03 * np.sqrt(keep.sum()) * np.eye(rows.shape[1]) * float(rows.mean())
        found = nnls(np.vstack([rows[keep], steady]), np.r_[wanted[keep], np.zeros(rows.shape[1])])[0]
        off = np.abs(rows @ found - wanted)
        keep = off < 2.5 * max(float(np.median(off)), 1e-6)
    return np.asarray(found)


def _shade(place: Place, normal: Doubles) -> Doubles:
    """Returns (n,) what a white surface gives back, by `lighting`."""
    seen = Lighting.of(place).seen_by(np.eye(3)[None])[0, :, 0].astype(np.float64)
    return np.asarray(np.maximum(harmonics(normal) * DIFFUSE @ seen, 0.0))


def _grid() -> Doubles:
    turns = np.arange(_AROUND) / _AROUND * 2 * np.pi
    grid = np.array([(np.sin(t) * np.cos(r), np.sin(r), np.cos(t) * np.cos(r)) for r in _RISES for t in turns])
    return grid[grid[:, 2] > _BEHIND]


def _lamp(towards: Doubles, colour: tuple[float, float, float]) -> Light:
    x, y, z = (round(float(v), 5) for v in towards)
    return Light("lamp", (x, y, z), colour, _SOFT_RAD)


def _part(here: bool) -> tuple[float, float, float]:
    return (1.0, 1.0, 1.0) if here else (0.0, 0.0, 0.0)


def _rgb(power: Doubles) -> tuple[float, float, float]:
    r, g, b = (round(float(v), 5) for v in power)
    return r, g, b
