"""What the shape of the skin tells the shader: small normals, ambient occlusion, curvature."""

import moderngl
import numpy as np

from understudy.base.channels import SHAPE_INDEX
from understudy.casting.anatomy import Anatomy
from understudy.casting.atlas import Texels, occlusion, rasterise, resize
from understudy.casting.mesh import Floats, Ints, smoothstep
from understudy.casting.surface import Surface


def normals(texels: Texels, height: Floats) -> Floats:
    """Tangent-space normals from height, with the true size of each texel."""
    place = texels.image(texels.values[:, :3])
    image = texels.image(height)
    result = np.zeros((*image.shape, 3))
    for axis, channel in ((1, 0), (0, 1)):
        rise = np.roll(image, -1, axis) - np.roll(image, 1, axis)
        run = np.linalg.norm(np.roll(place, -1, axis) - np.roll(place, 1, axis), axis=2)
        inside = texels.covered & np.roll(texels.covered, 1, axis) & np.roll(texels.covered, -1, axis) & (run < 0.01)
        result[..., channel] = np.where(inside, -rise / np.maximum(run, 1e-5), 0.0).clip(-1.2, 1.2)
    result[..., 2] = 1.0
    result /= np.linalg.norm(result, axis=2, keepdims=True)
    return np.asarray(result * 0.5 + 0.5)


def seen(
    context: moderngl.Context,
    coarse: Surface,
    known: Anatomy,
    blockers: list[tuple[Floats, Ints]],
    size: int,
) -> Floats:
    """Ambient occlusion; lips and lids take the lighter of rest and an open pose, so that they are never black."""
    eyes = (known.eyes["leftEye"].centre + known.eyes["rightEye"].centre) / 2
    centre = eyes + np.array([0.0, -0.06, -0.06])
    small = min(size, 1024)

    def look(weights: dict[str, float]) -> Floats:
        posed = coarse.positions + sum(w * coarse.deltas[SHAPE_INDEX[n]] for n, w in weights.items())
        return occlusion(
            context, coarse.uv, np.asarray(posed), coarse.triangles, blockers, centre=centre, size_px=small
        )

    rest = look({})
    talk = {"jawOpen": 0.45, "mouthUpperUpLeft": 0.4, "mouthUpperUpRight": 0.4}
    talk |= {"mouthLowerDownLeft": 0.5, "mouthLowerDownRight": 0.5}
    opened = look(talk)
    ring = rasterise(context, coarse.uv, coarse.triangles, coarse.ring[:, None], small)
    near_lips = ring.image(smoothstep(9.0, 5.0, ring.values[:, 0]))
    mixed = np.maximum(rest, near_lips * 0.85 * opened)
    return resize(mixed, size)


def curvature(context: moderngl.Context, surface: Surface, size: int) -> Floats:
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
