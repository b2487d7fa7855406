"""What the benchmark of pictures says of a reel."""

import numpy as np
import pytest

from understudy.live.bench.film import FPS, WINDOW_S, Reel

SECONDS = 40


def reel(numbers: np.ndarray, takes_s: float = 0.02, after_s: float = 0.005) -> Reel:
    """Returns what comes of pictures that are begun so long after their moment (at 100 s) and take so long to draw."""
    moments = numbers / FPS
    begins = 100 + moments + after_s
    drawn = np.stack([moments, begins, begins + takes_s], axis=1)
    return Reel(drawn, np.stack([begins + takes_s, numbers], axis=1), "pico")


def test_a_rate_that_is_held_reads_as_such() -> None:
    shown = reel(np.arange(SECONDS * FPS + 1))
    assert shown.rates == pytest.approx([FPS] * int(SECONDS / WINDOW_S))
    assert (shown.dropped, shown.late) == (0.0, 0.0)
    assert shown.drawing_ms == pytest.approx(20.0)


def test_dropped_pictures_count_and_lower_the_rate_of_their_window() -> None:
    numbers = np.arange(SECONDS * FPS + 1)
    shown = reel(numbers[(numbers < 300) | (numbers >= 350)])
    assert shown.dropped == pytest.approx(50 / 1001)
    assert shown.rates == pytest.approx([25, 20, 25, 25])


def test_pictures_that_take_longer_than_they_last_are_late() -> None:
    numbers = np.arange(SECONDS * FPS + 1)
    assert reel(numbers, takes_s=0.05).late == 1.0
    shown = reel(numbers)
    shown.drawn[::4, 1:] += 0.03
    assert shown.late == pytest.approx(0.25, abs=0.001)
