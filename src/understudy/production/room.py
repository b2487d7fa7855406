"""The sound of a set: a little of the room around the voice, and its air in the pauses."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from understudy.base.audio import Audio, Samples
from understudy.hub.performance import Beat
from understudy.hub.place import Acoustics

_TONE_S = 11.0


def in_room(beats: Iterable[Beat], acoustics: Acoustics, *, seed: int = 0) -> Iterator[Beat]:
    """Yields the beats with their sound as it is heard in the room; nothing is delayed, lengths stay.

    What still rings when the beats end is cut off with them.
    """
    ringing = np.zeros(0, np.float32)
    response = np.zeros(0, np.float32)
    air = np.zeros(1, np.float32)
    position = 0
    for beat in beats:
        rate_hz, samples = beat.sound.rate_hz, beat.sound.samples
        if not len(response):
            rng = np.random.default_rng(seed)
            response, air = room_response(acoustics, rate_hz, rng), room_tone(acoustics.tone_db, rate_hz, rng)
        wet = _convolved(samples, response)
        wet[: len(ringing)] += ringing[: len(wet)]
        ringing = np.concatenate([wet[len(samples) :], ringing[len(wet) :]])
        places = (position + np.arange(len(samples))) % len(air)
        position += len(samples)
        heard = np.clip(samples + wet[: len(samples)] + air[places], -1, 1).astype(np.float32)
        yield replace(beat, sound=Audio(heard, rate_hz))


def room_response(acoustics: Acoustics, rate_hz: int, rng: np.random.Generator) -> Samples:
    """Returns what the room adds to one impulse: a few early reflections, then noise that decays exponentially.

    Shaped noise is the statistical model of late reverberation (Moorer, Computer Music Journal 3(2), 1979). Its energy
    is `wet_db` against the direct sound, which is not in it.
    """
    length = max(8, int(acoustics.decay_s * rate_hz))
    times = np.arange(length) / rate_hz
    tail = rng.normal(size=length) * 10 ** (-3 * times / acoustics.decay_s)
    tail = np.convolve(tail, np.hanning(9)[1:-1] / 4.0, mode="same")
    tail[: int(0.012 * rate_hz)] *= np.linspace(0, 1, int(0.012 * rate_hz))[: len(tail[: int(0.012 * rate_hz)])]
    early = (rng.uniform(0.004, 0.028, 6) * rate_hz).astype(int)
    for at in early[early < length]:
        tail[at] += rng.choice([-1.0, 1.0]) * rng.uniform(0.6, 1.4)
    energy = float(np.sqrt(np.square(tail).sum()))
    return np.asarray(tail / max(energy, 1e-9) * 10 ** (acoustics.wet_db / 20), np.float32)


def room_tone(level_db: float, rate_hz: int, rng: np.random.Generator) -> Samples:
    """Returns a seamless loop of quiet noise that falls by 6 dB an octave above 120 Hz. level_db: RMS in dBFS."""
    count = int(_TONE_S * rate_hz)
    hz = np.fft.rfftfreq(count, 1 / rate_hz)
    shape = np.where(hz < 40, 0.0, 1 / np.maximum(hz, 120.0))
    spectrum = shape * np.exp(2j * np.pi * rng.random(len(hz)))
    noise = np.fft.irfft(spectrum, count)
    return np.asarray(noise / np.sqrt(np.square(noise).mean()) * 10 ** (level_db / 20), np.float32)


def _convolved(samples: Samples, response: Samples) -> Samples:
    total = len(samples) + len(response) - 1
    size = 1 << max(1, total - 1).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.fft.rfft(response, size)
    return np.asarray(np.fft.irfft(spectrum, size)[:total], np.float32)
