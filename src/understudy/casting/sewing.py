"""What is sewn to a shell: bands, collars, hoods, lapels, plackets, buttons and cords, as sweeps along its edges."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree

from understudy.casting.drape import Solid
from understudy.casting.mesh import Bools, Floats, Ints, Part, smoothstep, triangulate, unit, vertex_normals


@dataclass
class Ground:
    """What trimmings lie on: cloth and skin as points with normals, and the skin weights of each."""

    points: Floats
    normals: Floats
    joints: Floats

    def __post_init__(self) -> None:
        self.tree = cKDTree(self.points)

    def height(self, p: Floats) -> tuple[Floats, Floats]:
        """Signed distance (n,) and the way out (n, 3)."""
        distance, near = self.tree.query(p, k=5)
        weight = (1 / (np.asarray(distance) + 2e-3) ** 2)[..., None]
        weight /= weight.sum(1, keepdims=True)
        normal = unit((self.normals[near] * weight).sum(1))
        return np.asarray(((p - (self.points[near] * weight).sum(1)) * normal).sum(1)), normal

    def weights(self, p: Floats) -> Floats:
        """(n, joints) of the nearest points."""
        _, near = self.tree.query(p, k=4)
        return np.asarray(self.joints[near].mean(1))

    def settle(self, p: Floats, least_m: float, *, most_m: Floats | float = np.inf, rounds: int = 4) -> Floats:
        """Points moved along the ground's normals until they lie between two heights over it."""
        p = p.copy()
        for _ in range(rounds):
            height, normal = self.height(p)
            p += normal * (np.clip(height, least_m, most_m) - height)[:, None]
        return p


def within(part: Part, keep: Bools) -> Part:
    """The part without the triangles that have no kept vertex; its vertices stay."""
    return replace(part, triangles=part.triangles[keep[part.triangles].any(1)])


def ground_of(solid: Solid, skin_joints: Floats, cloth: Floats, faces: Ints, cloth_joints: Floats) -> Ground:
    """Skin and cloth as one ground."""
    normals = vertex_normals(cloth, triangulate(faces))
    return Ground(
        np.concatenate([solid.points, cloth]),
        np.concatenate([solid.normals, normals]),
        np.concatenate([skin_joints, cloth_joints]),
    )


@dataclass
class Sweep:
    """A grid of (rows, columns) points; columns run along the edge, rows across the trimming."""

    grid: Floats
    """(rows, columns, 3)"""
    closed: bool
    """whether the last column meets the first"""
    fold: int = 0
    """row at which the sheet turns back on itself, so that its other side shows; 0 for none"""
    lobe: bool = False
    """whether its profile goes round a volume"""

    def parts(self, name: str, material: str, ground: Ground, tile_m: float) -> list[Part]:
        """The meshes on both sides of the fold."""
        if not self.fold:
            return [self.part(name, material, ground, tile_m=tile_m)]
        halves = (self.grid[: self.fold + 1], self.grid[self.fold :])
        return [Sweep(half, self.closed).part(name, material, ground, tile_m=tile_m) for half in halves]

    def part(
        self, name: str, material: str, ground: Ground, weights: Floats | None = None, tile_m: float = 1.0
    ) -> Part:
        """The mesh, uv in tiles of fabric: along the edge, across it. weights: (columns, joints) or the ground's."""
        rows = len(self.grid)
        grid = np.concatenate([self.grid, self.grid[:, :1]], 1) if self.closed else self.grid
        wide = grid.shape[1]
        middle = grid[rows // 2]
        along = np.r_[0.0, np.linalg.norm(np.diff(middle, axis=0), axis=1)].cumsum()
        if self.closed:
            along *= max(1.0, round(along[-1] / tile_m)) * tile_m / max(along[-1], 1e-9)
        across = np.r_[np.zeros((1, wide)), np.linalg.norm(np.diff(grid, axis=0), axis=2)].cumsum(0)
        uv = np.stack([np.broadcast_to(along, across.shape), across], -1).reshape(-1, 2) / tile_m
        index = np.arange(rows * wide).reshape(rows, wide)
        quads = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], -1).reshape(-1, 4)
        flat = grid.reshape(-1, 3)
        normals = _grid_normals(grid, self.closed)
        # a lobe faces away from its own middle, a sheet away from what it lies on
        out = (grid - grid.mean(0)).reshape(-1, 3) if self.lobe else ground.height(flat)[1]
        facing = (out * normals).sum(1)
        if np.median(facing) < 0:
            quads = quads[:, ::-1]
            normals = -normals
        if weights is None:
            joints = ground.weights(flat)
        else:
            ends = np.concatenate([weights, weights[:1]]) if self.closed else weights
            joints = np.tile(ends, (rows, 1))
        return Part(name, material, flat, normals, triangulate(quads), uv=uv, joints=joints)


