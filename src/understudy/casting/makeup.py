"""Make-up: what lies on the skin. Foundation evens the skin out before its colour is made, the rest is laid over it."""

import numpy as np

from understudy.casting import anatomy
from understudy.casting.canvas import Canvas, bell, ramp
from understudy.casting.noise import Field, Points
from understudy.casting.recipe import Makeup


def even_out(values: Field, level: float, amount: float) -> Field:
    """(n,) melanin or blood under a foundation: pulled towards the level of the whole face."""
    return np.asarray(values + (np.float32(level) - values) * np.float32(0.72 * amount))


def lay_over(c: Canvas, albedo: Field, vermilion: Field, look: Makeup) -> Field:
    """(n, 3) linear colour with blusher, eye shadow, liner and lipstick."""
    if look.blusher > 0:
        apple = c.pair("eye", (17, -33, -10), (18, 10, 26))
        rose = np.array([0.92, 0.60, 0.60], np.float32)
        albedo = albedo * (1 - np.clip(look.blusher * 0.75 * apple, 0, 1)[:, None] * (1 - rose))
    if look.shadow_weight > 0:
        albedo = _blend(albedo, look.shadow, look.shadow_weight * 0.9 * _upper_lid(c), c.tiny * 0.10)
    if look.liner > 0:
        upper = ramp(-1.0, 0.6, c.mm[:, 1] - _lid_line(c))
        line = ramp(3.2, 1.6, c.lid_mm) * upper + 0.45 * ramp(1.3, 0.6, c.lid_mm) * (1 - upper)
        albedo = _blend(albedo, (0.012, 0.010, 0.010), look.liner * 0.9 * line * c.on(anatomy.HEAD), c.tiny * 0.0)
    if look.lipstick_weight > 0:
        crisp = ramp(0.25, 0.65, vermilion)
        albedo = _blend(albedo, look.lipstick, np.clip(look.lipstick_weight, 0, 1) * 0.88 * crisp, c.small * 0.06)
    return albedo


def _blend(albedo: Field, colour: tuple[float, float, float], amount: Points, uneven: Points) -> Field:
    """Pigment over skin: between covering it and staining it."""
    tint = np.array(colour, np.float32) * (1 + uneven)[:, None]
    share = np.clip(amount, 0, 1)[:, None]
    stained = 0.35 * albedo * np.clip(tint / max(max(colour), 0.05), 0, 1) + 0.65 * tint
    return np.asarray(albedo * (1 - share) + stained * share)


def _lid_line(c: Canvas) -> Field:
    """(n,) millimetres: height of the line between the two corners of the lids."""
    inner, outer = c.marks["inner"], c.marks["outer"]
    return np.asarray(np.interp(c.aside, [inner[0], outer[0]], [inner[1], outer[1]]), np.float32)


def _upper_lid(c: Canvas) -> Field:
    above = ramp(-0.5, 2.5, c.mm[:, 1] - _lid_line(c)) * ramp(14, 4, c.lid_mm)
    ends = ramp(-6, 2, c.aside - np.float32(c.marks["inner"][0])) * ramp(
        9, 0, c.aside - np.float32(c.marks["outer"][0])
    )
    return np.asarray(above * ends * (0.7 + 0.3 * bell(c.lid_mm, 6)) * c.on(anatomy.HEAD))
