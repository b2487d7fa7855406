"""Pictures and sound of a live stream, sent to an ingest over RTMP: YouTube, Twitch, a room's egress, OBS.

beats -> [due] -> sound as AAC, the pose that is due drawn, labelled, watermarked, as H.264 -> FLV -> rtmp(s)://

What is due is encoded on a thread of its own, and pictures are drawn on another, so that the next one is drawn while
the last is encoded and no sound waits for a picture. Sound goes out whole; of pictures those that there was no time for
are left out, so that a slow machine shows fewer and is never late.
"""

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Final

import numpy as np

from understudy.base.errors import Unavailable, UnderstudyError
from understudy.base.image import Image
from understudy.live.picture import Camera, pose_at
from understudy.live.stock import RATE_HZ
from understudy.live.timeline import LiveBeat
from understudy.rights import Airing, OnAir, checked_address, named_address

HELD: Final = 90
"""Beats that may wait to be due: three seconds."""


class Broadcast:
    """One broadcast; it begins when it is made and ends with `close`.

    address: rtmp(s)://host[:port]/app/key. camera: makes the one that films. Raises BadInput for an address
    that is none.
    """

    def __init__(self, address: str, camera: Callable[[], Camera], on_air: OnAir) -> None:
        self._address, self._where, self._on_air, self._make = (
            checked_address(address),
            named_address(address),
            on_air,
            camera,
        )
        self._ready = threading.Event()
        self._base_s = self._until_s = 0.0
        self._there = threading.Condition()
        self._beats: deque[LiveBeat] = deque(maxlen=HELD)
        self._now_s, self._turn, self._closed = -1.0, 0, False
        self._error: Exception | None = None
        self.pictures = 0
        """How many were sent."""
        self._wanted: LiveBeat | None = None
        self._drawn = -1
        self._drawing: tuple[int, Future[Image]] | None = None
        self._films = ThreadPoolExecutor(1, "films")
        self._thread = threading.Thread(target=self._run, name="broadcast", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Waits until the ingest takes it. Raises Unavailable when nobody does, and what the camera raises."""
        self._ready.wait()
        self._look()

    def follow(self, now_s: float) -> None:
        """Goes on with another stream, on whose clock it is `now_s`: what comes is put after what was sent."""
        with self._there:
            self._beats.clear()
            self._base_s, self._turn = self._until_s - now_s, 0

    def push(self, beat: LiveBeat) -> None:
        """Takes a beat ahead of its time; it replaces what was to come after its start. Raises Unavailable once the
        broadcast was cut off."""
        beat = replace(beat, start_s=beat.start_s + self._base_s)
        with self._there:
            self._look()
            if beat.turn < self._turn:
                return
            self._turn = beat.turn
            while self._beats and self._beats[-1].start_s > beat.start_s - 1e-6:
                self._beats.pop()
            self._beats.append(beat)

    def due(self, now_s: float) -> None:
        """Says what time it is on the clock of the beats: what begins until then goes out. Raises Unavailable."""
        with self._there:
            self._look()
            self._now_s = max(self._now_s, now_s + self._base_s)
            self._there.notify()

    def close(self) -> None:
        """Ends the broadcast and puts the camera away."""
        with self._there:
            self._closed = True
            self._there.notify()
        self._thread.join(10.0)

    @property
    def over(self) -> bool:
        """Tells whether it was cut off or ended."""
        return self._closed or self._error is not None

    def _look(self) -> None:
        """Raises what ended the broadcast, if anything did."""
        if isinstance(self._error, UnderstudyError):
            raise self._error
        if self._error is not None:
            why = getattr(self._error, "strerror", "") or str(self._error)
            raise Unavailable(f"Nobody takes the broadcast at {self._where} ({why}); look at the address and its key.")

    def _run(self) -> None:
        try:
            self._camera = camera = self._films.submit(self._make).result()
            fps = camera.framing.fps
            self._out = Airing(self._address, self._on_air, camera.marks, fps=fps, rate_hz=RATE_HZ)
            self._ready.set()
            while self._go_on():
                pass
            self._out.end()
        except Exception as error:  # told at the next beat: a thread has nobody else
            self._error = error
        finally:
            with contextlib.suppress(OSError, AttributeError):
                self._out.close()
            with contextlib.suppress(AttributeError):
                self._films.submit(self._camera.close)
            self._films.shutdown()
            self._ready.set()

    def _go_on(self) -> bool:
        """Encodes what has become due and what was drawn meanwhile; returns False when nothing more is to come."""
        with self._there:
            while not (self._closed or (self._beats and self._beats[0].start_s <= self._now_s) or self._is_drawn()):
                self._there.wait(0.5)
            due = []
            while self._beats and self._beats[0].start_s <= self._now_s:
                due.append(self._beats.popleft())
                self._until_s = due[-1].start_s + due[-1].duration_s
        for beat in due:
            self._out.say(beat.sound.samples, beat.start_s)
            self._wanted = beat
        drawn = None
        if self._drawing is not None and (self._is_drawn() or self._closed):
            drawn, self._drawing = self._drawing, None
        if self._drawing is None and not self._closed:
            self._draw()
        if drawn is not None:
            self._out.show(drawn[1].result(), drawn[0])
            self.pictures += 1
        return bool(due) or drawn is not None or not self._closed

    def _is_drawn(self) -> bool:
        return self._drawing is not None and self._drawing[1].done()

    def _draw(self) -> None:
        """Has the picture drawn that is due, unless it was drawn already."""
        beat, self._wanted = self._wanted, None
        if beat is None:
            return
        number = int(np.floor(beat.start_s * self._camera.framing.fps + 1e-6))
        if number > self._drawn:
            self._drawn = number
            self._drawing = (number, self._films.submit(self._camera.bare, pose_at(beat, beat.start_s)))
            self._drawing[1].add_done_callback(lambda _: self._wake())

    def _wake(self) -> None:
        with self._there:
            self._there.notify()


class Channel:
    """One broadcast that the talks of a server have one after the other; it begins with the first of them.

    make: begins it, and again after it was cut off.
    """

    def __init__(self, make: Callable[[], Broadcast]) -> None:
        self._make = make
        self._broadcast: Broadcast | None = None
        self._lent = False
        self._lock = threading.Lock()

    def lend(self, now_s: float) -> Broadcast | None:
        """Returns the broadcast for a talk on whose clock it is `now_s`; None while another talk has it."""
        with self._lock:
            if self._lent:
                return None
            self._lent = True
            if self._broadcast is None or self._broadcast.over:
                self._broadcast = self._make()
            self._broadcast.follow(now_s)
            return self._broadcast

    def give_back(self) -> None:
        """Lets the next talk have it."""
        with self._lock:
            self._lent = False

    def close(self) -> None:
        """Ends the broadcast."""
        if self._broadcast is not None:
            self._broadcast.close()
