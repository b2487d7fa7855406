"""Where beards grow, and the skin there: the shadow of a shaved beard, bluish and even with its dark points, and what

is seen of the skin between the roots of a grown one.
"""

import numpy as np

from understudy.casting import anatomy
from understudy.casting.canvas import Canvas, bell, ramp
from understudy.casting.noise import Field, fbm, worley
from understudy.casting.recipe import Beard, Rgb

HIDDEN = {"moustache": 0.74, "goatee": 0.76, "short": 0.70, "full": 0.82}
"""How much of the skin a grown beard hides where it is densest, by style."""
WHITE: Rgb = (0.36, 0.345, 0.32)
"""Linear colour of the depth of a beard without pigment."""


def beard_zone(c: Canvas) -> Field:
    """(n,) 0..1: where a beard grows: moustache, chin, cheek below the line from sideburn to mouth, upper throat."""
    mouth, corner, ear, chin = (c.marks[name] for name in ("mouth", "corner", "ear", "chin"))
    x, y, z = c.aside, c.mm[:, 1], c.mm[:, 2]
    back = np.clip((np.float32(mouth[2]) - z) / np.float32(mouth[2] - ear[2]), 0, 1)
    # the upper border rises from beside the mouth to the sideburn before the ear
    line = np.float32(mouth[1]) - 1 + np.float32(ear[1] - mouth[1]) * ramp(0.36, 0.80, back)
    line += 3.0 * c.coarse + 1.5 * c.medium
    cheek = ramp(7, -13, y - line) * ramp(0.98, 0.90, back)
    lip = ramp(2, 6, y - np.float32(mouth[1])) * ramp(22, 13, y - np.float32(mouth[1]))
    lip *= ramp(8, 1, x - np.float32(corner[0]) - 0.3 * np.abs(y - np.float32(mouth[1])))
    throat = ramp(-62, -38, y - np.float32(chin[1]))
    # thin below the middle of the lower lip's sides
    bare = 0.75 * c.pair("mouth", (15, -13, -4), (6, 5, 14)) + 0.35 * c.spot("mouth", (0, 12, 0), (2.5, 8, 12))
    beside = np.clip(1.3 * c.pair("corner", (8, -3, -5), (9, 10, 14)), 0, 1)
    zone = np.maximum(np.maximum(cheek, lip), beside) * throat * (1 - np.clip(bare, 0, 1))
    skin = c.on(anatomy.HEAD, anatomy.TORSO) * (1 - np.clip(1.5 * c.lips, 0, 1)) * (1 - np.clip(1.4 * c.ears, 0, 1))
    front = ramp(-0.10, 0.10, z - np.float32(ear[2]) + 8)
    return np.asarray(zone * skin * front * (1 - bell(c.ring - 5.5, 1.1)))


def shadow(c: Canvas, albedo: Field, amount: float, hair: Rgb) -> Field:
    """(n, 3) linear colour with a beard shaved `amount` ago: 0 smooth, 0.5 of the evening, 1 of the third day."""
    zone = beard_zone(c)
    root = worley(c.mm + 0.10 * np.stack([c.tiny, -c.tiny, c.tiny], 1), 1 / 0.70, 131, (1.0, 0.85, 1.0))
    reach = 0.26 + 0.10 * ((root[:, 2] * 7.3) % 1)
    dots = ramp(1.15, 0.45, root[:, 0] / reach) * (root[:, 2] > 0.12)
    # light that went through skin to the root and back: red is lost to the hair, blue is scattered before it gets there
    even = np.clip(0.55 * amount, 0, 0.75) * zone * (0.92 + 0.12 * c.medium)
    veil = np.array([0.52, 0.60, 0.68], np.float32)
    albedo = albedo * (1 - even[:, None] * (1 - veil))
    point = np.clip(0.62 * amount, 0, 0.85) * dots * zone * ramp(0.1, 0.5, zone)
    tip = np.array(hair, np.float32) * 0.8 + 0.010
    return np.asarray(albedo * (1 - point[:, None]) + tip * point[:, None])


def beard_places(c: Canvas, look: Beard) -> Field:
    """(n,) 0..1: where the beard of a recipe grows, and how densely."""
    zone = beard_zone(c)
    mouth, corner, chin = (c.marks[name] for name in ("mouth", "corner", "chin"))
    x, y, z = c.aside, c.mm[:, 1], c.mm[:, 2]
    wide, lips_mm, chin_mm = abs(float(corner[0])), float(mouth[1]), float(chin[1])
    lip = ramp(wide + 9, wide + 4, x) * ramp(lips_mm - 4, lips_mm + 1, y)
    # round at the chin, narrower than the mouth
    goat = ramp(wide + 5, wide - 1, x + 0.16 * np.maximum(np.float32(lips_mm - 16) - y, 0)) * (y < lips_mm + 2)
    goat = goat * ramp(-27, -14, y - np.float32(chin_mm) - 0.012 * x * x)
    above = ramp(lips_mm + 1.5, lips_mm + 4.0, y) * ramp(lips_mm + 22, lips_mm + 13, y)
    above = above * ramp(wide + 5, wide, x + 0.5 * np.abs(y - np.float32(lips_mm + 8)))
    above = above * (1 - np.clip(2 * c.lips, 0, 1)) * (z > np.float32(corner[2] - 12))
    zone = np.maximum(zone, 0.95 * above)
    # round the corners of the mouth it meets the moustache, and under the middle of the lip it stands in a tuft
    joins = 0.85 * c.pair("corner", (2, -5, -2), (7, 9, 12)) + 0.75 * c.spot("mouth", (0, -14, 0), (9, 6, 14))
    joins = joins + 0.5 * c.pair("mouth", (15, -13, -4), (8, 6, 14))
    zone = np.maximum(zone, np.clip(joins, 0, 0.9) * (1 - np.clip(2.5 * c.lips, 0, 1)) * (c.ring > 5.5))
    if look.style == "moustache":
        zone = zone * lip
    elif look.style == "goatee":
        zone = zone * np.maximum(lip, goat)
    # the throat is shaved
    return np.asarray(zone * ramp(chin_mm - 52, chin_mm - 28, y) * np.float32(look.density))


def under_beard(c: Canvas, albedo: Field, look: Beard, hair: Rgb, grey: float) -> tuple[Field, Field]:
    """(n, 3) linear colour of skin with the depth of a grown beard over it, and (n,) how much of the skin is hidden.

    hair: colour of the beard, grey: share of its hairs without pigment.
    """
    most = HIDDEN.get(look.style, 0.0)
    if most <= 0:
        return albedo, np.zeros(len(albedo), np.float32)
    streak = fbm(c.mm, 1 / 0.55, 2, 63, stretch=(1.0, 0.25, 0.6))
    places = np.clip(beard_places(c, look), 0, 1)
    frayed = places + (0.30 * streak + 0.14 * c.small + 0.08 * c.medium) * ramp(0.02, 0.20, places)
    hidden = ramp(0.10, 0.95, frayed) * ramp(0.02, 0.30, places)
    hidden = np.asarray(np.float32(most) * hidden * np.clip(0.90 + 0.35 * streak, 0, 1.15))
    deep = np.array(hair, np.float32) * np.float32(1 - grey) + np.array(WHITE, np.float32) * np.float32(grey)
    tone = deep * (0.85 + 0.35 * np.clip(streak, -1, 1))[:, None]
    return np.asarray(albedo * (1 - hidden[:, None]) + tone * hidden[:, None]), hidden
