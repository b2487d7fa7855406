"""Lines with cues: what is said stays as it was, what sounds stands between."""

import numpy as np
import pytest

from understudy.base.channels import VOWELS
from understudy.hub.cue import Cue
from understudy.hub.script import Direction, Line
from understudy.hub.speech import Speech
from understudy.hub.voice import Voice
from understudy.voice import speak
from understudy.voice.manners import through
from understudy.voice.playing import Said, parts
from understudy.voice.text import read

VOICE = Voice()
TEXT = "I never thought that you would leave me here."


def names(text: str, *cues: Cue) -> list[str]:
    out = []
    for part in parts(read(text), cues, np.random.default_rng(0)):
        out.append(part.clause.text if isinstance(part, Said) else f"[{part.name}]")
    return out


@pytest.fixture(scope="module")
def plain() -> Speech:
    return Speech.join(speak(Line(TEXT), VOICE))


def test_cues_cut_a_clause_where_they_stand() -> None:
    assert names("I thought you were gone. Yes.", Cue("sob", 2), Cue("laugh", 6)) == [
        "I thought", "[sob]", "you were gone", "yes", "[laugh]",
    ]  # fmt: skip
    assert names("Yes.", Cue("gasp", 0)) == ["[gasp]", "yes"]


def test_a_line_without_cues_is_not_cut() -> None:
    assert names(TEXT) == ["I never thought that you would leave me here"]


def test_breath_fails_in_tears_and_not_otherwise() -> None:
    assert "[crying]" in names(TEXT, Cue("crying", 0, 9, 1.0))
    assert "[crying]" not in names(TEXT, Cue("whispering", 0, 9, 1.0))


def test_a_sob_inside_a_line_is_a_piece_of_its_own_in_the_actors_voice(plain: Speech) -> None:
    pieces = list(speak(Line("I thought you were gone.", cues=(Cue("sob", 2), Cue("pause", 4, duration_s=0.8))), VOICE))
    assert [[w.text for w in p.words] for p in pieces] == [["I", "thought"], [], ["you", "were"], [], ["gone"]]
    assert {v.name for v in pieces[1].vocals} == {"sob"}
    assert not pieces[0].vocals
    assert pieces[3].duration_s == pytest.approx(0.8, abs=0.02)
    own = plain.prosody.column("f0_hz")
    moan = pieces[1].prosody.column("f0_hz")
    assert 0.9 < np.median(moan[moan > 0]) / np.median(own[own > 0]) < 2.3


def test_a_direction_that_laughs_laughs_first() -> None:
    pieces = list(speak(Line("You came.", direction=Direction(events=("laugh",))), VOICE))
    assert {v.name for v in pieces[0].vocals} == {"laugh"}
    assert [w.text for w in pieces[1].words] == ["you", "came"]


def test_a_line_may_be_a_scream_alone() -> None:
    pieces = list(speak(Line("", cues=(Cue("scream", 0),)), VOICE))
    assert len(pieces) == 1
    assert pieces[0].line is not None


@pytest.mark.parametrize("manner", ["crying", "laughing"])
def test_a_manner_keeps_times_and_loudness(plain: Speech, manner: str) -> None:
    played = through(plain, manner, 0.9, np.random.default_rng(1))
    assert played.phones == plain.phones
    assert played.words == plain.words
    assert len(played.audio.samples) == len(plain.audio.samples)
    assert {v.name for v in played.vocals} == {manner}
    assert not np.allclose(played.audio.samples, plain.audio.samples)


def test_tears_raise_the_pitch_shake_it_and_break_it(plain: Speech) -> None:
    shaken = through(plain, "crying", 1.0, np.random.default_rng(1))

    def restless(speech: Speech) -> float:
        f0 = speech.prosody.column("f0_hz")
        both = (f0[1:] > 0) & (f0[:-1] > 0)
        return float(np.abs(np.diff(np.log2(np.maximum(f0, 1.0))))[both].mean())

    assert restless(shaken) > 1.5 * restless(plain)
    assert through(plain, "whispering", 1.0, np.random.default_rng(1)) is plain


def test_laughing_shakes_vowels_and_says_where(plain: Speech) -> None:
    played = through(plain, "laughing", 1.0, np.random.default_rng(1))
    calls = [v for v in played.vocals if v.part == "call"]
    vowels = [p for p in plain.phones if p.name in VOWELS]
    assert calls
    for call in calls:
        middle = 0.5 * (call.start_s + call.end_s)
        assert any(p.start_s - 0.05 <= middle <= p.end_s + 0.05 for p in vowels)


def test_only_the_words_between_are_whispered() -> None:
    line = Line("Please stay right here tonight.", cues=(Cue("whispering", 1, 4, 1.0),))
    said, whispered, after = speak(line, VOICE)
    assert (whispered.prosody.column("f0_hz") > 0).sum() == 0
    assert (said.prosody.column("f0_hz") > 0).any()
    assert (after.prosody.column("f0_hz") > 0).any()


def test_a_flash_stands_at_its_word_and_makes_no_sound() -> None:
    plain = list(speak(Line(TEXT), VOICE))
    marked = list(speak(Line(TEXT, cues=(Cue("flash of anger", 6),)), VOICE))
    assert marked[0].audio.samples.tobytes() == plain[0].audio.samples.tobytes()
    (flash,) = marked[0].vocals
    assert abs(flash.start_s - marked[0].words[6].start_s) < 0.1
    assert 0.08 <= flash.end_s - flash.start_s <= 0.5
