"""The takes of the shots of a film become one take on the film's own clock.

In the film a shot lasts a whole number of pictures, so its sound is padded by less than one picture. The take is padded
the same way: no shot shifts the next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from understudy.base.audio import Audio
from understudy.hub.performance import Event, Performance
from understudy.hub.track import Track
from understudy.production.camera import NOTE
from understudy.production.playing import joined_books


@dataclass(frozen=True, eq=False)
class ShotTake:
    """key: the shot's name. start: the number of its first picture in the film. take: on a clock of its own from 0."""

    key: str
    start: int
    take: Performance

    def pictures(self, fps: float) -> int:
        return pictures_of(self.take.duration_s, fps)


def pictures_of(duration_s: float, fps: float) -> int:
    """Returns how many pictures a shot of this length has; as hub.performance.poses counts them."""
    return -(-round(duration_s * fps * 1e6) // 1_000_000)


def joined(shots: Sequence[ShotTake], fps: float) -> Performance:
    """Returns consecutive shots of one actor as one take, each lasting its whole pictures.

    Every shot leaves an event of kind 'shot' whose value is when it starts in the film, in seconds; for an actor who is
    in every shot that is its start in the take.
    """
    rate = Fraction(fps).limit_denominator(1001)
    counts = [shot.pictures(fps) for shot in shots]
    starts = [sum(counts[:i]) / rate for i in range(len(shots) + 1)]
    spans = list(zip(shots, starts, starts[1:], strict=False))
    first = shots[0].take
    tracks = {
        name: Track.join([_on_clock(shot.take.tracks[name], start, end) for shot, start, end in spans])
        for name in first.tracks
    }
    events: list[Event] = []
    for shot, start, end in spans:
        events.append(Event("shot", shot.key, float(start), float(end), float(shot.start / rate)))
        events += [replace(e, start_s=e.start_s + float(start), end_s=e.end_s + float(start)) for e in shot.take.events]
    sound = Audio.join(_fitted(shot.take.sound, start, end) for shot, start, end in spans)
    made_with = {key: value for key, value in first.made_with.items() if key not in ("shot", NOTE)}
    made_with |= {f"{NOTE}.{s.key}": s.take.made_with[NOTE] for s in shots if NOTE in s.take.made_with}
    book = joined_books([shot.take.book for shot in shots], fps)
    if book is not None:
        book = replace(book, base=_bases(spans, {name for name in tracks for s in shots if name in _base(s)}))
    return Performance(first.actor_name, sound, tracks, tuple(events), made_with, book)


def _base(shot: ShotTake) -> Mapping[str, Track]:
    return shot.take.book.base if shot.take.book is not None else {}


def _bases(spans: Sequence[tuple[ShotTake, Fraction, Fraction]], names: set[str]) -> dict[str, Track]:
    """Returns the tracks without the edits, of the tracks that were edited in one of the shots."""
    return {
        name: Track.join([_on_clock(_base(s).get(name, s.take.tracks[name]), start, end) for s, start, end in spans])
        for name in sorted(names)
    }


def _on_clock(track: Track, start: Fraction, end: Fraction) -> Track:
    """Returns the track on the film's frames from start to end, read between its own frames and held at its end."""
    rate_hz = Fraction(track.rate_hz).limit_denominator(1001)
    frames = range(_nearest(start * rate_hz), _nearest(end * rate_hz))
    times_s = np.array([float(k / rate_hz - start) for k in frames])
    return replace(track, values=track.at(times_s))


def _fitted(sound: Audio, start: Fraction, end: Fraction) -> Audio:
    wanted = _nearest(end * sound.rate_hz) - _nearest(start * sound.rate_hz)
    return Audio(np.pad(sound.samples, (0, max(0, wanted - len(sound.samples))))[:wanted], sound.rate_hz)


def _nearest(value: Fraction) -> int:
    return int(value + Fraction(1, 2))
