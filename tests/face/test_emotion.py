from itertools import pairwise

import numpy as np
import pytest

from understudy.base.channels import ARKIT_SHAPES, EMOTIONS, SHAPE_INDEX
from understudy.face.emotion import soft
from understudy.face.expressions import FEELINGS, POSES, asymmetry, poses, sides
from understudy.face.play import together
from understudy.hub.actor import Persona
from understudy.hub.script import Direction
from understudy.hub.speech import Speech
from understudy.testing.speech import SENTENCES, spoken

from .conftest import Session, session, talk


def mean(take: Session, shape: str, start_s: float = 1.0) -> float:
    return float(take.face[round(start_s * 60) :, sides(shape)].mean())


def test_every_emotion_has_a_pose_of_arkit_shapes() -> None:
    assert set(EMOTIONS) <= set(POSES)
    for pose in POSES.values():
        for name, value in pose.items():
            assert 0 < value <= 1
            assert name in SHAPE_INDEX or f"{name}Left" in SHAPE_INDEX


def test_poses_are_far_apart() -> None:
    rows = poses(np.ones(len(ARKIT_SHAPES)))
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    alike = unit @ unit.T - np.eye(len(FEELINGS))
    assert alike.max() < 0.9


@pytest.mark.parametrize(
    ("emotion", "shape", "least"),
    [
        ("joy", "mouthSmile", 0.3), ("joy", "cheekSquint", 0.3), ("sadness", "browInnerUp", 0.4),
        ("sadness", "mouthFrown", 0.2), ("anger", "browDown", 0.5), ("fear", "eyeWide", 0.35),
        ("disgust", "noseSneer", 0.45), ("surprise", "browOuterUp", 0.4), ("contempt", "mouthDimpleLeft", 0.3),
        ("tenderness", "mouthSmile", 0.15),
    ],
)  # fmt: skip
def test_feelings_show_while_speaking(emotion: str, shape: str, least: float) -> None:
    neutral = session(talk(0.3), seed=2)
    felt = session(talk(0.3, Direction(emotions={emotion: 1.0})), seed=2)
    assert mean(felt, shape) > least
    assert mean(felt, shape) > mean(neutral, shape) + 0.1


def test_feelings_grow_with_their_weight() -> None:
    smiles = [mean(session(talk(0.3, Direction(emotions={"joy": w}))), "mouthSmile") for w in (0.0, 0.3, 0.6, 1.0)]
    assert all(a < b for a, b in pairwise(smiles))


def test_a_feeling_is_no_frozen_mask() -> None:
    take = session(talk(1.0, Direction(emotions={"joy": 0.8})))
    brows = take.face[120:, SHAPE_INDEX["cheekSquintLeft"]]
    assert 0.04 < brows.std() / brows.mean() < 0.5


def test_feelings_come_and_go_by_arcs() -> None:
    """Onset takes 0.35-0.9 s, and two lines with different feelings blend."""
    lines = [spoken(SENTENCES["bob"], number=1, direction=Direction(emotions={"joy": 1.0}))]
    lines += [spoken(SENTENCES["truth"], number=2, direction=Direction(emotions={"anger": 1.0}))]
    take = session(lines)
    start = round(lines[0].duration_s * 60)
    anger = take.face[:, SHAPE_INDEX["browDownLeft"]]
    assert anger[start] < 0.15 < 0.4 < anger[start + 60]
    assert np.abs(np.diff(anger)).max() < 0.08


def test_the_mood_of_the_coming_line_begins_in_the_pause_before_it() -> None:
    line = spoken(SENTENCES["bob"], number=1, direction=Direction(emotions={"sadness": 1.0}))
    before = spoken(SENTENCES["bob"], number=0)
    take = session([before, Speech.silence(0.9, 16_000), line])
    inner = take.face[:, SHAPE_INDEX["browInnerUp"]]
    start, end = (round(t * 60) for t in (before.duration_s, before.duration_s + 0.9))
    assert inner[end] > inner[start] + 0.1


def test_the_resting_mood_shows_at_low_weight() -> None:
    quiet = [Speech.silence(4.0, 16_000)]
    warm = mean(session(quiet, persona=Persona(resting={"joy": 1.0})), "mouthSmile")
    plain = mean(session(quiet), "mouthSmile")
    assert plain < 0.02 and 0.1 < warm < 0.35


def test_faces_are_not_mirrors_of_themselves() -> None:
    factors = asymmetry(np.random.default_rng(7))
    for name in ("mouthSmile", "browDown", "cheekSquint"):
        left, right = factors[sides(name)]
        assert 0.04 <= abs(left - right) <= 0.16


def test_the_same_persona_is_uneven_on_the_same_side() -> None:
    direction = Direction(emotions={"joy": 1.0})
    ratios = set()
    for seed in range(3):
        take = session(talk(0.2, direction), seed=seed, persona=Persona(description="Iris"))
        left, right = take.face[60:, sides("mouthSmile")].mean(axis=0)
        ratios.add(left > right)
    assert len(ratios) == 1


def test_mixed_feelings_share_the_muscles() -> None:
    many = soft(np.ones((1, len(FEELINGS))))
    assert many.sum() < 2.3
    assert soft(np.eye(len(FEELINGS)))[0, 0] == 1.0


def test_brows_mark_accents() -> None:
    lifts = []
    for seed in range(10):
        speech = spoken(SENTENCES["sheep"], accents=(3,))
        word = speech.words[3]
        brow = session([speech], seed=seed).face[:, SHAPE_INDEX["browOuterUpLeft"]]
        around = brow[round((word.start_s - 0.1) * 60) : round((word.end_s + 0.1) * 60)]
        lifts.append(around.max() - brow[: round((word.start_s - 0.3) * 60)].mean())
    assert np.mean(np.array(lifts) > 0.04) > 0.6


def test_sarcasm_smiles_on_one_side_only() -> None:
    take = session(talk(0.3, Direction(sarcasm=1.0)))
    left, right = (take.face[60:, SHAPE_INDEX[f"mouthSmile{side}"]].mean() for side in ("Left", "Right"))
    assert right > left + 0.12


def test_a_laugh_asked_for_shows() -> None:
    lead = spoken(SENTENCES["bob"], lead_s=1.6, direction=Direction(events=("laugh",)))
    take = session([lead])
    assert take.face[:90, SHAPE_INDEX["mouthSmileLeft"]].max() > 0.35
    assert [e.name for e in take.events_of("gesture") if e.name == "laugh"] == ["laugh"]


def test_surprise_does_not_spring_the_mouth_open_after_the_last_word() -> None:
    speech = spoken(SENTENCES["news"], tail_s=1.6, direction=Direction(emotions={"surprise": 1.0}))
    jaw = session([speech], seed=2).face[:, SHAPE_INDEX["jawOpen"]]
    end = round((speech.duration_s - 1.6) * 60)
    assert np.diff(jaw[end + 6 :]).max() < 0.012
    assert jaw[end + 80] > 0.1


def test_a_jaw_opens_for_words_and_feeling_hardly_more_than_for_one_of_them() -> None:
    wide = together(np.array([0.3, 0.0, 0.2]), np.array([0.05, 0.2, 0.2]))
    assert wide == pytest.approx([0.304, 0.2, 0.283], abs=0.002)
