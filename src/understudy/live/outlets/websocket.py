"""A WebSocket server of beats, for anything else: JSON (docs/beat.schema.json) or the packets of a live talk.

ws://host:port/ sends JSON, /binary the packets of `live.packets`, /silent JSON without sound. The first message is
always the JSON `hello`, which names the channels and says what this is. A beat leaves ahead of its time: `start_s` is
on the clock of `hello`. A client that reads too slowly loses the oldest beats, and nobody else waits for it.
"""

import base64
import json
import queue
import threading
import time
from typing import Any, ClassVar, Final

import numpy as np

from understudy.base.channels import ANIMATION_RATE_HZ, TRACK_CHANNELS
from understudy.base.errors import MissingExtra, Unavailable
from understudy.hub.card import Card
from understudy.hub.performance import Pose
from understudy.live.outlets.outlet import Bill
from understudy.live.packets import CHANNEL_NAMES, packed
from understudy.live.timeline import LiveBeat

SCHEMA: Final = "Beat.1"
WAITING: Final = 60
"""Beats that wait for one client; two seconds."""
MOST: Final = 64
"""Clients."""
GOODBYE_S: Final = 0.5
"""How long a client has to take what is left when the stream ends."""


class WebSocketBeats:
    """Serves beats to whoever connects."""

    card: ClassVar[Card] = Card(
        "websocket", "WebSocket server of beats as JSON or binary, with sound; port 8765", "own", needs="extra live"
    )
    port: ClassVar[int] = 8765

    def __init__(self, bill: Bill, host: str, port: int) -> None:
        try:
            from websockets.sync.server import serve
        except ImportError as error:
            raise MissingExtra("A WebSocket server", "live") from error
        self._bill = bill
        self._lock = threading.Lock()
        self._clients: dict[queue.Queue[LiveBeat | None], Any] = {}
        self._ahead_s, self._at = 0.0, time.monotonic()
        try:
            self._server = serve(self._client, host, port, compression=None, max_size=4096, close_timeout=GOODBYE_S)
        except (OSError, UnicodeError, OverflowError) as error:
            raise Unavailable(f"Nothing can listen at {host}:{port} ({error}); give another --port.") from error
        self._thread = threading.Thread(target=self._server.serve_forever, name="beats", daemon=True)
        self._thread.start()

    @property
    def address(self) -> tuple[str, int]:
        """Returns where it listens."""
        host, port = self._server.socket.getsockname()[:2]
        return str(host), int(port)

    def hello(self) -> dict[str, Any]:
        """Returns the first message of a connection."""
        record = self._bill.actor.record
        return {
            "kind": "hello",
            "schema": SCHEMA,
            "actor": {"name": record.name, "display_name": record.display_name},
            "notice": self._bill.notice,
            "marks": dict(self._bill.marks),
            "now_s": self._now_s(),
            "rate_hz": ANIMATION_RATE_HZ,
            "channels": {name: list(channels) for name, channels in TRACK_CHANNELS.items()},
            "binary_channels": list(CHANNEL_NAMES),
        }

    def pose(self, pose: Pose) -> None:
        with self._lock:
            self._ahead_s, self._at = pose.time_s, time.monotonic()

    def beat(self, beat: LiveBeat) -> None:
        with self._lock:
            for waiting in self._clients:
                _put(waiting, beat)

    def close(self) -> None:
        with self._lock:
            for waiting in self._clients:
                _put(waiting, None)
        self._server.shutdown()
        self._thread.join(2.0)
        until = time.monotonic() + GOODBYE_S
        while self._clients and time.monotonic() < until:
            time.sleep(0.01)
        with self._lock:
            for connection in self._clients.values():  # who has stopped reading is not waited for
                connection.close_socket()

    def _now_s(self) -> float:
        with self._lock:
            return self._ahead_s + time.monotonic() - self._at

    def _client(self, connection: Any) -> None:
        from websockets.exceptions import ConnectionClosed

        path = str(connection.request.path).split("?")[0]
        waiting: queue.Queue[LiveBeat | None] = queue.Queue(WAITING)
        with self._lock:
            full = len(self._clients) >= MOST
            if not full:
                self._clients[waiting] = connection
        if full:
            connection.close(1013, f"{MOST} clients are connected already")
            return
        try:
            connection.send(json.dumps(self.hello()))
            while (beat := waiting.get()) is not None:
                connection.send(packed(beat) if path == "/binary" else as_json(beat, sound=path != "/silent"))
        except ConnectionClosed:
            pass
        finally:
            with self._lock:
                self._clients.pop(waiting, None)


def as_json(beat: LiveBeat, *, sound: bool = True) -> str:
    """Returns a beat as JSON text: each track as rows of its channels, sound as base64 of int16 (none for silence)."""
    message: dict[str, Any] = {
        "kind": "beat",
        "turn": beat.turn,
        "start_s": round(beat.start_s, 6),
        "voiced": beat.voiced,
        "tracks": {name: np.round(beat.tracks[name].values.astype(float), 4).tolist() for name in TRACK_CHANNELS},
        "events": [
            {"kind": e.kind, "name": e.name, "start_s": round(e.start_s, 4), "end_s": round(e.end_s, 4)}
            for e in beat.events
        ],
    }
    if sound and beat.voiced:
        pcm = np.rint(np.clip(beat.sound.samples, -1, 1) * 32767).astype("<i2")
        message["sound"] = {"rate_hz": beat.sound.rate_hz, "pcm16": base64.b64encode(pcm.tobytes()).decode()}
    return json.dumps(message, separators=(",", ":"))


def _put(waiting: "queue.Queue[LiveBeat | None]", beat: LiveBeat | None) -> None:
    while True:
        try:
            waiting.put_nowait(beat)
            return
        except queue.Full:
            try:
                waiting.get_nowait()
            except queue.Empty:
                continue
