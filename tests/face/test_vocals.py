"""The face of laughs and sobs: in time with the sound, and out of the way of the words."""

from dataclasses import replace

import numpy as np
import pytest

from understudy.base.channels import COMPLEXION, SHAPE_INDEX
from understudy.face import animate
from understudy.face.contact import aperture, closing_phones
from understudy.hub.actor import Persona
from understudy.hub.cue import Cue, Vocal
from understudy.hub.performance import Performance
from understudy.hub.script import Direction, Line
from understudy.hub.speech import Speech
from understudy.testing.lips import Ruler
from understudy.testing.speech import SENTENCES, spoken
from understudy.voice.timbre import made_up
from understudy.voice.vocalising import vocalise

from .conftest import Session, session

RATE_HZ = 24_000
JAW = SHAPE_INDEX["jawOpen"]


def event(name: str, strength: float = 0.9) -> Speech:
    return vocalise(Cue(name, 0, strength=strength), made_up(RATE_HZ), loudness_db=0.0, rng=np.random.default_rng(2))


def around(name: str, strength: float = 0.9) -> tuple[list[Speech], Speech]:
    """Words, the event, words: with the pieces and the event."""
    sounded = event(name, strength)
    first = spoken(SENTENCES["bob"], rate_hz=RATE_HZ, lead_s=0.8, tail_s=0.05)
    last = spoken(SENTENCES["bob"], rate_hz=RATE_HZ, number=1, lead_s=0.0, tail_s=0.5)
    return [first, sounded, last], sounded


def played(name: str, strength: float = 0.9) -> tuple[Session, list[Vocal], Speech]:
    pieces, sounded = around(name, strength)
    offset = pieces[0].duration_s
    vocals = [Vocal(v.name, v.part, v.start_s + offset, v.end_s + offset, v.strength) for v in sounded.vocals]
    return session(pieces), vocals, Speech.join(pieces)


def test_the_jaw_opens_with_each_call_of_a_laugh_within_20_ms() -> None:
    take, vocals, speech = played("laugh")
    loud = speech.prosody.column("loudness_db")
    off = []
    for call in [v for v in vocals if v.part == "call"][:4]:
        a, b = round((call.start_s - 0.05) * 60), round((call.end_s + 0.04) * 60)
        jaw = take.face[a : b + 1, JAW]
        peak_s = (a + int(np.argmax(jaw))) / 60
        part = 10 ** (loud[round(call.start_s * 100) : round(call.end_s * 100)] / 10)
        middle_s = call.start_s + float((np.arange(len(part)) * part).sum() / part.sum()) / 100
        off.append(peak_s - middle_s)
        assert jaw.max() - jaw[[0, -1]].min() > 0.08
    assert abs(np.mean(off)) < 0.02
    assert np.abs(off).max() < 0.04


def test_a_laugh_lifts_cheeks_and_corners_and_throws_the_head_back() -> None:
    take, vocals, _ = played("laugh")
    whole = vocals[0]
    inside = slice(round((whole.start_s + 0.3) * 60), round((whole.end_s - 0.4) * 60))
    for name in ("mouthSmileLeft", "cheekSquintRight", "eyeSquintLeft"):
        assert take.face[inside, SHAPE_INDEX[name]].mean() > 0.4
    before = take.head[: round((whole.start_s - 0.3) * 60), 0].mean()
    assert np.degrees(take.head[inside, 0].mean() - before) < -3


def test_a_sob_shuts_the_eyes_and_pulls_brows_and_corners() -> None:
    take, vocals, _ = played("sob")
    whole = vocals[0]
    inside = slice(round((whole.start_s + 0.3) * 60), round((whole.end_s - 0.4) * 60))
    for name, least in (("eyeBlinkLeft", 0.7), ("browInnerUp", 0.6), ("mouthFrownRight", 0.4)):
        assert take.face[inside, SHAPE_INDEX[name]].mean() > least


@pytest.mark.parametrize("name", ["laugh", "sob", "scream", "gasp", "cry", "cough"])
def test_lips_close_for_every_bilabial_beside_an_event(name: str) -> None:
    take, _, speech = played(name, 1.0)
    gap = aperture(take.face)
    closing = closing_phones(speech.phones)
    assert len(closing) >= 4
    for phone in closing:
        middle = round((phone.start_s + phone.end_s) / 2 * 60)
        assert gap[middle - 2 : middle + 3].min() <= 0.0, phone


@pytest.mark.parametrize("manner", ["crying", "laughing"])
def test_inner_lips_meet_on_the_mesh_in_words_said_through_tears_or_laughing(manner: str) -> None:
    speech = spoken(SENTENCES["bob"], rate_hz=RATE_HZ)
    calls = tuple(Vocal(manner, "call", w.start_s, w.start_s + 0.11, 0.6) for w in speech.words)
    speech = replace(speech, vocals=(Vocal(manner, "whole", 0.0, speech.duration_s, 1.0), *calls))
    gap = Ruler.of("emi").gap_mm(session([speech]).face)[:, :3].max(axis=1)
    times = np.arange(len(gap)) / 60
    for phone in closing_phones(speech.phones):
        near = np.abs(times - (phone.start_s + phone.end_s) / 2) <= 0.06
        assert gap[near].min() <= 0.3, phone


