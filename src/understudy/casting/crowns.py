"""Crowns of single teeth: incisors with rounded corners, pointed canines, premolars and molars with cusps.

A crown is a loft of closed rings from the biting edge to the neck. Its frame: x across (towards the middle line is
-1), y up from the edge into the gum, z outward to the lips. Sizes are means (Ash, "Wheeler's Dental Anatomy").
"""

from dataclasses import dataclass

import numpy as np

from understudy.casting.mesh import Floats, Ints, smoothstep, triangulate

WIDTH_MM = {"upper": (8.5, 6.6, 7.6, 7.0, 6.7, 9.6, 9.2), "lower": (5.3, 5.9, 6.8, 7.0, 7.1, 10.6, 10.2)}
HEIGHT_MM = {"upper": (10.4, 9.0, 10.0, 8.5, 7.9, 7.5, 7.2), "lower": (8.9, 9.2, 10.2, 8.7, 8.2, 7.8, 7.2)}
DEPTH_MM = {"upper": (6.6, 6.0, 7.6, 9.0, 9.0, 10.5, 10.5), "lower": (5.6, 6.0, 7.3, 7.6, 8.2, 10.0, 10.0)}
EDGE_MM = {"upper": (0.0, 0.75, 0.1, 0.7, 0.9, 1.2, 1.4), "lower": (0.0, 0.1, -0.4, 0.3, 0.6, 0.9, 1.3)}
"""How far each edge stays behind the plane of the bite."""
INTO_GUM = 1.12
"""Crowns run on under the gum by this much of their height."""
ENAMEL, NECK, EDGE_TINT = (0.86, 0.80, 0.685), (0.76, 0.645, 0.47), (0.58, 0.59, 0.58)
"""Linear RGB of the body, the neck and the translucent edge of a tooth of middling shade."""


@dataclass(frozen=True)
class Crown:
    """positions: (n, 3) metres; colours: (n, 3) linear; tip: ids of the biting edge."""

    positions: Floats
    triangles: Ints
    colours: Floats
    tip: Ints


def make_crown(which: str, tooth: int, height_mm: float, shade: float, rng: np.random.Generator) -> Crown:
    """One crown of the right side; `tooth` counts from the middle line, 0..6; shade: 0 bleached .. 1 dark."""
    width, depth = WIDTH_MM[which][tooth] * 1e-3, DEPTH_MM[which][tooth] * 1e-3
    height = height_mm * 1e-3
    incisor, canine, molar = tooth < 2, tooth == 2, tooth > 4
    rows, columns = (15, 22) if tooth < 3 else (11, 16) if tooth < 5 else (9, 14)
    t = np.linspace(0, 1, rows)[:, None] ** 1.7
    phi = np.linspace(0, 2 * np.pi, columns, endpoint=False)[None]
    cos, sin = np.cos(phi), np.sin(phi)
    x = np.sign(cos) * np.abs(cos) ** 0.70 * np.ones_like(t)
    z = np.sign(sin) * np.abs(sin) ** 0.80 * np.ones_like(t)
    mesial, distal = np.clip(-x, 0, 1), np.clip(x, 0, 1)

    # outline from the front: widest at the contact a third up, narrowing to the neck
    contact = 0.20 if incisor else 0.30
    neck = 0.27 if incisor else 0.22 if canine else 0.16
    waist = 1.0 - neck * smoothstep(contact, 1.0, t) ** 1.3 - 0.035 * smoothstep(contact, 0.0, t)
    # the ring closes towards the edge with a small radius
    close = np.sqrt(np.clip(1 - (1 - np.clip(t / 0.07, 0, 1)) ** 2, 0, 1))
    rounder = {0: 0.75, 1: 1.3}.get(tooth, 1.0)
    corner = rounder * (0.055 * mesial**5 + 0.115 * distal**4)
    if which == "lower" and incisor:
        corner *= 0.45
    if canine:
        corner = 0.19 * np.abs(x) ** 1.5 + 0.06 * distal**2
    if tooth > 2:
        corner = 0.16 * np.abs(x) ** 1.6
    lift = corner * (1 - t) ** 2

    # profile from the side: thin edge, fullest a third below the gum
    thick = 0.30 + 0.70 * smoothstep(0.0, 0.85, t) if incisor else 0.42 + 0.58 * smoothstep(0.0, 0.7, t)
    if tooth > 2:
        thick = 0.80 + 0.20 * smoothstep(0.0, 0.5, t)
    outward = np.clip(z, 0, 1)
    ridge = 0.045 * (1 - x**2) * np.sin(np.pi * np.clip(t * 1.05, 0, 1)) * outward
    lobes = 0.014 * np.cos(3 * np.pi * x) * (1 - t) * outward * (1 if incisor else 0.4)
    belly = 0.05 * np.exp(-(((t - 0.80) / 0.16) ** 2)) * outward
    px = x * waist * (0.62 + 0.38 * close) * width / 2
    py = (t + lift) * height * INTO_GUM
    pz = (z * thick * (0.25 + 0.75 * close) / 2 + ridge + lobes + belly) * depth
    # the front face leans back into the arch from the neck to the edge, and curves round it across
    pz -= 0.5 * depth * thick * 0.92 + (0.055 * x**2) * depth
    pz -= (0.05 if which == "upper" else -0.02) * (1 - t) ** 2 * depth
    if tooth > 2:
        cusp = 0.10 * np.cos((2 if molar else 1) * np.pi * x) * np.abs(z) ** 1.2
        py -= (cusp + 0.10 * np.abs(z) - 0.05) * height * (1 - t) ** 3
    positions = np.stack([px * np.ones_like(z), py, pz], -1).reshape(-1, 3)
    colours = _colours(x, z, t, close, shade, canine, tooth, rng)
    index = np.arange(rows * columns).reshape(rows, columns)
    following = np.roll(index, -1, 1)
    quads = np.stack([index[:-1], index[1:], following[1:], following[:-1]], -1).reshape(-1, 4)
    cap = np.stack([np.full(columns - 2, index[0, 0]), index[0, 1:-1], index[0, 2:]], 1)
    triangles = np.concatenate([triangulate(quads), cap])
    triangles = _outward(positions, triangles)
    return Crown(positions, triangles, colours, np.flatnonzero((t < 0.03).ravel().repeat(columns)))


