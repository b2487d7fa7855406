"""A cue becomes sound: its score sung by the actor's own voice, as a Speech that knows where each breath of it is."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from understudy.base.audio import Audio, Samples
from understudy.base.channels import SILENCE
from understudy.hub.cue import WHOLE, Cue, Vocal
from understudy.hub.speech import PROSODY_CHANNELS, PROSODY_RATE_HZ, Phone, Speech
from understudy.hub.track import Track
from understudy.voice import larynx, level
from understudy.voice.larynx import Note
from understudy.voice.outbursts import score
from understudy.voice.timbre import Timbre

LEAD_S, TAIL_S = 0.06, 0.12
"""Silence around an event: room for the face to begin and for the breath to go."""
LOUDEST_DB, SOFTEST_DB = 6.0, -10.0
RMS_DB = level.SPEECH_LUFS + 1.5
"""Level of the loudest 40 ms of a note at 0 dB: that of a stressed vowel in plain speech."""
PARTS_FROM_DB = -40.0


def vocalise(cue: Cue, timbre: Timbre, *, loudness_db: float, rng: np.random.Generator) -> Speech:
    """Returns a vocal event as a Speech without words. loudness_db: what the direction adds to plain speech."""
    notes = score(cue, rng)
    rate = timbre.rate_hz
    gain_db = float(np.clip(loudness_db, SOFTEST_DB, LOUDEST_DB)) * (0.4 if cue.name == "scream" else 0.7)
    ends = max(note.end_s for note in notes)
    duration = _grid(LEAD_S + ends + TAIL_S)
    samples = np.zeros(round(duration * rate), np.float32)
    f0 = np.zeros(round(duration * PROSODY_RATE_HZ))
    vocals: list[Vocal] = []
    for note in notes:
        start = LEAD_S + note.start_s
        if note.level_db > PARTS_FROM_DB:
            sung, pitch = larynx.sound(note, timbre, rng)
            lay(samples, sung * np.float32(10 ** ((RMS_DB + note.level_db + gain_db) / 20)), round(start * rate))
            if pitch.any():
                _place(f0, pitch, round(start * PROSODY_RATE_HZ))
        if not (note.part == "out" and note.length_s < 0.1):
            vocals.append(_part(cue, note, start))
    samples = level.limit(level.high_pass(samples, rate), rate)
    whole = Vocal(cue.name, WHOLE, LEAD_S + notes[0].start_s, LEAD_S + ends, cue.strength)
    return wordless(samples, rate, f0, (whole, *vocals))


def wordless(samples: Samples, rate_hz: int, f0_hz: npt.NDArray[np.float64], vocals: Iterable[Vocal]) -> Speech:
    """Returns sound without words as a Speech, its length on the prosody grid."""
    samples = level.fade_edges(samples, rate_hz)
    duration = len(samples) / rate_hz
    count = round(duration * PROSODY_RATE_HZ)
    f0 = np.zeros(count)
    f0[: len(f0_hz)] = f0_hz[:count]
    loud = level.loudness_curve(samples, rate_hz, PROSODY_RATE_HZ, count)
    f0[loud < -60] = 0.0
    track = Track("prosody", PROSODY_CHANNELS, PROSODY_RATE_HZ, np.column_stack([f0, loud]).astype(np.float32))
    return Speech(
        Audio(samples, rate_hz), (Phone(SILENCE, 0.0, duration),), (), track, timing="exact", vocals=tuple(vocals)
    )


def lay(samples: Samples, sung: Samples, at: int) -> None:
    """Adds one sound to another at a sample."""
    end = min(len(samples), at + len(sung))
    if end > at >= 0:
        samples[at:end] += sung[: end - at]


def _place(f0: npt.NDArray[np.float64], pitch: npt.NDArray[np.float64], at: int) -> None:
    end = min(len(f0), at + len(pitch))
    f0[at:end] = pitch[: end - at]


def _part(cue: Cue, note: Note, start_s: float) -> Vocal:
    strength = float(np.clip(1.0 + (note.level_db - 4.0) / 22.0, 0.1, 1.0))
    return Vocal(cue.name, note.part, start_s, start_s + note.length_s, round(strength, 3))


def _grid(seconds: float) -> float:
    return float(np.ceil(seconds * PROSODY_RATE_HZ - 1e-6)) / PROSODY_RATE_HZ
