from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from understudy.base.channels import BODY, BODY_CHANNELS, VOWELS
from understudy.base.rotation import matrices_from_vectors
from understudy.body import move
from understudy.body.arm import Arms
from understudy.face import animate
from understudy.hub.actor import Actor, Persona
from understudy.hub.body import Body
from understudy.hub.performance import Beat, Event, Performance
from understudy.hub.physique import Physique
from understudy.hub.script import Direction
from understudy.hub.speech import Speech, Word
from understudy.testing.speech import SENTENCES, spoken
from understudy.testing.touching import Touching, poses_of

TALKER = Persona(expressiveness=1.6)


def said(
    sentence: str,
    words: str = "",
    *,
    accents: Sequence[int] = (1, 4),
    direction: Direction | None = None,
    number: int = 0,
) -> Speech:
    """Returns a Speech whose words are those given (the phones stay the sentence's own)."""
    speech = spoken(SENTENCES[sentence], lead_s=1.0, tail_s=0.4, accents=accents, direction=direction, number=number)
    named = [Word(text, w.start_s, w.end_s, w.accent) for text, w in zip(words.split(), speech.words, strict=False)]
    return replace(speech, words=(*named, *speech.words[len(named) :]))


def talk(direction: Direction | None = None, times: int = 1) -> list[Speech]:
    names = list(SENTENCES) * times
    return [said(name, direction=direction, accents=(1, 3, 6), number=i) for i, name in enumerate(names)]


def beats(speeches: Sequence[Speech], seed: int = 0, physique: Physique | None = None) -> list[Beat]:
    plain = animate(speeches, persona=TALKER, seed=seed)
    return list(move(plain, persona=TALKER, seed=seed, physique=physique))


def take(speeches: Sequence[Speech], seed: int = 0, physique: Physique | None = None) -> Performance:
    return Performance.from_beats("emi", beats(speeches, seed, physique))


def wrists(performance: Performance, side: str = "right") -> np.ndarray:
    """Returns (frames, 3) the wrist against the chest of the usual adult, from the joints alone."""
    values = performance.tracks[BODY].values.astype(float)
    joints = Physique.standard().joints
    chain = ["upperChest", f"{side}Shoulder", f"{side}UpperArm", f"{side}LowerArm", f"{side}Hand"]
    turn, at = np.tile(np.eye(3), (len(values), 1, 1)), np.zeros((len(values), 3))
    for inner, outer in pairwise(chain):
        at = at + turn @ (joints[outer] - joints[inner])
        column = BODY_CHANNELS.index(f"{outer}.x")
        turn = turn @ matrices_from_vectors(values[:, column : column + 3])
    return np.asarray(at)


def strokes(performance: Performance) -> list[Event]:
    return [e for e in performance.events if e.kind == "stroke"]


def accents(performance: Performance) -> np.ndarray:
    """Returns the middle of the stressed vowel of every word, of its first vowel when none is marked."""
    vowels = [e for e in performance.events if e.kind == "phone" and e.name in VOWELS]
    out = []
    for word in (e for e in performance.events if e.kind == "word"):
        own = [e for e in vowels if word.start_s - 1e-6 <= e.start_s < word.end_s]
        best = next((e for e in own if e.value == 1.0), own[0])
        out.append((best.start_s + best.end_s) / 2)
    return np.array(out)


@pytest.fixture(scope="module")
def lively() -> Performance:
    return take(talk(Direction({"joy": 0.4}, energy=0.6)), seed=3)


def test_talk_has_gestures_and_silence_has_few(lively: Performance) -> None:
    a_minute = len(strokes(lively)) / lively.duration_s * 60
    assert 8 <= a_minute <= 50
    quiet = take([Speech.silence(2.0, 8_000) for _ in range(5)])
    assert not strokes(quiet)


def test_strokes_end_on_stressed_vowels(lively: Performance) -> None:
    stressed = accents(lively)
    off = np.array([np.abs(stressed - e.end_s).min() for e in strokes(lively)])
    assert off.max() < 0.02
    late = np.array([np.abs(stressed - e.end_s - 0.11).min() for e in strokes(lively)])
    assert late.max() > 0.05  # vowels are not so dense that any time would do


