"""Rotations in the conventions of `base.channels`."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Doubles = npt.NDArray[np.float64]


def matrix_from_pitch_yaw_roll(pitch: float, yaw: float, roll: float) -> Floats:
    """Returns the (3, 3) matrix Ry(yaw) Rx(pitch) Rz(roll), radians."""
    cp, sp, cy, sy, cr, sr = np.cos(pitch), np.sin(pitch), np.cos(yaw), np.sin(yaw), np.cos(roll), np.sin(roll)
    rx = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    ry = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    rz = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return np.asarray(ry @ rx @ rz)


def matrix_from_vector(vector: Floats) -> Floats:
    """Returns the (3, 3) matrix of a rotation vector (axis times angle, radians), by Rodrigues' formula."""
    angle = float(np.linalg.norm(vector))
    if angle < 1e-9:
        return np.eye(3)
    x, y, z = np.asarray(vector) / angle
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * (k @ k))


def matrices_from_vectors(vectors: npt.ArrayLike) -> Doubles:
    """Returns the (..., 3, 3) matrices of (..., 3) rotation vectors, by Rodrigues' formula."""
    given = np.asarray(vectors, np.float64)
    angle = lengths(given)
    safe = np.maximum(angle, 1e-12)
    half = np.sin(0.5 * angle) / safe
    out = (2 * half * half * given)[..., None] * given[..., None, :]
    around = np.sin(angle) / safe * given
    cosine = np.cos(angle[..., 0])
    for i, j, k in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        out[..., i, i] += cosine
        out[..., k, j] += around[..., i]
        out[..., j, k] -= around[..., i]
    return out


class Turning:
    """Turns about axes that stay. axes: (..., 3) unit vectors."""

    def __init__(self, axes: npt.ArrayLike) -> None:
        axis = np.asarray(axes, np.float64)
        self._across = np.zeros((*axis.shape, 3))
        for i, j, k in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
            self._across[..., k, j], self._across[..., j, k] = axis[..., i], -axis[..., i]
        self._twice = self._across @ self._across

    def by(self, angles: Doubles) -> Doubles:
        """Returns the (..., 3, 3) matrices of angles that the axes are broadcast to."""
        angle = angles[..., None, None]
        half = np.sin(0.5 * angle)
        return np.asarray(np.eye(3) + np.sin(angle) * self._across + 2 * half * half * self._twice)


def lengths(vectors: Doubles) -> Doubles:
    """Returns (..., 1): the lengths of (..., 3) vectors."""
    return np.asarray(np.sqrt(np.add.reduce(vectors * vectors, -1, keepdims=True)))


def vectors_from_matrices(matrices: npt.ArrayLike) -> Doubles:
    """Returns the (..., 3) rotation vectors of (..., 3, 3) matrices, by quaternions, exact for half turns too."""
    m = np.asarray(matrices, np.float64)
    x, y, z = (m[..., i, i] for i in range(3))
    # the four candidates of Shepperd (1978); the one with the largest pivot is taken
    candidates = np.empty((*m.shape[:-2], 4, 4))
    candidates[..., 0, 0], candidates[..., 1, 1] = 1 + x + y + z, 1 + x - y - z
    candidates[..., 2, 2], candidates[..., 3, 3] = 1 - x + y - z, 1 - x - y + z
    for i, j, k in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        candidates[..., 0, i + 1] = candidates[..., i + 1, 0] = m[..., k, j] - m[..., j, k]
        candidates[..., j + 1, k + 1] = candidates[..., k + 1, j + 1] = m[..., j, k] + m[..., k, j]
    best = np.diagonal(candidates, axis1=-2, axis2=-1).argmax(-1)
    q = np.take_along_axis(candidates, best[..., None, None], -2)[..., 0, :]
    q = np.where(q[..., :1] < 0, -q, q)
    sine = lengths(q[..., 1:])
    angle = 2 * np.arctan2(sine, q[..., :1])
    return np.asarray(q[..., 1:] * (angle / np.maximum(sine, 1e-12)))
