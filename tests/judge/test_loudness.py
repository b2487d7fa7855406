"""Levels against signals whose figures are known."""

import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.base.errors import BadInput
from understudy.judge import levels
from understudy.judge.loudness import loudness


def sine(hz: float, amplitude: float, rate_hz: int = 48000, seconds: float = 5.0) -> Audio:
    clock = np.arange(round(seconds * rate_hz)) / rate_hz
    return Audio((amplitude * np.sin(2 * np.pi * hz * clock)).astype(np.float32), rate_hz)


def test_the_calibration_tone_of_bs_1770_reads_minus_three() -> None:
    assert loudness(sine(997, 1.0)) == pytest.approx(-3.01, abs=0.05)


@pytest.mark.parametrize("rate_hz", [16000, 22050, 44100])
def test_loudness_does_not_depend_on_the_rate(rate_hz: int) -> None:
    assert loudness(sine(997, 0.1, rate_hz)) == pytest.approx(-23.01, abs=0.1)


def test_pauses_are_gated_out() -> None:
    tone = sine(997, 0.1)
    broken = Audio.join([tone, Audio.silence(5, 48000), tone])
    assert loudness(broken) == pytest.approx(loudness(tone), abs=0.3)


def test_silence_has_no_loudness() -> None:
    assert loudness(Audio.silence(2, 16000)) == float("-inf")
    assert levels(Audio.silence(2, 16000))["rms"].value == -120


def test_known_levels_are_measured() -> None:
    scores = levels(sine(220, 0.5, 16000))
    assert scores["rms"].value == pytest.approx(-9.03, abs=0.02)
    assert scores["peak"].value == pytest.approx(-6.02, abs=0.02)
    assert scores["f0_median"].value == pytest.approx(220, abs=1)
    assert scores.passed


def test_clipping_is_found() -> None:
    loud = sine(220, 1.5, 16000)
    scores = levels(Audio(np.clip(loud.samples, -1, 1), 16000))
    assert scores["clipped"].value == pytest.approx(2 * 220 * 5, abs=3) and not scores.passed


def test_a_constant_shift_is_found() -> None:
    tone = sine(220, 0.5, 16000)
    assert levels(Audio(tone.samples + 0.1, 16000))["mean_level"].passed is False


def test_the_noise_floor_is_that_of_the_pauses() -> None:
    rng = np.random.default_rng(1)
    noise = (rng.standard_normal(16000) * 0.001).astype(np.float32)
    scores = levels(Audio.join([sine(220, 0.5, 16000, 2), Audio(noise, 16000), sine(220, 0.5, 16000, 2)]))
    assert scores["noise_floor"].value == pytest.approx(-60, abs=1)


def test_no_sound_is_refused() -> None:
    with pytest.raises(BadInput):
        levels(Audio.silence(0.0, 16000))