def test_the_hand_itself_comes_to_rest_at_the_apex(lively: Performance) -> None:
    fastest = np.zeros(lively.duration_s.__ceil__() * 60 + 60)
    for side in ("left", "right"):
        speed = np.linalg.norm(np.diff(wrists(lively, side), axis=0), axis=1) * 60
        fastest[: len(speed)] = np.maximum(fastest[: len(speed)], speed)
    slower = []
    for event in strokes(lively):
        apex, start = round(event.end_s * 60), round(event.start_s * 60)
        window = fastest[apex - 6 : apex + 7]
        slower.append(window.min() < 0.45 * fastest[start : apex + 1].max())
    assert np.mean(slower) > 0.85


def test_preparation_comes_before_the_stroke(lively: Performance) -> None:
    prepared = [e for e in lively.events if e.kind == "gesture" and "hand" in e.name]
    for stroke in strokes(lively):
        own = [e for e in prepared if e.name.endswith(stroke.name) and e.end_s >= stroke.end_s]
        assert min(e.start_s for e in own) <= stroke.start_s - 0.1


def test_hands_move_smoothly(lively: Performance) -> None:
    for side in ("left", "right"):
        path = wrists(lively, side)
        assert np.linalg.norm(np.diff(path, axis=0), axis=1).max() * 60 < 3.2
        assert np.linalg.norm(np.diff(path, n=2, axis=0), axis=1).max() * 3600 < 60
    arms = [i for i, name in enumerate(BODY_CHANNELS[:-1]) if name.startswith(("left", "right"))]
    values = np.degrees(lively.tracks[BODY].values[:, arms].astype(float))
    assert np.abs(np.diff(values, axis=0)).max() < 20


def test_no_gesture_is_a_copy_of_the_one_before(lively: Performance) -> None:
    path = np.hstack([wrists(lively, side) for side in ("left", "right")])
    apexes = np.array([path[round(e.end_s * 60)] for e in strokes(lively)])
    gaps = np.linalg.norm(apexes[:, None] - apexes[None], axis=-1)[np.triu_indices(len(apexes), 1)]
    assert np.median(gaps) > 0.03
    assert len({e.name for e in strokes(lively)}) >= 4


def test_later_beats_change_nothing_of_earlier_ones() -> None:
    speeches = talk(Direction({"anger": 0.5}))
    whole = beats(speeches, 5)
    plain = list(animate(speeches, persona=TALKER, seed=5))
    stream = move(iter(plain), persona=TALKER, seed=5)
    for one in whole[:3]:
        assert next(stream).tracks[BODY].values.tobytes() == one.tracks[BODY].values.tobytes()
    cut = list(move(plain[:3], persona=TALKER, seed=5))
    assert [b.tracks[BODY].values.tobytes() for b in cut] == [b.tracks[BODY].values.tobytes() for b in whole[:3]]
    assert beats(speeches, 6)[1].tracks[BODY].values.tobytes() != whole[1].tracks[BODY].values.tobytes()


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("never", {"no", "no both"}),
        ("everything", {"all", "present both"}),
        ("huge", {"big"}),
        ("maybe", {"unsure", "present both"}),
    ],
)
def test_words_choose_their_gesture(word: str, forms: set[str]) -> None:
    found = []
    for seed in range(4):
        words = f"we have said that {word} again"
        done = strokes(take([said("truth", words, accents=(4,), direction=Direction(events=("gestures",)))], seed))
        vowel = next(w for w in said("truth", words).words if w.text == word)
        found += [e.name for e in done if vowel.start_s <= e.end_s <= vowel.end_s]
    assert found and np.mean([name in forms for name in found]) > 0.7


