"""Skin that covers what lies under it: teeth and gums are drawn back until no face pushes them out through it.

Seen from the front, a point of a mouth pokes out where it stands before the foremost skin at its place. Blendshapes
add up and a point drawn back at rest stays drawn back by as much in every shape, at the same place across and up; so
the most by which it pokes out in any face is exactly what it needs.
"""

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from understudy.base.channels import ARKIT_SHAPES, SHAPE_INDEX
from understudy.casting import anatomy
from understudy.casting.mesh import Floats, Ints, Part, vertex_normals
from understudy.casting.surface import Surface

CELL_M = 0.0006
NEAR_M, DEEP_M = 0.060, 0.035
"""Skin this near to the lips, and no farther behind them, covers a mouth."""
SKIN_OVER_TEETH_M, SKIN_OVER_GUM_M = 0.0003, 0.0010
"""Skin left over both in every face."""
MOST_M = 0.008
SPEAKING = ("jaw", "mouth", "cheek", "nose")
PAIRS = ("mouthSmile", "mouthUpperUp", "mouthLowerDown", "mouthStretch", "mouthPress", "mouthDimple", "mouthFrown")
FACES: tuple[dict[str, float], ...] = (
    {"mouthSmile": 0.75, "mouthUpperUp": 0.45, "mouthLowerDown": 0.25, "jawOpen": 0.12},
    {"mouthSmile": 1.0, "mouthUpperUp": 1.0, "mouthLowerDown": 1.0, "jawOpen": 0.2},
    {"mouthSmile": 1.0, "mouthStretch": 0.6, "jawOpen": 0.4},
    {"mouthSmile": 1.0, "mouthDimple": 0.6},
    {"mouthSmile": 1.0},
    {"mouthSmile": 1.0, "mouthPress": 1.0},
    {"mouthSmile": 0.8, "jawOpen": 0.8},
    {"jawOpen": 0.6, "mouthLowerDown": 0.2, "mouthUpperUp": 0.1},
    {"jawOpen": 1.0, "mouthClose": 1.0},
    {"jawOpen": 0.08, "mouthRollLower": 0.7, "mouthUpperUp": 0.25, "mouthSmile": 0.6},
    {"mouthPress": 1.0, "mouthRollLower": 1.0, "mouthRollUpper": 1.0},
    {"jawOpen": 0.45, "mouthFunnel": 0.6, "mouthPucker": 0.4},
    {"jawOpen": 0.2, "mouthPucker": 1.0},
    {"mouthFrown": 1.0, "mouthShrugLower": 1.0, "mouthPress": 0.5},
    {"mouthStretch": 1.0, "jawOpen": 0.15, "mouthLowerDown": 0.6},
)
"""Faces that several shapes make together; a name without a side stands for both."""


def hard_faces() -> Floats:
    """(faces, 52) weights: rest, each shape about the mouth at 1, and FACES."""
    rows = [np.zeros(len(ARKIT_SHAPES))]
    singles = [{shape: 1.0} for shape in ARKIT_SHAPES if shape.startswith(SPEAKING)]
    for face in (*singles, *FACES):
        row = np.zeros(len(ARKIT_SHAPES))
        for name, weight in face.items():
            for side in ("Left", "Right") if name in PAIRS else ("",):
                row[SHAPE_INDEX[name + side]] = weight
        rows.append(row)
    return np.stack(rows)


def draw_back(teeth: Part, gum: Part, surface: Surface) -> None:
    """Moves a row of teeth with its gum back in place, more where more is needed, so that skin covers them.

    Teeth and gum go back together, as far as teeth must at each distance from the middle; what the gum needs besides,
    it takes alone.
    """
    needs_teeth, needs_gum = poking(teeth, surface) + SKIN_OVER_TEETH_M, poking(gum, surface) + SKIN_OVER_GUM_M
    width = 0.0005
    column = (np.abs(teeth.positions[:, 0]) / width).astype(int)
    field = np.zeros(120)
    np.maximum.at(field, column, np.clip(needs_teeth, 0, MOST_M))
    # as much for the teeth beside, so that no crown is bent
    field = gaussian_filter1d(maximum_filter1d(field, 13), 3.0, mode="nearest")
    at = (np.arange(len(field)) + 0.5) * width
    teeth.positions[:, 2] -= np.interp(np.abs(teeth.positions[:, 0]), at, field)
    together = np.interp(np.abs(gum.positions[:, 0]), at, field)
    alone = np.clip(needs_gum - together, 0, MOST_M)
    gum.positions[:, 2] -= together + _spread(gum.triangles, alone)
    for part in (teeth, gum):
        part.normals = vertex_normals(part.positions, part.triangles)


def poking(part: Part, surface: Surface) -> Floats:
    """(vertices,) metres by which each stands before the foremost skin at its place, at most over all faces.

    Negative: how deep it stays; -1 where no skin ever lies before or behind it.
    """
    assert part.deltas is not None
    lips = surface.positions[(surface.island == anatomy.HEAD) & (surface.ring < 2.0)]
    middle = np.array([0.0, lips[:, 1].mean(), lips[:, 2].max()])
    triangles = surface.triangles[(surface.island == anatomy.HEAD)[surface.triangles].all(1)]
    off = surface.positions[triangles].mean(1) - middle
    triangles = triangles[(np.linalg.norm(off, axis=1) < NEAR_M) & (off[:, 2] > -DEEP_M)]
    used, inverse = np.unique(triangles, return_inverse=True)
    local, most = inverse.reshape(-1, 3), np.full(len(part.positions), -1.0)
    for weights in hard_faces():
        active = np.flatnonzero(weights)
        skin = surface.positions[used] + np.tensordot(weights[active], surface.deltas[active][:, used], 1)
        points = part.positions + np.tensordot(weights[active], part.deltas[active], 1)
        most = np.maximum(most, before(points, skin[local]))
    return most


def before(points: Floats, corners: Floats) -> Floats:
    """How far points (n, 3) stand before the foremost of the triangles (m, 3, 3) facing the front; -1 beside them."""
    normal_z = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2]
    corners = corners[normal_z > 0]
    if not len(corners):
        return np.full(len(points), -1.0)
    low = corners[..., :2].min((0, 1)) - CELL_M
    size = np.ceil((corners[..., :2].max((0, 1)) + CELL_M - low) / CELL_M).astype(int) + 1
    steps = 7
    weights = np.array([(i, j, steps - i - j) for i in range(steps + 1) for j in range(steps + 1 - i)]) / steps
    samples = (weights @ corners).reshape(-1, 3)
    depth = np.full(size[0] * size[1], -np.inf)
    cell = np.rint((samples[:, :2] - low) / CELL_M).astype(int)
    np.maximum.at(depth, cell[:, 0] * size[1] + cell[:, 1], samples[:, 2])
    asked = np.rint((points[:, :2] - low) / CELL_M).astype(int)
    inside = ((asked >= 0) & (asked < size)).all(1)
    out = np.full(len(points), -1.0)
    found = depth[asked[inside, 0] * size[1] + asked[inside, 1]]
    out[inside] = np.where(np.isfinite(found), points[inside, 2] - found, -1.0)
    return out


def _spread(triangles: Ints, values: Floats, rounds: int = 6) -> Floats:
    """Values (vertices,) raised towards those beside them, so that a surface that follows them bends gently."""
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    edges = np.concatenate([edges, edges[:, ::-1]])
    out = values.copy()
    for _ in range(rounds):
        beside = np.zeros_like(out)
        np.maximum.at(beside, edges[:, 0], out[edges[:, 1]])
        out = np.maximum(out, 0.72 * beside)
    return out
