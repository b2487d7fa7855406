"""The pink of the inner corner of the eye: the caruncle, and the half-moon fold (plica) between it and the white."""

import numpy as np

from understudy.base.channels import JOINTS
from understudy.casting.anatomy import Eye
from understudy.casting.lids import find_margin
from understudy.casting.mesh import Floats, Ints, Part, smoothstep, triangulate, unit, vertex_normals
from understudy.casting.surface import Surface

REACH_M = 0.0046
"""How far from the corner the fold ends."""
LUMP_M, FOLD_M = 0.00080, 0.00030
"""How far caruncle and fold stand out of the eyeball."""
_ALONG, _ACROSS = 17, 13
PINK, FOLD, PALE = (0.27, 0.080, 0.062), (0.36, 0.155, 0.13), (0.44, 0.29, 0.255)


def make_caruncle(surface: Surface, eye: Eye, name: str, size: float, melanin: float) -> Part:
    """One corner; it lies between the margins of the lids and closes with them. size: 1 is the mean."""
    margin = find_margin(surface, eye)
    u = np.linspace(0, 1, _ALONG)
    upper, lower = (_beside(surface, ids, u * REACH_M * (0.75 + 0.25 * size)) for ids in (margin.upper, margin.lower))
    v = np.linspace(-0.25, 1.25, _ACROSS)
    away = 2 * v - 1
    lump = np.exp(-(((u[:, None] - 0.38) / 0.20) ** 2) - (away[None] / 0.50) ** 2)
    bow = 0.90 - 0.42 * away**2
    fold = np.exp(-(((u[:, None] - bow[None] + 0.12) / 0.085) ** 2)) * (1 - 0.5 * np.clip(np.abs(away), 0, 1))[None]
    grain = 1 + 0.16 * np.sin(u * 37)[:, None] * np.cos(v * 19)[None]
    high = LUMP_M * size * lump * grain + FOLD_M * fold
    sink = 0.0009 * smoothstep(0.0, 0.12, u[:, None] - bow[None])
    tuck = 0.0008 * smoothstep(0.86, 1.30, np.abs(away))[None]

    def grid(positions: Floats) -> Floats:
        """(along * across, 3) for the skin at some pose."""
        top, low = (positions[a] * (1 - w) + positions[b] * w for a, b, w in (upper, lower))
        between = low[:, None] * (1 - v)[None, :, None] + top[:, None] * v[None, :, None]
        gap = np.linalg.norm(top - low, axis=1)
        rise = high * np.clip(gap / 0.0022, 0, 1)[:, None]
        offset = between - eye.centre
        distance = np.linalg.norm(offset, axis=2, keepdims=True)
        # near the corner it grows out of the skin, farther on it lies on the eyeball
        base = np.where(u[:, None, None] < 0.2, np.maximum(distance, eye.radius), eye.radius)
        return np.asarray((eye.centre + offset / distance * (base + (rise - sink - tuck)[..., None])).reshape(-1, 3))

    positions = grid(surface.positions)
    index = np.arange(_ALONG * _ACROSS).reshape(_ALONG, _ACROSS)
    quads = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], -1).reshape(-1, 4)
    triangles: Ints = triangulate(quads)
    normals = vertex_normals(positions, triangles)
    if (normals * (positions - eye.centre)).sum() < 0:
        triangles, normals = triangles[:, ::-1], -normals
    deltas = np.stack([grid(surface.positions + delta) for delta in surface.deltas]) - positions
    deltas[np.abs(deltas).max((1, 2)) < 2e-6] = 0.0
    joints = np.zeros((len(positions), surface.joints.shape[1]))
    joints[:, JOINTS.index("head")] = 1.0
    weight = np.stack([lump + 0.15, fold, 0.35 * np.broadcast_to(u[:, None], lump.shape)], -1)
    colour = (
        (weight / weight.sum(-1, keepdims=True))
        @ np.array([PINK, FOLD, PALE])
        * (1 - 0.38 * np.clip(melanin / 2.5, 0, 1))
    )
    shade = (1 - 0.45 * smoothstep(0.45, 1.0, np.abs(away)))[None] * np.interp(u, [0, 0.35, 1], [0.45, 1.0, 1.0])[
        :, None
    ]
    return Part(
        name=name,
        material="caruncle",
        positions=positions,
        normals=unit(normals),
        triangles=triangles,
        joints=joints,
        deltas=deltas,
        colour=(colour * shade[..., None]).reshape(-1, 3),
    )


def _beside(surface: Surface, ids: Ints, reach_m: Floats) -> tuple[Ints, Ints, Floats]:
    """Where on a margin lie distances (k,) from the inner corner, measured across the face: ids and a weight."""
    x = np.abs(surface.positions[ids, 0])
    x = np.maximum.accumulate(x + np.arange(len(x)) * 1e-9)
    wanted = x[0] + reach_m
    before = np.clip(np.searchsorted(x, wanted, side="right") - 1, 0, len(ids) - 2)
    weight = np.clip((wanted - x[before]) / np.maximum(x[before + 1] - x[before], 1e-9), 0, 1)
    return ids[before], ids[before + 1], weight[:, None]
