"""A take is drawn whatever it holds."""

from pathlib import Path

import made_for_judging as made
import numpy as np
import pytest
from PIL import Image

from understudy.base.audio import Audio
from understudy.hub.performance import Event, Performance
from understudy.judge import plot_take


@pytest.mark.parametrize("seconds", [0.5, 4.0, 25.0])
def test_a_take_is_drawn_at_any_length(tmp_path: Path, seconds: float) -> None:
    events = (Event("word", "bob", 0.1, 0.4), Event("phone", "B", 0.1, 0.2), Event("emotion", "joy", 0.0, 0.5))
    path = plot_take(made.take(made.syllables(1, seconds), events), tmp_path / "take.png")
    picture = np.asarray(Image.open(path).convert("L"))
    assert picture.shape[1] > 1000 and picture.std() > 5


def test_a_take_of_sound_alone_is_drawn(tmp_path: Path) -> None:
    path = plot_take(Performance("emi", Audio.silence(1.0, 16000), {}), tmp_path / "take.png")
    assert path.stat().st_size > 1000


def test_longer_takes_are_taller_not_wider(tmp_path: Path) -> None:
    short = Image.open(plot_take(made.take(made.syllables(1, 8.0)), tmp_path / "a.png"))
    long = Image.open(plot_take(made.take(made.syllables(1, 25.0)), tmp_path / "b.png"))
    assert long.width == short.width and long.height > 2 * short.height
