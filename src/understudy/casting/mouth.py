"""Teeth and tongue. Teeth are separate rounded crowns on an arch fitted to the base mesh's helper strips."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from understudy.base.channels import ARKIT_SHAPES
from understudy.casting.body import Body
from understudy.casting.mesh import Floats, Ints, Part, smoothstep, triangulate, vertex_normals
from understudy.casting.subdivide import refine

WIDTH_MM = {"upper": (8.5, 6.6, 7.6, 7.0, 6.7, 9.6, 9.2), "lower": (5.3, 5.9, 6.8, 7.0, 7.1, 10.6, 10.2)}
HEIGHT_MM = {"upper": (10.2, 8.9, 9.9, 8.5, 7.9, 7.5, 7.2), "lower": (8.9, 9.2, 10.2, 8.7, 8.2, 7.8, 7.2)}
DEPTH_MM = {"upper": (6.6, 6.0, 7.6, 9.0, 9.0, 10.5, 10.5), "lower": (5.6, 6.0, 7.3, 7.6, 8.2, 10.0, 10.0)}
EDGE_MM = {"upper": (0.0, 0.7, 0.1, 0.6, 0.8, 1.0, 1.2), "lower": (0.0, 0.0, -0.4, 0.2, 0.5, 0.8, 1.2)}
"""Crown sizes from the middle line outwards (Ash, "Wheeler's Dental Anatomy", table of means) and how far each
edge stays behind the plane of the bite."""
SPACING = 0.955
LIP_GAP_M = 0.0006
"""Between the back of the closed lower lip and the incisors."""
CLEARANCE_M = 0.0005
"""Between the upper teeth and the nearest skin of the closed lips."""
UPPER_DROP_M = 0.0030
"""The helper strip ends higher than the incisors that show in speech."""
ENAMEL, DENTINE, GUM = (0.79, 0.74, 0.645), (0.70, 0.62, 0.49), (0.38, 0.14, 0.13)


@dataclass
class Arch:
    """The centre line of a row of crowns, in the horizontal plane."""

    x: Floats
    z: Floats
    length: Floats
    """arc length from the middle, metres"""

    def at(self, s: Floats) -> tuple[Floats, Floats, Floats]:
        """Points (n, 2) as (x, z), unit tangents and outward unit normals at signed arc lengths."""
        side = np.where(s < 0, -1.0, 1.0)
        a = np.minimum(np.abs(s), self.length[-1] - 3e-4)
        point = np.stack([side * np.interp(a, self.length, self.x), np.interp(a, self.length, self.z)], -1)
        ahead = np.stack([np.interp(a + 2e-4, self.length, self.x), np.interp(a + 2e-4, self.length, self.z)], -1)
        behind = np.stack([np.interp(a - 2e-4, self.length, self.x), np.interp(a - 2e-4, self.length, self.z)], -1)
        tangent = ahead - behind
        tangent /= np.linalg.norm(tangent, axis=-1, keepdims=True)
        normal = np.stack([-tangent[:, 1] * side, tangent[:, 0]], -1)
        tangent[:, 0] *= side
        return point, tangent * side[:, None], normal


def make_teeth(
    body: Body, which: str, weights: Floats, head: int, forward_m: float, rng: np.random.Generator
) -> tuple[Part, Ints]:
    """One row of teeth with its gum, and the vertex ids of its four incisors' edges.

    forward_m: how far the arch stands before the helper strip, so that the lower lip can reach the upper edge.
    """
    strip = np.unique(body.groups[f"helper-{which}-teeth"].faces)
    arch = _fit_arch(body.positions[strip] + np.array([0.0, 0.0, forward_m]))
    front = body.positions[strip]
    front = front[front[:, 2] > front[:, 2].max() - 0.008]
    edge_y = (front[:, 1].min() - UPPER_DROP_M) if which == "upper" else front[:, 1].max()
    positions, triangles, colours, edges = [], [], [], []
    start = 0
    s = 0.0
    for tooth in range(7):
        half = WIDTH_MM[which][tooth] * 0.5e-3
        s += half * SPACING
        for side in (1.0, -1.0):
            crown, faces, tone, tip = _crown(which, tooth, rng)
            placed = _place(crown, arch, side * s, side)
            placed[:, 1] += edge_y
            positions.append(placed)
            triangles.append((faces if side > 0 else faces[:, ::-1]) + start)
            colours.append(tone)
            if tooth < 2:
                edges.append(tip + start)
            start += len(placed)
        s += half * SPACING
    gum, gum_faces = _gum(which, arch, s, edge_y)
    positions.append(gum)
    triangles.append(gum_faces + start)
    colours.append(np.tile(GUM, (len(gum), 1)))
    all_positions = np.concatenate(positions)
    all_triangles = np.concatenate(triangles)
    colour = np.concatenate(colours)
    depth = all_positions[:, 2].max() - all_positions[:, 2]
    colour *= np.interp(depth, [0.0, 0.008, 0.028], [1.0, 0.82, 0.22])[:, None]
    deltas = np.stack([_affine(body, strip, shape, all_positions) for shape in range(len(ARKIT_SHAPES))])
    joints = np.zeros((len(all_positions), weights.shape[1]))
    joints[:, head] = 1.0
    part = Part(
        name="teethUpper" if which == "upper" else "teethLower",
        material="teeth",
        positions=all_positions,
        normals=vertex_normals(all_positions, all_triangles),
        triangles=all_triangles,
        joints=joints,
        deltas=deltas,
        colour=colour,
    )
    return part, np.concatenate(edges)


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


def make_tongue(body: Body, weights: Floats, head: int) -> Part:
    """The base mesh's tongue, refined."""
    group = body.groups["helper-tongue"]
    fine = refine(group.faces, group.uv_faces, body.uv, len(body.positions), 1)
    positions = np.asarray(fine.matrix @ body.positions)
    triangles = triangulate(fine.unsplit_faces)
    normals = vertex_normals(positions, triangles)
    deltas = np.stack([np.asarray(fine.matrix @ delta) for delta in body.deltas])
    depth = positions[:, 2].max() - positions[:, 2]
    shade = np.interp(depth, [0.0, 0.010, 0.034], [1.0, 0.6, 0.16])[:, None]
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
        colour=np.ones((len(positions), 3)) * shade,
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


