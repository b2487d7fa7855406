"""Temporal consistency of a film whose take is not known: the motion is estimated from the pictures themselves.

Dense inverse search (Kroeger et al. 2016, in OpenCV, extra `judge`) finds where each place of a picture was in the one
before and will be in the one after. What is left of the second difference along these paths is judged as in
`judge.steadiness`, in the part of the picture that moves; a texture that swims looks like motion and is not seen.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput, MissingExtra
from understudy.hub.scores import Score, Scores
from understudy.judge.reel import Floats
from understudy.judge.steadiness import TARGET, similarity

_HEIGHT_PX = 360
_MOVES_PX = 0.15
_AGREES_PX = 1.0
_LEAST = 400


def flow_consistency(pictures: Iterable[npt.NDArray[np.uint8]], subject: str = "film") -> Scores:
    """Returns consistency with estimated motion. Raises MissingExtra without OpenCV, BadInput when nothing moves."""
    try:
        import cv2
    except ImportError as error:
        raise MissingExtra("Judging steadiness without the take of the film", "judge") from error
    flow = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    flow.setFinestScale(0)
    window: list[npt.NDArray[np.uint8]] = []
    unsteady: list[float] = []
    for picture in pictures:
        scale = min(1.0, _HEIGHT_PX / picture.shape[0])
        size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
        window = [*window[-2:], cv2.resize(picture, size, interpolation=cv2.INTER_AREA)]
        if len(window) == 3:
            left = _left_over(cv2, flow, *window)
            if left is not None:
                unsteady.append(left)
    if not unsteady:
        raise BadInput("Nothing moves in this film, so its steadiness cannot be judged without its take.")
    score = float(similarity(np.array(unsteady), 1.6).mean())
    how = f"warp error against motion ESTIMATED by OpenCV's DIS flow, {len(unsteady)} pictures; better with the take"
    return Scores(
        subject,
        (
            Score("consistency", score, "", f"above {TARGET}", score > TARGET, how),
            Score("unsteady", float(np.mean(unsteady)), "levels", how="as with the mesh, where the picture moves"),
        ),
    )


def _left_over(cv2: Any, flow: Any, *window: npt.NDArray[np.uint8]) -> float | None:
    before, now, after = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in window)
    back, ahead = flow.calc(now, before, None), flow.calc(now, after, None)
    sides = [_warped(cv2, window[0], back), _warped(cv2, window[2], ahead)]
    moves = np.maximum(np.hypot(*np.moveaxis(back, -1, 0)), np.hypot(*np.moveaxis(ahead, -1, 0))) > _MOVES_PX
    home = np.hypot(*np.moveaxis(_warped(cv2, flow.calc(before, now, None), back) + back, -1, 0)) < _AGREES_PX
    kept = moves & home & _inside(back) & _inside(ahead)
    if kept.sum() < _LEAST:
        return None
    smooth = [cv2.GaussianBlur(p, (0, 0), 1.3) for p in (window[1].astype(np.float32), *sides)]
    left: Floats = (smooth[0] - 0.5 * (smooth[1] + smooth[2]))[kept]
    return float(np.sqrt(2 / 3) * np.sqrt(np.mean(np.square(left))))


def _inside(shift: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    height, width = shift.shape[:2]
    y, x = np.mgrid[:height, :width] + np.moveaxis(shift, -1, 0)[::-1]
    return np.asarray((x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1))


def _warped(cv2: Any, picture: npt.NDArray[Any], shift: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    height, width = shift.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    return np.asarray(
        cv2.remap(picture.astype(np.float32), x + shift[..., 0], y + shift[..., 1], cv2.INTER_LINEAR), np.float32
    )
