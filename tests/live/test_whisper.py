"""Whisper with weights of the user: what is said when they, or the package, are not there."""

import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from understudy.base import plugins
from understudy.base.errors import BadInput, MissingExtra
from understudy.live import whisper


class Tiny:
    """Stands for faster_whisper.WhisperModel: says how long the sound was that it was given, and of what kind."""

    def __init__(self, folder: str, **options: object) -> None:
        assert options["local_files_only"], "nothing is fetched"

    def transcribe(self, sound: np.ndarray, **options: object) -> tuple[list[object], None]:
        assert sound.dtype == np.float32 and np.abs(sound).max() <= 1.0
        part = ModuleType("part")
        part.text = f" {len(sound) / 16_000:.1f} seconds "  # type: ignore[attr-defined]
        return [part], None


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("faster_whisper")
    module.WhisperModel = Tiny  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "faster_whisper", module)
    monkeypatch.setattr(whisper, "_LOADED", {})


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    with pytest.raises(MissingExtra, match=r"understudy\[whisper\]"):
        plugins.load("recognise", "whisper")()


@pytest.mark.usefixtures("package")
def test_without_weights_it_says_where_they_go(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(whisper.FOLDER, str(tmp_path))
    with pytest.raises(BadInput, match="UNDERSTUDY_WHISPER"):
        whisper.WhisperRecogniser()


@pytest.mark.usefixtures("package")
def test_a_turn_is_read_as_it_goes_and_at_its_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "model.bin").touch()
    monkeypatch.setenv(whisper.FOLDER, str(tmp_path))
    ears = whisper.WhisperRecogniser()
    ears.begin()
    ears.push(np.zeros(16_000, np.int16))
    assert ears.partial() == ""
    ears.push(np.full(16_000, -32768, np.int16))
    assert ears.partial() == "2.0 seconds"
    ears.push(np.zeros(8_000, np.int16))
    assert ears.end() == "2.5 seconds"
    ears.begin()
    assert ears.end() == ""
