"""A place as light for a path tracer: one picture of the whole surroundings, and suns for lamps too small for it."""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.place import Place
from understudy.render.environment import radiance
from understudy.render.film.blender.wire import Message
from understudy.render.film.lens import BLENDER_FROM_STAGE

Floats = npt.NDArray[np.float32]

_WIDTH_PX = 1024


def surroundings(place: Place) -> Floats:
    """Returns (512, 1024, 3) linear radiance in Blender's equirectangular layout, top row first."""
    height = _WIDTH_PX // 2
    azimuth = (0.5 - (np.arange(_WIDTH_PX) + 0.5) / _WIDTH_PX) * 2 * np.pi
    rise = (0.5 - (np.arange(height) + 0.5) / height) * np.pi
    flat = np.cos(rise)[:, None]
    x, y = flat * np.cos(azimuth), flat * np.sin(azimuth)
    directions = np.stack([x, y, np.broadcast_to(np.sin(rise)[:, None], x.shape)], -1).reshape(-1, 3)
    stage = directions @ BLENDER_FROM_STAGE[:3, :3]
    return radiance(place.ambience, stage).reshape(height, _WIDTH_PX, 3)


def suns(place: Place) -> list[Message]:
    """Returns the lamps of a place: colour (irradiance on a facing surface), angle across, and the turn of each."""
    found: list[dict[str, Any]] = []
    for lamp in place.lights:
        towards = BLENDER_FROM_STAGE[:3, :3] @ np.asarray(lamp.towards, np.float64)
        towards = towards / np.linalg.norm(towards)
        helper = np.array([0.0, 0.0, 1.0]) if abs(towards[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
        right = np.cross(helper, towards)
        right /= np.linalg.norm(right)
        matrix = np.eye(4)
        matrix[:3, 0], matrix[:3, 1], matrix[:3, 2] = right, np.cross(towards, right), towards
        angle = 2 * float(np.clip(lamp.softness_rad, 0.0047, 1.2))
        found.append({"colour": [float(c) for c in lamp.colour], "angle_rad": angle, "matrix": matrix})
    return found
