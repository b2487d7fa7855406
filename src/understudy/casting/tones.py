"""Where the skin of a face is darker and where it is redder: melanin and blood of every point, in a recipe's units."""

import numpy as np

from understudy.casting import anatomy
from understudy.casting.canvas import Canvas, bell, ramp
from understudy.casting.noise import Field, fbm, perlin, worley
from understudy.casting.recipe import Skin

FAIR = 0.62
"""Melanin up to here varies in proportion; darker skin is more even for its depth."""


def melanin(c: Canvas, look: Skin) -> Field:
    """(n,) without spots: tanned above and in front, paler under the chin and on palms."""
    uneven = 0.075 * c.coarse + 0.07 * c.medium + 0.08 * c.small + 0.07 * c.tiny
    level = min(look.melanin, FAIR) + 0.45 * max(look.melanin - FAIR, 0.0)
    m = look.melanin + level * uneven * (0.8 + 0.5 * look.age)
    sun = 0.10 * c.spot("nose", (0, 88, -12), (52, 26, 50)) + 0.05 * c.pair("eye", (12, -30, -12), (22, 16, 30))
    sun += 0.05 * c.spot("nose", (0, 10, -6), (14, 22, 20))
    upper = c.pair("eye", (0, 9, 0), (17, 7, 22))
    under = c.pair("eye", (-3, -12.5, 0), (15, 5.5, 22))
    inner = c.pair("inner", (2, 0, 0), (6, 8, 14))
    darker = 0.08 * upper + 0.10 * look.under_eye * under + 0.10 * inner
    # round the mouth and on the temples pigmented skin is darker still
    deep = float(np.clip((look.melanin - 0.9) / 1.2, 0, 1))
    darker += deep * (0.09 * c.pair("corner", (3, -2, -2), (10, 14, 16)) + 0.10 * _round_mouth(c))
    darker += deep * 0.06 * c.pair("eye", (34, 8, -30), (14, 22, 24))
    head = c.island == anatomy.HEAD
    below = ramp(-0.25, -0.8, c.normal[:, 1]) * (head | (c.island == anatomy.TORSO))
    shaded = below * ramp(2, -22, c.mm[:, 1] - np.float32(c.marks["chin"][1]))
    # the dark of a crease of the neck is shadow; its skin is paler than the face
    neck = ramp(-14, -60, c.mm[:, 1] - np.float32(c.marks["chin"][1]))
    darker -= 0.13 * shaded + 0.04 * neck
    return np.asarray(m + level * (sun + darker) + 0.06 * bell(c.lid_mm, 1.6))


def blood(c: Canvas, look: Skin) -> Field:
    """(n,) blood: mottled everywhere, more where vessels lie close under the skin."""
    mottle = 0.22 * fbm(c.mm, 1 / 20, 3, 21) + 0.26 * fbm(c.mm, 1 / 6.5, 3, 25) + 0.28 * fbm(c.mm, 1 / 2.2, 3, 29)
    # tiny pale islands around follicles, as on goose flesh and cheeks in the cold
    island = worley(c.mm, 1 / 3.4, 31)
    mottle += 0.16 * (ramp(0.15, 0.5, island[:, 0]) - 0.6)
    cheek = c.pair("eye", (11, -37, -12), (21, 16, 30))
    tip = c.spot("nose", (0, 0, 0), (12, 10, 16))
    wing = c.pair("nose", (15, -5, -14), (6.5, 8, 11))
    fold = c.pair("nose", (19, -2, -18), (4.5, 9, 9))
    chin = c.spot("chin", (0, 0, 0), (15, 11, 20))
    upper = c.pair("eye", (0, 9, 0), (17, 7, 22))
    under = c.pair("eye", (-3, -12.5, 0), (15, 5.5, 22))
    inner = c.pair("inner", (0, -1, 0), (5, 6, 12))
    red = 1.0 + 0.9 * look.redness
    zones = red * (1.15 * cheek * (1 + 0.5 * c.medium + 0.4 * c.coarse) + 1.05 * tip + 0.95 * wing + 0.7 * fold)
    zones += red * 0.42 * chin * (1 + 0.4 * c.medium)
    zones += 0.50 * upper + 0.30 * look.under_eye * under + 0.45 * inner + 0.9 * c.ears * (0.75 + 0.35 * c.coarse)
    zones += 0.18 * c.pair("corner", (2, 14, 6), (5, 13, 18)) + 0.25 * look.redness * c.face
    zones -= 0.22 * _round_mouth(c) + 0.10 * c.spot("nose", (0, 88, -12), (48, 24, 50))
    neck = ramp(-20, -70, c.mm[:, 1] - np.float32(c.marks["chin"][1]))
    zones += neck * (0.10 * look.redness + 0.25 * np.maximum(c.coarse, 0) * look.age - 0.08)
    amount = look.blood * (1 + mottle + zones + 2.4 * vessels(c, look))
    amount += 0.30 * bell(c.lid_mm, 1.3) + 0.12 * bell(c.lid_mm, 3.0)
    hand = c.on(anatomy.LEFT_HAND, anatomy.RIGHT_HAND)
    return np.asarray(np.maximum(amount + look.blood * 0.25 * hand * (1 + 0.5 * c.medium), 0.02))


