"""How much of the open surroundings, and of the lamps without a shadow map, reaches each vertex.

Worked out once for the actor at rest on the set, from depth pictures in many directions: hair shades the neck and its
own inner layers, the chin shades the throat, and a lamp from behind lights the outline and nothing under it. Arms move
away from where they hung: their forearms count as open, their upper arms half so.
"""

from collections.abc import Hashable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.directions import even_directions
from understudy.hub.body import Matrices, Mesh
from understudy.hub.place import Place
from understudy.render.environment import radiance
from understudy.render.known import Known
from understudy.render.shadow import light_view

Floats = npt.NDArray[np.floating[Any]]

Halves = npt.NDArray[np.float16]

_round: Known[list[list[Halves]]] = Known(2)
_SIZE_PX = 256
_REACH_M = 0.42
_CENTRE = np.array([0.0, -0.14, -0.06])
_DIRECTIONS = 18
_BIAS_M = 0.007
_SOFT_M = 0.012
_SPREAD = ((-1.6, -0.7), (0.7, -1.6), (1.6, 0.7), (-0.7, 1.6))
_DARKEST = 0.18
_OPEN = np.array([0.86, 1.0, 1.0, 1.0], np.float32)
"""What reaches an arm that gestures."""


class Reach:
    """Draws depths from a direction and looks vertices up in them."""

    def __init__(self, context: Any, block: Any, arrays: Sequence[Any]) -> None:
        self._context, self._block, self._arrays = context, block, arrays
        self._depth = context.depth_texture((_SIZE_PX, _SIZE_PX))
        self._target = context.framebuffer(depth_attachment=self._depth)

    def bake(
        self,
        place: Place,
        lamps: Sequence[npt.ArrayLike],
        meshes: Sequence[tuple[Mesh, Matrices]],
        freedom: Mapping[int, float] = MappingProxyType({}),
        key: Hashable = None,
    ) -> list[Floats]:
        """Returns (n, 4) in 0..1 for each mesh with its stage-from-rest: sky, second lamp, third lamp, 1.

        freedom: joint -> how far what it carries moves away from what is near it at rest, 0..1. key: body and shot,
        under which what is seen from all round is kept for the next place; None keeps nothing.
        """
        points: list[Floats] = [m.positions @ t[:3, :3].T + t[:3, 3] for m, t in meshes]
        normals: list[Floats] = [m.normals @ t[:3, :3].T for m, t in meshes]
        out: list[Floats] = [np.ones((len(p), 4), np.float32) for p in points]
        for slot, towards in enumerate(lamps[:2], start=1):
            for rows, lit in zip(out, self._seen(np.asarray(towards, np.float64), points, normals), strict=True):
                rows[:, slot] = lit
        total = [np.full(len(p), 1e-4, np.float32) for p in points]
        open_ = [np.full(len(p), 1e-4, np.float32) for p in points]
        directions = even_directions(_DIRECTIONS)
        light = radiance(place.ambience, directions).mean(1) + 0.1

        def round_() -> list[list[Halves]]:
            return [
                [seen.astype(np.float16) for seen in self._seen(direction, points, normals)] for direction in directions
            ]

        from_all = round_() if key is None else _round.of(key, round_)
        for direction, power, seen in zip(directions, light, from_all, strict=True):
            for k, (mesh, _) in enumerate(meshes):
                facing = normals[k] @ direction.astype(np.float32)
                weight = power * (0.35 + 0.65 * np.abs(facing) if mesh.strand is not None else np.maximum(facing, 0))
                total[k] += weight
                open_[k] += weight * seen[k]
        for rows, lit, whole in zip(out, open_, total, strict=True):
            rows[:, 0] = _DARKEST + (1 - _DARKEST) * lit / whole
        shares = np.zeros(256, np.float32)
        for joint, share in freedom.items():
            shares[joint] = share
        for rows, (mesh, _) in zip(out, meshes, strict=True):
            free = (shares[mesh.joints] * mesh.weights).sum(1)[:, None]
            rows += free * (_OPEN - rows)
        self._target.release()
        self._depth.release()
        return out

    def _seen(self, towards: Matrices, points: Sequence[Floats], normals: Sequence[Floats]) -> list[Floats]:
        """Returns for each mesh how much of each vertex is seen from a direction, 0..1."""
        view, depth_m = light_view(towards, _CENTRE, _REACH_M)
        self._block.matrix("shadow_from_stage", view)
        self._block.send()
        self._target.use()
        self._target.clear(depth=1.0)
        for array in self._arrays:
            array.render()
        depths = np.frombuffer(self._depth.read(), np.float32).reshape(_SIZE_PX, _SIZE_PX)
        found: list[Floats] = []
        for place, normal in zip(points, normals, strict=True):
            p = (place + normal * 0.003) @ view[:3, :3].T.astype(np.float32) + view[:3, 3].astype(np.float32)
            seen = np.zeros(len(p), np.float32)
            for dx, dy in _SPREAD:
                x = np.clip(p[:, 0] * _SIZE_PX + dx, 0, _SIZE_PX - 1).astype(np.int32)
                y = np.clip(p[:, 1] * _SIZE_PX + dy, 0, _SIZE_PX - 1).astype(np.int32)
                behind_m = (p[:, 2] - depths[y, x]) * depth_m
                seen += np.clip(1 - (behind_m - _BIAS_M) / _SOFT_M, 0, 1)
            found.append(seen / len(_SPREAD))
        return found
