"""The clock of a live stream, with materials made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.base.channels import BODY, FACE, SHAPE_INDEX, TRACK_CHANNELS
from understudy.hub.performance import Beat, Event
from understudy.hub.track import Track
from understudy.live.stock import FRAME_HZ, PER_FRAME, RATE_HZ, Stock
from understudy.live.timeline import AHEAD_S, LEAD_S, SETTLE_S, LiveBeat, Timeline

JAW = SHAPE_INDEX["jawOpen"]


def material(start_s: float, seconds: float, jaw: float, sound: float = 0.0, words: tuple[str, ...] = ()) -> Beat:
    frames = round(seconds * FRAME_HZ)
    tracks = {n: Track(n, c, FRAME_HZ, np.zeros((frames, len(c)), np.float32)) for n, c in TRACK_CHANNELS.items()}
    tracks[FACE].values[:, JAW] = jaw
    step = seconds / max(1, len(words))
    events = tuple(Event("word", w, k * step, (k + 1) * step) for k, w in enumerate(words))
    return Beat(start_s, Audio(np.full(round(seconds * RATE_HZ), sound, np.float32), RATE_HZ), tracks, events)


def jaws(beats: list[LiveBeat]) -> np.ndarray:
    return np.concatenate([b.tracks[FACE].values[:, JAW] for b in beats])


@pytest.fixture
def timeline() -> Timeline:
    made = Timeline()
    made.idle.add(material(0.0, 4.0, 0.1))
    return made


def test_idling_leaves_a_little_before_it_is_due_and_without_gaps(timeline: Timeline) -> None:
    beats = [b for now in np.arange(0.0, 1.0, 0.01) for b in timeline.due(float(now))]
    assert np.allclose(np.diff([b.start_s for b in beats]), 2 / FRAME_HZ)
    assert beats[-1].start_s <= 0.99 + LEAD_S < beats[-1].start_s + 4 / FRAME_HZ
    assert not any(b.voiced for b in beats)


def test_speech_does_not_wait_for_idling_that_has_left_and_runs_ahead_no_further_than_allowed(
    timeline: Timeline,
) -> None:
    timeline.due(1.0)
    left_until = timeline.next_s
    timeline.speech.add(material(9.0, 2.0, 0.6, 0.5))
    beats = timeline.due(1.0)
    assert 1.0 < beats[0].start_s < left_until, "the first spoken beat replaces idling that is not yet due"
    assert beats[0].voiced and beats[0].sound.samples[0] == pytest.approx(0.5)
    assert beats[-1].start_s <= 1.0 + AHEAD_S + 1e-9


def test_the_pose_goes_over_from_idling_to_speech_without_a_jump(timeline: Timeline) -> None:
    timeline.due(1.0)
    timeline.speech.add(material(9.0, 2.0, 0.6, 0.5))
    beats = [b for now in np.arange(1.0, 2.0, 0.02) for b in timeline.due(float(now))]
    curve = jaws(beats)
    assert curve[0] == pytest.approx(0.1, abs=0.02)
    assert np.abs(np.diff(curve)).max() < 0.2
    assert curve[round(SETTLE_S[FACE] * FRAME_HZ) + 2] == pytest.approx(0.6, abs=0.01)


def test_an_interruption_takes_back_what_was_not_seen_and_reaches_rest_in_a_quarter_of_a_second(
    timeline: Timeline,
) -> None:
    timeline.due(0.5)
    timeline.speech.add(material(9.0, 2.0, 0.8, 0.5, ("one", "two", "three", "four")))
    spoken = [b for now in np.arange(0.5, 1.2, 0.02) for b in timeline.due(float(now))]
    assert spoken[-1].start_s + 2 / FRAME_HZ > 1.3
    assert timeline.interrupt(1.2) == 1
    after = [b for now in np.arange(1.2, 1.7, 0.02) for b in timeline.due(float(now))]
    assert after[0].start_s < 1.2 + 2.5 / FRAME_HZ
    assert {b.turn for b in after} == {1}
    assert not any(b.voiced or b.sound.samples.any() for b in after), "not one sample of speech after an interruption"
    rest = round(0.25 * FRAME_HZ)
    assert np.allclose(jaws(after)[rest:], 0.1, atol=1e-3)
    assert jaws(after)[0] == pytest.approx(0.8, abs=0.1), "it begins where the pose was, not at rest"


def test_only_words_that_sounded_were_heard(timeline: Timeline) -> None:
    timeline.due(0.5)
    timeline.speech.add(material(9.0, 2.0, 0.8, 0.5, ("one", "two", "three", "four")))
    for now in np.arange(0.5, 1.7, 0.02):
        timeline.due(float(now))
    timeline.interrupt(1.7)
    assert timeline.heard(0, 1.7) == "one two"
    assert timeline.heard(1, 1.7) == ""


def test_a_pose_is_held_when_nothing_is_made_and_time_goes_on() -> None:
    timeline = Timeline()
    timeline.idle.add(material(0.0, 0.2, 0.3))
    beats = [b for now in np.arange(0.0, 1.0, 0.02) for b in timeline.due(float(now))]
    assert timeline.held > 30
    assert np.allclose(jaws(beats), 0.3, atol=1e-6)
    assert np.allclose(np.diff([b.start_s for b in beats]), 2 / FRAME_HZ)


def test_a_sleep_of_the_machine_is_skipped_and_counted(timeline: Timeline) -> None:
    timeline.due(0.1)
    beats = timeline.due(3.0)
    assert timeline.late > 120
    assert beats[0].start_s >= 2.9


def test_mouth_close_never_exceeds_jaw_open_in_a_seam(timeline: Timeline) -> None:
    shut = material(9.0, 1.0, 0.5, 0.5)
    shut.tracks[FACE].values[:, SHAPE_INDEX["mouthClose"]] = 0.5
    timeline.due(0.5)
    timeline.speech.add(shut)
    for now in np.arange(0.5, 1.2, 0.02):
        for beat in timeline.due(float(now)):
            face = beat.tracks[FACE].values
            assert (face[:, SHAPE_INDEX["mouthClose"]] <= face[:, JAW] + 1e-6).all()


def test_sound_and_motion_of_a_stock_stay_together_over_odd_pieces() -> None:
    """A click in the sound and a snap of the jaw at one instant come out in one frame, an hour of pieces later."""
    stock = Stock()
    clock, frames, marks = 0, 0, []
    rng = np.random.default_rng(5)
    taken = 0
    for index in range(400):
        samples = int(rng.integers(3_000, 40_000))
        last = round((clock + samples) / PER_FRAME)
        count = last - frames
        beat = material(frames / FRAME_HZ, max(count, 1) / FRAME_HZ, 0.0)
        tracks = {n: replace(t, values=t.values[:count].copy()) for n, t in beat.tracks.items()}
        sound = np.zeros(samples, np.float32)
        if index == 399:
            at = (frames + 2) * PER_FRAME - clock
            sound[at : at + 10] = 1.0
            tracks[FACE].values[2, JAW] = 1.0
            marks.append(frames + 2)
        stock.add(replace(beat, start_s=clock / RATE_HZ, sound=Audio(sound, RATE_HZ), tracks=tracks))
        clock, frames = clock + samples, last
        if index < 399:
            taken += len(stock.take(len(stock) - 1)[0])
    stock.fill()
    rows, sound, _ = stock.take(len(stock))
    snap = int(np.argmax(rows[:, JAW]))
    assert taken + snap == marks[0]
    assert abs(int(np.argmax(sound)) - snap * PER_FRAME) <= PER_FRAME // 2
    assert frames / FRAME_HZ > 300


def test_words_stay_with_their_sound_when_idling_was_made_in_between(timeline: Timeline) -> None:
    timeline.due(0.5)
    timeline.speech.add(material(9.0, 1.0, 0.8, 0.5, ("one", "two")))
    timeline.speech.add(material(10.5, 1.0, 0.8, 0.5, ("three", "four")))  # half a second of idling before it
    beats = [b for now in np.arange(0.5, 3.0, 0.02) for b in timeline.due(float(now))]
    said = {e.name: b.start_s + e.start_s for b in beats for e in b.events if e.kind == "word"}
    starts_s = next(b.start_s for b in beats if b.voiced)
    assert [round(said[w] - starts_s, 2) for w in ("one", "two", "three", "four")] == [0.0, 0.5, 1.0, 1.5]
    assert timeline.heard(0, 9.0) == "one two three four"


def test_the_body_settles_too(timeline: Timeline) -> None:
    timeline.due(0.5)
    raised = material(9.0, 2.0, 0.2, 0.5)
    raised.tracks[BODY].values[:, 4] = 1.2
    timeline.speech.add(raised)
    for now in np.arange(0.5, 1.2, 0.02):
        timeline.due(float(now))
    timeline.interrupt(1.2)
    after = [b for now in np.arange(1.2, 1.7, 0.02) for b in timeline.due(float(now))]
    arm = np.concatenate([b.tracks[BODY].values[:, 4] for b in after])
    assert arm[0] > 1.0
    assert np.allclose(arm[round(0.25 * FRAME_HZ) :], 0.0, atol=1e-3)


@pytest.mark.parametrize("renewed", [True, False])
def test_the_pose_goes_over_from_old_idling_to_new_and_would_jump_otherwise(timeline: Timeline, renewed: bool) -> None:
    timeline.due(1.0)
    if renewed:
        timeline.renew_idle(9)
        assert len(timeline.idle) == 8, "whole beats are kept"
        timeline.idle.add(material(7.0, 4.0, 0.6))
    else:
        timeline.idle.clear()
        timeline.idle.add(material(7.0, 4.0, 0.6))
    shown = jaws([b for now in np.arange(1.0, 2.0, 0.02) for b in timeline.due(float(now))])
    assert shown[0] == pytest.approx(0.1 if renewed else 0.6) and shown[-1] == pytest.approx(0.6)
    assert (np.abs(np.diff(shown)).max() < 0.2) and (abs(float(shown[0]) - 0.1) < 0.2) is renewed


def test_words_of_older_turns_are_forgotten_and_of_a_long_one_the_first(
    timeline: Timeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    for turn in range(4):
        timeline.speech.add(material(9.0, 1.0, 0.6, 0.5, (f"yes{turn}", "no")))
        timeline.due(2.0 * turn + 1.0)
        timeline.due(2.0 * turn + 2.5)
        timeline.interrupt(2.0 * turn + 2.9)
    assert {word.turn for word in timeline.spoken} == {3}
    assert timeline.heard(3, 9.0).startswith("yes3")
    monkeypatch.setattr("understudy.live.timeline.KEPT_WORDS", 3)
    timeline.speech.add(material(9.0, 1.0, 0.6, 0.5, ("one", "two", "three", "four")))
    for now in (10.0, 10.5, 11.0, 11.5):
        timeline.due(now)
    assert timeline.heard(4, 20.0) == "two three four"
