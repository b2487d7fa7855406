import itertools
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from tests.live.outlets.receivers import LiveLinkPacket, listening, received
from typer.testing import CliRunner
from websockets.sync.client import connect

from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, ARKIT_SHAPES, FACE, SHAPE_INDEX
from understudy.base.errors import BadInput
from understudy.cli.main import app
from understudy.hub.performance import Beat, Event, Performance, Pose
from understudy.hub.track import Track
from understudy.live.outlets.outlet import Bill
from understudy.live.outlets.sending import Sender, live_beats, looped, send
from understudy.live.outlets.streaming import performed, stream
from understudy.live.outlets.websocket import WebSocketBeats, as_json
from understudy.live.packets import unpacked
from understudy.live.stock import CHANNELS, COLUMNS, RATE_HZ
from understudy.live.timeline import LiveBeat, rows_of, tracks_of
from understudy.rights.ledger import Ledger

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "beat.schema.json").read_text())


class Seen:
    """An outlet that remembers."""

    def __init__(self) -> None:
        self.poses: list[Pose] = []
        self.beats: list[LiveBeat] = []

    def pose(self, pose: Pose) -> None:
        self.poses.append(pose)

    def beat(self, beat: LiveBeat) -> None:
        self.beats.append(beat)

    def close(self) -> None: ...


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def now(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


def ramp(seconds: float, rate_hz: int = 16_000, upto: float = 1.0) -> Performance:
    """A take whose jaw opens evenly, with sound at a rate that is not the stream's."""
    frames = round(seconds * ANIMATION_RATE_HZ)
    values = np.zeros((frames, 52), np.float32)
    values[:, SHAPE_INDEX["jawOpen"]] = np.linspace(0, upto, frames)
    tone = 0.2 * np.sin(np.arange(round(seconds * rate_hz)) * 2 * np.pi * 220 / rate_hz).astype(np.float32)
    return Performance(
        "emi", Audio(tone, rate_hz), {FACE: Track(FACE, ARKIT_SHAPES, 60.0, values)}, (Event("word", "ah", 0.3, 0.5),)
    )


def beat_at(start_s: float, jaw: float, turn: int, frames: int = 6) -> LiveBeat:
    rows = np.zeros((frames, CHANNELS), np.float32)
    rows[:, COLUMNS[FACE]][:, SHAPE_INDEX["jawOpen"]] = jaw
    return LiveBeat(start_s, Audio.silence(frames / 60, RATE_HZ), tracks_of(rows), (), turn)


def jaws(poses: list[Pose]) -> list[float]:
    return [float(pose.face[SHAPE_INDEX["jawOpen"]]) for pose in poses]


def test_poses_leave_on_the_clock_and_lie_on_the_line_between_frames() -> None:
    clock, seen = Clock(), Seen()
    states = list(send(live_beats(ramp(1.0).beats()), [seen], fps=25.0, now=clock.now, sleep=clock.sleep))
    assert len(states) == len(seen.poses) == 25 and states[-1].stalls == 0
    assert clock.now_s == pytest.approx(100.0 + 24 / 25)
    assert jaws(seen.poses) == pytest.approx(np.arange(25) / 25 * 60 / 59, abs=1e-5)
    # those with a clock of their own have each beat before it is due, and all of the sound
    assert sum(len(b.sound.samples) for b in seen.beats) == RATE_HZ
    assert [e.name for b in seen.beats for e in b.events] == ["ah"]


def test_a_clock_that_was_held_up_starts_anew_instead_of_catching_up_in_a_burst() -> None:
    clock, seen = Clock(), Seen()
    for sent in send(live_beats(ramp(1.0).beats()), [seen], fps=60.0, now=clock.now, sleep=clock.sleep):
        if sent.poses == 10:
            clock.now_s += 5.0
        last = sent
    assert last.stalls == 1 and last.poses == 60
    assert clock.now_s == pytest.approx(106.0, abs=0.05)


def test_a_replaced_beat_is_never_shown_and_an_older_turn_is_dropped() -> None:
    seen = Seen()
    sender = Sender([seen])
    sender.take(beat_at(0.0, 0.2, 0))
    sender.take(beat_at(0.1, 0.9, 0))
    sender.take(beat_at(0.05, 0.4, 1))  # an interruption, from the third frame on
    sender.take(beat_at(0.15, 0.9, 0))  # of the old turn, late
    for frame in range(9):
        sender.show(frame / 60)
    assert jaws(seen.poses) == pytest.approx([0.2, 0.2, 0.2] + [0.4] * 6)
    assert [b.turn for b in seen.beats] == [0, 0, 1]


def test_before_anything_came_nothing_is_shown_and_then_the_last_pose_stays() -> None:
    seen = Seen()
    sender = Sender([seen])
    assert sender.show(0.0) is None and not seen.poses
    sender.take(beat_at(0.0, 0.5, 0))
    sender.show(3.0)
    sender.show(0.05)
    sender.show(60.0)
    assert jaws(seen.poses) == pytest.approx([0.5, 0.5])


def test_a_loop_goes_over_without_a_jump() -> None:
    source = looped(lambda: live_beats(ramp(0.5).beats()))
    jaw = np.concatenate(
        [rows_of(b)[:, COLUMNS[FACE]][:, SHAPE_INDEX["jawOpen"]] for b in itertools.islice(source, 40)]
    )
    assert len(jaw) == 80 and jaw[29] == pytest.approx(1.0) and jaw[30] > 0.9
    assert np.abs(np.diff(jaw)).max() < 0.25
    assert list(looped(lambda: iter(()))) == []


@pytest.fixture
def served(bill: Bill) -> Iterator[WebSocketBeats]:
    outlet = WebSocketBeats(bill, "127.0.0.1", 0)
    yield outlet
    outlet.close()


def url(outlet: WebSocketBeats, path: str = "/") -> str:
    return "ws://{}:{}{}".format(*outlet.address, path)


def test_a_client_reads_beats_that_fit_the_published_schema(served: WebSocketBeats, bill: Bill) -> None:
    beats = list(live_beats(ramp(0.5).beats()))
    with connect(url(served)) as client:
        hello: dict[str, Any] = json.loads(client.recv(5))
        assert hello["kind"] == "hello" and hello["notice"] == bill.notice and "AI-generated" in hello["notice"]
        jsonschema.validate(hello, SCHEMA)
        for beat in beats:
            served.beat(beat)
        got = [json.loads(client.recv(5)) for _ in beats]
    for message in got:
        jsonschema.validate(message, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(got[0] | {"turn": -1}, SCHEMA)
    face = np.concatenate([m["tracks"]["face"] for m in got])
    at = hello["channels"]["face"].index("jawOpen")
    assert face[:, at] == pytest.approx(np.linspace(0, 1, 30), abs=1e-4)
    assert [m["start_s"] for m in got] == pytest.approx([b.start_s for b in beats], abs=1e-6)
    assert all(m["sound"]["rate_hz"] == RATE_HZ for m in got)


def test_the_binary_way_carries_the_packets_of_a_live_talk(served: WebSocketBeats) -> None:
    (beat,) = itertools.islice(live_beats(ramp(0.5).beats()), 1)
    with connect(url(served, "/binary")) as client:
        hello = json.loads(client.recv(5))
        served.beat(beat)
        got = unpacked(client.recv(5))
    assert len(hello["binary_channels"]) == rows_of(got).shape[1]
    assert rows_of(got) == pytest.approx(rows_of(beat), abs=2e-4)
    assert got.sound.samples == pytest.approx(beat.sound.samples, abs=1e-4)
    assert "sound" not in json.loads(as_json(beat, sound=False))


def test_a_client_that_stops_reading_loses_beats_and_holds_nobody_up(served: WebSocketBeats) -> None:
    with (
        connect(url(served), max_queue=1, close_timeout=0.1) as slow,
        connect(url(served, "/binary"), close_timeout=0.1) as quick,
    ):
        slow.recv(5), quick.recv(5)
        loud = next(live_beats(ramp(0.5).beats()))
        for number in range(1200):
            served.beat(LiveBeat(number / 30, loud.sound, loud.tracks, (), 0, True))
        assert unpacked(quick.recv(5)).voiced
        assert all(waiting.qsize() <= 60 for waiting in served._clients)
        served.close()
    assert not any(thread.name == "beats" for thread in threading.enumerate())


def test_a_take_streamed_is_recorded_from_beginning_to_end_and_leaves_with_its_mark() -> None:
    with listening() as receiver:
        port = receiver.getsockname()[1]
        states = list(stream(ramp(0.1), [f"livelink@127.0.0.1:{port}"], fps=60.0))
        packets = [LiveLinkPacket(data) for data in received(receiver)]
    assert len(states) == len(packets) == 6
    assert packets[-1].values["JawOpen"] == pytest.approx(1.0, abs=1e-3)
    assert [p.frame for p in packets] == sorted(p.frame for p in packets)
    ledger = Ledger()
    size = ledger.checkpoint().size
    ended, begun = ledger.entry(size - 1), ledger.entry(size - 2)
    assert (begun.event["kind"], ended.event["kind"]) == ("live.begun", "live.ended")
    assert begun.event["mark"] == ended.event["mark"] and ended.event["seconds"] == 0.1


def test_a_stream_that_is_stopped_is_recorded_too() -> None:
    states = stream(ramp(0.5), ["livelink@127.0.0.1:9"], loop=True)
    for _ in range(4):
        next(states)
    states.close()
    ledger = Ledger()
    assert ledger.entry(ledger.checkpoint().size - 1).event["kind"] == "live.ended"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--to", "livelink"], "Give a .take, a recording, or words with --say"),
        (["--say", "Hi."], "Say where it goes"),
        (["x.take", "--to", "livelink"], "There is no take at"),
        (["--say", "Hi.", "--to", "livelink", "--fps", "0"], "0 poses a second cannot be sent"),
        (["--say", "Hi.", "--to", "fax"], "There is no stream back-end called 'fax'"),
    ],
)
def test_what_cannot_be_streamed_is_one_sentence(given: list[str], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("understudy.live.outlets.streaming._spoken", lambda *_: ramp(0.1))
    with pytest.raises(BadInput, match=said.replace(".", r"\.")):
        CliRunner().invoke(app, ["stream", *given], catch_exceptions=False)


def test_words_become_a_take_that_can_be_sent() -> None:
    take = performed(None, say="Hello.", actor="emi")
    assert take.actor_name == "emi" and take.duration_s > 0.3
    beats = list(live_beats(take.beats()))
    assert max(float(b.tracks[FACE].values[:, SHAPE_INDEX["jawOpen"]].max()) for b in beats) > 0.05
    assert isinstance(beats[0], Beat)
