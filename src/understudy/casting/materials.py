"""glTF materials of an actor, and the encoded textures they use."""

import numpy as np

from understudy.casting.atlas import encode_jpeg, resize, to_srgb
from understudy.casting.brows import base_colour
from understudy.casting.eyes import paint_eye
from understudy.casting.glb import Material, Texture, TextureName
from understudy.casting.recipe import Recipe, Rgb
from understudy.casting.skin import SkinMaps
from understudy.casting.strands import hair_materials, hair_texture
from understudy.casting.weave import cloth_of


def make_materials(recipe: Recipe, maps: SkinMaps) -> tuple[list[Material], list[Texture]]:
    """Every material the parts name."""
    size = recipe.texture_px
    cloth = cloth_of(recipe.wardrobe)
    half = min(size, 1024)
    mask = np.stack([resize(maps.mask[..., k], half) for k in range(3)], -1)
    # roughness and occlusion vary slowly; pores are in the normals
    orm = np.stack([resize(maps.orm[..., k], half) for k in range(3)], -1)
    textures = [
        Texture("albedo", "image/jpeg", encode_jpeg(to_srgb(maps.albedo), 83)),
        Texture("normal", "image/jpeg", encode_jpeg(maps.normal, 80)),
        Texture("orm", "image/jpeg", encode_jpeg(orm, 84)),
        Texture("mask", "image/jpeg", encode_jpeg(mask, 82)),
        Texture("wrinkle", "image/jpeg", encode_jpeg(maps.wrinkle, 86)),
        Texture("eye", "image/jpeg", encode_jpeg(to_srgb(paint_eye(recipe.eyes)), 90)),
        hair_texture(recipe.hair),
        *cloth.textures,
    ]
    return [*_materials(recipe), *cloth.materials], textures


def _materials(recipe: Recipe) -> list[Material]:
    brow, lash = base_colour(recipe.brows), recipe.lashes.colour
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
        Material("teeth", _plain((1, 1, 1), 0.30)),
        Material("gum", _plain((1, 1, 1), 0.26)),
        Material("gumLining", _plain((1, 1, 1), 0.34)),
        Material("tongue", _plain((0.60, 0.215, 0.20), 0.42)),
        Material("caruncle", _plain((1, 1, 1), 0.22)),
        Material("tearLine", {**_plain((1, 1, 1), 0.03, alpha=0.12), "alphaMode": "BLEND"}),
        Material("tearTrack", {**_plain((1, 1, 1), 0.03, alpha=0.02), "alphaMode": "BLEND"}),
        Material("lash", {**_plain(lash, 0.55), "doubleSided": True}),
        Material("brow", {**_plain(brow, 0.6), "doubleSided": True}),
        *hair_materials(recipe.hair, recipe.beard),
    ]


def _plain(colour: Rgb, roughness: float, alpha: float = 1.0) -> dict[str, object]:
    return {
        "pbrMetallicRoughness": {
            "baseColorFactor": [*colour, alpha],
            "metallicFactor": 0.0,
            "roughnessFactor": roughness,
        }
    }
