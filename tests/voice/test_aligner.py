"""Phones in one pass: where two passes find them, at half the work."""

import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.hub.script import Line
from understudy.hub.voice import Voice
from understudy.voice import aligner, speak
from understudy.voice.aligner import Sayable
from understudy.voice.pico import Pico
from understudy.voice.text import read
from understudy.voice.timing import sayable
from understudy.voice.uttering import EDGE_S, without_silence

TEXTS = ("Mama and papa believe me.", "The either or problem.", "Pick a better map, Bob.")


@pytest.mark.parametrize("text", TEXTS)
def test_following_finds_the_phones_where_aligning_does(text: str) -> None:
    clause = read(text)[0]
    audio = without_silence(Pico().say(clause, "en-US").audio)
    words = sayable(clause, "en-US")
    quick, slow = aligner.follow(audio, words), aligner.align(audio, words)
    assert quick is not None and slow is not None and len(quick) == len(slow) == len(words)
    apart, closures = [], []
    for a, b in zip(quick, slow, strict=True):
        if [p.name for p in a.phones] == [p.name for p in b.phones]:
            apart += [abs(x.end_s - y.end_s) for x, y in zip(a.phones, b.phones, strict=True)]
            closures += [
                abs(x.start_s + x.end_s - y.start_s - y.end_s) / 2
                for x, y in zip(a.phones, b.phones, strict=True)
                if x.name in "PBM"
            ]
    assert len(apart) > 8
    assert np.median(apart) <= 0.015 and np.mean(apart) <= 0.03
    assert max(closures) <= 0.04, "lips close within a frame or two of where they did"


def test_following_keeps_the_stress_and_the_way_that_was_said() -> None:
    clause = read("Either one.")[0]
    audio = without_silence(Pico().say(clause, "en-US").audio)
    words = [Sayable("either", (("IY1", "DH", "ER0"), ("AY1", "DH", "ER0"))), Sayable("one", (("W", "AH1", "N"),))]
    found = aligner.follow(audio, words)
    assert found is not None
    assert found[0].phones[0].name in ("IY", "AY") and found[0].phones[0].stress == 1
    assert [p.name for p in found[1].phones] == ["W", "AH", "N"]
    times = [t for word in found for p in word.phones for t in (p.start_s, p.end_s)]
    assert times == sorted(times) and times[-1] <= audio.duration_s


def test_phones_that_end_too_early_are_not_shared_out() -> None:
    ways = [[("M", "AA")], [("P", "AA"), ("P",)]]
    assert aligner._shared_out(["M", "AA", "P", "AA"], ways) == [2, 2]
    assert aligner._shared_out(["M", "AA", "P"], ways) == [2, 1]
    assert aligner._shared_out(["M", "AA"], ways) is None


def test_silence_around_a_clause_goes_and_the_clause_stays() -> None:
    rate_hz = 16_000
    said = np.sin(np.arange(8_000) / 20).astype(np.float32) * 0.3
    audio = Audio(np.concatenate([np.zeros(4_000, np.float32), said, np.zeros(12_000, np.float32)]), rate_hz)
    kept = without_silence(audio)
    assert kept.duration_s == pytest.approx(0.5 + 2 * EDGE_S, abs=0.002)
    assert float(np.square(kept.samples).sum()) == pytest.approx(float(np.square(said).sum()))
    assert without_silence(Audio.silence(0.5, rate_hz)).duration_s == 0.5


def test_a_line_can_be_begun_at_any_piece() -> None:
    line, own = Line("Mama and papa believe me, but nobody else does."), Voice(engines=("pico/en-US",))
    whole = list(speak(line, own, seed=4, first_words=2, brisk=True))
    for first in range(len(whole) + 1):
        rest = list(speak(line, own, seed=4, first_words=2, brisk=True, first=first))
        assert len(rest) == len(whole) - first
        for a, b in zip(rest, whole[first:], strict=True):
            assert np.array_equal(a.audio.samples, b.audio.samples) and a.phones == b.phones