def _crown(which: str, tooth: int, rng: np.random.Generator) -> tuple[Floats, Ints, Floats, Ints]:
    """One crown: across (x), up (y, edge at 0), outward (z); its triangles, colours and edge vertices."""
    width, height, depth = (table[which][tooth] * 1e-3 for table in (WIDTH_MM, HEIGHT_MM, DEPTH_MM))
    rows, columns = 15, 20
    polar = np.linspace(-np.pi / 2, np.pi / 2, rows)[:, None]
    around = np.linspace(0, 2 * np.pi, columns, endpoint=False)[None]

    def power(value: Floats, exponent: float) -> Floats:
        return np.sign(value) * np.abs(value) ** exponent

    y = power(np.sin(polar), 0.42) * np.ones_like(around)
    x = power(np.cos(polar), 0.42) * power(np.cos(around), 0.62)
    z = power(np.cos(polar), 0.42) * power(np.sin(around), 0.72)
    t = (1 + y) / 2
    """0 at the edge, 1 in the gum"""
    waist = 0.985 - 0.20 * smoothstep(0.25, 1.0, t) - 0.05 * smoothstep(0.18, 0.0, t)
    incisor, canine = tooth < 2, tooth == 2
    wedge = 0.36 + 0.64 * t**0.8 if incisor else 0.45 + 0.55 * t if canine else 0.86 + 0.14 * t
    rounding = (0.06 + (0.05 if tooth == 1 else 0.0)) * np.abs(x) ** 3 * (1 - t) ** 2
    if canine:
        rounding = 0.20 * np.abs(x) ** 1.5 * (1 - t) ** 2
    bulge = 0.07 * (1 - x**2) * np.sin(np.pi * np.clip(t, 0, 1)) * (z > 0)
    crown = np.stack([x * waist * width / 2, (t + rounding) * height, (z * wedge + bulge) * depth / 2], -1)
    crown = crown.reshape(-1, 3)
    crown[:, 2] += (1 - t.ravel()) * (0.30 if incisor else 0.22 if canine else 0.0) * depth - 0.5 * depth
    roll, tilt = rng.normal() * 0.018, rng.normal() * 0.02 + (0.10 if tooth < 3 else 0.03)
    crown[:, :2] = crown[:, :2] @ np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])
    crown[:, 2] += (crown[:, 1] - height) * -np.tan(tilt) * (0.35 if which == "upper" else 0.1)
    crown[:, 1] += EDGE_MM[which][tooth] * 1e-3 + rng.normal() * 0.0001
    index = np.arange(rows * columns).reshape(rows, columns)
    quads = np.stack([index[:-1], index[1:], np.roll(index, -1, 1)[1:], np.roll(index, -1, 1)[:-1]], -1).reshape(-1, 4)
    tone = np.clip(t.ravel(), 0, 1)[:, None]
    colour = np.array(ENAMEL) * (1 - tone) + np.array(DENTINE) * tone
    colour *= 1 + 0.02 * rng.normal() - (0.06 if canine else 0.0)
    # the cut edge is translucent, and the sides lie in each other's shade
    colour *= 1 - 0.14 * smoothstep(0.16, 0.0, tone)
    colour *= (1 - 0.42 * smoothstep(0.72, 1.0, np.abs(x)).ravel())[:, None]
    triangles = triangulate(quads)
    if which == "lower":
        crown[:, 1] *= -1
    else:
        triangles = triangles[:, ::-1]
    volume = np.einsum("ij,ij->i", crown[triangles[:, 0]], np.cross(crown[triangles[:, 1]], crown[triangles[:, 2]]))
    if volume.sum() < 0:
        triangles = triangles[:, ::-1]
    return crown, triangles, colour, np.flatnonzero(t.ravel() < 0.06)


