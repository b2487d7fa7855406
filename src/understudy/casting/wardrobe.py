"""The top: a knitted shell cut from the base mesh's clothing helper, with a collar, in one piece."""

import numpy as np
import scipy.sparse as sp

from understudy.casting.body import Body
from understudy.casting.mesh import (
    Bools,
    Floats,
    Ints,
    Part,
    face_edges,
    neighbour_mean,
    smoothstep,
    triangulate,
    vertex_normals,
)
from understudy.casting.recipe import Wardrobe
from understudy.casting.subdivide import refine

RIBS_PER_TILE = 8
"""Ribs in one tile of the knit texture."""

HEM_BELOW_HIPS_M = 0.03
"""The top ends this far under the hip joint, outside any frame down to the waist."""

NECKLINES = {
    # height of the front and of the side of the neckline over the collar bones, collar profile (out, up) in mm
    "crew": (0.008, 0.020, ((1.2, 1.5), (1.4, 6.0), (0.9, 11.0), (-0.6, 12.5), (-2.0, 11.0), (-2.4, 4.0), (-2.6, -6.0))),
    "boat": (-0.020, 0.018, ((0.8, 0.8), (0.6, 2.2), (-0.6, 2.6), (-1.8, 1.6), (-2.2, -3.0), (-2.6, -10.0))),
    "polo": (0.030, 0.034, ((1.6, 4.0), (2.2, 14.0), (2.4, 26.0), (1.2, 31.0), (-1.0, 30.0), (-2.0, 18.0), (-2.4, 2.0))),
}


def neckline_y(body: Body, look: Wardrobe) -> float:
    """Lowest height of skin the neckline may show, metres."""
    front, side, _ = NECKLINES[look.neckline]
    return _collar_bone(body) + min(front, side)


def make_top(body: Body, joints: Floats, look: Wardrobe) -> Part:
    """The mesh `clothes`; uv is in metres of fabric, across and along the ribs."""
    group = body.groups["helper-tights"]
    fine = refine(group.faces, group.uv_faces, body.uv, len(body.positions), 1)
    positions = np.asarray(fine.matrix @ body.positions)
    weights = np.asarray(fine.matrix @ joints)
    faces = fine.unsplit_faces
    kept = _cut(body, positions, faces, look)
    used, inverse = np.unique(faces[kept], return_inverse=True)
    faces = inverse.reshape(-1, 4)
    positions, weights = positions[used], weights[used]
    edges = face_edges(faces)
    mean = neighbour_mean(edges, len(positions))
    border = _border(faces)
    rim = np.unique(border)
    inner = np.ones(len(positions), bool)
    inner[rim] = False
    # cloth bridges hollows instead of clinging to them, and carries no sharp change of weight
    for _ in range(8):
        positions[inner] = (0.5 * positions + 0.5 * (mean @ positions))[inner]
    for _ in range(12):
        weights = 0.5 * weights + 0.5 * (mean @ weights)
    positions = positions + vertex_normals(positions, triangulate(faces)) * look.looseness_mm * 1e-3
    collar = border[positions[border].mean(1)[:, 1] > _collar_bone(body) - 0.06]
    collar = collar[np.abs(positions[collar].mean(1)[:, 0]) < 0.16]
    positions = _fit_neckline(positions, edges, np.unique(collar), mean)
    uv = _knit_uv(positions, look)
    positions, faces, weights, uv = _roll_collar(positions, faces, weights, uv, collar, look)
    triangles = triangulate(faces)
    return Part(
        name="clothes",
        material="cloth",
        positions=positions,
        normals=vertex_normals(positions, triangles),
        triangles=triangles,
        uv=uv,
        joints=weights,
    )


def _collar_bone(body: Body) -> float:
    return float(body.bone_heads[body.bones.index("neck01"), 1]) - 0.035


def _neck_axis(body: Body) -> Floats:
    return np.asarray(body.bone_heads[body.bones.index("neck01")])


def _plane(body: Body, points: Floats, look: Wardrobe) -> Floats:
    """Height of the neckline at each point: low in front, higher beside the neck and behind it."""
    front, side, _ = NECKLINES[look.neckline]
    behind = np.clip((_neck_axis(body)[2] + 0.06 - points[:, 2]) / 0.14, 0, 1)
    beside = np.clip((np.abs(points[:, 0]) - 0.02) / 0.05, 0, 1)
    return _collar_bone(body) + front + (side - front) * beside + 0.052 * behind**1.2


