"""Where the camera of a video stood: the framing under which the posed body covers what is seen of the person.

Found are how large the body is in the picture and where; how far away the lens was is taken from the nearest of our own
framings, for a few pictures of one person do not tell it.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Pose
from understudy.render.framing import Camera, frame_actor
from understudy.render.splat.blocking import Blocking

Floats = npt.NDArray[np.float32]

_LINES = 96
"""Height in pixels of what is compared."""
_ZOOMS = (0.75, 1.0, 1.35)
_ROUNDS = 60


@dataclass(frozen=True)
class Aim:
    """camera: found. overlap: 0..1, area that body and person share against the area of both."""

    camera: Camera
    overlap: float


def overlap(cover: Floats, seen: Floats) -> float:
    """Returns the shared area of two coverages against the area of both, 0..1."""
    return float(np.minimum(cover, seen).sum() / max(float(np.maximum(cover, seen).sum()), 1e-9))


def aim(blocking: Blocking, body: Body, poses: list[Pose], seen: list[Floats], known: npt.NDArray[np.bool_]) -> Aim:
    """Returns the camera under which the body overlaps most with what is seen. seen: (h, w) coverage of each pose.

    known: (h, w) where a picture tells anything. Every framing of ours is tried, then the best are moved (Nelder & Mead
    1965).
    """
    from scipy.optimize import minimize

    height, width = seen[0].shape
    size = (max(2, round(width * _LINES / height)), _LINES)
    small = [_shrunk(picture, size) for picture in seen]
    counts = _shrunk(known.astype(np.float32), size) > 0.5

    def apart(camera: Camera) -> float:
        covers = [blocking.cover(pose, camera, size) * counts for pose in poses]
        return 1 - float(np.mean([overlap(c, s * counts) for c, s in zip(covers, small, strict=True)]))

    starts: list[tuple[float, int, Camera]] = []
    for framing in (ShotSize.CLOSE, ShotSize.MEDIUM, ShotSize.WIDE):
        first = frame_actor(body, Shot(framing, (width, height)))
        for zoom in _ZOOMS:
            camera = replace(first, height_m=first.height_m / zoom)
            starts.append((apart(camera), len(starts), camera))
    best = min(starts)[2]

    def moved(numbers: npt.NDArray[np.float64]) -> Camera:
        grown, x, y = numbers
        tall = best.height_m * float(np.exp(np.clip(grown, -1.2, 1.2)))
        return replace(best, height_m=tall, shift=(float(best.shift[0] + x * tall), float(best.shift[1] + y * tall)))

    simplex = np.array([[0, 0, 0], [0.15, 0, 0], [0, 0.06, 0], [0, 0, 0.06]], np.float64)
    found = minimize(
        lambda numbers: apart(moved(numbers)),
        np.zeros(3),
        method="Nelder-Mead",
        options={"maxfev": _ROUNDS, "initial_simplex": simplex, "xatol": 5e-4, "fatol": 1e-5},
    )
    return Aim(moved(found.x), 1 - float(found.fun))


def _shrunk(picture: Floats, size_px: tuple[int, int]) -> Floats:
    from PIL import Image

    coded = Image.fromarray(np.ascontiguousarray(picture, np.float32), "F")
    return np.asarray(coded.resize(size_px, Image.Resampling.BOX), np.float32)