def vessels(c: Canvas, look: Skin) -> Field:
    """0..1: fine vessels that shine through at the wings of the nose, on the cheeks and on the ears."""
    amount = np.clip(
        0.5 * c.pair("eye", (14, -36, -12), (17, 12, 28)) + c.pair("nose", (16, -4, -14), (7, 9, 12)) + 0.4 * c.ears,
        0,
        1,
    )
    amount = amount * np.float32(0.16 + 0.45 * look.redness + 0.35 * look.age)
    bent = c.mm + 0.7 * np.stack([c.small, c.tiny, c.medium], 1)
    line = ramp(0.90, 1.0, 1 - np.abs(perlin(bent, 1 / 2.6, 77)))
    patch = ramp(0.0, 0.5, fbm(c.mm, 1 / 9, 2, 79))
    return np.asarray(line * patch * amount)


def veins(c: Canvas) -> Field:
    """0..1: the bluish net under the thin skin of the lids and of the temples."""
    where = 0.9 * c.pair("eye", (2, 11, 0), (16, 8, 20)) + 0.5 * c.pair("eye", (-6, -13, 0), (13, 5, 20))
    where += 0.35 * c.pair("eye", (32, 16, -26), (12, 18, 22))
    bent = c.mm + 1.6 * np.stack([c.medium, c.small, c.coarse], 1)
    return np.asarray(ramp(0.86, 1.0, 1 - np.abs(perlin(bent, 1 / 6.0, 83))) * np.clip(where, 0, 1))


def flush_zone(c: Canvas) -> Field:
    """0..1: where blood rushes when the face flushes: cheeks, nose, ears, then forehead, chin and throat."""
    zone = (
        0.66 * c.pair("eye", (15, -38, -12), (31, 27, 40))
        + 0.42 * c.spot("nose", (0, 0, 0), (16, 15, 22))
        + 0.8 * c.ears
    )
    zone += 0.30 * c.spot("nose", (0, 80, -12), (46, 26, 50)) + 0.4 * c.spot("chin", (0, 0, 0), (16, 12, 20))
    zone += 0.30 * ramp(-10, -60, c.mm[:, 1] - np.float32(c.marks["chin"][1])) + 0.22
    return np.asarray(np.clip(zone * (1 + 0.25 * c.coarse + 0.2 * c.medium), 0, 1) * (1 - 0.6 * np.clip(c.lips, 0, 1)))


def _round_mouth(c: Canvas) -> Field:
    """The paler band outside the border of the lips (darker in dark skin)."""
    return np.asarray(bell(c.ring - 8.6, 1.9) * (c.island == anatomy.HEAD))
