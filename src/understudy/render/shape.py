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
        self._rest = np.hstack([mesh.positions, mesh.normals])
        self._now = self._rest.copy()
        self._buffer = buffer
        self._mesh = mesh
        self._folds: Any = None
        self._moves = [
            (i, mesh.morphs[name].vertices, np.hstack([mesh.morphs[name].positions, mesh.morphs[name].normals]))
            for i, name in enumerate(ARKIT_SHAPES)
            if name in mesh.morphs
        ]

    def wear(self, face: Floats) -> None:
        """Uploads the mesh under 52 weights."""
        np.copyto(self._now, self._rest)
        for i, vertices, offsets in self._moves:
            if abs(face[i]) > 1e-3:
                self._now[vertices] += face[i] * offsets
        self._buffer.write(self._now)
        if self._folds is not None:
            folds = wrinkled(self._mesh, face)
            assert folds is not None
            self.folded = bool(folds.max(initial=0.0) > _SMOOTH)
            self._folds.write(folds)

    def fold(self, buffer: Any) -> None:
        """Keeps how far each vertex is wrinkled in a buffer of floats."""
        self._folds = buffer
