"""A talk that is rehearsed: a small server that plays beats made beforehand, for tests of the page.

It speaks the wire of docs/live-protocol.md over the real timeline and packets; nothing of it thinks or hears.
"""

import asyncio
import io
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from understudy.base.audio import Audio
from understudy.hub.performance import Beat
from understudy.live.packets import CHANNEL_NAMES, packed, packed_picture
from understudy.live.site import Part
from understudy.live.stock import CHANNELS, FRAME_HZ, PER_FRAME, RATE_HZ
from understudy.live.timeline import Timeline, tracks_of


def beat(rows: np.ndarray, sound: np.ndarray | None = None) -> Beat:
    """Returns rows (n, channels) and their sound as a beat."""
    samples = np.zeros(len(rows) * PER_FRAME, np.float32) if sound is None else sound
    return Beat(0.0, Audio(samples.astype(np.float32), RATE_HZ), tracks_of(rows.astype(np.float32)))


@dataclass(frozen=True)
class Answer:
    """Clauses (text, where in the answer it begins) and the beat that says them."""

    clauses: Sequence[tuple[str, float]]
    beat: Beat


@dataclass
class Talk:
    """One session: its clock, its timeline, and what the page told it."""

    zero: float = field(default_factory=time.monotonic)
    line: Timeline = field(default_factory=Timeline)
    idled: int = 0
    answered: int = 0
    attitude: str = ""
    filmed: bool = False
    told: list[dict[str, Any]] = field(default_factory=list)
    heard_bytes: int = 0

    @property
    def now_s(self) -> float:
        return time.monotonic() - self.zero


class Rehearsal:
    """Serves a site and plays `idle` round and round; whatever is said is answered by the next of `answers`."""

    def __init__(self, parts: Mapping[str, Part], idle: Beat, answers: Sequence[Answer], **hello: Any) -> None:
        self.parts, self.answers, self.hello = parts, answers, hello
        self.idle = np.concatenate([idle.tracks[name].values for name in idle.tracks], axis=1)
        self.talks: dict[str, Talk] = {}
        self.sockets: set[Any] = set()
        self.stall_s = 0.0
        self.away = False

    def app(self) -> Any:
        from starlette.applications import Starlette
        from starlette.requests import Request
        from starlette.responses import Response
        from starlette.routing import Route, WebSocketRoute

        async def serve(request: Request) -> Response:
            part = self.parts.get(request.url.path)
            return Response(part.data, headers=part.headers) if part else Response("", 404)

        return Starlette(routes=[WebSocketRoute("/live", self.live), Route("/{path:path}", serve)])

    async def live(self, socket: Any) -> None:
        from starlette.websockets import WebSocketDisconnect

        if self.away:
            await socket.close()
            return
        await socket.accept()
        self.sockets.add(socket)
        with suppress(WebSocketDisconnect, RuntimeError):
            await self._talk(socket)
        self.sockets.discard(socket)

    async def _talk(self, socket: Any) -> None:
        first = json.loads(await socket.receive_text())
        known = first.get("session", "") in self.talks
        name = first["session"] if known else secrets.token_hex(6)
        talk = self.talks.setdefault(name, Talk())
        hello = {
            "kind": "hello", "schema": "Live.1", "session": name, "now_s": talk.now_s, "channels": CHANNEL_NAMES,
            "actor": {"name": "emi", "display_name": "Emi"}, "rate_hz": RATE_HZ, "turn": talk.line.turn,
            "resumed": known,
        }  # fmt: skip
        await socket.send_json(hello | self.hello)
        talk.attitude = ""
        player = asyncio.create_task(self._play(socket, talk))
        try:
            while True:
                message = await socket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                if message.get("bytes") is not None:
                    talk.heard_bytes += len(message["bytes"])
                else:
                    await self._hear(socket, talk, json.loads(message["text"]))
        finally:
            player.cancel()

    async def _hear(self, socket: Any, talk: Talk, message: dict[str, Any]) -> None:
        talk.told.append(message)
        match message["kind"]:
            case "ping":
                await socket.send_json({"kind": "clock", "echo": message["t"], "now_s": talk.now_s})
            case "say":
                await self.say(socket, talk, message["text"])
            case "stop":
                await self.interrupt(socket, talk)
            case "pictures":
                talk.filmed = bool(message["fps"])
                await socket.send_json({"kind": "pictures", "fps": message["fps"], "width": 160, "height": 128})

    async def interrupt(self, socket: Any, talk: Talk) -> None:
        turn = talk.line.interrupt(talk.now_s)
        await socket.send_json({"kind": "turn", "turn": turn, "why": "interrupted"})

    async def say(self, socket: Any, talk: Talk, text: str) -> None:
        turn = talk.line.interrupt(talk.now_s)
        await socket.send_json({"kind": "turn", "turn": turn, "why": "next"})
        await socket.send_json({"kind": "said", "who": "user", "text": text, "turn": turn, "final": True, "start_s": 0})
        answer = self.answers[talk.answered % len(self.answers)]
        talk.answered += 1
        talk.line.speech.add(answer.beat)
        talk.line.speech.fill()
        start = talk.now_s + 0.012
        for clause, at in answer.clauses:
            said = {"kind": "said", "who": "actor", "text": clause, "turn": turn, "final": True, "start_s": start + at}
            await socket.send_json(said)

    async def _play(self, socket: Any, talk: Talk) -> None:
        while True:
            if self.stall_s:
                await asyncio.sleep(self.stall_s)
                self.stall_s = 0.0
            while len(talk.line.idle) < 30:
                piece = self.idle[talk.idled : talk.idled + 30]
                talk.idled = (talk.idled + len(piece)) % len(self.idle)
                talk.line.idle.add(beat(piece))
            for one in talk.line.due(talk.now_s):
                await socket.send_bytes(packed(one))
                if talk.filmed:
                    await socket.send_bytes(packed_picture(card(), (160, 128), one.start_s, one.turn))
            attitude = "speaking" if talk.line.speaking(talk.now_s) else "listening"
            if attitude != talk.attitude:
                talk.attitude = attitude
                await socket.send_json({"kind": "state", "attitude": attitude, "mood": {}})
            await asyncio.sleep(0.004)


@contextmanager
def served(rehearsal: Rehearsal, port: int = 0) -> Iterator[str]:
    """Serves a rehearsal on a thread; gives its address."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(rehearsal.app(), "127.0.0.1", port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(10)


@cache
def card() -> bytes:
    """Returns a plain card as JPEG, in the place of a picture of her."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (160, 128), (200, 40, 40)).save(out, "JPEG")
    return out.getvalue()


def still_rows(seconds: float) -> np.ndarray:
    """Returns rows of a body at rest."""
    return np.zeros((round(seconds * FRAME_HZ), CHANNELS), np.float32)
