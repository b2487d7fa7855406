"""The rectangle of a picture in which an actor can appear: nothing else of it has to be drawn."""

import numpy as np

from understudy.base.errors import BadInput
from understudy.hub.body import Body, Matrices
from understudy.hub.frames import Move
from understudy.render.framing import Camera
from understudy.render.gesturing import gesture_space

_LONGEST_S = 30.0
"""How far ahead a moving camera is looked at to know where the actor can appear; its paths repeat or rest by then."""
_SWING_M = 0.06
"""How far around the resting actor the rectangle reaches, for heads that turn and shoulders that lift."""


def where_seen(body: Body, model: Matrices, camera: Camera, size_px: tuple[int, int]) -> tuple[int, int, int, int]:
    """Returns x, y, width, height in pixels (from the top left) of where the actor can appear.

    model: (4, 4) stage-from-model. Raises BadInput for a body that is nowhere in the picture.
    """
    width, height = size_px
    points = np.concatenate([*(m.positions for m in body.meshes), gesture_space(body)])
    stage = points @ model[:3, :3].T + model[:3, 3]
    stage = np.concatenate([stage - _SWING_M * np.array([1, 0.5, 0]), stage + _SWING_M * np.array([1, 0.5, 0])])
    homogeneous = np.c_[stage, np.ones(len(stage))]
    moments = (0.0,) if camera.move is Move.STILL else np.arange(0.0, _LONGEST_S, 0.5)
    if len(moments) > 1:  # the hull is enough for a camera that moves
        outer = np.r_[homogeneous.argmin(0)[:3], homogeneous.argmax(0)[:3], np.arange(0, len(homogeneous), 23)]
        homogeneous = homogeneous[np.unique(outer)]
    clip = np.concatenate([homogeneous @ camera.at(float(t)).clip_from_stage().T for t in moments])
    x = (clip[:, 0] / clip[:, 3] + 1) / 2 * width
    y = (1 - clip[:, 1] / clip[:, 3]) / 2 * height
    inside = (y > 0) & (y < height)
    if not inside.any():
        raise BadInput("Nothing of this body is in the picture; check that its joints stand where its meshes are.")
    left, right = max(0, int(x[inside].min()) & ~1), min(width, int(x[inside].max()) + 2)
    top = max(0, int(y.min()) & ~1)
    return left, top, right - left, height - top
