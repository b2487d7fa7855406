"""The top: a knitted shell cut from the base mesh's clothing helper, with a collar, in one piece."""

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from understudy.base.channels import JOINTS
from understudy.casting.body import Body
from understudy.casting.mesh import (
    Bools,
    Floats,
    Ints,
    Part,
    face_edges,
    neighbour_mean,
    triangulate,
    unit,
    vertex_normals,
)
from understudy.casting.recipe import Wardrobe
from understudy.casting.subdivide import refine

RIBS_PER_TILE = 8
"""Ribs in one tile of the knit texture."""

HEM_BELOW_HIPS_M = 0.03
"""The top ends this far under the hip joint, outside any frame down to the waist."""

NECKLINE_RADIUS_M = {"crew": 0.105, "boat": 0.150}
"""Beyond this distance from the axis of the neck everything is covered."""
NECKLINE_DRAW = 0.95
"""Knitted bands pull the neckline in by this factor."""
NECKLINES = {
    # height of the front and of the side of the neckline over the collar bones, collar profile (out, up) in mm
    "crew": (
        0.008,
        0.020,
        ((0.8, 1.5), (0.2, 6.0), (-1.4, 10.5), (-3.0, 11.6), (-4.4, 9.6), (-4.8, 3.0), (-4.6, -6.0)),
    ),
    "boat": (-0.020, 0.018, ((0.8, 0.8), (0.6, 2.2), (-0.6, 2.6), (-1.8, 1.6), (-2.2, -3.0), (-2.6, -10.0))),
}


def neckline_y(body: Body, look: Wardrobe) -> float:
    """Lowest height of skin the neckline may show, metres."""
    front, side, _ = NECKLINES[look.neckline]
    return _collar_bone(body) + min(front, side)


def neckline_reach(look: Wardrobe) -> float:
    """How far from the axis of the neck skin may show, metres."""
    return NECKLINE_RADIUS_M[look.neckline] + 0.025


