"""Two playings of a run laid on one clock: the one before where nothing changed, the new one elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, ARKIT_SHAPES, BODY, FACE, GAZE, HEAD, TRACK_CHANNELS
from understudy.base.weaving import Floats, weave
from understudy.hub.performance import Event, Performance
from understudy.hub.promptbook import Habits, Part, Piece, Run
from understudy.hub.script import Direction
from understudy.hub.track import Track
from understudy.production.dressing import Dressed, dressed, undressed
from understudy.production.playing import Playing
from understudy.production.recall import Recalled

LIDS = tuple(name for name in ARKIT_SHAPES if name.startswith(("eyeBlink", "eyeLook", "eyeWide", "eyeSquint")))
REACH = {"lips": 15, "lids": 7, HEAD: 26, "sight": 5, "": 36}
"""Frames in which a curve comes back to its own: the sight in a saccade, lids in a blink, the head in half a second."""
SEAM = 18
"""Frames played anew where two kept stretches meet that lay apart before."""
LONGEST_CUE_S = 1.6
"""How far a nod that was asked for reaches into what follows."""

Mask = npt.NDArray[np.bool_]


@dataclass(eq=False)
class Stretch:
    """A run being made again. same, paired (changed): new part -> what it was."""

    old: Recalled
    new: Run
    same: dict[int, int] = field(default_factory=dict)
    paired: dict[int, int] = field(default_factory=dict)

    def was(self, part: int) -> int:
        """Returns the old part of a new one, -1 when it had none."""
        return self.same.get(part, self.paired.get(part, -1))


@dataclass(frozen=True, eq=False)
class _Segment:
    """A stretch of a part that is played in one way. from_s, to_s: in the part's own sound; at_s: on the clock."""

    from_s: float
    to_s: float
    at_s: float
    rest: bool
    play: tuple[object, ...]
    habits: Habits


