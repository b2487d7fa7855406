"""Relief of skin too small for the mesh: pores by region, the net of fine lines, lip lines. Heights in millimetres."""

import numpy as np

from understudy.casting import anatomy
from understudy.casting.canvas import Canvas, bell, ramp
from understudy.casting.noise import Field, perlin, worley
from understudy.casting.recipe import Skin


def pores(c: Canvas, look: Skin) -> Field:
    """(n,) 0..1: how deep a point lies in a pore; round on the nose, drawn out along the cheek, few on the forehead."""
    nose = c.spot("nose", (0, 3, -6), (13, 16, 18)) + 0.7 * c.pair("nose", (12, 2, -12), (8, 10, 14))
    cheek = c.pair("eye", (-2, -30, -6), (15, 13, 24)) + 0.55 * c.pair("eye", (14, -36, -16), (18, 18, 30))
    brow = 0.45 * c.spot("nose", (0, 84, -10), (46, 22, 50)) + 0.35 * c.spot("nose", (0, 40, -8), (12, 14, 18))
    chin = 0.55 * c.spot("chin", (0, 2, 0), (16, 12, 20))
    patch = np.clip(0.85 + 0.5 * c.medium + 0.25 * c.coarse, 0.3, 1.4)
    still = (1 - np.clip(1.4 * c.lips, 0, 1)) * (1 - 0.9 * bell(c.lid_mm, 8.0)) * c.on(anatomy.HEAD)
    jitter = 0.14 * np.stack([c.tiny, -c.tiny, c.small], 1)
    # cheeks: pores hang along the pull of the skin, down and outwards
    down = c.mm + jitter
    tilt = 0.45 * np.sign(c.mm[:, 0])
    down[:, 0] += tilt * c.mm[:, 1]
    long = _cells(worley(down, 1 / 1.25, 61, (1.0, 0.62, 1.0)))
    round_ = _cells(worley(c.mm + jitter, 1 / 1.02, 67))
    even = 0.16 + brow + chin
    return np.asarray(
        (long * np.clip(cheek, 0, 1) + round_ * np.clip(1.1 * nose + even, 0, 1.2)) * patch * still * look.pores
    )


def _cells(cell: Field) -> Field:
    own = cell[:, 2]
    reach = 0.24 + 0.16 * ((own * 9.1) % 1)
    inside = ramp(1.0, 0.25, cell[:, 0] / reach)
    return np.asarray(inside * (0.25 + 0.75 * ((own * 5.3) % 1)) * (((own * 17.9) % 1) > 0.12))


def net(c: Canvas) -> Field:
    """(n,) height of the criss-cross of fine furrows, whose cells are stretched along the folds of each region."""
    bent = c.mm + 0.22 * np.stack([c.tiny, c.tiny, -c.tiny], 1)
    fine = worley(bent, 1 / 0.95, 63, (1.0, 1.0, 1.3))
    furrow = ramp(0.16, 0.0, fine[:, 1] - fine[:, 0])
    tilt = np.float32(0.6) * np.sign(c.mm[:, 0])
    crossed = c.mm.copy()
    crossed[:, 0] += tilt * c.mm[:, 1]
    broad = worley(crossed + 0.5 * np.stack([c.small, c.tiny, c.small], 1), 1 / 2.1, 65, (0.9, 1.25, 0.9))
    broad_furrow = ramp(0.13, 0.0, broad[:, 1] - broad[:, 0])
    place = 0.75 + 0.35 * c.medium
    return np.asarray(-(0.020 * furrow + 0.026 * broad_furrow) * place + 0.010 * (fine[:, 2] - 0.5))


def lip_lines(c: Canvas) -> tuple[Field, Field]:
    """(n,) 0..1 furrows of the lips: vertical, irregular, forking, fanning out from the middle; and their plumpness."""
    mouth = c.marks["mouth"]
    up = c.mm[:, 1] - np.float32(mouth[1])
    across = c.mm[:, 0] * (1 + 0.012 * np.abs(up)) + 0.55 * c.small + 0.25 * c.medium * up * 0.2
    q = np.ascontiguousarray(np.stack([across, 0.16 * c.mm[:, 1], 0.12 * c.mm[:, 2]], 1))
    wide, fine = perlin(q, 1 / 1.9, 91), perlin(q, 1 / 0.85, 93)
    strength = np.clip(0.8 + 0.9 * perlin(c.mm, 1 / 3.2, 94), 0.15, 1.5)
    furrow = 0.75 * ramp(0.17, 0.0, np.abs(wide)) * strength + 0.38 * ramp(0.20, 0.0, np.abs(fine))
    return np.asarray(np.clip(furrow, 0, 1)), np.asarray(np.clip(np.abs(wide) * 2.2, 0, 1))


def height(c: Canvas, look: Skin, pore: Field, furrows: Field, plump: Field) -> Field:
    """(n,) millimetres: all of it; lines of age and expression are in `lines`."""
    uneven = 0.045 * c.tiny + 0.065 * c.small + 0.06 * c.medium
    dry = 1 + 0.7 * look.age
    rough = (-0.17 * pore + 1.9 * dry * net(c) + uneven * (1 + 0.4 * look.age)) * (
        1 - 0.92 * np.clip(1.2 * c.lips, 0, 1)
    )
    rough *= 0.55 + 0.45 * np.clip(1.3 * c.face + c.ears, 0, 1)
    lip = np.clip(c.lips, 0, 1) * (0.055 * plump - 0.10 * furrows + 0.02 * c.tiny)
    border = 0.16 * bell(c.ring - 6.6, 0.55) * (c.island == anatomy.HEAD)
    return np.asarray(rough + lip + border)
