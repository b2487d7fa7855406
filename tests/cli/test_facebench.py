"""The benchmark from the shell: sections, results kept by section, and clear words for what is not there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from understudy.base.errors import BadInput, UnknownName
from understudy.cli.facebench import run
from understudy.hub.scores import Score
from understudy.judge.chance import banded, unmeasured
from understudy.production.bench.clips import words_of_grid
from understudy.production.bench.subject import Subject, ours, subject
from understudy.production.bench.table import BenchOptions, Results, chosen


def good(subject: Subject, options: BenchOptions) -> Iterator[Score]:
    yield banded("L1 made", 0.8, (0.7, 1.0), unit="r", n=5)
    yield unmeasured("L2 made", "news clips at --news")


def bad(subject: Subject, options: BenchOptions) -> Iterator[Score]:
    yield banded("L1 made", 0.2, (0.7, 1.0), unit="r", n=5)


def test_a_row_that_fails_fails_the_run_and_one_that_was_not_measured_does_not(tmp_path: Path) -> None:
    assert run(ours(), BenchOptions(), {"clips": good}, None)
    assert not run(ours(), BenchOptions(), {"clips": good, "lips": bad}, None)


def test_results_are_kept_by_section(tmp_path: Path) -> None:
    table = tmp_path / "results.md"
    run(ours(), BenchOptions(), {"clips": good}, table)
    run(ours(), BenchOptions(), {"lips": bad}, table)
    kept = Results.read(table.with_suffix(".json"))
    assert list(kept.rows) == ["clips", "lips"]
    assert (kept.rows["clips"][0].value, kept.rows["clips"][0].n) == (0.8, 5)
    text = table.read_text()
    assert "not measured: needs news clips at --news" in text
    assert text.count("| L1 made |") == 2 and "FAIL" in text and "pass" in text


def test_unknown_sections_and_subjects_are_named() -> None:
    with pytest.raises(UnknownName, match="laws"):
        chosen("lawz")
    assert chosen("laws, lips") == ["laws", "lips"]
    with pytest.raises(BadInput, match="module:function"):
        subject("nowhere:nothing")
    with pytest.raises(BadInput, match="GRID"):
        words_of_grid("hello.mp4")
    assert words_of_grid("bbaf2n") == "bin blue at f two now"


def test_results_of_something_else_are_refused(tmp_path: Path) -> None:
    broken = tmp_path / "results.json"
    broken.write_text("[1, 2]")
    with pytest.raises(BadInput, match="does not hold results"):
        Results.read(broken)
