"""Laying a garment's panels flat: fabric coordinates in metres, grain running down, as a tailor cuts cloth.

Front and back are flattened with least-squares conformal maps (Levy et al., "Least Squares Conformal Maps for
Automatic Texture Atlas Generation", 2002); sleeves are slit under the arm and rolled out.
"""

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import splu

from understudy.casting.body import Body
from understudy.casting.mesh import Floats, Ints, triangulate, unit
from understudy.casting.shell import BACK, FRONT, LEFT_SLEEVE, RIGHT_SLEEVE, Shell, arm_axis


def lay_flat(body: Body, shell: Shell) -> Floats:
    """(faces, 4, 2) metres of fabric at each corner: across and up the grain."""
    corners = np.zeros((len(shell.faces), 4, 2))
    for panel in (FRONT, BACK):
        chosen = shell.panel == panel
        if chosen.any():
            used, faces = np.unique(shell.faces[chosen], return_inverse=True)
            corners[chosen] = _conformal(shell.cut[used], faces.reshape(-1, 4))[faces.reshape(-1, 4)]
    for panel, sign in ((LEFT_SLEEVE, 1.0), (RIGHT_SLEEVE, -1.0)):
        chosen = shell.panel == panel
        if chosen.any():
            corners[chosen] = _rolled(body, shell.cut[shell.faces[chosen]], sign)
    return corners


def _conformal(p: Floats, faces: Ints) -> Floats:
    """(vertices, 2): conformal, with the middle of the panel straight and at its true length."""
    triangles = triangulate(faces)
    a, b, c = (p[triangles[:, k]] for k in range(3))
    x = unit(b - a)
    n = np.cross(x, c - a)
    area = np.linalg.norm(n, axis=1)
    sound = area > 1e-9
    triangles, a, b, c, x, n, area = (v[sound] for v in (triangles, a, b, c, x, n, area))
    y = np.cross(unit(n), x)
    flat = [np.stack([((q - a) * x).sum(1), ((q - a) * y).sum(1)], 1) for q in (a, b, c)]
    weight = 1 / np.sqrt(area)
    rows, columns, real, imaginary = [], [], [], []
    for k in range(3):
        edge = flat[(k + 2) % 3] - flat[(k + 1) % 3]
        rows.append(np.arange(len(triangles)))
        columns.append(triangles[:, k])
        real.append(edge[:, 0] * weight)
        imaginary.append(edge[:, 1] * weight)
    at = (np.concatenate(rows), np.concatenate(columns))
    shape = (len(triangles), len(p))
    re, im = (sp.csr_matrix((np.concatenate(v), at), shape=shape) for v in (real, imaginary))
    system = sp.bmat([[re, -im], [im, re]]).tocsc()
    middle = np.flatnonzero(np.abs(p[:, 0]) < 0.012)
    line = middle[np.argsort(p[middle, 1])]
    low, high = line[0], line[-1]
    heights = np.linspace(p[low, 1], p[high, 1], 12)
    depth = np.interp(heights, p[line, 1], p[line, 2])
    length = np.hypot(np.diff(heights), np.diff(depth)).sum()
    count = len(p)
    pinned = np.array([low, high, count + low, count + high])
    value = np.array([p[low, 0], p[high, 0], p[low, 1], p[low, 1] + length])
    free = np.setdiff1d(np.arange(2 * count), pinned)
    right = -(system[:, pinned] @ value)
    part = system[:, free]
    solved = np.zeros(2 * count)
    solved[pinned] = value
    normal = (part.T @ part + 1e-10 * sp.identity(part.shape[1])).tocsc()
    solved[free] = splu(normal).solve(part.T @ right)
    return np.stack([solved[:count], solved[count:]], 1)


def _rolled(body: Body, p: Floats, sign: float) -> Floats:
    """(faces, 4, 2) of a sleeve: round the arm at its own girth, and along it."""
    spread = body.positions if body.spread is None else body.spread
    shoulder, along = arm_axis(body, spread, sign)
    flat = (p - shoulder).reshape(-1, 3)
    length = flat @ along
    bins = np.clip(((length - length.min()) / 0.03).astype(int), 0, None)
    total = np.bincount(bins)
    centre = np.stack([np.bincount(bins, flat[:, k]) / np.maximum(total, 1) for k in range(3)], 1)
    steps = length.min() + 0.03 * (np.arange(len(total)) + 0.5)
    kept = total > 0
    middle = np.stack([np.interp(length, steps[kept], centre[kept, k]) for k in range(3)], 1)
    outside = unit(np.cross(np.array([0.0, 0.0, 1.0]), along) * np.array([1.0, 1.0, 1.0]))
    if outside[1] < 0:
        outside = -outside
    ahead = np.cross(along, outside)
    away = flat - middle
    turn = np.arctan2(away @ ahead, away @ outside).reshape(-1, 4)
    wide = np.ptp(turn, axis=1) > np.pi
    turn = np.where(wide[:, None] & (turn < 0), turn + 2 * np.pi, turn)
    radius = np.linalg.norm(away - (away @ along)[:, None] * along, axis=1)
    girth = np.bincount(bins, radius) / np.maximum(total, 1)
    around = turn * np.interp(length, steps[kept], girth[kept]).reshape(-1, 4) * sign
    return np.stack([around, -length.reshape(-1, 4)], -1)
