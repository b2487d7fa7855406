"""Light to learn from: made sets of lamps and surroundings, and those of the house, around an actor on nothing."""

from dataclasses import replace

import numpy as np

from understudy.hub.place import Ambience, Backdrop, Glow, Grade, Light, Place, Rgb, Vector
from understudy.render.exposure import FACE, face_light, scaled

NEUTRAL = Grade(vignette=0.0, grain=0.0)
"""How every picture to learn from is finished: the tone curve alone."""
EXPOSED = (0.75, 1.3)
"""Least and greatest light on a face, as a share of the mean of the house sets."""
_NOTHING = Backdrop((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), aperture_m=0.0, bloom=0.0)
_WARM, _COOL = np.array([1.25, 0.95, 0.62]), np.array([0.78, 0.98, 1.3])
"""Tints of a filament (about 2900 K) and of a blue sky (about 12000 K) at the same luminance, seen by a camera set to
5600 K."""


def lit_by(name: str, description: str, lights: tuple[Light, ...], ambience: Ambience) -> Place:
    """Returns a transparent place of nothing but light, with no air, no veil and no set behind."""
    return Place(name, description, lights, ambience, _NOTHING, NEUTRAL, wrap=0.0, transparent=True)


def of_the_house(name: str) -> Place:
    """Returns the light of a house set, at the brightness and in the tint its own grade would give it."""
    place = Place.open(name)
    lights, ambience = scaled(place.lights, place.ambience, place.grade.exposure)
    tint = np.asarray(place.grade.tint)
    return lit_by(
        f"{name}-light",
        f"The light of the set '{name}'.",
        tuple(replace(lamp, colour=_times(lamp.colour, tint)) for lamp in lights),
        Ambience(
            _times(ambience.up, tint),
            _times(ambience.horizon, tint),
            _times(ambience.down, tint),
            tuple(replace(glow, radiance=_times(glow.radiance, tint)) for glow in ambience.glows),
        ),
    )


def made(name: str, draw: np.random.Generator) -> Place:
    """Returns one to three lamps with a key among them that casts the shadow, surroundings and up to two glows, so
    bright that the face has `EXPOSED` light.
    """
    lights = [_lamp("key", draw, azimuth=(-1.3, 1.3), rise=(-0.15, 1.1), strength=(0.8, 1.2), shadow=True)]
    for number in range(int(draw.integers(0, 3))):
        if draw.random() < 0.55:
            side = float(draw.choice((-1.0, 1.0)))
            way = (side * 1.9, side * 2.9)
            lights.append(_lamp(f"rim{number}", draw, azimuth=way, rise=(0.0, 1.0), strength=(0.4, 1.6)))
        else:
            lights.append(_lamp(f"fill{number}", draw, azimuth=(-1.7, 1.7), rise=(-0.5, 0.9), strength=(0.15, 0.8)))
    level = float(np.exp(draw.uniform(np.log(0.02), np.log(0.5))))
    up, horizon, down = (_colour(draw, level * float(draw.uniform(0.3, 1.7))) for _ in range(3))
    glows = tuple(_glow(draw) for _ in range(int(draw.integers(0, 3))))
    ambience = Ambience(up, horizon, down, glows)
    wanted = FACE * float(np.exp(draw.uniform(*np.log(EXPOSED))))
    found = tuple(lights)
    return lit_by(name, "Light made for learning.", *scaled(found, ambience, wanted / face_light(found, ambience)))


def _lamp(
    name: str,
    draw: np.random.Generator,
    *,
    azimuth: tuple[float, float],
    rise: tuple[float, float],
    strength: tuple[float, float],
    shadow: bool = False,
) -> Light:
    """Returns a lamp. azimuth: from the lens axis, positive to the right in the picture; rise: over the horizon."""
    softness = float(np.exp(draw.uniform(np.log(0.05), np.log(0.5))))
    colour = _colour(draw, 3.0 * float(draw.uniform(*strength)))
    return Light(name, _direction(draw, azimuth, rise), colour, round(softness, 4), shadow)


def _glow(draw: np.random.Generator) -> Glow:
    width, height = (round(float(v), 4) for v in draw.uniform(0.12, 0.55, 2))
    return Glow(
        _direction(draw, (-1.5, 1.5), (-0.4, 1.0)),
        width,
        height,
        _colour(draw, float(np.exp(draw.uniform(np.log(0.5), np.log(6.0))))),
        edge=round(float(draw.uniform(0.02, 0.15)), 4),
    )


def _direction(draw: np.random.Generator, azimuth: tuple[float, float], rise: tuple[float, float]) -> Vector:
    around = float(draw.uniform(min(azimuth), max(azimuth)))
    up = float(draw.uniform(*rise))
    x, y, z = (round(float(v), 5) for v in (np.sin(around) * np.cos(up), np.sin(up), np.cos(around) * np.cos(up)))
    return x, y, z


def _colour(draw: np.random.Generator, level: float) -> Rgb:
    """Returns a warm or cool white of this level; one in eight is a colour of its own, as of a sign."""
    side = float(draw.normal(0.0, 0.5))
    white = np.ones(3) + abs(np.clip(side, -1, 1)) * ((_WARM if side > 0 else _COOL) - 1)
    if draw.random() < 0.125:
        white = white * draw.uniform(0.25, 1.5, 3)
    return _times((level, level, level), white)


def _times(colour: Rgb, factor: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> Rgb:
    r, g, b = (round(float(c * f), 5) for c, f in zip(colour, factor, strict=True))
    return r, g, b
