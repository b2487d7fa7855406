"""Gums, palate and floor of the mouth: one surface per jaw, scalloped round the necks of the teeth."""

from dataclasses import dataclass

import numpy as np

from understudy.casting.arch import Arch
from understudy.casting.mesh import Floats, Ints, triangulate, vertex_normals

_SAMPLES = 113


@dataclass(frozen=True)
class Row:
    """Where the teeth of one jaw stand on the arch, from the middle outwards.

    ends: (8,) arc lengths of the contacts, metres; neck: (7,) height of the gum line over the plane of the bite;
    contact: (7,) height of the contact at the outer side of each tooth; depth: (7,) of each crown.
    """

    ends: Floats
    neck: Floats
    contact: Floats
    depth: Floats


def make_gum(which: str, arch: Arch, row: Row, edge_y: float, colour: Floats) -> tuple[Floats, Ints, Floats]:
    """Positions (n, 3), triangles and colours of one jaw's gum with what lies inside its arch."""
    sign = 1.0 if which == "upper" else -1.0
    # past its end an arch stands still, and triangles would have no size
    reach = min(row.ends[-1] + 0.001, arch.reach)
    # samples crowd at the gaps, where the papillae are
    s = np.linspace(-reach, reach, _SAMPLES)
    point, _, normal = arch.at(s)
    a = np.abs(s)
    middle = (row.ends[1:] + row.ends[:-1]) / 2
    half = np.interp(a, middle, np.diff(row.ends) / 2)
    neck, depth = np.interp(a, middle, row.neck), np.interp(a, middle, row.depth)
    gap = np.min(np.abs(a[:, None] - row.ends[None, :-1]), axis=1)
    tip = np.interp(a, row.ends[1:], row.contact)
    between = np.clip(1 - gap / half, 0, 1)
    """1 between two teeth, 0 at the middle of one"""
    scallop = between**2.2
    line = neck * (1 - scallop) + (tip + 0.0006) * scallop
    # lower crowns stand farther back under their gum
    flush, tall = (0.0, 1.0) if which == "upper" else (-0.0005, 0.62)
    rows: list[tuple[Floats, Floats]] = [
        (np.full_like(s, -0.0016) - 0.0012 * scallop, line + 0.0006),
        (flush + 0.0001 - 0.0021 * scallop, line - 0.0001),
        (flush + 0.0006 - 0.0015 * scallop, line + 0.0006 + 0.0002 * scallop),
        (0.7 * flush + 0.0010 - 0.0009 * scallop, np.maximum(line + 0.0018, neck + 0.0006 * between)),
        (0.0012 - 0.0005 * between, neck + 0.0034 * tall),
        (0.0010 - 0.0002 * between, neck + 0.0062 * tall),
        (np.full_like(s, 0.0003), neck + 0.0090 * tall),
    ]
    labial = rows[::-1]
    lingual_line = neck - 0.0010 - 0.0012 * between
    inside: list[tuple[Floats, Floats]] = [
        (-depth * 0.80, lingual_line),
        (-depth * 0.96 - 0.0004, lingual_line + 0.0008),
        (-depth - 0.0012, lingual_line + 0.0026),
    ]
    flat, up, shade = [], [], []
    for number, (out, y) in enumerate(labial + inside):
        flat.append(point + normal * out[:, None])
        up.append(y)
        shade.append(np.interp(number, [0, 2, 5, 6, 9], [0.72, 0.88, 1.0, 0.92, 0.9]) * (1 - 0.10 * between))
    last, base = flat[-1], up[-1]
    widest = np.abs(last[:, 0]).max()
    aim = np.stack([np.zeros_like(s), last[:, 1] - 0.015 * (1 - (last[:, 0] / widest) ** 2)], 1)
    vault = 0.0105 if which == "upper" else 0.0050
    for k in np.linspace(0.14, 1.0, 9):
        ripple = 0.00035 * np.sin(k * 22.0) * (np.abs(last[:, 0]) < 0.6 * widest) if which == "upper" else 0.0
        flat.append(last * (1 - k) + aim * k)
        up.append(base + vault * np.sin(k * np.pi / 2) ** 1.2 + ripple)
        shade.append(np.full_like(s, 0.92 - 0.20 * k))
    plane, height = np.stack(flat, 1), np.stack(up, 1)
    positions = np.stack([plane[..., 0], edge_y + sign * height, plane[..., 1]], -1)
    count, columns = positions.shape[:2]
    index = np.arange(count * columns).reshape(count, columns)
    quads = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], -1).reshape(-1, 4)
    triangles = triangulate(quads)
    points = positions.reshape(-1, 3)
    # the front of the gum faces the lips
    front = index[_SAMPLES // 2, 2]
    if vertex_normals(points, triangles)[front, 2] < 0:
        triangles = triangles[:, ::-1]
    tone = np.stack(shade, 1).reshape(-1, 1)
    redder = 1 - (1 - tone) * np.array([0.6, 1.25, 1.2])
    return points, triangles, np.clip(colour * redder, 0, 1)
