"""Voices brought near to others; the others are small synthetic voices, nobody's."""

from pathlib import Path

import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.base.errors import BadInput, Unavailable
from understudy.hub.bundle import encode
from understudy.hub.likeness import Likeness
from understudy.hub.voice import Match, Voice, mixture
from understudy.voice import choose, match, matching
from understudy.voice.kokoro import model, styles
from understudy.voice.pico import Pico
from understudy.voice.text import read
from understudy.voice.voiceprint import Voiceprint, voiceprint

SAMPLE = "Help the woman get back to her feet. What time does the next train to the city arrive?"


@pytest.fixture
def neural(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNDERSTUDY_KOKORO")
    if why := model.missing():
        pytest.skip(why)


@pytest.fixture(scope="module")
def sample() -> Audio:
    """Pico says two sentences."""
    return Audio.join(Pico().say(clause, "en-US").audio for clause in read(SAMPLE))


@pytest.fixture(scope="module")
def own(sample: Audio) -> Voiceprint:
    return voiceprint(sample)


def test_a_mixture_is_written_in_its_name() -> None:
    assert mixture("emi*0.6+mei*-0.1") == {"emi": 0.6, "mei": -0.1}
    for bad in ("emi", "emi*x", "emi*0.6+", "emi*0.6 mei*0.4", "*0.5"):
        assert mixture(bad) == {}


def test_a_mixture_of_one_is_that_voice_and_of_two_lies_between() -> None:
    assert np.allclose(styles.style("emi*1.0", 40), styles.style("emi", 40))
    between = styles.style("emi*0.5+jonah*0.5", 40)
    sound = (styles.style("emi", 40) + styles.style("jonah", 40)) / 2
    assert np.allclose(between[: styles.SOUND_PART], sound[: styles.SOUND_PART], atol=1e-6)
    assert np.array_equal(between[styles.SOUND_PART :], styles.style("emi", 40)[styles.SOUND_PART :])
    assert styles.language_of("nobody*1") == "" and styles.language_of("fr-man*1") == "fr-FR"


def test_only_an_own_voice_may_be_a_mixture(neural: None) -> None:
    mixed = "kokoro/emi*0.5+mei*0.5"
    assert choose(Voice(engines=(mixed,))).label == mixed
    assert choose(Voice(engines=(f"{mixed}@1.0,1.0",)), engine=mixed).label == mixed
    with pytest.raises(BadInput, match="mixture"):
        choose(Voice(), engine=mixed)
    assert choose(Voice(engines=("kokoro/nobody*1", "pico/en-US"))).label == "pico/en-US"


def test_a_print_tells_a_voice_from_others_whatever_they_say(own: Voiceprint) -> None:
    words = "A pot of tea helps to pass the evening. Rice is often served in round bowls."
    again = voiceprint(Audio.join(Pico().say(clause, "en-US").audio for clause in read(words)))
    known = matching.table().prints
    assert matching.similarity(own, again) > 0.7
    assert matching.similarity(own, again) > max(matching.similarity(own, known[name]) for name in styles.designed())
    assert matching.similarity(known["emi"], known["emi"]) == pytest.approx(1.0)
    assert matching.similarity(known["emi"], known["tane"]) < 0.3
    assert own.f0_hz == pytest.approx(again.f0_hz, rel=0.08)


def test_what_is_designed_for_a_voice_that_is_there_is_that_voice() -> None:
    known = matching.table().prints
    for name in ("jonah", "amara"):
        (design, *_) = matching.designs({1.0: known[name]}, "en-GB" if name == "amara" else "en-US")
        parts = mixture(design.engines[0].partition("/")[2])
        assert max(parts, key=parts.__getitem__) == name and parts[name] > 0.5
        assert (design.tract, design.pace, design.pitch_range) == (1.0, 1.0, 1.0) and abs(design.pitch_st) < 0.1


def test_a_design_takes_pitch_range_and_pace_from_the_sample(own: Voiceprint) -> None:
    (design, *_) = matching.designs({1.0: own}, "en-US")
    reader = next(iter(mixture(design.engines[0].partition("/")[2])))
    base = matching.table().prints[reader]
    assert design.pitch_st == pytest.approx(12 * np.log2(own.f0_hz / base.f0_hz), abs=0.01)
    assert sum(mixture(design.engines[0].partition("/")[2]).values()) == pytest.approx(1.0, abs=0.01)


def test_what_cannot_be_matched_is_said(sample: Audio, neural: None) -> None:
    with pytest.raises(BadInput, match="6 to 120 s"):
        match(sample.cut(0.0, 2.0))
    with pytest.raises(BadInput, match="silent"):
        match(Audio.silence(8.0, 16_000))
    noise = np.random.default_rng(0).normal(0, 0.1, 160_000).astype(np.float32)
    with pytest.raises(BadInput, match="too little clear speech"):
        match(Audio(noise, 16_000))


def test_voices_are_matched_by_the_neural_voice_alone(sample: Audio) -> None:
    with pytest.raises(Unavailable, match="switched off"):
        match(Audio.join([sample, sample]))


def test_a_voice_rests_in_a_file_and_others_are_written_as_ever(tmp_path: Path) -> None:
    voice = Voice(engines=("kokoro/emi*0.5+mei*0.5",), match=Match("consent-1", "ab" * 32, 0.7))
    likeness = Likeness(voice, "a.b.c", "d.e.f")
    likeness.save(tmp_path / "her.voice")
    assert Likeness.open(tmp_path / "her.voice") == likeness
    assert b"match" not in encode("Voice.1", Voice())
    (tmp_path / "other.voice").write_bytes(b"no")
    for name in ("other", "none"):
        with pytest.raises(BadInput):
            Likeness.open(tmp_path / f"{name}.voice")
