"""`export`, `import` and `formats` say what they did, and what is wrong in one sentence."""

from collections.abc import Callable
from pathlib import Path

from tests.exchange.formats.takes import acted, captured, text


def test_a_capture_goes_in_and_out(understudy: Callable[..., object], tmp_path: Path) -> None:
    source, take = tmp_path / "cap.csv", tmp_path / "cap.take"
    rows = captured(30)
    source.write_bytes(text(rows[:9] + rows[11:]))
    came = understudy("import", source, "-o", take, "--face-only")
    assert came.code == 0 and "for emi" in came.out and "2 frames were dropped" in came.err
    went = understudy("export", take, "-o", tmp_path / "out.csv", "-o", tmp_path / "out.jsonl")
    assert went.code == 0 and went.out.count("ledger entry") == 2
    assert (tmp_path / "out.csv").read_bytes().count(b"\n") == 29


def test_a_format_may_be_named(understudy: Callable[..., object], tmp_path: Path) -> None:
    acted().save(tmp_path / "a.take")
    assert understudy("export", tmp_path / "a.take", "-o", tmp_path / "a.txt", "--to", "srt").code == 0
    assert "-->" in (tmp_path / "a.txt").read_text()


def test_wrong_names_are_refused_in_a_sentence(understudy: Callable[..., object], tmp_path: Path) -> None:
    acted().save(tmp_path / "a.take")
    for words in (
        ("export", tmp_path / "a.take", "-o", tmp_path / "a.fbx"),
        ("export", tmp_path / "none.take", "-o", tmp_path / "a.csv"),
        ("import", tmp_path / "a.take", "-o", tmp_path / "b.take"),
        ("import", tmp_path / "none.csv", "-o", tmp_path / "b.take"),
        ("import", tmp_path / "none.csv", "-o", tmp_path / "b.mp4"),
    ):
        ran = understudy(*words)
        assert ran.code == 2 and ran.err.startswith("understudy: ") and ran.err.count("\n") == 1, words


def test_formats_are_listed(understudy: Callable[..., object]) -> None:
    listed = understudy("formats").out
    assert all(name in listed for name in ("wav", "csv", "glb", "usdz", "bvh", "otio", "jsonl"))
    assert "in, out Live Link" in listed
