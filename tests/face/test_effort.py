import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.face.effort import WHISPERED, heard

RATE_HZ = 16_000
MIDDLES_S = np.linspace(0.2, 1.8, 9)


def vowels(f0_hz: float, tilt_db: float) -> Audio:
    """Two seconds of a buzz whose spectrum falls by tilt_db an octave."""
    times = np.arange(2 * RATE_HZ) / RATE_HZ
    count = int(5000 / f0_hz)
    waves = [
        10 ** (-tilt_db * np.log2(k * f0_hz / 100) / 20) * np.sin(2 * np.pi * k * f0_hz * times)
        for k in range(1, count)
    ]
    return Audio((0.05 * np.sum(waves, axis=0)).astype(np.float32), RATE_HZ)


def effort(f0_hz: float, tilt_db: float, gain: float = 1.0) -> float:
    sound = vowels(f0_hz, tilt_db)
    return heard(Audio(sound.samples * np.float32(gain), RATE_HZ), MIDDLES_S, np.full(len(MIDDLES_S), f0_hz))


def test_a_bright_voice_opens_wider_than_a_dull_one() -> None:
    soft, plain, loud = (effort(180.0, tilt) for tilt in (11.0, 9.0, 7.0))
    assert soft < plain < loud
    assert loud > 1.1 * soft


def test_a_pitch_beyond_talk_is_effort() -> None:
    sound, voiced = vowels(200.0, 9.0), np.ones(len(MIDDLES_S))
    talk, high, call = (heard(sound, MIDDLES_S, hz * voiced) for hz in (120.0, 200.0, 320.0))
    assert talk == high < 0.85 * call


@pytest.mark.parametrize("gain", [0.05, 4.0])
def test_gain_is_no_effort(gain: float) -> None:
    assert effort(180.0, 8.0, gain) == pytest.approx(effort(180.0, 8.0), rel=1e-3)


def test_vowels_without_voice_are_whispered_however_bright() -> None:
    noise = Audio(np.random.default_rng(0).normal(0, 0.05, 2 * RATE_HZ).astype(np.float32), RATE_HZ)
    assert heard(noise, MIDDLES_S, np.zeros(len(MIDDLES_S))) == pytest.approx(WHISPERED)


def test_a_sound_too_short_to_tell_is_ordinary() -> None:
    assert heard(Audio.silence(0.01, RATE_HZ), np.array([0.005]), np.array([150.0])) == 1.0
