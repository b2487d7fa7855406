"""Reads lamps, soft boxes and the light from everywhere out of a panorama.

Lamps: the brightest spot is gathered down to a share of its peak; compact ones become lights, and the sky is closed
over them. What is left is compared with three shades (up, horizon, down), and the surplus is divided among soft boxes
by median cut (Paul Debevec, "A Median Cut Algorithm for Light Probe Sampling", SIGGRAPH 2005 posters).
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.place import Ambience, Glow, Light, Rgb

Floats = npt.NDArray[np.floating[Any]]

_HEIGHT = 256
_LAMPS = 3
_LEAST = 0.03
"""Share of all light a spot must give to count as a lamp."""
_GATHER_RAD = 0.3
_COMPACT_RAD = 0.26
_CUTS = 3
_LUMA = np.array([0.2126, 0.7152, 0.0722])


def light_from_panorama(light: Floats) -> tuple[tuple[Light, ...], Ambience]:
    """Returns the lights and the ambience of (h, 2h, 3) radiance in the layout of `panorama`, strongest light first."""
    rest = _reduced(light).astype(np.float64)
    towards, solid = directions(*rest.shape[:2])
    lamps: list[tuple[float, Light]] = []
    for _ in range(_LAMPS):
        found = _lamp(rest, towards, solid)
        if found is None:
            break
        lamps.append(found)
    ambience, surplus = _ambience(rest, towards, solid)
    glows = _soft_boxes(surplus, towards, solid)
    if not lamps:
        lamps, glows = _dominant(rest, towards, solid, glows)
    lamps.sort(key=lambda entry: -entry[0])
    lights = tuple(
        Light(f"lamp {n + 1}", lamp.towards, lamp.colour, lamp.softness_rad, n == 0)
        for n, (_, lamp) in enumerate(lamps)
    )
    return lights, Ambience(ambience.up, ambience.horizon, ambience.down, tuple(glows))


def directions(height: int, width: int) -> tuple[Floats, Floats]:
    """Returns (h, w, 3) unit directions in stage space of a panorama's pixels and their (h, w) solid angles."""
    polar = (np.arange(height) + 0.5) / height * np.pi
    around = ((np.arange(width) + 0.5) / width - 0.5) * 2 * np.pi
    ring = np.sin(polar)[:, None]
    out = np.stack(
        [ring * np.sin(around)[None], np.repeat(np.cos(polar)[:, None], width, 1), -ring * np.cos(around)[None]], -1
    )
    solid = np.repeat(ring * (np.pi / height) * (2 * np.pi / width), width, 1)
    return out, solid


def _lamp(rest: Floats, towards: Floats, solid: Floats) -> tuple[float, Light] | None:
    """Takes the strongest compact lamp out of `rest`, in place; None when there is none."""
    luma = rest @ _LUMA
    whole = float((luma * solid).sum())
    peak = np.unravel_index(int(luma.argmax()), luma.shape)
    near = towards @ towards[peak] > np.cos(_GATHER_RAD)
    ring = near & (towards @ towards[peak] < np.cos(0.7 * _GATHER_RAD))
    around = np.median(rest[ring], 0)
    spot = near & (luma > max(0.12 * luma[peak], 3.0 * float(around @ _LUMA)))
    if not spot.any():
        return None
    extra = np.maximum(rest[spot] - around, 0) * solid[spot][:, None]
    colour = extra.sum(0)
    weight = extra @ _LUMA
    power = float(weight.sum())
    size = np.sqrt(max(power**2 / max(float((weight**2 / solid[spot]).sum()), 1e-12), 1e-9) / np.pi)
    if power < _LEAST * whole or size > _COMPACT_RAD:
        return None
    at = (towards[spot] * weight[:, None]).sum(0)
    rest[spot] = around
    return power, Light(
        "lamp", _three(at / np.linalg.norm(at)), _three(colour), float(np.clip(size, 0.005, 0.5)), False
    )


def _ambience(rest: Floats, towards: Floats, solid: Floats) -> tuple[Ambience, Floats]:
    """Returns the three shades that fit best, and what they leave over, where it is more."""
    up = towards[..., 1]
    high, low = (np.clip(np.sign(s) * up, 0, 1) ** 0.7 for s in (1, -1))
    basis = np.stack([high, 1 - high - low, low], -1).reshape(-1, 3)
    # the shades are the quiet part of the light: what shines out is left to lamps and soft boxes
    luma = rest @ _LUMA
    quiet = np.minimum(1, np.percentile(luma, 80) / np.maximum(luma, 1e-9))[..., None] * rest
    weight = np.sqrt(solid.reshape(-1, 1))
    fit = np.linalg.lstsq(basis * weight, quiet.reshape(-1, 3) * weight, rcond=None)[0]
    fit = np.maximum(fit, 0)
    surplus = rest - (basis @ fit).reshape(rest.shape)
    return Ambience(_three(fit[0]), _three(fit[1]), _three(fit[2])), np.maximum(surplus, 0)


