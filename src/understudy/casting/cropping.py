"""Short hair: cropped, combed over the top and down at the sides, or standing away from the head."""

import numpy as np

from understudy.casting.hairline import part_x
from understudy.casting.mesh import Floats, smoothstep, unit
from understudy.casting.recipe import Hair
from understudy.casting.scalp import Roots, Scalp
from understudy.casting.styles import Style
from understudy.casting.walking import AHEAD, UP, Combed, off_ears, walk


def crop(scalp: Scalp, roots: Roots, look: Hair, style: Style, layer: Floats, rng: np.random.Generator) -> Combed:
    """Short hair: from the whorl and the parting over the top, down at the sides, tapered to the border."""
    p, centre = roots.points, scalp.centre
    n = len(p)
    parted = np.sign(look.part_mm) if look.part_mm else 1.0
    offset = (p[:, 0] - part_x(look, p, scalp.centre)) * parted
    behind = smoothstep(centre[2] - 0.010, centre[2] - 0.060, p[:, 2])
    small = (offset > 0) & (style.part > 0.5)
    on_top = smoothstep(0.30, 0.72, roots.normals[:, 1]) * (p[:, 1] > centre[1] + 0.03)
    if style.forward < 0:
        # hair that is combed back rises from the forehead instead of falling over it
        ahead = smoothstep(50, 36, scalp.hairline.azimuth(p)) * (p[:, 1] > centre[1] + 0.04)
        on_top = np.maximum(on_top, ahead)
    top = on_top * np.where(small, 0.35 * behind, 1.0)
    front = smoothstep(centre[2] + 0.010, centre[2] + 0.075, p[:, 2]) * top
    taper = smoothstep(0.0, max(style.fade_m, 1e-4), roots.above)
    length = style.side_m * (0.22 + 0.78 * taper) * (1 - on_top) + style.length_m * on_top
    length = np.where(small, length * 0.75 + 0.25 * style.side_m, length)
    length *= np.where(scalp.hairline.azimuth(p) < 40, 0.55 + 0.45 * smoothstep(0.0, 0.014, roots.above), 1.0)
    length = np.maximum(length * (1 - (0.12 + 0.22 * style.layered) * rng.random(n)), 0.0016)
    whorl = p - scalp.hairline.crown
    whorl -= roots.normals * (whorl * roots.normals).sum(1, keepdims=True)
    near = np.exp(-((np.linalg.norm(whorl, axis=1, keepdims=True) / 0.022) ** 2))
    away = unit(whorl) + 0.8 * near * np.cross(roots.normals, unit(whorl))
    over_top = AHEAD * style.forward - parted * style.across * np.array([1.0, 0, 0]) * (1 - 0.5 * near)
    back_top = away if style.forward >= 0 else unit(away - 0.2 * AHEAD)
    down = -UP + (0.16 if style.comb == "crop" and style.forward < 0.5 else -0.05) * -AHEAD
    slow = np.stack([np.sin(75 * p[:, k - 1] + 62 * p[:, k] + 2 * k + look.seed) for k in range(3)], 1)
    lock_free = 0.14 * slow + 0.10 * rng.normal(size=(n, 3))
    blend = (top * (1 - 0.75 * behind * (style.forward >= 0)))[:, None]
    flow = unit(over_top + 0.35 * away) * blend + unit(back_top * (0.15 + 0.5 * behind[:, None]) + down * 0.9) * (
        1 - blend
    )
    flow = unit(flow) + lock_free
    rise = style.lift * (0.35 + 0.65 * top) * (0.55 + 0.6 * layer) * (1 + 0.5 * front) + 0.12
    rise = np.minimum(rise, 1.6)
    full = np.minimum(
        style.volume_m * (0.20 + 0.80 * top) * (0.30 + 0.70 * layer) * (1 + 1.0 * front * (style.lift > 0.6)),
        0.9 * length,
    )
    steps = int(np.clip(np.ceil(length.max() / 0.005), 4, 24))
    step = float(length.max() / steps)

    def heading(arc: float, q: Floats, over: Floats, out: Floats) -> Floats:
        ease = np.exp(-arc / np.maximum(0.45 * length, 0.004))[:, None]
        tangent = flow - out * (flow * out).sum(1, keepdims=True)
        hang = 0.35 * np.minimum(arc / 0.06, 1.0) * UP
        return np.asarray(unit(tangent) + out * rise[:, None] * ease - hang)

    def height(arc: float, q: Floats) -> Floats:
        return np.asarray(0.0006 + full * np.minimum(1.0, arc / np.maximum(0.55 * length, 0.003)))

    first = roots.normals * (0.25 + rise)[:, None] + unit(flow) * 0.6
    path = walk(scalp, p, first, steps=steps, step_m=step, heading=heading, height=height, bend=0.34, hold=0.25,
                sag=0.25, guard=lambda q: off_ears(scalp, q))  # fmt: skip
    groups = np.where(small, 1.0, 0.0) if style.part > 0.5 else np.zeros(n)
    return Combed(path, length, groups, 0.4 + 0.6 * top, step)


def stand(scalp: Scalp, roots: Roots, look: Hair, style: Style, layer: Floats, rng: np.random.Generator) -> Combed:
    """Coiled hair that stands away on all sides, shaped into one rounded outline."""
    p, centre = roots.points, scalp.centre
    middle = centre + np.array([0.0, 0.030, -0.004])
    n = len(p)
    azimuth = scalp.hairline.azimuth(p)
    radial = unit(p - middle)
    back = np.exp(-np.maximum(roots.above, 0) / 0.015) * (azimuth < 60)
    aim = unit(0.55 * radial + 0.45 * roots.normals + back[:, None] * np.array([0.0, 0.55, -0.25]))
    aim += 0.06 * rng.normal(size=(n, 3))
    low = smoothstep(centre[1] + 0.03, centre[1] - 0.06, p[:, 1])
    taper = smoothstep(-0.004, 0.028, roots.above)
    length = style.length_m * (0.30 + 0.70 * taper) * (1 - 0.55 * low) * (0.84 + 0.16 * layer)
    steps = int(np.clip(np.ceil(length.max() / 0.006), 5, 22))
    step = float(length.max() / steps)

    def heading(arc: float, q: Floats, over: Floats, out: Floats) -> Floats:
        return aim

    def height(arc: float, q: Floats) -> Floats:
        return np.minimum(arc, length) * 0.35

    path = walk(scalp, p, roots.normals + aim, steps=steps, step_m=step, heading=heading, height=height, hold=0.0,
                sag=0.0, guard=lambda q: off_ears(scalp, q))  # fmt: skip
    return Combed(path, length, np.zeros(n), np.full(n, 0.6), step)