def _grid_normals(grid: Floats, closed: bool) -> Floats:
    wide = grid.shape[1]
    if closed:
        du = np.roll(grid[:, :-1], -1, 1) - np.roll(grid[:, :-1], 1, 1)
        du = np.concatenate([du, du[:, :1]], 1)
    else:
        du = np.gradient(grid, axis=1) if wide > 1 else np.zeros_like(grid)
    dv = np.gradient(grid, axis=0)
    return unit(np.cross(du, dv)).reshape(-1, 3)


@dataclass
class Edge:
    """An edge to sew to: points in order, the way on over the opening, and the way out of the cloth."""

    points: Floats
    onward: Floats
    """(n, 3) unit, in the cloth, away from it"""
    outward: Floats
    """(n, 3) unit"""
    closed: bool


def edge_of(points: Floats, normals: Floats, *, closed: bool, count: int, smooth: int = 3, sharp: bool = False) -> Edge:
    """An edge resampled to `count` even points. points run counter-clockwise seen along -normal."""
    walk = np.concatenate([points, points[:1]]) if closed else points
    out = np.concatenate([normals, normals[:1]]) if closed else normals
    s = np.r_[0.0, np.linalg.norm(np.diff(walk, axis=0), axis=1)].cumsum()
    at = np.linspace(0, s[-1], count + 1)[:-1] if closed else np.linspace(0, s[-1], count)
    p = np.stack([np.interp(at, s, walk[:, k]) for k in range(3)], 1)
    n = np.stack([np.interp(at, s, out[:, k]) for k in range(3)], 1)
    # the point of a V stays sharp
    point = (p[:, 1] < p[:, 1].min() + 0.004) & (np.abs(p[:, 0]) < 0.004) if sharp else np.zeros(count, bool)
    for _ in range(smooth):
        p, n = np.where(point[:, None], p, _eased(p, closed)), _eased(n, closed)
    n = unit(n)
    t = np.roll(p, -1, 0) - np.roll(p, 1, 0) if closed else np.gradient(p, axis=0)
    t = unit(t)
    return Edge(p, unit(np.cross(n, t)), n, closed)


def _eased(a: Floats, closed: bool) -> Floats:
    mean = (np.roll(a, 1, 0) + np.roll(a, -1, 0)) / 2
    fresh = 0.5 * a + 0.5 * mean
    if not closed:
        fresh[0], fresh[-1] = a[0], a[-1]
    return np.asarray(fresh)


