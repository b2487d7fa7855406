"""Loudness of a piece of sound: measured after ITU-R BS.1770-4, set, and kept below full scale."""

from functools import cache

import numpy as np

from understudy.base.audio import Samples
from understudy.voice.world import Floats

SPEECH_LUFS = -18.0
"""Loudness of an actor's plain speech (AES TD1008, speech for streaming)."""
PEAK_DB = -1.0
HIGH_PASS_HZ = 80.0
_BLOCK_S = 0.1


def loudness_lufs(samples: Samples, rate_hz: int) -> float:
    """Returns the loudness of the speech in a sound: K-weighted, 100 ms blocks gated 10 LU below their mean.

    Blocks are shorter than the standard's 400 ms because a clause may be one word. -80 for silence.
    """
    block = int(_BLOCK_S * rate_hz)
    weighted = _filtered(np.asarray(samples, np.float64), _k_weight(samples, rate_hz))
    count = max(1, len(weighted) // block)
    blocks = weighted[: count * block].reshape(count, -1) if len(weighted) >= block else weighted[None]
    power = np.square(blocks).mean(axis=1)
    loud = power[power > 10 ** ((-70 + 0.691) / 10)]
    if not len(loud):
        return -80.0
    loud = loud[loud > loud.mean() / 10]
    return float(-0.691 + 10 * np.log10(loud.mean()))


def high_pass(samples: Samples, rate_hz: int) -> Samples:
    """Returns the sound without what lies below 80 Hz: zero phase, fourth-order Butterworth magnitude."""
    hz = np.fft.rfftfreq(_padded(len(samples)), 1 / rate_hz)
    with np.errstate(divide="ignore"):
        gain = 1 / np.sqrt(1 + (HIGH_PASS_HZ / np.maximum(hz, 1e-3)) ** 8)
    return np.asarray(_filtered(np.asarray(samples, np.float64), gain), np.float32)


def limit(samples: Samples, rate_hz: int) -> Samples:
    """Returns the sound with its peaks held below PEAK_DB by a gain that moves smoothly, 5 ms ahead."""
    ceiling = 10 ** (PEAK_DB / 20)
    if not len(samples) or float(np.abs(samples).max()) <= ceiling:
        return samples
    reach = max(1, int(0.005 * rate_hz))
    padded = np.pad(np.abs(samples), reach)
    peaks = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1)
    gain = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    window = np.hanning(2 * reach + 3)[1:-1]
    smooth = np.convolve(np.pad(gain, reach, mode="edge"), window / window.sum(), mode="valid")
    return np.asarray(np.clip(samples * smooth, -ceiling, ceiling), np.float32)


def fade_edges(samples: Samples, rate_hz: int, seconds: float = 0.008) -> Samples:
    """Returns the sound with raised-cosine edges, so that pieces meet without clicks."""
    count = min(len(samples) // 2, int(seconds * rate_hz))
    if not count:
        return samples
    ramp = 0.5 - 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / count)
    faded = np.array(samples, np.float32)
    faded[:count] *= ramp
    faded[-count:] *= ramp[::-1]
    return faded


def loudness_curve(samples: Samples, rate_hz: int, frame_rate_hz: float, frames: int) -> Floats:
    """Returns (frames,) RMS level in dBFS over 25 ms Hann windows, -80 at the least."""
    window = int(0.025 * rate_hz) | 1
    edge = np.zeros(window // 2)
    power = np.square(np.concatenate([edge, samples, edge]))
    places = np.minimum(((np.arange(frames) + 0.5) / frame_rate_hz * rate_hz).astype(int), max(0, len(samples) - 1))
    if len(power) < window:
        return np.full(frames, -80.0)
    mean = power[places[:, None] + np.arange(window)] @ _bell(window)
    return np.asarray(10 * np.log10(np.maximum(mean, 1e-8)))


@cache
def _bell(window: int) -> Floats:
    """Returns the (window,) Hann window whose sum is 1."""
    shape = np.hanning(window + 2)[1:-1]
    return np.asarray(shape / shape.sum())


def _k_weight(samples: Samples, rate_hz: int) -> Floats:
    """Returns the magnitude of the K filter: a high shelf of 4 dB above 1.5 kHz and a high-pass at 38 Hz."""
    hz = np.fft.rfftfreq(_padded(len(samples)), 1 / rate_hz)
    s = 1j * hz
    shelf_hz, gain, q = 1681.97, 10 ** (3.99984 / 20), 0.7072
    shelf = (gain * s**2 + np.sqrt(gain) / q * shelf_hz * s + shelf_hz**2) / (s**2 + shelf_hz / q * s + shelf_hz**2)
    low_hz, low_q = 38.135, 0.5003
    cut = s**2 / (s**2 + low_hz / low_q * s + low_hz**2)
    return np.asarray(np.abs(shelf * cut))


def _filtered(samples: Floats, gain: Floats) -> Floats:
    size = _padded(len(samples))
    return np.asarray(np.fft.irfft(np.fft.rfft(samples, size) * gain, size)[: len(samples)])


def _padded(count: int) -> int:
    return 1 << max(12, (count + 2047).bit_length())
