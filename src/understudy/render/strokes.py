"""Snow, rain, dust and breath as strokes, for pictures that are made without OpenGL.

`render.weather` and `render.breath` say where each stroke is; they talk to a drawing context, and the one they are
given here notes what it is asked to draw.
"""

from dataclasses import dataclass
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


@dataclass(frozen=True, eq=False)
class Lot:
    """Strokes of one kind. rows: (n, 6) x and y in the picture (0..1 from the top left), radius (share of its height),
    opacity, half the way each goes while the shutter is open (right and up, shares of the height). base: display RGB.
    soft: 0 round and soft .. 1 hard.
    """

    rows: Floats
    base: tuple[float, float, float]
    soft: float


class Strokes:
    """What is in the air of one shot; breath depends on what was asked for before, `reset` forgets it."""

    def __init__(self, body: Body, place: Place, shot: Shot, camera: Camera) -> None:
        self._notes = notes = _Notes()
        self._falls = falls(notes, notes, place, camera, shot)  # type: ignore[arg-type]
        self._lips = lip_edges(body) if place.breath_haze > 0 and "head" in body.joint_index else None
        self._head = body.joint_index.get("head", 0)
        aspect = shot.size_px[0] / shot.size_px[1]
        self._breath = Breath(notes, notes, place.breath_haze, aspect) if self._lips else None  # type: ignore[arg-type]

    def behind(self, time_s: float, camera: Camera) -> list[Lot]:
        """Returns what falls behind the actor."""
        for fall in self._falls:
            fall.draw(time_s, camera, behind=True)
        return self._notes.taken()

    def before(self, pose: Pose, camera: Camera, joints: Matrices, own: Camera | None = None) -> list[Lot]:
        """Returns breath and what falls before the actor. joints: (j, 4, 4) stage-from-rest.

        own: the camera in whose stage the joints stand, where it is another one (see `two_shot`).
        """
        if self._breath is not None and self._lips is not None:
            head = joints[self._head]
            lips = head[:3, :3] @ self._lips[0].rest.mean(0) + head[:3, 3]
            upper, lower = (edge.rest + edge.moves @ pose.face for edge in self._lips)
            opening = float(np.maximum(upper[:, 1] - lower[:, 1], 0).max())
            self._breath.draw(pose.time_s, own or camera, lips, head[:3, :3] @ (0.0, -0.25, 1.0), opening)
        for fall in self._falls:
            fall.draw(pose.time_s, camera, behind=False)
        return self._notes.taken()

    def reset(self) -> None:
        """Forgets every puff of breath."""
        if self._breath is not None:
            self._breath.reset()


class _Notes:
    """Stands where a drawing context stands, and only notes strokes."""

    TRIANGLE_STRIP = 0

    def __init__(self) -> None:
        self._lots: list[Lot] = []

    def flat(self, *names: str) -> dict[str, Any]:
        return {}

    def buffer(self, data: bytes = b"", *, reserve: int = 0, dynamic: bool = False) -> "_Rows":
        return _Rows()

    def vertex_array(self, program: dict[str, Any], parts: Any) -> "_Noting":
        return _Noting(self._lots, next(part[0] for part in parts if "/i" in part[1]))

    def taken(self) -> list[Lot]:
        """Returns every lot noted so far, which are then forgotten."""
        out = list(self._lots)
        self._lots.clear()
        return out


class _Rows:
    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        self.data = data


class _Noting:
    def __init__(self, lots: list[Lot], rows: _Rows) -> None:
        self._lots, self._rows = lots, rows
        self.program: dict[str, Any] = {}

    def render(self, mode: int, *, vertices: int, instances: int) -> None:
        rows = np.frombuffer(self._rows.data, np.float32).reshape(-1, 6)[:instances]
        self._lots.append(Lot(rows, self.program["base"], float(self.program["soft"])))
