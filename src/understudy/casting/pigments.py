"""The colour of skin from what is in it: melanin over blood, from 400 to 700 nm, seen under daylight.

Two layers, each with Kubelka-Munk scattering and absorption: an epidermis with melanosomes over a dermis with blood.
Cotton & Claridge, "Developing a predictive model of human skin colouring" (SPIE 2708, 1996) take that course; optical
constants are those of Jacques, "Optical properties of biological tissues: a review" (Phys. Med. Biol. 58, 2013). The
light that the epidermis itself sends back is what keeps dark skin from turning orange. Two chromophores are what
Jimenez et al., "A practical appearance model for dynamic facial color" (2010), need for a face that flushes.
"""

from functools import cache

import numpy as np

from understudy.casting.mesh import Floats
from understudy.casting.noise import Field, Points

WAVELENGTH_NM = np.arange(400.0, 701.0, 10.0)
OXYHAEMOGLOBIN = np.array([
    266232, 466840, 480360, 246072, 102580, 62816, 44480, 33209, 26629, 23684, 20933, 20035, 24202, 39957, 53236,
    43016, 32613, 44496, 50104, 14401, 3200, 1506, 942, 610, 442, 368, 320, 294, 278, 276, 290,
])  # fmt: skip
"""Molar extinction, 1/cm per mol/l (Prahl, "Optical absorption of hemoglobin", Oregon Medical Laser Center, 1999)."""
HAEMOGLOBIN = np.array([
    223296, 303956, 407560, 528600, 413280, 103292, 23389, 16156, 14550, 16684, 20862, 25774, 31590, 39036, 46592,
    53412, 53788, 45072, 37020, 28324, 14677, 9444, 6510, 5149, 4345, 3750, 3227, 2795, 2408, 2052, 1794,
])  # fmt: skip
DAYLIGHT = np.array([
    82.75, 91.49, 93.43, 86.68, 104.86, 117.01, 117.81, 114.86, 115.92, 108.81, 109.35, 107.80, 104.79, 107.69, 104.41,
    104.05, 100.00, 96.33, 95.79, 88.69, 90.01, 89.60, 87.70, 83.29, 83.70, 80.03, 80.21, 82.28, 78.28, 69.72, 71.61,
])  # fmt: skip
"""CIE illuminant D65."""
SRGB_FROM_XYZ = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]])
WHITE_XYZ = np.array([0.95047, 1.0, 1.08883])

EPIDERMIS_MM = 0.060
OXYGENATED = 0.82
"""Share of the blood of skin that carries oxygen."""
MELANIN_SHARE = (
    (0.0, 0.4, 0.62, 1.0, 1.5, 1.85, 2.4, 3.0, 4.2),
    (0.004, 0.019, 0.036, 0.078, 0.145, 0.20, 0.30, 0.42, 0.60),
)
"""Melanin of a recipe -> volume share of melanosomes in the epidermis, spaced so that the steps look even: 1 to 6 % in
fair, 11 to 16 % in olive and 18 to 43 % in dark skin (Jacques 1998)."""
BLOOD_SHARE, BLOOD_POWER = 0.098, 1.6
"""Blood of a recipe -> volume share in the dermis, share * blood ** power: 0.34 is 1.7 %; 0.2 to 7 % occur (Jacques
2013), more where the skin is almost a lip. The power makes equal steps of a recipe equal steps of redness."""
STEPS = (129, 65)
MOST = (4.2, 2.4)
"""Melanin and blood at the end of the table."""


