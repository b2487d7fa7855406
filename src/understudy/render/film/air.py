"""Snow, rain, dust and breath over a traced picture, laid over it in numpy."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Body, Matrices
from understudy.hub.frames import Shot
from understudy.hub.performance import Pose
from understudy.hub.place import Place
from understudy.render.framing import Camera
from understudy.render.strokes import Lot, Strokes

Floats = npt.NDArray[np.float32]


class Air:
    """What is in the air of one shot."""

    def __init__(self, body: Body, place: Place, shot: Shot, camera: Camera) -> None:
        self._strokes = Strokes(body, place, shot, camera)

    def behind(self, scene: Floats, time_s: float, camera: Camera) -> Floats:
        """Returns linear light (h, w, 3) with what falls behind the actor."""
        return _laid_over(scene, self._strokes.behind(time_s, camera), lambda shown: shown**2.2)

    def before(self, picture: Floats, pose: Pose, camera: Camera, joints: Matrices) -> Floats:
        """Returns the display picture (h, w, 3), 0..1, with breath and what falls before the actor.

        joints: (j, 4, 4) stage-from-rest.
        """
        return _laid_over(picture, self._strokes.before(pose, camera, joints), lambda shown: shown)


def _laid_over(picture: Floats, lots: list[Lot], light: Callable[[Floats], Floats]) -> Floats:
    if not lots:
        return picture
    out = picture.copy()
    for lot in lots:
        base = np.asarray(light(np.asarray(lot.base, np.float32)), np.float32)
        for row in lot.rows:
            _stroke(out, row, base, lot.soft)
    return out


def _stroke(out: Floats, row: Floats, base: Floats, soft: float) -> None:
    """Blends one soft capsule, in place; lengths are shares of the picture's height."""
    height, width = out.shape[:2]
    x, y, radius, opacity, along_x, along_y = (float(v) for v in row)
    px, py, r = x * width, y * height, max(radius * height, 0.5)
    hx, hy = along_x * height, -along_y * height
    x0, x1 = max(0, int(px - r - abs(hx))), min(width, int(px + r + abs(hx)) + 2)
    y0, y1 = max(0, int(py - r - abs(hy))), min(height, int(py + r + abs(hy)) + 2)
    if x0 >= x1 or y0 >= y1 or opacity <= 0:
        return
    dx = np.arange(x0, x1, dtype=np.float32)[None] + 0.5 - px
    dy = np.arange(y0, y1, dtype=np.float32)[:, None] + 0.5 - py
    long = hx * hx + hy * hy
    t = np.clip((dx * hx + dy * hy) / long, -1, 1) if long > 1e-6 else np.float32(0)
    far = np.hypot(dx - t * hx, dy - t * hy) / r
    s = np.clip((1 - far) / max(1 - soft, 1e-3), 0, 1)
    cover = (s * s * (3 - 2 * s) * opacity)[..., None].astype(np.float32)
    part = out[y0:y1, x0:x1]
    part *= 1 - cover
    part += base * cover
