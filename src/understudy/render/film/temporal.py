"""What a picture keeps of the one before: the light on each point of the actor, found again where the point went.

Every picture is traced with few paths and cleaned by itself; what is left of the noise is slow blotches that differ
from picture to picture and would boil. The light without the texture (colour / albedo) of the last pictures is carried
along the true motion of the mesh and mixed in where it shows the same surface and lies within what the paths of this
picture say is likely. (Carrying light along motion: Nehab et al., "Accelerating Real-Time Shading with Reverse
Reprojection Caching", 2007; a likely range from the neighbourhood: Salvi, "An Excursion in Temporal Supersampling",
GDC 2016.)
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.render.film.blender.wire import Message
from understudy.render.film.lens import Lens

Floats = npt.NDArray[np.float32]

_FLOOR = 0.03
"""Added to the albedo before dividing by it."""
_SAME_M = 0.006
"""A point is the same one when something was found there within this depth of where it should have been."""
_MOST = 12
"""Pictures remembered, at most."""
_SIGMAS = 2.5


@dataclass(frozen=True, eq=False)
class Traced:
    """One traced rectangle. colour: (h, w, 4) premultiplied, noisy. albedo, normal: its guides. alpha in colour.

    motion: (h, w, 2) pixels from where each point was to where it is. away_m, was_away_m: its distance from the lens
    and that of the same point one picture before.
    """

    colour: Floats
    albedo: Floats
    normal: Floats
    motion: Floats
    away_m: Floats
    was_away_m: Floats
    position: Floats
    skin: Floats
    """(h, w) how much of each pixel is skin."""

    @staticmethod
    def of(answer: Message, lens: Lens, before: Lens, turn: Any, rect: tuple[int, int, int, int]) -> "Traced":
        """Returns the worker's passes with the motion in them. turn: (4, 4), the head before from the head now."""
        colour, position = answer["colour"], answer["position"]
        slip = answer["slip"]
        there = colour[..., 3] > 1e-3
        cover = np.maximum(slip[..., 3:], 1e-3) if slip.shape[2] == 4 else np.maximum(colour[..., 3:], 1e-3)
        was = position @ turn[:3, :3].T.astype(np.float32) + turn[:3, 3].astype(np.float32) + slip[..., :3] / cover
        motion = np.where(there[..., None], lens.project(position) - before.project(was), 0).astype(np.float32)
        size = np.array(rect[2:], np.float32)
        motion = np.clip(motion, -size / 4, size / 4)
        return Traced(
            colour=colour,
            albedo=answer["albedo"],
            normal=answer["normal"],
            motion=motion,
            away_m=np.where(there, lens.away_m(position), 0).astype(np.float32),
            was_away_m=np.where(there, before.away_m(was), 0).astype(np.float32),
            position=position,
            skin=answer["skin"][..., 0],
        )


class History:
    """The light of the pictures so far. share: how much of it may stay in a picture, 0..1."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._light: Floats | None = None
        self._away: Floats = np.zeros((0, 0, 2), np.float32)
        self._count: Floats = np.zeros((0, 0), np.float32)

    def settle(self, clean: Floats, traced: Traced) -> Floats:
        """Returns (h, w, 3): the cleaned picture with what is known from before mixed in, which it then remembers."""
        texture = (np.maximum(traced.albedo, 0) + _FLOOR).astype(np.float32)
        now = (clean / texture).astype(np.float32)
        if self._light is None or self._light.shape != now.shape:
            self._remember(now, traced, np.ones(now.shape[:2], np.float32))
            return clean
        height, width = now.shape[:2]
        x = np.arange(width, dtype=np.float32)[None] - traced.motion[..., 0]
        y = np.arange(height, dtype=np.float32)[:, None] - traced.motion[..., 1]
        held = _looked_up(np.dstack([self._light, self._away, self._count]), x, y)
        same = (x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)
        slack = _SAME_M + 0.004 * traced.away_m
        same &= (traced.was_away_m > held[..., 3] - slack) & (traced.was_away_m < held[..., 4] + slack)
        same &= traced.colour[..., 3] > 0.02
        known: Floats = np.where(same, np.minimum(held[..., 5], _MOST), 0).astype(np.float32)
        low, high = _likely(traced.colour[..., :3] / texture, now)
        bounded = np.clip(held[..., :3], low, high)
        # light that had to be bent far is worth less the next time
        strayed = np.abs(bounded - held[..., :3]).sum(-1) / (np.abs(bounded).sum(-1) + 0.05)
        known = known * np.clip(1 - 2.0 * strayed, 0.15, 1)
        share = np.minimum(known / (known + 1), self._share)[..., None]
        mixed = (now * (1 - share) + bounded * share).astype(np.float32)
        self._remember(mixed, traced, known + 1)
        return np.asarray(mixed * texture, np.float32)

    def _remember(self, light: Floats, traced: Traced, count: Floats) -> None:
        from scipy import ndimage

        # hair is deep: from picture to picture another of its layers is met first
        bounds = [extreme(traced.away_m, 5) for extreme in (ndimage.minimum_filter, ndimage.maximum_filter)]
        self._light, self._away, self._count = light, np.stack(bounds, -1), count.astype(np.float32)


def _likely(noisy: Floats, clean: Floats) -> tuple[Floats, Floats]:
    """Returns the range in which the light of each place lies, by the paths around it: mean -+ sigmas of the mean."""
    from scipy import ndimage

    size = (7, 7, 1)
    mean = ndimage.uniform_filter(noisy, size, mode="nearest")
    square = ndimage.uniform_filter(noisy * noisy, size, mode="nearest")
    spread = np.sqrt(np.maximum(square - mean * mean, 0)) * np.float32(_SIGMAS / 7 * 2)
    local = ndimage.uniform_filter(clean, (3, 3, 1), mode="nearest")
    reach = spread + np.abs(clean - local) + 0.03 * np.abs(clean)
    return clean - reach, clean + reach


def _looked_up(planes: Floats, x: Floats, y: Floats) -> Floats:
    """Returns planes (h, w, c) at the places x, y, linear between pixels, held at the edges."""
    height, width = planes.shape[:2]
    x, y = np.clip(x, 0, width - 1.001), np.clip(y, 0, height - 1.001)
    left, top = x.astype(np.int32), y.astype(np.int32)
    u, v = (x - left)[..., None], (y - top)[..., None]
    upper = planes[top, left] * (1 - u) + planes[top, left + 1] * u
    lower = planes[top + 1, left] * (1 - u) + planes[top + 1, left + 1] * u
    return np.asarray(upper * (1 - v) + lower * v, np.float32)