def reflectance(melanin: Floats, blood: Floats) -> Floats:
    """(n, 31) diffuse reflectance at WAVELENGTH_NM of melanin and blood (n,), in a recipe's units."""
    share = np.interp(melanin, *MELANIN_SHARE)[:, None]
    baseline = 0.0244 + 8.53 * np.exp(-(WAVELENGTH_NM - 154) / 66.2)
    absorbed = 2 * (share * 6.6e10 * WAVELENGTH_NM**-3.33 + (1 - share) * baseline)
    scattered = 0.75 * 6.87 * (WAVELENGTH_NM / 500) ** -1.16
    a = 1 + absorbed / scattered
    b = np.sqrt(a * a - 1)
    across, along = (f(b * scattered * EPIDERMIS_MM) for f in (np.sinh, np.cosh))
    above, through = across / (a * across + b * along), b / (a * across + b * along)
    # 150 g/l of haemoglobin at 64500 g/mol; per mm
    whole = 2.303 * (OXYGENATED * OXYHAEMOGLOBIN + (1 - OXYGENATED) * HAEMOGLOBIN) * 150 / 64500 / 10
    filled = np.minimum(BLOOD_SHARE * np.clip(blood, 0, None)[:, None] ** BLOOD_POWER, 0.5)
    absorbed = filled * whole + (1 - filled) * baseline
    scattered = 0.75 * (5.16 * WAVELENGTH_NM**-0.22 + 2.2e11 * WAVELENGTH_NM**-4.0)
    ratio = 2 * absorbed / scattered
    below = 1 + ratio - np.sqrt(ratio * ratio + 2 * ratio)
    return np.asarray(above + through**2 * below / (1 - above * below))


def xyz(spectra: Floats) -> Floats:
    """(n, 3) CIE 1931 tristimulus values under D65, white = 1; colour matching after Wyman, Sloan & Shirley 2013."""

    def lobe(mean: float, low: float, high: float) -> Floats:
        width = np.where(mean > WAVELENGTH_NM, low, high)
        return np.asarray(np.exp(-0.5 * ((WAVELENGTH_NM - mean) * width) ** 2))

    x = 0.362 * lobe(442.0, 0.0624, 0.0374) + 1.056 * lobe(599.8, 0.0264, 0.0323) - 0.065 * lobe(501.1, 0.0490, 0.0382)
    y = 0.821 * lobe(568.8, 0.0213, 0.0247) + 0.286 * lobe(530.9, 0.0613, 0.0322)
    z = 1.217 * lobe(437.0, 0.0845, 0.0278) + 0.681 * lobe(459.0, 0.0385, 0.0725)
    weights = np.stack([x, y, z], 1) * DAYLIGHT[:, None]
    # white comes out as the white point exactly, whatever the sampling
    return np.asarray(spectra @ (weights / weights.sum(0) * WHITE_XYZ))


def linear_srgb(melanin: Floats, blood: Floats) -> Floats:
    """(n, 3) linear sRGB of skin, straight from the spectra."""
    return np.asarray(np.clip(xyz(reflectance(melanin, blood)) @ SRGB_FROM_XYZ.T, 1e-4, 1))


def tint(melanin: Points, blood: Points) -> Field:
    """(n, 3) float32 linear sRGB of skin by table: bilinear in melanin and blood, within 0.5 % of `linear_srgb`."""
    table = _table()
    at_m = np.clip(melanin, 0, MOST[0]) * np.float32((STEPS[0] - 1) / MOST[0])
    at_b = np.clip(blood, 0, MOST[1]) * np.float32((STEPS[1] - 1) / MOST[1])
    i = np.minimum(at_m.astype(np.int32), STEPS[0] - 2)
    j = np.minimum(at_b.astype(np.int32), STEPS[1] - 2)
    s, t = (at_m - i).astype(np.float32)[:, None], (at_b - j).astype(np.float32)[:, None]
    flat = table.reshape(-1, 3)
    row = i * STEPS[1] + j
    low = flat[row] * (1 - t) + flat[row + 1] * t
    high = flat[row + STEPS[1]] * (1 - t) + flat[row + STEPS[1] + 1] * t
    return np.asarray(low * (1 - s) + high * s)


def lab(linear: Floats) -> Floats:
    """(n, 3) CIELAB (D65) of linear sRGB."""
    ratio = np.linalg.solve(SRGB_FROM_XYZ, np.atleast_2d(linear).T).T / WHITE_XYZ
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], 1)


def typology_deg(linear: Floats) -> Floats:
    """(n,) individual typology angle (Chardon et al. 1991): over 55 very light, 41, 28, 10, -30 .. below dark."""
    colour = lab(linear)
    return np.asarray(np.degrees(np.arctan2(colour[:, 0] - 50, colour[:, 2])))


@cache
def _table() -> Field:
    melanin, blood = np.meshgrid(np.linspace(0, MOST[0], STEPS[0]), np.linspace(0, MOST[1], STEPS[1]), indexing="ij")
    colours = linear_srgb(melanin.ravel(), blood.ravel())
    return np.asarray(colours.reshape(*STEPS, 3), np.float32)
