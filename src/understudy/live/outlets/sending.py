"""Beats go out on the clock: poses when they are due, beats ahead of their time."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import BODY, COMPLEXION, FACE, GAZE, HEAD, TRACK_CHANNELS
from understudy.base.motion import minimum_jerk
from understudy.hub.performance import Beat, Pose
from understudy.hub.track import Track
from understudy.live.outlets.outlet import Outlet
from understudy.live.stock import COLUMNS, FRAME_HZ, RATE_HZ, Rows, Stock
from understudy.live.timeline import AHEAD_S, SETTLE_S, SLICE, LiveBeat, rows_of, tracks_of

LATE_S: Final = 0.25
"""A clock that is so far behind starts anew where it is, instead of sending what was missed in one go."""
KEPT_S: Final = 1.0


@dataclass
class Sent:
    """What went out. poses, seconds; stalls: how often the clock had to start anew."""

    poses: int = 0
    seconds: float = 0.0
    stalls: int = 0


class Sender:
    """Gives beats and poses to outlets. Beats that replace earlier ones, or are of an older turn, are seen to."""

    def __init__(self, outlets: Sequence[Outlet]) -> None:
        self._outlets = outlets
        self._rows: dict[int, Rows] = {}
        self._turn = 0
        self._last: Rows | None = None
        self.until_s = 0.0

    def take(self, beat: LiveBeat) -> None:
        """Takes a beat and passes it on to the outlets that keep a clock."""
        if beat.turn < self._turn:
            return
        self._turn = beat.turn
        first = round(beat.start_s * FRAME_HZ)
        self._rows = {at: row for at, row in self._rows.items() if at < first}
        self._rows |= {first + i: row for i, row in enumerate(rows_of(beat))}
        self.until_s = beat.start_s + len(beat.tracks[FACE].values) / FRAME_HZ
        for outlet in self._outlets:
            outlet.beat(beat)

    def show(self, now_s: float) -> Pose | None:
        """Sends the pose of a moment, linear between frames; the last one stays when nothing came. None before any."""
        at = now_s * FRAME_HZ
        low = int(np.floor(at + 1e-9))
        if low in self._rows:
            row = self._rows[low]
            if low + 1 in self._rows:
                row = row + np.float32(at - low) * (self._rows[low + 1] - row)
            self._last = row
        if self._last is None:
            return None
        for old in [frame for frame in self._rows if frame < low - KEPT_S * FRAME_HZ]:
            del self._rows[old]
        pose = Pose(now_s, *(self._last[COLUMNS[name]] for name in (FACE, HEAD, GAZE, BODY, COMPLEXION)))
        for outlet in self._outlets:
            outlet.pose(pose)
        return pose


def send(
    beats: Iterable[LiveBeat],
    outlets: Sequence[Outlet],
    *,
    fps: float,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Sent]:
    """Sends beats on the clock until they end, yielding the state after each pose; a caller may stop at any."""
    sender, sent, source = Sender(outlets), Sent(), iter(beats)
    zero_s: float | None = None
    while True:
        due_s = sent.poses / fps
        while sender.until_s < due_s + AHEAD_S and (beat := next(source, None)) is not None:
            sender.take(beat)
        if sender.until_s <= due_s:
            return
        if zero_s is None:
            zero_s = now()
        wait_s = zero_s + due_s - now()
        if wait_s > 0:
            sleep(wait_s)
        elif wait_s < -LATE_S:
            zero_s, sent.stalls = now() - due_s, sent.stalls + 1
        sender.show(due_s)
        sent.poses, sent.seconds = sent.poses + 1, due_s + 1 / fps
        yield sent


def live_beats(beats: Iterable[Beat]) -> Iterator[LiveBeat]:
    """Yields beats of any length and rate of sound as beats of SLICE frames; missing tracks are at rest."""
    stock, start = Stock(), 0
    for beat in beats:
        stock.add(_whole(beat))
        while len(stock) >= SLICE:
            yield _slice(stock, start)
            start += SLICE
    stock.fill()
    while len(stock):
        yield _slice(stock, start)
        start += SLICE


def looped(source: Callable[[], Iterable[LiveBeat]]) -> Iterator[LiveBeat]:
    """Yields a source again and again; the pose goes over from its end to its beginning within a quarter second."""
    start_s, last = 0.0, None
    while True:
        end_s, offset, rows = start_s, None, None
        for beat in source():
            rows = rows_of(beat)
            if last is not None and offset is None:
                offset = last - rows[0]
            if offset is not None and beat.start_s <= max(SETTLE_S.values()):
                rows = _over(rows, offset, beat.start_s)
            end_s = start_s + beat.start_s + len(rows) / FRAME_HZ
            yield replace(beat, start_s=start_s + beat.start_s, tracks=tracks_of(rows))
        if rows is None:
            return
        start_s, last = end_s, rows[-1]


def _over(rows: Rows, offset: Rows, start_s: float) -> Rows:
    out = rows.copy()
    seconds = start_s + np.arange(len(rows)) / FRAME_HZ
    for name, columns in COLUMNS.items():
        left = 1 - minimum_jerk(seconds / SETTLE_S[name])
        out[:, columns] += (left[:, None] * offset[columns]).astype(np.float32)
    face = out[:, COLUMNS[FACE]]
    np.clip(face, 0, 1, out=face)
    return out


def _slice(stock: Stock, start: int) -> LiveBeat:
    rows, sound, events = stock.take(SLICE)
    audio = Audio(sound, RATE_HZ)
    return LiveBeat(start / FRAME_HZ, audio, tracks_of(rows), events, 0, bool(sound.any()))


def _whole(beat: Beat) -> Beat:
    frames = round((beat.start_s + beat.duration_s) * FRAME_HZ) - round(beat.start_s * FRAME_HZ)
    tracks = {
        name: beat.tracks[name] if name in beat.tracks else _resting(name, channels, frames)
        for name, channels in TRACK_CHANNELS.items()
    }
    return replace(beat, sound=beat.sound.at_rate(RATE_HZ), tracks=tracks)


def _resting(name: str, channels: tuple[str, ...], frames: int) -> Track:
    return Track(name, channels, float(FRAME_HZ), np.zeros((frames, len(channels)), np.float32))
