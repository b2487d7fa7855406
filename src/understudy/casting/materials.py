"""glTF materials of an actor, and the encoded textures they use."""

import numpy as np
from scipy import ndimage

from understudy.casting.atlas import encode_jpeg, encode_png, resize, to_srgb
from understudy.casting.eyes import paint_eye
from understudy.casting.glb import Material, Texture, TextureName
from understudy.casting.mesh import Floats
from understudy.casting.recipe import Recipe, Rgb, Wardrobe
from understudy.casting.skin import SkinMaps
from understudy.casting.strands import paint_strands
from understudy.casting.wardrobe import RIBS_PER_TILE


def make_materials(recipe: Recipe, maps: SkinMaps) -> tuple[list[Material], list[Texture]]:
    """Every material the parts name."""
    size = recipe.texture_px
    weave, weave_normal = knit(recipe.wardrobe)
    half = min(size, 1024)
    mask = np.stack([resize(maps.mask[..., k], half) for k in range(3)], -1)
    textures = [
        Texture("albedo", "image/jpeg", encode_jpeg(to_srgb(maps.albedo), 90)),
        Texture("normal", "image/jpeg", encode_jpeg(maps.normal, 86)),
        Texture("orm", "image/jpeg", encode_jpeg(maps.orm, 82)),
        Texture("mask", "image/jpeg", encode_jpeg(mask, 82)),
        Texture("wrinkle", "image/jpeg", encode_jpeg(maps.wrinkle, 86)),
        Texture("eye", "image/jpeg", encode_jpeg(to_srgb(paint_eye(recipe.eyes)), 91)),
        Texture("hair", "image/png", encode_png(_quantised(paint_strands(recipe.hair)))),
        Texture("cloth", "image/jpeg", encode_jpeg(to_srgb(weave), 88)),
        Texture("clothNormal", "image/jpeg", encode_jpeg(weave_normal, 88)),
    ]
    return _materials(recipe), textures


def knit(look: Wardrobe, size_px: int = 512) -> tuple[Floats, Floats]:
    """A tile of ribbed knit, RIBS_PER_TILE ribs wide: linear tint and tangent-space normal."""
    v, u = np.mgrid[0:size_px, 0:size_px] / size_px
    rib = u * RIBS_PER_TILE
    ridge = 0.5 + 0.5 * np.cos(2 * np.pi * rib)
    # the two legs of each stitch lean towards the middle of the rib
    lean = np.abs(((rib + 0.5) % 1) - 0.5) * 0.9
    stitch = 0.5 + 0.5 * np.cos(2 * np.pi * (v * RIBS_PER_TILE * 1.5 + lean))
    rng = np.random.default_rng(look.seed)
    fuzz = ndimage.gaussian_filter(rng.normal(size=v.shape), 1.2, mode="wrap")
    fuzz /= np.abs(fuzz).max()
    height = ridge**0.7 * (0.72 + 0.28 * stitch**0.7) + 0.10 * fuzz
    tint = (0.55 + 0.50 * ridge**0.8) * (0.80 + 0.20 * stitch) * (1 + 0.10 * fuzz)
    slope = 1.1
    dx = (np.roll(height, -1, 1) - np.roll(height, 1, 1)) * size_px / RIBS_PER_TILE / 2 * 0.30
    dy = (np.roll(height, -1, 0) - np.roll(height, 1, 0)) * size_px / RIBS_PER_TILE / 2 * 0.30
    normal = np.stack([-dx * slope, -dy * slope, np.ones_like(dx)], -1)
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    return np.repeat(tint[..., None], 3, 2).clip(0, 1), normal * 0.5 + 0.5


def _materials(recipe: Recipe) -> list[Material]:
    hair, brow, lash = recipe.hair.colour, recipe.brows.colour, recipe.lashes.colour
    tone = 1.55
    """the strand texture averages about two thirds"""
    return [
        Material(
            "skin",
            {
                "pbrMetallicRoughness": {
                    "baseColorTexture": {"index": TextureName("albedo")},
                    "metallicRoughnessTexture": {"index": TextureName("orm")},
                    "metallicFactor": 0.0,
                },
                "normalTexture": {"index": TextureName("normal")},
                "occlusionTexture": {"index": TextureName("orm")},
                "extras": {"understudy": {"mask": TextureName("mask"), "wrinkle": TextureName("wrinkle")}},
            },
        ),
        Material(
            "eye",
            {
                "pbrMetallicRoughness": {
                    "baseColorTexture": {"index": TextureName("eye")},
                    "metallicFactor": 0.0,
                    "roughnessFactor": 0.45,
                }
            },
        ),
        Material("cornea", {**_plain((1, 1, 1), 0.03, alpha=0.06), "alphaMode": "BLEND"}),
        Material("teeth", _plain((1, 1, 1), 0.18)),
        Material("tongue", _plain((0.40, 0.145, 0.135), 0.45)),
        Material("lash", {**_plain(lash, 0.55), "doubleSided": True}),
        Material("brow", {**_plain(brow, 0.6), "doubleSided": True}),
        Material(
            "hair",
            {
                "pbrMetallicRoughness": {
                    "baseColorTexture": {"index": TextureName("hair")},
                    "baseColorFactor": [*(min(1.0, tone * x) for x in hair), 1.0],
                    "metallicFactor": 0.0,
                    "roughnessFactor": 0.60 if recipe.hair.style == "short" else 0.42,
                },
                "alphaMode": "MASK",
                "alphaCutoff": 0.42,
                "doubleSided": True,
            },
        ),
        Material("hairFine", {**_plain(hair, 0.5), "doubleSided": True}),
        Material(
            "cloth",
            {
                "pbrMetallicRoughness": {
                    "baseColorTexture": {"index": TextureName("cloth")},
                    "baseColorFactor": [*recipe.wardrobe.colour, 1.0],
                    "metallicFactor": 0.0,
                    "roughnessFactor": 0.88,
                },
                "normalTexture": {"index": TextureName("clothNormal"), "scale": 0.8},
                "doubleSided": True,
            },
        ),
    ]


def _plain(colour: Rgb, roughness: float, alpha: float = 1.0) -> dict[str, object]:
    return {
        "pbrMetallicRoughness": {
            "baseColorFactor": [*colour, alpha],
            "metallicFactor": 0.0,
            "roughnessFactor": roughness,
        }
    }


def _quantised(image: Floats) -> Floats:
    """Fewer levels of tone and alpha, so that the PNG packs well."""
    return np.asarray(np.rint(image * 31) / 31)
