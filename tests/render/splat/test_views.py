"""What is asked of a teacher: enough of everything, nothing held out is shown, every face well lit."""

import pickle
from collections import Counter

import numpy as np
import pytest

from understudy.base.channels import ARKIT_SHAPES, BODY_CHANNELS, SHAPE_INDEX
from understudy.base.errors import BadInput
from understudy.hub.frames import ShotSize
from understudy.hub.performance import Pose
from understudy.render.exposure import FACE, face_light
from understudy.render.splat.corners import APART_S, rare_first
from understudy.render.splat.lamps import NEUTRAL
from understudy.render.splat.views import HELD, HELD_TURNS_RAD, TURN_RAD, Ask, ask_for_views
from understudy.render.sway import FORGOTTEN_S


def performed(count: int = 300) -> list[Pose]:
    """A quiet talk, one face in a hundred of which is a scream, and one a wink."""
    draw = np.random.default_rng(3)
    found = []
    for number in range(count):
        face = draw.uniform(0, 0.15, 52).astype(np.float32)
        if number % 100 == 50:
            face[SHAPE_INDEX["jawOpen"]] = 0.95
        if number % 100 == 25:
            face[SHAPE_INDEX["eyeBlinkLeft"]] = 0.9
        body = np.zeros(len(BODY_CHANNELS), np.float32)
        body[4] = number / count
        found.append(Pose(number / 25, face, np.zeros(6, np.float32), np.zeros(4, np.float32), body))
    return found


@pytest.fixture(scope="module")
def asks() -> tuple[Ask, ...]:
    return ask_for_views(performed(), count=200, size_px=(512, 512), seed=1)


def test_the_same_seed_asks_the_same_and_another_does_not(asks: tuple[Ask, ...]) -> None:
    again, other = (ask_for_views(performed(), count=200, size_px=(512, 512), seed=seed) for seed in (1, 2))
    assert pickle.dumps(again) == pickle.dumps(asks)
    assert pickle.dumps(other) != pickle.dumps(asks)


def test_a_few_views_of_each_kind_are_held_out(asks: tuple[Ask, ...]) -> None:
    counted = Counter(ask.held for ask in asks)
    assert counted == {"": 176, **dict.fromkeys(HELD, 8)}
    few = Counter(ask.held for ask in ask_for_views(performed(), count=12, size_px=(64, 64), seed=1))
    assert few == {"": 6, **dict.fromkeys(HELD, 2)}


def test_what_is_held_out_is_never_trained(asks: tuple[Ask, ...]) -> None:
    training = [ask for ask in asks if not ask.held]
    lights = {ask.place for ask in training}
    new = [ask.place for ask in asks if ask.held == "light"]
    assert new and not lights & set(new)
    assert {place.name.endswith("-light") for place in new} == {True, False}  # one of the house, and made ones
    assert not {place.lights for place in lights} & {place.lights for place in new}
    turns = np.array([ask.shot.turn_rad for ask in training])
    for ask in asks:
        if ask.held == "view":
            assert ask.shot.turn_rad in HELD_TURNS_RAD and np.abs(turns - ask.shot.turn_rad).min() > 0.02
    known = np.stack([ask.pose.face for ask in training])
    for ask in asks:
        apart = np.abs(known - ask.pose.face).max(1).min()
        assert apart > 0.02 if ask.held == "expression" else apart == 0.0


def test_only_one_thing_is_new_in_a_view_held_out(asks: tuple[Ask, ...]) -> None:
    lights = {ask.place for ask in asks if not ask.held}
    assert all(ask.place in lights for ask in asks if ask.held in ("expression", "view"))
    turns = {ask.shot.turn_rad for ask in asks if not ask.held}
    assert all(ask.shot.turn_rad in turns for ask in asks if ask.held == "light")


