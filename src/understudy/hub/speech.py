"""What a voice gives: sound with the times of its words and phones.

A Speech may be a whole line or a piece of one (a clause); pieces follow each other and `Speech.join` makes them one.
Every Speech has its own clock that starts at 0 with its sound.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from understudy.base.audio import Audio
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
    timing: 'exact' from the engine, 'aligned' from text, 'heard' from sound alone.
    """

    audio: Audio
    phones: tuple[Phone, ...]
    words: tuple[Word, ...]
    prosody: Track
    line: Line | None = None
    engine: str = ""
    timing: str = "aligned"

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
        offset = 0.0
        for part in parts:
            phones += [replace(p, start_s=p.start_s + offset, end_s=p.end_s + offset) for p in part.phones]
            words += [replace(w, start_s=w.start_s + offset, end_s=w.end_s + offset) for w in part.words]
            offset += part.duration_s
        return replace(
            parts[0],
            audio=Audio.join(p.audio for p in parts),
            phones=tuple(phones),
            words=tuple(words),
            prosody=Track.join([p.prosody for p in parts]),
        )

    def cut(self, start_s: float, end_s: float) -> "Speech":
        """Returns the sound of [start_s, end_s) with what is said in it; times on the grid of the prosody (10 ms).

        A phone that the cut goes through is in both parts; a word belongs to the part in which its middle lies.
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
        rate_hz = self.prosody.rate_hz
        rows = self.prosody.values[round(start_s * rate_hz) : round(end_s * rate_hz)]
        return replace(
            self,
            audio=self.audio.cut(start_s, end_s),
            phones=tuple(inside),
            words=tuple(words),
            prosody=replace(self.prosody, values=rows),
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
