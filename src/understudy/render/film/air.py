"""Snow, rain, dust and breath over a traced picture: the strokes of the raster look, drawn without OpenGL.

`render.weather` and `render.breath` say where each stroke is; they talk to a drawing context, and this one notes what
it is asked to draw and lays it over the picture in numpy.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Body, Matrices
from understudy.hub.frames import Shot
from understudy.hub.performance import Pose
from understudy.hub.place import Place
from understudy.render.breath import Breath
from understudy.render.framing import Camera
from understudy.render.openings import lip_edges
from understudy.render.weather import falls

Floats = npt.NDArray[np.float32]


class Air:
    """What is in the air of one shot."""

    def __init__(self, body: Body, place: Place, shot: Shot, camera: Camera) -> None:
        self._notes = _Notes()
        self._falls = falls(self._notes, self._notes, place, camera, shot)  # type: ignore[arg-type]
        self._lips = lip_edges(body) if place.breath_haze > 0 and "head" in body.joint_index else None
        self._head = body.joint_index.get("head", 0)
        aspect = shot.size_px[0] / shot.size_px[1]
        self._breath = Breath(self._notes, self._notes, place.breath_haze, aspect) if self._lips else None  # type: ignore[arg-type]

    def behind(self, scene: Floats, time_s: float, camera: Camera) -> Floats:
        """Returns linear light (h, w, 3) with what falls behind the actor."""
        for fall in self._falls:
            fall.draw(time_s, camera, behind=True)
        return self._notes.laid_over(scene, lambda shown: shown**2.2)

    def before(self, picture: Floats, pose: Pose, camera: Camera, joints: Matrices) -> Floats:
        """Returns the display picture (h, w, 3), 0..1, with breath and what falls before the actor.

        joints: (j, 4, 4) stage-from-rest.
        """
        if self._breath is not None and self._lips is not None:
            head = joints[self._head]
            lips = head[:3, :3] @ self._lips[0].rest.mean(0) + head[:3, 3]
            upper, lower = (edge.rest + edge.moves @ pose.face for edge in self._lips)
            opening = float(np.maximum(upper[:, 1] - lower[:, 1], 0).max())
            self._breath.draw(pose.time_s, camera, lips, head[:3, :3] @ (0.0, -0.25, 1.0), opening)
        for fall in self._falls:
            fall.draw(pose.time_s, camera, behind=False)
        return self._notes.laid_over(picture, lambda shown: shown)


class _Notes:
    """Stands where a drawing context stands, and only notes strokes: x, y, radius, opacity, half the way they go."""

    TRIANGLE_STRIP = 0

    def __init__(self) -> None:
        self._strokes: list[tuple[Floats, dict[str, Any]]] = []

    def flat(self, *names: str) -> dict[str, Any]:
        return {}

    def buffer(self, data: bytes = b"", *, reserve: int = 0, dynamic: bool = False) -> "_Rows":
        return _Rows()

    def vertex_array(self, program: dict[str, Any], parts: Any) -> "_Strokes":
        return _Strokes(self._strokes, next(part[0] for part in parts if "/i" in part[1]))

    def laid_over(self, picture: Floats, light: Any) -> Floats:
        """Returns the picture with every stroke noted so far, which are then forgotten."""
        if not self._strokes:
            return picture
        out = picture.copy()
        for rows, look in self._strokes:
            base = np.asarray(light(np.asarray(look["base"], np.float32)), np.float32)
            for row in rows:
                _stroke(out, row, base, float(look["soft"]))
        self._strokes.clear()
        return out


class _Rows:
    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        self.data = data


class _Strokes:
    def __init__(self, strokes: list[tuple[Floats, dict[str, Any]]], rows: _Rows) -> None:
        self._strokes, self._rows = strokes, rows
        self.program: dict[str, Any] = {}

    def render(self, mode: int, *, vertices: int, instances: int) -> None:
        rows = np.frombuffer(self._rows.data, np.float32).reshape(-1, 6)[:instances]
        self._strokes.append((rows, dict(self.program)))


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
