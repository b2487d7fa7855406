"""The texture of hair: strips of strands along v, painted one by one from the deepest to the nearest."""

from dataclasses import dataclass

import msgspec
import numpy as np
from scipy import ndimage

from understudy.casting.atlas import encode_png
from understudy.casting.glb import Material, Texture, TextureName
from understudy.casting.mesh import Floats, smoothstep
from understudy.casting.recipe import Beard, Hair, Rgb
from understudy.casting.styles import style_of

BRIGHTEST, BRIGHTEST_GREY = 3.0, 1.9
"""The brightest strand against the mass, whose shade and gaps darken it."""
WIDTH_PX, HEIGHT_PX = 1024, 512
GREY: Rgb = (0.46, 0.445, 0.42)
"""Linear colour of a mass of hair without pigment."""


@dataclass(frozen=True)
class Strip:
    """A column of the atlas."""

    left: float
    """u"""
    right: float
    strands: int
    ends: tuple[float, float]
    """least and greatest share of v by which tips fall short"""
    evenness: float
    """0 tufts .. 1 even"""


STRIPS = (
    Strip(0.000, 0.200, 620, (0.00, 0.10), 0.9),
    Strip(0.200, 0.330, 190, (0.00, 0.42), 0.3),
    Strip(0.330, 0.460, 170, (0.00, 0.42), 0.2),
    Strip(0.460, 0.590, 150, (0.00, 0.46), 0.2),
    Strip(0.590, 0.690, 62, (0.00, 0.50), 0.1),
    Strip(0.690, 0.790, 50, (0.00, 0.50), 0.1),
    Strip(0.790, 0.890, 40, (0.00, 0.55), 0.1),
    Strip(0.890, 0.945, 9, (0.00, 0.50), 0.0),
    Strip(0.945, 1.000, 6, (0.00, 0.50), 0.0),
)
UNDER, LOCKS, FINE, FLY = (0, 1), (1, 4), (4, 7), (7, 9)
"""Ranges of strips by what they are for."""
_GAP = 0.003


def hair_texture(look: Hair) -> Texture:
    """The strips that cards of hair show, in few levels of tone and alpha, so that the PNG packs well."""
    return Texture("hair", "image/png", encode_png(np.rint(paint_strands(look) * 31) / 31))


def hair_materials(look: Hair, beard: Beard) -> list[Material]:
    """Cards of hair and single strands, and the same of a beard."""
    own = beard.colour if beard.colour is not None else look.colour
    grey = look.grey if beard.grey is None else beard.grey
    bearded = msgspec.structs.replace(look, colour=own, grey=grey)
    return [*_of("", look), *_of("Beard", bearded)]


def _of(suffix: str, look: Hair) -> list[Material]:
    cards = {
        "pbrMetallicRoughness": {
            "baseColorTexture": {"index": TextureName("hair")},
            "baseColorFactor": [*mass_colour(look), 1.0],
            "metallicFactor": 0.0,
            "roughnessFactor": 0.45,
        },
        "alphaMode": "MASK",
        "alphaCutoff": 0.42,
        "doubleSided": True,
    }
    blend = [c * (1 - look.grey) + g * look.grey for c, g in zip(look.colour, GREY, strict=True)]
    single = {"baseColorFactor": [*blend, 1.0], "metallicFactor": 0.0, "roughnessFactor": 0.5}
    return [
        Material(f"hair{suffix}", cards),
        Material(f"hairFine{suffix}", {"pbrMetallicRoughness": single, "doubleSided": True}),
    ]


def strip_span(strip: int) -> tuple[float, float]:
    """Left and right u of a strip, inside its margins."""
    return STRIPS[strip].left + _GAP, STRIPS[strip].right - _GAP


def paint_strands(look: Hair) -> Floats:
    """(512, 1024, 4): colour relative to the material's, as square roots of linear light, and alpha; row 0 is the root.

    Without grey strands the colour is a tone alone; with them the material is `mass_colour` and tints are painted.
    """
    rng = np.random.default_rng(look.seed + 100)
    canvas = Canvas(
        np.zeros((HEIGHT_PX, WIDTH_PX, 3)), np.zeros((HEIGHT_PX, WIDTH_PX)), np.full((HEIGHT_PX, WIDTH_PX), -1.0)
    )
    curl = style_of(look).curl
    mass = np.array(mass_colour(look))
    pigment, white = BRIGHTEST * np.array(look.colour) / mass, BRIGHTEST_GREY * np.array(GREY) / mass
    for strip in STRIPS:
        _paint_strip(canvas, strip, curl, pigment, white, look.grey, rng)
    # colour is grown beyond the edges, so that no background shows where textures are filtered
    filled, weight = canvas.colour, (canvas.alpha > 0.05).astype(np.float64)
    soft = ndimage.gaussian_filter(weight, (6, 3)) + 1e-4
    spread = np.stack([ndimage.gaussian_filter(filled[..., k] * weight, (6, 3)) / soft for k in range(3)], -1)
    mean = filled[weight > 0].mean(0)
    spread = np.where(soft[..., None] > 0.01, spread, mean)
    colour = np.where(weight[..., None] > 0, filled, spread)
    return np.concatenate([np.sqrt(np.clip(colour, 0, 1)), canvas.alpha[..., None]], -1)


