"""The surroundings of a place as light: what a rough or a polished surface sees of them.

Directions are stored on an octahedral map (Cigolle et al., "A Survey of Efficient Representations for Independent
Unit Vectors", JCGT 2014) whose pole is +z, so that its seam lies behind the actor. Mip level L holds the
surroundings as a surface of GGX roughness L / (levels - 1) mirrors them. Diffuse light is nine spherical harmonics
(Ramamoorthi & Hanrahan, "An Efficient Representation for Irradiance Environment Maps", SIGGRAPH 2001).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.base.directions import even_directions
from understudy.hub.place import Ambience, Glow

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

LEVELS = 6
SIZE_PX = 64
_SAMPLES = (0, 2600, 1600, 1000, 800, 600)


@dataclass(frozen=True, eq=False)
class Environment:
    """levels: (SIZE_PX >> L, SIZE_PX >> L, 3) radiance, sharp first. harmonics: (9, 3), irradiance / pi."""

    levels: tuple[Floats, ...]
    harmonics: Floats


def environment(ambience: Ambience) -> Environment:
    """Returns the light of an ambience, ready for shading."""
    sphere = even_directions(5000)
    light = radiance(ambience, sphere)
    levels = [radiance(ambience, _octahedral(SIZE_PX)).reshape(SIZE_PX, SIZE_PX, 3)]
    for level in range(1, LEVELS):
        size = SIZE_PX >> level
        source = even_directions(_SAMPLES[level]).astype(np.float32)
        seen = radiance(ambience, source.astype(np.float64))
        normals = _octahedral(size)
        alpha2 = (level / (LEVELS - 1)) ** 4
        cosine = normals.astype(np.float32) @ source.T
        half2 = (1 + cosine) * np.float32(0.5)
        weight = np.maximum(cosine, 0) / (half2 * np.float32(alpha2 - 1) + 1) ** 2
        levels.append((weight @ seen / weight.sum(1, keepdims=True)).reshape(size, size, 3))
    return Environment(tuple(level.astype(np.float32) for level in levels), _irradiance(sphere, light))


def radiance(ambience: Ambience, directions: Doubles) -> Floats:
    """Returns (n, 3) linear radiance from (n, 3) unit directions."""
    up = directions[:, 1:2]
    bands = [np.asarray(c, np.float64) for c in (ambience.down, ambience.horizon, ambience.up)]
    blend = np.clip(np.abs(up), 0, 1) ** 0.7
    light = np.where(up > 0, bands[1] + blend * (bands[2] - bands[1]), bands[1] + blend * (bands[0] - bands[1]))
    for glow in ambience.glows:
        centre, right, top = glow_axes(glow)
        depth = directions @ centre
        x = (directions @ right) / np.maximum(depth, 1e-3)
        y = (directions @ top) / np.maximum(depth, 1e-3)
        mask = _ramp(glow.half_width - np.abs(x), glow.edge) * _ramp(glow.half_height - np.abs(y), glow.edge)
        light = light + (mask * (depth > 0.02))[:, None] * np.asarray(glow.radiance)
    return np.maximum(light, 0.0).astype(np.float32)


def glow_axes(glow: Glow) -> tuple[Doubles, Doubles, Doubles]:
    """Returns unit vectors to the middle of a glow, to its right side and to its top."""
    centre = np.asarray(glow.towards, np.float64)
    centre = centre / np.linalg.norm(centre)
    helper = np.array([0.0, 1.0, 0.0]) if abs(centre[1]) < 0.99 else np.array([0.0, 0.0, -1.0])
    right = np.cross(helper, centre)
    right /= np.linalg.norm(right)
    return centre, right, np.cross(centre, right)


def _ramp(inside: Doubles, edge: float) -> Doubles:
    t = np.clip(inside / edge * 0.5 + 0.5, 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def _octahedral(size: int) -> Doubles:
    """Returns the (size * size, 3) unit directions of the texels of an octahedral map, row by row from v = 0."""
    axis = (np.arange(size) + 0.5) / size * 2 - 1
    v, u = np.meshgrid(axis, axis, indexing="ij")
    z = 1 - np.abs(u) - np.abs(v)
    fold = np.maximum(-z, 0)
    x = u - np.where(u >= 0, fold, -fold)
    y = v - np.where(v >= 0, fold, -fold)
    d = np.stack([x, y, z], -1).reshape(-1, 3)
    return np.asarray(d / np.linalg.norm(d, axis=1, keepdims=True))


def harmonics(directions: Doubles) -> Doubles:
    """Returns (n, 16) real spherical harmonics of (n, 3) unit directions, band by band: one, three, five, seven."""
    x, y, z = np.asarray(directions, np.float64).T
    return np.stack(
        [
            np.full_like(x, 0.282095),
            0.488603 * y,
            0.488603 * z,
            0.488603 * x,
            1.092548 * x * y,
            1.092548 * y * z,
            0.315392 * (3 * z * z - 1),
            1.092548 * x * z,
            0.546274 * (x * x - y * y),
            0.590044 * y * (3 * x * x - y * y),
            2.890611 * x * y * z,
            0.457046 * y * (5 * z * z - 1),
            0.373176 * z * (5 * z * z - 3),
            0.457046 * x * (5 * z * z - 1),
            1.445306 * z * (x * x - y * y),
            0.590044 * x * (x * x - 3 * y * y),
        ],
        -1,
    )


def _irradiance(d: Doubles, light: Floats) -> Floats:
    cosine = np.array([np.pi] + [2 * np.pi / 3] * 3 + [np.pi / 4] * 5) / np.pi
    return np.asarray((harmonics(d)[:, :9].T @ light) * (4 * np.pi / len(d)) * cosine[:, None], np.float32)
