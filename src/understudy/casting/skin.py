"""Paints the skin: albedo from melanin and blood, roughness, height, and a mask for the renderers.

Pigments follow a two-chromophore Beer-Lambert model (Jimenez et al., "A practical appearance model for dynamic facial
color", 2010, simplified): albedo = base * exp(-melanin * M - blood * B). Everything is painted in three dimensions,
in the millimetres of the actor's own head.
"""

from dataclasses import dataclass

import moderngl
import numpy as np
from scipy.spatial import cKDTree

from understudy.casting import anatomy, relief
from understudy.casting.anatomy import Anatomy, sample_mask
from understudy.casting.atlas import Texels, rasterise
from understudy.casting.body import Body
from understudy.casting.hairline import Hairline
from understudy.casting.mesh import Bools, Floats, Ints, smoothstep
from understudy.casting.noise import fbm, perlin, worley
from understudy.casting.recipe import Recipe, Skin
from understudy.casting.surface import Surface

BASE = np.array([0.86, 0.79, 0.73])
PHEOMELANIN = np.array([0.36, 0.78, 1.35])
EUMELANIN = np.array([0.62, 0.88, 1.10])
FAIR = 0.62
"""Melanin up to here is of the yellow-red kind; what is more is brown-black and absorbs more evenly."""
BLOOD = np.array([0.16, 1.05, 0.90])
MOUTH_LINING = np.array([0.34, 0.085, 0.08])


@dataclass(frozen=True)
class SkinMaps:
    """Images (size, size, channels) in 0..1, row 0 at v = 0; albedo is linear."""

    albedo: Floats
    normal: Floats
    """tangent space, 0.5 = 0"""
    orm: Floats
    """occlusion, roughness, metal (0)"""
    mask: Floats
    """curvature, translucency, wetness"""


@dataclass
class Canvas:
    """The texels being painted."""

    mm: Floats
    """(texels, 3) position in millimetres"""
    uv: Floats
    """(texels, 2) original texture coordinates"""
    ring: Floats
    above_hair: Floats
    """metres over the hairline"""
    island: Ints
    lips: Floats
    lids: Floats
    ears: Floats
    face: Floats
    lid_mm: Floats
    """distance to the nearest lid margin"""
    marks: dict[str, Floats]
    """landmarks (3,) in millimetres"""
    coarse: Floats
    medium: Floats
    small: Floats
    tiny: Floats

    def spot(self, centre: Floats | tuple[float, float, float], reach: tuple[float, float, float]) -> Floats:
        """A soft ellipsoid: 1 in the middle, 1/e at `reach` (millimetres)."""
        offset = (self.mm - np.asarray(centre)) / np.asarray(reach)
        return np.asarray(np.exp(-(offset**2).sum(1)))

    def pair(self, mark: str, shift: tuple[float, float, float], reach: tuple[float, float, float]) -> Floats:
        """The same spot on both sides, `shift` from a landmark of the left side."""
        left = self.marks[mark] + np.asarray(shift)
        return self.spot(left, reach) + self.spot(left * np.array([-1.0, 1.0, 1.0]), reach)


