"""What a voice gives: sound with the times of its words and phones.

A Speech may be a whole line or a piece of one (a clause); pieces follow each other and `Speech.join` makes them one.
Every Speech has its own clock that starts at 0 with its sound.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import SILENCE
from understudy.hub.cue import Vocal
from understudy.hub.script import Line
from understudy.hub.track import Track

PROSODY_CHANNELS = ("f0_hz", "loudness_db")
PROSODY_RATE_HZ = 100.0


@dataclass(frozen=True)
class Phone:
    """name: of base.channels.PHONES or 'SIL'. stress: 0 none, 1 primary, 2 secondary (vowels)."""

    name: str
    start_s: float
    end_s: float
    stress: int = 0


@dataclass(frozen=True)
class Word:
    """text: as spoken. accent: 0 none .. 1 the strongest word of its phrase."""

    text: str
    start_s: float
    end_s: float
    accent: float = 0.0


@dataclass(frozen=True, eq=False)
class Speech:
    """Sound and its times.

    phones cover the sound from 0 to its end without gaps (silence is 'SIL'). prosody: channels PROSODY_CHANNELS at
    100 Hz, f0_hz 0 where unvoiced. line: what it speaks, None for a recording without text. engine: who made it.
    timing: 'exact' from the engine, 'aligned' from text, 'heard' from sound alone. vocals: the laughs, sobs and breaths
    in it and their parts, so that a face makes them in time.
    """

    audio: Audio
    phones: tuple[Phone, ...]
    words: tuple[Word, ...]
    prosody: Track
    line: Line | None = None
    engine: str = ""
    timing: str = "aligned"
    vocals: tuple[Vocal, ...] = ()

    @property
    def duration_s(self) -> float:
        return self.audio.duration_s

    @staticmethod
    def join(pieces: Iterable["Speech"]) -> "Speech":
        """Returns consecutive pieces as one Speech."""
        parts = list(pieces)
        if not parts:
            raise ValueError("Speech.join needs at least one piece")
        phones: list[Phone] = []
        words: list[Word] = []
        vocals: list[Vocal] = []
        offset = 0.0
        for part in parts:
            phones += [replace(p, start_s=p.start_s + offset, end_s=p.end_s + offset) for p in part.phones]
            words += [replace(w, start_s=w.start_s + offset, end_s=w.end_s + offset) for w in part.words]
            vocals += [replace(v, start_s=v.start_s + offset, end_s=v.end_s + offset) for v in part.vocals]
            offset += part.duration_s
        return replace(
            parts[0],
            audio=Audio.join(p.audio for p in parts),
            phones=tuple(phones),
            words=tuple(words),
            vocals=tuple(vocals),
            prosody=Track.join([p.prosody for p in parts]),
        )

    def pieces(self, longest_s: float = 12.0) -> Iterator["Speech"]:
        """Yields the speech in pieces of at most about `longest_s`, cut in the middle of its longest silences.

        What has no silence to cut at is cut between words, else between phones. `Speech.join` makes it whole again.
        """
        start = 0.0
        for end in [*_cuts(self, longest_s), self.duration_s]:
            yield self.cut(start, end)
            start = end

    def cut(self, start_s: float, end_s: float) -> "Speech":
        """Returns the sound of [start_s, end_s) with what is said in it; times on the grid of the prosody (10 ms).

        A phone that the cut goes through is in both parts; a word or a vocal event belongs to the part in which its
        middle lies.
        """
        inside = [
            replace(p, start_s=max(0.0, p.start_s - start_s), end_s=min(p.end_s, end_s) - start_s)
            for p in self.phones
            if p.end_s > start_s + 1e-9 and p.start_s < end_s - 1e-9
        ]
        words = [
            replace(w, start_s=max(0.0, w.start_s - start_s), end_s=min(w.end_s, end_s) - start_s)
            for w in self.words
            if start_s <= (w.start_s + w.end_s) / 2 < end_s
        ]
        vocals = [
            replace(v, start_s=v.start_s - start_s, end_s=v.end_s - start_s)
            for v in self.vocals
            if start_s <= (v.start_s + v.end_s) / 2 < end_s
        ]
        rate_hz = self.prosody.rate_hz
        rows = self.prosody.values[round(start_s * rate_hz) : round(end_s * rate_hz)]
        return replace(
            self,
            audio=self.audio.cut(start_s, end_s),
            phones=tuple(inside),
            words=tuple(words),
            prosody=replace(self.prosody, values=rows),
            vocals=tuple(vocals),
        )

    @staticmethod
    def silence(duration_s: float, rate_hz: int) -> "Speech":
        """Returns a pause: no words, one SIL phone."""
        frames = max(1, round(duration_s * PROSODY_RATE_HZ))
        values = np.column_stack([np.zeros(frames), np.full(frames, -80.0)]).astype(np.float32)
        return Speech(
            Audio.silence(duration_s, rate_hz),
            (Phone("SIL", 0.0, duration_s),),
            (),
            Track("prosody", PROSODY_CHANNELS, PROSODY_RATE_HZ, values),
        )


def _cuts(speech: Speech, longest_s: float) -> list[float]:
    """Returns where a speech is cut, on the grid of its prosody."""
    grid = speech.prosody.rate_hz
    starts = {round(w.start_s * grid) for w in speech.words}
    cuts: list[float] = []
    last = 0.0
    while speech.duration_s - last > longest_s:
        low, high = last + 0.3 * longest_s, last + longest_s
        ways: list[tuple[float, float]] = []
        for phone in speech.phones:
            if phone.name == SILENCE and low < 0.5 * (phone.start_s + phone.end_s) < high:
                ways.append((1.0 + phone.end_s - phone.start_s, 0.5 * (phone.start_s + phone.end_s)))
            elif phone.name == SILENCE and phone.start_s <= low and phone.end_s >= high:
                ways.append((1.0 + longest_s, high))
            elif low < phone.start_s < high:
                ways.append((0.5 if round(phone.start_s * grid) in starts else 0.1, phone.start_s))
        last = round(max(ways)[1] * grid) / grid if ways else round(high * grid) / grid
        cuts.append(last)
    return cuts
