"""Who speaks when nobody is named."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from understudy import voice
from understudy.base.errors import Unavailable
from understudy.hub.actor import Actor
from understudy.live.audition import FAST_ENOUGH, SOON_S, Heard, as_cast, audition, hear, pick

FINE = Heard("fine", 4 * SOON_S, FAST_ENOUGH / 2)
SLOW = Heard("slow", SOON_S / 2, 2 * FAST_ENOUGH)
SMALL = Heard("small", SOON_S / 2, FAST_ENOUGH / 9)
PLAIN = Heard("plain", SOON_S / 9, FAST_ENOUGH / 9)


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("UNDERSTUDY_CACHE", str(tmp_path))
    return tmp_path / "auditions.json"


def test_the_best_sounding_one_speaks_when_its_first_words_come_soon_enough() -> None:
    fine = Heard("fine", SOON_S, FAST_ENOUGH)
    assert pick([fine, SMALL]).heard is fine


def test_one_that_sounds_better_and_comes_late_or_cannot_keep_up_is_passed_over_and_named() -> None:
    picked = pick([FINE, SLOW, SMALL, PLAIN])
    assert picked.heard is SMALL, "the first in time, not the quickest"
    assert [one.engine for one in picked.better] == ["fine", "slow"]
    assert "speaks with small" in picked.words
    assert "fine sounds better and takes 400 ms: --voice fine" in picked.words
    assert "does not keep up" in pick([SLOW, SMALL]).words
    assert "--voice" not in pick([SMALL]).words


def test_no_engine_is_heard_behind_the_one_that_speaks() -> None:
    heard: list[str] = []

    def each() -> Iterator[Heard]:
        for one in (FINE, SMALL, PLAIN):
            heard.append(one.engine)
            yield one

    pick(each())
    assert heard == ["fine", "small"]


def test_when_all_are_late_the_soonest_of_those_that_keep_up_speaks() -> None:
    later = Heard("later", 2 * SOON_S, FAST_ENOUGH)
    quick_and_choked = Heard("choked", 1.5 * SOON_S, 2 * FAST_ENOUGH)
    assert pick([FINE, quick_and_choked, later]).heard is later
    with pytest.raises(Unavailable, match="nobody"):
        pick([SLOW, quick_and_choked], "nobody")


def test_an_engine_is_heard_once_on_a_machine(emi: Actor, notes: Path) -> None:
    first = hear("pico", emi, "en-US")
    assert first.first_s > 0 < first.work
    notes.write_text(notes.read_text("utf-8").replace(str(first.first_s), "7.5"), "utf-8")
    assert hear("pico", emi, "en-US").first_s == 7.5, "it is what was noted, and not heard again"
    notes.write_text('{"pico en-US": 0.2}', "utf-8")  # of another kind
    assert hear("pico", emi, "en-US").first_s != 7.5


def test_of_a_voice_that_works_there_is_one_to_speak_and_of_a_language_nobody_knows_none(
    emi: Actor, notes: Path
) -> None:
    hear("pico", emi, "en-US")
    known = {key: {**row, "first_s": 0.01, "work": 0.01} for key, row in json.loads(notes.read_text("utf-8")).items()}
    notes.write_text(json.dumps(known), "utf-8")  # on a slow machine too
    picked = audition(emi, "en-US")
    voice.choose(emi.record.voice, "en-US", picked.heard.engine)
    with pytest.raises(Unavailable, match="speaks xx-XX fast enough"):
        audition(emi, "xx-XX")


def test_the_base_voice_of_the_cast_is_taken_only_where_it_speaks_the_language(emi: Actor) -> None:
    assert as_cast("pico", emi, "en-US").startswith("pico/en-US@")
    assert as_cast("pico", emi, "de-DE") == "pico"
