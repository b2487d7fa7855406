"""The inside of the mouth: two rows of teeth in their gums, the lining of cheeks and throat, the tongue."""

import numpy as np
from scipy.spatial import cKDTree

from understudy.base.channels import ARKIT_SHAPES
from understudy.casting import anatomy
from understudy.casting.arch import Arch
from understudy.casting.body import Body
from understudy.casting.crowns import DEPTH_MM, EDGE_MM, HEIGHT_MM, WIDTH_MM, make_crown
from understudy.casting.gums import Row, make_gum
from understudy.casting.mesh import Bools, Floats, Ints, Part, smoothstep, triangulate, vertex_normals
from understudy.casting.recipe import Mouth
from understudy.casting.subdivide import refine
from understudy.casting.surface import Surface

SPACING = 0.965
"""How far apart crowns stand, in widths: they touch below their widest place."""
LIP_GAP_M = 0.0006
"""Between the back of the closed lower lip and the incisors."""
CLEARANCE_M = 0.0005
"""Between the upper teeth and the nearest skin of the closed lips."""
UPPER_DROP_M = 0.0030
"""The helper strip ends higher than the incisors that show in speech."""
POUCH_M = 0.011
"""How far from the line of the lips the lining keeps its height."""
BEHIND_M = 0.0015
"""What at least stays between teeth and the outside of the lips in every shape."""
LINING_RING = 1.4
"""Rings of the mouth, from the edge of the lips inwards, that stay skin; what lies deeper is lining."""


def make_teeth(
    body: Body, which: str, weights: Floats, head: int, forward_m: float, look: Mouth, rng: np.random.Generator
) -> tuple[Part, Part, Ints]:
    """One row of teeth, its gum, and the ids of the edges of its four incisors in the row.

    forward_m: how far the arch stands before the helper strip, so that the lower lip can reach the upper edge.
    """
    strip = np.unique(body.groups[f"helper-{which}-teeth"].faces)
    arch = _fit_arch(body.positions[strip] + np.array([0.0, 0.0, forward_m]))
    front = body.positions[strip]
    front = front[front[:, 2] > front[:, 2].max() - 0.008]
    edge_y = (front[:, 1].min() - UPPER_DROP_M) if which == "upper" else front[:, 1].max()
    row = _row(which, look)
    crowns, triangles, colours, edges = [], [], [], []
    start = 0
    for tooth in range(7):
        s = (row.ends[tooth] + row.ends[tooth + 1]) / 2
        for side in (1.0, -1.0):
            height_mm = (row.neck[tooth] * 1e3 - EDGE_MM[which][tooth]) / 0.97
            crown = make_crown(which, tooth, height_mm, look.teeth_shade, rng)
            shape = _unruly(crown.positions, tooth, look.teeth_irregular, rng)
            shape[:, 1] += EDGE_MM[which][tooth] * 1e-3
            if which == "lower":
                shape[:, 1] *= -1
            placed = _place(shape, arch, side * s, side)
            placed[:, 1] += edge_y
            crowns.append(placed)
            flip = (side > 0) == (which == "upper")
            triangles.append((crown.triangles[:, ::-1] if flip else crown.triangles) + start)
            colours.append(crown.colours)
            if tooth < 2:
                edges.append(crown.tip + start)
            start += len(placed)
    teeth = np.concatenate(crowns)
    joints = np.zeros((1, weights.shape[1]))
    joints[:, head] = 1.0
    name = which.capitalize()

    def part(kind: str, positions: Floats, faces: Ints, colour: Floats) -> Part:
        depth = positions[:, 2].max() - positions[:, 2]
        return Part(
            name=f"{kind}{name}",
            material=kind,
            positions=positions,
            normals=vertex_normals(positions, faces),
            triangles=faces,
            joints=np.repeat(joints, len(positions), 0),
            deltas=np.stack([_affine(body, strip, shape, positions) for shape in range(len(ARKIT_SHAPES))]),
            colour=colour * np.interp(depth, [0.0, 0.012, 0.036], [1.0, 0.94, 0.62])[:, None],
        )

    gum = make_gum(which, arch, row, edge_y, np.array(look.gum))
    return (
        part("teeth", teeth, np.concatenate(triangles), np.concatenate(colours)),
        part("gum", *gum),
        np.concatenate(edges),
    )


