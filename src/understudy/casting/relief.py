"""What the shape of the skin tells the shader: small normals, ambient occlusion, curvature."""

import moderngl
import numpy as np

from understudy.base.channels import SHAPE_INDEX
from understudy.casting.anatomy import Anatomy
from understudy.casting.atlas import Texels, occlusion, rasterise, resize
from understudy.casting.mesh import Floats, Ints, smoothstep
from understudy.casting.noise import Field
from understudy.casting.surface import Surface

STEEPEST = 1.2


def normals(texels: Texels, height_mm: Field) -> Field:
    """(size, size, 3) tangent-space normals from height (texels,), with the true size of each texel; 0.5 = 0."""
    image = texels.image(height_mm)
    result = np.zeros((*image.shape, 3), np.float32)
    for channel, run in enumerate(texels.strides()):
        axis = 1 - channel
        rise = np.roll(image, -1, axis)
        rise -= np.roll(image, 1, axis)
        np.clip(np.divide(rise, run, out=rise), -STEEPEST, STEEPEST, out=result[..., channel])
    np.negative(result, out=result)
    steep = result[..., 0] ** 2 + result[..., 1] ** 2
    result[..., 2] = 1.0
    result *= (0.5 / np.sqrt(1.0 + steep))[..., None]
    result += 0.5
    return result


def halved(image: Field) -> Field:
    """Half the size, by means of four pixels."""
    half = len(image) // 2
    return np.asarray(image.reshape(half, 2, half, 2, -1).mean((1, 3), dtype=np.float32))


def seen(
    context: moderngl.Context,
    coarse: Surface,
    known: Anatomy,
    blockers: list[tuple[Floats, Ints]],
    size: int,
) -> Field:
    """Ambient occlusion; lips and lids take the lighter of rest and an open pose, so that they are never black."""
    eyes = (known.eyes["leftEye"].centre + known.eyes["rightEye"].centre) / 2
    centre = eyes + np.array([0.0, -0.06, -0.06])
    small = min(size, 1024)

    def look(weights: dict[str, float]) -> Field:
        posed = coarse.positions + sum(w * coarse.deltas[SHAPE_INDEX[n]] for n, w in weights.items())
        return occlusion(
            context, coarse.uv, np.asarray(posed), coarse.triangles, blockers, centre=centre, size_px=small
        )

    rest = look({})
    talk = {"jawOpen": 0.45, "mouthUpperUpLeft": 0.4, "mouthUpperUpRight": 0.4}
    talk |= {"mouthLowerDownLeft": 0.5, "mouthLowerDownRight": 0.5}
    opened = look(talk)
    ring = rasterise(context, coarse.uv, coarse.triangles, coarse.ring[:, None], small)
    near_lips = ring.image(smoothstep(9.0, 5.0, ring.values[:, 0].astype(np.float64)))
    return resize(np.maximum(rest, near_lips * 0.85 * opened), size)


def curvature(context: moderngl.Context, surface: Surface, size: int) -> Field:
    """Mean curvature of the mesh, 0..1 for 0..150 per metre."""
    t = surface.triangles
    edges = np.concatenate([t[:, [0, 1]], t[:, [1, 2]], t[:, [2, 0]]])
    d = surface.positions[edges[:, 1]] - surface.positions[edges[:, 0]]
    turn = ((surface.normals[edges[:, 1]] - surface.normals[edges[:, 0]]) * d).sum(1) / np.maximum((d**2).sum(1), 1e-9)
    count = np.maximum(np.bincount(edges[:, 0], minlength=len(surface.positions)), 1)
    value = np.bincount(edges[:, 0], turn, len(surface.positions)) / count
    for _ in range(3):
        spread = np.bincount(edges[:, 0], value[edges[:, 1]], len(value)) / count
        value = 0.5 * value + 0.5 * spread
    drawn = rasterise(context, surface.uv, t, np.clip(value / 150, 0, 1)[:, None], min(size, 1024))
    return resize(drawn.image(drawn.values[:, 0]), size)
