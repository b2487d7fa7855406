"""What a voice sounds like whatever it says: the mean spectral envelope of each phone, its pitch, range and pace.

Phones are the ear's, so no text is needed. Envelopes are WORLD's, which pitch does not comb, on a mel scale, as
cepstra without the level (Davis & Mermelstein 1980).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import VOWELS
from understudy.base.errors import BadInput
from understudy.voice import ear, world
from understudy.voice.world import Floats

RATE_HZ = 24_000
VOICED = (*sorted(VOWELS), "L", "M", "N", "NG", "R", "W", "Y")
HISSES = ("S", "SH")
PHONES = (*VOICED, *HISSES)
"""Rows of a voiceprint."""
CEPSTRA = 20
BANDS, LOW_HZ, HIGH_HZ = 32, 100.0, 7400.0
LOUDEST_DB = 30.0
"""Frames softer than this below the loud ones are left out."""
PRIOR_S = 0.15
"""How much of a phone must be heard for its mean to count half."""


@dataclass(frozen=True, eq=False)
class Voiceprint:
    """envelopes: (phones, cepstra) c1.. of natural log power, rows PHONES. heard_s: (phones,) seconds that each mean
    rests on. f0_hz: median. range_st: standard deviation of F0 in semitones. phones_hz: phones a second of speech."""

    envelopes: Floats
    heard_s: Floats
    f0_hz: float
    range_st: float
    phones_hz: float

    @property
    def weights(self) -> Floats:
        """Returns (phones,) how far each row counts, 0..1."""
        return np.asarray(self.heard_s / (self.heard_s + PRIOR_S))


def voiceprint(audio: Audio, *, tract: float = 1.0) -> Voiceprint:
    """Returns the print of a voice. tract: the print of the same voice with a tract so much shorter is returned.

    Raises BadInput when there is no voice in the sound.
    """
    return voiceprints(audio, (tract,))[0]


def voiceprints(audio: Audio, tracts: tuple[float, ...]) -> tuple[Voiceprint, ...]:
    """Returns the print of a voice for each of several tracts, as `voiceprint` does."""
    sound = audio.at_rate(RATE_HZ)
    peak = float(np.abs(sound.samples).max()) if len(sound.samples) else 0.0
    if peak < 1e-4 or not np.isfinite(sound.samples).all():
        raise BadInput("The recording is silent or broken; record it again.")
    sound = Audio(sound.samples * np.float32(0.6 / peak), RATE_HZ)
    beliefs = np.exp(ear.hear(sound).astype(np.float64))
    f0_hz, envelope = _envelope(sound)
    count = min(len(beliefs), (len(f0_hz) + 1) // 2)
    beliefs, f0_hz, envelope = beliefs[:count], f0_hz[::2][:count], envelope[::2][:count]
    level = 10 * np.log10(np.exp(envelope).mean(axis=1))
    loud = level > np.percentile(level, 95) - LOUDEST_DB
    columns = [ear.NAMES.index(name) for name in PHONES]
    voiced = np.array([name in VOICED for name in PHONES])
    counted = beliefs[:, columns] ** 2 * np.where(voiced, (f0_hz > 0)[:, None], (f0_hz == 0)[:, None]) * loud[:, None]
    heard = counted.sum(axis=0)
    if not heard[voiced].any():
        raise BadInput("There is no voice in the recording; give ten seconds of one voice alone.")
    pitch = 12 * np.log2(f0_hz[(f0_hz > 0) & loud])
    speech_s = float(((1 - beliefs[:, ear.NAMES.index("SIL")]) > 0.5).sum() * ear.FRAME_S)
    best = beliefs.argmax(axis=1)
    changes = int(((np.diff(best) != 0) & (best[1:] != ear.NAMES.index("SIL"))).sum())
    shares = counted / np.maximum(heard, 1e-9)
    prints = []
    for tract in tracts:
        cepstra = envelope @ _bank(envelope.shape[1], tract) @ _cosines()
        prints.append(
            Voiceprint(
                shares.T @ cepstra,
                heard * ear.FRAME_S,
                float(2 ** (np.median(pitch) / 12)),
                float(np.std(pitch)),
                changes / max(speech_s, 0.1),
            )
        )
    return tuple(prints)


def _envelope(sound: Audio) -> tuple[Floats, Floats]:
    """Returns F0 (frames,) and the natural log envelope (frames, bins), 5 ms apart."""
    import pyworld

    samples = np.ascontiguousarray(sound.samples, np.float64)
    f0 = world.track_f0(sound)
    times = np.arange(len(f0)) * world.FRAME_S
    envelope = pyworld.cheaptrick(samples, f0, times, sound.rate_hz, f0_floor=world.FLOOR_HZ)
    return f0, np.log(np.maximum(envelope, 1e-12))


@cache
def _bank(bins: int, tract: float) -> Floats:
    """Returns (bins, bands) triangles that average a log envelope, evenly spaced in mel, at frequencies / tract."""
    hz = np.linspace(0.0, RATE_HZ / 2, bins) * tract
    mel = 2595 * np.log10(1 + hz / 700)
    edges = _edges()
    step = edges[1] - edges[0]
    bank = np.maximum(0.0, np.minimum((mel[:, None] - edges[:-2]) / step, (edges[2:] - mel[:, None]) / step))
    return np.asarray(bank / np.maximum(bank.sum(axis=0), 1e-9))


def _edges() -> Floats:
    """Returns (bands + 2,) edges of the bands in mel (O'Shaughnessy 1987)."""
    low, high = 2595 * np.log10(1 + LOW_HZ / 700), 2595 * np.log10(1 + HIGH_HZ / 700)
    return np.linspace(low, high, BANDS + 2)


@cache
def _cosines() -> Floats:
    """Returns (bands, cepstra): the cosine transform without its first row."""
    orders = np.arange(1, CEPSTRA + 1)
    return np.asarray(np.cos(np.pi / BANDS * (np.arange(BANDS)[:, None] + 0.5) * orders) * np.sqrt(2 / BANDS))


@cache
def tilt_print() -> Floats:
    """Returns (cepstra,): what one decibel an octave above 1 kHz adds to every row."""
    hz = 700 * (10 ** (_edges()[1:-1] / 2595) - 1)
    return np.asarray((np.maximum(0.0, np.log2(hz / 1000)) * np.log(10) / 10) @ _cosines())