def landmarks(surface: Surface, known: Anatomy) -> dict[str, Floats]:
    """Points of the face in metres; paired ones are the actor's left."""
    eye = known.eyes["leftEye"].centre
    p, head = surface.positions, surface.island == anatomy.HEAD

    def foremost(x: float, low: float, high: float) -> Floats:
        inside = head & (np.abs(p[:, 0]) < x) & (p[:, 1] > low) & (p[:, 1] < high)
        ids = np.flatnonzero(inside)
        return np.asarray(p[ids[np.argmax(p[ids, 2])]] * np.array([0.0, 1.0, 1.0]))

    nose = foremost(0.010, eye[1] - 0.060, eye[1] - 0.020)
    lips = p[head & (surface.ring < 1.5)]
    mouth = np.array([0.0, lips[:, 1].mean(), lips[:, 2].max()])
    corner = lips[np.argmax(lips[:, 0])]
    chin = foremost(0.010, mouth[1] - 0.048, mouth[1] - 0.016)
    ear = p[head][np.argmax(p[head][:, 0])]
    front = eye + np.array([0.0, 0.0, known.eyes["leftEye"].radius])
    return {"eye": front, "nose": nose, "mouth": mouth, "corner": corner, "chin": chin, "ear": ear}


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
    size = recipe.texture_px
    texels, canvas = _canvas(context, body, known, surface, hairline, size)
    melanin, blood = _pigments(canvas, recipe)
    light, dark = np.clip(melanin, 0, FAIR)[:, None], np.maximum(melanin - FAIR, 0)[:, None]
    albedo = BASE * np.exp(-light * PHEOMELANIN - dark * EUMELANIN - np.maximum(blood, 0)[:, None] * BLOOD)
    albedo *= (1 + 0.02 * canvas.tiny + 0.02 * canvas.small)[:, None]
    creases = _lip_creases(canvas)
    albedo = _lip_colour(canvas, albedo, creases, recipe)
    cavity = canvas.island == anatomy.CAVITY
    socket = np.isin(canvas.island, (anatomy.LEFT_SOCKET, anatomy.RIGHT_SOCKET))
    depth_mm = np.clip(canvas.marks["mouth"][2] - canvas.mm[:, 2], 0, 60)
    lining = MOUTH_LINING * np.interp(depth_mm, [4, 14, 40], [1.0, 0.5, 0.12])[:, None]
    albedo = np.where(cavity[:, None], lining, albedo)
    albedo = np.where(socket[:, None], np.array([0.56, 0.34, 0.30]), albedo)
    albedo, scalp = _hair_shadow(canvas, albedo, recipe, brow_points)
    rough = _roughness(canvas, creases, scalp, cavity, recipe.skin)
    height = _height(canvas, creases, recipe) * ~(cavity | socket)
    seen = relief.seen(context, coarse, known, blockers, size)[texels.covered]
    seen = np.where(cavity, 0.55 * np.minimum(seen, 0.6), seen)
    curvature = relief.curvature(context, surface, size)[texels.covered]
    nostril = canvas.pair("nose", (11, -6, -14), (7, 6, 8))
    translucent = np.clip(0.9 * canvas.ears + 0.35 * nostril, 0, 1)
    wet = np.maximum(np.maximum(canvas.lips * 0.8, cavity), np.exp(-((canvas.lid_mm / 1.2) ** 2)) * socket)
    return SkinMaps(
        albedo=texels.image(albedo),
        normal=relief.normals(texels, height),
        orm=texels.image(np.stack([seen, rough, np.zeros_like(rough)], 1)),
        mask=texels.image(np.stack([curvature, translucent, wet], 1)),
    )


def _canvas(
    context: moderngl.Context, body: Body, known: Anatomy, surface: Surface, hairline: Hairline, size: int
) -> tuple[Texels, Canvas]:
    values = np.column_stack(
        [surface.positions, surface.ring, hairline.above(surface.positions), surface.island, surface.original_uv]
    )
    texels = rasterise(context, surface.uv, surface.triangles, values, size)
    mm = texels.values[:, :3] * 1e3
    uv = texels.values[:, 6:8]
    island = np.rint(texels.values[:, 5]).astype(np.int64)
    head = island == anatomy.HEAD
    masks = {name: sample_mask(body, name, uv) * head for name in ("lips", "eyelids", "ears", "face")}
    sockets = np.isin(surface.island, (anatomy.LEFT_SOCKET, anatomy.RIGHT_SOCKET))
    margin = np.intersect1d(surface.closed[sockets], surface.closed[surface.island == anatomy.HEAD])
    edge = surface.positions[np.isin(surface.closed, margin)]
    lid_mm = cKDTree(edge).query(texels.values[:, :3], distance_upper_bound=0.02)[0]
    return texels, Canvas(
        mm=mm,
        uv=uv,
        ring=texels.values[:, 3],
        above_hair=texels.values[:, 4],
        island=island,
        lips=masks["lips"],
        lids=masks["eyelids"],
        ears=smoothstep(0.2, 0.8, masks["ears"]),
        face=masks["face"],
        lid_mm=np.minimum(lid_mm, 0.02) * 1e3,
        marks={name: mark * 1e3 for name, mark in landmarks(surface, known).items()},
        coarse=fbm(mm, 1 / 26, 3, 1),
        medium=fbm(mm, 1 / 8.5, 3, 5),
        small=fbm(mm, 1 / 2.9, 3, 9),
        tiny=fbm(mm, 1 / 1.1, 2, 13),
    )


