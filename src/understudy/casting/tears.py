"""What is wet about an eye: the line of tears on the lower lid, and the track of one that has run over.

Both are ribbons in left, right pairs. The line follows the margin of the lower lid in every shape: its inner edge
lies on the eyeball, its outer one on the lid. The track waits under the skin; a renderer lifts it when tears run.
"""

import numpy as np

from understudy.base.channels import JOINTS
from understudy.casting.anatomy import Eye
from understudy.casting.brows import on_face
from understudy.casting.lids import find_margin, lid_edge
from understudy.casting.mesh import Carrier, Floats, Ints, Part, unit
from understudy.casting.ribbons import ribbons
from understudy.casting.surface import Surface

LINE_M = 0.00042
"""Width of the line of tears on a dry-eyed face (its meniscus is about 0.3 mm high)."""
LIFT_M = 0.0006
"""How deep the track lies under the skin while nobody weeps."""
TRACK_M, TRACK_WIDTH_M = 0.052, 0.0030
_COLUMNS = 30


def make_tears(surface: Surface, carrier: Carrier, eyes: dict[str, Eye]) -> list[Part]:
    """The meshes tearLineLeft, tearLineRight, tearTrackLeft and tearTrackRight."""
    parts = []
    for name, eye in eyes.items():
        side = "Left" if name == "leftEye" else "Right"
        margin = find_margin(surface, eye)
        edge = lid_edge(surface, eye, margin.lower, False)
        parts.append(_line(f"tearLine{side}", surface, eye, margin.lower))
        parts.append(_track(f"tearTrack{side}", surface, carrier, eye, edge))
    return parts


def along(surface: Surface, ids: Ints, u: Floats) -> tuple[Ints, Ints, Floats]:
    """Where (k,) shares of the length of a row of vertices lie: between which two ids, and the weight of the second."""
    arc = np.r_[0, np.cumsum(np.linalg.norm(np.diff(surface.positions[ids], axis=0), axis=1))]
    reach = u * arc[-1]
    before = np.clip(np.searchsorted(arc, reach, side="right") - 1, 0, len(ids) - 2)
    weight = (reach - arc[before]) / np.maximum(arc[before + 1] - arc[before], 1e-9)
    return ids[before], ids[before + 1], weight[:, None]


def _line(name: str, surface: Surface, eye: Eye, ids: Ints) -> Part:
    before, after, weight = along(surface, ids, np.linspace(0.02, 0.985, _COLUMNS))
    fuller = np.interp(np.linspace(0, 1, _COLUMNS), [0, 0.12, 0.5, 0.88, 1], [1.5, 1.05, 0.9, 1.0, 1.3])[:, None]

    def pairs(positions: Floats) -> tuple[Floats, Floats]:
        """(k, 2, 3) edges on the eye and on the lid, and their normals."""
        lid = positions[before] * (1 - weight) + positions[after] * weight
        out = unit(lid - eye.centre)
        forward = unit(np.gradient(lid, axis=0))
        rise = np.cross(forward, out)
        rise = unit(rise * np.where(rise[:, 1:2] < 0, -1.0, 1.0))
        ball = unit(lid + rise * LINE_M * 0.8 * fuller - eye.centre) * (eye.radius + 0.00009) + eye.centre
        over = lid + out * LINE_M * 0.42 * fuller + rise * 0.00005
        return np.stack([ball, over], 1), np.stack([unit(out + 0.25 * rise), unit(rise + 0.55 * out)], 1)

    rest, normals = pairs(surface.positions)
    middle = rest.mean(1)
    part = ribbons(
        name, "tearLine", middle[None], np.full((1, _COLUMNS), LINE_M), normals[:, 0][None], np.random.default_rng(0)
    )
    part.positions = rest.reshape(-1, 3)
    part.normals = normals.reshape(-1, 3)
    part.uv = None
    moved = [pairs(surface.positions + delta)[0].reshape(-1, 3) for delta in surface.deltas]
    part.deltas = np.stack(moved) - part.positions
    part.deltas[np.abs(part.deltas).max((1, 2)) < 2e-6] = 0.0
    part.joints = _on_head(len(part.positions), surface)
    part.triangles = _facing(part)
    return part


def _track(name: str, surface: Surface, carrier: Carrier, eye: Eye, edge: Floats) -> Part:
    """From the lowest of the lid down the cheek, wandering a little as drops do."""
    side = 1.0 if eye.centre[0] > 0 else -1.0
    low = edge[np.argmin(np.abs(np.abs(edge[:, 0]) - (np.abs(eye.centre[0]) - 0.0035)))]
    t = np.linspace(0, 1, 34)
    x = low[0] + side * (0.0010 * t - 0.0030 * t**2 + 0.0013 * np.sin(7 * t) * t + 0.0007 * np.sin(17 * t + 1) * t)
    path, normal = on_face(surface, np.stack([x, low[1] - 0.0006 - TRACK_M * t], 1))
    path[:3] = low + (path[:3] - low) * np.array([[0.35], [0.7], [1.0]])
    path -= normal * LIFT_M
    width = TRACK_WIDTH_M * np.interp(t, [0, 0.08, 0.5, 0.93, 1.0], [0.9, 0.62, 0.72, 0.95, 0.1])
    part = ribbons(name, "tearTrack", path[None], width[None], normal[None], np.random.default_rng(0))
    across = unit(part.positions[1::2] - part.positions[0::2])
    part.normals = np.stack([unit(normal - 0.6 * across), unit(normal + 0.6 * across)], 1).reshape(-1, 3)
    part.uv = None
    triangle = np.repeat(carrier.nearest(path), 2)
    part.deltas = carrier.carry(part.positions, triangle)
    part.joints = carrier.skin_weights(triangle)
    part.triangles = _facing(part)
    return part


def _on_head(count: int, surface: Surface) -> Floats:
    joints = np.zeros((count, surface.joints.shape[1]))
    joints[:, JOINTS.index("head")] = 1.0
    return joints


def _facing(part: Part) -> Ints:
    """The triangles, turned to the side of their normals."""
    a, b, c = (part.positions[part.triangles[:, k]] for k in range(3))
    inward = (np.cross(b - a, c - a) * part.normals[part.triangles[:, 0]]).sum(1) < 0
    return np.asarray(np.where(inward[:, None], part.triangles[:, ::-1], part.triangles))
