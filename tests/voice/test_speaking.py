from collections.abc import Mapping

import numpy as np
import pytest

from understudy.base.errors import BadInput, Unavailable, UnknownName
from understudy.hub.script import Direction, Line
from understudy.hub.speech import Speech, Word
from understudy.hub.voice import Voice
from understudy.voice import SPEECH_RATE_HZ, choose, speak, survey
from understudy.voice.level import loudness_lufs

PICO = Voice(engines=("pico/en-US",))
TEXT = "I never thought that you would leave."


def made(
    text: str = TEXT, *, voice: Voice = PICO, seed: int = 0, emphasis: tuple[int, ...] = (), **direction: object
) -> Speech:
    line = Line(text, direction=Direction(**direction), emphasis=emphasis)  # type: ignore[arg-type]
    return Speech.join(speak(line, voice, seed=seed))


def pitch_hz(speech: Speech, word: Word | None = None) -> float:
    f0 = speech.prosody.column("f0_hz")
    if word is not None:
        f0 = f0[int(word.start_s * 100) : int(word.end_s * 100)]
    return float(np.median(f0[f0 > 0]))


def length_s(speech: Speech) -> float:
    return speech.words[-1].end_s - speech.words[0].start_s


@pytest.fixture(scope="module")
def plain() -> Speech:
    return made()


@pytest.fixture(scope="module")
def played() -> Mapping[str, Speech]:
    return {name: made(emotions={name: 1.0}) for name in ("joy", "sadness", "anger", "tenderness")}


def test_pieces_join_without_gaps() -> None:
    pieces = list(speak(Line("Wait, listen. Do you hear it?"), PICO))
    assert len(pieces) == 3
    speech = Speech.join(pieces)
    assert speech.audio.rate_hz == SPEECH_RATE_HZ
    assert speech.prosody.duration_s == pytest.approx(speech.duration_s)
    assert speech.phones[-1].end_s == pytest.approx(speech.duration_s)
    assert all(a.end_s <= b.start_s + 1e-6 for a, b in zip(speech.words, speech.words[1:], strict=False))


def test_pieces_begin_and_end_in_silence_so_that_nothing_clicks() -> None:
    for piece in speak(Line("Stop, go, stay."), PICO):
        assert np.abs(piece.audio.samples[:5]).max() < 1e-3
        assert np.abs(piece.audio.samples[-5:]).max() < 1e-3
        steps = np.abs(np.diff(piece.audio.samples))
        assert steps.max() < 0.5


def test_the_same_seed_gives_the_same_samples_and_another_seed_another_take(plain: Speech) -> None:
    made("Other words come between them.")
    assert np.array_equal(plain.audio.samples, made().audio.samples)
    other = made(seed=1)
    assert not np.array_equal(plain.audio.samples[:5000], other.audio.samples[:5000])
    assert [w.text for w in other.words] == [w.text for w in plain.words]


def test_emphasis_raises_and_lengthens_the_right_word(plain: Speech) -> None:
    stressed = made(emphasis=(2,))
    word, usual = stressed.words[2], plain.words[2]
    assert word.text == "thought"
    assert 12 * np.log2(pitch_hz(stressed, word) / pitch_hz(plain, usual)) > 1.5
    assert word.end_s - word.start_s > 1.1 * (usual.end_s - usual.start_s)
    assert word.accent == 1.0
    assert max(w.accent for w in stressed.words[3:]) < 0.5
    before, was = stressed.words[0], plain.words[0]
    assert abs(12 * np.log2(pitch_hz(stressed, before) / pitch_hz(plain, was))) < 1.0


def test_emphasis_on_a_price_reaches_its_spoken_words() -> None:
    speech = made("Give me $5 now.", emphasis=(2,))
    assert {w.text for w in speech.words if w.accent == 1.0} == {"five", "dollars"}


def test_sadness_is_slower_lower_and_softer_than_joy(played: Mapping[str, Speech]) -> None:
    sad, glad = played["sadness"], played["joy"]
    assert length_s(sad) > 1.15 * length_s(glad)
    assert 12 * np.log2(pitch_hz(glad) / pitch_hz(sad)) > 2.5
    levels = [loudness_lufs(s.audio.samples, SPEECH_RATE_HZ) for s in (glad, sad)]
    assert levels[0] - levels[1] > 5


def test_anger_is_louder_and_brighter_than_tenderness(played: Mapping[str, Speech]) -> None:
    def brightness_db(speech: Speech) -> float:
        power = np.abs(np.fft.rfft(speech.audio.samples)) ** 2
        hz = np.fft.rfftfreq(len(speech.audio.samples), 1 / SPEECH_RATE_HZ)
        return float(10 * np.log10(power[(hz > 2000) & (hz < 6000)].sum() / power[(hz > 100) & (hz < 1000)].sum()))

    angry, tender = played["anger"], played["tenderness"]
    assert brightness_db(angry) > brightness_db(tender) + 3
    assert loudness_lufs(angry.audio.samples, SPEECH_RATE_HZ) > loudness_lufs(tender.audio.samples, SPEECH_RATE_HZ) + 6