def _pigments(c: Canvas, recipe: Recipe) -> tuple[Floats, Floats]:
    """Melanin and blood of every texel."""
    look = recipe.skin
    shift = c.mm + 500.0
    uneven = 0.10 * c.coarse + 0.10 * c.medium + 0.12 * c.small + 0.10 * c.tiny
    m = look.melanin + min(look.melanin, FAIR) * uneven
    mottle = 0.20 * fbm(shift, 1 / 20, 3, 21) + 0.26 * fbm(shift, 1 / 6.5, 3, 25) + 0.30 * fbm(shift, 1 / 2.2, 3, 29)
    b = look.blood * (1 + mottle)
    cheek = c.pair("eye", (11, -38, -12), (21, 17, 30))
    tip = c.spot(c.marks["nose"], (12, 10, 18))
    wing = c.pair("nose", (15, -5, -14), (6, 8, 12))
    chin = c.spot(c.marks["chin"], (15, 11, 20))
    forehead = c.spot(c.marks["nose"] + np.array([0, 88, -12]), (48, 24, 50))
    upper = c.pair("eye", (0, 9, 0), (17, 7, 22))
    under = c.pair("eye", (-2, -13.5, 0), (15, 6, 22))
    inner = c.pair("eye", (-15, -2, -2), (6, 7, 18))
    fold = c.pair("corner", (2, 14, 6), (5, 13, 18))
    lip_round = np.exp(-(((c.ring - 8.2) / 1.8) ** 2)) * (c.island == anatomy.HEAD)
    jaw = smoothstep(c.marks["mouth"][1] - 25, c.marks["mouth"][1] - 60, c.mm[:, 1])
    b += look.blood * (0.50 * cheek * (1 + 0.5 * c.medium) + 0.45 * tip + 0.65 * wing + 0.25 * chin - 0.06 * forehead)
    b += look.blood * (0.36 * upper + 0.26 * look.under_eye * under + 0.30 * inner + 0.18 * fold + 0.65 * c.ears)
    b -= look.blood * (0.12 * lip_round + 0.10 * jaw)
    m += look.melanin * (0.07 * forehead + 0.13 * upper + 0.15 * look.under_eye * under + 0.12 * inner + 0.07 * jaw)
    rim = np.exp(-((c.lid_mm / 1.6) ** 2))
    b += 0.20 * rim
    m += 0.10 * rim
    m += _spots(c, recipe, cheek, tip)
    capillary = smoothstep(0.90, 1.0, 1 - np.abs(perlin(c.mm + 0.6 * c.small[:, None], 1 / 2.1, 77)))
    b += look.blood * 0.28 * capillary * np.clip(0.8 * cheek + wing + 0.4 * tip, 0, 1)
    pore, amount = _pores(c, recipe)
    m += look.melanin * 0.10 * pore * amount
    hand = np.isin(c.island, (anatomy.LEFT_HAND, anatomy.RIGHT_HAND))
    b += look.blood * 0.25 * hand * (1 + 0.5 * c.medium)
    return m, b