def _cut(body: Body, positions: Floats, faces: Ints, look: Wardrobe) -> Bools:
    centre = positions[faces].mean(1)
    hips = body.bone_heads[body.bones.index("root"), 1]
    above_hem = (centre[:, 1] > hips - HEM_BELOW_HIPS_M) | (np.abs(centre[:, 0]) > 0.185)
    wrist = np.zeros(len(faces), bool)
    for side in "LR":
        joint = body.bone_heads[body.bones.index(f"wrist.{side}")]
        elbow = body.bone_heads[body.bones.index(f"lowerarm01.{side}")]
        along = (joint - elbow) / np.linalg.norm(joint - elbow)
        near = np.linalg.norm(centre - joint, axis=1) < 0.20
        wrist |= near & ((centre - joint) @ along > 0.004) & (np.sign(centre[:, 0]) == np.sign(joint[0]))
    axis = _neck_axis(body)
    beside = np.hypot(centre[:, 0], centre[:, 2] - axis[2] - 0.01)
    neck = (centre[:, 1] < _plane(body, centre, look)) | (beside > (0.16 if look.neckline == "boat" else 0.105))
    return np.asarray(above_hem & neck & ~wrist)


def _border(faces: Ints) -> Ints:
    pairs = np.stack([faces, np.roll(faces, -1, 1)], -1).reshape(-1, 2)
    _, inverse, uses = np.unique(np.sort(pairs, 1), axis=0, return_inverse=True, return_counts=True)
    return np.asarray(pairs[(uses == 1)[inverse.reshape(-1)]])


def _fit_neckline(
    positions: Floats, edges: Ints, rim: Ints, mean: sp.csr_matrix
) -> Floats:
    """Moves the ragged cut onto a smooth closed curve, and the rows under it after it."""
    middle_z = positions[rim, 2].mean()
    angle = np.arctan2(positions[rim, 0], positions[rim, 2] - middle_z)
    radius = np.hypot(positions[rim, 0], positions[rim, 2] - middle_z)

    def waves(at: Floats) -> Floats:
        return np.stack([np.cos(k * at) for k in range(5)], 1)

    fit = np.linalg.lstsq(waves(angle), np.stack([radius, positions[rim, 1]], 1), rcond=None)[0]
    even = np.empty_like(angle)
    even[np.argsort(angle)] = np.linspace(-np.pi, np.pi, len(rim), endpoint=False) + np.pi / len(rim)
    angle = 0.3 * angle + 0.7 * even
    smooth, height = (waves(angle) @ fit).T
    target = np.stack([smooth * np.sin(angle), height, middle_z + smooth * np.cos(angle)], 1)
    distance = np.full(len(positions), 99)
    distance[rim] = 0
    for step in range(1, 11):
        touched = edges[(distance[edges] == step - 1).any(1)]
        fresh = touched[distance[touched] > step]
        distance[fresh] = step
    shift = np.zeros_like(positions)
    for _ in range(300):
        shift = mean @ shift
        shift[rim] = target - positions[rim]
        shift[distance >= 10] = 0.0
    positions = positions + shift
    near = (distance > 0) & (distance < 9)
    for _ in range(30):
        positions[near] = (0.5 * positions + 0.5 * (mean @ positions))[near]
    return positions


def _roll_collar(
    positions: Floats, faces: Ints, weights: Floats, uv: Floats, collar: Ints, look: Wardrobe
) -> tuple[Floats, Ints, Floats, Floats]:
    """Adds a rolled band along the neckline: a profile swept round the rim."""
    rim = np.unique(collar)
    normals = vertex_normals(positions, triangulate(faces))[rim]
    normals[:, 1] = 0.0
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-6)
    rows, quads, uvs = [positions], [faces], [uv]
    before = {int(v): int(v) for v in rim}
    start = len(positions)
    travelled = 0.0
    last = np.zeros(2)
    for out, up in NECKLINES[look.neckline][2]:
        step = np.array([out, up]) * 1e-3
        travelled += float(np.linalg.norm(step - last))
        last = step
        rows.append(positions[rim] + normals * step[0] + np.array([0.0, step[1], 0.0]))
        uvs.append(uv[rim] + np.array([0.0, travelled / (look.rib_mm * 1e-3 * RIBS_PER_TILE)]))
        after = {int(v): start + i for i, v in enumerate(rim)}
        quads.append(np.array([[before[int(a)], before[int(b)], after[int(b)], after[int(a)]] for b, a in collar]))
        before, start = after, start + len(rim)
    count = len(NECKLINES[look.neckline][2])
    return (
        np.concatenate(rows),
        np.concatenate(quads),
        np.concatenate([weights, *([weights[rim]] * count)]),
        np.concatenate(uvs),
    )


def _knit_uv(positions: Floats, look: Wardrobe) -> Floats:
    """Round the trunk (or arm) and up, in tiles of RIBS_PER_TILE ribs, so that ribs run along the body."""
    x, y, z = positions.T
    trunk = 0.16
    around = np.arctan2(x, z) * trunk
    sleeve = smoothstep(0.155, 0.19, np.abs(x)) * smoothstep(1.42, 1.34, y)
    arm_x = np.abs(x) - 0.20
    around_arm = np.sign(x) * (0.25 + np.arctan2(arm_x, z) * 0.05)
    tile_m = look.rib_mm * 1e-3 * RIBS_PER_TILE
    return np.stack([np.where(sleeve > 0.5, around_arm, around), y], 1) / tile_m