def test_a_direction_moves_the_hand_where_it_says() -> None:
    raised = {}
    for event in ("heart", "mouth", "brow"):
        done = take([said("bob", direction=Direction(events=(event,)))])
        paths = [wrists(done, side) for side in ("left", "right")]
        raised[event] = max(float(path[30:80, 1].max() - path[0, 1]) for path in paths)
    assert 0.3 < raised["heart"] < raised["mouth"] - 0.1 < raised["brow"] - 0.15
    both = take([said("bob", direction=Direction(events=("shrug",)))])
    lift = both.tracks[BODY].column("leftShoulder.z")
    assert np.degrees(lift[20:80].max() - lift[0]) > 6
    assert min(np.ptp(wrists(both, side)[:110, 1]) for side in ("left", "right")) > 0.1


def test_sadness_gestures_smaller_and_less_than_anger() -> None:
    travelled = {}
    for feeling in ("sadness", "anger"):
        done = take(talk(Direction({feeling: 0.9})), 1)
        steps = [np.linalg.norm(np.diff(wrists(done, side), axis=0), axis=1).sum() for side in ("left", "right")]
        travelled[feeling] = float(sum(steps))
    assert travelled["anger"] > 1.5 * travelled["sadness"]


def test_the_rest_pose_is_exact_and_elbows_stay_within_what_they_can() -> None:
    arms = Arms(Physique.standard())
    none = np.zeros((2, 1, 3))
    rest = arms.reach(arms.held(none, arms.rest_pole, none), arms.shoulders(none) + arms.rest_reach)
    for turn in (rest.upper, rest.lower, rest.hand):
        assert np.abs(turn - np.eye(3)).max() < 1e-9
    goals = np.random.default_rng(0).uniform((-0.3, -0.7, 0.0), (0.9, 0.7, 0.9), (400, 3)) * arms.outward
    collar, poles = np.zeros_like(goals), np.broadcast_to((0.4, -1.0, -0.3), goals.shape) * arms.outward
    reached = arms.reach(arms.held(collar, poles, np.broadcast_to((200.0, -200.0, 90.0), goals.shape)), goals)
    shoulder = arms.shoulders(collar)
    upper, fore = reached.elbow - shoulder, reached.wrist - reached.elbow
    cosine = (upper * fore).sum(-1) / np.linalg.norm(upper, axis=-1) / np.linalg.norm(fore, axis=-1)
    bent = np.degrees(np.arccos(cosine))
    assert bent.min() > 3 and bent.max() < 146
    near = np.linalg.norm(goals - shoulder, axis=-1)
    within = (near > 0.2) & (near < 0.47)
    assert np.linalg.norm(reached.wrist - goals, axis=-1)[within].max() < 1e-6
    assert np.abs(reached.wrist[1] - reached.wrist[0] * (-1, 1, 1)).max() < 1e-9  # one build, mirrored


@pytest.mark.parametrize("name", ["emi", "jonah"])
def test_hands_go_through_nothing_on_the_mesh(name: str) -> None:
    body = Body.decode(Actor.open(name).body_glb)
    touching = Touching(body)
    asked = {"bob": "heart", "fives": "mouth", "truth": "collar", "news": "shrug"}
    speeches = [
        said(sentence, accents=(), direction=Direction({"fear": 0.4}, events=(event,)), number=i)
        for i, (sentence, event) in enumerate(asked.items())
    ]
    performance = take(speeches, 2, Physique.of(body))
    apexes = [round(e.end_s * 60) for e in strokes(performance) if e.name in asked.values()]
    assert len(apexes) == 4
    for frame, pose in zip(apexes, poses_of(performance, apexes), strict=True):
        assert not any(touching.at(pose).values()), (frame, touching.at(pose))
    # the same hands with the arms pressed against the trunk are found
    pose = poses_of(performance, apexes[:1])[0]
    pressed = pose.body.copy()
    for side, sign in (("left", 1.0), ("right", -1.0)):
        pressed[BODY_CHANNELS.index(f"{side}UpperArm.x")] += 0.45
        pressed[BODY_CHANNELS.index(f"{side}UpperArm.y")] -= sign * 0.2
    assert sum(touching.at(replace(pose, body=pressed)).values()) > 10
