"""Small hard things as meshes: wires, bars, beads and rings."""

import numpy as np

from understudy.casting.mesh import Floats, Ints, triangulate, unit, vertex_normals

Piece = tuple[Floats, Floats, Ints]
"""positions (n, 3), normals (n, 3), triangles (m, 3)"""


def swept(line: Floats, section: Floats, *, closed: bool, across: Floats | None = None) -> Piece:
    """A section (k, 2) swept along a line (n, 3).

    The first axis of the section points along `across` (n, 3), made square to the line; the second is square to both.
    Open ends are capped.
    """
    t = unit(np.roll(line, -1, 0) - np.roll(line, 1, 0)) if closed else unit(np.gradient(line, axis=0))
    guide = np.broadcast_to(np.array([0.0, 1.0, 0.0]), line.shape) if across is None else across
    x = unit(guide - t * (guide * t).sum(1, keepdims=True))
    y = np.cross(t, x)
    rings = line[:, None] + section[None, :, :1] * x[:, None] + section[None, :, 1:] * y[:, None]
    n, k = rings.shape[:2]
    index = np.arange(n * k).reshape(n, k)
    low, high = (index, np.roll(index, -1, 0)) if closed else (index[:-1], index[1:])
    quads = np.stack([low, high, np.roll(high, -1, 1), np.roll(low, -1, 1)], -1).reshape(-1, 4)
    p = rings.reshape(-1, 3)
    triangles = triangulate(quads)
    if not closed:
        ends = []
        for ring, turn in ((index[0], 1), (index[-1], -1)):
            fan = np.stack([np.full(k - 2, ring[0]), ring[1:-1], ring[2:]], 1)
            ends.append(fan[:, ::turn])
        triangles = np.concatenate([triangles, *ends])
    return _facing_out(p, triangles, np.repeat(line, k, 0))


def round_section(radius_m: float, count: int = 8) -> Floats:
    """(count, 2) of a round wire."""
    turn = np.linspace(0, 2 * np.pi, count + 1)[:-1]
    return radius_m * np.stack([np.cos(turn), np.sin(turn)], 1)


def bar_section(wide_m: float, deep_m: float, count: int = 12, square: float = 4.0) -> Floats:
    """(count, 2) of a bar with rounded edges (a superellipse)."""
    turn = np.linspace(0, 2 * np.pi, count + 1)[:-1] + np.pi / count
    c, s = np.cos(turn), np.sin(turn)
    r = (np.abs(c) ** square + np.abs(s) ** square) ** (-1 / square)
    return np.stack([r * c * wide_m / 2, r * s * deep_m / 2], 1)


def bead(centre: Floats, radii_m: Floats, *, count: int = 14, taper: float = 0.0) -> Piece:
    """An ellipsoid; taper > 0 draws its upper end out like a drop."""
    turn = np.linspace(0, 2 * np.pi, count + 1)[:-1]
    polar = np.linspace(0.02, np.pi - 0.02, count // 2 + 2)
    narrow = 1 - taper * np.clip(np.cos(polar), 0, 1) ** 1.5
    ring = np.stack([np.cos(turn), np.zeros(count), np.sin(turn)], 1)
    p = np.sin(polar)[:, None, None] * narrow[:, None, None] * ring + np.cos(polar)[:, None, None] * np.array(
        [0.0, 1.0, 0.0]
    )
    flat = (p * radii_m + centre).reshape(-1, 3)
    index = np.arange(len(flat)).reshape(len(polar), count)
    quads = np.stack([index[:-1], index[1:], np.roll(index, -1, 1)[1:], np.roll(index, -1, 1)[:-1]], -1).reshape(-1, 4)
    return _facing_out(flat, triangulate(quads), np.broadcast_to(centre, flat.shape))


def together(pieces: list[Piece]) -> Piece:
    """Several pieces as one."""
    starts = np.cumsum([0] + [len(p) for p, _, _ in pieces])[:-1]
    return (
        np.concatenate([p for p, _, _ in pieces]),
        np.concatenate([n for _, n, _ in pieces]),
        np.concatenate([t + s for (_, _, t), s in zip(pieces, starts, strict=True)]),
    )


def _facing_out(p: Floats, triangles: Ints, middle: Floats) -> Piece:
    normals = vertex_normals(p, triangles)
    if ((p - middle) * normals).sum() < 0:
        triangles, normals = triangles[:, ::-1], -normals
    return p, normals, triangles