@pytest.mark.parametrize("name", ["laugh", "sob", "scream"])
def test_nothing_is_cut_and_nothing_stays(name: str) -> None:
    take, vocals, _ = played(name)
    steps = np.abs(np.diff(take.face, axis=0)).max(axis=0)
    for shape in ("browInnerUp", "browDownLeft", "cheekSquintLeft", "eyeSquintRight", "noseSneerLeft"):
        assert steps[SHAPE_INDEX[shape]] < 0.13, shape
    assert steps[JAW] < 0.25
    assert np.abs(np.degrees(np.diff(take.head[:, :3], axis=0))).max() * 60 < 120
    rest = session([spoken(SENTENCES["bob"], rate_hz=RATE_HZ, lead_s=0.8, tail_s=0.5)])
    after = take.face[round((vocals[0].end_s + 1.6) * 60) :, SHAPE_INDEX["cheekSquintLeft"]]
    assert after.mean() < rest.face[:, SHAPE_INDEX["cheekSquintLeft"]].mean() + 0.1


def test_a_sob_wets_the_face_and_a_gasp_does_not() -> None:
    wet = {}
    for name in ("sob", "gasp"):
        pieces, _ = around(name)
        take = Performance.from_beats("fake", animate(pieces, persona=Persona(), seed=1))
        wet[name] = take.tracks[COMPLEXION].column("tears").max()
    assert wet["sob"] > 0.7
    assert wet["gasp"] == 0


def test_events_tell_the_body_where_each_breath_is() -> None:
    take, vocals, _ = played("sob")
    told = {e.name for e in take.events_of("vocal")}
    assert {"sob", "sob.jerk", "sob.moan"} <= told
    starts = sorted(e.start_s for e in take.events_of("vocal") if e.name == "sob.jerk")
    assert starts == pytest.approx(sorted(v.start_s for v in vocals if v.part == "jerk"), abs=1e-6)


def flash(name: str = "anger", seconds: float = 0.36) -> tuple[np.ndarray, np.ndarray]:
    """Returns the difference a flash makes, and the face without it."""
    silent = Speech.silence(1.5, RATE_HZ)
    marked = Speech(
        silent.audio,
        silent.phones,
        (),
        silent.prosody,
        vocals=(Vocal(f"flash of {name}", "whole", 0.5, 0.5 + seconds),),
    )
    plain = session([silent])
    return session([marked]).face - plain.face, plain.face


@pytest.mark.parametrize("name", ["anger", "fear", "disgust", "joy"])
def test_a_micro_expression_is_brief_fast_half_strong_and_lopsided(name: str) -> None:
    added, _ = flash(name)
    seen = np.flatnonzero(added.max(axis=1) > 0.02)
    assert 0.08 <= (seen[-1] - seen[0] + 1) / 60 <= 0.5
    peak = int(np.argmax(added.sum(axis=1)))
    assert (peak - seen[0]) / 60 <= 0.26
    assert 0.2 < added[peak].max() < 0.75
    sides = [
        (added[peak, SHAPE_INDEX[f"{n}Left"]], added[peak, SHAPE_INDEX[f"{n}Right"]])
        for n in ("browDown", "eyeWide", "noseSneer", "mouthSmile", "mouthStretch", "cheekSquint")
    ]
    uneven = [abs(left - right) / max(left, right) for left, right in sides if max(left, right) > 0.08]
    assert uneven
    assert min(uneven) > 0.15
    assert not added[-20:].any()


def test_a_feeling_held_back_leaks_and_one_that_is_shown_does_not() -> None:
    def leaks(direction: Direction) -> list[tuple[float, float]]:
        pieces = [spoken(SENTENCES["bob"], number=n, direction=direction, tail_s=0.6) for n in range(8)]
        return [(e.start_s, e.end_s) for e in session(pieces).events if e.kind == "expression"]

    hidden = leaks(Direction(emotions={"anger": 0.3}, hidden={"anger": 0.8}))
    assert len(hidden) >= 3
    assert all(0.08 <= end - start <= 0.5 for start, end in hidden)
    assert leaks(Direction(emotions={"anger": 0.8})) == []


def test_a_direction_is_not_played_twice_when_it_is_heard() -> None:
    line = Line("Hello.", direction=Direction(events=("laugh",)))
    sounded = event("laugh")
    heard = Speech(sounded.audio, sounded.phones, (), sounded.prosody, line, vocals=sounded.vocals)
    assert not [e for e in session([heard]).events_of("gesture") if e.name == "laugh"]
