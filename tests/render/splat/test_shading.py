"""How a hair shines: it mirrors about its axis, and lets light through from behind."""

import numpy as np
import pytest

from understudy.render.splat.compiled import quick
from understudy.render.splat.shading import ONWARD, fibre_shine

GLOSS = np.array([0.05, 40.0], np.float32)


@quick
def shine(along, normal, eye, lobe, gloss, out):  # type: ignore[no-untyped-def]
    out[0], out[1], out[2], out[3] = fibre_shine(
        along[0], along[1], along[2], normal[0], normal[1], normal[2], eye[0], eye[1], eye[2], lobe, gloss
    )


def shone(towards: tuple[float, float, float], gloss: np.ndarray = GLOSS, sharp: float = 200.0) -> np.ndarray:
    """What a hair along x shows an eye on +z of a lamp towards somewhere."""
    unit = np.array(towards) / np.linalg.norm(towards)
    lobe = np.array([*unit, 1, 1, 1, sharp, 0], np.float32)
    along, eye = np.array([1, 0, 0], np.float32), np.array([0, 0, 1], np.float32)
    out = np.zeros(4, np.float32)
    shine(along, eye, eye, lobe, gloss, out)
    return out


def test_a_lamp_beside_the_eye_is_mirrored_and_one_behind_shines_through() -> None:
    mirrored, _, on, _ = shone((0, 0.1, 1))
    assert mirrored == pytest.approx(GLOSS[0], rel=0.05) and on < 1e-4
    mirrored, _, on, _ = shone((0, 0, -1))
    assert mirrored == 0 and on == pytest.approx(ONWARD * GLOSS[0], rel=0.01)
    # around the lamp it falls off, across the hair as along it
    across, along = shone((0, 0.6, -1))[2], shone((0.6, 0, -1))[2]
    assert 0 < along < across < 0.6 * on
    # and all round the axis of the hair it mirrors alike, but not along it
    assert shone((0, 1, 1))[0] > 0.8 * GLOSS[0] and shone((1, 0, 1))[0] < 0.05 * GLOSS[0]


@pytest.mark.parametrize("towards", [(0.2, 0.3, 1.0), (0.15, 0.3, -1.0)])
def test_how_it_changes_with_sharpness_is_what_differences_say(towards: tuple[float, float, float]) -> None:
    step = 0.02
    less, more = (shone(towards, GLOSS * np.array([1, np.exp(k)], np.float32)) for k in (-step, step))
    _, slope, _, its_slope = shone(towards)
    assert slope == pytest.approx((more[0] - less[0]) / (2 * step), rel=0.03, abs=1e-6)
    assert its_slope == pytest.approx((more[2] - less[2]) / (2 * step), rel=0.03, abs=1e-6)
