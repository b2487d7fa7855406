from itertools import pairwise

import numpy as np
import pytest

from understudy.base.channels import SHAPE_INDEX
from understudy.base.rotation import matrix_from_pitch_yaw_roll
from understudy.face.gaze import in_head, saccade_duration_s, saccade_profile
from understudy.hub.frames import ACTOR_TURN_RAD, PARTNER_YAW_RAD
from understudy.hub.script import Direction
from understudy.hub.speech import Speech
from understudy.testing.speech import SENTENCES, spoken

from .conftest import Session, session, talk


def sight_deg(take: Session) -> np.ndarray:
    """(frames, 2) pitch and yaw of the line of sight in the frame of the torso, from HEAD and the mean of the eyes."""
    out = []
    for head, gaze in zip(take.head, take.gaze, strict=True):
        pitch, yaw = gaze[0], (gaze[1] + gaze[3]) / 2
        eye = np.array([np.sin(yaw) * np.cos(pitch), -np.sin(pitch), np.cos(yaw) * np.cos(pitch)])
        x, y, z = matrix_from_pitch_yaw_roll(*head[:3]) @ eye
        out.append([-np.arcsin(y), np.arctan2(x, z)])
    return np.degrees(np.array(out))


def on_partner_share(take: Session, partner: float) -> float:
    yaw = np.degrees((PARTNER_YAW_RAD - ACTOR_TURN_RAD) * partner)
    return float(np.mean(np.hypot(*(sight_deg(take) - [0.8, yaw]).T) < 5.0))


def test_speakers_look_at_the_partner_about_half_of_the_time(talking: Session) -> None:
    assert 0.35 <= on_partner_share(talking, 0.7) <= 0.55


def test_listeners_look_most_of_the_time(listening: Session) -> None:
    assert 0.65 <= on_partner_share(listening, 0.7) <= 0.85


def test_looks_at_the_partner_last_one_to_four_seconds(talking: Session) -> None:
    away = np.array([e.start_s for e in talking.events_of("gaze") if e.name == "away"])
    here = np.array([e.start_s for e in talking.events_of("gaze") if e.name == "partner"])
    bouts = []
    for start in here:
        before = away[away < start]
        after = away[away > start]
        if len(after) and (not len(before) or not ((here > before[-1]) & (here < start)).any()):
            bouts.append(after[0] - start)
    assert 1.0 <= np.mean(bouts) <= 4.0


def test_saccades_follow_the_main_sequence() -> None:
    """D = 2.2 A + 21 ms within 10 ms; peak speed near 500 (1 - exp(-A / 14)) degrees a second."""
    for size in (1.0, 2.0, 5.0, 10.0, 15.0, 20.0):
        length = saccade_duration_s(size)
        assert abs(length - (0.0022 * size + 0.021)) <= 0.010
        fine = np.linspace(0, 1, 2001)
        peak = np.gradient(size * saccade_profile(fine, size), fine * length).max()
        assert peak == pytest.approx(500 * (1 - np.exp(-size / 14)), rel=0.05)
    assert saccade_profile([0.0, 0.5, 1.0]) == pytest.approx([0.0, 0.5, 1.0])


def test_saccade_events_say_how_far_and_how_long(talking: Session) -> None:
    sight = sight_deg(talking)
    for event in talking.events_of("gaze")[:200]:
        assert event.end_s - event.start_s == pytest.approx(saccade_duration_s(event.value), abs=2e-4)
    jumps = [e for e in talking.events_of("gaze") if e.value > 10]
    made = [np.hypot(*(sight[int(e.end_s * 60) + 2] - sight[int(e.start_s * 60)])) for e in jumps[:40]]
    assert np.corrcoef(made, [e.value for e in jumps[:40]])[0, 1] > 0.8


def test_eyes_hold_their_target_while_the_head_nods(talking: Session) -> None:
    """Between saccades the line of sight stays within half a degree although the head moves."""
    jumps = sorted(talking.events_of("gaze"), key=lambda e: e.start_s)
    sight, head = sight_deg(talking), np.degrees(talking.head[:, :3])
    still, moved = [], []
    for one, two in pairwise(jumps):
        a, b = int(one.end_s * 60) + 2, int(two.start_s * 60) - 1
        if one.name == "partner" and b - a > 30:
            still.append(np.ptp(sight[a:b], axis=0).max())
            moved.append(np.ptp(head[a:b], axis=0).max())
    assert np.median(still) < 1.0 < 2.0 < np.median(moved)


def test_the_eye_in_the_head_undoes_the_head() -> None:
    rng = np.random.default_rng(0)
    sight, head = rng.uniform(-0.4, 0.4, (50, 2)), rng.uniform(-0.3, 0.3, (50, 3))
    for (pitch, yaw), eye, turn in zip(sight, in_head(sight, head), head, strict=True):
        inside = np.array([np.sin(eye[1]) * np.cos(eye[0]), -np.sin(eye[0]), np.cos(eye[1]) * np.cos(eye[0])])
        outside = np.array([np.sin(yaw) * np.cos(pitch), -np.sin(pitch), np.cos(yaw) * np.cos(pitch)])
        assert matrix_from_pitch_yaw_roll(*turn) @ inside == pytest.approx(outside, abs=1e-9)