def test_a_whisper_has_no_voice(plain: Speech) -> None:
    from understudy.voice.world import track_f0

    hushed = made(whisper=1.0)
    assert (hushed.prosody.column("f0_hz") == 0).all()
    assert (track_f0(hushed.audio) > 0).mean() < 0.12
    assert (track_f0(plain.audio) > 0).mean() > 0.4


def test_the_prosody_track_is_the_pitch_that_is_heard(plain: Speech) -> None:
    from understudy.voice.world import track_f0

    heard = track_f0(plain.audio)[1::2]
    said = plain.prosody.column("f0_hz")[: len(heard)]
    both = (heard[: len(said)] > 0) & (said > 0)
    assert both.sum() > 50
    assert np.median(np.abs(12 * np.log2(heard[: len(said)][both] / said[both]))) < 0.3


def test_a_question_ends_higher_than_a_statement() -> None:
    asked, told = made("Are you coming home?"), made("You are coming home.")
    ends = []
    for speech in (asked, told):
        f0 = speech.prosody.column("f0_hz")
        ends.append(float(np.median(f0[f0 > 0][-6:])))
    assert 12 * np.log2(ends[0] / ends[1]) > 5


def test_pauses_of_the_direction_are_silence_around_the_line() -> None:
    speech = made(pause_before_s=0.5, pause_after_s=0.7)
    assert speech.words[0].start_s == pytest.approx(0.54, abs=0.02)
    assert np.abs(speech.audio.samples[: int(0.49 * SPEECH_RATE_HZ)]).max() == 0
    assert speech.duration_s - speech.words[-1].end_s > 0.7
    assert speech.phones[0].name == speech.phones[-1].name == "SIL"


def test_levels_follow_the_direction_and_never_clip(plain: Speech) -> None:
    assert loudness_lufs(plain.audio.samples, SPEECH_RATE_HZ) == pytest.approx(-18, abs=1.0)
    quiet = made(loudness_db=-6.0)
    assert loudness_lufs(quiet.audio.samples, SPEECH_RATE_HZ) == pytest.approx(-24, abs=1.0)
    loud = made(loudness_db=30.0, energy=1.0, emotions={"anger": 1.0})
    assert np.abs(loud.audio.samples).max() <= 10 ** (-1 / 20) + 1e-6


def test_pace_is_kept(plain: Speech) -> None:
    assert length_s(plain) / length_s(made(pace=1.25)) == pytest.approx(1.25, rel=0.05)


def test_a_breath_is_heard_before_the_line_and_is_no_word(plain: Speech) -> None:
    speech = made(events=("breath",))
    assert speech.words[0].start_s > plain.words[0].start_s + 0.4
    rms = float(np.sqrt(np.mean(speech.audio.samples[: int(0.4 * SPEECH_RATE_HZ)] ** 2)))
    assert -62 < 20 * np.log10(rms) < -30
    assert speech.phones[0].name == "SIL"


def test_a_word_that_is_in_no_dictionary_is_timed() -> None:
    speech = made("Meet Zarnwick and Brimwood.")
    assert [w.text for w in speech.words] == ["meet", "zarnwick", "and", "brimwood"]
    assert speech.timing == "aligned"
    assert all(w.end_s - w.start_s > 0.1 for w in speech.words)


def test_an_engine_is_chosen_in_the_order_of_the_voice_and_by_language() -> None:
    assert choose(Voice(engines=("nothing/here", "pico/en-GB"))).label == "pico/en-GB"
    assert choose(PICO, "de-DE").label == "pico/de-DE"
    assert choose(PICO, engine="pico/en-GB").base == "en-GB"
    with pytest.raises(UnknownName, match="pico"):
        choose(PICO, engine="nothing")
    with pytest.raises(Unavailable, match="tlh"):
        choose(PICO, "tlh")
    with pytest.raises(Unavailable, match="en-US"):
        choose(PICO, engine="pico/xx-XX")


def test_the_survey_names_every_engine_and_what_is_missing() -> None:
    found = {i.card.name: i for i in survey()}
    assert {"kokoro", "pico", "flite", "rhvoice"} <= set(found)
    assert found["pico"].works
    for installed in found.values():
        assert installed.works or any(todo in installed.words for todo in ("apt-get", "pip", "unset", "set ", "Put "))


def test_nothing_to_say_is_refused() -> None:
    with pytest.raises(BadInput, match="nothing to say"):
        list(speak(Line("..."), PICO))
