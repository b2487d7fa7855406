"""Edits of the sound of a voice, each from one Analysis to another."""

from dataclasses import replace

import numpy as np

from understudy.base.audio import Samples
from understudy.voice.world import Analysis, Floats

NEPER = np.log(10) / 10
"""Decibels to the natural log of power."""


def extend_band(analysis: Analysis, top_hz: float) -> Analysis:
    """Returns the analysis with sound above `top_hz`, for engines that stop there (16 kHz engines stop near 7 kHz).

    The envelope goes on from its mean over the octave-third below, falling as speech does: about 9 dB per octave in
    fricatives and 18 in vowels (long-term spectra of Byrne et al. 1994 and of fricatives, Jongman et al. 2000); what is
    there is all breath.
    """
    hz = analysis.bins_hz
    above = hz > top_hz
    below = (hz > top_hz * 0.8) & ~above
    level = analysis.envelope[:, below].mean(axis=1, keepdims=True)
    voiced = np.convolve(analysis.voiced.astype(float), np.ones(5) / 5, mode="same")[:, None]
    octaves = np.log2(hz[above] / (top_hz * 0.9))
    extended = level - NEPER * octaves * (9.0 + 9.0 * voiced) - NEPER * 2.0
    envelope, noise = analysis.envelope.copy(), analysis.noise.copy()
    envelope[:, above] = np.maximum(extended, envelope[:, above])
    noise[:, above] = np.maximum(noise[:, above], 0.97)
    return replace(analysis, envelope=envelope, noise=noise)


def lengthen_tract(analysis: Analysis, factor: float) -> Analysis:
    """Returns the voice of a vocal tract `factor` times as long: every formant divided by it."""
    if factor == 1.0:
        return analysis
    bins = analysis.envelope.shape[1]
    places = np.minimum(np.arange(bins) * factor, bins - 1.001)
    low = places.astype(int)
    part = places - low
    return replace(
        analysis,
        envelope=analysis.envelope[:, low] * (1 - part) + analysis.envelope[:, low + 1] * part,
        noise=analysis.noise[:, low] * (1 - part) + analysis.noise[:, low + 1] * part,
    )


def equalise(analysis: Analysis, gain_db: Floats) -> Analysis:
    """Returns the analysis with `gain_db` added: (bins,) for all time, or (frames, 1) for all frequencies."""
    return replace(analysis, envelope=analysis.envelope + NEPER * gain_db)


def tilt(analysis: Analysis, db_per_octave: float) -> Analysis:
    """Returns the analysis tilted about 1 kHz, within -3..3 dB an octave: beyond that listeners lose words."""
    if db_per_octave == 0.0:
        return analysis
    return equalise(analysis, _tilt_db(analysis.bins_hz, db_per_octave))


def tilted(samples: Samples, rate_hz: int, db_per_octave: float) -> Samples:
    """Returns sound tilted as `tilt` does, by a filter without phase."""
    if db_per_octave == 0.0:
        return samples
    size = 1 << (len(samples) + rate_hz // 10).bit_length()
    hz = np.asarray(np.fft.rfftfreq(size, 1 / rate_hz), np.float64)
    gain = 10 ** (_tilt_db(hz, db_per_octave) / 20)
    return np.asarray(np.fft.irfft(np.fft.rfft(samples, size) * gain, size)[: len(samples)], np.float32)


def _tilt_db(hz: Floats, db_per_octave: float) -> Floats:
    return np.asarray(np.clip(db_per_octave, -3.0, 3.0) * np.log2(np.clip(hz, 150.0, 8000.0) / 1000.0))


def breathe(analysis: Analysis, amount: float) -> Analysis:
    """Returns a breathier voice: more noise among the harmonics, most of it above 2 kHz. amount: 0..1."""
    if amount <= 0.0:
        return analysis
    share = min(1.0, amount) * np.clip((analysis.bins_hz - 300.0) / 4000.0, 0.03, 0.9)
    noise = np.where(analysis.voiced[:, None], 1 - (1 - analysis.noise) * (1 - share), analysis.noise)
    return replace(analysis, noise=noise)


def whisper(analysis: Analysis) -> Analysis:
    """Returns the clause whispered: no voicing, the low end of the glottal source gone, formants 4 % up.

    Whispered spectra lose about 20 dB at the first harmonics and tilt up (Jovicic 1998; Ito et al. 2005).
    """
    voiced = np.convolve(analysis.voiced.astype(float), np.ones(5) / 5, mode="same")[:, None]
    hz = analysis.bins_hz
    cut = -20.0 * np.clip((700.0 - hz) / 600.0, 0.0, 1.0) - 5.0
    lift = 2.0 * np.log2(np.clip(hz, 700.0, 8000.0) / 700.0)
    shaped = replace(analysis, envelope=analysis.envelope + NEPER * voiced * (cut + lift)[None])
    shaped = lengthen_tract(shaped, 0.96)
    return replace(shaped, f0_hz=np.zeros_like(shaped.f0_hz), noise=np.ones_like(shaped.noise))
