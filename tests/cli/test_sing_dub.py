"""`sing` and `dub` say in one sentence what they cannot use."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sing", "-o", "a.wav"], "--guide"),
        (["sing", "missing.musicxml", "-o", "a.wav"], "missing.musicxml"),
        (["sing", "song.musicxml", "-o", "a.wav", "--take", "a.zip"], "a.zip"),
        (["dub", "missing.take"], "missing.take"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    understudy: Callable[..., object], tmp_path: Path, arguments: list[str], words: str
) -> None:
    given = [str(tmp_path / a) if "." in a and not a.startswith("-") else a for a in arguments]
    ran = understudy(*given)
    err = ran.err.strip()  # type: ignore[attr-defined]
    assert ran.code == 2, err  # type: ignore[attr-defined]
    assert "Traceback" not in err
    assert err.splitlines()[-1].startswith("understudy: ")
    assert words in err.splitlines()[-1]
    assert not list(tmp_path.iterdir())
