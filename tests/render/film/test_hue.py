import numpy as np
import numpy.typing as npt

from understudy.render.film.hue import evened

H, W = 120, 100
Floats = npt.NDArray[np.float32]


def lit(strength: Floats) -> Floats:
    """Returns light that grows redder where it grows weaker, as at the edge of a shadow on skin."""
    return np.stack([strength**0.8, strength, strength**1.1], -1).astype(np.float32)


def shaded() -> Floats:
    x = np.linspace(-3, 3, W)[None].repeat(H, 0)
    return np.asarray(0.15 + 0.85 / (1 + np.exp(-2 * x)), np.float32)


def blotched(light: Floats, seed: int = 3) -> Floats:
    from scipy import ndimage

    noise = ndimage.gaussian_filter(np.random.default_rng(seed).standard_normal((H, W, 3)), (2, 2, 0))
    return np.asarray(light * np.exp(0.12 * noise / noise.std()), np.float32)


def hue(picture: Floats) -> Floats:
    return np.asarray(np.log(picture[..., ::2] / picture[..., 1:2]), np.float32)


ALBEDO = np.full((H, W, 3), 0.4, np.float32)
SKIN = np.ones((H, W), np.float32)


def test_coloured_blotches_on_skin_go_and_the_edge_of_a_shadow_stays_red() -> None:
    true = lit(shaded()) * 0.4
    noisy = blotched(true)
    clean = evened(noisy, ALBEDO, SKIN, 480)
    before, after = np.abs(hue(noisy) - hue(true)).mean(), np.abs(hue(clean) - hue(true)).mean()
    assert after < 0.45 * before
    dark, bright = hue(clean)[:, :10, 0].mean(), hue(clean)[:, -10:, 0].mean()
    assert dark - bright > 0.8 * (hue(true)[:, :10, 0].mean() - hue(true)[:, -10:, 0].mean())


def test_luminance_stays() -> None:
    noisy = blotched(lit(shaded()))
    luma = np.array([0.2126, 0.7152, 0.0722])
    assert np.allclose(evened(noisy, ALBEDO, SKIN, 480) @ luma, noisy @ luma, rtol=1e-3)


def test_texture_keeps_its_colours() -> None:
    albedo = np.where((np.indices((H, W)).sum(0) % 8 < 4)[..., None], (0.5, 0.3, 0.2), (0.3, 0.1, 0.08))
    true = np.asarray(lit(shaded()) * (albedo + 0.03), np.float32)
    clean = evened(true, albedo.astype(np.float32), SKIN, 480)
    assert np.abs(clean / true - 1).mean() < 0.02


def test_what_is_no_skin_is_left_alone() -> None:
    noisy = blotched(lit(shaded()))
    skin = SKIN.copy()
    skin[:, :40] = 0.0
    out = evened(noisy, ALBEDO, skin, 480)
    assert np.array_equal(out[:, :40], noisy[:, :40]) and not np.allclose(out[:, 45:], noisy[:, 45:], rtol=1e-3)
    assert evened(noisy, ALBEDO, np.zeros_like(skin), 480) is noisy
