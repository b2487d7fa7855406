import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from understudy import rights
from understudy.base.audio import Audio
from understudy.base.channels import FACE, SHAPE_INDEX
from understudy.base.errors import BadInput, NotAllowed
from understudy.hub.actor import Actor
from understudy.hub.frames import ShotSize
from understudy.hub.rights import Grant, Purpose
from understudy.live.picture import Camera, Framing, Shown, Tally, rest, shown
from understudy.live.stock import CHANNELS, COLUMNS, RATE_HZ
from understudy.live.timeline import LiveBeat, tracks_of
from understudy.rights import LivePictures, OnAir
from understudy.rights.keys import watermark_key
from understudy.rights.label import label_for
from understudy.rights.ledger import Ledger
from understudy.rights.watermark import detect
from understudy.testing.avatars import with_avatar

SMALL = Framing((256, 256), 30.0, "studio", ShotSize.CLOSE)


@pytest.fixture(scope="module")
def on_air(emi: Actor, leave: Grant) -> OnAir:
    return rights.go_live(emi, leave, title="pictures")


@pytest.fixture(scope="module")
def camera(emi: Actor, on_air: OnAir) -> Iterator[Camera]:
    made = Camera(emi, on_air, SMALL)
    yield made
    made.close()


def beat(number: int, jaw: float = 0.0, turn: int = 0) -> LiveBeat:
    rows = np.zeros((2, CHANNELS), np.float32)
    rows[:, COLUMNS[FACE]][:, SHAPE_INDEX["jawOpen"]] = jaw
    return LiveBeat(number / 30, Audio.silence(1 / 30, RATE_HZ), tracks_of(rows), (), turn)


class Playing:
    """A stream that gives what it is told to, and then ends."""

    def __init__(self, *beats: LiveBeat) -> None:
        self.beats, self.turn = beats, 0

    async def __aiter__(self):  # type: ignore[no-untyped-def]
        for each in self.beats:
            self.turn = max(self.turn, each.turn)
            yield each


def played(camera: object, *beats: LiveBeat) -> tuple[list[Shown], Tally]:
    tally = Tally()

    async def run() -> list[Shown]:
        return [each async for each in shown(Playing(*beats), camera, tally)]  # type: ignore[arg-type]

    return asyncio.run(run()), tally


def test_every_picture_leaves_with_label_and_watermark(camera: Camera, on_air: OnAir) -> None:
    pictures = [camera.picture(camera.due(beat(n, jaw=n / 8))).pixels for n in range(8)]
    found = detect(pictures, watermark_key())
    assert found.payload == on_air.mark
    assert Ledger().find(f"watermark:{on_air.mark}")[0].event["kind"] == "live.pictures"
    label = label_for(SMALL.size_px)
    height, width = label.alpha.shape
    area = pictures[0][label.top : label.top + height, label.left : label.left + width].mean(2)
    plate = label.alpha > 0.5
    assert np.corrcoef(area[plate], label.grey[plate])[0, 1] > 0.8
    # the mouth moves
    assert np.abs(pictures[7].astype(int) - pictures[0]).max() > 40


def test_at_25_pictures_a_second_five_beats_of_six_have_one(emi: Actor, on_air: OnAir) -> None:
    camera = object.__new__(Camera)
    camera.framing = Framing(fps=25.0)
    due = [camera.due(beat(number)) for number in range(60)]
    times = [pose.time_s for pose in due if pose is not None]
    assert times == pytest.approx(np.arange(50) / 25)
    assert all(n / 30 - 1e-6 <= p.time_s < (n + 1) / 30 for n, p in enumerate(due) if p is not None)


class Slow:
    """A camera that takes so long for each picture."""

    framing = SMALL

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.drawn: list[float] = []

    def due(self, each: LiveBeat) -> float:
        return each.start_s

    def picture(self, pose: float) -> float:
        time.sleep(self.seconds)
        self.drawn.append(pose)
        return pose

    def close(self) -> None: ...


def test_pictures_there_is_no_time_for_are_dropped_and_no_beat_is() -> None:
    camera = Slow(0.1)
    got, tally = played(camera, *(beat(number) for number in range(16)))
    assert [each.beat.start_s for each in got] == [n / 30 for n in range(16)]
    # a picture takes as long as three beats
    assert tally.dropped + tally.pictures == 16 and tally.dropped >= 8
    assert [each.picture for each in got if each.picture is not None] == camera.drawn


def test_beats_that_pile_up_catch_up_without_pictures() -> None:
    camera = Slow()
    _, tally = played(camera, *(beat(number) for number in range(40)))
    assert tally.dropped >= 20 and camera.drawn[-1] == 39 / 30


def test_a_receiver_that_keeps_the_pace_gets_pictures_however_far_behind_it_is() -> None:
    tally = Tally()

    async def run() -> None:
        beats = Playing(*(beat(number) for number in range(40)))
        async for _ in shown(beats, Slow(), tally):  # type: ignore[arg-type]
            await asyncio.sleep(0.03)

    asyncio.run(run())
    assert tally.pictures >= 35


def test_beats_of_a_turn_that_was_interrupted_are_not_shown() -> None:
    got, _ = played(Slow(), beat(0), beat(1), beat(2, turn=1), beat(3, turn=1))
    assert [each.beat.turn for each in got] == [1, 1]


def test_no_pictures_without_a_genuine_grant_or_at_a_size_that_hides_the_mark(emi: Actor, on_air: OnAir) -> None:
    with pytest.raises(BadInput, match="at least 128"):
        LivePictures(on_air, (64, 64))
    forged = object.__new__(Grant)
    for name, value in vars(on_air.grant).items():
        object.__setattr__(forged, name, value)
    object.__setattr__(forged, "project", "another")
    with pytest.raises(NotAllowed):
        LivePictures(OnAir(on_air.marks, forged, on_air.mark), (256, 256))
    with pytest.raises(NotAllowed):
        Camera(Actor.open("jonah"), on_air, SMALL)


def test_an_actor_with_an_avatar_is_painted_live_and_marked() -> None:
    made = with_avatar("emi")
    leave = rights.authorise(made, purpose=Purpose.LIVE_CONVERSATION, project="a talk", script_digest="")
    pixels = {}
    for look in ("auto", "neural", "raster"):
        camera = Camera(made, rights.go_live(made, leave, title="pictures"), replace(SMALL, look=look))
        pixels[look] = camera._draw(rest()).pixels.astype(int)
        marked = camera.picture(rest()).pixels
        camera.close()
        assert (np.abs(marked.astype(int) - pixels[look]).max(2) > 40).sum() > 100
    assert np.array_equal(pixels["auto"], pixels["neural"])
    assert np.abs(pixels["neural"] - pixels["raster"]).mean() > 1
