"""The benchmark's own parts: controls that must fail, pieces of a stream, spoilt sounds, on made mouths."""

import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.hub.speech import Speech
from understudy.judge.following import GRID_HZ, Curve
from understudy.production.bench.clips import Clip, Said, known_curves
from understudy.production.bench.controls import delayed, flap, gape, shuffled
from understudy.production.bench.mouths import Mouth, closings, following, voiced_span_s
from understudy.production.bench.robust import longest_still_s, music, noisy, roomy, scaled
from understudy.testing.speech import SENTENCES, spoken

RATE_HZ = 16_000


def talker(seed: int, seconds: float = 3.0) -> Clip:
    """A talker whose level rises and falls with his lips, after half a second of rest."""
    rng = np.random.default_rng(seed)
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    lips = sum(np.sin(2 * np.pi * hz * times + rng.uniform(0, 6)) for hz in rng.uniform(2, 6, 4)) / 4
    level = np.where((times > 0.5) & (times < seconds - 0.5), 1.0 + 0.8 * lips, 0.0)
    sound = Audio((0.1 * level * rng.standard_normal(len(times))).astype(np.float32), RATE_HZ)
    return Clip(f"talker {seed}", sound, "words", Curve.at_rate(level[::160], 100.0))


CLIPS = [talker(seed, 10.0) for seed in range(6)]
KNOWING = Mouth("knowing", lambda sound, text: next(c.real for c in CLIPS if c.sound is sound))


def test_a_mouth_that_knows_passes_and_the_sound_of_another_clip_does_not() -> None:
    assert all(row.passed is not False for row in following(KNOWING, CLIPS, with_text=True))
    wrong, own, _ = shuffled(KNOWING, CLIPS)
    assert wrong.passed and own.value > 0.99


def test_a_mouth_in_step_with_every_clip_is_caught_by_the_control() -> None:
    same = CLIPS[0].real
    twins = [Clip(f"twin {i}", c.sound, c.text, same) for i, c in enumerate(CLIPS)]
    assert shuffled(Mouth("same", lambda sound, text: same), twins)[0].passed is False


def test_a_late_mouth_is_seen_to_be_late() -> None:
    row = delayed(KNOWING, CLIPS)
    assert row.passed and row.value == pytest.approx(150.0, abs=3.0)


def utterance() -> Said:
    speech = spoken(SENTENCES["bob"])
    return Said("bob", speech.audio, "bob", speech.phones)


def test_gaping_and_flapping_mouths_fail_their_rows() -> None:
    assert gape([utterance()]).passed
    rows = closings(
        Mouth("gape", lambda s, t: Curve.at_rate(np.full(300, 9.0), GRID_HZ)), [utterance()], with_text=True
    )
    assert rows[0].value == 0 and rows[0].passed is False
    assert len(flap([utterance()])) == 2


def heard(speech: Speech) -> list[str]:
    """Phones in order, those that follow themselves once: a phone may be cut between pieces."""
    names = [p.name for p in speech.phones]
    return [name for i, name in enumerate(names) if i == 0 or name != names[i - 1]]


def test_sounds_are_spoilt_as_asked() -> None:
    clean = talker(0).sound
    start, end = voiced_span_s(clean)
    assert start == pytest.approx(0.5, abs=0.05) and end == pytest.approx(2.5, abs=0.05)
    noise = noisy(clean, 0.0).samples - clean.samples
    inside = clean.samples[int(start * RATE_HZ) : int(end * RATE_HZ)]
    assert np.mean(noise**2) == pytest.approx(np.mean(inside**2), rel=0.05)
    assert len(roomy(clean).samples) == len(clean.samples)
    assert np.abs(scaled(clean, 100.0, clip=True).samples).max() <= 0.99
    assert np.isfinite(music().samples).all()


def test_stillness_is_timed() -> None:
    curve = np.r_[np.sin(np.arange(100)), np.zeros(80), np.sin(np.arange(100))]
    assert longest_still_s(curve, 0.1) == pytest.approx(0.8, abs=0.03)


def test_the_tracked_curves_of_the_package_are_there() -> None:
    curves = known_curves()
    assert len(curves) == 5 and all(len(c.values) == 75 for c in curves.values())
