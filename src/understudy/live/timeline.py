"""The clock of a live stream: what is shown when, and what happens when plans change.

Session time starts at 0 and is counted in frames of a sixtieth of a second. Beats leave in slices of two frames, an
idle one a little before it is due, a spoken one up to `AHEAD_S` before. A beat that starts before the end of what left
earlier replaces it from there on: so speech does not wait for idling that has left already, and an interruption takes
back what was not yet seen. Where one material follows another the pose goes over within a quarter of a second.
"""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from understudy.base.audio import Audio, Samples
from understudy.base.channels import BODY, COMPLEXION, FACE, GAZE, HEAD, SHAPE_INDEX, TRACK_CHANNELS
from understudy.base.motion import minimum_jerk
from understudy.hub.performance import Beat, Event
from understudy.hub.track import Track
from understudy.live.stock import CHANNELS, COLUMNS, FRAME_HZ, PER_FRAME, RATE_HZ, Rows, Stock

SLICE = 2
"""Frames a beat."""
LEAD_S = 0.05
"""How long before it is due an idle beat leaves."""
AHEAD_S = 0.2
"""How far ahead of the clock speech may leave: what a queue on the way may hold at most."""
MARGIN_S = 0.004
"""A beat that replaces others starts at least this much after now, so that it can still arrive."""
SETTLE_S = {FACE: 0.12, GAZE: 0.08, HEAD: 0.25, BODY: 0.25, COMPLEXION: 0.25}
"""How long the pose takes from one material to the next; a rest pose is reached within 250 ms of an interruption."""
NEARLY_S = 0.08
"""A word that lacks no more than this was heard."""
KEPT = 60
"""Frames whose pose is remembered, so that they can be replaced."""
KEPT_WORDS = 4096
"""Words that left and are remembered at most: half an hour of speech in one turn."""


@dataclass(frozen=True, eq=False)
class LiveBeat(Beat):
    """A beat of a live stream. turn: which turn of the talk it belongs to; an interruption raises it, and whoever
    holds beats of an older turn drops them. voiced: whether its sound is of speech (else it is silence)."""

    turn: int = 0
    voiced: bool = False


@dataclass(frozen=True)
class Spoken:
    """A word that left: turn, text, and when it ends, on the session's clock."""

    turn: int
    text: str
    end_s: float