def make_top(body: Body, joints: Floats, look: Wardrobe) -> Part:
    """The mesh `clothes`; uv is in metres of fabric, across and along the ribs."""
    group = body.groups["helper-tights"]
    fine = refine(group.faces, group.uv_faces, body.uv, len(body.positions), 1)
    positions = np.asarray(fine.matrix @ body.positions)
    weights = np.asarray(fine.matrix @ joints)
    faces = fine.unsplit_faces
    arms = [side + bone for side in ("left", "right") for bone in ("UpperArm", "LowerArm", "Hand")]
    sleeve = weights[:, [JOINTS.index(name) for name in arms]].sum(1)
    kept = _cut(body, positions, faces, look, sleeve[faces].mean(1) > 0.5)
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
    collar = collar[np.isin(collar, _loop(collar)).all(1)]
    positions = _fit_neckline(positions, edges, _loop(collar), mean)
    positions = _off_skin(body, positions, look)
    hem = border[(np.abs(weights[border][..., JOINTS.index("hips")]).mean(1) > 0.2)]
    positions[np.unique(hem), 1] = body.bone_heads[body.bones.index("root"), 1] - HEM_BELOW_HIPS_M
    on_arm = sleeve[used]
    positions, faces, weights, ring = _roll_collar(positions, faces, weights, collar, look)
    on_arm = np.r_[on_arm, np.zeros(len(positions) - len(on_arm))]
    whole = faces
    split, faces, uv = _knit_uv(body, positions, faces, on_arm, ring, look)
    normals = vertex_normals(positions, triangulate(whole))
    return Part(
        name="clothes",
        material="cloth",
        positions=positions[split],
        normals=normals[split],
        triangles=triangulate(faces),
        uv=uv,
        joints=weights[split],
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
    return np.asarray(_collar_bone(body) + front + (side - front) * beside + 0.052 * behind**1.2)


def _cut(body: Body, positions: Floats, faces: Ints, look: Wardrobe, sleeve: Bools) -> Bools:
    centre = positions[faces].mean(1)
    hips = body.bone_heads[body.bones.index("root"), 1]
    above_hem = (centre[:, 1] > hips - HEM_BELOW_HIPS_M) | sleeve
    wrist = np.zeros(len(faces), bool)
    for side in "LR":
        joint = body.bone_heads[body.bones.index(f"wrist.{side}")]
        elbow = body.bone_heads[body.bones.index(f"lowerarm01.{side}")]
        along = (joint - elbow) / np.linalg.norm(joint - elbow)
        near = np.linalg.norm(centre - joint, axis=1) < 0.20
        wrist |= near & ((centre - joint) @ along > 0.004) & (np.sign(centre[:, 0]) == np.sign(joint[0]))
    axis = _neck_axis(body)
    beside = np.hypot(centre[:, 0], centre[:, 2] - axis[2] - 0.01)
    neck = (centre[:, 1] < _plane(body, centre, look)) | (beside > NECKLINE_RADIUS_M[look.neckline])
    kept = above_hem & neck & ~wrist
    for _ in range(4):
        # a face that hangs by two edges or fewer makes a tooth in the cut
        pairs = np.sort(np.stack([faces[kept], np.roll(faces[kept], -1, 1)], -1).reshape(-1, 2), 1)
        _, inverse, uses = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
        loose = (uses == 1)[inverse.reshape(-1)].reshape(-1, 4).sum(1) >= 2
        kept[np.flatnonzero(kept)[loose]] = False
    return np.asarray(kept)


def _border(faces: Ints) -> Ints:
    pairs = np.stack([faces, np.roll(faces, -1, 1)], -1).reshape(-1, 2)
    _, inverse, uses = np.unique(np.sort(pairs, 1), axis=0, return_inverse=True, return_counts=True)
    return np.asarray(pairs[(uses == 1)[inverse.reshape(-1)]])


def _loop(collar: Ints) -> Ints:
    """The vertices of the longest closed loop among directed border edges, in order."""
    following = {int(a): int(b) for a, b in collar}
    best: list[int] = []
    unseen = set(following)
    while unseen:
        at = min(unseen)
        loop = []
        while at in unseen:
            unseen.remove(at)
            loop.append(at)
            at = following.get(at, -1)
        best = max(best, loop, key=len)
    return np.array(best)


def _fit_neckline(positions: Floats, edges: Ints, rim: Ints, mean: sp.csr_matrix) -> Floats:
    """Moves the ragged cut onto a smooth closed curve, and the rows under it after it."""
    middle_z = positions[rim, 2].mean()
    angle = np.arctan2(positions[rim, 0], positions[rim, 2] - middle_z)
    radius = np.hypot(positions[rim, 0], positions[rim, 2] - middle_z)

    def waves(at: Floats) -> Floats:
        return np.stack([np.cos(k * at) for k in range(5)], 1)

    fit = np.linalg.lstsq(waves(angle), np.stack([radius, positions[rim, 1]], 1), rcond=None)[0]
    turn = np.unwrap(angle)
    even = turn[0] + np.sign(turn[-1] - turn[0]) * 2 * np.pi * np.arange(len(rim)) / len(rim)
    even += (turn - even).mean()
    angle = 0.3 * turn + 0.7 * even
    smooth, height = (waves(angle) @ fit).T
    smooth = smooth * NECKLINE_DRAW
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


def _off_skin(body: Body, positions: Floats, look: Wardrobe) -> Floats:
    """Lifts cloth that smoothing has pulled into the skin."""
    skin = body.groups["body"].faces
    triangles = triangulate(skin)
    normals = vertex_normals(body.positions, triangles)
    ids = np.unique(skin)
    ids = ids[body.positions[ids, 1] > 0.8]
    near = ids[cKDTree(body.positions[ids]).query(positions)[1]]
    height = ((positions - body.positions[near]) * normals[near]).sum(1)
    lift = np.clip(look.looseness_mm * 1e-3 * 0.8 - height, 0, 0.03)
    return np.asarray(positions + normals[near] * lift[:, None])


def _roll_collar(
    positions: Floats, faces: Ints, weights: Floats, collar: Ints, look: Wardrobe
) -> tuple[Floats, Ints, Floats, Floats]:
    """Adds a rolled band along the neckline, a profile swept round the rim; also how far along it each vertex is."""
    rim = np.unique(collar)
    # outward from the neck: the cloth's own normals are unsteady along a cut
    normals = unit((positions[rim] - positions[rim].mean(0)) * np.array([1.0, 0.0, 1.0]))
    rows, quads, along = [positions], [faces], [np.zeros(len(positions))]
    before = {int(v): int(v) for v in rim}
    start = len(positions)
    travelled = 0.0
    last = np.zeros(2)
    for out, up in NECKLINES[look.neckline][2]:
        step = np.array([out, up]) * 1e-3
        travelled += float(np.linalg.norm(step - last))
        last = step
        rows.append(positions[rim] + normals * step[0] + np.array([0.0, step[1], 0.0]))
        along.append(np.full(len(rim), travelled))
        after = {int(v): start + i for i, v in enumerate(rim)}
        quads.append(np.array([[before[int(b)], before[int(a)], after[int(a)], after[int(b)]] for a, b in collar]))
        before, start = after, start + len(rim)
    count = len(NECKLINES[look.neckline][2])
    return (
        np.concatenate(rows),
        np.concatenate(quads),
        np.concatenate([weights, *([weights[rim]] * count)]),
        np.concatenate(along),
    )


def _knit_uv(
    body: Body, positions: Floats, faces: Ints, arms: Floats, ring: Floats, look: Wardrobe
) -> tuple[Ints, Ints, Floats]:
    """Fabric coordinates in tiles, ribs running down the trunk and the sleeves.

    Returns the source of each vertex after splitting along the armholes and the seams behind, the faces, and uv.
    """
    tile_m = look.rib_mm * 1e-3 * RIBS_PER_TILE
    axis = _neck_axis(body)
    trunk = np.arctan2(positions[:, 0], positions[:, 2] - axis[2] - 0.02)
    v = positions[:, 1] + ring
    on_arm = arms[faces].mean(1) > 0.5
    corner_u = np.empty(faces.shape)
    corner_v = v[faces]
    corner_u[~on_arm] = _unwrapped(trunk[faces[~on_arm]]) * round(2 * np.pi * 0.155 / tile_m) / (2 * np.pi)
    for side, sign in (("L", 1.0), ("R", -1.0)):
        shoulder, elbow, wrist = (
            body.bone_heads[body.bones.index(f"{bone}.{side}")] for bone in ("upperarm01", "lowerarm01", "wrist")
        )
        chosen = on_arm & (np.sign(positions[faces, 0].mean(1)) == sign)
        p = positions[faces[chosen]]
        low = np.clip((p[..., 1] - wrist[1]) / (elbow[1] - wrist[1]), 0, 1)[..., None]
        high = np.clip((p[..., 1] - elbow[1]) / (shoulder[1] - elbow[1]), 0, 1)[..., None]
        middle = np.where(p[..., 1:2] < elbow[1], wrist + (elbow - wrist) * low, elbow + (shoulder - elbow) * high)
        turn = np.arctan2((p[..., 0] - middle[..., 0]) * sign, p[..., 2] - middle[..., 2])
        corner_u[chosen] = _unwrapped(turn) * round(2 * np.pi * 0.052 / tile_m) / (2 * np.pi)
    corner_v = corner_v / tile_m
    key = np.stack([faces.astype(float), np.round(corner_u, 4), on_arm[:, None] * np.ones(4)], -1).reshape(-1, 3)
    unique, first, inverse = np.unique(key, axis=0, return_index=True, return_inverse=True)
    uv = np.stack([corner_u.ravel()[first], corner_v.ravel()[first]], 1)
    return unique[:, 0].astype(np.int64), inverse.reshape(faces.shape), uv


def _unwrapped(angles: Floats) -> Floats:
    """(faces, 4) angles of each face without a jump at +-pi."""
    wide = np.ptp(angles, axis=1) > np.pi
    return np.asarray(np.where(wide[:, None] & (angles < 0), angles + 2 * np.pi, angles))