def test_every_face_is_well_lit_and_stands_on_nothing(asks: tuple[Ask, ...]) -> None:
    for place in {ask.place for ask in asks}:
        assert 0.7 < face_light(place.lights, place.ambience) / FACE < 1.4, place.name
        assert place.transparent and place.grade == NEUTRAL and place.veil == place.wrap == place.breath_haze == 0
        assert not any((place.snow, place.rain, place.dust, place.wall))
        assert 1 <= len(place.lights) <= 3 and place.lights[0].casts_shadow


def test_lights_are_shared_and_a_third_are_of_the_house(asks: tuple[Ask, ...]) -> None:
    training = Counter(ask.place.name for ask in asks if not ask.held)
    assert 3 <= np.mean(list(training.values())) <= 6
    assert abs(sum(n for name, n in training.items() if name.endswith("-light")) / 176 - 1 / 3) < 0.02


def test_lamps_come_from_all_round_and_in_every_softness(asks: tuple[Ask, ...]) -> None:
    lamps = [lamp for place in {a.place for a in asks if a.place.name.startswith("made")} for lamp in place.lights]
    towards = np.array([np.asarray(lamp.towards) / np.linalg.norm(lamp.towards) for lamp in lamps])
    assert (towards[:, 2] < -0.2).mean() > 0.15 and (towards[:, 2] > 0.2).mean() > 0.4
    assert (towards[:, 0] < -0.4).sum() > 5 and (towards[:, 0] > 0.4).sum() > 5
    soft = np.array([lamp.softness_rad for lamp in lamps])
    assert soft.min() < 0.1 and soft.max() > 0.3 and soft.min() >= 0.05 and soft.max() <= 0.5


def test_cameras_are_those_of_close_and_medium_shots(asks: tuple[Ask, ...]) -> None:
    training = [ask.shot for ask in asks if not ask.held]
    sizes = Counter(shot.size for shot in training)
    assert sizes[ShotSize.CLOSE] > sizes[ShotSize.MEDIUM] > sizes[ShotSize.WIDE] > 5
    turns = np.abs([shot.turn_rad for shot in training])
    assert turns.max() <= TURN_RAD
    assert (turns < 0.15).mean() > 0.25 and (np.abs(turns - 0.52) < 0.12).mean() > 0.25
    near = [shot for shot in training if shot.zoom > 1]
    assert {shot.aim for shot in near} == {"eyes", "mouth"}
    assert all(shot.size is ShotSize.CLOSE and 1.3 <= shot.zoom <= 2.2 for shot in near)


def test_every_shape_is_shown_strongly_and_weights_are_weights(asks: tuple[Ask, ...]) -> None:
    faces = np.stack([ask.pose.face for ask in asks if not ask.held])
    assert faces.min() >= 0 and faces.max() <= 1
    weak = [name for name, most in zip(ARKIT_SHAPES, faces.max(0), strict=True) if most < 0.5]
    assert weak == []
    heads = np.abs([ask.pose.head[:3] for ask in asks])
    assert 0.2 < heads.max() <= 0.36


def test_the_lids_follow_the_eyes(asks: tuple[Ask, ...]) -> None:
    looking = [a.pose for a in asks if a.pose.gaze[0] > 0.2]
    assert looking and all(pose.face[SHAPE_INDEX["eyeLookDownLeft"]] > 0.3 for pose in looking)


def test_what_is_rare_comes_first_and_what_is_the_same_once() -> None:
    poses = performed()
    assert {number % 100 for number in rare_first(poses, 2)} == {25, 50}
    assert len(rare_first([poses[0], poses[0], poses[1]], 3)) == 2


def test_no_hair_swings_from_one_view_to_the_next(asks: tuple[Ask, ...]) -> None:
    times = np.array([ask.pose.time_s for ask in asks])
    assert np.diff(np.sort(times)).min() >= APART_S > 2 * FORGOTTEN_S


def test_too_few_views_or_no_poses_are_refused() -> None:
    with pytest.raises(BadInput, match="12 or more"):
        ask_for_views(performed(), count=11, size_px=(64, 64), seed=1)
    with pytest.raises(BadInput, match="no poses"):
        ask_for_views([], count=100, size_px=(64, 64), seed=1)
