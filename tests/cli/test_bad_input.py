"""Bad input gets one clear sentence and exit code 2, and leaves nothing behind."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

GOOD = "INT. ROOM - DUSK\n\nEMI\nPlease, come back before morning.\n"


def one_sentence(ran: "object", *words: str) -> None:
    err = ran.err.strip()  # type: ignore[attr-defined]
    last = err.splitlines()[-1]
    assert ran.code == 2, err  # type: ignore[attr-defined]
    assert last.startswith("understudy: ")
    assert "Traceback" not in err
    for word in words:
        assert word in last


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("   \n\n", "empty"),
        ("INT. ROOM - DAY\n\nNobody speaks.\n", "dialogue"),
        ("INT. ROOM - DAY\n\nEMI\nHi.\n\nSTRANGER\nHello.\n", "STRANGER"),
    ],
)
def test_scripts_nobody_can_play(understudy: Callable[..., object], tmp_path: Path, text: str, words: str) -> None:
    script = tmp_path / "scene.fountain"
    script.write_text(text)
    one_sentence(understudy("perform", script, "-o", tmp_path / "scene.mp4"), words)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["scene.fountain"]


def test_a_binary_script(understudy: Callable[..., object], tmp_path: Path) -> None:
    script = tmp_path / "scene.fountain"
    script.write_bytes(bytes(range(256)) * 40)
    one_sentence(understudy("perform", script, "-o", tmp_path / "scene.mp4"), "scene.fountain")


def test_a_script_that_is_not_there(understudy: Callable[..., object], tmp_path: Path) -> None:
    one_sentence(understudy("perform", tmp_path / "none.fountain", "-o", tmp_path / "a.mp4"), "none.fountain")


@pytest.mark.parametrize(
    ("option", "value", "word"),
    [
        ("--actor", "nobody", "nobody"),
        ("--actor", "BEN=emi", "BEN"),
        ("--size", "huge", "huge"),
        ("--size", "1281x720", "even"),
        ("--fps", "0", "pictures"),
        ("--shot", "extreme", "extreme"),
        ("--place", "moon", "moon"),
    ],
)
def test_options_that_cannot_be(
    understudy: Callable[..., object], tmp_path: Path, option: str, value: str, word: str
) -> None:
    script = tmp_path / "scene.fountain"
    script.write_text(GOOD)
    one_sentence(understudy("perform", script, "-o", tmp_path / "a.mp4", option, value), word)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["scene.fountain"]


def test_an_output_that_is_no_film(understudy: Callable[..., object], tmp_path: Path) -> None:
    script = tmp_path / "scene.fountain"
    script.write_text(GOOD)
    one_sentence(understudy("perform", script, "-o", tmp_path / "scene.txt"), "scene.txt")


def test_a_folder_that_cannot_be_written(understudy: Callable[..., object], tmp_path: Path) -> None:
    script = tmp_path / "scene.fountain"
    script.write_text(GOOD)
    (tmp_path / "file").write_text("in the way")
    one_sentence(understudy("perform", script, "-o", tmp_path / "file" / "scene.mp4"), "file")
    one_sentence(understudy("perform", script, "-o", "/proc/scene.mp4"), "/proc")


@pytest.mark.parametrize("content", [b"", b"RIFF....WAVEnothing", b"plain words"])
def test_a_wav_that_is_not_one(understudy: Callable[..., object], tmp_path: Path, content: bytes) -> None:
    wav = tmp_path / "speech.wav"
    wav.write_bytes(content)
    one_sentence(understudy("animate", wav, "-o", tmp_path / "a.take"), "speech.wav")
    assert not (tmp_path / "a.take").exists()


@pytest.mark.parametrize(("rate_hz", "channels"), [(8000, 1), (48000, 6)])
def test_telephone_and_surround_sound_are_fine(
    understudy: Callable[..., object], tmp_path: Path, rate_hz: int, channels: int
) -> None:
    noise = np.random.default_rng(0).normal(0, 0.05, (rate_hz, channels)).astype(np.float32)
    soundfile.write(tmp_path / "speech.wav", noise, rate_hz)
    ran = understudy("animate", tmp_path / "speech.wav", "-o", tmp_path / "a.take")
    assert ran.code == 0, ran.err  # type: ignore[attr-defined]
    assert (tmp_path / "a.take").exists()


def test_a_file_that_is_no_take(understudy: Callable[..., object], tmp_path: Path) -> None:
    (tmp_path / "a.take").write_text("no")
    one_sentence(understudy("render", tmp_path / "a.take", "-o", tmp_path / "a.mp4"), "a.take")
    one_sentence(understudy("plot", tmp_path / "b.take"), "b.take")


def test_verifying_what_is_no_media(understudy: Callable[..., object], tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("no")
    one_sentence(understudy("verify", tmp_path / "a.mp4"), "a.mp4")
    one_sentence(understudy("verify", tmp_path / "none.mp4"), "none.mp4")


def test_nothing_to_say(understudy: Callable[..., object], tmp_path: Path) -> None:
    one_sentence(understudy("voice", "  ", "-o", tmp_path / "a.wav"), "nothing to say")


def test_a_machine_without_graphics_says_what_to_install(tmp_path: Path) -> None:
    script = tmp_path / "scene.fountain"
    script.write_text(GOOD)
    environment = {**os.environ, "__EGL_VENDOR_LIBRARY_FILENAMES": "/nowhere.json", "EGL_PLATFORM": "surfaceless"}
    command = [sys.executable, "-m", "understudy.cli.main", "perform", str(script), "-o", str(tmp_path / "a.mp4")]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 2, ran.stderr
    assert "libegl1" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "a.mp4").exists()
