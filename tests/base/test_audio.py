from pathlib import Path

import numpy as np
import pytest
import soundfile

from understudy.base.audio import Audio, mono, read_sound
from understudy.base.errors import BadInput


def tone(rate_hz: int, seconds: float = 0.5) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * 220 * np.arange(int(rate_hz * seconds)) / rate_hz)).astype(np.float32)


@pytest.mark.parametrize(("rate_hz", "channels"), [(8000, 1), (44100, 2), (48000, 6)])
def test_any_rate_and_channel_count_becomes_mono(tmp_path: Path, rate_hz: int, channels: int) -> None:
    wav = tmp_path / "a.wav"
    soundfile.write(wav, np.repeat(tone(rate_hz)[:, None], channels, axis=1), rate_hz)
    sound = read_sound(wav)
    assert sound.rate_hz == rate_hz
    assert sound.duration_s == pytest.approx(0.5, abs=0.001)
    assert np.corrcoef(sound.samples, tone(rate_hz))[0, 1] > 0.999


def test_channels_that_cancel_out_are_still_heard() -> None:
    tone = np.sin(np.arange(8000) / 9).astype(np.float32)
    assert np.allclose(mono(np.stack([tone, 0 * tone])), tone / 2)
    assert np.allclose(mono(np.stack([tone, -0.98 * tone])), tone)
    assert np.allclose(mono(np.stack([tone, *[0 * tone] * 7])), tone / 8)


def test_a_text_named_wav_is_one_sentence(tmp_path: Path) -> None:
    fake = tmp_path / "fake.wav"
    fake.write_text("not a sound")
    with pytest.raises(BadInput, match="cannot be read as sound"):
        read_sound(fake)


def test_an_empty_sound_is_one_sentence(tmp_path: Path) -> None:
    wav = tmp_path / "empty.wav"
    soundfile.write(wav, np.zeros(0, np.float32), 16000)
    with pytest.raises(BadInput):
        read_sound(wav)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no sound file"):
        read_sound(tmp_path / "nothing.wav")


def test_resampling_keeps_length_and_shape() -> None:
    up = Audio(tone(16000), 16000).at_rate(48000)
    assert up.duration_s == pytest.approx(0.5, abs=0.002)
    assert np.abs(up.samples).max() == pytest.approx(0.3, abs=0.03)


def test_pieces_of_different_rates_do_not_join() -> None:
    with pytest.raises(ValueError, match="one rate"):
        Audio.join([Audio.silence(0.1, 16000), Audio.silence(0.1, 24000)])
