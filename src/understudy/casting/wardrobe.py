"""The wardrobe: from the words of a recipe to the meshes an actor wears."""

from dataclasses import dataclass, replace
from typing import TypedDict

import numpy as np
from scipy.spatial import cKDTree

from understudy.casting import lapels, sewing
from understudy.casting.body import Body
from understudy.casting.drape import Solid
from understudy.casting.garments import GARMENTS, Cut
from understudy.casting.mesh import Floats, Part, smoothstep, unit
from understudy.casting.outfit import Garment, collar_edge, joined, make_garment, neck_edge, shell_part
from understudy.casting.recipe import Wardrobe
from understudy.casting.shell import Landmarks, find_landmarks, solid_of
from understudy.casting.weave import tile_m, trim_tile_m, under_look

BELOW_NECKLINE_M = 0.01
"""How far under the lowest point of the opening skin may show when the actor bends."""

OVERLYING = ("leaf", "lapel", "hood")
"""Trimmings thick enough to keep light from the cloth they end over."""
SHADE, SHADED_M = 0.55, 0.012
"""Least light beside them, and how far out it falls off."""


@dataclass(frozen=True)
class Outfit:
    """What an actor wears: meshes `clothes`, and by garment `clothesTrim`, `clothesUnder` and `buttons`."""

    parts: list[Part]

    @property
    def whole(self) -> Part:
        """Everything as one mesh, for whatever lies on it or is shaded by it."""
        return joined(self.parts, "clothes", "cloth")


def garment_of(look: Wardrobe) -> str:
    """The name of the garment in the pattern book."""
    return look.garment or look.neckline


def cut_of(look: Wardrobe) -> Cut:
    """The cut of the garment whose neckline shows skin, as wide as the recipe says."""
    cut = GARMENTS[look.under] if garment_of(look) == "blazer" else GARMENTS[garment_of(look)]
    return replace(cut, ease_mm=max(0.0, cut.ease_mm + look.looseness_mm - 4.0))


class BareSkin(TypedDict):
    """How much skin a garment leaves bare; see `surface.make_surface`."""

    neckline_y: float
    reach_m: float
    bare_arms: bool


def bare_skin(body: Body, look: Wardrobe) -> BareSkin:
    """Where skin shows: the lowest height, metres, how far from the axis of the neck, and the arms."""
    marks, cut = find_landmarks(body), cut_of(look)
    lowest = float(marks.notch[1]) - max(cut.vee_mm, cut.neck_mm + cut.front_mm) * 1e-3 - BELOW_NECKLINE_M
    return BareSkin(
        neckline_y=lowest,
        reach_m=marks.neck_half_m + 0.06 + cut.wide_mm * 1e-3,
        bare_arms=cut.short_sleeve and garment_of(look) != "blazer",
    )


def dress(body: Body, joints: Floats, look: Wardrobe) -> Outfit:
    """Cuts, hangs and sews what a recipe names."""
    marks = find_landmarks(body)
    solid, skin_joints = solid_of(body, joints)
    name = garment_of(look)
    rng = np.random.default_rng(look.seed)
    cut = replace(GARMENTS[name], ease_mm=max(0.0, GARMENTS[name].ease_mm + look.looseness_mm - 4.0))
    garment = make_garment(body, joints, marks, solid, skin_joints, cut)
    tile = tile_m(look)
    parts = [shell_part(garment, "clothes", "cloth", tile)]
    trim, knobs = _sewn(body, garment, marks, look, rng)
    if name == "blazer":
        parts += _under(body, joints, marks, solid, skin_joints, garment, look)
    if trim:
        sewn = joined(trim, "clothesTrim", "clothTrim")
        if cut.collar in OVERLYING:
            shade_beside(parts[0], sewn)
        parts.append(sewn)
    if knobs:
        parts.append(knobs[0] if len(knobs) == 1 else joined(knobs, "buttons", "button"))
    return Outfit(parts)


