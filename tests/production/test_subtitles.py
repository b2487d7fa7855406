from pathlib import Path

from understudy.base.audio import Audio
from understudy.hub.cue import Cue
from understudy.hub.performance import Event, Performance
from understudy.hub.script import Line
from understudy.production.subtitles import write_srt


def shot(seconds: float, *events: Event) -> Performance:
    return Performance("emi", Audio.silence(seconds, 1000), {}, events)


def test_lines_stand_where_they_are_said_across_shots(tmp_path: Path) -> None:
    first = shot(2.02, Event("line", "A", 0.5, 1.0, 0), Event("line", "A", 1.0, 1.5, 0))
    second = shot(1.0, Event("line", "A", 0.25, 0.75, 1))
    write_srt(tmp_path / "a.srt", [([Line("One.", "A")], first), ([Line("Two.", "A", number=1)], second)], 25.0)
    text = (tmp_path / "a.srt").read_text()
    assert "00:00:00,500 --> 00:00:01,500\nOne." in text
    assert "00:00:02,290 --> 00:00:02,790\nTwo." in text  # the first shot fills 51 pictures of 40 ms


def test_rows_stay_short(tmp_path: Path) -> None:
    line = Line("word " * 30, "A")
    write_srt(tmp_path / "a.srt", [([line], shot(9.0, Event("line", "A", 0.0, 9.0, 0)))], 25.0)
    assert max(len(row) for row in (tmp_path / "a.srt").read_text().splitlines()) <= 42


def test_a_sob_without_words_has_no_subtitle(tmp_path: Path) -> None:
    take = shot(3.0, Event("line", "A", 0.0, 1.5, 0), Event("line", "A", 1.5, 3.0, 1))
    lines = [Line("", "A", cues=(Cue("sob", 0),)), Line("Two.", "A", number=1)]
    write_srt(tmp_path / "a.srt", [(lines, take)], 25.0)
    assert (tmp_path / "a.srt").read_text().startswith("1\n00:00:01,500 --> 00:00:03,000\nTwo.")
