"""What is worn on the head: glasses and earrings, as meshes and materials."""

from dataclasses import dataclass, field

from understudy.casting.anatomy import Anatomy
from understudy.casting.body import Body
from understudy.casting.earrings import make_earrings
from understudy.casting.glasses import STYLES, make_glasses
from understudy.casting.glb import Material
from understudy.casting.headform import measure_head
from understudy.casting.mesh import Part
from understudy.casting.recipe import Earrings, Glasses, Rgb
from understudy.casting.surface import Surface

METALS: dict[str, Rgb] = {"gold": (0.91, 0.66, 0.30), "silver": (0.86, 0.85, 0.83)}
"""Linear reflectance at normal incidence."""


@dataclass(frozen=True)
class Worn:
    """Meshes `glassesFrame`, `glassesLens`, `earrings` and `earringStones` a recipe names, and their materials."""

    parts: list[Part] = field(default_factory=list)
    materials: list[Material] = field(default_factory=list)


def adorn(body: Body, known: Anatomy, surface: Surface, glasses: Glasses, earrings: Earrings) -> Worn:
    """Fits glasses and earrings to the shipped skin of a head."""
    worn = Worn()
    if glasses.style == "none" and earrings.style == "none":
        return worn
    head = measure_head(body, known, surface)
    if glasses.style != "none":
        worn.parts.extend(make_glasses(head, glasses).parts)
        metal = STYLES[glasses.style].metal if glasses.metal is None else glasses.metal
        worn.materials.append(_frame(glasses.colour, metal))
        worn.materials.append(_lens(glasses.lens_tint))
    if earrings.style != "none":
        pair = make_earrings(head, earrings)
        worn.parts.extend(pair)
        worn.materials.append(_plain("earrings", METALS[earrings.metal], 0.18, metallic=1.0))
        if len(pair) > 1:
            worn.materials.append(_plain("earringStones", earrings.stone, 0.08))
    return worn


def _frame(colour: Rgb, metal: bool) -> Material:
    if metal:
        bright = tuple(max(0.25, c) for c in colour)
        return _plain("glassesFrame", (bright[0], bright[1], bright[2]), 0.25, metallic=1.0)
    return _plain("glassesFrame", colour, 0.22)


def _plain(name: str, colour: Rgb, roughness: float, *, metallic: float = 0.0) -> Material:
    return Material(
        name,
        {
            "pbrMetallicRoughness": {
                "baseColorFactor": [*colour, 1.0],
                "metallicFactor": metallic,
                "roughnessFactor": roughness,
            }
        },
    )


def _lens(tint: float) -> Material:
    """Clear glass, darkened by `tint`; other viewers blend it by its alpha."""
    return Material(
        "glassesLens",
        {
            "pbrMetallicRoughness": {
                "baseColorFactor": [0.02, 0.021, 0.022, round(0.05 + 0.80 * tint, 4)],
                "metallicFactor": 0.0,
                "roughnessFactor": 0.03,
            },
            "alphaMode": "BLEND",
            "doubleSided": True,
            "extras": {"understudy": {"lens": {"tint": tint, "ior": 1.5}}},
        },
    )
