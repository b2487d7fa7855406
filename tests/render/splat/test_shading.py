"""How a hair shines: it mirrors about its axis, and lets light through from behind."""

import numpy as np
import pytest

from understudy.render.splat.compiled import quick
from understudy.render.splat.shading import ONWARD, WHITE, _glance, _rows_of, fibre_shine

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


@quick
def together(fibre, way, normal, eye, whole, gloss, lobes, arrives, out):  # type: ignore[no-untyped-def]
    rows = _rows_of(lobes)
    shares = np.ones(rows.shape[1], np.float32)
    for k in range(len(arrives)):
        shares[k] = arrives[k]
    full = np.float32(1.0) / max(whole[0], max(whole[1], whole[2]))
    out[0], out[1], out[2] = _glance(
        fibre, way[0], way[1], way[2], normal[0], normal[1], normal[2], eye[0], eye[1], eye[2], full, whole, gloss[0],
        gloss[1], rows, shares,
    )  # fmt: skip


def unit(draw: np.random.Generator, count: int) -> np.ndarray:
    rows = draw.normal(size=(count, 3))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize("count", [1, 9, 16, 21])
@pytest.mark.parametrize("fibre", [0, 1])
def test_lobes_shone_several_at_a_time_are_those_shone_one_by_one(count: int, fibre: int) -> None:
    draw = np.random.default_rng(count)
    towards, (way, normal, eye) = unit(draw, count), unit(draw, 3)
    if not fibre:
        way = towards[-1]  # so that at least the last one is mirrored
    power, sharp = draw.uniform(0.5, 3, (count, 3)), draw.uniform(3, 300, (count, 1))
    lobes = np.concatenate([towards, power, sharp, np.zeros((count, 1))], 1).astype(np.float32)
    arrives, whole = draw.uniform(0, 1, min(count, 3)).astype(np.float32), np.array([0.3, 0.2, 0.1], np.float32)
    meant = np.zeros(3)
    for k, lobe in enumerate(lobes.astype(np.float64)):
        if fibre:
            one = np.zeros(4, np.float32)
            shine(way, normal, eye, lobes[k], GLOSS, one)
            on = one[2] + (1 - WHITE) * one[0]
            add = (WHITE * one[0] + on * whole / whole.max()) * lobe[3:6]
        else:
            keen = GLOSS[1] * lobe[6] / (GLOSS[1] + lobe[6])
            away = keen * (way @ lobe[:3] - 1)
            add = (away > -12) * GLOSS[0] * keen / (2 * np.pi) * np.exp(away) * lobe[3:6]
        meant += add * (arrives[k] if k < len(arrives) else 1.0)
    out = np.zeros(3, np.float32)
    together(fibre, way, normal, eye, whole, GLOSS, lobes, arrives, out)
    assert out == pytest.approx(meant, rel=1e-3, abs=1e-7) and meant.max() > 0
