"""Breaths that are heard: an intake before a line, a sigh, a gasp, made of shaped noise."""

import logging
from collections.abc import Sequence

import numpy as np

from understudy.base.audio import Samples
from understudy.voice.delivery import Delivery
from understudy.voice.level import SPEECH_LUFS, fade_edges

LOG = logging.getLogger(__name__)

BREATHS = {
    "breath": (0.42, 0.55, (700.0, 1500.0, 2600.0, 4200.0), -23.0, 0.12),
    "inhale": (0.42, 0.55, (700.0, 1500.0, 2600.0, 4200.0), -23.0, 0.12),
    "sigh": (0.85, 0.18, (550.0, 1250.0, 2400.0, 3600.0), -19.0, 0.2),
    "gasp": (0.26, 0.3, (900.0, 1900.0, 2900.0, 4600.0), -16.0, 0.1),
}
"""Event -> seconds, place of its peak 0..1, resonances in Hz, level in dB against speech, silence after it in seconds.

Breath noise has the resonances of an open, neutral tract and lies 15 to 25 dB below speech; intakes last about 0.4 s,
gasps are short and high (Nakano et al. 2008; Ruinskiy & Lavner 2007)."""


def breath_sound(events: Sequence[str], played: Delivery, rate_hz: int, rng: np.random.Generator) -> Samples:
    """Returns the breaths that a direction asks for, to be heard before its line; empty when it asks for none.

    Other vocal events (a laugh, a sob) are not made yet and are logged.
    """
    pieces: list[Samples] = []
    for event in events:
        if event in BREATHS:
            pieces.append(_noise(event, played, rate_hz, rng))
        else:
            LOG.info("vocal event is not voiced", extra={"event": event})
    if not pieces:
        return np.zeros(0, np.float32)
    joined = np.concatenate(pieces)
    grid = rate_hz // 100
    return np.concatenate([joined, np.zeros(-len(joined) % grid, np.float32)])


def _noise(event: str, played: Delivery, rate_hz: int, rng: np.random.Generator) -> Samples:
    seconds, peak, resonances, level_db, rest_s = BREATHS[event]
    count = int(seconds * rate_hz)
    size = 1 << count.bit_length()
    hz = np.fft.rfftfreq(size, 1 / rate_hz)
    gain = np.zeros(len(hz))
    for order, centre in enumerate(resonances):
        centre = centre / played.tract
        gain += 0.75**order / (1 + ((hz - centre) / (180.0 + 0.09 * centre)) ** 2)
    gain = (gain + 0.04) * np.clip(hz / 300.0, 0.0, 1.0) ** 2 / (1 + (hz / 7000.0) ** 4)
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(size)) * gain, size)[:count]
    part = np.arange(count) / count
    rising, falling = np.clip(part / peak, 0, 1), np.clip((part - peak) / (1 - peak), 0, 1)
    swell = np.sin(0.5 * np.pi * rising) ** 1.6 * np.cos(0.5 * np.pi * falling) ** 1.3
    noise *= swell
    loud = np.sqrt(np.mean(noise**2)) + 1e-12
    noise *= 10 ** ((SPEECH_LUFS + level_db + 4.0) / 20) / loud
    return np.concatenate(
        [fade_edges(np.asarray(noise, np.float32), rate_hz), np.zeros(int(rest_s * rate_hz), np.float32)]
    )
