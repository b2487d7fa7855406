"""ActorStream: the real face and body behind it, on a clock that the test moves."""

import numpy as np
import pytest
from tests.live.conftest import HandClock
from tests.live.waiting import until

from understudy import rights
from understudy.base.audio import Audio
from understudy.base.channels import FACE, SHAPE_INDEX
from understudy.base.errors import BadInput, NotAllowed
from understudy.hub.actor import Actor
from understudy.hub.rights import Grant
from understudy.hub.script import Direction
from understudy.live.stream import ActorStream
from understudy.live.timeline import LiveBeat
from understudy.testing.speech import spoken

SAYS = spoken("M AA1 M | AE0 N D | P AA1 P AH0 | B IH0 L IY1 V | M IY1", rate_hz=24_000, tail_s=0.3)


def drained(stream: ActorStream, clock: HandClock, seconds: float) -> list[LiveBeat]:
    """Moves the clock on in steps of a beat; waits for the player where it would be late."""
    beats: list[LiveBeat] = []
    for _ in range(round(seconds * 30)):
        until(lambda: len(stream._timeline.idle) > 3 or len(stream._timeline.speech) > 3, "something is made")
        clock.s += 1 / 30
        beats += stream.take_due()
    return beats


def test_it_wants_a_grant_for_live_conversation_and_for_this_actor(emi: Actor, leave: Grant) -> None:
    scripted = rights.authorise(emi, project="a film", script_digest="")
    with pytest.raises(NotAllowed, match="live_conversation"):
        ActorStream(emi, scripted)
    with pytest.raises(NotAllowed, match="grant is for emi"):
        ActorStream(Actor.open("jonah"), leave)


def test_she_idles_then_speaks_with_sound_and_lips_in_the_same_beats(stream: ActorStream, clock: HandClock) -> None:
    before = drained(stream, clock, 1.0)
    assert not any(b.voiced for b in before)
    blinks = SHAPE_INDEX["eyeBlinkLeft"]
    assert np.ptp(np.concatenate([b.tracks[FACE].values[:, blinks] for b in before])) > 0 or before
    stream.push_speech(SAYS)
    until(lambda: len(stream._timeline.speech) > 20, "the first piece is played")
    beats = drained(stream, clock, SAYS.duration_s + 0.5)
    voiced = [b for b in beats if b.voiced]
    assert voiced and {b.turn for b in voiced} == {0}
    sound = np.concatenate([b.sound.samples for b in voiced])[: len(SAYS.audio.samples)]
    assert np.allclose(sound[: len(SAYS.audio.samples)], SAYS.audio.samples[: len(sound)], atol=1e-6)
    lips = np.concatenate([b.tracks[FACE].values for b in voiced])
    times = np.arange(len(lips)) / 60
    gap = lips[:, SHAPE_INDEX["jawOpen"]] - lips[:, SHAPE_INDEX["mouthClose"]]
    for phone in SAYS.phones:
        if phone.name in "PBM":
            inside = (times >= phone.start_s - 0.02) & (times <= phone.end_s + 0.02)
            assert gap[inside].min() < 0.02, f"lips meet on /{phone.name}/ at {phone.start_s:.2f} s"
    assert not stream.speaking
    assert stream.heard(0).count(" ") == len(SAYS.words) - 1


def test_an_interruption_silences_her_and_raises_the_turn(stream: ActorStream, clock: HandClock) -> None:
    drained(stream, clock, 0.5)
    stream.push_speech(SAYS)
    until(lambda: len(stream._timeline.speech) > 20, "the first piece is played")
    drained(stream, clock, 0.4)
    assert stream.speaking
    assert stream.interrupt() == 1
    assert not stream.speaking
    stream.push_speech(SAYS, turn=0)
    after = drained(stream, clock, 1.0)
    assert {b.turn for b in after} == {1}
    assert not any(b.sound.samples.any() for b in after), "a late piece of an old turn is dropped"


def test_a_plan_shows_while_she_listens(stream: ActorStream, clock: HandClock) -> None:
    drained(stream, clock, 0.5)
    stream.push_plan(Direction(emotions={"joy": 0.9}, gaze="partner", events=("nod",)))
    until(lambda: len(stream._timeline.idle) > 3, "the plan is played")
    beats = drained(stream, clock, 2.5)
    smile = np.concatenate([b.tracks[FACE].values[:, SHAPE_INDEX["mouthSmileLeft"]] for b in beats])
    assert smile[-1] > smile[0] + 0.1
    names = {e.name for b in beats for e in b.events}
    assert {"joy", "nod"} <= names


def test_sound_alone_moves_the_lips_at_most_120_ms_behind(stream: ActorStream, clock: HandClock) -> None:
    from understudy import voice
    from understudy.hub.script import Line

    said = voice.speak(Line("Mama and papa believe me."), stream.actor.record.voice, engine="pico")
    sound = Audio(np.concatenate([s.audio.samples for s in said]), 24_000)
    drained(stream, clock, 0.5)
    step = 800
    for at in range(0, len(sound.samples), step):
        stream.push_audio(Audio(sound.samples[at : at + step], 24_000), at / 24_000)
    made = lambda: len(stream._timeline.speech) / 60  # noqa: E731
    until(lambda: made() >= sound.duration_s - 0.13, "all but the look-ahead is played without an end of the sound")
    stream.end_audio()
    until(lambda: made() >= sound.duration_s - 0.02, "the rest is played")
    lips = np.concatenate([b.tracks[FACE].values for b in drained(stream, clock, 1.0) if b.voiced])
    assert np.ptp(lips[:, SHAPE_INDEX["jawOpen"]]) > 0.05


def test_a_rate_that_changes_is_one_clear_sentence(stream: ActorStream) -> None:
    stream.push_audio(Audio.silence(0.1, 24_000))
    with pytest.raises(BadInput, match="one rate"):
        stream.push_audio(Audio.silence(0.1, 16_000))


def test_an_hour_of_its_clock_does_not_drift(stream: ActorStream, clock: HandClock) -> None:
    """Session time is the clock's: after an hour of steps (most of it slept through) beats are where they should be."""
    drained(stream, clock, 1.0)
    for _ in range(60):
        clock.s += 60.0
        beats = stream.take_due()
        assert beats, "there is always something to show"
        assert abs(beats[-1].start_s - stream.now_s) < 0.1


def test_a_plan_that_can_wait_shows_within_half_a_second_of_what_was_made(
    stream: ActorStream, clock: HandClock
) -> None:
    drained(stream, clock, 1.0)
    until(lambda: len(stream._timeline.idle) > 40, "idling is there for longer than that")
    stream.push_plan(Direction(gaze="up"), at_once=False)
    assert len(stream._timeline.idle) <= 30


def test_the_pose_goes_on_from_where_it_is_when_a_plan_comes(stream: ActorStream, clock: HandClock) -> None:
    for felt in ({"joy": 0.9}, {"sadness": 0.8}):
        before = drained(stream, clock, 1.5)[-1]
        stream.push_plan(Direction(emotions=felt))
        until(lambda: len(stream._timeline.idle) > 3, "the plan is played")
        after = drained(stream, clock, 0.1)[0]
        for track in ("head", "gaze", "body"):
            assert np.allclose(after.tracks[track].values[0], before.tracks[track].values[-1], atol=1e-6), track
