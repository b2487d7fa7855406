"""Black, frozen and uneven pictures are found."""

from pathlib import Path

import made_for_judging as made
import numpy as np

from understudy.judge import film, timing

SHOWN = made.take(made.syllables(1, 3.0))
FRAMES = made.pictures(SHOWN, 25)


def test_an_even_film_passes(tmp_path: Path) -> None:
    scores = timing(made.film(tmp_path / "film.mp4", FRAMES, SHOWN.sound))
    assert scores.passed
    assert scores["pictures"].value == len(FRAMES) == 75
    assert scores["rate"].value == 25
    assert abs(scores["sound_past_picture"].value) < 60


def test_black_pictures_fail(tmp_path: Path) -> None:
    frames = FRAMES.copy()
    frames[30:33] = 0
    scores = timing(made.film(tmp_path / "film.mp4", frames, None))
    assert scores["black"].value == 3 and scores["black"].passed is False


def test_frozen_pictures_fail(tmp_path: Path) -> None:
    frames = FRAMES.copy()
    frames[30:50] = frames[30]
    scores = timing(made.film(tmp_path / "film.mp4", frames, None))
    assert scores["frozen"].value > 0.6 and scores["frozen"].passed is False


def test_everything_about_a_film_comes_at_once(tmp_path: Path) -> None:
    path = made.film(tmp_path / "film.mp4", FRAMES, SHOWN.sound)
    scores = film(path, SHOWN)
    for name in ("uneven", "loudness", "offset"):
        assert np.isfinite(scores[name].value)
    assert "offset" not in {score.name for score in film(path)}
