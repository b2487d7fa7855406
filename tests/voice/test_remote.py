import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_voices import Service, service

from understudy.base import plugins
from understudy.base.errors import BadInput, Unavailable
from understudy.base.folders import cache
from understudy.hub.script import Direction
from understudy.hub.voice import Voice
from understudy.voice import choose
from understudy.voice.elevenlabs import word_spans
from understudy.voice.engine import Engine
from understudy.voice.openai import OpenAI
from understudy.voice.remote import pcm16, wav
from understudy.voice.text import read

KEY = "sk-a-secret-that-nobody-may-see"
CLAUSE = read("The storm is coming now.")[0]


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Service]:
    monkeypatch.setenv("UNDERSTUDY_CACHE", str(tmp_path))
    for name in ("OPENAI_API_KEY", "ELEVENLABS_API_KEY", "AZURE_SPEECH_KEY", "GOOGLE_TTS_API_KEY"):
        monkeypatch.setenv(name, KEY)
    monkeypatch.setenv("UNDERSTUDY_ELEVENLABS_VOICES", "voiceid")
    monkeypatch.setenv("UNDERSTUDY_AZURE_VOICES", "en-US-JennyNeural")
    monkeypatch.setenv("UNDERSTUDY_GOOGLE_VOICES", "en-US-Neural2-C")
    with service() as state:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{state.url}/v1")
        for name in ("ELEVENLABS_BASE_URL", "AZURE_SPEECH_ENDPOINT", "GOOGLE_TTS_BASE_URL"):
            monkeypatch.setenv(name, state.url)
        yield state


def engine(name: str) -> Engine:
    made: Engine = plugins.load("voice", name)()
    return made


@pytest.mark.parametrize("name", ["openai", "elevenlabs", "azure", "google"])
def test_every_service_speaks_and_is_asked_once_for_the_same_words(there: Service, name: str) -> None:
    made = engine(name)
    (base,) = made.bases()
    first = made.say(CLAUSE, base)
    again = made.say(CLAUSE, base)
    assert first.audio.duration_s > 0.8
    assert np.array_equal(first.audio.samples, again.audio.samples)
    assert len(there.asked) == 1, "the second time it comes from the cache"
    headers = {k.lower(): v for k, v in there.asked[0][1].items()}
    assert KEY in " ".join(headers.values())
    kept = list((cache() / "voices").iterdir())
    assert kept
    assert all(KEY.encode() not in file.read_bytes() for file in kept)


@pytest.mark.parametrize("name", ["elevenlabs", "google"])
def test_times_that_a_service_gives_are_used(there: Service, name: str) -> None:
    made = engine(name)
    (base,) = made.bases()
    said = made.say(CLAUSE, base)
    assert len(said.words) == len(CLAUSE.words)
    starts = [w.phones[0].start_s for w in said.words]
    assert starts == sorted(starts)
    even = [i * said.audio.duration_s / len(CLAUSE.words) for i in range(len(CLAUSE.words))]
    if name == "google":  # its marks stand at even distances here, and the words are within reach of them
        assert np.abs(np.array(starts) - even).max() < 0.15


