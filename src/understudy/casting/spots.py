"""What is scattered over skin: freckles, moles, age spots, blemishes and broken tone."""

from dataclasses import dataclass

import numpy as np

from understudy.casting import anatomy
from understudy.casting.canvas import Canvas, ramp
from understudy.casting.noise import Field, fbm, worley
from understudy.casting.recipe import Skin


@dataclass(frozen=True)
class Spots:
    """melanin, blood: to add to those of the skin. rise_mm: how far a mole or pimple stands out. All (n,)."""

    melanin: Field
    blood: Field
    rise_mm: Field


def scatter(c: Canvas, look: Skin) -> Spots:
    """All of them."""
    brown = freckles(c, look) + age_spots(c, look)
    mole, rise = moles(c, look)
    red, swollen, scar = blemishes(c, look)
    clear = (1 - np.clip(1.2 * c.lips, 0, 1)) * c.on(anatomy.HEAD, anatomy.TORSO, anatomy.LEFT_HAND, anatomy.RIGHT_HAND)
    return Spots((brown + mole + scar) * clear, red * clear, (rise + swollen) * clear)


def freckles(c: Canvas, look: Skin) -> Field:
    """Melanin of freckles: many over nose and cheeks, in clusters, of three sizes; few elsewhere."""
    if look.freckles <= 0:
        return np.zeros(len(c.mm), np.float32)
    zone = 0.9 * c.pair("eye", (4, -28, -6), (24, 13, 32)) + 0.9 * c.spot("nose", (0, 12, -6), (16, 16, 18))
    zone += 0.40 * c.spot("nose", (0, 84, -10), (46, 24, 50)) + 0.22 * c.face + 0.12
    cluster = np.clip(0.75 + 1.5 * fbm(c.mm, 1 / 15, 2, 51 + look.seed), 0.05, 1.7)
    chance = np.clip(look.freckles * np.clip(zone, 0, 1) * cluster, 0, 1)
    bent = c.mm + 0.35 * np.stack([c.tiny, c.small, -c.tiny], 1)
    total = np.zeros(len(c.mm), np.float32)
    for size, seed, depth, share in ((1.35, 41, 0.42, 1.3), (2.1, 43, 0.60, 1.2), (3.6, 47, 0.62, 0.8)):
        cell = worley(bent, 1 / size, seed + look.seed)
        own = cell[:, 2]
        reach = 0.13 + 0.20 * ((own * 7.7) % 1)
        chosen = ((own * 13.1) % 1) < share * chance
        edge = ramp(0.0, 1.0, np.clip((reach - cell[:, 0]) / (0.75 * reach), 0, 1))
        total += np.float32(depth) * edge * chosen * (0.35 + 0.65 * ((own * 31) % 1))
    return total


def age_spots(c: Canvas, look: Skin) -> Field:
    """Melanin of lentigines: flat, ragged, brown; on forehead, temples, cheeks and hands, from fifty on."""
    amount = float(np.clip((look.age - 0.35) / 0.65, 0, 1))
    if amount <= 0:
        return np.zeros(len(c.mm), np.float32)
    zone = c.pair("eye", (30, -10, -24), (20, 34, 34)) + 0.7 * c.spot("nose", (0, 92, -12), (52, 30, 50)) + 0.12
    zone = np.clip(zone, 0, 1) + c.on(anatomy.LEFT_HAND, anatomy.RIGHT_HAND)
    total = np.zeros(len(c.mm), np.float32)
    bent = c.mm + 0.9 * np.stack([c.small, c.tiny, c.small], 1)
    for size, seed, depth in ((9.0, 141, 0.30), (15.0, 143, 0.26)):
        cell = worley(bent, 1 / size, seed + look.seed)
        own = cell[:, 2]
        chosen = ((own * 17.3) % 1) < 0.55 * amount * zone
        reach = 0.14 + 0.20 * ((own * 7.7) % 1)
        total += (
            np.float32(depth) * ramp(0.0, 0.5, (reach - cell[:, 0]) / reach) * chosen * (0.4 + 0.6 * ((own * 29) % 1))
        )
    return total


def moles(c: Canvas, look: Skin) -> tuple[Field, Field]:
    """Melanin of moles and how far they stand out, mm."""
    cell = worley(c.mm + 0.25 * np.stack([c.tiny, c.tiny, c.tiny], 1), 1 / 27, 77 + look.seed)
    own = cell[:, 2]
    chosen = (((own * 11.3) % 1) < 0.17 * look.moles) * (c.above_hair < -0.010) * (1 - np.clip(c.lids, 0, 1))
    reach = 0.020 + 0.042 * ((own * 23.7) % 1) ** 2
    inside = np.clip((reach - cell[:, 0]) / reach, 0, 1)
    deep = 0.5 + 0.9 * ((own * 41.9) % 1)
    return np.asarray(ramp(0.0, 0.55, inside) * chosen * deep), np.asarray(0.5 * inside * (reach > 0.045) * chosen)


def blemishes(c: Canvas, look: Skin) -> tuple[Field, Field, Field]:
    """Blood of pimples and of old marks, how far they are swollen (mm), and the brown that healed ones leave."""
    if look.blemishes <= 0:
        zero = np.zeros(len(c.mm), np.float32)
        return zero, zero, zero
    zone = 0.8 * c.pair("corner", (22, 8, -14), (22, 26, 34)) + 0.6 * c.spot("nose", (0, 84, -10), (40, 20, 50))
    zone += 0.8 * c.spot("chin", (0, 0, 0), (20, 14, 22)) + 0.35 * c.spot("nose", (0, 0, 0), (12, 12, 16)) + 0.05
    cell = worley(c.mm + 0.4 * np.stack([c.small, c.small, c.tiny], 1), 1 / 13, 97 + look.seed)
    own = cell[:, 2]
    chosen = ((own * 19.1) % 1) < 0.5 * look.blemishes * np.clip(zone, 0, 1)
    reach = 0.09 + 0.10 * ((own * 5.3) % 1)
    inside = ramp(0.0, 1.0, np.clip((reach - cell[:, 0]) / reach, 0, 1))
    fresh = ((own * 61.7) % 1) < 0.45
    red = inside * chosen * np.where(fresh, 0.55, 0.25)
    deep = 0.10 + 0.16 * min(look.melanin, 1.5)
    return np.asarray(red), np.asarray(0.20 * inside**2 * chosen * fresh), np.asarray(deep * inside * chosen * ~fresh)
