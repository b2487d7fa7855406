"""The server over its own protocol: a page is played by the test client."""

import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from tests.live.test_conversation import by_hand
from tests.live.waiting import until

from understudy import rights
from understudy.hub.actor import Actor
from understudy.hub.performance import Performance
from understudy.hub.rights import Grant
from understudy.live.bench.parrot import Parrot
from understudy.live.packets import CHANNEL_NAMES, unpacked
from understudy.live.server import Stage
from understudy.live.session import Cast
from understudy.live.site import Part


class Whistle:
    """A recogniser for the test: whatever is heard was 'hello'."""

    def begin(self) -> None: ...

    def push(self, pcm: Any) -> None: ...

    def partial(self) -> str:
        return "hel"

    def end(self) -> str:
        return "hello"


@pytest.fixture
def stage(emi: Actor, leave: Grant, tmp_path: Path) -> Stage:
    on_air = rights.go_live(emi, leave, title="a test")
    cast = Cast(emi, leave, on_air, by_hand, lambda _: Parrot(), Whistle, tmp_path / "talk.take")  # type: ignore[arg-type]
    return Stage(cast, {"/": Part("text/html", b"<html>she</html>")}, most=2)


@pytest.fixture
def page(stage: Stage) -> Iterator[TestClient]:
    with TestClient(stage.app(), base_url="http://testserver") as client:
        yield client


def met(socket: Any, session: str = "") -> dict[str, Any]:
    socket.send_text(json.dumps({"kind": "hello", "user": "ada", "session": session}))
    return dict(json.loads(socket.receive_text()))


def notes_until(socket: Any, kind: str, **having: Any) -> tuple[dict[str, Any], list[bytes]]:
    beats = []
    for _ in range(2000):
        message = socket.receive()
        if (data := message.get("bytes")) is not None:
            beats.append(data)
            continue
        note = json.loads(message["text"])
        if note["kind"] == kind and all(note.get(k) == v for k, v in having.items()):
            return note, beats
    raise AssertionError(f"no {kind} came")


def test_the_page_and_nothing_else_is_served(page: TestClient) -> None:
    assert page.get("/").text == "<html>she</html>"
    assert page.get("/etc/passwd").status_code == 404
    assert page.get("/../../etc/passwd").status_code == 404
    assert page.get("/health").json() == {"actor": "emi", "sessions": 0, "most": 2}


def test_a_page_is_told_what_it_sees_and_that_it_is_no_person(page: TestClient) -> None:
    with page.websocket_connect("/live") as socket:
        hello = met(socket)
        assert hello["schema"] == "Live.1"
        assert hello["channels"] == list(CHANNEL_NAMES)
        assert "AI-generated" in hello["notice"]
        beat = next(data for _ in range(9) if (data := socket.receive().get("bytes")) is not None)
        assert unpacked(beat).turn == hello["turn"]


def test_text_is_answered_with_sound_and_motion_and_stop_ends_it(page: TestClient) -> None:
    with page.websocket_connect("/live") as socket:
        met(socket)
        socket.send_text(json.dumps({"kind": "say", "text": "mama and papa"}))
        said, _ = notes_until(socket, "said", who="actor")
        assert said["text"] == "mama and papa"
        voiced = 0
        while voiced < 5:
            data = socket.receive().get("bytes")
            voiced += data is not None and data[3] == 1
        socket.send_text(json.dumps({"kind": "stop"}))
        turned, _ = notes_until(socket, "turn", why="interrupted")
        for _ in range(30):
            data = socket.receive().get("bytes")
            if data is not None:
                assert struct.unpack_from("<I", data, 4)[0] >= turned["turn"]
                assert data[3] == 0, "not one voiced beat after the interruption"


def test_a_voice_in_the_microphone_is_heard_and_answered(page: TestClient, question: np.ndarray) -> None:
    with page.websocket_connect("/live") as socket:
        met(socket)
        socket.send_text(json.dumps({"kind": "mic", "on": True, "rate_hz": 16000}))
        sound = np.concatenate([question, np.zeros(16_000, np.int16)])
        for at in range(0, len(sound), 512):
            socket.send_bytes(sound[at : at + 512].tobytes())
        notes_until(socket, "state", attitude="listening")
        said, _ = notes_until(socket, "said", who="user", final=True)
        assert said["text"] == "hello"
        notes_until(socket, "said", who="actor")


def test_the_microphone_knows_what_she_hums(page: TestClient, stage: Stage) -> None:
    with page.websocket_connect("/live") as socket:
        session = stage.sessions[met(socket)["session"]]
        socket.send_text(json.dumps({"kind": "mic", "on": True, "rate_hz": 16000}))
        until(lambda: session._microphone is not None, "the microphone is on")
        assert session._microphone is not None
        assert session._microphone._listener._echo is session.talk.echo


def test_a_page_that_comes_back_finds_the_same_talk(page: TestClient, stage: Stage) -> None:
    with page.websocket_connect("/live") as socket:
        first = met(socket)
    until(lambda: not stage.sessions[first["session"]].attached, "the page is gone")
    with page.websocket_connect("/live") as socket:
        again = met(socket, first["session"])
        assert again["resumed"] and again["session"] == first["session"]
        assert again["now_s"] > first["now_s"]


def test_a_full_house_says_so(page: TestClient) -> None:
    with page.websocket_connect("/live") as one, page.websocket_connect("/live") as two:
        met(one)
        met(two)
        with page.websocket_connect("/live") as three:
            assert met(three)["kind"] == "trouble"
            with pytest.raises(WebSocketDisconnect) as left:
                three.receive_text()
            assert left.value.code == 4429


@pytest.mark.parametrize("first", ["", "[]", '{"kind":"say"}', "hello", '{"kind":'])
def test_who_does_not_say_hello_is_shown_out(page: TestClient, first: str) -> None:
    with page.websocket_connect("/live") as socket:
        socket.send_text(first)
        with pytest.raises(WebSocketDisconnect) as left:
            socket.receive_text()
        assert left.value.code == 4400


def test_a_page_of_elsewhere_has_no_business_with_her(page: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), page.websocket_connect("/live", headers={"origin": "http://evil.example"}):
        pass


def test_nonsense_on_the_wire_is_passed_over(page: TestClient) -> None:
    with page.websocket_connect("/live") as socket:
        met(socket)
        for text in ("", "[1]", '{"kind":"dance"}', '{"kind":"say"}', '{"kind":"say","text":{"a":1}}', "\x00"):
            socket.send_text(text)
        socket.send_bytes(b"\x01")
        socket.send_bytes(bytes(200_000))
        socket.send_text(json.dumps({"kind": "ping", "t": 5}))
        clock, _ = notes_until(socket, "clock")
        assert clock["echo"] == 5


def test_the_talk_is_kept_as_a_take_when_it_ends(page: TestClient, stage: Stage, tmp_path: Path) -> None:
    with page.websocket_connect("/live") as socket:
        met(socket)
        for _ in range(40):
            socket.receive()
    stage.close()
    assert Performance.open(tmp_path / "talk.take").duration_s > 0.3


def test_going_live_and_leaving_are_in_the_ledger(emi: Actor, leave: Grant) -> None:
    from understudy.rights import Ledger

    on_air = rights.go_live(emi, leave, title="a test")
    on_air.end(12.0, 3)
    begun, ended = sorted(Ledger().find(f"live:{on_air.mark}"), key=lambda entry: entry.index)
    assert begun.event["kind"] == "live.begun" and begun.event["actor"] == emi.digest
    assert ended.event["kind"] == "live.ended" and ended.event["seconds"] == 12.0
