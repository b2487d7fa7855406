"""Paints the skin: albedo from melanin and blood, roughness, relief, wrinkles, and a mask for the renderers.

    canvas -> tones, spots -> pigments -> veins, lips, stubble, make-up, hair roots -> albedo
           -> pores, lines -> relief -> normals; the folds of expression -> the wrinkle map

Everything is painted in three dimensions, in the millimetres of the actor's own head, so nothing shows at the seams of
the texture.
"""

from dataclasses import dataclass, replace

import moderngl
import numpy as np
from scipy.spatial import cKDTree

from understudy.casting import anatomy, lines, makeup, pigments, pores, relief, spots, stubble, tones, wrinkles
from understudy.casting.anatomy import Anatomy
from understudy.casting.body import Body
from understudy.casting.canvas import Canvas, bell, ramp, texels_of, vertices_of
from understudy.casting.hairline import Hairline, scalp_cover
from understudy.casting.mesh import Bools, Floats, Ints
from understudy.casting.noise import Field, fbm, worley
from understudy.casting.recipe import Recipe
from understudy.casting.surface import Surface

MOUTH_LINING = (0.34, 0.085, 0.08)
UNDER_BEARD = {"stubble": 0.9, "short": 1.1, "full": 1.1}
"""How dark the roots of each beard make the skin, as `stubble` does."""
SOCKET = (0.56, 0.34, 0.30)


@dataclass(frozen=True)
class SkinMaps:
    """Images (size, size, channels) in 0..1, row 0 at v = 0; albedo is linear."""

    albedo: Field
    normal: Field
    """tangent space, 0.5 = 0"""
    orm: Field
    """occlusion, roughness, metal (0)"""
    mask: Field
    """curvature, translucency, wetness"""
    wrinkle: Field
    """tangent-space normals of every fold at full strength"""
    shares: Floats
    """(vertices of the shipped mesh, groups of `wrinkles`) 0..1"""
    flush: Floats
    """(vertices of the shipped mesh,) 0..1 where blood rushes"""


def paint(
    context: moderngl.Context,
    body: Body,
    known: Anatomy,
    surface: Surface,
    coarse: Surface,
    hairline: Hairline,
    recipe: Recipe,
    blockers: list[tuple[Floats, Ints]],
    brow_points: Floats,
) -> SkinMaps:
    """Paints the maps of a surface. surface: two levels of subdivision; coarse: the mesh that is shipped."""
    size, look = recipe.texture_px, recipe.skin
    texels, c = texels_of(context, body, known, surface, hairline, size)
    cavity = c.on(anatomy.CAVITY)
    socket = c.on(anatomy.LEFT_SOCKET, anatomy.RIGHT_SOCKET)
    vermilion = _vermilion(c)
    c = replace(c, lips=vermilion)
    scattered = spots.scatter(c, look)
    pore, (furrows, plump) = pores.pores(c, look), pores.lip_lines(c)
    albedo = _colour(c, recipe, scattered, pore)
    albedo = _lip_colour(c, albedo, furrows, recipe)
    shaved = max(look.stubble, UNDER_BEARD.get(recipe.beard.style, 0.0) * recipe.beard.density)
    if shaved > 0:
        albedo = stubble.shadow(c, albedo, shaved, recipe.beard.colour or recipe.hair.colour)
    grey = recipe.hair.grey if recipe.beard.grey is None else recipe.beard.grey
    albedo, bearded = stubble.under_beard(c, albedo, recipe.beard, recipe.beard.colour or recipe.hair.colour, grey)
    albedo = makeup.lay_over(c, albedo, vermilion, recipe.makeup)
    albedo[cavity] = _lining(c, cavity)
    albedo[socket] = SOCKET
    albedo, scalp = _hair_shadow(c, albedo, recipe, hairline, brow_points)
    families = lines.heights(c)
    at_rest = lines.at_rest(c, look.age, families)
    height = pores.height(c, look, pore, furrows, plump) + at_rest + scattered.rise_mm
    height[cavity | socket] = 0
    folds = wrinkles.depth_mm(c, look.age, families)
    seen = relief.seen(context, coarse, known, blockers, size)[texels.covered]
    seen = np.where(cavity, 0.55 * np.minimum(seen, 0.6), seen)
    # what lies in a pore or a fold sees less of the sky
    seen *= 1 - np.clip(0.32 * pore + 0.30 * np.clip(-at_rest, 0, 1) + 0.14 * vermilion * furrows, 0, 0.5)
    # hair that grows densely keeps the sky from the skin between it, and its shine
    under = np.maximum(scalp, bearded)
    seen *= 1 - 0.55 * under**2
    rough = _roughness(c, furrows, pore, under, cavity, recipe)
    curved = relief.curvature(context, surface, size)[texels.covered]
    wet = np.maximum(np.maximum(vermilion * 0.8, cavity), bell(c.lid_mm, 1.2) * socket)
    vertices = vertices_of(body, known, coarse, hairline)
    return SkinMaps(
        albedo=texels.image(albedo),
        normal=relief.normals(texels, height),
        orm=texels.image(np.stack([seen, rough, np.zeros_like(rough)], 1)),
        mask=texels.image(np.stack([curved, _translucent(c), wet], 1)),
        wrinkle=relief.halved(relief.normals(texels, folds)),
        shares=wrinkles.shares(vertices),
        flush=np.asarray(tones.flush_zone(vertices), np.float64),
    )


