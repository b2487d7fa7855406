"""A two-hour script is told how long it takes before it is begun, and begun."""

from collections.abc import Callable
from pathlib import Path

import pytest

from understudy.hub.script import Script
from understudy.production import film


def test_a_two_hour_script_says_how_long_it_takes_and_starts(
    understudy: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "long.fountain"
    words = "Nobody warns you about the quiet part of leaving a house."
    script.write_text("INT. ROOM - DAY\n\n" + "".join(f"EMI\n{words}\n\n" for _ in range(1600)))
    started: list[Script] = []

    def stop_at_the_door(text: Script, *_: object, **__: object) -> None:
        started.append(text)
        raise KeyboardInterrupt

    monkeypatch.setattr(film, "_shoot_all", stop_at_the_door)
    ran = understudy("perform", script, "-o", tmp_path / "long.mp4")
    assert ran.code == 130  # type: ignore[attr-defined]
    assert "minutes of film" in ran.err and "hours" in ran.err  # type: ignore[attr-defined]
    assert len(started[0].dialogue) == 1600
    assert not (tmp_path / "long.mp4").exists()


def test_version_and_help_answer(understudy: Callable[..., object]) -> None:
    assert "understudy 0." in understudy("--version").out  # type: ignore[attr-defined]
    for command in ("perform", "render", "still", "animate", "voice", "plot", "actors", "places", "verify", "doctor"):
        assert "Usage" in understudy(command, "--help").out  # type: ignore[attr-defined]


def test_the_doctor_names_the_voice_in_use_and_what_would_sound_better(understudy: Callable[..., object]) -> None:
    out = understudy("doctor").out  # type: ignore[attr-defined]
    assert "voice pico" in out
    assert "rhvoice" in out.lower()
    assert "graphics" in out
    assert "identity is judged by" in out


def test_the_cast_and_the_sets_are_listed(understudy: Callable[..., object]) -> None:
    assert "Emi" in understudy("actors").out  # type: ignore[attr-defined]
    places = understudy("places").out  # type: ignore[attr-defined]
    assert all(name in places for name in ("studio", "dusk", "snow"))
