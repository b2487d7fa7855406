"""What an actor has made and not yet shown: motion and the sound that belongs to it, by the frame."""

from collections import deque
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from understudy.base.audio import Samples
from understudy.base.channels import ANIMATION_RATE_HZ, TRACK_CHANNELS
from understudy.hub.performance import Beat, Event

RATE_HZ = 24_000
"""Rate of the sound of a live stream."""
FRAME_HZ = int(ANIMATION_RATE_HZ)
PER_FRAME = RATE_HZ // FRAME_HZ
"""Samples a frame of animation."""
COLUMNS = {
    name: slice(start, start + len(channels))
    for (name, channels), start in zip(
        TRACK_CHANNELS.items(), np.cumsum([0, *(len(c) for c in TRACK_CHANNELS.values())]).tolist(), strict=False
    )
}
"""Track -> its columns in a row of all channels."""
CHANNELS = sum(len(c) for c in TRACK_CHANNELS.values())

Rows = npt.NDArray[np.float32]


@dataclass(eq=False)
class Stock:
    """Frames in order, with PER_FRAME samples each. Frames are counted on the clock of who made them."""

    _rows: deque[Rows] = field(default_factory=deque)
    _sound: deque[Samples] = field(default_factory=deque)
    _events: list[Event] = field(default_factory=list)
    _first: int | None = None
    _frames: int = 0
    _samples: int = 0
    _cut: int | None = None

    def __len__(self) -> int:
        """Returns how many frames can be taken: those whose sound is there too."""
        return min(self._frames, self._samples // PER_FRAME)

    def add(self, beat: Beat) -> None:
        """Adds a beat of the maker: its tracks at 60 Hz, its sound at RATE_HZ, its events."""
        first = round(beat.start_s * FRAME_HZ)
        rows = np.concatenate([beat.tracks[name].values for name in COLUMNS], axis=1)
        sound = beat.sound.samples
        if self._first is None:
            self._first = first
            # a beat may begin between two frames; its sound is laid on the frame
            late = round(beat.start_s * RATE_HZ) - first * PER_FRAME
            sound = np.concatenate([np.zeros(late, np.float32), sound]) if late > 0 else sound[-late:]
        # what the maker made for another stock in between is a gap on its clock, and none here
        at_s = beat.start_s if first == self._first else (self._first + self._frames) / FRAME_HZ
        self._rows.append(rows)
        self._sound.append(sound)
        self._frames += len(rows)
        self._samples += len(sound)
        self._events += [replace(e, start_s=e.start_s + at_s, end_s=e.end_s + at_s) for e in beat.events]

    def fill(self) -> None:
        """Ends the sound with as much silence as its last frame lacks: nothing follows."""
        lacking = self._frames * PER_FRAME - self._samples
        if lacking > 0:
            self._sound.append(np.zeros(lacking, np.float32))
            self._samples += lacking

    def take(self, frames: int) -> tuple[Rows, Samples, tuple[Event, ...]]:
        """Takes the next frames (at most as many as there are): rows, sound, and events that begin in them.

        Times of the events are seconds from the first of these frames.
        """
        frames = min(frames, len(self))
        assert self._first is not None or frames == 0
        start, end = (self._first or 0) / FRAME_HZ, ((self._first or 0) + frames) / FRAME_HZ
        rows = _taken(self._rows, frames, np.zeros((0, CHANNELS), np.float32))
        sound = _taken(self._sound, frames * PER_FRAME, np.zeros(0, np.float32))
        self._first = (self._first or 0) + frames
        self._cut = None if self._cut is None else max(0, self._cut - frames)
        self._frames -= frames
        self._samples -= frames * PER_FRAME
        now = [e for e in self._events if e.start_s < end - 1e-9]
        self._events = [e for e in self._events if e.start_s >= end - 1e-9]
        return rows, sound, tuple(replace(e, start_s=max(0.0, e.start_s - start), end_s=e.end_s - start) for e in now)

    def keep(self, frames: int) -> None:
        """Forgets all but the next frames; what is added next does not go on from them (`takes_up`)."""
        frames = min(frames, len(self))
        first, events = self._first, [e for e in self._events if e.start_s < ((self._first or 0) + frames) / FRAME_HZ]
        rows, sound, _ = self.take(frames)
        self.clear()
        if frames:
            self._first, self._frames, self._samples = first, frames, len(sound)
            self._rows.append(rows)
            self._sound.append(sound)
            self._events = events
        self._cut = frames

    def takes_up(self) -> bool:
        """Tells whether the next frame does not go on from the one before it; says so once."""
        if self._cut != 0:
            return False
        self._cut = None
        return True

    def clear(self) -> None:
        """Forgets everything; what is added next may stand anywhere on the maker's clock."""
        self._cut = None
        self._rows.clear()
        self._sound.clear()
        self._events = []
        self._first, self._frames, self._samples = None, 0, 0


def _taken(parts: "deque[npt.NDArray[np.float32]]", count: int, nothing: Rows) -> Rows:
    """Takes the first `count` rows out of arrays that stand end to end."""
    out: list[Rows] = []
    while count > 0:
        part = parts.popleft()
        out.append(part[:count])
        if len(part) > count:
            parts.appendleft(part[count:])
        count -= len(out[-1])
    return np.concatenate(out) if out else nothing
