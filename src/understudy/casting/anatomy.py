"""Where things are on the base mesh: texture islands, eyes, mouth rings and the UV layout of an actor.

The MakeHuman base mesh has one topology for every identity, so islands and eyeballs are known by number; all else
is measured on the identity at hand.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from PIL import Image
from scipy import ndimage
from scipy.sparse.csgraph import connected_components

from understudy.casting.body import LEFT_EYE, RIGHT_EYE, Body
from understudy.casting.mesh import Floats, Ints, face_edges

HEAD, CAVITY, TORSO, RIGHT_SOCKET, RIGHT_HAND, LEFT_SOCKET, LEFT_HAND = 0, 1, 2, 3, 4, 6, 7
"""Texture islands of the group `body`, in order of their first vertex; 5 and 8 are the feet."""

RING_LIMIT = 12
"""Mouth rings are counted this far out; ring 6 is the border of the vermilion."""


@dataclass(frozen=True)
class Eye:
    """One eyeball: centre (3,) and radius, metres."""

    centre: Floats
    radius: float


@dataclass(frozen=True)
class Anatomy:
    """What the other stages ask about the base mesh of one identity."""

    island: Ints
    """(body faces,)"""
    ring: Floats
    """(base vertices,) edges from the seam between lips and mouth cavity, capped at RING_LIMIT"""
    eyes: dict[str, Eye]
    """`leftEye` and `rightEye`"""
    uv: Floats
    """(21334, 2) texture coordinates in the actor's atlas"""


def measure(body: Body) -> Anatomy:
    """Finds the islands, eyes and mouth rings of a body."""
    group = body.groups["body"]
    island = islands(group.uv_faces, len(body.uv))
    eyes = {}
    for name, part in (("leftEye", LEFT_EYE), ("rightEye", RIGHT_EYE)):
        centre, radius = fit_sphere(body.positions[part])
        eyes[name] = Eye(centre, radius)
    uv = body.uv.copy()
    for number in (HEAD, CAVITY, TORSO, RIGHT_SOCKET, LEFT_SOCKET, RIGHT_HAND, LEFT_HAND):
        ids = np.unique(group.uv_faces[island == number])
        uv[ids] = _repack(number, body.uv[ids])
    seam = np.intersect1d(group.faces[island == HEAD], group.faces[island == CAVITY])
    return Anatomy(island=island, ring=_rings(group.faces, seam, len(body.positions)), eyes=eyes, uv=uv)


def fit_sphere(points: Floats) -> tuple[Floats, float]:
    """Least-squares sphere, refitted without the points that stand off it (the cornea)."""
    kept = points
    for _ in range(9):
        system = np.c_[2 * kept, np.ones(len(kept))]
        solution = np.linalg.lstsq(system, (kept**2).sum(1), rcond=None)[0]
        centre = solution[:3]
        radius = float(np.sqrt(solution[3] + centre @ centre))
        distance = np.linalg.norm(points - centre, axis=1)
        kept = points[np.abs(distance - np.median(distance)) < 0.0006]
    return centre, radius


def sample_mask(body: Body, name: str, uv: Floats) -> Floats:
    """(n,) value in 0..1 of one of the base mesh's UV masks at original texture coordinates (n, 2)."""
    image = np.asarray(Image.open(body.masks / f"mpfb_{name}.jpg").convert("L"), dtype=np.float64) / 255
    height, width = image.shape
    at = [(1 - uv[:, 1]) * height - 0.5, uv[:, 0] * width - 0.5]
    return np.asarray(ndimage.map_coordinates(image, at, order=1, mode="nearest"))


def islands(uv_faces: Ints, count: int) -> Ints:
    """(faces,) number of the texture island of each face, in order of their first vertex; count: of coordinates."""
    corner, following = uv_faces.ravel(), np.roll(uv_faces, -1, 1).ravel()
    graph = sp.coo_matrix((np.ones(len(corner)), (corner, following)), shape=(count, count))
    label = np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
    return np.asarray(label[uv_faces[:, 0]])


def _rings(faces: Ints, seam: Ints, count: int) -> Floats:
    edges = face_edges(faces)
    ring = np.full(count, float(RING_LIMIT))
    ring[seam] = 0.0
    for step in range(1, RING_LIMIT):
        touched = edges[(ring[edges] == step - 1).any(1)]
        fresh = touched[ring[touched] > step - 1]
        ring[fresh] = np.minimum(ring[fresh], step)
    return ring


def _repack(island: int, uv: Floats) -> Floats:
    """Gives the face more room: the head island is turned by a quarter and stretched around the face."""
    u, v = uv[:, 0], uv[:, 1]
    if island == HEAD:
        across = np.clip((v - 0.4835) / 0.3346, -1, 1)
        along = (u - 0.641) / 0.353
        across = np.tanh(1.3 * across) / np.tanh(1.3)
        low, high = np.tanh(1.6 * 0.68), np.tanh(1.6 * 0.32)
        along = (np.tanh(1.6 * (along - 0.68)) + low) / (high + low)
        return np.stack([0.5 + 0.495 * across, 0.005 + 0.60 * along], 1)
    scale, source, target = {
        TORSO: (1.2, (0.16, 0.66), (0.006, 0.62)),
        CAVITY: (1.6, (0.757, 0.01), (0.62, 0.62)),
        RIGHT_SOCKET: (0.6, (0.011, 0.545), (0.90, 0.62)),
        LEFT_SOCKET: (0.6, (0.085, 0.545), (0.90, 0.70)),
        RIGHT_HAND: (0.75, (0.361, 0.011), (0.62, 0.845)),
        LEFT_HAND: (0.75, (0.570, 0.011), (0.80, 0.845)),
    }[island]
    return np.asarray(np.asarray(target) + (uv - np.asarray(source)) * scale)
