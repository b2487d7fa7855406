"""Laughs, sobs and screams are measured as a phonetician would: rate of calls, pitch, noise, roughness."""

from dataclasses import replace

import numpy as np
import pytest

from understudy.hub.cue import SOUNDS, WHOLE, Cue
from understudy.hub.speech import Speech
from understudy.voice import larynx, level
from understudy.voice.outbursts import score
from understudy.voice.timbre import Timbre, made_up
from understudy.voice.vocalising import vocalise
from understudy.voice.world import track_f0

RATE_HZ = 24_000
WOMAN = made_up(RATE_HZ, 190.0)
MAN = made_up(RATE_HZ, 110.0)


def made(name: str, timbre: Timbre = WOMAN, *, strength: float = 0.8, seconds: float = 0.0, seed: int = 1) -> Speech:
    cue = Cue(name, 0, strength=strength, duration_s=seconds)
    return vocalise(cue, timbre, loudness_db=0.0, rng=np.random.default_rng(seed))


def strokes(speech: Speech) -> np.ndarray:
    """Times of the bursts of level that stand 4 dB above their surroundings, within 25 dB of the loudest."""
    loud = np.convolve(speech.prosody.column("loudness_db"), np.hanning(7) / np.hanning(7).sum(), "same")
    found = []
    for i in range(4, len(loud) - 4):
        around = loud[max(0, i - 9) : i + 10]
        top = loud[i] == loud[i - 4 : i + 5].max() and loud[i] > loud.max() - 25
        if top and loud[i] - min(around[:9].min(), 99) > 4 and loud[i] - around[10:].min() > 4:
            found.append((i + 0.5) / 100)
    return np.array(found)


def beating(samples: np.ndarray) -> float:
    """Share of the envelope's motion at 40-110 Hz, against 2-30 Hz."""
    size = 512
    envelope = np.sqrt(np.convolve(samples.astype(float) ** 2, np.hanning(96) / np.hanning(96).sum(), "same"))
    power = np.abs(np.fft.rfft((envelope - envelope.mean()) * np.hanning(len(envelope)))) ** 2
    hz = np.fft.rfftfreq(len(envelope), 1 / RATE_HZ)
    assert len(envelope) > size
    return float(power[(hz > 40) & (hz < 110)].sum() / power[(hz > 2) & (hz < 30)].sum())


@pytest.mark.parametrize("timbre", [WOMAN, MAN], ids=["woman", "man"])
def test_a_laugh_has_four_to_five_and_a_half_calls_a_second(timbre: Timbre) -> None:
    gaps = np.diff(strokes(made("laugh", timbre)))
    gaps = gaps[gaps < 0.35]
    assert len(gaps) >= 3
    assert 4.0 < 1 / np.median(gaps) < 5.5


def test_a_scream_is_no_laugh() -> None:
    assert len(strokes(made("scream"))) <= 2


@pytest.mark.parametrize("timbre", [WOMAN, MAN], ids=["woman", "man"])
def test_a_laugh_is_far_above_speaking_pitch_and_falls(timbre: Timbre) -> None:
    speech = made("laugh", timbre)
    calls = [v for v in speech.vocals if v.part == "call"]
    f0 = track_f0(speech.audio)
    heights = []
    for call in calls:
        inside = f0[round(call.start_s / 0.005) : round(call.end_s / 0.005)]
        heights.append(np.median(inside[inside > 0]) if (inside > 0).sum() > 4 else np.nan)
    assert np.nanmax(heights[:3]) > 1.5 * timbre.f0_hz
    assert np.nanmean(heights[:2]) > 1.12 * np.nanmean(heights[-3:])


def test_the_calls_of_a_laugh_are_where_it_says() -> None:
    speech = made("laugh")
    loud = speech.prosody.column("loudness_db")
    for call in [v for v in speech.vocals if v.part == "call"][:4]:
        a, b = round((call.start_s - 0.06) * 100), round((call.end_s + 0.06) * 100)
        peak = (a + int(np.argmax(loud[a:b])) + 0.5) / 100
        assert call.start_s - 0.02 <= peak <= call.end_s


def test_breath_begins_a_call_and_voice_follows() -> None:
    notes = [n for n in score(Cue("laugh", 0), np.random.default_rng(0)) if n.part in ("out", "call")]
    voiced = next(n for n in notes if n.pitch)
    assert any(not n.pitch and n.start_s < voiced.start_s for n in notes)


def test_a_scream_is_rough_and_a_smooth_one_is_not() -> None:
    note = next(n for n in score(Cue("scream", 0), np.random.default_rng(0)) if n.part == "call")
    rough, _ = larynx.sound(note, WOMAN, np.random.default_rng(0))
    smooth, _ = larynx.sound(replace(note, rough=0.0), WOMAN, np.random.default_rng(0))
    middle = slice(RATE_HZ // 4, 3 * RATE_HZ // 4)
    assert beating(rough[middle]) > 5 * beating(smooth[middle])


def test_a_scream_is_the_loudest_and_a_breath_the_softest() -> None:
    loud = {name: level.loudness_lufs(made(name).audio.samples, RATE_HZ) for name in ("scream", "sob", "breath")}
    assert loud["scream"] > loud["sob"] + 5 > loud["breath"] + 5
    assert np.abs(made("scream", strength=1.0).audio.samples).max() <= 0.9


def test_a_sob_catches_breath_four_to_five_times_a_second_and_then_moans_down() -> None:
    speech = made("sob")
    jerks = [v for v in speech.vocals if v.part == "jerk"]
    moan = next(v for v in speech.vocals if v.part == "moan")
    assert 4.0 < 1 / np.median(np.diff([j.start_s for j in jerks[:3]])) < 5.5
    assert jerks[0].start_s < moan.start_s
    f0 = speech.prosody.column("f0_hz")[round(moan.start_s * 100) : round(moan.end_s * 100)]
    f0 = f0[f0 > 0]
    assert np.median(f0[:8]) > 1.2 * np.median(f0[-8:])


def test_a_gasp_is_air_alone_when_it_is_small() -> None:
    assert not made("gasp", strength=0.4).prosody.column("f0_hz").any()
    assert made("cry").prosody.column("f0_hz").any()


@pytest.mark.parametrize("name", SOUNDS)
def test_every_sound_is_whole_quiet_at_its_ends_and_the_same_again(name: str) -> None:
    speech = made(name)
    assert speech.audio.samples.tobytes() == made(name).audio.samples.tobytes()
    assert speech.audio.samples.tobytes() != made(name, seed=2).audio.samples.tobytes()
    assert np.abs(speech.audio.samples[:20]).max() < 0.01
    assert np.abs(speech.audio.samples[-20:]).max() < 0.01
    assert speech.prosody.duration_s == pytest.approx(speech.duration_s)
    whole = [v for v in speech.vocals if v.part == WHOLE]
    assert len(whole) == 1
    assert all(0 <= v.start_s <= v.end_s <= speech.duration_s for v in speech.vocals)
    assert level.loudness_lufs(speech.audio.samples, RATE_HZ) > -50


def test_a_laugh_of_three_seconds_takes_about_three_seconds() -> None:
    assert 2.4 < made("laugh", seconds=3.0).duration_s < 5.0
    assert made("laugh", seconds=3.0).duration_s > made("laugh").duration_s


def test_a_woman_laughs_higher_than_a_man() -> None:
    high, low = (np.median(f[f > 0]) for f in (made("laugh", t).prosody.column("f0_hz") for t in (WOMAN, MAN)))
    assert high > 1.4 * low