def shade_beside(cloth: Part, over: Part) -> None:
    """Darkens cloth where something thick lies on it or ends over it, as less light gets in there."""
    far, _ = cKDTree(over.positions).query(cloth.positions, distance_upper_bound=SHADED_M)
    light = SHADE + (1 - SHADE) * smoothstep(0.0, SHADED_M, np.minimum(far, SHADED_M))
    assert cloth.colour is not None
    cloth.colour = cloth.colour * light[:, None]


def _sewn(
    body: Body, garment: Garment, marks: Landmarks, look: Wardrobe, rng: np.random.Generator
) -> tuple[list[Part], list[Part]]:
    """The trimmings of a garment, and its buttons."""
    ground, cut, tile = garment.ground, garment.cut, trim_tile_m(look)
    kind = cut.collar
    trim: list[Part] = []
    knobs: list[Part] = []

    def sew(sweep: sewing.Sweep) -> None:
        trim.extend(sweep.parts("trim", "clothTrim", ground, tile))

    if kind == "band":
        wide = {"tee": 17.0, "vneck": 26.0}.get(garment_of(look), 23.0)
        sew(sewing.band(neck_edge(garment, count=128, smooth=8), ground, wide))
    elif kind == "facing":
        sew(sewing.band(neck_edge(garment, count=128), ground, 10.0, thick_mm=1.2))
    elif kind == "roll":
        at, head = (body.bone_heads[body.bones.index(bone)] for bone in ("neck01", "head"))
        up = unit(unit(head - at) + marks.up)
        tall = 350.0 * float(head[1] - at[1])
        sew(sewing.roll(neck_edge(garment, count=96, smooth=6), ground, (np.asarray(at), up), tall, 3.5))
    elif kind == "hood":
        edge = neck_edge(garment, count=112, smooth=6)
        lobe = sewing.hood(edge, ground, rng)
        sew(lobe)
        trim += lapels.cords(garment, marks, edge)
    elif kind == "leaf":
        edge = collar_edge(garment, marks, count=72)
        sew(sewing.leaf(edge, ground, stand_mm=30, fall_mm=42, point_mm=60))
    elif kind == "stand":
        edge = neck_edge(garment, count=128, smooth=8)
        sew(sewing.band(edge, ground, 14.0, thick_mm=1.0))
    if kind == "lapel":
        sweeps, places = lapels.lapels(garment, marks)
        for sweep in sweeps:
            sew(sweep)
        knobs.append(lapels.button_row(garment, places, 9.0))
    if cut.placket or look.buttoned:
        line = lapels.front_line(garment, marks)
        sew(sewing.strip(line, 16.0 if cut.placket else 14.0, ground, lift_mm=1.8))
        spacing = 0.072 if look.buttoned and not cut.placket else 0.085
        knobs.append(lapels.button_row(garment, lapels.along(line, 0.014, spacing), 5.4 if cut.placket else 8.0))
    return trim, knobs


def _under(
    body: Body, joints: Floats, marks: Landmarks, solid: Solid, skin_joints: Floats, over: Garment, look: Wardrobe
) -> list[Part]:
    """What shows inside the opening of a blazer."""
    inner = under_look(look)
    cut = replace(GARMENTS[look.under], ease_mm=0.0, surplus=0.01, gap_mm=2.0, short_sleeve=True)
    garment = make_garment(body, joints, marks, solid, skin_joints, cut)
    rng = np.random.default_rng(look.seed + 1)
    trim, knobs = _sewn(body, garment, marks, inner, rng)
    seen = np.asarray(over.cut.opening(garment.shell.positions, marks) > -0.014)
    keep = np.asarray(seen[garment.shell.faces].any(1))
    shell = shell_part(garment, "clothesUnder", "clothUnder", tile_m(inner), keep=keep)
    # what is sewn on must not come up through the cloth over it
    sewn = [sewing.within(part, over.cut.opening(part.positions, marks) > -0.008) for part in trim]
    inside = [joined([shell, *sewn], "clothesUnder", "clothUnder")]
    return [*inside, *(replace(part, name="buttonsUnder") for part in knobs)]
