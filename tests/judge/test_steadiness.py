"""What boils, flickers or swims fails; what only moves does not."""

import filmed_faces as filmed
import numpy as np
import pytest

from understudy.base.errors import BadInput
from understudy.hub.frames import Shot, ShotSize
from understudy.judge import consistency
from understudy.judge.steadiness import TARGET, similarity

TAKE = filmed.take()


@pytest.fixture(scope="module")
def pictures() -> filmed.Pictures:
    return filmed.drawn(TAKE)


def test_the_limit_of_what_is_seen_is_the_target() -> None:
    assert similarity(1.6, 1.6) == pytest.approx(TARGET)
    assert similarity(0.0, 1.6) == 1.0


def test_a_drawn_take_is_steady(pictures: filmed.Pictures) -> None:
    scores = consistency(pictures, filmed.motion(TAKE))
    assert scores["consistency"].value > 0.93 and scores.passed
    assert scores["slide"].value < 0.5


def test_a_fast_turn_of_the_head_is_not_punished() -> None:
    turning = filmed.take(turn_rad=0.5, turns_hz=1.0)
    degrees_per_s = np.abs(np.diff(turning.tracks["head"].values[:, 1])).max() * 60 * 180 / np.pi
    assert degrees_per_s > 170
    assert consistency(filmed.drawn(turning), filmed.motion(turning))["consistency"].value > TARGET


def test_flicker_fails(pictures: filmed.Pictures) -> None:
    scores = consistency(filmed.flicker(pictures, 2.0), filmed.motion(TAKE))
    assert scores["consistency"].passed is False


def test_boiling_fails_and_is_measured(pictures: filmed.Pictures) -> None:
    scores = consistency(filmed.boil(pictures, 4.0), filmed.motion(TAKE))
    assert scores["consistency"].passed is False
    assert scores["unsteady"].value == pytest.approx(4.0, rel=0.35)


def test_a_texture_that_swims_fails_by_its_slide(pictures: filmed.Pictures) -> None:
    scores = consistency(filmed.swim(pictures, 12.0), filmed.motion(TAKE))
    assert scores["consistency"].passed is False
    assert scores["slide"].value > 1.5


def test_stronger_faults_score_less(pictures: filmed.Pictures) -> None:
    scores = [consistency(filmed.boil(pictures, n), filmed.motion(TAKE))["consistency"].value for n in (1, 3)]
    assert scores == sorted(scores, reverse=True)


def test_the_motion_of_another_take_fails(pictures: filmed.Pictures) -> None:
    other = filmed.take(turn_rad=-0.5, turns_hz=1.4)
    assert consistency(pictures, filmed.motion(other))["consistency"].passed is False


def test_a_face_that_is_never_seen_is_refused(pictures: filmed.Pictures) -> None:
    behind = Shot(ShotSize.CLOSE, filmed.SHOT.size_px, 25.0, turn_rad=np.pi)
    with pytest.raises(BadInput, match="not seen"):
        consistency(pictures, filmed.motion(TAKE, behind))
