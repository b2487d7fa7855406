"""What Pico leaves behind: nothing."""

import sys
import tracemalloc

import pytest

from understudy.voice import pico
from understudy.voice.pico import RATE_HZ


def test_what_was_said_is_let_go_of() -> None:
    said = pico._spoken("It was a long winter, and nobody came to the house.", "en-US")
    assert len(said) > 2 * RATE_HZ
    kept = _kept(len(said))
    assert kept < len(said), "five times the same, and not one of them is still there"


def test_without_letting_go_the_package_keeps_all_that_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control; once a ttspico lets go by itself, `_let_go` and this go."""
    monkeypatch.setattr(pico, "_let_go", lambda _pieces: None)
    said = pico._spoken("It was a long winter, and nobody came to the house.", "en-US")
    assert _kept(len(said)) > 4 * len(said)


def test_pieces_that_nobody_else_holds_are_left_alone() -> None:
    pieces = [b"", b"x", bytes(bytearray(b"only here"))]
    before = sys.getrefcount(pieces[2])
    for _ in range(3):
        pico._let_go(pieces)
    after = sys.getrefcount(pieces[2])
    assert after == before
    assert pieces == [b"", b"x", b"only here"]


def _kept(at_least: int) -> int:
    """Returns how many bytes are held after the sentence was said five times more."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(5):
            assert len(pico._spoken("It was a long winter, and nobody came to the house.", "en-US")) == at_least
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
