"""The soft shadow of one light: its depths, blurred once, kept while nothing moved far.

Drawing it again for every frame would cost as much as the face; its edge is several millimetres wide, so a head that
turned by less than a degree still fits it.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Matrices
from understudy.hub.place import Place, Wall
from understudy.render.blur import box_mean
from understudy.render.framing import Camera
from understudy.render.programs import Programs

Floats = npt.NDArray[np.float32]

_REACH_M = 0.30
_DEPTH_M = 1.3
_CENTRE = np.array([0.0, -0.09, -0.06])


class Shadow:
    """moments: texture of depth and squared depth as the light sees them. view: (4, 4), xy and depth in 0..1."""

    def __init__(self, context: Any, towards: npt.ArrayLike, softness_rad: float, size_px: int) -> None:
        self._context = context
        self._size = size_px
        self.view, _ = light_view(np.asarray(towards, np.float64), _CENTRE, _REACH_M)
        self._depth = context.depth_texture((size_px, size_px))
        self._depth.compare_func = ""
        self._target = context.framebuffer(depth_attachment=self._depth)
        self.moments = context.texture((size_px, size_px), 2, dtype="f4")
        self.moments.filter = (context.LINEAR, context.LINEAR)
        self.moments.repeat_x = self.moments.repeat_y = False
        # a blocker 40 mm away throws a penumbra of 2 x 40 mm x tan(softness)
        width_m = 0.004 + 0.08 * float(np.tan(min(softness_rad, 0.5)))
        self._radius = max(1, round(width_m / 2 / (2 * _REACH_M) * size_px / 1.4))

    def begin(self) -> None:
        """Prepares for drawing the depths of what throws a shadow."""
        self._target.use()
        self._target.clear(depth=1.0)

    def end(self) -> None:
        """Blurs what was drawn into `moments`."""
        raw = np.frombuffer(self._depth.read(), np.float32).reshape(self._size, self._size)
        both = np.stack([raw, raw * raw])
        for axis in (1, 2):
            for _ in range(2):
                both = box_mean(both, self._radius, axis)
        self.moments.write(np.ascontiguousarray(both.transpose(1, 2, 0), np.float32).tobytes())


def light_view(towards: Matrices, centre: Matrices, reach_m: float) -> tuple[Matrices, float]:
    """Returns (4, 4) from stage to a light's picture, xy and depth in 0..1, and the metres its depth spans."""
    z = towards / np.linalg.norm(towards)
    helper = np.array([0.0, 1.0, 0.0]) if abs(z[1]) < 0.95 else np.array([0.0, 0.0, 1.0])
    x = np.cross(helper, z)
    x /= np.linalg.norm(x)
    y = np.cross(z, x)
    out = np.eye(4)
    out[0, :3], out[1, :3], out[2, :3] = x / (2 * reach_m), y / (2 * reach_m), -z / _DEPTH_M
    out[:3, 3] = 0.5 - out[:3, :3] @ centre
    return out, _DEPTH_M


class Wallcast:
    """The shadow of the first light on a wall behind the actor, made from the outline that the lens sees."""

    def __init__(self, context: Any, programs: Programs, place: Place) -> None:
        assert place.wall is not None
        self._context = context
        corners = context.buffer(np.array([0, 0, 1, 0, 0, 1, 1, 1], np.float32).tobytes())
        self._array = context.simple_vertex_array(programs.flat("finish", "wallcast"), corners, "in_corner")
        self._place, self._wall = place, place.wall

    def draw(self, around: Any, camera: Camera) -> None:
        """Darkens the wall under the picture that is bound; around: the actor's blurred outline."""
        context, program = self._context, self._array.program
        program["thrown"] = *thrown(self._place, self._wall, camera), self._wall.shade
        program["rect"], program["around"] = (0.0, 0.0, 1.0, 1.0), 8
        context.enable_only(context.BLEND)
        context.blend_func = context.ONE, context.ONE_MINUS_SRC_ALPHA
        around.use(8)
        self._array.render(context.TRIANGLE_STRIP)


def thrown(place: Place, wall: Wall, camera: Camera) -> tuple[float, float, float]:
    """Returns where an outline falls as a shadow: how far right and down in the picture, and 1 / how much larger."""
    key = next((light for light in place.lights if light.casts_shadow), place.lights[0])
    x, y, z = np.asarray(key.towards, np.float64) / np.linalg.norm(key.towards)
    ahead = max(float(z), 0.15)
    aside = -x / ahead * wall.distance_m, -y / ahead * wall.distance_m
    grow = camera.distance_m / (camera.distance_m + wall.distance_m)
    half = camera.height_m / 2 * camera.aspect, camera.height_m / 2
    k = [((s + a) * grow - s) / h / 2 for s, a, h in zip(camera.shift, aside, half, strict=True)]
    return float(k[0]), -float(k[1]), 1 / grow