def band(edge: Edge, ground: Ground, width_mm: float, *, stand: float = 0.0, thick_mm: float = 1.6) -> Sweep:
    """A flat ribbed band on the edge, folded over at its top. stand: 0 lies on the neck .. 1 stands up."""
    onward = edge.onward + stand * np.array([0.0, 1.0, 0.0])
    for _ in range(6):
        onward = _eased(onward, edge.closed)
    onward = unit(onward)
    # the point of a V, if there is one, stays a point
    tip = (np.abs(edge.points[:, 0]) < 0.008) & (edge.points[:, 2] > edge.points[:, 2].mean())
    rows = []
    for along, out in _BAND:
        p = edge.points + onward * (along * width_mm * 1e-3) + edge.outward * (out * thick_mm * 1e-3)
        met = (edge.points[:, 0] * p[:, 0] <= 2e-6) & (edge.points[:, 2] > edge.points[:, 2].mean())
        if along > 0 and met.any():
            # both halves of a V meet in the middle of the front, in a point
            first, last = np.flatnonzero(met)[[0, -1]]
            point = (p[first - 1] + p[(last + 1) % len(p)]) / 2
            p[first : last + 1] = (0.0, point[1], point[2])
        least = 0.0014 if along > 0 and out < 0.5 else 0.0022 + out * thick_mm * 1e-3 * 0.5
        row = ground.settle(p, least, rounds=2) if along > 0.1 or out > 0.5 else p
        for _ in range(4):
            row = np.where(tip[:, None], row, _eased(row, edge.closed))
        rows.append(row)
    return Sweep(np.stack(rows), edge.closed)


_BAND = (
    (-0.26, 0.1), (-0.24, 0.6), (-0.10, 1.1), (0.12, 1.4), (0.40, 1.5), (0.70, 1.5),
    (0.92, 1.3), (1.02, 0.7), (1.0, 0.1), (0.85, -0.3), (0.4, -0.6),
)  # fmt: skip


def leaf(edge: Edge, ground: Ground, *, stand_mm: float, fall_mm: float, point_mm: float, lean: float = 0.25) -> Sweep:
    """A shirt collar: a stand round the neck and a fall turned down over it, longer towards its points.

    edge: open, from the actor's left front round the back to the right front.
    """
    n = len(edge.points)
    walk = np.linspace(-1, 1, n)
    s = np.abs(walk)
    front = smoothstep(0.45, 0.95, s)
    up = unit(np.array([0.0, 1.0, 0.0]) + lean * edge.onward)
    away = edge.points - edge.points.mean(0)
    away[:, 1] = 0
    away = unit(away)
    # the stand runs out to nothing along the open front
    stand = stand_mm * (1 - 0.72 * smoothstep(0.55, 1.0, s))
    fall = fall_mm + (point_mm - fall_mm) * smoothstep(0.45, 1.0, s)
    rows = [edge.points - edge.onward * 0.008 - edge.outward * 0.001]
    for out, high in ((0.3, 0.05), (0.4, 0.35), (0.5, 0.7), (0.6, 0.95)):
        rows.append(edge.points + away * out * 1e-3 + up * (stand * high * 1e-3)[:, None])
    for out, high in ((1.4, 1.04), (3.2, 1.05), (4.6, 0.98)):
        rows.append(edge.points + away * out * 1e-3 + up * (stand * high * 1e-3)[:, None])
    top = rows[-1]
    # behind it falls close to the stand, in front it lies on the chest and points down and a little aside
    aside = np.sign(walk)[:, None] * np.sign(edge.points[-1, 0] - edge.points[0, 0]) * np.array([1.0, 0.0, 0.0])
    behind = away * 0.34 - np.array([0.0, 1.0, 0.0])
    ahead = aside * 0.42 + np.array([0.0, -1.0, 0.30])
    down = unit(behind * (1 - front)[:, None] + ahead * front[:, None])
    most = 0.006 + 0.034 * (1 - smoothstep(0.3, 0.75, s))
    for k in range(1, 7):
        share = k / 6
        p = top + down * (fall * share * 1e-3)[:, None]
        rows.append(ground.settle(p, 0.0035 + 0.0025 * share, most_m=most + 0.006 * (1 - share), rounds=3))
    edge_row = rows[-1]
    rows.append(edge_row - unit(edge_row - rows[-2]) * 0.0008 - away * 0.0012)
    grid = np.stack(rows)
    for _ in range(3):
        grid[8:, 1:-1] = 0.5 * grid[8:, 1:-1] + 0.25 * (grid[8:, 2:] + grid[8:, :-2])
    return Sweep(grid, False, fold=5)