def _colour(c: Canvas, recipe: Recipe, scattered: spots.Spots, pore: Field) -> Field:
    """(n, 3) linear colour of the skin itself."""
    look, worn = recipe.skin, recipe.makeup.foundation
    melanin = tones.melanin(c, look) + scattered.melanin + np.float32(0.07 + 0.05 * look.melanin) * pore
    blood = tones.blood(c, look) + scattered.blood
    if worn > 0:
        melanin = makeup.even_out(melanin, look.melanin, worn)
        blood = makeup.even_out(blood, 1.12 * look.blood, worn)
    albedo = pigments.tint(melanin, blood)
    albedo *= (1 + 0.020 * c.tiny + 0.020 * c.small)[:, None]
    blue = tones.veins(c) * np.float32((1 - 0.8 * worn) * (0.16 + 0.10 * look.age) / (1 + look.melanin))
    circle = c.pair("eye", (-5, -11.5, 0), (13, 4.6, 22)) * np.float32(0.20 * look.under_eye * (1 - 0.8 * worn))
    cold = np.clip(blue + circle, 0, 0.6)[:, None]
    # vessels deep under thin skin take red and give back blue
    albedo *= 1 - cold * np.array([0.55, 0.48, 0.30], np.float32)
    # old skin is yellower and less clear
    albedo *= 1 + np.float32(recipe.skin.age**2) * np.array([-0.02, -0.05, -0.13], np.float32)
    return albedo


def _vermilion(c: Canvas) -> Field:
    """0..1 with the soft, slightly ragged border of real lips."""
    edge = c.lips + 0.13 * (c.small + 0.6 * c.tiny) * (c.lips > 0.02) * (c.lips < 0.98)
    return np.asarray(ramp(0.06, 0.98, edge) * c.on(anatomy.HEAD))


def _lip_colour(c: Canvas, albedo: Field, furrows: Field, recipe: Recipe) -> Field:
    """Lips: thin skin over blood. The upper one is darker, both pale and thin out with age."""
    look = recipe.skin
    inner = ramp(4.5, 1.0, c.ring)
    # the lips of dark skin carry melanin too, the upper one and the border most
    deep = float(np.clip((look.melanin - 1.0) / 1.6, 0, 1))
    upper = ramp(-1.0, 1.5, c.mm[:, 1] - np.float32(c.marks["mouth"][1]))
    tone = (
        1
        + 0.10 * c.small
        + 0.10 * c.medium
        + 0.05 * c.tiny
        - 0.17 * furrows
        - 0.10 * inner
        - (0.10 + 0.25 * deep) * upper
    )
    colour = np.array(look.lips, np.float32) * tone[:, None]
    colour *= 1 - inner[:, None] * np.array([0.0, 0.16, 0.10], np.float32)
    # between the tint asked for and what this skin would be, thin and full of blood
    colour = 0.72 * colour + 0.28 * pigments.tint(np.full(1, 0.55 * look.melanin), np.full(1, 2.0)) * tone[:, None]
    amount = (c.lips * np.float32((0.80 - 0.38 * look.age) * (1 - 0.30 * deep)))[:, None]
    return np.asarray(albedo * (1 - amount) + colour * amount)


def _lining(c: Canvas, cavity: Bools) -> Field:
    depth_mm = np.clip(c.marks["mouth"][2] - c.mm[cavity, 2], 0, 60)
    return np.asarray(np.outer(np.interp(depth_mm, [4, 14, 40], [1.0, 0.5, 0.12]), MOUTH_LINING), np.float32)


