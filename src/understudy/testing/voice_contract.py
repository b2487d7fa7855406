"""What every voice engine must do, as tests that a plugin author can import.

    # tests/test_my_engine.py
    from understudy.testing.voice_contract import *   # runs over every installed engine

Engines that do not work on this machine are skipped, and the reason is their own.
"""

import numpy as np
import pytest

from understudy.base import plugins
from understudy.base.channels import PHONES, SILENCE
from understudy.base.errors import UnderstudyError
from understudy.hub.script import Direction, Line
from understudy.hub.speech import PROSODY_RATE_HZ, Speech
from understudy.hub.voice import Voice
from understudy.voice import SPEECH_RATE_HZ, speak, survey
from understudy.voice.engine import Engine
from understudy.voice.text import read

__all__ = [
    "engine",
    "test_a_base_that_is_not_there_is_refused_by_name",
    "test_a_working_engine_offers_bases_in_its_languages",
    "test_directions_change_the_sound",
    "test_the_card_says_what_it_is",
    "test_the_same_clause_gives_the_same_samples",
    "test_times_cover_the_sound_in_order",
    "test_unusual_words_make_sound",
]

SENTENCES = {
    "en": "The storm is coming, and I can feel it.",
    "de": "Der Sturm kommt näher, ich spüre es.",
    "es": "La tormenta se acerca, lo siento.",
    "fr": "La tempête arrive, je le sens.",
    "it": "La tempesta arriva, lo sento.",
}


@pytest.fixture(params=plugins.names("voice"))
def engine(request: pytest.FixtureRequest) -> Engine:
    """Gives each installed engine, skipping with its own reason when it cannot work here."""
    made: Engine = plugins.load("voice", request.param)()
    if why := made.missing():
        assert why.endswith((".", made.card.name)) or " " in why
        pytest.skip(why)
    return made


def test_the_card_says_what_it_is() -> None:
    """A card names the engine, its needs and its languages, and copyleft stays in its own process."""
    for name in plugins.names("voice"):
        card = plugins.load("voice", name).card
        assert card.name == name
        assert card.summary
        assert card.needs
        assert card.languages
        assert card.permissive or card.separate_process, f"{name} is not permissive, so it must stay in its own process"


def test_a_working_engine_offers_bases_in_its_languages(engine: Engine) -> None:
    """Base voices speak languages that the card promises."""
    bases = engine.bases()
    assert bases
    assert set(bases.values()) <= set(engine.card.languages)
    assert any(i.works and i.card.name == engine.card.name for i in survey())


def test_the_same_clause_gives_the_same_samples(engine: Engine) -> None:
    """What was said before does not change what is said."""
    base, language = next(iter(engine.bases().items()))
    first, second = read(SENTENCES[language[:2]], language=language)
    before = engine.say(first, base).audio
    engine.say(second, base)
    again = engine.say(first, base).audio
    assert before.rate_hz >= 8000
    assert np.abs(before.samples).max() > 0.02, "an engine must be heard"
    assert np.array_equal(before.samples, again.samples)


def test_a_base_that_is_not_there_is_refused_by_name(engine: Engine) -> None:
    """An unknown base voice is an error that names it."""
    clause = read("Hello there.")[0]
    with pytest.raises(UnderstudyError, match="nobody"):
        engine.say(clause, "nobody")


def test_times_cover_the_sound_in_order(engine: Engine) -> None:
    """In every language the times cover the sound, in order, and the words are those of the text."""
    name = engine.card.name
    by_language: dict[str, str] = {}
    for base, language in engine.bases().items():
        by_language.setdefault(language, base)
    for language, base in by_language.items():
        text = SENTENCES[language[:2]]
        pieces = list(speak(Line(text), Voice(), language=language, engine=f"{name}/{base}"))
        assert len(pieces) == 2, "a comma parts two clauses"
        speech = Speech.join(pieces)
        assert speech.audio.rate_hz == SPEECH_RATE_HZ
        assert speech.engine == f"{name}/{base}"
        assert [w.text.lower() for w in speech.words] == [
            w.text.lower() for c in read(text, language=language) for w in c.words
        ]
        assert speech.phones[0].start_s == 0.0
        assert speech.phones[-1].end_s == pytest.approx(speech.duration_s)
        for left, right in zip(speech.phones, speech.phones[1:], strict=False):
            assert left.end_s == pytest.approx(right.start_s)
            assert left.end_s > left.start_s
        assert {p.name for p in speech.phones} <= {*PHONES, SILENCE}
        for left_word, right_word in zip(speech.words, speech.words[1:], strict=False):
            assert left_word.end_s <= right_word.start_s + 1e-6
        assert len(speech.prosody.values) == round(speech.duration_s * PROSODY_RATE_HZ)
        assert -30 < 20 * np.log10(np.abs(speech.audio.samples).max()) <= -0.9


def test_unusual_words_make_sound(engine: Engine) -> None:
    """Names, money and initials are spoken, and the lexicon's phones are used."""
    if "en-US" not in engine.bases().values():
        pytest.skip(f"{engine.card.name} does not speak English")
    line = Line("Siobhan paid Dr. Nguyen $3.50 for AI.")
    speech = Speech.join(speak(line, Voice(), lexicon={"siobhan": "SH AH0 V AO1 N"}, engine=engine.card.name))
    first = speech.words[0]
    said = [p.name for p in speech.phones if p.start_s >= first.start_s - 1e-6 and p.end_s <= first.end_s + 1e-6]
    assert said == ["SH", "AH", "V", "AO", "N"]


def test_directions_change_the_sound(engine: Engine) -> None:
    """Pace and pitch reach the sound by the amount asked for."""
    base, language = next(iter(engine.bases().items()))
    line = SENTENCES[language[:2]]

    def made(direction: Direction) -> Speech:
        label = f"{engine.card.name}/{base}"
        return Speech.join(speak(Line(line, direction=direction), Voice(), language=language, engine=label))

    plain, slow, low = made(Direction()), made(Direction(pace=0.7)), made(Direction(pitch_st=-4.0))
    assert slow.duration_s > 1.2 * plain.duration_s
    pitches = [float(np.median(s.prosody.column("f0_hz")[s.prosody.column("f0_hz") > 0])) for s in (plain, low)]
    assert 12 * np.log2(pitches[0] / pitches[1]) == pytest.approx(4.0, abs=0.6)
