"""The distance is that of the closed forms, and small samples do not inflate it."""

import numpy as np
import pytest
from scipy.linalg import sqrtm

from understudy.base.errors import BadInput
from understudy.judge import frechet_distance, preview_distance
from understudy.judge.features import Bank
from understudy.judge.frechet import covariance, gaussian_distance

RNG = np.random.default_rng(4)


def spread(size: int) -> np.ndarray:
    root = RNG.normal(size=(size, size))
    return root @ root.T / size + 0.1 * np.eye(size)


def test_equal_gaussians_are_no_distance_apart() -> None:
    cov = spread(12)
    assert gaussian_distance(np.ones(12), cov, np.ones(12), cov) == pytest.approx(0, abs=1e-9)


def test_a_shifted_mean_costs_its_square() -> None:
    cov, shift = spread(6), RNG.normal(size=6)
    assert gaussian_distance(np.zeros(6), cov, shift, cov) == pytest.approx(shift @ shift)


def test_axis_aligned_gaussians_follow_the_closed_form() -> None:
    a, b = RNG.uniform(0.1, 3, 8), RNG.uniform(0.1, 3, 8)
    expected = np.sum((np.sqrt(a) - np.sqrt(b)) ** 2)
    assert gaussian_distance(np.zeros(8), np.diag(a), np.zeros(8), np.diag(b)) == pytest.approx(expected)


def test_any_two_gaussians_agree_with_the_matrix_square_root() -> None:
    a, b, apart = spread(10), spread(10), RNG.normal(size=10)
    expected = apart @ apart + np.trace(a + b - 2 * np.real(sqrtm(a @ b)))
    assert gaussian_distance(apart, a, np.zeros(10), b) == pytest.approx(expected, rel=1e-7)


def test_it_is_symmetric_and_turns_with_the_axes() -> None:
    a, b, m = spread(7), spread(7), RNG.normal(size=7)
    turn = np.linalg.qr(RNG.normal(size=(7, 7)))[0]
    one = gaussian_distance(m, a, np.zeros(7), b)
    assert gaussian_distance(np.zeros(7), b, m, a) == pytest.approx(one)
    assert gaussian_distance(turn @ m, turn @ a @ turn.T, np.zeros(7), turn @ b @ turn.T) == pytest.approx(one)


def test_a_singular_covariance_is_no_trouble() -> None:
    flat = np.diag([1.0, 0.0, 0.0])
    assert gaussian_distance(np.zeros(3), flat, np.zeros(3), np.eye(3)) == pytest.approx(2.0)


def test_many_pictures_are_hardly_shrunk() -> None:
    sample = RNG.normal(size=(20000, 5)) * np.array([1, 2, 3, 4, 5])
    assert covariance(sample) == pytest.approx(covariance(sample, shrunk=False), rel=0.01, abs=0.05)


def test_shrinking_brings_two_small_samples_of_one_source_together() -> None:
    one, other = RNG.normal(size=(2, 24, 200))
    plain, shrunk = (frechet_distance(one, other, shrunk=s) for s in (False, True))
    truth_of_means = np.sum((one.mean(0) - other.mean(0)) ** 2)
    assert shrunk < 0.2 * plain
    assert shrunk == pytest.approx(truth_of_means, rel=0.3)


def test_too_few_pictures_are_refused() -> None:
    with pytest.raises(BadInput, match="at least"):
        frechet_distance(np.zeros((3, 5)), np.zeros((30, 5)))


def drawings(seed: int, *, blur: int = 1, tint: float = 1.0) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:90, :160]
    out = []
    for _ in range(16):
        shift = rng.uniform(-4, 4)
        picture = 128 + 60 * np.sin((x + shift) / 3) * np.cos(y / 4) + rng.normal(0, 6, x.shape)
        kernel = np.ones(blur) / blur
        picture = np.apply_along_axis(np.convolve, 1, picture, kernel, "same")
        out.append(np.clip(picture[..., None] * np.array([tint, 1, 1]), 0, 255).astype(np.uint8))
    return out


def test_the_bank_tells_blur_and_colour_from_the_same_again() -> None:
    bank = Bank()
    original, again = bank.of(drawings(1)), bank.of(drawings(2))
    same = frechet_distance(original, again)
    assert frechet_distance(original, bank.of(drawings(2, blur=5))) > 20 * same
    assert frechet_distance(original, bank.of(drawings(2, tint=0.7))) > 5 * same


def test_a_scale_of_its_own_is_not_held_to_the_fields_target() -> None:
    scores = preview_distance(Bank().of(drawings(1)), Bank().of(drawings(2)), Bank())
    assert scores["frechet"].passed is None and "not comparable" in scores["frechet"].how
    assert scores["frechet_floor"].value > 0
