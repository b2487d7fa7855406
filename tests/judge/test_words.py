"""Word errors are counted as in the textbooks."""

import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.judge import transcript
from understudy.judge.words import word_errors, words_of


@pytest.mark.parametrize(
    ("wanted", "heard", "errors"),
    [("a b c", "a b c", 0), ("a b c", "a c", 1), ("a b c", "a x c", 1), ("a b c", "a b b c", 1), ("a b", "", 2)],
)
def test_errors_are_insertions_deletions_and_replacements(wanted: str, heard: str, errors: int) -> None:
    assert word_errors(wanted.split(), heard.split()) == errors


def test_numbers_and_marks_are_words() -> None:
    assert words_of("He's 40, isn’t he?") == ["he's", "forty", "isn't", "he"]


def test_silence_loses_every_word() -> None:
    assert transcript(Audio.silence(1.0, 16000), "one two three")["wer"].value == 100


def test_no_expected_words_have_no_rate() -> None:
    assert np.isnan(transcript(Audio.silence(1.0, 16000), "...")["wer"].value)