def test_eyes_converge_on_what_is_near(talking: Session) -> None:
    left, right = talking.gaze[:, 1], talking.gaze[:, 3]
    verge_deg = np.degrees(right - left)
    assert verge_deg.min() > 0.5 and verge_deg.max() < 4.5


@pytest.mark.parametrize("partner", [-1.0, 1.0])
def test_the_partner_is_on_the_side_that_the_camera_sees(partner: float) -> None:
    """Partner 1 is right of the lens as seen from the camera: the actor's left, positive yaw; the actor turns there."""
    take = session([spoken(SENTENCES["bob"], direction=Direction(gaze="partner"))], partner=partner)
    in_stage = np.median(sight_deg(take)[:, 1]) + np.degrees(ACTOR_TURN_RAD) * partner
    assert in_stage == pytest.approx(np.degrees(PARTNER_YAW_RAD) * partner, abs=3.0)


@pytest.mark.parametrize("partner", [-1.0, 0.0, 0.6])
def test_the_camera_is_met_wherever_the_partner_is(partner: float) -> None:
    speech = spoken(SENTENCES["bob"] + " | " + SENTENCES["truth"], direction=Direction(gaze="camera"))
    yaw = sight_deg(session([speech], partner=partner))[60:, 1] + np.degrees(ACTOR_TURN_RAD) * partner
    assert np.mean(np.abs(yaw) < 2.0) > 0.8


@pytest.mark.parametrize(("asked", "axis", "sign"), [("down", 0, 1), ("up", 0, -1), ("left", 1, -1), ("right", 1, 1)])
def test_directions_of_gaze_are_obeyed(asked: str, axis: int, sign: int) -> None:
    """'left' and 'right' are the viewer's: left is negative yaw."""
    sight = sight_deg(session([spoken(SENTENCES["bob"], direction=Direction(gaze=asked))]))[40:]
    assert np.mean(sign * sight[:, axis] > 8) > 0.75


def test_no_away_look_strays_into_the_lens() -> None:
    take = session(talk(3), partner=1.0)
    lens = np.array([0.0, -np.degrees(ACTOR_TURN_RAD)])
    assert np.hypot(*(sight_deg(take) - lens).T).min() > 6.0


def test_speakers_turn_away_as_they_begin_and_come_back_before_they_end() -> None:
    turns = talk(4)
    take = session(turns, partner=1.0)
    away = np.hypot(*(sight_deg(take) - [0.8, np.degrees(PARTNER_YAW_RAD - ACTOR_TURN_RAD)]).T) > 5
    starts = np.cumsum([0.0, *(t.duration_s for t in turns)])[:-1]
    begin = np.mean([away[round((s + 0.4) * 60)] for s in starts])
    end = np.mean([away[round((s + t.duration_s - 0.35) * 60)] for s, t in zip(starts, turns, strict=True)])
    assert begin > 0.6 and end < 0.2


def test_lids_follow_the_eyes_down() -> None:
    take = session([spoken(SENTENCES["bob"], direction=Direction(gaze="down")), Speech.silence(2.0, 16_000)])
    down = take.face[:, SHAPE_INDEX["eyeLookDownLeft"]]
    assert np.corrcoef(down, take.gaze[:, 0])[0, 1] > 0.95
    assert (
        (take.face[:, SHAPE_INDEX["eyeLookInLeft"]] > 0) & (take.face[:, SHAPE_INDEX["eyeLookOutLeft"]] > 0)
    ).sum() == 0


def test_the_head_goes_along_with_large_looks_later_than_the_eyes() -> None:
    still = spoken(SENTENCES["bob"], direction=Direction(gaze="camera"), number=1)
    aside = spoken(SENTENCES["bob"], direction=Direction(gaze="right"), number=2)
    takes = [session([still, aside], seed=seed) for seed in range(6)]
    turned = [np.degrees(t.head[-30:, 1].mean() - t.head[:60, 1].mean()) for t in takes]
    assert np.mean(turned) > 8
    for take in takes:
        jump = max(take.events_of("gaze"), key=lambda e: e.value)
        frame = round(jump.end_s * 60) + 1
        assert abs(np.degrees(take.head[frame, 1] - take.head[frame - 8, 1])) < 0.4 * jump.value


def test_one_stream_may_listen_and_speak_by_turns() -> None:
    speeches = [piece for turn in talk(4) for piece in (turn, Speech.silence(turn.duration_s, 16_000))]
    take = session(speeches, partner=0.7, listening=True)
    ends = np.cumsum([piece.duration_s for piece in speeches])
    yaw = np.degrees((PARTNER_YAW_RAD - ACTOR_TURN_RAD) * 0.7)
    on = np.hypot(*(sight_deg(take) - [0.8, yaw]).T) < 5.0
    spans = [on[round(a * 60) : round(b * 60)].mean() for a, b in pairwise([0.0, *ends])]
    assert np.mean(spans[1::2]) > np.mean(spans[0::2]) + 0.1
