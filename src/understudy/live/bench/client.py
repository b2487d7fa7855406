"""A page without pictures: connects, keeps time with the server, and notes when what could be heard and seen."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from understudy.live.packets import unpacked
from understudy.live.timeline import LiveBeat


@dataclass(frozen=True, eq=False)
class Arrived:
    """A beat and when it came (seconds on this client's clock)."""

    beat: LiveBeat
    at: float


@dataclass(eq=False)
class Client:
    """offset_s: the session's clock minus this client's. beats: those since `begin`. notes: (when, note)."""

    socket: Any
    offset_s: float = 0.0
    beats: list[Arrived] = field(default_factory=list)
    notes: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    turn: int = 0
    frames: int = 0
    _offsets: list[tuple[float, float]] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def begin(self) -> None:
        """Forgets what came so far."""
        self.beats.clear()
        self.notes.clear()

    async def say(self, text: str) -> float:
        """Hands over a text; returns when."""
        at = time.perf_counter()
        await self.socket.send(json.dumps({"kind": "say", "text": text}))
        return at

    async def stop(self) -> float:
        """Interrupts; returns when."""
        at = time.perf_counter()
        await self.socket.send(json.dumps({"kind": "stop"}))
        return at

    async def until(self, true: Any, patience_s: float = 20.0) -> Any:
        """Waits until `true()` is something and returns it. Raises TimeoutError."""
        async with asyncio.timeout(patience_s):
            while not (found := true()):
                self._news.clear()
                await self._news.wait()
        return found

    def heard_at(self, session_s: float) -> float:
        """Returns when a moment of the session is, on this client's clock."""
        return session_s - self.offset_s

    async def ping(self) -> None:
        await self.socket.send(json.dumps({"kind": "ping", "t": time.perf_counter()}))

    async def read(self) -> None:
        """Reads until the end."""
        async for message in self.socket:
            at = time.perf_counter()
            if isinstance(message, bytes):
                beat = unpacked(message)
                self.frames += 1
                if beat.turn >= self.turn:
                    self.beats.append(Arrived(beat, at))
            else:
                note = json.loads(message)
                if note["kind"] == "clock":
                    self._timed(note, at)
                if note["kind"] == "turn":
                    self.turn = max(self.turn, note["turn"])
                self.notes.append((at, note))
            self._news.set()

    def _timed(self, note: dict[str, Any], at: float) -> None:
        """Keeps the offset of the quickest of the last answers, as NTP does."""
        sent = float(note["echo"])
        self._offsets = [*self._offsets[-15:], (at - sent, note["now_s"] - 0.5 * (at + sent))]
        self.offset_s = min(self._offsets)[1]


@asynccontextmanager
async def connected(port: int, user: str = "bench") -> AsyncIterator[Client]:
    """Connects to a server on this machine; she is there when the block begins."""
    import websockets

    async with websockets.connect(f"ws://127.0.0.1:{port}/live", max_size=None) as socket:
        await socket.send(json.dumps({"kind": "hello", "user": user, "session": ""}))
        client = Client(socket)
        reading = asyncio.create_task(client.read())
        try:
            await client.until(lambda: client.beats, 60.0)
            for _ in range(8):
                await client.ping()
                await asyncio.sleep(0.02)
            yield client
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)


def sounds(arrived: Arrived) -> bool:
    """Tells whether a beat has speech that can be heard in it."""
    return arrived.beat.voiced and bool(np.abs(arrived.beat.sound.samples).max() > 1e-3)


async def said(client: Client, text: str) -> tuple[Arrived, float]:
    """Hands over a text; returns the first beat that sounds, and when it was handed over."""
    client.begin()
    turn = client.turn
    handed = await client.say(text)
    first = await client.until(lambda: next((a for a in client.beats if a.beat.turn > turn and sounds(a)), None))
    return first, handed
