"""Cloth close up: tiles of weave and knit as tint and relief, and the glTF materials made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import ndimage

from understudy.casting.atlas import encode_jpeg, to_srgb
from understudy.casting.garments import GARMENTS
from understudy.casting.glb import Material, Texture, TextureName
from understudy.casting.mesh import Floats
from understudy.casting.recipe import Rgb, Wardrobe

RIBS = 8
"""Ribs in one tile of ribbed knit."""
TILE_PX = 512


@dataclass(frozen=True)
class Fabric:
    """How a cloth takes light. See `extras.understudy.cloth` of its material."""

    roughness: float
    sheen: float
    """0..1: how bright loose fibres are at grazing angles"""
    fuzz: float
    """0..1: how far fibres stand off, softening the edge of light"""
    gloss: float
    """0..1: mirror-like part of the light, as of silk"""
    weave: str
    relief: float = 0.8
    """scale of the normal map"""


FABRICS: Mapping[str, Fabric] = {
    "wool": Fabric(0.95, 0.55, 0.6, 0.0, "stocking"),
    "cotton": Fabric(0.88, 0.18, 0.15, 0.05, "plain", 0.5),
    "jersey": Fabric(0.92, 0.30, 0.30, 0.02, "jersey", 0.5),
    "fleece": Fabric(1.0, 0.65, 0.9, 0.0, "fleece", 0.6),
    "denim": Fabric(0.86, 0.15, 0.2, 0.03, "denim", 0.7),
    "silk": Fabric(0.42, 0.25, 0.0, 0.75, "satin", 0.25),
    "twill": Fabric(0.82, 0.35, 0.3, 0.06, "twill", 0.5),
}
_SUITS = {"crew": "rib", "boat": "rib", "vneck": "knit", "turtleneck": "rib"}


@dataclass(frozen=True)
class Cloth:
    """Everything worn, as materials and the textures they name."""

    materials: list[Material]
    textures: list[Texture]


def pattern_of(look: Wardrobe) -> str:
    """The pattern of the main cloth."""
    return look.pattern or _SUITS.get(_garment(look), "plain")


def fabric_of(look: Wardrobe) -> str:
    """The name of the main cloth."""
    return look.fabric or GARMENTS[_garment(look)].fabric


def tile_m(look: Wardrobe) -> float:
    """Width of one tile of the main cloth."""
    return _TILE_M.get(pattern_of(look), 0.064) if pattern_of(look) != "rib" else look.rib_mm * 1e-3 * RIBS


def trim_tile_m(look: Wardrobe) -> float:
    """Width of one tile of bands and collars."""
    return look.rib_mm * 1e-3 * RIBS if _ribbed_trim(look) else tile_m(look)


def under_look(look: Wardrobe) -> Wardrobe:
    """What is worn under a blazer, as a look of its own."""
    return Wardrobe(garment=look.under, colour=_second(look), pattern="plain", seed=look.seed + 1)


def cloth_of(look: Wardrobe) -> Cloth:
    """Materials `cloth`, `clothTrim`, `clothUnder` and `button`, as far as the garment needs them."""
    name, fabric = _garment(look), fabric_of(look)
    pattern = pattern_of(look)
    materials, textures = _made("cloth", look, pattern, fabric, look.colour, _second(look), tile_m(look))
    collar = GARMENTS[name].collar
    trim = (
        look.second if look.second is not None and name in ("crew", "tee", "boat", "vneck", "hoodie") else look.colour
    )
    if _ribbed_trim(look):
        if pattern == "rib":
            materials.append(_material("clothTrim", fabric, "rib", trim, "cloth", trim_tile_m(look)))
        else:
            more, tiles = _made("clothTrim", look, "rib", fabric, trim, trim, trim_tile_m(look))
            materials += more
            textures += tiles
    elif collar:
        factor = materials[0].properties["pbrMetallicRoughness"]["baseColorFactor"][:3]
        materials.append(_material("clothTrim", fabric, pattern, tuple(factor), "cloth", tile_m(look)))
    if name == "blazer":
        inner = under_look(look)
        more, tiles = _made("clothUnder", inner, "plain", fabric_of(inner), inner.colour, inner.colour, tile_m(inner))
        materials += more
        textures += tiles
    materials.append(_button(look))
    return Cloth(materials, textures)


_TILE_M = {"plain": 0.064, "knit": 0.064, "cable": 0.112, "stripe": 0.064, "check": 0.096}


def _garment(look: Wardrobe) -> str:
    return look.garment or look.neckline


def _ribbed_trim(look: Wardrobe) -> bool:
    return GARMENTS[_garment(look)].collar in ("band", "facing", "roll")


def _second(look: Wardrobe) -> Rgb:
    if look.second is not None:
        return look.second
    bright = sum(look.colour) / 3
    if _garment(look) == "blazer":
        return (0.62, 0.61, 0.585)
    return tuple(min(1.0, c * 0.35) for c in look.colour) if bright > 0.2 else (0.60, 0.585, 0.55)  # type: ignore[return-value]


def _button(look: Wardrobe) -> Material:
    bright = sum(look.colour) / 3
    colour = look.button or ((0.55, 0.53, 0.49) if bright < 0.05 and _garment(look) == "shirt" else (0.06, 0.05, 0.045))
    if bright > 0.3 and look.button is None:
        colour = (0.55, 0.53, 0.49)
    return Material(
        "button",
        {
            "pbrMetallicRoughness": {
                "baseColorFactor": [*colour, 1.0],
                "metallicFactor": 0.0,
                "roughnessFactor": 0.35,
            }
        },
    )


def _made(
    name: str, look: Wardrobe, pattern: str, fabric: str, colour: Rgb, second: Rgb, tile: float
) -> tuple[list[Material], list[Texture]]:
    tint, height, depth_m = woven(pattern, fabric, look.seed)
    factor = colour
    albedo = np.repeat(tint[..., None], 3, 2)
    if pattern in ("stripe", "check"):
        factor = tuple(max(a, b) for a, b in zip(colour, second, strict=True))  # type: ignore[assignment]
        share = _share(pattern)[..., None]
        mixed = np.asarray(colour) * (1 - share) + np.asarray(second) * share
        albedo = albedo * mixed / np.maximum(np.asarray(factor), 1e-4)
    textures = [
        Texture(name, "image/jpeg", encode_jpeg(to_srgb(albedo.clip(0, 1)), 84)),
        Texture(f"{name}Normal", "image/jpeg", encode_jpeg(_relief(height, depth_m, tile), 84)),
    ]
    return [_material(name, fabric, pattern, factor, name, tile)], textures


def _material(name: str, fabric: str, pattern: str, factor: Rgb, texture: str, tile: float) -> Material:
    cloth = FABRICS[fabric]
    extras: dict[str, Any] = {
        "kind": fabric,
        "pattern": pattern,
        "sheen": cloth.sheen,
        "fuzz": cloth.fuzz,
        "gloss": cloth.gloss,
        "tile_m": round(tile, 5),
    }
    return Material(
        name,
        {
            "pbrMetallicRoughness": {
                "baseColorTexture": {"index": TextureName(texture)},
                "baseColorFactor": [*(float(c) for c in factor), 1.0],
                "metallicFactor": 0.0,
                "roughnessFactor": cloth.roughness,
            },
            "normalTexture": {"index": TextureName(f"{texture}Normal"), "scale": cloth.relief},
            "doubleSided": True,
            "extras": {"understudy": {"cloth": extras}},
        },
    )


def woven(pattern: str, fabric: str, seed: int, size_px: int = TILE_PX) -> tuple[Floats, Floats, float]:
    """A seamless tile: tint (size, size) 0..1, height 0..1, and the depth of that relief in metres."""
    v, u = np.mgrid[0:size_px, 0:size_px] / size_px
    rng = np.random.default_rng(seed)
    fuzz = _noise(rng, size_px, 1.1)
    cloudy = _noise(rng, size_px, 9.0)
    if pattern == "rib":
        return _rib(u, v, fuzz)
    if pattern == "cable":
        return _cable(u, v, fuzz)
    weave = FABRICS[fabric].weave
    if pattern == "knit" or weave == "stocking":
        return _stocking(u, v, fuzz, cloudy, 16)
    return _WEAVES[weave](u, v, fuzz, cloudy)


def _noise(rng: np.random.Generator, size_px: int, blur_px: float) -> Floats:
    field = ndimage.gaussian_filter(rng.normal(size=(size_px, size_px)), blur_px, mode="wrap")
    return np.asarray(field / np.abs(field).max())


def _rib(u: Floats, v: Floats, fuzz: Floats) -> tuple[Floats, Floats, float]:
    rib = u * RIBS
    ridge = 0.5 + 0.5 * np.cos(2 * np.pi * rib)
    # the two legs of each stitch lean towards the middle of the rib
    lean = np.abs(((rib + 0.5) % 1) - 0.5) * 0.9
    stitch = 0.5 + 0.5 * np.cos(2 * np.pi * (v * RIBS * 1.5 + lean))
    height = ridge**0.7 * (0.72 + 0.28 * stitch**0.7) + 0.10 * fuzz
    tint = (0.60 + 0.42 * ridge**0.8) * (0.84 + 0.16 * stitch) * (1 + 0.10 * fuzz)
    return tint, height, 1.1e-3


def _stocking(u: Floats, v: Floats, fuzz: Floats, cloudy: Floats, wales: int) -> tuple[Floats, Floats, float]:
    """Stocking stitch: columns of Vs."""
    x = u * wales + 0.05 * cloudy
    leg = np.abs((x % 1) - 0.5) * 2
    yarn = np.abs((((x * 2) % 1) - 0.5) * 2)
    row = v * round(wales * 1.375) + 0.55 * leg + 0.06 * cloudy
    loop = np.abs((row % 1) - 0.5) * 2
    round_ = np.sqrt(np.clip(1 - yarn**2.2, 0, 1)) * np.sqrt(np.clip(1 - 0.82 * loop**2, 0, 1))
    height = round_ + 0.16 * fuzz + 0.06 * cloudy
    tint = (0.58 + 0.40 * round_) * (1 + 0.09 * fuzz + 0.05 * cloudy)
    return tint, height, 0.9e-3


def _cable(u: Floats, v: Floats, fuzz: Floats) -> tuple[Floats, Floats, float]:
    """Two plaits of rope on a ground of stocking stitch."""
    tint, ground, _ = _stocking(u, v, fuzz, fuzz * 0, 28)
    height = 0.25 * ground
    for centre in (0.25, 0.75):
        x = (u - centre) / 0.13
        inside = np.clip(1.15 - np.abs(x), 0, 1) ** 0.5
        rope = np.zeros_like(u)
        for phase in (0.0, 0.5):
            middle = 0.5 * np.sin(2 * np.pi * (v * 3 + phase))
            front = 0.5 + 0.5 * np.cos(2 * np.pi * (v * 3 + phase))
            strand = np.sqrt(np.clip(1 - ((x - middle) / 0.62) ** 2, 0, 1))
            rope = np.maximum(rope, strand * (0.72 + 0.28 * front))
        along = 0.5 + 0.5 * np.cos(2 * np.pi * (v * 36 + np.abs(x) * 1.2))
        height = np.maximum(height, inside * rope * (0.9 + 0.10 * along))
        edge = np.exp(-(((np.abs(x) - 1.12) / 0.14) ** 2))
        height -= 0.22 * edge
    shade = 0.62 + 0.38 * np.clip(height, 0, 1) ** 0.7
    return shade * (0.75 + 0.25 * tint) * 1.05, height + 0.04 * fuzz, 4.2e-3


def _plain(u: Floats, v: Floats, fuzz: Floats, cloudy: Floats) -> tuple[Floats, Floats, float]:
    n = 64
    over = np.cos(np.pi * n * u) * np.cos(np.pi * n * v)
    slub = ndimage.gaussian_filter1d(fuzz, 6, axis=0, mode="wrap") + ndimage.gaussian_filter1d(
        fuzz, 6, axis=1, mode="wrap"
    )
    height = 0.5 + 0.4 * over + 0.5 * slub
    return 0.90 + 0.05 * over + 0.12 * slub + 0.03 * cloudy, height, 0.22e-3


def _jersey(u: Floats, v: Floats, fuzz: Floats, cloudy: Floats) -> tuple[Floats, Floats, float]:
    tint, height, _ = _stocking(u, v, fuzz, cloudy, 48)
    return 0.86 + 0.14 * tint + 0.03 * cloudy, height, 0.25e-3


def _fleece(u: Floats, v: Floats, fuzz: Floats, cloudy: Floats) -> tuple[Floats, Floats, float]:
    pile = ndimage.gaussian_filter1d(fuzz, 2.2, axis=0, mode="wrap")
    pile = pile / np.abs(pile).max()
    return 0.88 + 0.10 * pile + 0.06 * cloudy, 0.5 + 0.4 * pile + 0.2 * cloudy, 0.5e-3


def _denim(u: Floats, v: Floats, fuzz: Floats, cloudy: Floats) -> tuple[Floats, Floats, float]:
    n = 56
    line = 0.5 + 0.5 * np.cos(2 * np.pi * n * (u + v))
    thread = 0.5 + 0.5 * np.cos(2 * np.pi * n * 2 * u)
    warp = ndimage.gaussian_filter1d(fuzz, 14, axis=0, mode="wrap")
    warp = warp / np.abs(warp).max()
    tint = 0.58 + 0.30 * line + 0.10 * thread + 0.20 * warp + 0.08 * cloudy
    return tint.clip(0.2, 1), line * 0.8 + 0.2 * warp, 0.35e-3


def _satin(u: Floats, v: Floats, fuzz: Floats, cloudy: Floats) -> tuple[Floats, Floats, float]:
    line = ndimage.gaussian_filter1d(fuzz, 20, axis=1, mode="wrap")
    line = line / np.abs(line).max()
    return 0.94 + 0.04 * line + 0.02 * cloudy, 0.5 + 0.5 * line, 0.10e-3


def _twill(u: Floats, v: Floats, fuzz: Floats, cloudy: Floats) -> tuple[Floats, Floats, float]:
    line = 0.5 + 0.5 * np.cos(2 * np.pi * 48 * (u + v) + 0.5 * cloudy)
    return 0.80 + 0.14 * line + 0.12 * fuzz + 0.05 * cloudy, 0.7 * line + 0.3 * fuzz, 0.28e-3


_WEAVES = {
    "plain": _plain,
    "jersey": _jersey,
    "fleece": _fleece,
    "denim": _denim,
    "satin": _satin,
    "twill": _twill,
}


def _share(pattern: str, size_px: int = TILE_PX) -> Floats:
    """(size, size) share of the second colour in a tile of stripes (across) or checks."""
    v, u = np.mgrid[0:size_px, 0:size_px] / size_px
    if pattern == "stripe":
        return np.asarray(1 / (1 + np.exp(-(np.cos(2 * np.pi * v * 2) - 0.45) * 60)))
    bars = [1 / (1 + np.exp(-(np.cos(2 * np.pi * a) - 0.1) * 60)) for a in (u, v)]
    fine = [np.exp(-(((a % 1) - 0.5) ** 2) / 2.2e-4) for a in (u, v)]
    return np.asarray((0.42 * (bars[0] + bars[1]) + 0.30 * np.maximum(fine[0], fine[1])).clip(0, 1))


def _relief(height: Floats, depth_m: float, tile: float) -> Floats:
    """Tangent-space normals of a tile, as a picture."""
    texel = tile / height.shape[0]
    dx = (np.roll(height, -1, 1) - np.roll(height, 1, 1)) * depth_m / (2 * texel)
    dy = (np.roll(height, -1, 0) - np.roll(height, 1, 0)) * depth_m / (2 * texel)
    normal = np.stack([-dx, -dy, np.ones_like(dx)], -1)
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    return np.asarray(normal * 0.5 + 0.5)
