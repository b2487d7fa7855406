"""Breath that shows in the cold: soft puffs that leave the lips while they are open, drift, grow and vanish."""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.render.framing import Camera
from understudy.render.programs import Programs

_LIFE_S = 1.3
_EVERY_S = 0.06
_SPEED_M_S = 0.16
_RISE_M_S = 0.05
_MOST = 48
_OPENED_M = 0.006
"""Opening of the lips at which breath leaves freely."""


class Breath:
    """The puffs of one shot. They depend on what was drawn before; `reset` forgets it."""

    def __init__(self, context: Any, programs: Programs, haze: float, aspect: float) -> None:
        self._context = context
        self._haze = haze
        self._aspect = aspect
        corners = context.buffer(np.array([0, 0, 1, 0, 0, 1, 1, 1], np.float32).tobytes())
        self._buffer = context.buffer(reserve=_MOST * 24, dynamic=True)
        self._array = context.vertex_array(
            programs.flat("flakes", "flakes"),
            [(corners, "2f", "in_corner"), (self._buffer, "4f 2f/i", "in_flake", "in_stroke")],
        )
        self.reset()

    def reset(self) -> None:
        """Forgets every puff."""
        self._puffs: list[tuple[float, float, npt.NDArray[np.float64], npt.NDArray[np.float64]]] = []
        self._draw = np.random.default_rng(5)

    def draw(
        self, time_s: float, camera: Camera, lips: npt.ArrayLike, forward: npt.ArrayLike, opening_m: float
    ) -> None:
        """Draws the puffs at a time; lips and forward: place and direction in stage space."""
        self._puffs = [p for p in self._puffs if 0 <= time_s - p[0] < _LIFE_S]
        newest = self._puffs[-1][0] if self._puffs else -1.0
        if opening_m > 0.001 and time_s - newest >= _EVERY_S and len(self._puffs) < _MOST:
            way = np.asarray(forward, np.float64) + self._draw.normal(0, 0.16, 3)
            self._puffs.append((time_s, min(1.0, opening_m / _OPENED_M), np.asarray(lips, np.float64), way))
        if not self._puffs:
            return
        rows = np.zeros((len(self._puffs), 6), np.float32)
        for row, (born_s, strength, start, way) in zip(rows, self._puffs, strict=True):
            age = (time_s - born_s) / _LIFE_S
            travelled = _SPEED_M_S * _LIFE_S * (1 - (1 - age) ** 2) / 2 + 0.02
            at = start + way * travelled + np.array([0, _RISE_M_S * _LIFE_S * age, 0])
            x, y, scales = camera.seen(at[None])
            scale = scales[0]
            row[0], row[1] = x[0], y[0]
            row[2] = (0.010 + 0.055 * age**0.7) * scale
            row[3] = self._haze * strength * 0.26 * min(1.0, age / 0.18) * (1 - age) ** 1.5
        self._buffer.write(rows.tobytes())
        program = self._array.program
        program["aspect"], program["base"], program["soft"] = self._aspect, (0.93, 0.95, 0.98), 0.0
        self._array.render(self._context.TRIANGLE_STRIP, vertices=4, instances=len(rows))