def make_lining(surface: Surface, look: Mouth) -> tuple[Part, Bools]:
    """The lining of cheeks and throat, taken out of the skin, and which faces of the skin it takes (faces,)."""
    deep = (surface.island == anatomy.CAVITY) & (surface.ring > LINING_RING)
    whole = len(surface.faces) // 4 * 4
    taken = np.zeros(len(surface.faces), bool)
    # faces come in fours, one parent each; a parent goes whole, so that coarser drawings still fit
    taken[:whole] = np.repeat(deep[surface.faces[:whole]].all(1).reshape(-1, 4).all(1), 4)
    used, inverse = np.unique(surface.faces[taken], return_inverse=True)
    faces = triangulate(inverse.reshape(-1, 4))
    positions = surface.positions[used].copy()
    # the pouch between lips and gums is flatter than the template's, or it shows through the chin of an open mouth
    lips = surface.positions[(surface.ring < 0.6) & (surface.island == anatomy.CAVITY)]
    high, front = lips[:, 1].mean(), smoothstep(-0.045, -0.025, positions[:, 2] - lips[:, 2].max())
    over = np.abs(positions[:, 1] - high)
    positions[:, 1] -= np.sign(positions[:, 1] - high) * 0.75 * np.clip(over - POUCH_M, 0, None) * front
    back = np.clip(positions[:, 2].max() - positions[:, 2], 0, None)
    depth = np.interp(back, [0.0, 0.02, 0.05, 0.09], [1.0, 0.86, 0.42, 0.12])[:, None]
    normals = surface.normals[used]
    deltas = surface.deltas[:, used]
    part = Part(
        name="mouthLining",
        material="gumLining",
        positions=positions,
        normals=normals,
        triangles=faces,
        joints=surface.joints[used],
        deltas=deltas,
        normal_deltas=np.stack(
            [
                surface.normals_of(surface.positions + d)[used] - normals
                if np.abs(d[used]).max() > 1e-5
                else 0 * normals
                for d in surface.deltas
            ]
        ),
        colour=np.array(look.gum) * np.array([0.92, 0.80, 0.78]) * depth,
    )
    return part, taken


def _row(which: str, look: Mouth) -> Row:
    """Where each tooth of a row begins and ends, and how high its gum stands."""
    widths = np.array(WIDTH_MM[which]) * 1e-3 * SPACING
    gap = look.teeth_gap * 0.5e-3 if which == "upper" else 0.0
    heights = np.array(HEIGHT_MM[which])
    if which == "upper":
        heights = heights + look.teeth_height_mm * np.array([1.0, 0.85, 0.5, 0.2, 0.1, 0.0, 0.0])
    edge = np.array(EDGE_MM[which])
    neck = (edge + heights * 0.97) * 1e-3
    return Row(
        ends=np.r_[gap, gap + np.cumsum(widths)],
        neck=neck,
        contact=(edge + heights * np.array([0.56, 0.56, 0.58, 0.64, 0.68, 0.7, 0.7])) * 1e-3,
        depth=np.array(DEPTH_MM[which]) * 1e-3,
    )


def _unruly(crown: Floats, tooth: int, amount: float, rng: np.random.Generator) -> Floats:
    """Turns and shifts a crown a little, as in no two mouths alike; most where teeth crowd, at the lateral incisors."""
    much = amount * (1.3 if tooth == 1 else 0.6 if tooth == 0 else 1.0)
    roll, turn = rng.normal() * 0.045 * much, rng.normal() * 0.13 * much
    shift = rng.normal(size=2) * np.array([0.00022, 0.00026]) * much
    out = crown.copy()
    pivot = np.array([0.0, crown[:, 1].max(), 0.0])
    cos, sin = np.cos(roll), np.sin(roll)
    out[:, :2] = (out - pivot)[:, :2] @ np.array([[cos, sin], [-sin, cos]]) + pivot[:2]
    cos, sin = np.cos(turn), np.sin(turn)
    out[:, [0, 2]] = out[:, [0, 2]] @ np.array([[cos, sin], [-sin, cos]])
    out[:, 1:] += shift
    return out


def room_before(body: Body, lower_lip: Floats) -> float:
    """Metres between the upper incisors of the helper strip and the back of the lower lip (points (n, 3))."""
    strip = body.positions[np.unique(body.groups["helper-upper-teeth"].faces)]
    front = strip[strip[:, 2] > strip[:, 2].max() - 0.008]
    edge_y = front[:, 1].min() - UPPER_DROP_M
    level = lower_lip[np.abs(lower_lip[:, 1] - edge_y) < 0.0025]
    back = np.quantile(level[:, 2], 0.05) if len(level) else lower_lip[:, 2].min()
    return float(np.clip(back - strip[:, 2].max() - LIP_GAP_M, 0.0, 0.006))


def lean_on_lips(rows: list[Part], lips: Floats) -> None:
    """Moves rows of teeth, the upper first, forward in place until only CLEARANCE_M is left to the back of the lips.

    lips: (n, 3) the skin of the mouth at rest. In people closed lips lie on the teeth.
    """
    upper = rows[0].positions
    middle = upper[np.abs(upper[:, 0]) < 0.012]
    front = middle[middle[:, 2] > middle[:, 2].max() - 0.006]
    room = float(cKDTree(lips).query(front)[0].min())
    for row in rows:
        row.positions[:, 2] += np.clip(room - CLEARANCE_M, 0.0, 0.002)


