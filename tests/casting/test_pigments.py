import numpy as np
import pytest

from understudy.casting import pigments

MELANIN = np.array([0.4, 0.62, 0.8, 1.0, 1.25, 1.5, 1.85, 2.2, 2.6, 3.0])


def colours(blood: float = 0.34) -> np.ndarray:
    return pigments.linear_srgb(MELANIN, np.full(len(MELANIN), blood))


def test_melanin_goes_from_very_light_to_dark_by_the_individual_typology_angle() -> None:
    angle = pigments.typology_deg(colours())
    assert angle[0] > 55
    assert angle[-1] < -45
    assert (np.diff(angle) < 0).all()
    assert 28 < angle[2] < 48  # light
    assert -30 < angle[6] < -10  # brown


def test_no_skin_is_orange_or_grey() -> None:
    for blood in (0.2, 0.34, 0.6):
        _, a, b = pigments.lab(colours(blood)).T
        chroma, hue = np.hypot(a, b), np.degrees(np.arctan2(b, a))
        # measured faces of all origins: hue 45 to 75 degrees, chroma 11 to 25 (Xiao et al. 2017, Skin Res. Technol.);
        # a ruddy cheek of very fair skin is pinker
        assert (chroma > 9).all()
        assert (chroma < 26).all()
        assert (hue > (38 if blood > 0.5 else 44)).all()
        assert (hue < 76).all()


def test_a_plain_exponential_would_have_been_orange() -> None:
    """The control: the same melanin over the same skin without light scattered back by the epidermis."""
    fair = pigments.linear_srgb(np.array([0.4]), np.array([0.34]))
    share = np.interp(2.6, *pigments.MELANIN_SHARE)
    absorbed = share * 6.6e10 * pigments.WAVELENGTH_NM**-3.33 * pigments.EPIDERMIS_MM
    spectrum = pigments.reflectance(np.array([0.4]), np.array([0.34])) * np.exp(-absorbed)
    orange = np.clip(pigments.xyz(spectrum) @ pigments.SRGB_FROM_XYZ.T, 1e-4, 1)
    _, a, b = pigments.lab(orange)[0]
    assert np.hypot(a, b) > 26
    assert pigments.typology_deg(fair)[0] > 55


def test_blood_reddens_and_darkens() -> None:
    pale, red = pigments.lab(colours(0.15)), pigments.lab(colours(1.0))
    assert (red[:4, 1] > pale[:4, 1] + 3).all()
    assert (red[:, 0] < pale[:, 0]).all()


def test_the_table_agrees_with_the_spectra() -> None:
    rng = np.random.default_rng(1)
    melanin, blood = rng.uniform(0.3, 3.2, 400), rng.uniform(0.05, 2.0, 400)
    exact = pigments.linear_srgb(melanin, blood)
    assert pigments.tint(melanin, blood) == pytest.approx(exact, rel=0.02, abs=5e-4)


def test_white_stays_white() -> None:
    assert pigments.xyz(np.ones((1, 31)))[0] == pytest.approx(pigments.WHITE_XYZ)
