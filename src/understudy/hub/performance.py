"""A performance: sound, and everything that moves with it, on one clock.

It arrives as Beats, slices a fraction of a second to a few seconds long. Film drains the beats, live clocks them;
`Performance.from_beats` keeps them as a take, `Performance.beats` cuts a take into beats again.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, BODY, COMPLEXION, FACE, GAZE, HEAD, TRACK_CHANNELS
from understudy.base.errors import BadInput
from understudy.hub.bundle import array_bytes, array_from, decode, encode, read_bundle, write_bundle
from understudy.hub.promptbook import PromptBook
from understudy.hub.track import Track, Values


@dataclass(frozen=True)
class Event:
    """Something with a name and a time. kind: word | phone | emotion | blink | gaze | breath | gesture | line |
    vocal ('sob', 'sob.moan') | expression (a micro-expression) ..."""

    kind: str
    name: str
    start_s: float
    end_s: float
    value: float = 1.0


@dataclass(frozen=True, eq=False)
class Beat:
    """A slice of a performance. start_s: on the performance's clock; tracks and events: on the beat's own, from 0."""

    start_s: float
    sound: Audio
    tracks: Mapping[str, Track]
    events: tuple[Event, ...] = ()

    @property
    def duration_s(self) -> float:
        return self.sound.duration_s


@dataclass(frozen=True)
class TakeRecord:
    """`take.json`: what made a take and where its members are."""

    actor_name: str
    tracks: Mapping[str, tuple[str, ...]]
    rates_hz: Mapping[str, float]
    events: tuple[Event, ...] = ()
    made_with: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Performance:
    """A whole take of one actor. book: what it was made from, None when nobody kept that."""

    actor_name: str
    sound: Audio
    tracks: Mapping[str, Track]
    events: tuple[Event, ...] = ()
    made_with: Mapping[str, str] = field(default_factory=dict)
    book: PromptBook | None = None

    @property
    def duration_s(self) -> float:
        return self.sound.duration_s

    @staticmethod
    def from_beats(
        actor_name: str, beats: Iterable[Beat], made_with: Mapping[str, str] = MappingProxyType({})
    ) -> "Performance":
        """Drains the beats into one take."""
        parts = list(beats)
        if not parts:
            raise BadInput("Nothing was performed; give a script with at least one line of dialogue.")
        tracks = {name: Track.join([b.tracks[name] for b in parts]) for name in parts[0].tracks}
        events = tuple(
            replace(e, start_s=e.start_s + b.start_s, end_s=e.end_s + b.start_s) for b in parts for e in b.events
        )
        return Performance(actor_name, Audio.join(b.sound for b in parts), tracks, events, dict(made_with))

    def beats(self, length_s: float = 1.0) -> Iterator[Beat]:
        """Yields the take in slices of `length_s` (rounded to whole animation frames)."""
        step = max(1, round(length_s * ANIMATION_RATE_HZ)) / ANIMATION_RATE_HZ
        start = 0.0
        while start < self.duration_s - 1e-9:
            end = min(start + step, self.duration_s)
            tracks = {
                name: Track(name, t.channels, t.rate_hz, t.values[round(start * t.rate_hz) : round(end * t.rate_hz)])
                for name, t in self.tracks.items()
            }
            events = tuple(
                replace(e, start_s=e.start_s - start, end_s=e.end_s - start)
                for e in self.events
                if start <= e.start_s < end
            )
            yield Beat(start, self.sound.cut(start, end), tracks, events)
            start = end

    def save(self, path: Path) -> None:
        """Writes a `.take`: take.json, sound.flac (16 bit), one float32 .npy a track, and its prompt book."""
        record = TakeRecord(
            self.actor_name,
            {name: t.channels for name, t in self.tracks.items()},
            {name: t.rate_hz for name, t in self.tracks.items()},
            self.events,
            dict(self.made_with),
        )
        members = {"take.json": encode("Take.1", record), "sound.flac": _flac(self.sound)}
        members |= {f"tracks/{name}.npy": array_bytes(t.values) for name, t in self.tracks.items()}
        members |= self.book.members() if self.book is not None else {}
        write_bundle(path, members)

    @staticmethod
    def open(path: Path) -> "Performance":
        """Opens a `.take` of any version. Raises BadInput."""
        if not path.is_file():
            raise BadInput(f"There is no take at {path}; make one with: understudy animate speech.wav -o {path.name}")
        bundle = read_bundle(path.read_bytes(), str(path))
        if "take.json" not in bundle or "sound.flac" not in bundle:
            raise BadInput(
                f"{path} is not a take of Understudy; make one with: understudy animate speech.wav -o take.take"
            )
        record = decode(TakeRecord, "Take", bundle["take.json"], str(path))
        tracks = {
            name: Track(name, channels, record.rates_hz[name], array_from(bundle[f"tracks/{name}.npy"], str(path)))
            for name, channels in record.tracks.items()
        }
        sound, book = _unflac(bundle["sound.flac"]), PromptBook.of(bundle, str(path))
        return Performance(record.actor_name, sound, tracks, record.events, record.made_with, book)


@dataclass(frozen=True, eq=False)
class Pose:
    """One instant: face (52,), head (6,), gaze (4,), body (len(BODY_CHANNELS),), complexion (2,); time_s.

    Channels are those of base.channels.
    """

    time_s: float
    face: Values
    head: Values
    gaze: Values
    body: Values
    complexion: Values = field(default_factory=lambda: np.zeros(2, np.float32))


def poses(beats: Iterable[Beat], rate_hz: float) -> Iterator[Pose]:
    """Yields the pose at the middle of each picture of a film of `rate_hz`, while the beats last.

    Linear between animation frames, across the joins of beats too; a missing track is at rest. The number of poses is
    ceil(total duration x rate_hz), so the last picture may outlast the sound by less than one picture.
    """
    names = (FACE, HEAD, GAZE, BODY, COMPLEXION)
    held: dict[str, Values] = {name: np.zeros((0, len(TRACK_CHANNELS[name])), np.float32) for name in names}
    first = 0  # index of the first held animation frame
    index = 0
    total = 0.0

    def pose_at(position: float) -> Pose:
        low = min(int(position), first + len(held[FACE]) - 1)
        high = min(low + 1, first + len(held[FACE]) - 1)
        part = np.float32(min(1.0, position - low))
        a, b = low - first, high - first
        parts = [held[name][a] * (1 - part) + held[name][b] * part for name in names]
        return Pose(index / rate_hz, *parts)

    for beat in beats:
        total += beat.duration_s
        for name in names:
            track = beat.tracks.get(name)
            frames = round(beat.duration_s * ANIMATION_RATE_HZ) if track is None else len(track.values)
            values = np.zeros((frames, len(TRACK_CHANNELS[name])), np.float32) if track is None else track.values
            held[name] = np.concatenate([held[name], values])
        while (index + 0.5) / rate_hz * ANIMATION_RATE_HZ <= first + len(held[FACE]) - 1:
            position = (index + 0.5) / rate_hz * ANIMATION_RATE_HZ
            keep = max(0, int(position) - first - 1)
            held = {name: values[keep:] for name, values in held.items()}
            first += keep
            yield pose_at(position)
            index += 1
    while index < int(np.ceil(total * rate_hz - 1e-6)) and len(held[FACE]):
        yield pose_at((index + 0.5) / rate_hz * ANIMATION_RATE_HZ)
        index += 1


def _flac(sound: Audio) -> bytes:
    import soundfile

    stream = io.BytesIO()
    soundfile.write(stream, sound.samples, sound.rate_hz, format="FLAC", subtype="PCM_16")
    return stream.getvalue()


def _unflac(data: bytes) -> Audio:
    import soundfile

    samples, rate_hz = soundfile.read(io.BytesIO(data), dtype="float32")
    return Audio(samples, int(rate_hz))