def _spots(c: Canvas, recipe: Recipe, cheek: Floats, tip: Floats) -> Floats:
    """Melanin of freckles and moles."""
    look = recipe.skin
    zone = np.clip(c.pair("eye", (-3, -24, 0), (26, 14, 36)) + 0.9 * tip + 0.35 * cheek + 0.22 * c.face, 0, 1)
    total = np.zeros(len(c.mm))
    for size, seed, depth in ((3.1, 41, 0.42), (1.9, 43, 0.34), (5.2, 47, 0.34)):
        cell = worley(c.mm + 0.25 * c.tiny[:, None], 1 / size, seed + look.seed)
        own = cell[:, 2]
        reach = 0.10 + 0.22 * ((own * 7.7) % 1)
        chosen = ((own * 13.1) % 1) < look.freckles * zone * 0.75
        total += (
            depth
            * smoothstep(0.0, 1.0, np.clip((reach - cell[:, 0]) / (0.65 * reach), 0, 1))
            * chosen
            * (0.5 + 0.5 * ((own * 31) % 1))
        )
    mole = worley(c.mm, 1 / 27, 77 + look.seed)
    dark = smoothstep(0.055, 0.025, mole[:, 0]) * (((mole[:, 2] * 11.3) % 1) < 0.16 * look.moles)
    return np.asarray(total + 1.3 * dark * (c.above_hair < -0.012) * (1 - c.lips))


def _pores(c: Canvas, recipe: Recipe) -> tuple[Floats, Floats]:
    """Depth of each pore 0..1, and how coarse the skin is there."""
    cell = worley(c.mm + 0.12 * c.tiny[:, None], 1 / 1.0, 61)
    depth = smoothstep(0.34, 0.08, cell[:, 0]) * (0.4 + 0.6 * ((cell[:, 2] * 5.3) % 1))
    zone = 0.35 + 0.8 * c.spot(c.marks["nose"], (14, 14, 20)) + 0.7 * c.pair("eye", (-8, -30, -4), (15, 14, 26))
    zone += 0.3 * c.spot(c.marks["chin"], (15, 11, 20)) + 0.3 * c.spot(c.marks["nose"] + [0, 88, -12], (48, 24, 50))
    still = (1 - 0.95 * np.clip(1.3 * c.lips, 0, 1)) * (1 - 0.85 * np.exp(-((c.lid_mm / 7) ** 2)))
    return depth, zone * still * recipe.skin.pores * (c.island != anatomy.CAVITY)


def _stubble(c: Canvas, recipe: Recipe) -> Floats:
    """0..1 cover of a shaved beard: dark roots in the beard zone."""
    mouth, chin, ear = c.marks["mouth"], c.marks["chin"], c.marks["ear"]
    below = smoothstep(mouth[1] + 8, mouth[1] - 6, c.mm[:, 1] - 0.35 * np.maximum(np.abs(c.mm[:, 0]) - 25, 0))
    side = smoothstep(38, 58, np.abs(c.mm[:, 0])) * smoothstep(ear[1] + 5, ear[1] - 12, c.mm[:, 1])
    lip = np.exp(-(((c.mm[:, 1] - mouth[1] - 13) / 6) ** 2)) * smoothstep(30, 24, np.abs(c.mm[:, 0]))
    zone = np.clip(below + side + lip, 0, 1) * smoothstep(chin[1] - 62, chin[1] - 34, c.mm[:, 1])
    zone *= smoothstep(ear[2] + 2, ear[2] + 16, c.mm[:, 2]) * (1 - c.ears) * (1 - np.clip(2 * c.lips, 0, 1))
    zone *= np.clip(0.8 + 0.6 * c.medium, 0.2, 1.2)
    root = worley(c.mm * np.array([1.0, 0.75, 1.0]), 1 / 0.72, 131)
    dots = smoothstep(0.36, 0.10, root[:, 0])
    return np.asarray(np.clip(recipe.skin.stubble * zone * (0.20 + 0.55 * dots * (root[:, 2] > 0.2)), 0, 0.9))