def mass_colour(look: Hair) -> Rgb:
    """The colour factor of the hair material: the brightest a strand can be."""
    base = [BRIGHTEST * x for x in look.colour]
    if look.grey > 0:
        base = [max(b, BRIGHTEST_GREY * g) for b, g in zip(base, GREY, strict=True)]
    return min(base[0], 1.0), min(base[1], 1.0), min(base[2], 1.0)


@dataclass
class Canvas:
    """Colour, alpha and depth of what is painted so far."""

    colour: Floats
    alpha: Floats
    depth: Floats


def _paint_strip(
    canvas: Canvas, strip: Strip, curl: float, pigment: Floats, white: Floats, grey: float, rng: np.random.Generator
) -> None:
    first, last = int((strip.left + _GAP) * WIDTH_PX), int((strip.right - _GAP) * WIDTH_PX)
    breadth, v = last - first, np.linspace(0, 1, HEIGHT_PX)
    columns = np.arange(WIDTH_PX)
    tufts = ndimage.gaussian_filter1d(rng.normal(size=breadth), 4, mode="wrap")
    tufts = smoothstep(-1.4, 1.4, tufts / max(tufts.std(), 1e-9))
    shade_of = ndimage.gaussian_filter1d(rng.normal(size=breadth), 5, mode="wrap")
    shade_of *= 0.10 / max(shade_of.std(), 1e-9)
    sparse = strip.strands < 80
    for _ in range(strip.strands):
        u = rng.random()
        # strands of a sparse lock meet towards its tip
        u_tip = 0.5 + (u - 0.5) * (rng.uniform(0.25, 0.8) if sparse else rng.uniform(0.86, 1.0))
        lane = u + (u_tip - u) * smoothstep(0.1, 1.0, v)
        sway = np.sin(v * rng.uniform(2, 6) + rng.random() * 6) * rng.uniform(0.4, 2.0)
        kink = curl * 0.045 * breadth * np.sin(v * (10 + 22 * curl) + rng.random() * 6.3) * rng.uniform(0.4, 1.2)
        middle = first + 2.0 + lane * (breadth - 4) + sway * min(1.0, breadth / 120) + kink
        middle = np.clip(middle, first + 1.0, last - 1.5)
        where = int(u * (breadth - 1))
        short = strip.ends[0] + (strip.ends[1] - strip.ends[0]) * (
            (1 - strip.evenness) * tufts[where] * 0.75
            + 0.25 * rng.random() ** 1.5
            + 0.5 * (2 * abs(u - 0.5)) ** 2 * (1 - strip.evenness)
        )
        end = 1 - 0.02 - min(short, 0.85)
        begin = (0.02 if strip.evenness > 0.5 else 0.05) * rng.random()
        body = np.clip((v - begin) / 0.010 + 0.2, 0, 1) * np.clip((end - v) / 0.10, 0, 1) ** 0.7
        reach = rng.uniform(0.75, 1.35) * (0.45 + 0.55 * np.clip((end - v) / 0.35, 0, 1))
        deep = rng.random()
        tone = np.clip(0.40 + 0.34 * deep + 0.10 * rng.normal() + shade_of[where], 0.22, 1.0)
        tint = white * 1.3 if rng.random() < grey else pigment
        low, high = max(first, int(middle.min() - 4)), min(last, int(middle.max() + 5))
        if high <= low:
            continue
        cover = np.exp(-(((columns[low:high][None] - middle[:, None]) / reach[:, None]) ** 2)) * body[:, None]
        ahead = (cover > 0.30) & (deep > canvas.depth[:, low:high])
        canvas.alpha[:, low:high] = np.maximum(canvas.alpha[:, low:high], np.clip(1.5 * cover, 0, 1))
        lit = (tone * (0.82 + 0.18 * cover))[..., None] * tint
        canvas.colour[:, low:high] = np.where(ahead[..., None], lit, canvas.colour[:, low:high])
        canvas.depth[:, low:high] = np.where(ahead, deep, canvas.depth[:, low:high])
