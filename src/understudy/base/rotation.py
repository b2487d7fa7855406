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
    """Returns the (n, 3, 3) matrices of (n, 3) rotation vectors."""
    given = np.asarray(vectors, np.float64)
    angle = np.linalg.norm(given, axis=-1)[..., None, None]
    axis = given / np.maximum(angle[..., 0], 1e-12)
    k = np.zeros((*given.shape[:-1], 3, 3))
    k[..., 0, 1], k[..., 0, 2], k[..., 1, 2] = -axis[..., 2], axis[..., 1], -axis[..., 0]
    k -= np.swapaxes(k, -1, -2)
    return np.asarray(np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * (k @ k))


def vectors_from_matrices(matrices: npt.ArrayLike) -> Doubles:
    """Returns the (n, 3) rotation vectors of (n, 3, 3) matrices, by way of quaternions, exact for half turns too."""
    m = np.asarray(matrices, np.float64)
    x, y, z = (m[..., i, i] for i in range(3))
    # the four candidates of Shepperd (1978); the one with the largest pivot is taken
    candidates = np.stack(
        [
            np.stack([1 + x + y + z, m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0],
                      m[..., 1, 0] - m[..., 0, 1]], -1),
            np.stack([m[..., 2, 1] - m[..., 1, 2], 1 + x - y - z, m[..., 0, 1] + m[..., 1, 0],
                      m[..., 0, 2] + m[..., 2, 0]], -1),
            np.stack([m[..., 0, 2] - m[..., 2, 0], m[..., 0, 1] + m[..., 1, 0], 1 - x + y - z,
                      m[..., 1, 2] + m[..., 2, 1]], -1),
            np.stack([m[..., 1, 0] - m[..., 0, 1], m[..., 0, 2] + m[..., 2, 0], m[..., 1, 2] + m[..., 2, 1],
                      1 - x - y + z], -1),
        ],
        -2,
    )  # fmt: skip
    best = np.argmax(np.stack([candidates[..., i, i] for i in range(4)], -1), -1)
    q = np.take_along_axis(candidates, best[..., None, None], -2)[..., 0, :]
    q = q / np.linalg.norm(q, axis=-1, keepdims=True)
    q = np.where(q[..., :1] < 0, -q, q)
    sine = np.linalg.norm(q[..., 1:], axis=-1)
    angle = 2 * np.arctan2(sine, q[..., 0])
    return np.asarray(q[..., 1:] * (angle / np.maximum(sine, 1e-12))[..., None])
