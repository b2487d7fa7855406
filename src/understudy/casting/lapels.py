"""What lies on the front of a garment: plackets, rows of buttons, lapels and cords."""

import numpy as np
from scipy.interpolate import LinearNDInterpolator

from understudy.casting.mesh import Floats, Part, smoothstep, unit
from understudy.casting.outfit import Garment
from understudy.casting.sewing import Edge, Sweep, buttons, edge_of, tube
from understudy.casting.shell import FRONT, Landmarks


class Front:
    """The front of a garment as heights over the plane one sees it in."""

    def __init__(self, garment: Garment) -> None:
        shell = garment.shell
        ids = np.unique(shell.faces[shell.panel == FRONT])
        p = shell.positions[ids]
        kept = np.abs(p[:, 0]) < 0.20
        self._z = LinearNDInterpolator(p[kept, :2], p[kept, 2])
        self._n = LinearNDInterpolator(p[kept, :2], garment.normals[ids][kept])

    def over(self, xy: Floats, lift_m: Floats | float) -> tuple[Floats, Floats]:
        """Points (n, 3) `lift_m` over the cloth at (n, 2) places, and the cloth's normals."""
        z, n = self._z(xy), self._n(xy)
        bad = np.isnan(z)
        if bad.any():
            good = ~bad
            near = (
                np.argmin(((xy[bad, None] - xy[good][None]) ** 2).sum(2), 1) if good.any() else np.zeros(bad.sum(), int)
            )
            z[bad] = z[good][near] if good.any() else 0.0
            n[bad] = n[good][near] if good.any() else (0.0, 0.0, 1.0)
        n = unit(np.asarray(n))
        return np.asarray(np.c_[xy, z] + n * np.broadcast_to(lift_m, len(xy))[:, None]), n


def front_line(garment: Garment, marks: Landmarks) -> Floats:
    """(n, 3) down the middle of the front, from the neckline to the hem."""
    p = garment.shell.positions[garment.shell.neckline]
    middle = p[(np.abs(p[:, 0]) < 0.02) & (p[:, 2] > marks.nape[2] + 0.03)]
    top = float(middle[:, 1].min()) - 0.002
    y = np.linspace(top, marks.hips_m - 0.02, 70)
    line, _ = Front(garment).over(np.c_[np.zeros(len(y)), y], 0.0)
    return line


def along(line: Floats, first_m: float, step_m: float) -> Floats:
    """Points on a line at equal steps."""
    s = np.r_[0.0, np.linalg.norm(np.diff(line, axis=0), axis=1)].cumsum()
    at = np.arange(first_m, s[-1], step_m)
    return np.stack([np.interp(at, s, line[:, k]) for k in range(3)], 1)


def button_row(garment: Garment, places: Floats, radius_mm: float) -> Part:
    """Buttons lying on the front at places."""
    seats, normals = Front(garment).over(places[:, :2], 0.0018)
    return buttons(seats, normals, radius_mm, garment.ground)


def lapels(garment: Garment, marks: Landmarks) -> tuple[list[Sweep], Floats]:
    """Both lapels and the collar of a jacket, and where its buttons sit.

    A lapel is the front folded back along the edge of the V: wide at the chest, notched under the collar.
    """
    front = Front(garment)
    rim = garment.shell.neckline
    p = garment.shell.positions[rim]
    low = int(np.argmin(p[:, 1] + 10 * (p[:, 2] < marks.notch[2] - 0.05)))
    sweeps = []
    for sign, side in ((1.0, p[: low + 1]), (-1.0, p[low:][::-1])):
        ahead = side[side[:, 2] > marks.notch[2] - 0.075]
        s = np.r_[0.0, np.linalg.norm(np.diff(ahead, axis=0), axis=1)].cumsum()
        at = np.linspace(0, s[-1], 44)
        edge = np.stack([np.interp(at, s, ahead[:, k]) for k in range(3)], 1)[::-1]
        for _ in range(6):
            edge[1:-1] = 0.5 * edge[1:-1] + 0.25 * (edge[2:] + edge[:-2])
        up = np.linspace(0, 1, len(edge))
        # from the button to the point, then the notch and the collar above it
        wide = np.interp(up, [0.0, 0.12, 0.40, 0.66, 0.70, 0.705, 0.80, 1.0], [4, 26, 58, 82, 84, 50, 54, 50]) * 1e-3
        drop = np.interp(up, [0.0, 0.5, 0.66, 0.70, 0.705, 0.8, 1.0], [0, 4, -4, -10, -2, 6, 4]) * 1e-3
        rows = []
        for share in (-0.10, 0.0, 0.06, 0.16, 0.32, 0.5, 0.68, 0.85, 0.96, 1.0, 0.97):
            # the fold reaches a little past the edge of the cloth under it
            over = sign * (wide * share - 0.004 * smoothstep(0.0, 0.1, up))
            xy = edge[:, :2] + np.stack([over, -drop * np.clip(share, 0, 1)], 1)
            # round at the fold, flat at its edge
            swell = 0.0085 * np.exp(-(((share - 0.06) / 0.16) ** 2)) + 0.0038
            lift = np.where(share < 0, -0.002, swell) * (0.5 + 0.5 * smoothstep(0.0, 0.15, up))
            lift = lift - (0.003 if share == 0.97 else 0.0)
            row, _ = front.over(xy, lift)
            rows.append(row)
        grid = np.stack(rows)
        grid[:, -10:] = _over_shoulder(grid[:, -10:], garment)
        for _ in range(12):
            # pressed: no waves along the fold, and none in depth; the notch stays cut
            grid[:7, 1:-1] = 0.5 * grid[:7, 1:-1] + 0.25 * (grid[:7, 2:] + grid[:7, :-2])
            grid[7:, 1:-1, 2] = 0.5 * grid[7:, 1:-1, 2] + 0.25 * (grid[7:, 2:, 2] + grid[7:, :-2, 2])
        grid[3:10] = garment.ground.settle(grid[3:10].reshape(-1, 3), 0.0022, rounds=2).reshape(grid[3:10].shape)
        sweeps.append(Sweep(grid, False))
    return [*sweeps, *_jacket_collar(garment, marks)], _buttons_below(garment, marks, p[low])


