"""A talk kept as a take, to be filmed later: what was really seen and heard, interruptions and all."""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO

import numpy as np

from understudy.base.audio import Audio
from understudy.hub.performance import Event, Performance
from understudy.live.stock import CHANNELS, FRAME_HZ, PER_FRAME, RATE_HZ
from understudy.live.timeline import LiveBeat, rows_of, tracks_of

FADE_S = 0.008
"""Speech that is cut off ends in so short a fade."""


class Recorder:
    """Keeps beats on disk as they leave; replaced ones are written over, so memory stays flat for hours."""

    def __init__(self, actor_name: str) -> None:
        self._actor_name = actor_name
        self._rows: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._sound: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._events: list[tuple[int, Event]] = []
        self._zero: int | None = None
        self._frames = 0
        self._turn = 0

    @property
    def duration_s(self) -> float:
        return self._frames / FRAME_HZ

    def keep(self, beat: LiveBeat) -> None:
        """Writes a beat where it belongs."""
        first = round(beat.start_s * FRAME_HZ)
        if self._zero is None:
            self._zero = first
        at = first - self._zero
        if at < 0:
            return
        if at > self._frames:  # a moment that nobody saw: the pose is held
            self._hold(at - self._frames)
        if at < self._frames and beat.turn != self._turn:
            self._fade(at)
        self._turn = beat.turn
        rows = rows_of(beat).astype("<f4")
        self._rows.seek(at * CHANNELS * 4)
        self._rows.write(rows.tobytes())
        self._sound.seek(at * PER_FRAME * 2)
        self._sound.write(np.rint(np.clip(beat.sound.samples, -1, 1) * 32767).astype("<i2").tobytes())
        if at < self._frames:
            self._events = [(f, e) for f, e in self._events if f < at]
        self._frames = at + len(rows)
        self._events += [(at, e) for e in beat.events]

    def take(self, made_with: Mapping[str, str]) -> Performance | None:
        """Returns the talk as a take, None when nothing was kept."""
        if not self._frames:
            return None
        self._rows.seek(0)
        rows = np.frombuffer(self._rows.read(self._frames * CHANNELS * 4), "<f4").reshape(-1, CHANNELS)
        self._sound.seek(0)
        sound = np.frombuffer(self._sound.read(self._frames * PER_FRAME * 2), "<i2").astype(np.float32) / np.float32(
            32767
        )
        events = tuple(
            replace(e, start_s=e.start_s + f / FRAME_HZ, end_s=e.end_s + f / FRAME_HZ) for f, e in self._events
        )
        return Performance(
            self._actor_name, Audio(sound, RATE_HZ), tracks_of(rows.astype(np.float32)), events, dict(made_with)
        )

    def save(self, path: Path, made_with: Mapping[str, str]) -> float:
        """Saves the take and returns its length in seconds, 0 when there is nothing to save."""
        take = self.take(made_with)
        if take is None:
            return 0.0
        take.save(path)
        return take.duration_s

    def close(self) -> None:
        """Lets go of the disk."""
        self._rows.close()
        self._sound.close()

    def _hold(self, frames: int) -> None:
        if not self._frames:
            return
        self._rows.seek((self._frames - 1) * CHANNELS * 4)
        last = self._rows.read(CHANNELS * 4)
        self._rows.seek(self._frames * CHANNELS * 4)
        self._rows.write(last * frames)
        self._sound.seek(self._frames * PER_FRAME * 2)
        self._sound.write(bytes(frames * PER_FRAME * 2))
        self._frames += frames

    def _fade(self, at: int) -> None:
        """Fades the sound that was cut off at a frame."""
        count = min(round(FADE_S * RATE_HZ), at * PER_FRAME)
        self._sound.seek((at * PER_FRAME - count) * 2)
        tail = np.frombuffer(self._sound.read(count * 2), "<i2").astype(np.float64)
        self._sound.seek((at * PER_FRAME - count) * 2)
        self._sound.write(np.rint(tail * np.linspace(1, 0, count)).astype("<i2").tobytes())
