"""Two actors in one picture: two stages that share a set, a light and their depths.

Every stage keeps its actor in the middle, as for a shot of one; it is the camera that is moved the other way. Light
comes from afar, so nothing but the view depends on where an actor stands, and both write the same depths.
"""

from dataclasses import replace

import numpy as np

from understudy.base.errors import BadInput
from understudy.base.image import Image
from understudy.hub.body import Body
from understudy.hub.frames import Shot
from understudy.hub.performance import Pose
from understudy.hub.place import Place
from understudy.hub.staging import Stand, facing
from understudy.render.framing import Camera, eye_middle
from understudy.render.stage import Stage

_HEADROOM_M = 0.27
"""From the eyes of the taller to the upper edge."""
_BELOW_EYES_M = 0.60
"""From the eyes of the smaller to the lower edge, unless a hem would show."""
_OVER_HEM_M = 0.04
_FOV_RAD = 0.32
_NARROWEST = 1.3
"""Least width of a picture against its height in which two have room."""


def frame_two(bodies: tuple[Body, Body], shot: Shot) -> tuple[Camera, tuple[Stand, Stand]]:
    """Returns the camera of a two-shot, and how the left and the right actor stand before it. Raises BadInput."""
    width, height = shot.size_px
    if width < _NARROWEST * height:
        raise BadInput(
            f"A two-shot has no room in {width}x{height}; make the picture a third wider than high, or more."
        )
    eyes = [float(eye_middle(body)[1]) for body in bodies]
    middle = sum(eyes) / 2
    top = max(eyes) + _HEADROOM_M
    bottom = max([min(eyes) - _BELOW_EYES_M, *(_hem(body) + _OVER_HEM_M for body in bodies)])
    frame_m = top - bottom
    camera = Camera(
        distance_m=frame_m / 2 / float(np.tan(_FOV_RAD / 2)),
        height_m=frame_m / max(shot.zoom, 0.05),
        shift=(0.0, (top + bottom) / 2 - middle),
        aspect=width / height,
        move=shot.move,
        move_seed=shot.move_seed,
    )
    return camera, facing(*eyes)


def _hem(body: Body) -> float:
    """Returns the height over the floor at which what is worn on the trunk ends."""
    lows = [float(m.positions[:, 1].min()) for m in body.meshes if m.material.name.lower().startswith("cloth")]
    low = min(lows) if lows else float(np.concatenate([m.positions for m in body.meshes])[:, 1].min())
    return low


class TwoStage:
    """Draws pairs of poses, left and right in the picture."""

    def __init__(self, bodies: tuple[Body, Body], place: Place, shot: Shot, quality: str) -> None:
        view, stands = frame_two(bodies, shot)
        cameras = [replace(view, turn_rad=stand.turn_rad, aside_m=_minus(stand.eyes)) for stand in stands]
        self._left = Stage(bodies[0], place, shot, quality, camera=cameras[0], view=view)
        try:
            self._right = Stage(bodies[1], place, shot, quality, camera=cameras[1], view=view, host=self._left)
        except BaseException:
            self._left.close()
            raise

    def draw(self, left: Pose, right: Pose) -> Image:
        """Returns the picture of both poses; its time is the left one's."""
        return self._left.draw_with(self._right, (left, right))

    def reset(self) -> None:
        """Forgets what was drawn, so that what comes next does not depend on it."""
        self._left.reset()
        self._right.reset()

    def close(self) -> None:
        """Gives the drawing context back."""
        self._left.close()


def _minus(at: tuple[float, float, float]) -> tuple[float, float, float]:
    return -at[0], -at[1], -at[2]
