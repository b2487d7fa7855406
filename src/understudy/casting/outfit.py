"""What an actor wears, garment by garment: shells are cut, hung on the body, sewn and made into meshes."""

from dataclasses import dataclass, replace

import numpy as np

from understudy.casting.body import Body
from understudy.casting.drape import Solid, Threads, hang, threads_of
from understudy.casting.garments import Cut
from understudy.casting.mesh import (
    Bools,
    Floats,
    Ints,
    Part,
    face_edges,
    neighbour_mean,
    smoothstep,
    triangulate,
    unit,
    vertex_normals,
)
from understudy.casting.pattern import lay_flat
from understudy.casting.sewing import Edge, Ground, edge_of, ground_of
from understudy.casting.shell import Landmarks, Shell, border_of, cut_shell, spread_of

LIES_FLAT = 0.4
"""Share of a thread's length taken from the resting body: cloth that is worn has settled."""
HANG_STEPS = 100
SEAM_MM = 0.6


@dataclass
class Garment:
    """One garment, hung. uv: (faces, 4, 2) metres of fabric at each corner."""

    cut: Cut
    shell: Shell
    uv: Floats
    ground: Ground
    seams: Bools
    """(vertices,) on a seam"""

    @property
    def normals(self) -> Floats:
        return vertex_normals(self.shell.positions, triangulate(self.shell.faces))


def make_garment(
    body: Body, joints: Floats, marks: Landmarks, solid: Solid, skin_joints: Floats, cut: Cut, *, levels: int = 2
) -> Garment:
    """Cuts and hangs one garment."""
    shell = cut_shell(body, joints, marks, cut, levels=levels)
    uv = lay_flat(body, shell)
    shell.positions = _hung(shell, solid, cut, float(body.bone_heads[body.bones.index("upperarm01.L"), 1]))
    ground = ground_of(solid, skin_joints, shell.positions, shell.faces, shell.joints)
    return Garment(cut, shell, uv, ground, _seams(shell))


def _hung(shell: Shell, solid: Solid, cut: Cut, shoulder_m: float) -> Floats:
    threads = threads_of(shell.faces, shell.cut, stiffness=cut.stiffness, bending=cut.bending)
    a, b = threads.pairs.T
    worn = np.linalg.norm(shell.positions[a] - shell.positions[b], axis=1)
    # over the shoulders cloth has settled on the body; the folds come from the arms being down, below
    settled = smoothstep(shoulder_m - 0.11, shoulder_m - 0.03, shell.positions[:, 1])
    flat = LIES_FLAT + (1.0 - LIES_FLAT) * (settled[a] + settled[b]) / 2
    rest = ((1 - flat) * threads.rest + flat * worn) * (1 + cut.surplus * (1 - flat) / (1 - LIES_FLAT))
    held = spread_of(shell.sleeve, shell.neckline, shell.faces, 4)
    gap = np.full(len(shell.positions), cut.gap_mm * 1e-3)
    start = shell.positions.copy()
    near = held > 0
    for _ in range(4):
        height, normal = solid.height(start[near])
        start[near] += normal * ((gap[near] - height) * np.sqrt(held[near]))[:, None]
    x = hang(
        start,
        Threads(threads.pairs, rest, threads.give),
        solid,
        sleeve=shell.sleeve,
        held=held,
        gap=gap,
        steps=HANG_STEPS,
    )
    mean = neighbour_mean(face_edges(shell.faces), len(x))
    inner = np.ones(len(x), bool)
    inner[np.unique(border_of(shell.faces))] = False
    for _ in range(3):
        # smooths without shrinking (Taubin, "A signal processing approach to fair surface design", 1995)
        for weight in (0.5, -0.52):
            step = mean @ x - x
            x[inner] += weight * step[inner]
    return x


def _seams(shell: Shell) -> Bools:
    touched = np.zeros((4, len(shell.positions)), bool)
    for panel in range(4):
        touched[panel, shell.faces[shell.panel == panel]] = True
    return np.asarray(touched.sum(0) > 1)


def neck_edge(garment: Garment, *, count: int, smooth: int = 3) -> Edge:
    """The whole neckline as an edge, from the middle behind over the left shoulder."""
    rim = garment.shell.neckline
    return edge_of(
        garment.shell.positions[rim],
        garment.normals[rim],
        closed=True,
        count=count,
        smooth=smooth,
        sharp=garment.cut.vee_mm > 0,
    )


def collar_edge(garment: Garment, marks: Landmarks, *, count: int) -> Edge:
    """The neckline without the edges of its V: open, from the actor's left front round the back to the right."""
    rim = garment.shell.neckline
    p, cut = garment.shell.positions[rim], garment.cut
    on_plane = np.abs(replace(cut, vee_mm=0.0).opening(p, marks)) < 0.012
    on_plane |= p[:, 2] < marks.notch[2] - 0.03
    if cut.vee_mm > 0:
        # down the edges of the V as far as the collar bones
        on_plane |= p[:, 2] > marks.nape[2]
    on_plane &= p[:, 1] > marks.notch[1] - (0.018 if cut.vee_mm > 0 else 0.012)
    kept = np.flatnonzero(on_plane)
    # the loop starts behind: its kept end comes before its beginning
    gap = int(np.argmax(np.diff(np.r_[kept, kept[0] + len(rim)])))
    order = np.roll(kept, -(gap + 1))
    order = order[::-1]
    return edge_of(p[order], garment.normals[rim][order], closed=False, count=count)


