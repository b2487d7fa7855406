"""What a director says becomes what is asked and where."""

import pytest

from understudy.hub.script import Direction
from understudy.script.direction import direct
from understudy.script.notes import read_note
from understudy.script.redirection import less, more, without


def asked(note: str) -> list[tuple[str, str, str]]:
    """(how, kind of place, relation) of each thing asked."""
    return [(a.how, a.where.kind, a.where.how) for a in read_note(note).asks]


@pytest.mark.parametrize(
    ("note", "found"),
    [
        (
            "less angry, slower, look away before the last line",
            [("less", "all", "in"), ("more", "all", "in"), ("look", "line", "before")],
        ),
        ("in the first line, much quieter and a bit sadder", [("more", "line", "in"), ("more", "line", "in")]),
        ("slower and quieter in the last line", [("more", "line", "in"), ("more", "line", "in")]),
        ("slower, quieter in the last line", [("more", "all", "in"), ("more", "line", "in")]),
        ("from the second sentence on, faster", [("more", "sentence", "from")]),
        ("a longer pause before 'never', stress 'never'", [("pause", "word", "before"), ("stress", "all", "in")]),
        ("blink less; keep the head still", [("blinks", "all", "in"), ("head", "all", "in")]),
        ("a nod after 'that', no smile", [("event", "word", "after"), ("without", "all", "in")]),
        ("at 0:12 look away", [("look", "time", "in")]),
        ("look down at the end", [("look", "end", "in")]),
        ("as before but undo the last note", [("undo", "all", "in")]),
        ("slower in lines 1 to 2", [("more", "line", "in")]),
        ("whisper until the last line", [("become", "line", "until")]),
        ("bigger", [("size", "all", "in")]),
        ("hold the look throughout", [("look", "all", "in")]),
        ("let her cry at the end", [("event", "end", "in"), ("become", "end", "in")]),
    ],
)
def test_notes_are_parted_and_placed(note: str, found: list[tuple[str, str, str]]) -> None:
    assert asked(note) == found
    assert read_note(note).remarks == ()


@pytest.mark.parametrize(
    ("note", "gaze"),
    [
        ("look away", "away"),
        ("looks into the camera", "camera"),
        ("glance down", "down"),
        ("eyes closed", "closed"),
        ("hold the look", "partner"),
        ("look at him", "partner"),
        ("look to the left", "left"),
    ],
)
def test_looks(note: str, gaze: str) -> None:
    assert [a.sense.gaze for a in read_note(note).asks] == [gaze]


def test_degrees_order_what_is_asked() -> None:
    amounts = [read_note(f"{words}slower").asks[0].amount for words in ("a bit ", "", "much ")]
    assert amounts == sorted(amounts) and len(set(amounts)) == 3


def test_places_carry_their_numbers_and_words() -> None:
    where = read_note("a nod on the second 'never'").asks[0].where
    assert (where.quote, where.which) == ("never", 1)
    assert read_note("from 0:02 to 0:04.5 look left").asks[0].where.times_s == (2.0, 4.5)
    lines = read_note("slower in the last two lines").asks[0].where
    assert (lines.which, lines.last) == (-2, -1)


@pytest.mark.parametrize("note", ["flibbertigibbet", "more florbish", "make it blue-ish and gromble"])
def test_what_is_not_understood_is_named_and_not_guessed(note: str) -> None:
    said = read_note(note)
    assert said.remarks
    assert "gromble" not in note or any("gromble" in remark for remark in said.remarks)


def test_less_of_what_is_not_there_changes_nothing() -> None:
    calm = Direction(emotions={"joy": 0.5})
    assert less(calm, direct("angry"), 0.45) == calm
    angry = direct("furious")
    softer = less(angry, direct("angry"), 0.45)
    assert softer.emotions["anger"] == pytest.approx(0.55, abs=0.01)
    assert softer.loudness_db < angry.loudness_db
    assert without(angry, direct("angry")).emotions == {}


def test_more_never_passes_one_and_adds_up_whatever_the_order() -> None:
    sad, afraid = direct("sad"), direct("afraid")
    one = more(more(Direction(), sad, 0.45), afraid, 0.45)
    two = more(more(Direction(), afraid, 0.45), sad, 0.45)
    assert one.emotions == two.emotions
    most = Direction()
    for _ in range(20):
        most = more(most, sad, 0.8)
    assert most.emotions["sadness"] <= 1.0 and most.pace >= 0.6
