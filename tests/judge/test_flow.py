"""Without a take the motion is estimated, and boiling is still told from moving."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from understudy.base.errors import BadInput
from understudy.judge import flow_consistency

pytest.importorskip("cv2", reason="extra judge")


def moving(step_px: float, noise: float = 0.0) -> list[np.ndarray]:
    """Returns pictures of a texture that moves to the right, with other noise in each."""
    rng = np.random.default_rng(3)
    wide = gaussian_filter(rng.standard_normal((180, 480)), 7)
    wide = 128 + 35 * wide / wide.std()
    out = []
    for i in range(10):
        start = round(step_px * i)
        picture = wide[:, 100 - start : 420 - start] + noise * rng.standard_normal((180, 320))
        out.append(np.clip(picture, 0, 255).astype(np.uint8)[..., None].repeat(3, axis=2))
    return out


def test_a_texture_that_moves_is_steady_and_says_that_its_motion_was_estimated() -> None:
    scores = flow_consistency(moving(3))
    assert scores["consistency"].passed and "ESTIMATED" in scores["consistency"].how


def test_flicker_fails() -> None:
    rng = np.random.default_rng(0)
    flickering = [np.clip(p * (1 + 0.05 * rng.standard_normal()), 0, 255).astype(np.uint8) for p in moving(3)]
    assert flow_consistency(flickering)["consistency"].passed is False


def test_stronger_noise_scores_less() -> None:
    scores = [flow_consistency(moving(3, noise))["consistency"].value for noise in (0, 8, 20)]
    assert scores == sorted(scores, reverse=True) and scores[-1] < 0.85


def test_a_film_in_which_nothing_moves_is_not_judged() -> None:
    with pytest.raises(BadInput, match="Nothing moves"):
        flow_consistency(moving(0))