def _soft_boxes(surplus: Floats, towards: Floats, solid: Floats) -> list[Glow]:
    """Returns at most 2^_CUTS - 1 glows that stand for the surplus, by median cut in the rectangle of the panorama."""
    power = (surplus @ _LUMA) * solid
    whole = float(power.sum())
    if whole <= 1e-9:
        return []
    regions = [(0, power.shape[0], 0, power.shape[1])]
    for _ in range(_CUTS):
        regions = [part for region in regions for part in _cut(power, region)]
    glows = []
    for top, bottom, left, right in regions:
        part = np.s_[top:bottom, left:right]
        weight = power[part]
        total = float(weight.sum())
        if total < 0.02 * whole:
            continue
        at = (towards[part] * weight[..., None]).sum((0, 1))
        at = at / max(float(np.linalg.norm(at)), 1e-9)
        across = np.cross([0.0, 1.0, 0.0], at)
        across = across / max(float(np.linalg.norm(across)), 1e-6)
        upward = np.cross(at, across)
        ahead = np.maximum(towards[part] @ at, 0.2)
        half = [
            float(np.clip(np.sqrt(3 * ((towards[part] @ axis / ahead) ** 2 * weight).sum() / total), 0.04, 1.3))
            for axis in (across, upward)
        ]
        energy = (surplus[part] * solid[part][..., None]).sum((0, 1))
        area = 4 * np.arctan(half[0]) * np.arctan(half[1])
        glows.append((total, Glow(_three(at), half[0], half[1], _three(energy / area), 0.06 + 0.15 * min(half))))
    glows.sort(key=lambda entry: -entry[0])
    return [glow for _, glow in glows[:7]]


def _cut(power: Floats, region: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
    """Returns the two halves of a region that hold the same power, cut across its longer side."""
    top, bottom, left, right = region
    part = power[top:bottom, left:right]
    tall = bottom - top
    wide = (right - left) * np.sin(np.pi * (top + bottom) / 2 / power.shape[0])
    axis = 0 if tall >= wide else 1
    sums = np.cumsum(part.sum(1 - axis))
    at = int(np.searchsorted(sums, sums[-1] / 2)) + 1
    at = min(max(at, 1), part.shape[axis] - 1) if part.shape[axis] > 1 else 0
    if not at:
        return [region]
    if axis == 0:
        return [(top, top + at, left, right), (top + at, bottom, left, right)]
    return [(top, bottom, left, left + at), (top, bottom, left + at, right)]


def _dominant(
    rest: Floats, towards: Floats, solid: Floats, glows: list[Glow]
) -> tuple[list[tuple[float, Light]], list[Glow]]:
    """Returns a broad light in place of lamps: a third of what the brighter side gives, taken from the soft boxes."""
    power = (rest @ _LUMA) * solid
    flow = (towards * power[..., None]).sum((0, 1))
    whole = float(power.sum())
    lean = float(np.linalg.norm(flow)) / max(whole, 1e-9)
    at = flow / np.linalg.norm(flow) if lean > 0.02 else np.array([-0.4, 0.7, 0.6])
    facing = np.maximum(towards @ at, 0) ** 2
    colour = (rest * (solid * facing)[..., None]).sum((0, 1)) * (0.15 + 0.35 * min(1.0, 2 * lean))
    light = Light("sky", _three(at), _three(colour), 0.5)
    return [(float(colour @ _LUMA), light)], glows


def _reduced(light: Floats) -> Floats:
    """Returns the panorama at _HEIGHT rows or fewer, by means, so that no light is lost."""
    factor = max(1, light.shape[0] // _HEIGHT)
    height, width = light.shape[0] // factor * factor, light.shape[1] // factor * factor
    part = light[:height, :width].reshape(height // factor, factor, width // factor, factor, 3)
    return np.asarray(part.mean((1, 3)))


def _three(values: Floats) -> Rgb:
    a, b, c = (round(float(v), 6) for v in values)
    return a, b, c
