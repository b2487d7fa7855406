"""A broadcast arrives: at an ingest of our own on this machine, with its marks, its sound, and in step."""

import json
import socket
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from starlette.testclient import TestClient
from tests.live.ingest import Ingest
from tests.live.test_conversation import by_hand
from tests.live.test_server import met, notes_until
from tests.live.waiting import until

from understudy import rights
from understudy.base.audio import Audio
from understudy.base.errors import BadInput, Unavailable
from understudy.base.image import Image
from understudy.hub.actor import Actor
from understudy.hub.performance import Pose
from understudy.hub.rights import Grant
from understudy.live.bench.parrot import Parrot
from understudy.live.broadcast import Broadcast, Channel
from understudy.live.outlets.outlet import Bill, open_outlet
from understudy.live.picture import Camera, Framing
from understudy.live.server import Stage
from understudy.live.session import Cast
from understudy.live.stock import CHANNELS, RATE_HZ
from understudy.live.timeline import LiveBeat, tracks_of
from understudy.rights import OnAir
from understudy.rights.keys import watermark_key
from understudy.rights.label import label_for
from understudy.rights.watermark import detect

SIZE, FPS, FRAMES = (256, 256), 10.0, 4
BEAT_S = FRAMES / 60


@pytest.fixture(scope="module")
def on_air(emi: Actor, leave: Grant) -> OnAir:
    return rights.go_live(emi, leave, title="a broadcast")


@pytest.fixture
def ingest() -> Iterator[Ingest]:
    yield Ingest()


def beat(number: int, turn: int = 0, tone: float = 0.2) -> LiveBeat:
    at = number * BEAT_S + np.arange(round(BEAT_S * RATE_HZ)) / RATE_HZ
    sound = (tone * np.sin(2 * np.pi * 440 * at)).astype(np.float32)
    rows = tracks_of(np.zeros((FRAMES, CHANNELS), np.float32))
    return LiveBeat(number * BEAT_S, Audio(sound, RATE_HZ), rows, (), turn, True)


def open_to(ingest: Ingest, emi: Actor, on_air: OnAir) -> Broadcast:
    made = Broadcast(ingest.address, lambda: Camera(emi, on_air, Framing(SIZE, FPS)), on_air)
    made.wait()
    return made


def sent(broadcast: Broadcast, beats: list[LiveBeat]) -> None:
    """Sends beats slowly enough for every picture."""
    for each in beats:
        before = broadcast.pictures
        broadcast.push(each)
        broadcast.due(each.start_s)
        if int(each.start_s * FPS + 1e-6) > int((each.start_s - BEAT_S) * FPS + 1e-6) or each.start_s == 0:
            until(lambda before=before: broadcast.pictures > before, 20.0)


def test_pictures_with_their_marks_and_the_sound_arrive_in_step(ingest: Ingest, emi: Actor, on_air: OnAir) -> None:
    broadcast = open_to(ingest, emi, on_air)
    sent(broadcast, [beat(n) for n in range(30)])
    broadcast.close()
    assert ingest.ended.wait(20.0)
    times = [at for at, _ in ingest.pictures]
    assert len(times) == broadcast.pictures >= 18 and np.allclose(np.diff(times), 1 / FPS, atol=0.002)
    seen = ingest.pictures[-1][1]
    label = label_for(SIZE)
    height, width = label.alpha.shape
    area, plate = seen[label.top : label.top + height, label.left : label.left + width].mean(2), label.alpha > 0.5
    assert seen.shape == (256, 256, 3) and np.corrcoef(area[plate], label.grey[plate])[0, 1] > 0.8
    assert detect([picture for _, picture in ingest.pictures], watermark_key()).payload == on_air.mark
    heard = np.concatenate([samples for _, samples in ingest.sound])
    first = ingest.sound[0][0]
    assert abs(first) < 0.1 and abs(len(heard) / RATE_HZ - 2.0) < 0.15
    body = heard[4000:30_000]
    rate = np.argmax(np.abs(np.fft.rfft(body))) * RATE_HZ / len(body)
    assert abs(rate - 440) < 2 and 0.1 < np.sqrt((body**2).mean()) * np.sqrt(2) < 0.3
    assert on_air.notice in ingest.told.values()
    events = [entry.event for entry in rights.Ledger().find(f"live:{on_air.mark}")]
    assert ingest.address.removesuffix("/live/a-secret-key") in json.dumps(events)
    assert "live.aired" in json.dumps(events) and "secret" not in json.dumps(events)


