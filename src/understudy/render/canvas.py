"""Where on the picture a metre of the stage lies at every depth, and how far out of focus it is."""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.render.framing import Camera

Floats = npt.NDArray[np.floating[Any]]

HEIGHT_PX = 360
"""Rows the visible picture is painted with: there is nothing sharper in it than its circles of confusion."""
_MARGIN = 0.13
"""Share of the height painted beyond each edge, so that blur has something to gather."""


class Canvas:
    """The grid a backdrop is painted on. u, v: place of its columns and rows in the picture, -1..1, v upwards.

    over: share of the picture's width and height that is kept beyond each edge, for cameras that move.
    """

    def __init__(
        self, camera: Camera, aperture_m: float, height_px: int = HEIGHT_PX, over: tuple[float, float] = (0.0, 0.0)
    ) -> None:
        self.camera = camera
        self.aperture_m = aperture_m
        self.height_px = height_px
        self.margin = max(4, round(height_px * _MARGIN))
        width = round(height_px * camera.aspect)
        self.over_px = round(over[0] * width), round(over[1] * height_px)
        beyond_x, beyond_y = (n + self.margin for n in self.over_px)
        self.v = np.asarray(1 - (np.arange(-beyond_y, height_px + beyond_y) + 0.5) / height_px * 2, np.float32)
        self.u = np.asarray((np.arange(-beyond_x, width + beyond_x) + 0.5) / width * 2 - 1, np.float32)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.v), len(self.u)

    def kept(self, picture: Floats) -> Floats:
        """Returns the picture without the margin that only blur needed."""
        m = self.margin
        return np.ascontiguousarray(picture[m:-m, m:-m])

    def card_m(self, depth: float) -> tuple[float, float, float, float]:
        """Returns left, right, bottom, top of what is kept, on the plane z = depth, metres."""
        step_u, step_v = self.u[1] - self.u[0], self.v[0] - self.v[1]
        m = self.margin
        u0, u1 = self.u[m] - step_u / 2, self.u[-m - 1] + step_u / 2
        v1, v0 = self.v[m] + step_v / 2, self.v[-m - 1] - step_v / 2
        x, y = self._at_focus(np.array([u0, u1]), np.array([v0, v1]))
        grow = self.grow(depth)
        return float(x[0] * grow), float(x[1] * grow), float(y[0] * grow), float(y[1] * grow)

    def grow(self, depth: float) -> float:
        """Returns how much wider the picture is on the plane z = depth than at the actor."""
        return (self.camera.distance_m - depth) / self.camera.distance_m

    def _at_focus(self, u: Floats, v: Floats) -> tuple[Floats, Floats]:
        half = self.camera.height_m / 2
        return u * half * self.camera.aspect + self.camera.shift[0], v * half + self.camera.shift[1]

    def focus_m(self) -> tuple[Floats, Floats]:
        """Returns x (1, w) and y (h, 1) where the ray of each column and row crosses the actor's plane."""
        x, y = self._at_focus(self.u, self.v)
        return x[None].astype(np.float32), y[:, None].astype(np.float32)

    def metres(self, depth: float) -> tuple[Floats, Floats]:
        """Returns x (1, w) and y (h, 1) of the canvas on the plane z = depth."""
        x, y = self.focus_m()
        grow = np.float32(self.grow(depth))
        return x * grow, y * grow

    def rays(self) -> Floats:
        """Returns (h, w, 3) unit directions from the lens."""
        x, y = self.focus_m()
        out = np.empty((*self.shape, 3), np.float32)
        out[..., 0], out[..., 1], out[..., 2] = x, y, -self.camera.distance_m
        return np.asarray(out / np.linalg.norm(out, axis=-1, keepdims=True))

    def pixel_m(self, depth: float) -> float:
        """Returns the width of a pixel on the plane z = depth, metres."""
        return self.camera.height_m / self.height_px * self.grow(depth)

    def blur_px(self, depth: float) -> float:
        """Returns the diameter of the circle of confusion at a depth, in pixels."""
        s = self.camera.distance_m
        d = s - depth
        return self.aperture_m * abs(d - s) / d / self.camera.height_m * self.height_px

    def row_of(self, y_m: float, depth: float) -> float:
        """Returns the (fractional) row where height y_m stands on the plane z = depth."""
        half = self.camera.height_m / 2
        v = (y_m / self.grow(depth) - self.camera.shift[1]) / half
        return float((self.v[0] - v) / (self.v[0] - self.v[1]))
