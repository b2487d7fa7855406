"""The shadow of a shaved beard: roots under the skin, which look bluish and even, and their dark points."""

import numpy as np

from understudy.casting import anatomy
from understudy.casting.canvas import Canvas, bell, ramp
from understudy.casting.noise import Field, worley
from understudy.casting.recipe import Rgb


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
