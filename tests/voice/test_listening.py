import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.base.errors import BadInput
from understudy.hub.script import Line
from understudy.hub.speech import Speech
from understudy.hub.voice import Voice
from understudy.voice import listen, speak

TEXT = "The old lighthouse keeper watched the storm. Four hours of steady work faced us."
OTHER = "A rod is used to catch pink salmon. Kick the ball straight and follow through."


@pytest.fixture(scope="module")
def known() -> Speech:
    return Speech.join(speak(Line(TEXT), Voice(engines=("pico/en-US",))))


def covered(speech: Speech) -> None:
    assert speech.phones[0].start_s == 0
    assert speech.phones[-1].end_s == pytest.approx(speech.duration_s)
    assert all(a.end_s == pytest.approx(b.start_s) for a, b in zip(speech.phones, speech.phones[1:], strict=False))
    assert speech.prosody.duration_s == pytest.approx(speech.duration_s)


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 96_000])
def test_words_are_found_where_they_are_said_at_any_rate(known: Speech, rate_hz: int) -> None:
    speech = listen(known.audio.at_rate(rate_hz), TEXT)
    covered(speech)
    assert speech.timing == "aligned"
    assert [w.text for w in speech.words] == [w.text for w in known.words]
    errors = [abs(a.start_s - b.start_s) for a, b in zip(speech.words, known.words, strict=True)]
    assert np.median(errors) < 0.03


def test_level_does_not_matter(known: Speech) -> None:
    soft = Audio(known.audio.samples * 0.003, known.audio.rate_hz)
    assert [w.text for w in listen(soft, TEXT).words] == [w.text for w in known.words]


def test_without_a_text_phones_are_heard(known: Speech) -> None:
    speech = listen(known.audio)
    covered(speech)
    assert speech.timing == "heard"
    assert speech.words == ()
    assert len([p for p in speech.phones if p.name != "SIL"]) > 30


def test_a_text_that_is_not_what_is_said_is_not_believed(known: Speech) -> None:
    speech = listen(known.audio, OTHER)
    covered(speech)
    assert speech.timing == "heard"
    assert speech.words == ()


def test_silence_around_what_is_said_does_not_speak_against_the_text(known: Speech) -> None:
    sound = known.audio.at_rate(16_000)
    rest = Audio.silence(1.5 * sound.duration_s, 16_000)
    speech = listen(Audio.join([rest, sound]), TEXT)
    assert speech.timing == "aligned"
    assert speech.words[0].start_s > rest.duration_s - 0.1


def test_a_long_recording_is_aligned_in_pieces(known: Speech) -> None:
    long = Speech.join([known] * 6)
    assert long.duration_s > 25
    speech = listen(long.audio, " ".join([TEXT] * 6))
    covered(speech)
    assert speech.timing == "aligned"
    assert len(speech.words) == len(long.words)
    errors = [abs(a.start_s - b.start_s) for a, b in zip(speech.words, long.words, strict=True)]
    assert np.percentile(errors, 90) < 0.08


def test_numbers_and_unknown_names_in_the_text_are_found() -> None:
    said = Speech.join(speak(Line("Zarnwick paid $5."), Voice(engines=("pico/en-US",))))
    assert [w.text for w in listen(said.audio, "Zarnwick paid $5.").words] == ["zarnwick", "paid", "five", "dollars"]


@pytest.mark.parametrize(
    ("samples", "rate_hz", "words"),
    [
        (np.zeros(0), 16_000, "lasts"),
        (np.zeros(100), 16_000, "lasts"),
        (np.zeros(16_000), 16_000, "silent"),
        (np.full(16_000, np.nan), 16_000, "broken"),
        (np.ones(16_000), 2_000, "Hz"),
    ],
)
def test_ruined_sound_is_refused_in_one_sentence(samples: np.ndarray, rate_hz: int, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        listen(Audio(samples.astype(np.float32), rate_hz), "hello")


def test_noise_with_a_text_is_not_taken_for_speech() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 48_000).astype(np.float32)
    assert listen(Audio(noise, 16_000), "hello there my friend").words == ()