def test_sound_does_not_wait_for_a_picture_that_takes_long(ingest: Ingest, emi: Actor, on_air: OnAir) -> None:
    goes_on = threading.Event()

    class Slow(Camera):
        def bare(self, pose: Pose) -> Image:
            assert goes_on.wait(60.0)
            return super().bare(pose)

    broadcast = Broadcast(ingest.address, lambda: Slow(emi, on_air, Framing(SIZE, FPS)), on_air)
    broadcast.wait()
    for number in range(30):
        broadcast.push(beat(number))
    for number in range(30):
        broadcast.due(number * BEAT_S)
    until(lambda: broadcast._until_s > 29 * BEAT_S, 20.0)
    assert broadcast.pictures == 0
    goes_on.set()
    until(lambda: broadcast.pictures > 0, 20.0)
    broadcast.close()
    assert ingest.ended.wait(20.0)
    assert abs(sum(len(samples) for _, samples in ingest.sound) / RATE_HZ - 2.0) < 0.15
    assert 0 < len(ingest.pictures) < 5, "those that there was no time for are left out"


def test_what_was_interrupted_is_never_sent(ingest: Ingest, emi: Actor, on_air: OnAir) -> None:
    broadcast = open_to(ingest, emi, on_air)
    sent(broadcast, [beat(n) for n in range(10)])
    for n in range(10, 16):
        broadcast.push(beat(n, tone=0.9))
    sent(broadcast, [beat(n, turn=1, tone=0.0) for n in range(10, 24)])
    broadcast.push(beat(24, turn=0, tone=0.9))  # of the old turn, late
    broadcast.due(30 * BEAT_S)
    broadcast.close()
    assert ingest.ended.wait(20.0)
    heard = np.concatenate([samples for _, samples in ingest.sound])
    assert np.abs(heard).max() < 0.35 and np.abs(heard[int(11.5 * BEAT_S * RATE_HZ) :]).max() < 0.02


def test_the_next_talk_goes_on_where_the_last_one_ended(ingest: Ingest, emi: Actor, on_air: OnAir) -> None:
    made: list[Broadcast] = []

    def make() -> Broadcast:
        made.append(open_to(ingest, emi, on_air))
        return made[-1]

    channel = Channel(make)
    first = channel.lend(0.0)
    assert first is not None and channel.lend(0.0) is None
    sent(first, [beat(n) for n in range(6)])
    channel.give_back()
    again = channel.lend(0.0)
    assert again is first and len(made) == 1
    sent(again, [beat(n) for n in range(6)])
    channel.close()
    assert ingest.ended.wait(20.0)
    times = [at for at, _ in ingest.pictures]
    assert times == sorted(set(times)) and 0.6 < times[-1] < 0.9


def test_a_talk_is_broadcast_and_goes_on_when_nobody_takes_it(ingest: Ingest, emi: Actor, leave: Grant) -> None:
    air = rights.go_live(emi, leave, title="a talk")
    camera = lambda: Camera(emi, air, Framing(SIZE, FPS))  # noqa: E731
    channel = Channel(lambda: Broadcast(ingest.address, camera, air))
    stage = Stage(Cast(emi, leave, air, by_hand, lambda _: Parrot(), channel=channel), {}, most=3)  # type: ignore[arg-type]
    with TestClient(stage.app(), base_url="http://testserver") as page, page.websocket_connect("/live") as socket:
        met(socket)
        until(lambda: len(ingest.pictures) >= 3, 30.0)
        ingest.cut()
        told, _ = notes_until(socket, "trouble")
        assert "Nobody takes the broadcast" in told["text"] and "secret" not in told["text"]
        socket.send_text(json.dumps({"kind": "say", "text": "Hello again."}))
        assert notes_until(socket, "said", who="actor")
    assert len(ingest.sound) > 3


def test_an_address_without_an_ingest_is_said_in_one_sentence(emi: Actor, on_air: OnAir) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"rtmp://127.0.0.1:{free.getsockname()[1]}/live/a-secret-key"
    bill = Bill(emi, on_air, framing=Framing(SIZE, FPS))
    with pytest.raises(Unavailable, match="Nobody takes the broadcast") as told:
        open_outlet(nobody, bill)
    assert "secret" not in str(told.value)
    for wrong in ("http://host/app/key", "rtmp://host", "rtmp:///app/key"):
        with pytest.raises(BadInput, match="rtmp://host/app/key"):
            Broadcast(wrong, lambda: Camera(emi, on_air), on_air)
    with pytest.raises(BadInput, match="whole address"):
        open_outlet("rtmp@host", bill)
    assert rights.named_address("rtmps://live.example:443/app/key") == "rtmps://live.example:443"