def _lip_creases(c: Canvas) -> Floats:
    """0..1: the vertical lines of the lips, fanning out from the middle."""
    mouth = c.marks["mouth"]
    across = c.mm[:, 0] * (1 + 0.010 * np.abs(c.mm[:, 1] - mouth[1]))
    q = np.stack([across, c.mm[:, 1] * 0.13, c.mm[:, 2] * 0.10], 1)
    wide = smoothstep(0.20, 0.0, np.abs(perlin(q, 1 / 1.25, 91)))
    fine = smoothstep(0.22, 0.0, np.abs(perlin(q, 1 / 0.62, 93)))
    return np.asarray(np.clip(0.75 * wide + 0.4 * fine, 0, 1))


def _vermilion(c: Canvas) -> Floats:
    """0..1 with the soft, slightly ragged border of real lips."""
    edge = c.lips + 0.16 * fbm(c.mm, 1 / 1.6, 2, 55) * (c.lips > 0.02) * (c.lips < 0.98)
    return np.asarray(smoothstep(0.10, 0.92, edge) * (c.island == anatomy.HEAD))


def _lip_colour(c: Canvas, albedo: Floats, creases: Floats, recipe: Recipe) -> Floats:
    amount = _vermilion(c)
    inner = smoothstep(4.5, 1.0, c.ring)
    colour = np.array(recipe.skin.lips) * (1 + 0.10 * c.small + 0.08 * c.medium)[:, None]
    colour = colour * (1 - 0.16 * creases - 0.16 * inner)[:, None]
    c.lips = amount
    return albedo * (1 - 0.86 * amount[:, None]) + colour * 0.86 * amount[:, None]


def _hair_shadow(c: Canvas, albedo: Floats, recipe: Recipe, brow_points: Floats) -> tuple[Floats, Floats]:
    """Paints the roots: scalp under the hair with a soft ragged edge, and the brow under its hairs."""
    hair = np.array(recipe.hair.colour)
    head = (c.island == anatomy.HEAD) & (c.mm[:, 1] > c.marks["chin"][1])
    streak = fbm(c.mm * np.array([1.0, 0.22, 0.22]), 1 / 0.45, 2, 61)
    ragged = c.above_hair + 0.0028 * c.medium + 0.0016 * c.small + 0.0014 * streak
    cover = smoothstep(-0.007, 0.005, ragged) * head * (1 - np.clip(1.6 * c.ears, 0, 1))
    if recipe.hair.style == "short":
        # cropped sides: skin shines through between the roots, less so towards the top
        rank = smoothstep(c.marks["eye"][1] - 25, c.marks["eye"][1] + 35, c.mm[:, 1])
        root = worley(c.mm * np.array([1.0, 0.8, 1.0]), 1 / 0.62, 141)
        dots = smoothstep(0.62, 0.20, root[:, 0])
        cover = cover * np.clip(0.42 + 0.75 * rank + 0.35 * (dots - 0.4) * (1 - rank), 0, 0.97)
    tone = hair * (0.75 + 0.5 * np.clip(streak, -1, 1))[:, None]
    density = np.clip(0.92 + 0.3 * streak, 0, 1) if recipe.hair.style == "long" else np.ones_like(streak)
    amount = (cover * density)[:, None]
    albedo = albedo * (1 - amount) + tone * amount
    if recipe.skin.stubble:
        beard = _stubble(c, recipe)[:, None]
        albedo = albedo * (1 - beard) + (hair + 0.012) * beard
    near = cKDTree(brow_points * 1e3).query(c.mm, distance_upper_bound=6.0)[0]
    brow = np.exp(-((np.minimum(near, 6.0) / 1.5) ** 2)) * recipe.brows.paint
    shade = 1 - brow[:, None] * (1 - np.clip(np.array(recipe.brows.colour) * 9, 0.2, 0.7))
    return albedo * shade, cover


