"""The offset of sound and picture is measured from the file, and faults are found."""

from dataclasses import replace
from pathlib import Path

import made_for_judging as made
import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.base.errors import BadInput
from understudy.hub.performance import Event, Performance
from understudy.judge import sync

SHOWN = made.take(made.syllables(1))
FRAMES = made.pictures(SHOWN, 25)


def filmed(folder: Path, **late: float) -> Path:
    return made.film(folder / "film.mp4", FRAMES, SHOWN.sound, **late)


def test_a_true_film_is_in_sync(tmp_path: Path) -> None:
    scores = sync(filmed(tmp_path), SHOWN)
    assert scores.passed
    assert abs(scores["offset"].value) < 10
    assert abs(scores["picture_lag"].value) < 10 and abs(scores["sound_lag"].value) < 5


@pytest.mark.parametrize("late_s", [-0.15, -0.03, 0.03, 0.15])
def test_a_shifted_sound_is_measured_and_fails(tmp_path: Path, late_s: float) -> None:
    scores = sync(filmed(tmp_path, sound_late_s=late_s), SHOWN)
    assert scores["offset"].value == pytest.approx(1000 * late_s, abs=10)
    assert not scores.passed


def test_a_late_picture_is_told_from_an_early_sound(tmp_path: Path) -> None:
    late = made.film(tmp_path / "late.mp4", made.pictures(SHOWN, 25, late_s=0.15), SHOWN.sound)
    scores = sync(late, SHOWN)
    assert scores["picture_lag"].value == pytest.approx(150, abs=15)
    assert scores["sound_lag"].value == pytest.approx(0, abs=5)
    assert scores["offset"].value == pytest.approx(-150, abs=20)


@pytest.mark.parametrize("late_s", [0.0, 0.12])
def test_the_mouth_is_found_again_after_a_cut(tmp_path: Path, late_s: float) -> None:
    frames = made.cut_pictures(SHOWN, 25, (55, 85, 60), late_s)
    scores = sync(made.film(tmp_path / "cut.mp4", frames, SHOWN.sound), SHOWN)
    assert scores["picture_lag"].value == pytest.approx(1000 * late_s, abs=10)
    assert scores.passed == (late_s == 0.0)


def test_another_takes_lips_are_not_found_in_a_cut_film(tmp_path: Path) -> None:
    path = made.film(tmp_path / "cut.mp4", made.cut_pictures(SHOWN, 25, (55, 85, 60)), SHOWN.sound)
    for seed in range(10, 12):
        assert np.isnan(sync(path, made.take(made.syllables(seed)))["picture_lag"].value)


def test_an_actor_is_judged_in_her_own_shots(tmp_path: Path) -> None:
    shots = [Event("shot", "s2", 0.0, 3.4, 2.2), Event("shot", "s4", 3.4, 5.8, 5.6)]
    hers = Performance(
        "emi",
        Audio.join([SHOWN.sound.cut(2.2, 5.6), SHOWN.sound.cut(5.6, 8.0)]),
        {name: replace(track, values=track.values[132:]) for name, track in SHOWN.tracks.items()},
        tuple(shots),
    )
    path = made.film(tmp_path / "cut.mp4", made.cut_pictures(SHOWN, 25, (55, 85, 60)), SHOWN.sound)
    assert sync(path, hers).passed
    elsewhere = replace(hers, events=(replace(shots[0], value=1.9), replace(shots[1], value=5.3)))
    assert sync(path, elsewhere)["sound_lag"].value == pytest.approx(300, abs=10)


def test_lags_finer_than_a_picture_are_measured(tmp_path: Path) -> None:
    late = made.film(tmp_path / "late.mp4", made.pictures(SHOWN, 25, late_s=0.013), SHOWN.sound)
    assert sync(late, SHOWN)["picture_lag"].value == pytest.approx(13, abs=6)


def test_both_late_together_are_in_sync(tmp_path: Path) -> None:
    frames = made.pictures(SHOWN, 25, late_s=0.2)
    scores = sync(made.film(tmp_path / "late.mp4", frames, SHOWN.sound, sound_late_s=0.2), SHOWN)
    assert abs(scores["offset"].value) < 15


@pytest.mark.parametrize("seed", range(3))
def test_a_shuffled_sound_has_no_confident_lag(tmp_path: Path, seed: int) -> None:
    scores = sync(made.film(tmp_path / "film.mp4", FRAMES, made.shuffled(SHOWN.sound, seed)), SHOWN)
    assert np.isnan(scores["sound_lag"].value) and np.isnan(scores["offset"].value)
    assert scores["offset"].passed is False


@pytest.mark.parametrize("seed", range(10, 13))
def test_another_takes_lips_are_not_found_in_the_picture(tmp_path: Path, seed: int) -> None:
    other = made.take(made.syllables(seed))
    scores = sync(filmed(tmp_path), other)
    assert np.isnan(scores["picture_lag"].value)
    assert not scores.passed


def test_a_still_mouth_is_not_found(tmp_path: Path) -> None:
    still = made.pictures(made.take(np.zeros(480)), 25)
    scores = sync(made.film(tmp_path / "still.mp4", still, SHOWN.sound), SHOWN)
    assert np.isnan(scores["picture_lag"].value)


def test_a_silent_film_has_no_sound_lag(tmp_path: Path) -> None:
    scores = sync(made.film(tmp_path / "silent.mp4", FRAMES, None), SHOWN)
    assert np.isnan(scores["offset"].value) and not scores.passed


def test_what_is_no_film_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "no.mp4"
    path.write_bytes(b"not a film")
    for bad in (path, tmp_path / "gone.mp4"):
        with pytest.raises(BadInput):
            sync(bad, SHOWN)
