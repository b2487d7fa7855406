"""The skin surface of an actor: face and neck subdivided, hands as they are, everything under the clothes left out."""

from dataclasses import dataclass

import numpy as np

from understudy.base.channels import JOINTS
from understudy.casting import anatomy
from understudy.casting.anatomy import Anatomy
from understudy.casting.body import Body
from understudy.casting.mesh import Bools, Floats, Ints, Part, triangulate, unit, vertex_normals
from understudy.casting.subdivide import Refined, refine

_ARMS = ("leftUpperArm", "leftLowerArm", "rightUpperArm", "rightLowerArm")
NECKLINE_MARGIN_M = 0.045
"""Skin kept below the neckline, so that no edge shows when the chest moves."""


@dataclass
class Surface:
    """The skin at one level of subdivision, with what painters and growers need to know of every vertex."""

    positions: Floats
    normals: Floats
    deltas: Floats
    """(52, vertices, 3)"""
    uv: Floats
    original_uv: Floats
    """(vertices, 2) coordinates in the base mesh's own atlas, for its masks"""
    faces: Ints
    """(faces, 4)"""
    closed: Ints
    """(vertices,) one number for all copies of a vertex along UV seams"""
    island: Ints
    """(vertices,)"""
    ring: Floats
    """(vertices,) mouth ring, fractional between the rings of the base mesh"""
    joints: Floats
    """(vertices, joints)"""

    @property
    def triangles(self) -> Ints:
        """(2 faces, 3)"""
        return triangulate(self.faces)

    def refresh_normals(self) -> None:
        """Recomputes the normals after the positions moved."""
        self.normals = self.normals_of(self.positions)

    def normals_of(self, positions: Floats) -> Floats:
        """Normals of these vertices at other positions, smooth across UV seams."""
        count = int(self.closed.max()) + 1
        merged = np.zeros((count, 3))
        merged[self.closed] = positions
        return vertex_normals(merged, triangulate(self.closed[self.faces]))[self.closed]

    def part(self) -> Part:
        """The mesh `skin`, with the change of its normals under each shape."""
        normal_deltas = np.stack([self.normals_of(self.positions + d) - self.normals for d in self.deltas])
        return Part(
            name="skin",
            material="skin",
            positions=self.positions,
            normals=self.normals,
            triangles=self.triangles,
            uv=self.uv,
            joints=self.joints,
            deltas=self.deltas,
            normal_deltas=normal_deltas,
        )


def make_surface(
    body: Body,
    known: Anatomy,
    joints: Floats,
    *,
    neckline_y: float,
    reach_m: float,
    levels: int,
    bare_arms: bool = False,
) -> Surface:
    """Refines the head, neck and shoulders `levels` times and appends the hands.

    joints: (base vertices, joints). neckline_y, reach_m: how low, and how far from the axis of the neck, skin can
    show. bare_arms: whether sleeves are short. The refined region is cut after subdividing a larger one, so that the
    edge keeps its shape.
    """
    group = body.groups["body"]
    island = known.island
    centre = body.positions[group.faces].mean(1)
    front_of_socket = np.isin(island, (anatomy.RIGHT_SOCKET, anatomy.LEFT_SOCKET)) & _near_opening(centre, known)
    torso = island == anatomy.TORSO
    neck = body.bone_heads[body.bones.index("neck01")]
    near = np.hypot(centre[:, 0], centre[:, 2] - neck[2] - 0.01) < reach_m
    around = np.abs(centre[:, 0]) < 0.30
    head = np.isin(island, (anatomy.HEAD, anatomy.CAVITY)) | front_of_socket
    wanted = head | (torso & near & (centre[:, 1] > neckline_y - NECKLINE_MARGIN_M))
    wider = head | np.isin(island, (anatomy.RIGHT_SOCKET, anatomy.LEFT_SOCKET))
    wider |= torso & around & (centre[:, 1] > neckline_y - NECKLINE_MARGIN_M - 0.08)
    hands = np.isin(island, (anatomy.RIGHT_HAND, anatomy.LEFT_HAND))
    pieces = []
    regions = [(wider, levels, wanted), (hands, 0, hands)]
    if bare_arms:
        arms = torso & (joints[:, [JOINTS.index(name) for name in _ARMS]].sum(1)[group.faces].mean(1) > 0.55) & ~wanted
        regions.append((arms, min(levels, 1), arms))
    for chosen, depth, kept in regions:
        fine = refine(group.faces[chosen], group.uv_faces[chosen], known.uv, len(body.positions), depth)
        source = refine(group.faces[chosen], group.uv_faces[chosen], body.uv, len(body.positions), depth)
        pieces.append(_piece(body, known, joints, fine, source, island[chosen], kept[chosen]))
    return _join(pieces)


def _near_opening(centre: Floats, known: Anatomy) -> Bools:
    near = np.zeros(len(centre), bool)
    for eye in known.eyes.values():
        near |= (centre[:, 2] > eye.centre[2] + 0.30 * eye.radius) & (np.abs(centre[:, 0] - eye.centre[0]) < 0.03)
    return near


def _piece(
    body: Body, known: Anatomy, joints: Floats, fine: Refined, source: Refined, island: Ints, kept: Bools
) -> Surface:
    face_kept = kept[fine.parent]
    whole = fine.matrix @ body.positions
    normals = vertex_normals(whole, triangulate(fine.unsplit_faces))
    faces = fine.faces[face_kept]
    used, inverse = np.unique(faces, return_inverse=True)
    of_face = np.zeros(len(fine.unsplit), np.int64)
    of_face[faces.ravel()] = np.repeat(island[fine.parent[face_kept]], 4)
    rows = fine.unsplit[used]
    # the two refinements split the same corners, but number them on their own
    original = np.zeros((len(fine.unsplit), 2))
    original[fine.faces.ravel()] = source.uv[source.faces.ravel()]
    deltas = np.stack([np.asarray(fine.matrix @ delta)[rows] for delta in body.deltas])
    return Surface(
        positions=whole[rows],
        normals=unit(normals[rows]),
        deltas=deltas,
        uv=fine.uv[used],
        original_uv=original[used],
        faces=inverse.reshape(faces.shape),
        closed=rows,
        island=of_face[used],
        ring=np.asarray(fine.matrix @ known.ring)[rows],
        joints=np.asarray(fine.matrix @ joints)[rows],
    )


def _join(pieces: list[Surface]) -> Surface:
    starts = np.cumsum([0] + [len(p.positions) for p in pieces])
    closed_starts = np.cumsum([0] + [int(p.closed.max()) + 1 for p in pieces])
    return Surface(
        positions=np.concatenate([p.positions for p in pieces]),
        normals=np.concatenate([p.normals for p in pieces]),
        deltas=np.concatenate([p.deltas for p in pieces], 1),
        uv=np.concatenate([p.uv for p in pieces]),
        original_uv=np.concatenate([p.original_uv for p in pieces]),
        faces=np.concatenate([p.faces + s for p, s in zip(pieces, starts, strict=False)]),
        closed=np.concatenate([p.closed + s for p, s in zip(pieces, closed_starts, strict=False)]),
        island=np.concatenate([p.island for p in pieces]),
        ring=np.concatenate([p.ring for p in pieces]),
        joints=np.concatenate([p.joints for p in pieces]),
    )