@dataclass(eq=False)
class Timeline:
    """The two stocks of an actor, speech and idling, played onto the session's clock. Not thread-safe."""

    idle: Stock = field(default_factory=Stock)
    speech: Stock = field(default_factory=Stock)
    turn: int = 0
    spoken: list[Spoken] = field(default_factory=list)
    late: int = 0
    """Frames that nobody asked for in time."""
    held: int = 0
    """Frames of a held pose, because nothing was made in time."""
    _next: int = 0
    _voiced_until: int = 0
    _was: str = ""
    _past: deque[tuple[int, Rows]] = field(default_factory=lambda: deque(maxlen=KEPT))
    _offset: Rows = field(default_factory=lambda: np.zeros(CHANNELS, np.float32))
    _age: int = 10**6
    _rest: Rows = field(default_factory=lambda: np.zeros(CHANNELS, np.float32))
    _replaced: Rows | None = None

    @property
    def next_s(self) -> float:
        """Returns where the next beat starts."""
        return self._next / FRAME_HZ

    def due_s(self) -> float:
        """Returns when the next beat may leave."""
        return self.next_s - (AHEAD_S if len(self.speech) else LEAD_S)

    def speaking(self, now_s: float) -> bool:
        """Tells whether speech sounds now or waits to."""
        return bool(len(self.speech)) or now_s * FRAME_HZ < self._voiced_until

    def interrupt(self, now_s: float) -> int:
        """Ends the turn now: what was not shown is taken back, and words of turns before it are forgotten. Returns the
        number of the new turn."""
        self.turn += 1
        self.speech.clear()
        if self._voiced_until > now_s * FRAME_HZ:
            self._back_to(now_s)
            self._voiced_until = 0
            self.spoken = [word for word in self.spoken if word.end_s <= self.next_s + NEARLY_S]
        self.spoken = [word for word in self.spoken if word.turn >= self.turn - 1]
        self._was = "cut"
        return self.turn

    def renew_idle(self, frames: int = 0) -> None:
        """Forgets what idling is made save for the next frames; the pose goes over from these to what is added."""
        self.idle.keep(min(frames, len(self.idle)) // SLICE * SLICE)

    def heard(self, turn: int, until_s: float) -> str:
        """Returns the words of a turn that had sounded at a time, as text: of the turn that is on, or the last one."""
        return " ".join(w.text for w in self.spoken if w.turn == turn and w.end_s <= until_s + NEARLY_S)

    def due(self, now_s: float) -> list[LiveBeat]:
        """Takes the beats that are to leave now."""
        out: list[LiveBeat] = []
        if self._next < now_s * FRAME_HZ - FRAME_HZ // 2:  # nobody asked for half a second
            self.late += int(now_s * FRAME_HZ) - self._next
            self._next = int(now_s * FRAME_HZ)
        while self.due_s() <= now_s:
            if len(self.speech):
                if self._was != "speech":
                    self._back_to(now_s)
                out.append(self._beat(self.speech, "speech"))
            elif len(self.idle) >= SLICE:
                out.append(self._beat(self.idle, "idle"))
            elif self._past:
                out.append(self._beat(None, "held"))
            else:
                break
        return out

    def _beat(self, stock: Stock | None, kind: str) -> LiveBeat:
        seam = kind != self._was or (stock is not None and stock.takes_up())
        rows, sound, events = stock.take(SLICE) if stock is not None else self._hold()
        if seam:
            self._seam(rows[0])
            self._was = kind
        rows = self._settled(rows)
        if kind == "idle":
            self._rest = rows[-1]
        start_s, voiced = self.next_s, kind == "speech"
        self._past.extend((self._next + i, row) for i, row in enumerate(rows))
        self._next += len(rows)
        if voiced:
            self._voiced_until = self._next
            self.spoken += [Spoken(self.turn, e.name, start_s + e.end_s) for e in events if e.kind == "word"]
            del self.spoken[:-KEPT_WORDS]
        return LiveBeat(start_s, Audio(sound, RATE_HZ), tracks_of(rows), events, self.turn, voiced)

    def _hold(self) -> tuple[Rows, Samples, tuple[Event, ...]]:
        """Returns the pose of the last idling, for a moment in which nothing is made."""
        self.held += SLICE
        return np.repeat(self._rest[None], SLICE, 0), np.zeros(SLICE * PER_FRAME, np.float32), ()

    def _back_to(self, now_s: float) -> None:
        """Takes back what has left and is not yet due."""
        goal = max(int(np.ceil((now_s + MARGIN_S) * FRAME_HZ)), self._next - KEPT)
        self._next = min(self._next, goal)
        while self._past and self._past[-1][0] >= self._next:
            self._replaced = self._past.pop()[1]

    def _seam(self, first: Rows) -> None:
        """Notes how far the new material begins from the pose that is on show."""
        shown = self._replaced if self._replaced is not None else self._past[-1][1] if self._past else first
        self._replaced = None
        self._offset, self._age = shown - first, 0

    def _settled(self, rows: Rows) -> Rows:
        """Returns rows with what is left of the last seam added."""
        seconds = (self._age + np.arange(len(rows))) / FRAME_HZ
        self._age += len(rows)
        if seconds[0] >= max(SETTLE_S.values()):
            return rows
        out = rows.copy()
        for name, columns in COLUMNS.items():
            left = 1 - minimum_jerk(seconds / SETTLE_S[name])
            out[:, columns] += (left[:, None] * self._offset[columns]).astype(np.float32)
        face = out[:, COLUMNS[FACE]]
        np.clip(face, 0, 1, out=face)
        shut, jaw = SHAPE_INDEX["mouthClose"], SHAPE_INDEX["jawOpen"]
        face[:, shut] = np.minimum(face[:, shut], face[:, jaw])
        return out


def tracks_of(rows: Rows) -> dict[str, Track]:
    """Returns rows of all channels as tracks."""
    return {name: Track(name, TRACK_CHANNELS[name], float(FRAME_HZ), rows[:, at]) for name, at in COLUMNS.items()}


def rows_of(beat: Beat) -> Rows:
    """Returns the tracks of a beat as rows of all channels, in the order of COLUMNS."""
    return np.concatenate([beat.tracks[name].values for name in COLUMNS], axis=1)
