"""How strands lie to each other, to the cards they stand for and to the skin they grow from: what every look asks."""

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Body, Mesh

Floats = npt.NDArray[np.float32]

_SHARES = (0.35, 0.6, 0.85, 1.0)
"""Where along strands their neighbours are looked for."""


def beside(cards: Mesh, lines: Floats) -> tuple[npt.NDArray[np.intp], Floats]:
    """Returns the vertex of the cards nearest to each point (n, k, 3), flat, and the mean normal (n, k, 3) there."""
    from scipy.spatial import cKDTree

    _, near = cKDTree(cards.positions).query(lines.reshape(-1, 3), k=min(6, len(cards.positions)))
    near = near.reshape(lines.shape[0] * lines.shape[1], -1)
    normal = cards.normals[near].mean(1)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-6)
    return near[:, 0], np.asarray(normal.reshape(lines.shape), np.float32)


def depth(lines: Floats) -> Floats:
    """Returns (n,) how deep each strand (n, k, 3) lies among its neighbours: 0 outermost .. 1 innermost."""
    from scipy.spatial import cKDTree

    middle = lines[:, lines.shape[1] // 2]
    far = np.linalg.norm(middle - lines[:, 0].mean(0), axis=1)
    near = cKDTree(middle).query(middle, k=min(20, len(middle)))[1].reshape(len(middle), -1)
    return np.asarray((far[near] > far[:, None]).mean(1), np.float32)


def alone(lines: Floats, neighbours: int, times: float) -> npt.NDArray[np.bool_]:
    """Returns (n,) whether so many neighbours are somewhere more than `times` as far away as is usual."""
    from scipy.spatial import cKDTree

    found = np.zeros(len(lines), bool)
    for share in _SHARES:
        at = lines[:, round(share * (lines.shape[1] - 1))]
        far = cKDTree(at).query(at, k=min(neighbours + 1, len(at)))[0].reshape(len(at), -1)[:, -1]
        found |= far > times * np.median(far)
    return found


def painted(skin: Mesh, body: Body, points: Floats) -> Floats:
    """Returns (n, 3) linear colour of the skin at the vertex nearest to each point."""
    from scipy.spatial import cKDTree

    base = np.asarray(skin.material.base_colour[:3], np.float32)
    if skin.uv is None or skin.material.albedo is None:
        return np.tile(base, (len(points), 1))
    texels = body.pictures[skin.material.albedo].pixels(512)
    size = np.array([texels.shape[1], texels.shape[0]])
    uv = skin.uv[cKDTree(skin.positions).query(points)[1]] % 1.0
    x, y = np.minimum(uv * size, size - 1).astype(int).T
    value = texels[y, x] / np.float32(255.0)
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear * base, np.float32)
