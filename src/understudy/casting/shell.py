"""The shell of a garment before it hangs: cut from the template's clothing helper, with the panels a tailor would sew.

Every point is kept twice: on the resting body (`positions`) and on the body with its arms held out (`cut`), where the
panels lie flat enough to be measured. Threads get their length from the second and hang on the first, which is what
makes cloth fold under the arms.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from understudy.base.channels import JOINTS
from understudy.casting.body import Body
from understudy.casting.drape import Solid
from understudy.casting.garments import Cut
from understudy.casting.mesh import Bools, Floats, Ints, face_edges, neighbour_mean, smoothstep, triangulate, unit
from understudy.casting.mesh import vertex_normals as normals_of
from understudy.casting.subdivide import refine

FRONT, BACK, LEFT_SLEEVE, RIGHT_SLEEVE = 0, 1, 2, 3
ARMS = tuple(side + bone for side in ("left", "right") for bone in ("UpperArm", "LowerArm", "Hand"))
HEM_BELOW_HIPS_M = 0.03
"""Tops end this far under the hip joint, outside any frame down to the waist."""


_BARE_ABOVE_M = -0.09
"""Under this height over the pit of the neck nothing is bare under any garment."""


@dataclass
class Landmarks:
    """Where a tailor puts the tape, metres, on the resting body."""

    notch: Floats
    """(3,) the pit of the neck, where the collar bones meet"""
    nape: Floats
    """(3,) the last bone of the neck behind"""
    hips_m: float
    up: Floats
    """(3,) out of the plane through notch and nape in which a collar lies"""
    neck_half_m: float
    """half width of the neck over the collar"""
    slope: Floats
    """(n, 2): distance from the middle, and height of the shoulders there"""

    def side_m(self, aside_m: float) -> float:
        """Height of the shoulder line at a distance from the middle."""
        return float(np.interp(aside_m, self.slope[:, 0], self.slope[:, 1]))

    def over_collar(self, points: Floats) -> Floats:
        """(n,) metres above the plane of the collar."""
        return np.asarray((points - self.notch) @ self.up)


@dataclass
class Shell:
    """A garment in quads."""

    positions: Floats
    cut: Floats
    faces: Ints
    joints: Floats
    panel: Ints
    """(faces,)"""
    sleeve: Floats
    """(vertices,) 0 trunk .. 1 arm"""
    neckline: Ints
    """vertices round the neck opening, in order, counter-clockwise seen from above"""


def find_landmarks(body: Body) -> Landmarks:
    """Measures a body for its collar."""
    ids = np.unique(body.groups["body"].faces)
    p = body.positions[ids]
    neck = body.bone_heads[body.bones.index("neck01")]
    line = p[(np.abs(p[:, 0]) < 0.006) & (p[:, 1] > neck[1] - 0.10) & (p[:, 1] < neck[1] + 0.02)]
    before = line[line[:, 2] > neck[2] + 0.03]
    # a strong throat recedes further than the pit, but over it
    pit = before[before[:, 1] < neck[1] - 0.012]
    notch = pit[np.argmin(pit[:, 2])]
    behind = line[line[:, 2] < neck[2]]
    nape = behind[np.argmin(np.abs(behind[:, 1] - notch[1] - 0.042))]
    along = unit(notch - nape)
    up = unit(np.array([0.0, along[2], -along[1]]))
    halves = []
    for neck_y in notch[1] + np.arange(0.045, 0.11, 0.01):
        around = p[(np.abs(p[:, 1] - neck_y) < 0.008) & (np.abs(p[:, 2] - neck[2]) < 0.06) & (np.abs(p[:, 0]) < 0.12)]
        halves.append(float(np.abs(around[:, 0]).max()))
    slope = []
    for aside in np.arange(0.05, 0.16, 0.01):
        ridge = p[(np.abs(np.abs(p[:, 0]) - aside) < 0.008) & (p[:, 1] < neck[1] + 0.06)]
        slope.append((aside, ridge[:, 1].max() if len(ridge) else notch[1]))
    return Landmarks(
        neck_half_m=min(halves),
        slope=np.array(slope),
        notch=np.array([0.0, *notch[1:]]),
        nape=np.array([0.0, *nape[1:]]),
        hips_m=float(body.bone_heads[body.bones.index("root"), 1]),
        up=up,
    )


def _notch_y(body: Body) -> float:
    return float(find_landmarks(body).notch[1])


def solid_of(body: Body, joints: Floats) -> tuple[Solid, Floats]:
    """The skin under the clothes, one step finer than the template, and its (points, joints) weights."""
    group = body.groups["body"]
    hips = body.bone_heads[body.bones.index("root"), 1]
    hands = joints[:, [JOINTS.index(n) for n in ("leftHand", "rightHand")]].sum(1)[group.faces].mean(1) > 0.5
    chosen = (body.positions[group.faces].mean(1)[:, 1] > hips - 0.2) & ~hands
    fine = refine(group.faces[chosen], group.uv_faces[chosen], body.uv, len(body.positions), 1)
    points = np.asarray(fine.matrix @ body.positions)
    weights = np.asarray(fine.matrix @ joints)
    # under clothes a body is rounder than bare: what is worn beneath bridges its points and hollows
    mean = neighbour_mean(face_edges(fine.unsplit_faces), len(points))
    covered = smoothstep(_BARE_ABOVE_M, _BARE_ABOVE_M - 0.05, points[:, 1] - _notch_y(body))[:, None]
    for _ in range(10):
        points += 0.6 * covered * (mean @ points - points)
    arms = weights[:, [JOINTS.index(name) for name in ARMS]].sum(1) > 0.5
    return Solid(points, normals_of(points, triangulate(fine.unsplit_faces)), arms), weights


def cut_shell(body: Body, joints: Floats, marks: Landmarks, cut: Cut, *, levels: int = 2) -> Shell:
    """The shell of a garment, as wide as its ease, with clean edges at neck, wrists, hem and seams."""
    group = body.groups["helper-tights"]
    centre = body.positions[group.faces].mean(1)
    arm = joints[:, [JOINTS.index(name) for name in ARMS]].sum(1)[group.faces].mean(1) > 0.5
    chosen = (centre[:, 1] > marks.hips_m - 0.14) | arm
    fine = refine(group.faces[chosen], group.uv_faces[chosen], body.uv, len(body.positions), levels)
    spread = body.positions if body.spread is None else body.spread
    faces = fine.unsplit_faces
    state = [np.asarray(fine.matrix @ a) for a in (body.positions, spread, joints)]
    state, faces = _trim(state, faces, -cut.opening(state[0], marks))
    state, faces = _trim(state, faces, _below_cuff(body, state[0], state[2], cut))
    state, faces = _trim(state, faces, _over_hem(state, marks))
    panel_of = np.full(len(faces), FRONT)
    for sign, number in ((1.0, LEFT_SLEEVE), (-1.0, RIGHT_SLEEVE)):
        state, inside = _seam(state, faces, _armhole(body, spread, state, sign, cut))
        panel_of[inside] = number
    state, before = _seam(state, faces, _before_side(body, state[1]))
    panel_of[(panel_of == FRONT) & ~before] = BACK
    positions, held_out, weights = state
    sleeve = weights[:, [JOINTS.index(name) for name in ARMS]].sum(1)
    mean = neighbour_mean(face_edges(faces), len(positions))
    for _ in range(16):
        weights = 0.5 * weights + 0.5 * (mean @ weights)
    triangles = triangulate(faces)
    positions = _widened(positions, triangles, mean, cut.ease_mm * 1e-3)
    held_out = _widened(held_out, triangles, mean, cut.ease_mm * 1e-3)
    rim = neck_loop(faces, positions, marks)
    positions, held_out = (_even_rim(p, faces, rim, mean, cut.vee_mm > 0) for p in (positions, held_out))
    return Shell(positions, held_out, faces, weights, panel_of, sleeve, rim)


def _even_rim(p: Floats, faces: Ints, rim: Ints, mean: sp.csr_matrix, vee: bool) -> Floats:
    """Takes the steps of the mesh out of the neckline without drawing it in (Taubin, 1995); a V keeps its point."""
    loop = p[rim]
    free = np.ones(len(rim), bool)
    if vee:
        low = np.argmin(loop[:, 1] - loop[:, 2])
        free[low] = False
    for _ in range(40):
        for weight in (0.5, -0.515):
            step = (np.roll(loop, 1, 0) + np.roll(loop, -1, 0)) / 2 - loop
            loop[free] += weight * step[free]
    even = p.copy()
    even[rim] = loop
    near = np.zeros(len(p), bool)
    near[rim] = True
    for _ in range(5):
        near[faces[near[faces].any(1)]] = True
    near[np.unique(border_of(faces))] = False
    for _ in range(20):
        even[near] = 0.5 * even[near] + 0.5 * np.asarray(mean @ even)[near]
    return even


def border_of(faces: Ints) -> Ints:
    """(n, 2) directed edges that only one face has."""
    a, b = faces.ravel(), np.roll(faces, -1, 1).ravel()
    key = np.minimum(a, b) * np.int64(10**7) + np.maximum(a, b)
    _, inverse, uses = np.unique(key, return_inverse=True, return_counts=True)
    lone = (uses == 1)[inverse]
    return np.stack([a[lone], b[lone]], 1)


def loops_of(faces: Ints) -> list[Ints]:
    """The closed borders of a mesh, vertices in order, longest first."""
    following = {int(a): int(b) for a, b in border_of(faces)}
    unseen = set(following)
    found = []
    while unseen:
        at = min(unseen)
        loop = []
        while at in unseen:
            unseen.remove(at)
            loop.append(at)
            at = following[at]
        found.append(np.array(loop))
    return sorted(found, key=len, reverse=True)


def neck_loop(faces: Ints, positions: Floats, marks: Landmarks) -> Ints:
    """The border round the neck, starting in the middle behind, going over the actor's left shoulder to the front."""
    loops = [loop for loop in loops_of(faces) if len(loop) > 12]
    loop = min(loops, key=lambda ids: float(np.linalg.norm(positions[ids].mean(0) - marks.notch)))
    p = positions[loop]
    start = int(np.argmin(p[:, 2] + 4 * np.abs(p[:, 0])))
    loop = np.roll(loop, -start)
    ahead = positions[loop[1 : len(loop) // 3], 0].mean()
    return loop if ahead > 0 else np.roll(loop[::-1], 1)


def _trim(state: list[Floats], faces: Ints, keep: Floats) -> tuple[list[Floats], Ints]:
    """Drops faces where `keep` (vertices,) is negative and moves the edge left behind onto its zero."""
    kept = keep[faces].mean(1) > 0
    for _ in range(6):
        # a face that hangs by two edges or fewer makes a tooth in the cut
        a, b = faces[kept].ravel(), np.roll(faces[kept], -1, 1).ravel()
        key = np.minimum(a, b) * np.int64(10**7) + np.maximum(a, b)
        _, inverse, uses = np.unique(key, return_inverse=True, return_counts=True)
        loose = ((uses == 1)[inverse].reshape(-1, 4).sum(1) >= 2) & (keep[faces[kept]].min(1) < 0.004)
        if not loose.any():
            break
        kept[np.flatnonzero(kept)[loose]] = False
    rim = np.zeros(len(keep), bool)
    rim[np.unique(border_of(faces[kept]))] = True
    was = np.zeros(len(keep), bool)
    was[np.unique(border_of(faces))] = True
    fresh = rim & ~was
    line = border_of(faces[kept])
    state = _onto_zero(state, faces[kept], keep, fresh, line[fresh[line].all(1)])
    used, inverse = np.unique(faces[kept], return_inverse=True)
    return [a[used] for a in state], inverse.reshape(-1, 4)


def _seam(state: list[Floats], faces: Ints, value: Floats) -> tuple[list[Floats], Bools]:
    """Moves the vertices between faces of positive and negative value onto the zero; which faces are positive."""
    mean = neighbour_mean(face_edges(faces), len(value))
    for _ in range(6):
        value = 0.5 * value + 0.5 * (mean @ value)
    inside = value[faces].mean(1) > 0
    shared = np.zeros((2, len(value)), bool)
    shared[0, faces[inside]] = True
    shared[1, faces[~inside]] = True
    on_seam = np.asarray(shared.all(0))
    edges = border_of(faces[inside])
    return _onto_zero(state, faces, value, on_seam, edges[on_seam[edges].all(1)]), inside


def _onto_zero(state: list[Floats], faces: Ints, value: Floats, chosen: Bools, line: Ints) -> list[Floats]:
    """Slides chosen vertices within the surface to where `value` is zero, and evens them out along the line.

    line: (n, 2) edges of the line the chosen vertices make.
    """
    edges = face_edges(faces)
    pairs = np.concatenate([edges, faces[:, [0, 2]], faces[:, [1, 3]]])
    pairs = np.concatenate([pairs, pairs[:, ::-1]])
    pairs = pairs[chosen[pairs[:, 0]]]
    rise = value[pairs[:, 1]] - value[pairs[:, 0]]
    count = len(value)
    square = np.bincount(pairs[:, 0], rise**2, count)
    # along the sum of its edges, each as far as the value rises on it; linear, so the same in both poses
    share = (-value / np.maximum(square, 1e-9))[pairs[:, 0]] * rise
    share *= np.minimum(1.0, 0.9 / np.maximum(np.bincount(pairs[:, 0], np.abs(share), count), 1e-9))[pairs[:, 0]]
    step = sp.csr_matrix((share, (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    move = step - sp.diags(np.asarray(step.sum(1)).ravel())
    along, ring = neighbour_mean(np.sort(line, 1), count), neighbour_mean(edges, count)
    near = chosen.copy()
    for _ in range(3):
        near[faces[near[faces].any(1)]] = True
    near &= ~chosen
    near[np.unique(border_of(faces))] = False
    result = []
    for array in state:
        fresh = array + move @ array
        for _ in range(14):
            mean = along @ fresh
            fresh[chosen] = 0.5 * fresh[chosen] + 0.5 * mean[chosen]
        for _ in range(3):
            mean = ring @ fresh
            fresh[near] = 0.5 * fresh[near] + 0.5 * mean[near]
        result.append(np.asarray(fresh))
    return result


def _below_cuff(body: Body, p: Floats, weights: Floats, cut: Cut) -> Floats:
    """(n,) positive on the body's side of the end of the sleeve."""
    arms = weights[:, [JOINTS.index(name) for name in ARMS]].sum(1)
    keep = np.full(len(p), 0.03)
    for side, sign in (("L", 1.0), ("R", -1.0)):
        shoulder, elbow, wrist = (
            body.bone_heads[body.bones.index(f"{n}.{side}")] for n in ("upperarm01", "lowerarm01", "wrist")
        )
        along, end = (elbow - shoulder, elbow) if cut.short_sleeve else (wrist - elbow, wrist)
        length = np.linalg.norm(along)
        past = (p - end) @ (along / length)
        reach = -0.28 * length if cut.short_sleeve else 0.012
        mine = (arms > 0.6) & (np.sign(p[:, 0]) == sign)
        if not cut.short_sleeve:
            mine &= np.linalg.norm(p - wrist, axis=1) < 0.22
        keep[mine] = (reach - past)[mine]
    return keep


def _over_hem(state: list[Floats], marks: Landmarks) -> Floats:
    arms = state[2][:, [JOINTS.index(name) for name in ARMS]].sum(1)
    return np.asarray(np.where(arms > 0.4, 0.1, state[0][:, 1] - marks.hips_m + HEM_BELOW_HIPS_M))


def _armhole(body: Body, spread: Floats, state: list[Floats], sign: float, cut: Cut) -> Floats:
    """(n,) positive on the sleeve, from a plane near the point of the shoulder, arms held out."""
    shoulder, along = arm_axis(body, spread, sign)
    normal = unit(0.45 * along + np.array([sign, 0.0, 0.0]))
    p = state[1]
    outward = (p - shoulder) @ normal - cut.armhole_mm * 1e-3
    # the plane runs on into the side of the trunk, which no arm moves
    arm = (state[2][:, [JOINTS.index(name) for name in ARMS]].sum(1) - 0.15) * 0.1
    return np.asarray(np.where(sign * p[:, 0] > 0.05, np.minimum(outward, arm), -0.03))


def arm_axis(body: Body, spread: Floats, sign: float) -> tuple[Floats, Floats]:
    """Shoulder (3,) and direction (3,) of an arm held out, measured on the skin about it."""
    side = "L" if sign > 0 else "R"
    upper = body.weights[:, body.bones.index(f"upperarm01.{side}")] > 0.5
    lower = body.weights[:, body.bones.index(f"lowerarm01.{side}")] > 0.5
    ids = np.zeros(len(body.positions), bool)
    ids[np.unique(body.groups["body"].faces)] = True
    top, low = spread[upper & ids].mean(0), spread[lower & ids].mean(0)
    along = unit(low - top)
    length = (spread[upper & ids] - top) @ along
    return np.asarray(top + along * np.percentile(length, 8)), np.asarray(along)


def _before_side(body: Body, p: Floats) -> Floats:
    """(n,) positive in front of the seams at the sides and along the shoulders."""
    trunk = np.abs(p[:, 0]) < 0.6 * np.abs(p[:, 0]).max()
    low, high = p[:, 1].min(), float(body.bone_heads[body.bones.index("upperarm01.L"), 1])
    heights = np.linspace(low, high - 0.10, 9)
    width = (heights[1] - heights[0]) / 2
    middle = []
    for y in heights:
        z = p[trunk & (np.abs(p[:, 1] - y) < width), 2]
        middle.append((z.min() + z.max()) / 2 if len(z) else 0.0)
    top = float(body.bone_heads[body.bones.index("neck01"), 2]) - 0.004
    return np.asarray(p[:, 2] - np.interp(p[:, 1], [*heights, high, high + 0.1], [*middle, top, top]))


def _widened(p: Floats, triangles: Ints, mean: object, ease_m: float) -> Floats:
    """Smoothed over hollows and moved outwards."""
    smooth = p.copy()
    for _ in range(10):
        smooth = 0.5 * smooth + 0.5 * np.asarray(mean @ smooth)  # type: ignore[operator]
    return np.asarray(p + normals_of(smooth, triangles) * ease_m)


def spread_of(values: Floats, rim: Ints, faces: Ints, rows: int) -> Floats:
    """(n,) 1 at the rim, falling to 0 over so many rows of vertices."""
    edges = face_edges(faces)
    distance = np.full(len(values), rows)
    distance[rim] = 0
    for step in range(1, rows):
        near = edges[(distance[edges] == step - 1).any(1)]
        fresh = near[distance[near] > step]
        distance[fresh] = step
    return np.asarray(smoothstep(float(rows), 0.0, distance.astype(float)))
