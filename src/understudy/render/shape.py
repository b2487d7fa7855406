"""A mesh that moves with the face: its vertices, and how far its skin is wrinkled, in buffers of the drawing side."""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES
from understudy.hub.body import Mesh, wrinkled

Floats = npt.NDArray[np.float32]

_SMOOTH = 1.5 / 255
"""Wrinkles below this are not drawn."""


class Shape:
    """Applies face weights to one mesh quickly: only vertices that move are touched.

    folded: whether the face last worn draws any wrinkle.
    """

    folded = False

    def __init__(self, mesh: Mesh, buffer: Any) -> None:
        from scipy.sparse import csr_array

        self._rest = np.hstack([mesh.positions, mesh.normals]).ravel()
        self._buffer = buffer
        self._mesh = mesh
        self._folds: Any = None
        rows, columns, offsets = [], [], []
        for i, name in enumerate(ARKIT_SHAPES):
            if name in mesh.morphs:
                morph = mesh.morphs[name]
                moved = np.hstack([morph.positions, morph.normals])
                rows.append((6 * morph.vertices[:, None] + np.arange(6)).ravel())
                columns.append(np.full(moved.size, i, np.int32))
                offsets.append(moved.ravel())
        where = np.concatenate(rows), np.concatenate(columns)
        # rows hold six numbers a vertex: what the 52 weights add to it
        self._moves = csr_array((np.concatenate(offsets), where), (len(self._rest), len(ARKIT_SHAPES)), np.float32)

    def wear(self, face: Floats) -> None:
        """Uploads the mesh under 52 weights."""
        self._buffer.write(self._rest + self._moves @ np.asarray(face, np.float32))
        if self._folds is not None:
            folds = wrinkled(self._mesh, face)
            assert folds is not None
            self.folded = bool(folds.max(initial=0.0) > _SMOOTH)
            self._folds.write(folds)

    def fold(self, buffer: Any) -> None:
        """Keeps how far each vertex is wrinkled in a buffer of floats."""
        self._folds = buffer