def test_direction_reaches_the_services_that_take_it(there: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    how = Direction(emotions={"anger": 0.9})
    monkeypatch.setenv("UNDERSTUDY_OPENAI_MODEL", "gpt-4o-mini-tts")
    acted = OpenAI().act(CLAUSE, "alloy", how)
    assert "anger" in json.loads(there.asked[-1][2])["instructions"]
    assert "emotions" in acted.plays
    plain = OpenAI().act(CLAUSE, "alloy", Direction())
    assert "instructions" not in json.loads(there.asked[-1][2])
    assert not plain.plays
    azure = engine("azure")
    assert azure.act(CLAUSE, "en-US-JennyNeural", how).plays == {"emotions"}  # type: ignore[attr-defined]
    assert b'style="angry"' in there.asked[-1][2]
    eleven = engine("elevenlabs")
    eleven.act(CLAUSE, "voiceid", how)  # type: ignore[attr-defined]
    eleven.act(CLAUSE, "voiceid", Direction())  # type: ignore[attr-defined]
    felt, even = (json.loads(a[2])["voice_settings"] for a in there.asked[-2:])
    assert felt["style"] > even["style"]
    assert felt["stability"] < even["stability"]


@pytest.mark.parametrize(
    ("meets", "words"),
    [
        ("500", "fails"),
        ("503", "fails"),
        ("429", "too often"),
        ("stall", "does not answer within|breaks off|cannot be reached"),
        ("drip", "does not finish within|does not answer within"),
        ("cut", "breaks off"),
    ],
)
def test_trouble_that_stays_is_one_sentence_after_three_tries(
    there: Service, meets: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if meets in ("stall", "drip"):
        monkeypatch.setenv("UNDERSTUDY_VOICE_TIMEOUT_S", "0.4")
    there.plan += [meets] * 3
    with pytest.raises(Unavailable, match=words) as caught:
        OpenAI().say(CLAUSE, "alloy")
    assert len(there.asked) == 3
    assert KEY not in str(caught.value)
    assert "another voice engine" in str(caught.value)


@pytest.mark.parametrize("meets", ["500", "cut", "429"])
def test_trouble_that_passes_is_not_noticed(there: Service, meets: str) -> None:
    there.plan += [meets, meets]
    assert OpenAI().say(CLAUSE, "alloy").audio.duration_s > 0.8
    assert len(there.asked) == 3


@pytest.mark.parametrize("name", ["elevenlabs", "google"])
def test_json_cut_short_is_asked_for_again_and_then_told(there: Service, name: str) -> None:
    made = engine(name)
    (base,) = made.bases()
    there.plan += ["cut json"]
    assert made.say(CLAUSE, base).audio.duration_s > 0.8
    there.plan += ["cut json"] * 3
    with pytest.raises(Unavailable, match="cut short"):
        made.say(read("Other words.")[0], base)


@pytest.mark.parametrize(("code", "words"), [("401", "refuses the key.*OPENAI_API_KEY"), ("403", "refuses the key")])
def test_a_refused_key_is_named_by_its_variable_and_never_shown(
    there: Service, code: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    there.plan += [code]
    with caplog.at_level(logging.DEBUG), pytest.raises(Unavailable, match=words) as caught:
        OpenAI().say(CLAUSE, "alloy")
    assert len(there.asked) == 1, "a refused key is not tried again"
    assert KEY not in str(caught.value) + caplog.text


def test_a_request_that_is_not_accepted_tells_why_without_the_key(there: Service) -> None:
    there.plan += ["400"]
    with pytest.raises(BadInput, match="not with Bearer …") as caught:
        OpenAI().say(CLAUSE, "alloy")
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("code", ["302", "307"])
def test_a_redirect_is_not_followed_with_the_key(there: Service, code: str) -> None:
    there.plan += [code]
    with pytest.raises(Unavailable, match="elsewhere"):
        OpenAI().say(CLAUSE, "alloy")
    assert len(there.asked) == 1


def test_a_key_does_not_travel_in_the_clear(there: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://example.org/v1")
    with pytest.raises(BadInput, match="https"):
        OpenAI().say(CLAUSE, "alloy")


def test_nothing_leaves_this_machine_unless_a_service_is_named(there: Service) -> None:
    assert choose(Voice(engines=("flite/none",)), "en-US").engine.card.remote is False
    with pytest.raises(Unavailable, match="ja-JP"):
        choose(Voice(), "ja-JP")
    assert choose(Voice(engines=("openai/alloy",)), "en-US").label == "openai/alloy"
    assert choose(Voice(), "en-US", "openai").label == "openai/alloy"
    assert not there.asked


def test_without_keys_every_service_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ELEVENLABS_API_KEY", "AZURE_SPEECH_KEY", "GOOGLE_TTS_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("openai", "elevenlabs", "azure", "google"):
        assert "set " in engine(name).missing()
        assert engine(name).bases() == {}


def test_a_streamed_wav_lasts_to_its_end_and_a_cut_one_is_refused() -> None:
    from made_voices import wav as packed

    tone = np.asarray(8000 * np.sin(np.arange(8000) / 10), "<i2")
    data = packed(tone, 16_000)
    assert len(wav(data).samples) == 8000
    streamed = data[:40] + b"\xff\xff\xff\xff" + data[44:]
    assert len(wav(streamed).samples) == 8000
    with pytest.raises(ValueError, match="cut short"):
        wav(data[:-100])
    with pytest.raises(ValueError, match="no sound"):
        wav(packed(np.zeros(8000, "<i2"), 16_000))
    with pytest.raises(ValueError):
        wav(b"<html>busy</html>")
    with pytest.raises(ValueError, match="inside a sample"):
        pcm16(data[:201], 16_000)


def test_letters_give_words_their_times() -> None:
    clause = read("I'm here.")[0]
    letters = [(c, 0.1 * i, 0.1 * i + 0.1) for i, c in enumerate(f"{clause.text}.")]
    spans = word_spans(clause, tuple(letters))
    assert spans[0] == (0.0, pytest.approx(0.1 * len(clause.words[0].text)))
    assert spans[-1][0] == pytest.approx(0.1 * clause.text.rindex(" ") + 0.1)
    assert word_spans(replace(clause, words=clause.words[:1]), tuple(letters)) == []
