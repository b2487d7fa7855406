"""What every script reader must do, as tests that a plugin author can import.

# tests/test_my_reader.py
from understudy.testing.script_contract import *   # runs over every installed reader
"""

import pytest

from understudy.base import plugins
from understudy.base.errors import BadInput
from understudy.hub.script import Script
from understudy.script.reader import Reader

__all__ = [
    "reader",
    "test_a_reader_names_itself_and_its_files",
    "test_every_word_that_is_spoken_is_kept",
    "test_lines_know_their_order_and_their_place_in_the_text",
    "test_nothing_to_perform_is_one_sentence",
    "test_the_same_text_gives_the_same_script",
    "test_unknown_directions_are_reported",
]

SCENE = "EMI\nStay until morning.\n\nJONAH\n(like a gribble)\nI can't.\n"


@pytest.fixture(params=plugins.names("script"))
def reader(request: pytest.FixtureRequest) -> Reader:
    """Gives each installed reader."""
    made: Reader = plugins.load("script", request.param)()
    return made


def _read(reader: Reader, text: str) -> Script:
    return reader.read(text, language="en-US", where="scene")


def test_a_reader_names_itself_and_its_files(reader: Reader) -> None:
    """A card, and the extensions it reads, in lower case with their dot."""
    assert reader.card.summary
    assert all(e == e.lower() and (e == "" or e.startswith(".")) for e in reader.extensions)


def test_every_word_that_is_spoken_is_kept(reader: Reader) -> None:
    """What is said is not changed and not lost."""
    said = " ".join(line.text for line in _read(reader, SCENE).dialogue)
    assert "Stay until morning." in said
    assert "I can't." in said


def test_lines_know_their_order_and_their_place_in_the_text(reader: Reader) -> None:
    """Numbers rise from 0 and point into the source."""
    lines = [line for scene in _read(reader, SCENE).scenes for line in scene.lines]
    assert [line.number for line in lines] == list(range(len(lines)))
    assert all(1 <= line.source_line <= SCENE.count("\n") for line in lines)


def test_unknown_directions_are_reported(reader: Reader) -> None:
    """A word nobody taught stands in the direction, or in the remarks, or was kept as text: never dropped."""
    script = _read(reader, SCENE)
    unknown = {word for line in script.dialogue for word in line.direction.unknown}
    text = " ".join(line.text for line in script.dialogue)
    assert "gribble" in unknown or "gribble" in " ".join(script.remarks) or "gribble" in text


def test_the_same_text_gives_the_same_script(reader: Reader) -> None:
    """Reading is a function of the text, and another text has another digest."""
    assert _read(reader, SCENE) == _read(reader, SCENE)
    assert _read(reader, SCENE).digest != _read(reader, SCENE + "\nEMI\nOh.\n").digest


def test_nothing_to_perform_is_one_sentence(reader: Reader) -> None:
    """No dialogue is BadInput, and the message is one line."""
    with pytest.raises(BadInput) as caught:
        _read(reader, "\n\n")
    assert "\n" not in str(caught.value)