def _over_shoulder(grid: Floats, garment: Garment) -> Floats:
    """Keeps the top of a lapel off the cloth where the front turns over the shoulder."""
    flat = grid.reshape(-1, 3)
    return garment.ground.settle(flat, 0.003, most_m=0.006, rounds=3).reshape(grid.shape)


def _jacket_collar(garment: Garment, marks: Landmarks) -> list[Sweep]:
    """The fall of the collar round the back of the neck, down to the notches."""
    rim = garment.shell.neckline
    p, n = garment.shell.positions[rim], garment.normals[rim]
    chosen = np.flatnonzero(p[:, 2] < marks.notch[2] - 0.012)
    gap = int(np.argmax(np.diff(np.r_[chosen, chosen[0] + len(rim)])))
    order = np.roll(chosen, -(gap + 1))[::-1]
    edge = edge_of(p[order], n[order], closed=False, count=64, smooth=6)
    s = np.abs(np.linspace(-1, 1, len(edge.points)))
    away = edge.points - np.array([0.0, 0.0, (marks.notch[2] + marks.nape[2]) / 2])
    away[:, 1] = 0
    away = unit(away)
    up = np.array([0.0, 1.0, 0.0])
    stand = (0.026 - 0.014 * smoothstep(0.5, 1.0, s))[:, None]
    rows = []
    for out, high in ((0.001, -0.2), (0.001, 0.3), (0.0015, 0.75), (0.003, 1.0), (0.006, 1.05), (0.010, 0.95)):
        rows.append(edge.points + away * out + up * stand * high)
    top = rows[-1]
    fall = (0.040 + 0.010 * smoothstep(0.4, 1.0, s))[:, None]
    for k in range(1, 6):
        down = unit(away * (0.55 + 0.5 * smoothstep(0.4, 1.0, s))[:, None] - up)
        rows.append(garment.ground.settle(top + down * fall * (k / 5), 0.009, most_m=0.02, rounds=3))
    rows.append(rows[-1] - away * 0.002 - up * 0.001)
    grid = np.stack(rows)
    for _ in range(10):
        grid[6:, 1:-1] = 0.5 * grid[6:, 1:-1] + 0.25 * (grid[6:, 2:] + grid[6:, :-2])
    return [Sweep(grid, False, fold=3)]


def _buttons_below(garment: Garment, marks: Landmarks, low: Floats) -> Floats:
    y = low[1] - np.array([0.012, 0.105])
    line, _ = Front(garment).over(np.c_[np.full(2, 0.012), y], 0.0)
    return line


def cords(garment: Garment, marks: Landmarks, edge: Edge) -> list[Part]:
    """Two cords that hang from the front of a hood."""
    front = Front(garment)
    found = []
    for sign, length in ((1.0, 0.165), (-1.0, 0.150)):
        p = edge.points
        start = p[np.argmin(np.abs(p[:, 0] - sign * 0.030) + 10 * (p[:, 2] < marks.notch[2] - 0.02))]
        s = np.linspace(0, 1, 26)
        x = start[0] + sign * (0.010 * s + 0.004 * np.sin(5 * s + sign))
        y = start[1] - 0.004 - length * s
        line, _ = front.over(np.c_[x, y], 0.0032 + 0.012 * smoothstep(0.25, 0.0, s))
        width = np.where(s > 0.93, 3.1, np.where(s > 0.90, 3.6, 2.5))
        found.append(tube(line, width, "cords", "clothTrim", garment.ground))
    return found
