"""The face of an actor, peeled off a picture: a map of skin texels that moves with the mesh.

Texels lie on a cylinder about the head, from ear to ear and from the chin to the forehead, each fixed to one place of
one triangle of the skin. Where the mesh is seen in a picture, the picture's colours are read there; so charts of two
pictures lie on top of each other whatever the head and the face did between them. Eyes and mouth are left out: what
shows there does not ride on the skin.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput
from understudy.hub.body import Body, Mesh
from understudy.hub.motion import Points, Seen
from understudy.judge.reel import Floats

Bools = npt.NDArray[np.bool_]
Colours = npt.NDArray[np.float32]

_AXIS_BEHIND_EYES_M = 0.075
_RADIUS_M = 0.085
_ACROSS_RAD = 1.15
_ABOVE_EYES_M, _BELOW_EYES_M = 0.062, 0.105
_AROUND_EYE_M = 0.020
_AROUND_MOUTH_M = 0.009
_AROUND_HAIR_M = 0.006
_SEEN_AT = 0.35
"""Least cosine between skin and line of sight: flatter than 70 degrees a texel is smeared over the next."""
_BEHIND_M = 0.006
"""What lies farther behind the nearest thing in its cell than this is hidden by it."""
TEXEL_PX = 1.6
"""Size of a texel in the picture: coarser than its pixels, so that reading it does not alias."""


@dataclass(frozen=True, eq=False)
class Chart:
    """corners: (n, 3) vertices of the triangle under each texel, shares: (n, 3) how near it is to each.

    places: (n,) where the texel lies in the (rows, columns) of the map, row by row from the forehead.
    texel_m: its size.
    """

    rows: int
    columns: int
    places: npt.NDArray[np.int64]
    corners: npt.NDArray[np.int64]
    shares: Floats
    texel_m: float

    def spread(self, values: npt.NDArray[np.floating], empty: float = np.nan) -> npt.NDArray[np.float32]:
        """Returns (rows, columns, ...) with the values of the texels at their places."""
        out = np.full((self.rows * self.columns, *values.shape[1:]), empty, np.float32)
        out[self.places] = values
        return out.reshape(self.rows, self.columns, *values.shape[1:])


def skin_of(body: Body) -> Mesh:
    """Returns the mesh of the skin. Raises BadInput when the body has none."""
    found = [m for m in body.meshes if m.name == "skin" or m.material.name.lower().startswith("skin")]
    if not found:
        raise BadInput("This body has no skin mesh, so its face cannot be followed; export it with one called 'skin'.")
    return max(found, key=lambda mesh: len(mesh.positions))


def eye_centres(body: Body) -> Floats:
    """Returns (2, 3) left and right at rest. Raises BadInput without eye joints."""
    if "leftEye" not in body.joint_index or "rightEye" not in body.joint_index:
        raise BadInput("This body has no eye joints, so its face cannot be found; name them leftEye and rightEye.")
    return np.stack([body.origin("leftEye"), body.origin("rightEye")])


def make_chart(body: Body, texel_m: float) -> Chart:
    """Lays a chart of texels of this size over the face at rest."""
    from scipy.spatial import cKDTree

    skin, eyes = skin_of(body), eye_centres(body)
    middle = eyes.mean(axis=0)
    axis = middle - np.array([0.0, 0.0, _AXIS_BEHIND_EYES_M])
    rows = max(8, round((_ABOVE_EYES_M + _BELOW_EYES_M) / texel_m))
    columns = max(8, round(2 * _ACROSS_RAD * _RADIUS_M / texel_m))
    y, x = np.mgrid[:rows, :columns]
    wanted = np.stack(
        [
            ((x.ravel() + 0.5) / columns * 2 - 1) * _ACROSS_RAD * _RADIUS_M,
            middle[1] + _ABOVE_EYES_M - (y.ravel() + 0.5) / rows * (_ABOVE_EYES_M + _BELOW_EYES_M),
        ],
        axis=1,
    )
    off = skin.positions.astype(np.float64) - axis
    flat = np.stack([np.arctan2(off[:, 0], off[:, 2]) * _RADIUS_M, skin.positions[:, 1]], axis=1)
    near = (off[:, 2] > -0.03) & (np.abs(skin.positions[:, 1] - middle[1]) < 0.15)
    triangles = skin.triangles[near[skin.triangles].all(axis=1)].astype(np.int64)
    _, candidates = cKDTree(flat[triangles].mean(axis=1)).query(wanted, k=min(24, len(triangles)))
    shares = _barycentric(flat[triangles[candidates]], wanted[:, None, :])
    reach = np.hypot(off[:, 0], off[:, 2])[triangles[candidates]]
    outside = np.where((shares >= -1e-6).all(axis=-1), (reach * shares).sum(axis=-1), -np.inf)
    best = outside.argmax(axis=1)
    every = np.arange(len(wanted))
    corners, chosen = triangles[candidates[every, best]], shares[every, best]
    at = (skin.positions[corners] * chosen[..., None]).sum(axis=1)
    kept = np.isfinite(outside[every, best]) & ~_apart(body, skin, at, eyes)
    return Chart(rows, columns, np.flatnonzero(kept), corners[kept], chosen[kept], texel_m)


def chart_for(body: Body, first: Mapping[str, Points]) -> Chart:
    """Returns the chart whose texels fit the size in which the face is seen in a picture."""
    skin, eyes = skin_of(body), eye_centres(body)
    near = np.abs(skin.positions - eyes.mean(axis=0)).max(axis=1) < 0.1
    seen = first[skin.name][near]
    px_per_m = np.ptp(seen[:, 1]) / np.ptp(skin.positions[near, 1])
    return make_chart(body, float(TEXEL_PX / max(px_per_m, 1.0)))


def read_chart(
    chart: Chart, body: Body, picture: npt.NDArray[np.uint8], seen: Seen
) -> tuple[Colours, Bools, npt.NDArray[np.float32]]:
    """Returns the (n, 3) colours of the texels in a picture of (h, w, 3), which of them it shows, and their places."""
    skin = skin_of(body)
    corners = seen.points[skin.name][chart.corners].astype(np.float64)
    at = (corners * chart.shares[..., None]).sum(axis=1)
    height, width = picture.shape[:2]
    shown = _faces_lens(corners) & _in_front(at, seen, skin.name)
    shown &= (at[:, 0] > 2) & (at[:, 0] < width - 2) & (at[:, 1] > 2) & (at[:, 1] < height - 2)
    return sampled(picture, at[:, :2]), shown, at[:, :2].astype(np.float32)


def sampled(picture: npt.NDArray[np.generic], places: Floats) -> Colours:
    """Returns the (n, 3) colours at places in pixels from the top left corner, linear between pixels."""
    height, width = picture.shape[:2]
    x = np.clip(places[:, 0] - 0.5, 0, width - 1.001)
    y = np.clip(places[:, 1] - 0.5, 0, height - 1.001)
    left, top = x.astype(np.int64), y.astype(np.int64)
    u, v = (x - left)[:, None].astype(np.float32), (y - top)[:, None].astype(np.float32)
    corners = [[picture[top + i, left + j].astype(np.float32) for j in (0, 1)] for i in (0, 1)]
    above, below = (one * (1 - u) + other * u for one, other in corners)
    return np.asarray(above * (1 - v) + below * v, np.float32)


def _barycentric(triangle: Floats, point: Floats) -> Floats:
    """Returns (..., 3) shares of the corners (..., 3, 2) at the points (..., 2)."""
    a, b, c = triangle[..., 0, :], triangle[..., 1, :], triangle[..., 2, :]
    u, v, w = b - a, c - a, point - a
    area = u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]
    area = np.where(np.abs(area) < 1e-14, 1e-14, area)
    second = (w[..., 0] * v[..., 1] - w[..., 1] * v[..., 0]) / area
    third = (u[..., 0] * w[..., 1] - u[..., 1] * w[..., 0]) / area
    return np.stack([1 - second - third, second, third], axis=-1)


def _apart(body: Body, skin: Mesh, at: Floats, eyes: Floats) -> Bools:
    """Returns which places belong to the eyes or the mouth, or lie under hair or glasses, which move on their own."""
    out = np.zeros(len(at), bool)
    for eye in eyes:
        out |= np.hypot(at[:, 0] - eye[0], 1.2 * (at[:, 1] - eye[1])) < _AROUND_EYE_M
    pairs = skin.extras.get("lips", [])
    if pairs:
        lips = skin.positions[[int(pair[side]) for pair in pairs for side in ("upper", "lower")]]
        low, high = lips.min(axis=0) - _AROUND_MOUTH_M, lips.max(axis=0) + _AROUND_MOUTH_M
        out |= (at[:, 0] > low[0]) & (at[:, 0] < high[0]) & (at[:, 1] > low[1]) & (at[:, 1] < high[1])
    hair = [mesh.positions for mesh in body.meshes if mesh.name.startswith(("hair", "glass"))]
    if hair:
        from scipy.spatial import cKDTree

        out |= cKDTree(np.concatenate(hair)).query(at, distance_upper_bound=_AROUND_HAIR_M)[0] < _AROUND_HAIR_M
    return out


def _faces_lens(corners: Floats) -> Bools:
    """Returns which triangles are seen from the front and not too flat. corners: (n, 3, 3) x, y in pixels, depth m.

    Depth is brought to pixels by the scale at which the triangles of the whole face appear in both.
    """
    size = np.ptp(corners[..., 1]) / max(0.16, 1e-6)
    points = corners * np.array([1.0, -1.0, -size])
    normal = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    length = np.linalg.norm(normal, axis=1)
    return np.asarray(normal[:, 2] > _SEEN_AT * np.maximum(length, 1e-12))


def _in_front(at: Floats, seen: Seen, skin: str) -> Bools:
    """Returns which texels nothing hides: a coarse depth buffer of texels, skin and whatever may lie before it."""
    others = [p for name, p in seen.points.items() if name == skin or name.startswith(("hair", "glass", "ear"))]
    every: Floats = np.concatenate([at, *(p.astype(np.float64) for p in others)])
    cell = max(3.0, float(np.ptp(at[:, 1]) / 60))
    low = np.floor(at[:, :2].min(axis=0) / cell).astype(np.int64)
    high = np.floor(at[:, :2].max(axis=0) / cell).astype(np.int64)
    size = high - low + 1
    cells = np.floor(every[:, :2] / cell).astype(np.int64) - low
    inside = ((cells >= 0) & (cells < size)).all(axis=1)
    number = cells[:, 1] * size[0] + cells[:, 0]
    nearest = np.full(int(size.prod()), np.inf)
    np.minimum.at(nearest, number[inside], every[inside, 2])
    slope = _BEHIND_M + 0.5 * cell / max(np.ptp(at[:, 1]) / 0.16, 1e-6)
    return np.asarray(at[:, 2] < nearest[number[: len(at)]] + slope)