def _hair_shadow(c: Canvas, albedo: Field, recipe: Recipe, line: Hairline, brow_points: Floats) -> tuple[Field, Field]:
    """Paints the roots: scalp under the hair with a soft ragged edge, and the brow under its hairs."""
    hair = np.array(recipe.hair.colour, np.float32)
    head = c.on(anatomy.HEAD) & (c.mm[:, 1] > c.marks["chin"][1])
    streak = fbm(c.mm, 1 / 0.45, 2, 61, stretch=(1.0, 0.22, 0.22))
    ragged = c.above_hair + 1e-3 * (1.2 * c.medium + 0.8 * c.small + 0.8 * streak)
    cover = np.zeros(len(c.mm), np.float32)
    grown = np.flatnonzero(head & (c.above_hair > -0.01))
    cover[grown] = scalp_cover(
        line, recipe.hair, c.mm[grown].astype(np.float64) * 1e-3, ragged[grown].astype(np.float64)
    )
    cover *= 1 - np.clip(1.6 * c.ears, 0, 1)
    # where skin shines through, roots show as points
    dots = ramp(0.62, 0.20, worley(c.mm, 1 / 0.62, 141, (1.0, 0.8, 1.0))[:, 0])
    cover = cover * np.clip(1 + 0.9 * (dots - 0.45) * (1 - cover), 0, 1.5)
    tone = hair * (0.75 + 0.5 * np.clip(streak, -1, 1))[:, None]
    # in the middle of dense hair nothing of the skin is left to see
    density = np.clip(0.94 + 0.2 * streak + 0.3 * ramp(0.80, 0.97, cover), 0, 1)
    amount = np.minimum(cover * density * (1 + 0.04 * ramp(0.85, 0.97, cover)), 1)[:, None]
    albedo = albedo * (1 - amount) + tone * amount
    near = np.full(len(c.mm), 6.0, np.float32)
    around = np.flatnonzero((c.mm[:, 1] > brow_points[:, 1].min() * 1e3 - 7) & (c.mm[:, 2] > c.marks["ear"][2]) & head)
    found = cKDTree(brow_points * 1e3).query(c.mm[around], distance_upper_bound=6.0, workers=2)[0]
    near[around] = np.minimum(found, 6.0)
    brow = bell(near, 1.5) * np.float32(recipe.brows.paint)
    shade = 1 - brow[:, None] * (1 - np.clip(np.array(recipe.brows.colour, np.float32) * 9, 0.2, 0.7))
    return np.asarray(albedo * shade), cover


def _roughness(c: Canvas, furrows: Field, pore: Field, scalp: Field, cavity: Bools, recipe: Recipe) -> Field:
    """Oil on nose, forehead and chin; dry cheeks; wet lips and rims of the lids; powder dulls it all."""
    look = recipe.skin
    rough = 0.54 + 0.04 * c.coarse + 0.06 * c.medium + 0.07 * c.small + 0.04 * c.tiny + 0.10 * pore
    oil = 0.9 * c.spot("nose", (0, 4, -3), (12, 18, 18)) + 0.75 * c.spot("nose", (0, 86, -12), (34, 20, 50))
    oil += 0.45 * c.spot("chin", (0, 0, 0), (14, 10, 18)) + 0.35 * c.pair("eye", (12, -28, -8), (16, 9, 26))
    oil += 0.45 * c.pair("nose", (15, -4, -12), (6, 8, 12)) + 0.35 * c.pair("eye", (4, 13, 0), (14, 5, 20))
    rough = rough - np.float32(0.15 * look.oil * (1 - 0.35 * look.age)) * np.clip(oil, 0, 1.2)
    rough += 0.05 * c.pair("eye", (30, -40, -26), (20, 20, 30)) + np.float32(0.07 * recipe.makeup.foundation)
    wet = 0.33 + 0.06 * c.small + 0.05 * c.tiny + 0.14 * furrows - 0.08 * ramp(4.0, 0.5, c.ring)
    rough = rough * (1 - c.lips) + c.lips * (wet + 0.10 * look.age)
    rough *= 1 - 0.5 * bell(c.lid_mm, 1.2)
    rough[cavity] = 0.25
    return np.asarray(np.clip(rough * (1 - scalp) + 0.90 * scalp, 0.16, 0.92))


def _translucent(c: Canvas) -> Field:
    nostril = c.pair("nose", (11, -6, -14), (7, 6, 8))
    return np.asarray(np.clip(0.9 * c.ears + 0.35 * nostril, 0, 1))
