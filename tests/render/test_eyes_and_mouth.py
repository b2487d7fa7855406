"""Wet eyes and lit mouths, judged by what must be true of the picture."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from understudy.base.channels import BODY_CHANNELS, SHAPE_INDEX
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Pose
from understudy.hub.place import Place
from understudy.render.stage import Stage

SHOT = Shot(ShotSize.CLOSE, (480, 360), zoom=6.0, aim="left_eye")
Draw = Callable[..., np.ndarray]


def _drawer(stage: Stage) -> Draw:
    def draw(*, tears: float = 0.0, **face: float) -> np.ndarray:
        weights = np.zeros(52, np.float32)
        for name, weight in face.items():
            weights[SHAPE_INDEX[name]] = weight
        still = np.zeros(len(BODY_CHANNELS), np.float32)
        pose = Pose(0.0, weights, np.zeros(6, np.float32), np.zeros(4, np.float32), still, np.float32([0.0, tears]))
        return stage.draw(pose).pixels.astype(float)

    return draw


@pytest.fixture(scope="module")
def body() -> Body:
    return Body.decode(Actor.open("emi").body_glb)


@pytest.fixture(scope="module")
def eye(body: Body) -> Iterator[Draw]:
    stage = Stage(body, Place.open("studio"), SHOT, "good")
    yield _drawer(stage)
    stage.close()


@pytest.fixture(scope="module")
def mouth(body: Body) -> Iterator[Draw]:
    stage = Stage(body, Place.open("studio"), replace(SHOT, zoom=5.0, aim="mouth"), "good")
    yield _drawer(stage)
    stage.close()


def changed(a: np.ndarray, b: np.ndarray, least: float = 25.0) -> np.ndarray:
    return np.asarray(np.abs(a - b).max(2) > least)


def white(picture: np.ndarray) -> np.ndarray:
    """What is nearly grey and not dark: on a face, the white of an eye."""
    return np.asarray((np.ptp(picture, axis=2) < 28) & (picture.min(2) > 60))


def test_tears_redden_the_white_and_leave_the_skin(eye: Draw) -> None:
    dry, wet = eye(), eye(tears=0.5)
    shut = eye(eyeBlinkLeft=1.0, eyeBlinkRight=1.0)
    seen = white(dry) & changed(dry, shut)
    assert seen.sum() > 300
    redder = (wet[..., 0] - wet[..., 1]) - (dry[..., 0] - dry[..., 1])
    assert redder[seen].mean() > 3
    assert np.abs(wet - dry)[:60, :60].mean() < 1.0


def test_lids_shade_the_eye_as_they_come_down(eye: Draw) -> None:
    """The same white of the eye is darker when the lid is half down."""
    wide, half = eye(), eye(eyeBlinkLeft=0.15)
    shut = eye(eyeBlinkLeft=1.0)
    seen = white(wide) & white(half) & changed(wide, shut) & changed(half, shut)
    assert seen.sum() > 80
    assert half[seen].mean() < 0.99 * wide[seen].mean()


def test_an_open_mouth_is_dark_but_no_hole(mouth: Draw) -> None:
    closed, opened = mouth(), mouth(jawOpen=0.6)
    lips = closed[170:190, 200:280].reshape(-1, 3).mean()
    inside = changed(closed, opened, 60.0)
    found = opened[inside]
    dark = found[found.max(1) < 0.75 * lips]
    assert len(dark) > 1500
    assert np.percentile(dark.max(1), 10) > 6
    assert dark.mean() < 0.7 * lips
