"""What a voice gives: sound with the times of its words and phones.

A Speech may be a whole line or a piece of one (a clause); pieces follow each other and `Speech.join` makes them one.
Every Speech has its own clock that starts at 0 with its sound.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from understudy.base.audio import Audio
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