def _place(crown: Floats, arch: Arch, s: float, side: float) -> Floats:
    """Sets a crown on the arch at signed arc length `s`; the left and right of a pair mirror each other."""
    point, tangent, normal = (value[0] for value in arch.at(np.array([abs(s)])))
    flat = point + crown[:, :1] * tangent + crown[:, 2:] * normal
    return np.stack([side * flat[:, 0], crown[:, 1], flat[:, 1]], 1)


def _gum(which: str, arch: Arch, reach: float, edge_y: float) -> tuple[Floats, Ints]:
    sign = 1.0 if which == "upper" else -1.0
    s = np.linspace(-reach, reach, 121)
    point, _, normal = arch.at(s)
    ends = np.r_[0.0, np.cumsum(np.array(WIDTH_MM[which]) * 1e-3 * SPACING)]
    middle = (ends[1:] + ends[:-1]) / 2
    height = np.interp(np.abs(s), middle, np.array(HEIGHT_MM[which]) * 1e-3)
    gap = np.min(np.abs(np.abs(s)[:, None] - ends[None]), axis=1)
    papilla = 0.0019 * np.exp(-((gap / 0.0015) ** 2))
    around = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    out, up = np.cos(around) * 0.0043, np.sin(around) * 0.0050
    centre = point - normal * 0.0040
    flat = centre[:, None] + normal[:, None] * out[None, :, None]
    y = (height + 0.0030)[:, None] + up - np.where(up < 0, papilla[:, None] * (-up / 0.005), 0.0)
    positions = np.stack([flat[..., 0], edge_y + sign * y, flat[..., 1]], -1)
    rows, columns = positions.shape[:2]
    index = np.arange(rows * columns).reshape(rows, columns)
    following = np.roll(index, -1, 1)
    triangles = triangulate(np.stack([index[:-1], index[1:], following[1:], following[:-1]], -1).reshape(-1, 4))
    flat_positions = positions.reshape(-1, 3)
    outward = flat_positions - np.repeat(positions.mean(1), columns, 0)
    if (vertex_normals(flat_positions, triangles) * outward).sum() < 0:
        triangles = triangles[:, ::-1]
    return flat_positions, triangles


def _affine(body: Body, strip: Ints, shape: int, positions: Floats) -> Floats:
    """Moves points as the helper strip moves: the affine map that best explains its delta."""
    delta = body.deltas[shape, strip]
    if np.abs(delta).max() < 1e-6:
        return np.zeros_like(positions)
    system = np.c_[body.positions[strip], np.ones(len(strip))]
    fit = np.linalg.lstsq(system, delta, rcond=None)[0]
    return np.asarray(np.c_[positions, np.ones(len(positions))] @ fit)
