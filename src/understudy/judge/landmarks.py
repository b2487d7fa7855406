"""Five places of a face that every aligner knows: the corners of both eyes and the foot of the nose.

Read from the mesh they are exact in every pose; from a picture alone they need a detector (extra `judge`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Body
from understudy.hub.motion import Seen
from understudy.judge.chart import eye_centres, skin_of
from understudy.judge.reel import Floats

NAMES = ("left_outer", "left_inner", "right_outer", "right_inner", "nose")
"""Left and right are the actor's."""

_EYE_RADIUS_M = 0.0150
_LID = 1.2
"""Lid margins lie within this many radii of the middle of the eye."""
_MOUTH_BELOW_EYES_M = 0.070


@dataclass(frozen=True, eq=False)
class Landmarks:
    """vertices: (5,) of the skin, in the order of NAMES."""

    skin: str
    vertices: npt.NDArray[np.int64]

    def at(self, seen: Seen) -> Floats:
        """Returns (5, 2) pixels from the top left corner."""
        return np.asarray(seen.points[self.skin][self.vertices, :2], np.float64)


def find_landmarks(body: Body) -> Landmarks:
    """Finds the five places on the mesh at rest. Raises BadInput when the body has no skin or no eyes."""
    skin, eyes = skin_of(body), eye_centres(body)
    p = skin.positions.astype(np.float64)
    chosen = []
    for mesh, eye in zip(("eyeLeft", "eyeRight"), eyes, strict=True):
        found = [m for m in body.meshes if m.name == mesh]
        radius = float(found[0].extras.get("radius", _EYE_RADIUS_M)) if found else _EYE_RADIUS_M
        near = np.flatnonzero((np.linalg.norm(p - eye, axis=1) < _LID * radius) & (p[:, 2] > eye[2]))
        near = near if len(near) >= 2 else np.argsort(np.linalg.norm(p - eye, axis=1))[:40]
        outward = p[near, 0] * np.sign(eye[0])
        chosen += [near[outward.argmax()], near[outward.argmin()]]
    middle = eyes.mean(axis=0)
    lips = skin.extras.get("lips", [])
    mouth_y = float(np.mean([p[int(q["upper"]), 1] for q in lips])) if lips else middle[1] - _MOUTH_BELOW_EYES_M
    line = np.flatnonzero((np.abs(p[:, 0] - middle[0]) < 0.003) & (p[:, 1] > mouth_y + 0.004) & (p[:, 1] < middle[1]))
    line = line[p[line, 2] > middle[2] - 0.01]
    tip = line[p[line, 2].argmax()]
    below = line[(p[line, 1] < p[tip, 1] - 0.003) & (p[line, 2] > p[tip, 2] - 0.035)]
    foot = below[p[below, 2].argmin()] if len(below) else tip
    return Landmarks(skin.name, np.array([*chosen, foot], np.int64))
