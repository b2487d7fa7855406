"""Streamed text becomes clauses: never cut inside a number or an abbreviation, the first one short."""

import random

import pytest

from understudy.dialogue.clauses import FIRST_WORDS, LONGEST_WORDS, Clauses
from understudy.dialogue.tags import direction_of
from understudy.hub.script import Line


def clauses(text: str, step: int = 3, speaker: str = "Emi") -> list[Line]:
    taker = Clauses(speaker)
    lines = [line for k in range(0, len(text), step) for line in taker.feed(text[k : k + step])]
    return [*lines, *taker.finish()]


TEXT = (
    "[joy .4] Well, it was about 3.50, or 1,000 in old money, says Dr. Smith of the U.S. who came at "
    "10:30 p.m. and left."
    " [sigh] He said e.g. this: never again! Then what? [calm] We went home, slowly, the way one does when the night is"
    " long and nobody waits and the streets are empty and there is nothing left to say at all. Mr. Jones agreed."
)


def test_the_same_clauses_come_in_whatever_pieces_the_text_arrives() -> None:
    whole = clauses(TEXT, len(TEXT))
    rng = random.Random(3)
    for _ in range(20):
        taker, lines, at = Clauses("Emi"), [], 0
        while at < len(TEXT):
            size = rng.randint(1, 9)
            lines += taker.feed(TEXT[at : at + size])
            at += size
        assert [x.text for x in [*lines, *taker.finish()]] == [x.text for x in whole]


def test_nothing_is_lost_and_nothing_is_cut_inside_a_word_or_number() -> None:
    lines = clauses(TEXT)
    said = " ".join(line.text for line in lines)
    assert said == " ".join(w for w in TEXT.split() if not w.startswith("[") and not w.endswith("]"))
    ends = [line.text.split()[-1] for line in lines]
    assert not {"Dr.", "Mr.", "e.g.", "3.", "1,", "10:", "U."} & set(ends)
    assert len(lines[0].text.split()) <= FIRST_WORDS
    assert max(len(line.text.split()) for line in lines) <= LONGEST_WORDS


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Yes. And more.", "Yes."),
        ("I think that you are right about this one.", "I think that you are right"),
        ("One two three four five six seven eight.", "One two three four five six"),
        ("Emi: Hello there, friend.", "Hello there,"),
        ("No? Fine.", "No?"),
        ("“Never!” she said.", "“Never!”"),
    ],
)
def test_the_first_clause_is_short(text: str, first: str) -> None:
    assert clauses(text)[0].text == first


def test_the_first_clause_does_not_wait_for_the_sentence() -> None:
    taker = Clauses()
    came = list(taker.feed("I had always hoped to see the sea again before winter "))
    assert came and came[0].text.startswith("I had always hoped")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<think>They want a joke. Hmm.</think>Sure. Here it is.", "Sure. Here it is."),
        ("**Bold** and _soft_ and `code`.", "Bold and soft and code."),
        ("Hello 😊 you 🎭.", "Hello you."),
        ("See https://x.y/z for more.", "See for more."),
        ("[unclosed tag that never", "unclosed tag that never"),
        ("*never* do that", "never do that"),
    ],
)
def test_what_is_not_spoken_is_left_out(text: str, said: str) -> None:
    assert " ".join(line.text for line in clauses(text)) == said


def test_a_sound_at_the_end_is_a_line_of_its_own() -> None:
    last = clauses("That is funny. [chuckle]")[-1]
    assert last.text == "" and [cue.name for cue in last.cues] == ["chuckle"]


def test_a_tag_is_read_leniently() -> None:
    assert (
        direction_of("joy .4; look away")
        == direction_of("Joy: 0.4, looks away")
        == direction_of("happy 40% | gaze=away")
    )
    assert direction_of("slightly sad, slowly").emotions["sadness"] > 0.1
    assert direction_of("slightly sad, slowly").pace < 1
    assert direction_of("pause 0.5").pause_before_s == 0.5
    assert direction_of("rm -rf; $(x)") == direction_of("")
    assert direction_of("joy 99").emotions["joy"] <= 1


def test_rubbish_does_not_slow_it_down_or_grow() -> None:
    taker = Clauses("Emi")
    lines = [line for _ in range(50) for line in taker.feed("[[[((( ]]] *** <<<>>> " * 20)]
    lines += taker.finish()
    assert all(len(line.text) < 4000 for line in lines)