def _roughness(c: Canvas, creases: Floats, scalp: Floats, cavity: Bools, look: Skin) -> Floats:
    rough = 0.47 + 0.03 * c.coarse + 0.04 * c.medium + 0.05 * c.small + 0.03 * c.tiny
    oil = 0.9 * c.spot(c.marks["nose"], (13, 14, 20)) + 0.6 * c.spot(c.marks["nose"] + [0, 88, -12], (40, 20, 50))
    oil += 0.4 * c.spot(c.marks["chin"], (14, 10, 18)) + 0.3 * c.pair("eye", (10, -30, -8), (18, 12, 26))
    oil += 0.4 * c.spot(c.marks["nose"] + [0, 26, -8], (9, 20, 20))
    rough = rough - 0.11 * look.oil * np.clip(oil, 0, 1.2)
    rough = rough * (1 - c.lips) + c.lips * (0.36 + 0.05 * c.small + 0.10 * creases)
    rough = rough * (1 - 0.5 * np.exp(-((c.lid_mm / 1.2) ** 2)))
    rough = np.where(cavity, 0.25, rough)
    return np.clip(rough * (1 - scalp) + 0.65 * scalp, 0.16, 0.9)


def _height(c: Canvas, creases: Floats, recipe: Recipe) -> Floats:
    """Metres over the mesh: pores, the fine net of the skin, lip creases, lines of age."""
    look = recipe.skin
    pore, amount = _pores(c, recipe)
    net = worley(c.mm * np.array([1.0, 1.0, 1.3]) + 0.3 * c.tiny[:, None], 1 / 0.75, 63)
    cells = smoothstep(0.16, 0.0, net[:, 1] - net[:, 0])
    mm = -0.070 * pore * amount - 0.026 * cells + 0.040 * c.tiny + 0.060 * c.small + 0.05 * c.medium
    mm *= (1 - 0.85 * c.lips) * (0.6 + 0.4 * np.clip(1.2 * c.face, 0, 1))
    mm -= 0.11 * c.lips * creases
    nose, eye = c.marks["nose"], c.marks["eye"]
    forehead = c.spot(nose + np.array([0, 86, -12]), (44, 20, 50))
    wavy = np.stack([c.mm[:, 0] * 0.06, c.mm[:, 1], c.mm[:, 2] * 0.06], 1) + 0.7 * c.coarse[:, None]
    lines = smoothstep(0.12, 0.0, np.abs(perlin(wavy, 1 / 7.0, 95)))
    mm -= (0.02 + 0.16 * look.age) * lines * forehead
    under = c.pair("eye", (-1, -13, 0), (16, 6, 22)) + 0.8 * c.pair("eye", (25, -2, -12), (10, 10, 14))
    fan = np.stack([c.mm[:, 0] * 0.22, c.mm[:, 1] + 0.25 * np.abs(np.abs(c.mm[:, 0]) - eye[0]), c.mm[:, 2] * 0.2], 1)
    crow = smoothstep(0.16, 0.0, np.abs(perlin(fan, 1 / 1.7, 97)))
    mm -= (0.02 + 0.13 * look.age) * crow * under
    neck = smoothstep(c.marks["chin"][1] - 30, c.marks["chin"][1] - 60, c.mm[:, 1]) * (c.island == anatomy.TORSO)
    rings = np.stack([c.mm[:, 0] * 0.05, c.mm[:, 1] - 0.12 * np.abs(c.mm[:, 0]), c.mm[:, 2] * 0.05], 1)
    mm -= (0.03 + 0.2 * look.age) * smoothstep(0.06, 0.0, np.abs(perlin(rings, 1 / 18.0, 99))) * neck
    return mm * 1e-3