def keep_behind(parts: list[Part], surface: Surface) -> None:
    """Holds teeth and gums back in those shapes that would push them out through the lips, all alike, in place."""
    skin = np.flatnonzero(
        (surface.island == anatomy.HEAD) & (surface.ring > 1.0) & (surface.ring < 11.5) & (surface.normals[:, 2] > 0.25)
    )
    held = np.zeros(len(ARKIT_SHAPES))
    for part in parts:
        assert part.deltas is not None
        front = np.flatnonzero(part.positions[:, 2] > part.positions[:, 2].max() - 0.014)
        moved = np.flatnonzero(np.abs(part.deltas).max((1, 2)) > 1e-5)
        for shape in moved:
            teeth = part.positions[front] + part.deltas[shape, front]
            lips = surface.positions[skin] + surface.deltas[shape, skin]
            far, near = cKDTree(lips[:, :2]).query(teeth[:, :2], k=3)
            out = np.where(np.asarray(far)[:, 2] < 0.003, teeth[:, 2] - lips[near, 2].min(1), -1.0)
            held[shape] = max(held[shape], float(np.clip(out.max() + BEHIND_M, 0.0, 0.006)))
    for part in parts:
        assert part.deltas is not None
        part.deltas[:, :, 2] -= held[:, None]


def make_tongue(body: Body, weights: Floats, head: int, rng: np.random.Generator) -> Part:
    """The base mesh's tongue, refined twice, with a furrow along its middle and papillae as fine bumps."""
    group = body.groups["helper-tongue"]
    fine = refine(group.faces, group.uv_faces, body.uv, len(body.positions), 2)
    positions = np.asarray(fine.matrix @ body.positions)
    triangles = triangulate(fine.unsplit_faces)
    normals = vertex_normals(positions, triangles)
    deltas = np.stack([np.asarray(fine.matrix @ delta) for delta in body.deltas])
    up = np.clip(normals[:, 1], 0, 1)
    depth = positions[:, 2].max() - positions[:, 2]
    furrow = np.exp(-((positions[:, 0] / 0.0022) ** 2)) * smoothstep(0.004, 0.014, depth) * up
    bumps = rng.normal(size=len(positions)) * up
    positions = positions - normals * (0.0007 * furrow + 0.00010 * bumps)[:, None]
    normals = vertex_normals(positions, triangles)
    shade = np.interp(depth, [0.0, 0.012, 0.040], [1.0, 0.86, 0.42]) * (1 - 0.28 * furrow)
    # paler, coated in the middle of the back; redder at the tip and the sides
    coat = (up**2 * smoothstep(0.004, 0.020, depth) * np.exp(-((positions[:, 0] / 0.014) ** 2)))[:, None]
    colour = np.array([1.0, 1.0, 1.0]) * (1 - coat) + np.array([1.06, 1.45, 1.42]) * coat
    colour = colour * shade[:, None] * (1 + 0.05 * bumps[:, None])
    joints = np.zeros((len(positions), weights.shape[1]))
    joints[:, head] = 1.0
    return Part(
        name="tongue",
        material="tongue",
        positions=positions,
        normals=normals,
        triangles=triangles,
        joints=joints,
        deltas=deltas,
        colour=np.clip(colour * 0.68, 0, 1),
    )


def _fit_arch(strip: Floats) -> Arch:
    """A parabola with a quartic term through the outer face of the helper strip."""
    x, z = strip[:, 0], strip[:, 2]
    basis = np.stack([np.ones_like(x), x**2, x**4], 1)
    kept = np.ones(len(x), bool)
    for _ in range(3):
        fit = np.linalg.lstsq(basis[kept], z[kept], rcond=None)[0]
        kept = z - basis @ fit > -0.001
    along = np.linspace(0, 0.034, 600)
    depth = fit[0] + fit[1] * along**2 + fit[2] * along**4 - 0.0005
    length = np.r_[0, np.cumsum(np.hypot(np.diff(along), np.diff(depth)))]
    return Arch(along, depth, length)


def _place(crown: Floats, arch: Arch, s: float, side: float) -> Floats:
    """Sets a crown on the arch at signed arc length `s`; the left and right of a pair mirror each other."""
    point, tangent, normal = (value[0] for value in arch.at(np.array([abs(s)])))
    flat = point + crown[:, :1] * tangent + crown[:, 2:] * normal
    return np.stack([side * flat[:, 0], crown[:, 1], flat[:, 1]], 1)


def _affine(body: Body, strip: Ints, shape: int, positions: Floats) -> Floats:
    """Moves points as the helper strip moves: the affine map that best explains its delta."""
    delta = body.deltas[shape, strip]
    if np.abs(delta).max() < 1e-6:
        return np.zeros_like(positions)
    system = np.c_[body.positions[strip], np.ones(len(strip))]
    fit = np.linalg.lstsq(system, delta, rcond=None)[0]
    return np.asarray(np.c_[positions, np.ones(len(positions))] @ fit)
