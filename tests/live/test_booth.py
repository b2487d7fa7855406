"""Pictures for pages that cannot draw: they carry their marks through JPEG, come in time, and one page has them."""

import io
import json
import struct
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from starlette.testclient import TestClient
from tests.live.test_conversation import by_hand
from tests.live.test_picture import beat
from tests.live.test_server import met, notes_until
from tests.live.waiting import until

from understudy import rights
from understudy.base.image import Image
from understudy.hub.actor import Actor
from understudy.hub.rights import Grant
from understudy.live.bench.parrot import Parrot
from understudy.live.booth import SIZES_PX, Booth, Projector, Wish, wish_of
from understudy.live.packets import PICTURE_MAGIC
from understudy.live.server import Stage
from understudy.live.session import Cast
from understudy.rights.keys import watermark_key
from understudy.rights.label import label_for
from understudy.rights.watermark import detect

SMALL = ((256, 256),)
ASKS = json.dumps({"kind": "pictures", "width": 300, "height": 280, "fps": 30})


@pytest.fixture(scope="module")
def stage(emi: Actor, leave: Grant) -> Stage:
    on_air = rights.go_live(emi, leave, title="a booth")
    booth = Booth(emi, on_air, sizes_px=SMALL)
    return Stage(Cast(emi, leave, on_air, by_hand, lambda _: Parrot(), booth=booth), {}, most=3)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def page(stage: Stage) -> Iterator[TestClient]:
    with TestClient(stage.app(), base_url="http://testserver") as client:
        yield client


def pictures(socket: Any, count: int) -> list[tuple[int, float, np.ndarray]]:
    found = []
    while len(found) < count:
        data = socket.receive().get("bytes")
        if data is not None and data[:3] == PICTURE_MAGIC:
            turn, start_s, width, height = struct.unpack_from("<IdHH", data, 4)
            opened = Pillow.open(io.BytesIO(data[20:]))
            assert opened.format == "JPEG" and opened.size == (width, height)
            found.append((turn, start_s, np.asarray(opened)))
    return found


def test_a_page_that_asks_gets_pictures_with_label_and_watermark(page: TestClient, stage: Stage) -> None:
    with page.websocket_connect("/live") as socket:
        met(socket)
        socket.send_text(ASKS)
        told, _ = notes_until(socket, "pictures")
        assert (told["width"], told["height"], told["fps"]) == (256, 256, 30)
        got = pictures(socket, 10)
        starts = [start_s for _, start_s, _ in got]
        assert starts == sorted(set(starts))
        assert detect([pixels for *_, pixels in got], watermark_key()).payload == stage.cast.on_air.mark
        label, pixels = label_for((256, 256)), got[0][2]
        height, width = label.alpha.shape
        area, plate = pixels[label.top : label.top + height, label.left : label.left + width].mean(2), label.alpha > 0.5
        assert np.corrcoef(area[plate], label.grey[plate])[0, 1] > 0.8
        socket.send_text(json.dumps({"kind": "pictures", "fps": 0}))
        assert notes_until(socket, "pictures", fps=0)[0]["text"] == ""


def test_a_second_page_is_told_politely_and_has_them_when_the_first_is_gone(page: TestClient) -> None:
    with page.websocket_connect("/live") as second:
        met(second)
        with page.websocket_connect("/live") as first:
            met(first)
            first.send_text(ASKS)
            assert notes_until(first, "pictures")[0]["fps"] == 30
            second.send_text(ASKS)
            refused, _ = notes_until(second, "pictures")
            assert refused["fps"] == 0 and "somebody else" in refused["text"]
        for _ in range(200):
            second.send_text(ASKS)
            if notes_until(second, "pictures")[0]["fps"]:
                break
        assert pictures(second, 1)


def test_a_window_takes_the_widest_picture_that_fits_and_nonsense_takes_none() -> None:
    def asked(width: Any, height: Any, fps: Any = 20) -> Wish | None:
        return wish_of({"width": width, "height": height, "fps": fps})

    for window in ((1280, 720), (1920, 1080), (1280, 800), (800, 800), (390, 844), (3000, 800)):
        wish = asked(*window)
        assert wish is not None and wish.size_px[0] / wish.size_px[1] <= window[0] / window[1] * 1.005
    assert asked(100, 900) == Wish(SIZES_PX[-1], 20.0)
    assert asked(1280, 720, 1000) == Wish(asked(1280, 720).size_px, 30.0)  # type: ignore[union-attr]
    for nonsense in ((0, 720), (-5, 5), ("x", 5), (True, 5), (float("nan"), 5), (1280, 720, 0), (None, None, None)):
        assert asked(*nonsense) is None


class Held:
    """A camera that draws when it is let."""

    def __init__(self, size_px: tuple[int, int]) -> None:
        self.framing = SimpleNamespace(size_px=size_px)
        self.drawn: list[float] = []
        self.let = threading.Semaphore(0)

    def picture(self, pose: Any) -> Image:
        self.drawn.append(pose.time_s)
        self.let.acquire()
        return Image(np.zeros((128, 128, 3), np.uint8))

    def close(self) -> None: ...


def test_pictures_never_pile_up_and_what_was_taken_back_is_not_shown() -> None:
    camera, now, told = Held((128, 128)), [0.0], list[tuple[float, int]]()

    def show(data: bytes, turn: int) -> None:
        told.append((struct.unpack_from("<d", data, 8)[0], turn))

    projector = Projector(lambda _: camera)  # type: ignore[arg-type, return-value]
    projector.show(Wish((128, 128), 30.0), show, lambda: now[0], pytest.fail)
    projector.push(beat(0))
    until(lambda: len(camera.drawn) == 1, "the first picture begins")
    for number in range(1, 25):
        projector.push(beat(number))
    now[0] = 0.7
    camera.let.release()
    until(lambda: len(camera.drawn) == 2, "the second picture begins")
    assert camera.drawn[1] >= 0.7, "those in between go undrawn"
    projector.push(beat(22, turn=1))
    camera.let.release()
    until(lambda: len(camera.drawn) == 3, "the picture of the new turn begins")
    camera.let.release(100)
    until(lambda: len(told) >= 2, "it is shown")
    projector.close()
    assert [turn for _, turn in told] == [0, 1]
    assert told[1][0] == camera.drawn[2] >= beat(22).start_s


def test_a_camera_that_fails_is_told_of_and_a_later_wish_is_heard() -> None:
    failed: list[Exception] = []

    def broken(_size: tuple[int, int]) -> Any:
        raise RuntimeError("no lens")

    projector = Projector(broken)
    for times in (1, 2):
        projector.show(Wish((128, 128), 20.0), lambda *_: None, lambda: 0.0, failed.append)
        projector.push(beat(0))
        until(lambda times=times: len(failed) == times, "the failure is told")  # type: ignore[misc]
    projector.close()
    assert "no lens" in str(failed[0])
