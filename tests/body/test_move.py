from collections.abc import Sequence

import numpy as np
import pytest

from understudy.base.channels import BODY, BODY_CHANNELS, FACE, HEAD, TRACK_CHANNELS
from understudy.body import move
from understudy.face import animate
from understudy.hub.actor import Persona
from understudy.hub.performance import Beat
from understudy.hub.script import Direction
from understudy.hub.speech import Speech
from understudy.testing.speech import SENTENCES, spoken

BREATH = BODY_CHANNELS.index("breath")
TRUNK = [i for i, name in enumerate(BODY_CHANNELS[:-1]) if not name.startswith(("left", "right"))]


def beats(speeches: Sequence[Speech], seed: int = 0, persona: Persona | None = None) -> list[Beat]:
    who = persona or Persona()
    return list(move(animate(speeches, persona=who, seed=seed), persona=who, seed=seed))


def body(speeches: Sequence[Speech], seed: int = 0) -> np.ndarray:
    return np.concatenate([b.tracks[BODY].values for b in beats(speeches, seed)]).astype(float)


def column(values: np.ndarray, name: str) -> np.ndarray:
    return np.degrees(values[:, BODY_CHANNELS.index(name)])


def talk(direction: Direction | None = None, pause_s: float = 0.7) -> list[Speech]:
    return [
        spoken(s, number=i, lead_s=pause_s, tail_s=0.3, direction=direction, accents=(1, 4))
        for i, s in enumerate(SENTENCES.values())
    ]


def quiet(seconds: float) -> list[Speech]:
    return [Speech.silence(2.0, 8_000) for _ in range(round(seconds / 2))]


def cycles(air: np.ndarray) -> int:
    """Counts breaths in: rises of more than a tenth."""
    steps = np.sign(np.diff(air))
    turns = np.flatnonzero(np.diff(steps[steps != 0])) + 1
    levels = air[np.r_[0, np.flatnonzero(steps != 0)[turns], len(air) - 1]]
    return int((np.diff(levels) > 0.1).sum())


def test_the_body_has_as_many_frames_as_the_face_and_leaves_the_rest_alone() -> None:
    plain = list(animate(talk(), persona=Persona()))
    for before, after in zip(plain, move(plain, persona=Persona()), strict=True):
        assert after.tracks[BODY].channels == TRACK_CHANNELS[BODY]
        assert len(after.tracks[BODY].values) == len(before.tracks[FACE].values)
        assert after.tracks[FACE] is before.tracks[FACE] and after.sound is before.sound


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert body(talk(), seed=2).tobytes() == body(talk(), seed=2).tobytes()
    assert body(talk(), seed=2).tobytes() != body(talk(), seed=3).tobytes()


def test_breath_stays_between_empty_and_full() -> None:
    air = body([*talk(Direction({"fear": 1.0})), *quiet(20), *talk(Direction(events=("sigh",)))])[:, BREATH]
    assert air.min() >= 0 and air.max() <= 1


def test_the_chest_fills_before_speech_and_empties_along_it() -> None:
    speech = spoken(" | ".join(SENTENCES.values()), lead_s=0.9)
    air = body([speech])[:, BREATH]
    start, end = round(0.9 * 60), round((speech.duration_s - 0.3) * 60)
    assert air[start] > air[start - 30] + 0.2
    assert air[end] < air[start] - 0.3


def test_quiet_breathing_has_twelve_to_eighteen_breaths_a_minute() -> None:
    assert 11 <= cycles(body(quiet(120))[:, BREATH]) / 2 <= 19


def test_fear_breathes_faster() -> None:
    afraid = [spoken("AA1", lead_s=0.3, tail_s=20.0, direction=Direction({"fear": 1.0}))]
    calm = [spoken("AA1", lead_s=0.3, tail_s=20.0)]
    assert cycles(body(afraid)[:, BREATH]) > cycles(body(calm)[:, BREATH])


def test_a_sigh_is_a_deep_breath_let_go() -> None:
    sigh = [spoken(SENTENCES["bob"], lead_s=1.8, direction=Direction(events=("sigh",)))]
    air = body(sigh)[:108, BREATH]
    peak = int(np.argmax(air))
    assert air[peak] > 0.9 and air[peak:].min() < 0.4


def test_sadness_slumps_and_confidence_opens() -> None:
    sad, sure, plain = (
        body(talk(d))[300:] for d in (Direction({"sadness": 1.0}), Direction(confidence=1.0), Direction())
    )
    bend = {
        n: sum(column(v, f"{j}.x").mean() for j in ("spine", "chest", "upperChest"))
        for n, v in zip("scp", (sad, sure, plain), strict=True)
    }
    assert bend["s"] > bend["p"] + 5 and bend["c"] < bend["p"] - 2
    assert column(sad, "leftShoulder.y").mean() < column(plain, "leftShoulder.y").mean() - 2


def test_the_neck_rights_the_head_so_that_the_eyes_keep_their_target() -> None:
    values = body(talk(Direction({"sadness": 1.0})))
    for axis in "xyz":
        tower = sum(column(values, f"{joint}.{axis}") for joint in ("hips", "spine", "chest", "upperChest", "neck"))
        assert np.abs(tower).max() < 1e-4


def test_weight_shifts_slowly() -> None:
    sway = column(body(quiet(240)), "hips.z")
    power = np.abs(np.fft.rfft(sway - sway.mean())) ** 2
    hz = np.fft.rfftfreq(len(sway), 1 / 60)
    assert power[(hz >= 0.04) & (hz <= 0.32)].sum() / power.sum() > 0.9
    assert 0.2 < sway.std() < 2.0


def test_stressed_words_move_the_trunk() -> None:
    accented = [spoken(SENTENCES["news"], accents=range(10), lead_s=0.5)]
    flat = [spoken(SENTENCES["news"].replace("1", "0"), lead_s=0.5)]
    moved = [np.ptp(column(body(s, seed=4), "upperChest.x")[30:]) for s in (accented, flat)]
    assert moved[0] > moved[1] + 0.3


def test_arms_that_are_told_to_be_still_hang() -> None:
    values = body([*talk(Direction({"anger": 1.0}, energy=1.0, events=("still",)))])
    arms = [i for i, name in enumerate(BODY_CHANNELS) if "Arm" in name or "Hand" in name]
    assert np.degrees(np.abs(values[:, arms]).max()) < 12


def test_the_body_moves_smoothly_across_beats() -> None:
    values = np.degrees(body([*talk(Direction({"joy": 1.0})), *talk(Direction({"fear": 1.0})), *quiet(6)])[:, TRUNK])
    assert np.abs(np.diff(values, axis=0)).max() * 60 < 40
    assert np.abs(np.diff(values, n=2, axis=0)).max() * 3600 < 700


def test_both_shoulders_rise_together() -> None:
    values = body(talk(Direction({"fear": 1.0})))[200:]
    left, right = column(values, "leftShoulder.z"), column(values, "rightShoulder.z")
    assert left.mean() > 2 and right.mean() < -2


def test_beats_without_tracks_get_a_body_too() -> None:
    beat = beats(quiet(2))[0]
    bare = Beat(0.0, beat.sound, {})
    assert len(next(move([bare], persona=Persona())).tracks[BODY].values) == 120


@pytest.mark.parametrize("motion", [0.0, 2.0])
def test_every_persona_gives_finite_numbers(motion: float) -> None:
    for beat in beats(talk(), persona=Persona(head_motion=motion)):
        assert np.isfinite(beat.tracks[BODY].values).all() and np.isfinite(beat.tracks[HEAD].values).all()