def roll(edge: Edge, ground: Ground, axis: tuple[Floats, Floats], height_mm: float, gap_mm: float) -> Sweep:
    """A turtleneck: up the neck and folded down again, round the axis (a point and a direction)."""
    at, up = axis
    flat = edge.points - at
    flat -= (flat @ up)[:, None] * up
    low = (edge.points - at) @ up
    rows = []
    count = 9
    for k in range(count):
        share = k / (count - 1)
        rise = low + (height_mm * 1e-3 + low.mean() - low) * share
        p = at + up * rise[:, None] + flat * (1 - 0.25 * share)
        p = ground.settle(p, gap_mm * 1e-3, most_m=gap_mm * 1e-3 + 0.004 * (1 - share), rounds=5) if k else edge.points
        for _ in range(4):
            p = _eased(p, True)
        rows.append(p)
    # tucked under the cloth it is sewn to, so that the seam cannot gape
    rows.insert(0, edge.points - edge.onward * 0.010 - edge.outward * 0.0015)
    away = unit(rows[-1] - (at + up * ((rows[-1] - at) @ up)[:, None]))
    inner = rows[-1]
    for out, high in ((1.2, 1.6), (3.0, 2.2), (4.6, 1.4)):
        rows.append(inner + away * out * 1e-3 + up * high * 1e-3)
    outer = []
    for k in range(count - 2, 0, -1):
        share = 1 - k / (count - 1)
        outwards = unit(rows[k] - (at + up * ((rows[k] - at) @ up)[:, None]))
        outer.append(rows[k] + outwards * (4.6 + 2.0 * share) * 1e-3)
    outer.append(edge.points - edge.onward * 0.003 + edge.outward * 0.0055)
    # its hem covers the seam and lies on the shoulders
    for k in (-3, -2, -1):
        row = ground.settle(outer[k], 0.004, most_m=0.0075, rounds=3)
        for _ in range(6):
            row = _eased(row, True)
        outer[k] = row
    rows += outer
    last = rows[-1]
    rows.append(last - up * 0.001 - edge.outward * 0.002)
    rows.append(last + edge.onward * 0.003 - edge.outward * 0.0045)
    return Sweep(np.stack(rows), True, fold=count + 2)


def hood(edge: Edge, ground: Ground, rng: np.random.Generator) -> Sweep:
    """A hood lying on the shoulders: a thick soft lobe behind the neck that runs out to the front."""
    p = edge.points
    away = p - p.mean(0)
    away[:, 1] = 0
    away = unit(away)
    turn = np.arctan2(away[:, 0], away[:, 2])
    back = smoothstep(0.25, 2.3, np.abs(turn))
    size = 0.34 + 0.66 * back
    n = len(p)
    wave = np.zeros((len(_HOOD), n))
    for k, amount in ((2, 0.7), (3, 0.5), (5, 0.45), (7, 0.25)):
        phase, drift = rng.uniform(0, 2 * np.pi, 2)
        down = np.linspace(0, 1, len(_HOOD))[:, None]
        wave += amount * np.sin(k * turn + phase + (drift - 3) * 0.8 * down)
    rows = []
    for r, (out, up) in enumerate(_HOOD):
        bulge = 1 + 0.07 * wave[r] * min(1.0, r / 3)
        row = (
            p
            + away * (out * size * bulge * 1e-3)[:, None]
            + np.array([0, 1.0, 0]) * (up * size * bulge * 1e-3)[:, None]
        )
        rows.append(ground.settle(row, 0.003, rounds=2))
    grid = np.stack(rows)
    for _ in range(2):
        grid[2:-1] = 0.5 * grid[2:-1] + 0.25 * (np.roll(grid, 1, 1) + np.roll(grid, -1, 1))[2:-1]
    return Sweep(grid, True, lobe=True)