def _colours(
    x: Floats, z: Floats, t: Floats, close: Floats, shade: float, canine: bool, tooth: int, rng: np.random.Generator
) -> Floats:
    """Warm at the neck, cooler and greyer where the edge is translucent, no two teeth alike."""
    one = np.ones_like(x)[..., None]
    tone = smoothstep(0.45, 1.02, t)[..., None] * one
    colour = np.array(ENAMEL) * (1 - tone) + np.array(NECK) * tone
    clear = (smoothstep(0.30, 0.02, t) * 0.55 + 0.20 * smoothstep(0.65, 1.0, np.abs(x)) * (1 - t))[..., None]
    colour = colour * (1 - clear) + np.array(EDGE_TINT) * clear * (1.0 if tooth < 3 else 0.9)
    yellow = np.array([1.0 - 0.10 * shade, 0.995 - 0.16 * shade, 0.99 - 0.36 * shade])
    bleach = np.array([1.05, 1.10, 1.22])
    colour = colour * (yellow if shade > 0 else 1.0) * (1 + (bleach - 1) * max(0.0, 0.35 - shade) / 0.35)
    colour *= 1 + 0.018 * rng.normal() + 0.010 * rng.normal(size=3)
    if canine:
        colour *= np.array([0.955, 0.92, 0.86])
    if tooth > 2:
        colour *= np.array([0.96, 0.93, 0.89])
    # the sides lie in each other's shade, and behind is darker
    shaded = 1 - 0.50 * smoothstep(0.80, 1.0, np.abs(x)) * smoothstep(0.02, 0.25, t)
    shaded *= 1 - 0.30 * np.clip(-z, 0, 1)
    return np.asarray((colour * shaded[..., None]).reshape(-1, 3))


def _outward(positions: Floats, triangles: Ints) -> Ints:
    a, b, c = (positions[triangles[:, k]] for k in range(3))
    volume = np.einsum("ij,ij->i", a - positions.mean(0), np.cross(b - a, c - a)).sum()
    return triangles if volume > 0 else triangles[:, ::-1]
