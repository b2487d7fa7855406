"""Falling snow, in depth: small and sharp near the actor, large and soft before the lens, fine behind."""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.frames import Shot
from understudy.hub.place import Snow
from understudy.render.framing import Camera
from understudy.render.programs import Programs

Floats = npt.NDArray[np.float32]

_BEHIND_M = 5.0
_CLEAR_M = 0.35
"""Nothing falls nearer to the actor's head than this, before or behind."""
_APERTURE_M = 0.03
_MOST = 700


class Flakes:
    """The flakes of a shot. Positions are a function of time alone, so any frame can be drawn first."""

    def __init__(self, context: Any, programs: Programs, snow: Snow, camera: Camera, shot: Shot) -> None:
        self._context = context
        self._snow = snow
        self._camera = camera
        self._aspect = shot.size_px[0] / shot.size_px[1]
        draw = np.random.default_rng(snow.seed)
        spans = (camera.distance_m - 0.35 - _CLEAR_M, _BEHIND_M - _CLEAR_M)
        self._layers = []
        corners = context.buffer(np.array([0, 0, 1, 0, 0, 1, 1, 1], np.float32).tobytes())
        program = programs.flat("flakes", "flakes")
        for front, span in zip((True, False), spans, strict=True):
            low = _CLEAR_M if front else -_BEHIND_M
            # a box around the cone of view
            wide = (
                1.3
                * camera.height_m
                * self._aspect
                * (1.0 if front else (camera.distance_m + _BEHIND_M) / camera.distance_m)
            )
            tall = wide / self._aspect
            count = int(min(_MOST, snow.flakes_per_m3 * wide * tall * max(span, 0.0)))
            seeds = draw.random((count, 6)).astype(np.float32)
            buffer = context.buffer(reserve=max(16, count * 16), dynamic=True)
            array = context.vertex_array(program, [(corners, "2f", "in_corner"), (buffer, "4f/i", "in_flake")])
            self._layers.append((seeds, low, span, wide, tall, buffer, array))

    def draw(self, time_s: float, *, behind: bool) -> None:
        """Draws one of the two layers at a time, blended over what is there (premultiplied)."""
        seeds, low, span, wide, tall, buffer, array = self._layers[1 if behind else 0]
        if not len(seeds):
            return
        snow, camera = self._snow, self._camera
        speed = 0.75 + 0.5 * seeds[:, 3]
        sway = 0.05 * np.sin(2 * np.pi * (0.35 + 0.3 * seeds[:, 4]) * time_s + 6.28 * seeds[:, 5])
        x = ((seeds[:, 0] * wide + snow.wind_m_s * time_s * (0.7 + 0.6 * seeds[:, 4])) % wide) - wide / 2 + sway
        y = ((seeds[:, 1] * tall - snow.fall_m_s * time_s * speed) % tall) - tall / 2
        z = low + span * seeds[:, 2]
        away = camera.distance_m - z
        scale = camera.distance_m / away / camera.height_m
        px = 0.5 + (x * scale - camera.shift[0] / camera.height_m) / self._aspect
        py = 0.5 - (y * scale - camera.shift[1] / camera.height_m)
        radius = snow.size_m * (0.5 + seeds[:, 5]) / 2 * scale
        blur = _APERTURE_M * np.abs(z) / away / camera.height_m / 2
        drawn = np.hypot(radius, blur)
        opacity = np.clip((radius / drawn) ** 1.7, 0.0, 1) * (0.55 if behind else 0.8)
        if not behind:
            # no large flake before the face: a director would ask for another take
            opacity *= np.clip(np.hypot(x * away / camera.distance_m, y) / 0.13 - 0.4, 0.1, 1.0)
        rows = np.stack([px, py, drawn, opacity], 1).astype(np.float32)
        seen = (np.abs(px - 0.5) < 0.62) & (np.abs(py - 0.5) < 0.62)
        rows = np.ascontiguousarray(rows[seen])
        if not len(rows):
            return
        buffer.write(rows.tobytes())
        array.program["aspect"] = self._aspect
        array.program["base"] = tuple(min(1.0, 0.93 * c / max(snow.radiance)) for c in snow.radiance)
        array.program["soft"] = 0.35
        array.render(self._context.TRIANGLE_STRIP, vertices=4, instances=len(rows))
