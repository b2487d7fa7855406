"""What falls and floats: snow, rain, dust; in depth: small and sharp near the actor, large and soft before the lens.

Each thing is drawn as the stroke it makes while the shutter is open, spread by its circle of confusion, and
as much fainter as it is larger.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.hub.frames import Shot
from understudy.hub.place import Dust, Place, Rain, Rgb, Snow
from understudy.render.framing import Camera
from understudy.render.programs import Programs

Floats = npt.NDArray[np.float32]

_BEHIND_M = 5.0
_CLEAR_M = 0.35
"""Nothing falls nearer to the actor's head than this, before or behind."""
_APERTURE_M = 0.03
_MOST = 900


@dataclass(frozen=True)
class Fall:
    """Anything that is many and moves. per_m3; fall_m_s; wind_m_s; gust: how much speeds differ; sway_m: of each about
    its way; size_m; opacity before and behind the actor; soft: 0 round and soft .. 1 hard; window_m: as of Rain.
    """

    per_m3: float
    fall_m_s: float
    wind_m_s: float
    gust: float
    sway_m: float
    size_m: float
    before: float
    behind: float
    soft: float
    radiance: Rgb
    seed: int
    shutter_s: float = 0.02
    window_m: tuple[float, float, float] | None = None


def falls(context: Any, programs: Programs, place: Place, camera: Camera, shot: Shot) -> list["Flakes"]:
    """Returns what falls in a place, to be drawn frame by frame."""
    made = [_snow(place.snow)] if place.snow else []
    made += [_rain(place.rain)] if place.rain else []
    made += [_dust(place.dust)] if place.dust else []
    return [Flakes(context, programs, fall, camera, shot) for fall in made]


def _snow(s: Snow) -> Fall:
    shutter_s = 0.0045
    return Fall(
        s.flakes_per_m3, s.fall_m_s, s.wind_m_s, 0.5, 0.05, s.size_m, 0.8, 0.6, 0.35, s.radiance, s.seed, shutter_s
    )


def _rain(r: Rain) -> Fall:
    before = 0.5 if r.before else 0.0
    return Fall(
        r.drops_per_m3,
        r.fall_m_s,
        r.wind_m_s,
        0.2,
        0.0,
        r.size_m,
        before,
        0.6,
        0.2,
        r.radiance,
        r.seed,
        0.02,
        r.window_m,
    )


def _dust(d: Dust) -> Fall:
    return Fall(d.motes_per_m3, 0.012, d.drift_m_s, 1.2, 0.03, d.size_m, 0.5, 0.5, 0.1, d.radiance, d.seed)


class Flakes:
    """The flakes of a shot. Positions are a function of time alone, so any frame can be drawn first."""

    def __init__(self, context: Any, programs: Programs, fall: Fall, camera: Camera, shot: Shot) -> None:
        self._context = context
        self._fall = fall
        self._aspect = shot.size_px[0] / shot.size_px[1]
        draw = np.random.default_rng(fall.seed)
        spans = (camera.distance_m - 0.35 - _CLEAR_M, _BEHIND_M - _CLEAR_M)
        self._layers = []
        corners = context.buffer(np.array([0, 0, 1, 0, 0, 1, 1, 1], np.float32).tobytes())
        program = programs.flat("flakes", "flakes")
        for front, span in zip((True, False), spans, strict=True):
            low = _CLEAR_M if front else -_BEHIND_M
            # a box around the cone of view
            far = 1.0 if front else (camera.distance_m + _BEHIND_M) / camera.distance_m
            wide = 1.3 * camera.height_m * self._aspect * far
            tall = wide / self._aspect
            shown = fall.before if front else fall.behind
            count = int(min(_MOST, fall.per_m3 * wide * tall * max(span, 0.0))) if shown > 0 else 0
            seeds = draw.random((count, 6)).astype(np.float32)
            buffer = context.buffer(reserve=max(24, count * 24), dynamic=True)
            array = context.vertex_array(
                program, [(corners, "2f", "in_corner"), (buffer, "4f 2f/i", "in_flake", "in_stroke")]
            )
            self._layers.append((seeds, low, span, wide, tall, buffer, array))

    def draw(self, time_s: float, camera: Camera, *, behind: bool) -> None:
        """Draws one of the two layers at a time, blended over what is there (premultiplied)."""
        seeds, low, span, wide, tall, buffer, array = self._layers[1 if behind else 0]
        if not len(seeds):
            return
        fall = self._fall
        speed = 1 + fall.gust * (seeds[:, 3] - 0.5)
        across = fall.wind_m_s * (1 + 1.2 * fall.gust * (seeds[:, 4] - 0.5))
        down = fall.fall_m_s * speed
        turn = 2 * np.pi * (0.35 + 0.3 * seeds[:, 4])
        x = ((seeds[:, 0] * wide + across * time_s) % wide) - wide / 2
        x = x + fall.sway_m * np.sin(turn * time_s + 6.28 * seeds[:, 5])
        y = ((seeds[:, 1] * tall - down * time_s) % tall) - tall / 2 + camera.shift[1]
        z = low + span * seeds[:, 2]
        px, py, scale = camera.seen(np.stack([x, y, z], 1).astype(np.float64))
        away = camera.height_m * scale
        radius = fall.size_m * (0.5 + seeds[:, 5]) / 2 * scale
        blur = _APERTURE_M * np.abs(z) / camera.distance_m * away / camera.height_m / 2
        drawn = np.hypot(radius, blur)
        sideways = across + fall.sway_m * turn * np.cos(turn * time_s + 6.28 * seeds[:, 5])
        down = down * (1 + 1.4 * fall.gust * (seeds[:, 5] - 0.5))  # eddies turn each stroke a little
        half = np.stack([sideways, -down], 1) * (fall.shutter_s / 2 * scale)[:, None]
        long = np.hypot(half[:, 0], half[:, 1])
        opacity = np.clip((radius / drawn) ** 1.7, 0.0, 1) * (fall.behind if behind else fall.before)
        opacity *= np.clip(1.6 * drawn / (drawn + long), 0.22, 1.0)
        if not behind:
            # no large flake before the face: a director would ask for another take
            opacity *= np.clip(np.hypot(x / away, y) / 0.13 - 0.4, 0.1, 1.0)
        rows = np.concatenate([np.stack([px, py, drawn, opacity], 1), half], 1).astype(np.float32)
        seen = (np.abs(px - 0.5) < 0.62) & (np.abs(py - 0.5) < 0.62)
        if fall.window_m is not None:
            left, right, pane = fall.window_m
            s = camera.distance_m
            crossed = x * (s - pane) / (s - z)
            seen &= (z < pane) & (crossed > left) & (crossed < right)
        rows = np.ascontiguousarray(rows[seen])
        if not len(rows):
            return
        buffer.write(rows.tobytes())
        array.program["aspect"] = self._aspect
        array.program["base"] = tuple(min(1.0, 0.93 * c / max(1.0, *fall.radiance)) for c in fall.radiance)
        array.program["soft"] = fall.soft
        array.render(self._context.TRIANGLE_STRIP, vertices=4, instances=len(rows))
