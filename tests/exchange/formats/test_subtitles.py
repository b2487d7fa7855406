"""Subtitles say what was said when it was said, in two rows, with names where the format has room."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from tests.exchange.formats.takes import acted, departing, film

from understudy.base.errors import BadInput
from understudy.exchange.formats.subtitles import ROW, ROWS, SubRip, WebVtt, cues

LONG = (
    "I moved the piano before breakfast, and then the wardrobe, and nobody in this house has noticed any of it, which "
    "is exactly what I had been told would happen."
)


def test_cues_follow_the_words() -> None:
    found = cues(departing(acted()))
    words = [e for e in acted().events if e.kind == "word"]
    assert found[0].start_s == pytest.approx(words[0].start_s)
    assert found[-1].end_s == pytest.approx(words[-1].end_s)
    assert " ".join(" ".join(cue.rows) for cue in found) == " ".join(word.name for word in words)


def test_the_words_of_a_script_stand_for_what_was_heard() -> None:
    found = cues(departing(acted(), texts={10: LONG}))
    assert " ".join(" ".join(cue.rows) for cue in found) == LONG
    assert len(found) > 1
    assert all(len(cue.rows) <= ROWS and max(map(len, cue.rows)) <= ROW for cue in found)
    assert all(a.end_s <= b.start_s + 1e-9 for a, b in pairwise(found))
    starts = [e.start_s for e in acted().events if e.kind == "word"]
    assert all(min(abs(cue.start_s - s) for s in starts) < 1e-9 for cue in found)


def test_takes_of_a_film_speak_on_the_clock_of_the_film() -> None:
    emi, jonah = film()
    found = cues(departing(emi, jonah))
    assert found[0].who == "Emi" and {cue.who for cue in found} == {"Emi", "Jonah"}
    hers = [e for e in emi.events if e.kind == "shot"][1]
    assert hers.value > hers.start_s + 1
    last = [cue for cue in found if cue.who == "Emi"][-1]
    assert last.start_s > hers.value and last.start_s > [c for c in found if c.who == "Jonah"][-1].start_s


def test_both_formats_read_back() -> None:
    srt = SubRip().write(departing(acted()), ending="srt")[""].decode()
    blocks = srt.strip().split("\n\n")
    assert [block.split("\n")[0] for block in blocks] == [str(i + 1) for i in range(len(blocks))]
    assert all(re.fullmatch(r"\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}", b.split("\n")[1]) for b in blocks)
    vtt = WebVtt().write(departing(acted(), texts={10: "R&D <b>"}), ending="vtt")[""].decode()
    assert vtt.startswith("WEBVTT\n\nNOTE\nnotice: AI-generated: Emi")
    assert "<v Emi>R&amp;D &lt;b&gt;" in vtt
    head, *rest = vtt.split("\n\n")
    assert head == "WEBVTT" and all("-->" in part for part in rest[1:] if part.strip())


def test_a_silent_take_has_no_subtitles() -> None:
    with pytest.raises(BadInput, match="no words"):
        SubRip().write(departing(replace(acted(), events=())), ending="srt")
