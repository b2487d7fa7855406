"""How brightly a set lights a face: what own sets are scaled by and house sets are measured by."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from understudy.base.directions import even_directions
from understudy.hub.place import Ambience, Light, Rgb
from understudy.render.environment import radiance

FACE = 1.15
"""The mean of `face_light` over the house sets."""
_LUMA = np.array([0.2126, 0.7152, 0.0722])
_SIDE = np.sin(0.6)
FACE_NORMALS = np.array(
    [[x, y, np.sqrt(1 - x * x - y * y)] for x, y in ((0, 0), (-_SIDE, 0), (_SIDE, 0), (0, _SIDE), (0, -0.4))]
)
"""Normals of the middle of a face, its two cheeks, its forehead and its chin."""


def irradiance(
    lights: tuple[Light, ...], ambience: Ambience, normals: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Returns (n, 3) irradiance / pi at (n, 3) unit normals that nothing shades."""
    sphere = even_directions(3000)
    seen = radiance(ambience, sphere)
    cosine = np.maximum(normals @ sphere.T, 0)
    total = cosine @ seen * (4 / len(sphere))
    for light in lights:
        towards = np.asarray(light.towards) / np.linalg.norm(light.towards)
        lit = np.maximum(normals @ towards, 0)
        total = total + lit[:, None] * np.asarray(light.colour) / np.pi
    return np.asarray(total)


def face_light(lights: tuple[Light, ...], ambience: Ambience) -> float:
    """Returns the mean luminance a white face would have."""
    return float((irradiance(lights, ambience, FACE_NORMALS) @ _LUMA).mean())


def scaled(lights: tuple[Light, ...], ambience: Ambience, factor: float) -> tuple[tuple[Light, ...], Ambience]:
    """Returns the same light, brighter by a factor."""

    def times(colour: Rgb) -> Rgb:
        r, g, b = (round(c * factor, 5) for c in colour)
        return r, g, b

    return (
        tuple(replace(light, colour=times(light.colour)) for light in lights),
        Ambience(
            times(ambience.up),
            times(ambience.horizon),
            times(ambience.down),
            tuple(replace(glow, radiance=times(glow.radiance)) for glow in ambience.glows),
        ),
    )
