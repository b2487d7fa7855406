from pathlib import Path

import numpy as np
import pytest

from understudy import Performance, rights, shoot
from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, TRACK_CHANNELS
from understudy.base.errors import Interrupted
from understudy.hub.track import Track
from understudy.production.film import FilmOptions
from understudy.production.progress import Progress

SMALL = FilmOptions(size_px=(320, 180))


@pytest.fixture
def take() -> Performance:
    tracks = {n: Track(n, c, ANIMATION_RATE_HZ, np.zeros((60, len(c)), np.float32)) for n, c in TRACK_CHANNELS.items()}
    return Performance("emi", Audio.silence(1.0, 24000), tracks)


def test_a_take_becomes_a_genuine_film_of_its_length(take: Performance, tmp_path: Path) -> None:
    released = shoot(take, tmp_path / "a.mp4", options=SMALL)
    assert released.duration_s == pytest.approx(1.0)
    assert rights.verify(released.path).exit_code == 0
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]


def test_an_interrupted_take_leaves_nothing_behind(take: Performance, tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if progress.film_s > 0.3:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="begins it again"):
        shoot(take, tmp_path / "a.mp4", options=SMALL, listener=stop)
    assert list(tmp_path.iterdir()) == []
