"""A camera of the shot as Blender wants it, and where points fall in the picture.

Blender's space is that of the stage turned upright: x right, y away from the lens, z up.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Matrices
from understudy.render.film.blender.wire import Message

Floats = npt.NDArray[np.float32]

BLENDER_FROM_STAGE: Matrices = np.array(
    [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, -1.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
)
_SENSOR_MM = 36.0


@dataclass(frozen=True, eq=False)
class Lens:
    """One camera in Blender's space.

    pixels_from_world: (3, 4), homogeneous pixel coordinates in the whole picture, y down. place: of the lens.
    """

    pixels_from_world: Matrices
    size_px: tuple[int, int]
    place: Matrices
    turn: Matrices
    focal: tuple[float, float]
    middle: tuple[float, float]

    @staticmethod
    def of(clip_from_stage: Matrices, size_px: tuple[int, int]) -> "Lens":
        """Returns the lens of a projection matrix: its place, its turn and what it sees, taken apart again."""
        width, height = size_px
        to_pixels = np.array([[width / 2, 0, 0, width / 2], [0, -height / 2, 0, height / 2], [0, 0, 0, 1.0]])
        p = to_pixels @ clip_from_stage @ BLENDER_FROM_STAGE.T
        rows = p[:, :3]
        scale = np.linalg.norm(rows[2])
        p, rows = p / scale, rows / scale
        ahead = rows[2]
        middle = float(rows[0] @ ahead), float(rows[1] @ ahead)
        right, down = rows[0] - middle[0] * ahead, rows[1] - middle[1] * ahead
        focal = float(np.linalg.norm(right)), float(np.linalg.norm(down))
        place = -np.linalg.solve(rows, p[:, 3])
        return Lens(
            p,
            size_px,
            np.asarray(place, np.float64),
            np.stack([right / focal[0], down / focal[1], ahead]),
            focal,
            middle,
        )

    def message(self, *, aperture_m: float, focus_m: float) -> Message:
        """Returns what the worker sets its camera to; aperture_m 0: everything is sharp."""
        width, height = self.size_px
        matrix = np.eye(4)
        matrix[:3, 0], matrix[:3, 1], matrix[:3, 2] = self.turn[0], -self.turn[1], -self.turn[2]
        matrix[:3, 3] = self.place
        return {
            "lens_mm": self.focal[0] / width * _SENSOR_MM,
            "shift": [(width / 2 - self.middle[0]) / width, (self.middle[1] - height / 2) / width],
            "matrix": matrix,
            "aperture_m": aperture_m,
            "focus_m": focus_m,
        }

    def project(self, points: Floats) -> Floats:
        """Returns (..., 2) pixel coordinates of (..., 3) points, y down."""
        p = self.pixels_from_world.astype(np.float32)
        seen = points @ p[:, :3].T + p[:, 3]
        return np.asarray(seen[..., :2] / np.maximum(seen[..., 2:], 1e-4), np.float32)

    def away_m(self, points: Floats) -> Floats:
        """Returns (...,) how far points lie in front of the lens, metres."""
        p = self.pixels_from_world.astype(np.float32)
        return np.asarray(points @ p[2, :3] + p[2, 3], np.float32)