@dataclass(eq=False)
class Interleaving:
    """The frames of a run made again, and where each came from."""

    playing: Playing
    old: Recalled
    stretch: Stretch
    base: Performance
    start_s: float
    sound: Audio
    kinds: list[Habits]

    def __post_init__(self) -> None:
        rate = ANIMATION_RATE_HZ
        self.first = round(self.start_s * rate + 1e-6)
        self.frames = round((self.start_s + self.sound.duration_s) * rate + 1e-6) - self.first
        self.phase_s = self.first / rate - self.start_s
        self.times = np.arange(self.frames) / rate + self.phase_s
        self.all_new, self.lids_new, self.head_new = (np.zeros(self.frames, bool) for _ in range(3))
        self.variant = np.zeros(self.frames, int)
        self.shift = np.zeros(self.frames)
        self.spans: list[tuple[float, float, Piece]] = []
        self._lay()

    def _lay(self) -> None:
        """Goes through the pieces and notes for every frame whose it is."""
        news = self._segments_now()
        parts = range(len(self.stretch.new.parts))
        for part in parts:
            i = self.stretch.was(part)
            olds = self._segments_before(i) if i >= 0 and self._comparable(part, i) else []
            for segment in news[part]:
                self._compare(segment, olds)
        clock, rate_hz = 0, self.sound.rate_hz
        for piece, played in zip(self.playing.pieces, self.playing.played, strict=True):
            a, b = clock / rate_hz, (clock + piece.samples) / rate_hz
            clock += piece.samples
            inside = self._inside(a, b)
            self.variant[inside] = self.kinds.index(played.habits)
            self.spans.append((a, b, piece))
        self._air(news)

    def _air(self, news: dict[int, list[_Segment]]) -> None:
        """The air around the lines goes with the lines it touches; what fills the last picture too."""
        before = {p.clause: at_s for p, at_s, _ in self.old.pieces if p.part < 0}
        for a, b, piece in self.spans:
            if piece.part >= 0:
                continue
            inside = self._inside(a, b if piece.clause == 0 else np.inf)
            self.shift[inside] = before.get(piece.clause, 0.0) - a
            edge = self._inside(b, b + 0.02) if piece.clause == 0 else self._inside(a - 0.02, a)
            self.all_new[inside] = bool(news) and bool(self.all_new[edge].any())
        for k in np.flatnonzero(np.abs(np.diff(self.shift)) > 1e-6):
            if not self.all_new[k : k + 2].any():  # a silence that was taken out: what lay apart meets
                self.all_new[k + 1 : k + 1 + SEAM] = True

    def _compare(self, new: _Segment, olds: Sequence[_Segment]) -> None:
        """Finds the frames of a segment that are played as before, and how far they have moved."""
        inside = self._inside(new.at_s, new.at_s + new.to_s - new.from_s)
        kept = np.zeros(self.frames, bool)
        for old in olds:
            if new.rest != old.rest or new.play != old.play:
                continue
            if new.rest and (abs(new.to_s - new.from_s - old.to_s + old.from_s) > 1e-6 or new.from_s != old.from_s):
                continue
            offset = 0.0 if new.rest else new.from_s
            start = new.at_s + (0.0 if new.rest else max(new.from_s, old.from_s) - offset)
            end = new.at_s + (new.to_s - new.from_s if new.rest else min(new.to_s, old.to_s) - offset)
            here = self._inside(start, end) & inside
            moved = old.at_s - new.at_s + (0.0 if new.rest else new.from_s - old.from_s)
            self.shift[here] = moved
            kept |= here
            if old.habits.blinks != new.habits.blinks:
                self.lids_new |= here
            if old.habits.head != new.habits.head:
                self.head_new |= here
                self.lids_new |= here
        self.all_new |= inside & ~kept

    def _segments_now(self) -> dict[int, list[_Segment]]:
        found: dict[int, list[_Segment]] = {}
        clock, rate_hz = 0, self.sound.rate_hz
        own: dict[int, float] = {}
        for piece, played in zip(self.playing.pieces, self.playing.played, strict=True):
            at_s, length_s = clock / rate_hz, piece.samples / rate_hz
            clock += piece.samples
            if piece.part >= 0:
                u = own.get(piece.part, 0.0)
                end = u + length_s
                found.setdefault(piece.part, []).append(_segment(played, u, end, at_s))
                own[piece.part] = u if piece.rest else end
        return found

    def _segments_before(self, index: int) -> list[_Segment]:
        pieces = self.old.part(index)
        part = self.old.run.parts[index]
        again = dressed(part, undressed([(p.clause, p.rest, s) for p, _, s in pieces], part.line))
        again = [piece for piece in again if len(piece.speech.audio.samples)]
        if len(again) != len(pieces):
            return []
        out, u = [], 0.0
        for (piece, at_s, _), played in zip(pieces, again, strict=True):
            end = u + piece.samples / self.sound.rate_hz
            out.append(_segment(played, u, end, at_s))
            u = u if piece.rest else end
        return out

    def _comparable(self, part: int, before: int) -> bool:
        """Tells whether a part has the sound it had, all of it, with the same words stressed."""
        new, old = self.stretch.new.parts[part], self.old.run.parts[before]
        cut = any(rest.seconds < 0 for rest in (*new.rests, *old.rests))
        same = new.line.emphasis == old.line.emphasis and new.line.text == old.line.text
        return part in self.stretch.same or (part in self.playing.known and same and not cut)

    def _inside(self, start_s: float, end_s: float) -> Mask:
        return np.asarray((self.times >= start_s - 1e-6) & (self.times < end_s - 1e-6))

    def woven(self, played: Sequence[Performance]) -> tuple[dict[str, Track], Mask]:
        """Returns the tracks on this clock, and the frames in which lips were bent."""
        self._cues(played[0].events)
        whole = self.all_new
        lids, head = whole | self.lids_new, whole | self.head_new
        source = {name: [self._old(name), *(self._new(p, name) for p in played)] for name in played[0].tracks}
        tracks: dict[str, Track] = {}
        bent = np.zeros(self.frames, bool)
        for name, found in source.items():
            like = played[0].tracks[name]
            if name == FACE:
                values = np.empty_like(found[0])
                lid = np.array([c in LIDS for c in like.channels])
                values[:, ~lid], bent = weave([v[:, ~lid] for v in found], self._which(whole), REACH["lips"])
                values[:, lid], _ = weave([v[:, lid] for v in found], self._which(lids), REACH["lids"])
                values = np.clip(values, 0.0, 1.0)
            elif name == GAZE and HEAD in source:
                values = self._sight(found, source[HEAD], head)
            else:
                mask = head if name in (HEAD, BODY) else whole
                values, _ = weave(found, self._which(mask), REACH.get(name, REACH[""]))
            tracks[name] = replace(like, values=values.astype(np.float32))
        return tracks, bent

    def _sight(self, gaze: list[Floats], head: list[Floats], mask: Mask) -> Floats:
        """Returns the eyes in the head such that the line of sight changes as fast as eyes do and the head slower."""
        which = self._which(mask)
        turned = [h[:, [0, 1, 0, 1]] for h in head]
        sight, _ = weave([g + h for g, h in zip(gaze, turned, strict=True)], which, REACH["sight"])
        moved, _ = weave(turned, which, REACH[HEAD])
        eyes = sight - moved
        eyes[~mask] = gaze[0][~mask]
        return np.asarray(eyes)

    def _which(self, mask: Mask) -> "npt.NDArray[np.int_]":
        return np.where(mask, 1 + self.variant, 0)

    def _old(self, name: str) -> Floats:
        track = self.base.tracks.get(name)
        if track is None:
            return np.zeros((self.frames, len(TRACK_CHANNELS[name])))
        at = np.rint((self.times + self.shift) * track.rate_hz + 1e-6).astype(int)
        return np.asarray(track.values[np.clip(at, 0, max(0, len(track.values) - 1))], np.float64)

    def _new(self, played: Performance, name: str) -> Floats:
        return np.asarray(played.tracks[name].at(self.times), np.float64)

    def _cues(self, events: Sequence[Event]) -> None:
        """Lets a nod that was asked for in a changed piece play out over what follows."""
        for a, b, piece in self.spans:
            mid = np.searchsorted(self.times, (a + b) / 2)
            if piece.part < 0 or mid >= self.frames or not self.all_new[mid]:
                continue
            asked = _asked(self.stretch.new.parts[piece.part])
            for e in events:
                if e.kind == "gesture" and e.name in asked and a - 1e-6 <= e.start_s < b:
                    end = min(e.end_s, b + LONGEST_CUE_S)
                    self.all_new |= (self.times >= b) & (self.times < end)

    def events(self, played: Sequence[Performance]) -> tuple[Event, ...]:
        """Returns what happens: from the take before where that was kept, from this one elsewhere."""
        kinds = {"blink": self.lids_new, "gaze": self.head_new, "gesture": self.head_new}
        found = [e for e in played[0].events if self._is_new(e.start_s, None)]
        for kind, mask in kinds.items():
            for k, one in enumerate(played):
                found += [
                    e
                    for e in one.events
                    if e.kind == kind
                    and mask[self._frame(e.start_s)]
                    and not self.all_new[self._frame(e.start_s)]
                    and self.variant[self._frame(e.start_s)] == k
                ]
        changes = np.flatnonzero(np.diff(self.shift) != 0) + 1
        edges = [0, *changes.tolist(), self.frames]
        for first, last in pairwise(edges):
            if last <= first:
                continue
            shift, a, b = float(self.shift[first]), self.times[first] - 1 / 120, self.times[last - 1] + 1 / 120
            for e in self.base.events:
                at = e.start_s - shift
                if e.kind == "shot" or not a <= at < b:
                    continue
                if not self._is_new(at, kinds.get(e.kind)):
                    found.append(replace(e, start_s=at, end_s=e.end_s - shift))
        return tuple(sorted(found, key=lambda e: (e.start_s, e.kind, e.name)))

    def _is_new(self, at_s: float, also: Mask | None) -> bool:
        frame = self._frame(at_s)
        return bool(self.all_new[frame] or (also is not None and also[frame]))

    def _frame(self, at_s: float) -> int:
        return min(int(np.searchsorted(self.times, at_s - 1e-6)), self.frames - 1)


def _segment(played: Dressed, start_s: float, end_s: float, at_s: float) -> _Segment:
    line = played.speech.line
    direction = line.direction if line is not None else Direction()
    play = (replace(direction, events=()), direction.events if played.own else ())
    return _Segment(start_s, end_s, at_s, played.rest, play, played.habits)


def _asked(part: Part) -> set[str]:
    said = [part.line.direction, *(m.direction for m in part.moments), *(r.direction for r in part.rests)]
    return {name for direction in said if direction is not None for name in direction.events}