_HOOD = (
    (0, 0), (-3, 5), (-5, 12), (-4, 20), (0, 27), (7, 31), (17, 31), (29, 27), (41, 17),
    (51, 2), (57, -16), (57, -36), (50, -52), (40, -58), (30, -52), (22, -36),
)  # fmt: skip
"""Profile of the lobe behind the neck: out and up, millimetres."""


def strip(centre: Floats, half_mm: float, ground: Ground, *, lift_mm: float = 1.6) -> Sweep:
    """A flat strip such as a placket over a line of points (n, 3) that lies on the cloth; edges turned down."""
    side = np.array([1.0, 0.0, 0.0])
    rows = []
    for across, up in ((-1.02, 0.1), (-1.0, 0.8), (-0.9, 1.0), (0.0, 1.0), (0.9, 1.0), (1.0, 0.8), (1.02, 0.1)):
        p = centre + side * across * half_mm * 1e-3
        height, normal = ground.height(p)
        rows.append(p + normal * (up * lift_mm * 1e-3 - height)[:, None])
    return Sweep(np.stack(rows), False)


def buttons(places: Floats, normals: Floats, radius_mm: float, ground: Ground, name: str = "buttons") -> Part:
    """Round buttons with a raised rim, one a place."""
    turn = np.linspace(0, 2 * np.pi, 17)[:-1]
    profile = np.array([(0.0, 0.55), (0.55, 0.55), (0.72, 0.95), (0.92, 1.0), (1.0, 0.75), (1.0, 0.0)])
    points, triangles, shade = [], [], []
    start = 0
    for place, normal in zip(places, normals, strict=True):
        x = unit(np.cross(np.array([0.0, 1.0, 0.0]), normal))
        y = np.cross(normal, x)
        rings = [
            place + radius_mm * 1e-3 * r * (np.cos(turn)[:, None] * x + np.sin(turn)[:, None] * y) + normal * 2.2e-3 * h
            for r, h in profile
        ]
        points.append(np.concatenate(rings))
        index = np.arange(len(profile) * 16).reshape(len(profile), 16) + start
        quads = np.stack([index[:-1], index[1:], np.roll(index, -1, 1)[1:], np.roll(index, -1, 1)[:-1]], -1)
        triangles.append(triangulate(quads.reshape(-1, 4)))
        shade.append(np.repeat(np.array([0.55, 0.8, 1.0, 1.0, 0.9, 0.6]), 16))
        start += len(points[-1])
    p, t = np.concatenate(points), np.concatenate(triangles)
    joints = np.repeat(ground.weights(places), 16 * len(profile), 0)
    colour = np.repeat(np.concatenate(shade)[:, None], 3, 1)
    return Part(name, "button", p, vertex_normals(p, t), t, joints=joints, colour=colour)


def tube(line: Floats, radius_mm: Floats, name: str, material: str, ground: Ground) -> Part:
    """A round cord along a line of points (n, 3)."""
    t = unit(np.gradient(line, axis=0))
    side = unit(np.cross(t, np.array([0.0, 0.0, 1.0])))
    other = np.cross(side, t)
    turn = np.linspace(0, 2 * np.pi, 9)[:-1]
    ring = np.cos(turn)[None, :, None] * side[:, None] + np.sin(turn)[None, :, None] * other[:, None]
    p = (line[:, None] + ring * (np.asarray(radius_mm) * 1e-3)[:, None, None]).reshape(-1, 3)
    index = np.arange(len(p)).reshape(len(line), 8)
    after = np.roll(index, -1, 1)
    quads = np.stack([index[:-1], index[1:], after[1:], after[:-1]], -1).reshape(-1, 4)
    triangles = triangulate(quads)
    normals = ring.reshape(-1, 3)
    if (vertex_normals(p, triangles) * normals).sum() < 0:
        triangles = triangles[:, ::-1]
    uv = np.stack([np.tile(turn, len(line)), np.repeat(np.arange(len(line)), 8) * 0.5], 1)
    return Part(name, material, p, normals, triangles, uv=uv, joints=np.repeat(ground.weights(line), 8, 0))
