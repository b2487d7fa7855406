"""A mesh that moves with the face: its vertices, and how far its skin is wrinkled, in buffers of the drawing side."""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES
from understudy.hub.body import Mesh, wrinkled

Floats = npt.NDArray[np.float32]

_SMOOTH = 1.5 / 255
"""Wrinkles below this are not drawn."""
_SLIGHT = 1e-3
"""A weight below this moves nothing."""


class Shape:
    """Applies face weights to one mesh quickly: one sparse product for the vertices that any shape moves.

    folded: whether the face last worn draws any wrinkle.
    """

    folded = False

    def __init__(self, mesh: Mesh, buffer: Any) -> None:
        self._rest = np.hstack([mesh.positions, mesh.normals]).astype(np.float32)
        self._now = self._rest.copy()
        self._buffer = buffer
        self._mesh = mesh
        self._folds: Any = None
        self._moving, self._moves = _moves(mesh)

    def wear(self, face: Floats) -> None:
        """Uploads the mesh under 52 weights."""
        weights = np.where(np.abs(face) > _SLIGHT, face, 0).astype(np.float32)
        self._now[self._moving] = self._rest[self._moving] + (self._moves @ weights).reshape(-1, 6)
        self._buffer.write(self._now)
        if self._folds is not None:
            folds = wrinkled(self._mesh, face)
            assert folds is not None
            self.folded = bool(folds.max(initial=0.0) > _SMOOTH)
            self._folds.write(folds)

    def fold(self, buffer: Any) -> None:
        """Keeps how far each vertex is wrinkled in a buffer of floats."""
        self._folds = buffer


def _moves(mesh: Mesh) -> tuple[npt.NDArray[np.int64], Any]:
    """Returns the (m,) vertices that move, and the sparse (6 m, 52) map from weights to what is added to them."""
    from scipy.sparse import csr_array

    known = [(i, mesh.morphs[name]) for i, name in enumerate(ARKIT_SHAPES) if name in mesh.morphs]
    every = [morph.vertices for _, morph in known]
    moving = np.unique(np.concatenate([np.zeros(0, np.int64), *every]))
    rows, columns, values = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.float32)]
    for column, morph in known:
        at = 6 * np.searchsorted(moving, morph.vertices)[:, None] + range(6)
        rows.append(at.ravel())
        columns.append(np.full(at.size, column))
        values.append(np.hstack([morph.positions, morph.normals]).ravel())
    size = 6 * len(moving), len(ARKIT_SHAPES)
    entries = np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))
    return moving, csr_array(entries, shape=size, dtype=np.float32)