def shell_part(garment: Garment, name: str, material: str, tile_m: float, keep: Bools | None = None) -> Part:
    """The shell as a mesh: seams pressed in, edges turned under, flat stretches with fewer triangles."""
    shell = garment.shell
    normals = garment.normals
    positions = shell.positions - normals * (garment.seams * SEAM_MM * 1e-3)[:, None]
    shade = _creases(positions, shell.faces, normals) * np.where(garment.seams, 0.86, 1.0)
    # steps of a thousandth of a tile are far under a texel, and pack well
    faces, uv, joints = shell.faces, np.rint(garment.uv / tile_m * 1024) / 1024, shell.joints
    if keep is not None:
        faces, uv = faces[keep], uv[keep]
    positions, normals, shade, joints, faces, uv = _turned_under(
        positions, normals, shade, joints, faces, uv, tile_m, garment.shell.neckline
    )
    key = np.concatenate([faces.reshape(-1, 1).astype(float), np.round(uv.reshape(-1, 2), 4)], 1)
    unique, first, inverse = np.unique(key, axis=0, return_index=True, return_inverse=True)
    split = unique[:, 0].astype(np.int64)
    quads = inverse.reshape(faces.shape)
    return Part(
        name=name,
        material=material,
        positions=positions[split],
        normals=normals[split],
        triangles=triangulate(quads),
        uv=uv.reshape(-1, 2)[first],
        joints=joints[split],
        colour=np.repeat(shade[split][:, None], 3, 1),
    )


def _creases(p: Floats, faces: Ints, normals: Floats) -> Floats:
    """(n,) light that reaches into folds, 1 on the flat: by how deep a point lies under its smoothed surroundings."""
    mean = neighbour_mean(face_edges(faces), len(p))
    smooth = p
    for _ in range(14):
        smooth = mean @ smooth
    depth = ((smooth - p) * normals).sum(1)
    return np.asarray(np.clip(1 - depth / 0.012, 0.55, 1.06).clip(0, 1))


def _turned_under(
    p: Floats, n: Floats, shade: Floats, joints: Floats, faces: Ints, uv: Floats, tile_m: float, sewn: Ints
) -> tuple[Floats, Floats, Floats, Floats, Ints, Floats]:
    """Adds a narrow hem inside every edge that nothing is sewn to, so that no edge is paper thin."""
    border = border_of(faces)
    border = border[~np.isin(border, sewn).all(1)]
    a, b = border.T
    owner = _owner(faces, border)
    ua, ub = _corner(faces, uv, owner, a), _corner(faces, uv, owner, b)
    ids = np.unique(border)
    centre = np.zeros_like(p)
    count = np.zeros(len(p))
    for k in range(4):
        np.add.at(centre, a, p[faces[owner, k]])
        np.add.at(count, a, 1)
        np.add.at(centre, b, p[faces[owner, k]])
        np.add.at(count, b, 1)
    inward = unit(centre[ids] / count[ids, None] - p[ids])
    inward -= n[ids] * (inward * n[ids]).sum(1)[:, None]
    inward = unit(inward)
    rows = [(p[ids] - inward * 0.0006 - n[ids] * 0.0012, -inward), (p[ids] + inward * 0.009 - n[ids] * 0.0026, -n[ids])]
    new_p, new_n, new_faces, new_uv = [p], [n], [faces], [uv]
    slot = np.zeros(len(p), np.int64)
    before = np.arange(len(p))
    start = len(p)
    step = 0.0
    for place, normal in rows:
        new_p.append(place)
        new_n.append(normal)
        slot[ids] = np.arange(len(ids)) + start
        new_faces.append(np.stack([before[b], before[a], slot[a], slot[b]], 1))
        after = step + 0.004 / tile_m
        down, up = np.array([0.0, step]), np.array([0.0, after])
        new_uv.append(np.stack([ub + down, ua + down, ua + up, ub + up], 1))
        before = slot.copy()
        start += len(ids)
        step = after
    return (
        np.concatenate(new_p),
        np.concatenate(new_n),
        np.r_[shade, shade[ids] * 0.9, shade[ids] * 0.6],
        np.concatenate([joints, joints[ids], joints[ids]]),
        np.concatenate(new_faces),
        np.concatenate(new_uv),
    )


def _owner(faces: Ints, border: Ints) -> Ints:
    """(n,) the face of each directed border edge."""
    a, b = faces.ravel(), np.roll(faces, -1, 1).ravel()
    key = a * np.int64(10**7) + b
    order = np.argsort(key)
    wanted = border[:, 0] * np.int64(10**7) + border[:, 1]
    return np.asarray(order[np.searchsorted(key[order], wanted)] // 4)


def _corner(faces: Ints, uv: Floats, owner: Ints, vertex: Ints) -> Floats:
    at = np.argmax(faces[owner] == vertex[:, None], 1)
    return np.asarray(uv[owner, at])


def joined(parts: list[Part], name: str, material: str) -> Part:
    """Several parts of one material as one mesh."""
    starts = np.cumsum([0] + [len(part.positions) for part in parts])[:-1]
    white = [p.colour if p.colour is not None else np.ones((len(p.positions), 3)) for p in parts]
    uv = [p.uv if p.uv is not None else np.zeros((len(p.positions), 2)) for p in parts]
    return Part(
        name=name,
        material=material,
        positions=np.concatenate([p.positions for p in parts]),
        normals=np.concatenate([p.normals for p in parts]),
        triangles=np.concatenate([p.triangles + s for p, s in zip(parts, starts, strict=True)]),
        uv=np.concatenate(uv),
        joints=np.concatenate([p.joints for p in parts if p.joints is not None]),
        colour=np.concatenate(white),
    )
