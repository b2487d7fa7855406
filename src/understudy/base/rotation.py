"""Rotations in the conventions of `base.channels`."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]


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
