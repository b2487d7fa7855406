"""How a camera travels in a shot: dolly, slide, circle, and the sway of an operator who holds it.

A path is a function of time alone, so any frame can be drawn first. Hands sway slowly and tremble a little: the power
of both falls as 1/f (`base.motion.Drift`), about half a degree at most, as measured for standing people who hold a
camera by the body and not by the head.
"""

from functools import lru_cache

import numpy as np

from understudy.base.motion import Drift
from understudy.hub.frames import Move

Place = tuple[float, float, float]
"""x, y, z in distances to the actor; or pitch, yaw, roll in radians."""

TRAVEL_S = 10.0
NEARER = 0.12
_ORBIT_RAD = 0.21
"""Twelve degrees from end to end."""
_SLIDE = 0.05
"""How far to each side a drifting camera slides, in distances to the actor."""
_SLIDE_PERIOD_S = 26.0
_SOFT_S = 1.6
"""Time a dolly takes to get under way and to come to rest."""
_SWAY_RAD = (0.0028, 0.0030, 0.0016)
_TREMBLE_RAD = (0.00022, 0.00022, 0.0001)
_SWAY_M = (0.0030, 0.0024, 0.0026)
"""In distances to the actor."""


def path(move: Move, seed: int, time_s: float) -> tuple[Place, Place]:
    """Returns where the lens is against its rest, and its turn (see `Place`)."""
    still = (0.0, 0.0, 0.0)
    side = -1.0 if seed % 2 else 1.0
    if move is Move.PUSH_IN:
        return (0.0, 0.0, -NEARER * _travelled(time_s)), still
    if move is Move.PULL_OUT:  # it arrives where the shot is framed, so that nothing unplanned comes into view
        return (0.0, 0.0, -NEARER * (1 - _travelled(time_s))), still
    if move is Move.DRIFT:
        x = -side * _SLIDE * float(np.cos(2 * np.pi * time_s / _SLIDE_PERIOD_S))
        return (x, 0.0, 0.0), (0.0, 0.82 * float(np.arctan(x)), 0.0)
    if move is Move.ORBIT:
        angle = side * _ORBIT_RAD * (_travelled(time_s) - 0.5)
        return (float(np.sin(angle)), 0.0, float(np.cos(angle)) - 1.0), (0.0, angle, 0.0)
    if move is Move.HANDHELD:
        sway, tremble = _hands(seed)
        slow, quick = sway.at(time_s)[0], tremble.at(time_s)[0]
        aside = np.clip(slow[:3], -2.5, 2.5) * _SWAY_M
        turn = np.clip(slow[3:], -2.5, 2.5) * _SWAY_RAD + np.clip(quick, -2.5, 2.5) * _TREMBLE_RAD
        return (float(aside[0]), float(aside[1]), float(aside[2])), (float(turn[0]), float(turn[1]), float(turn[2]))
    return still, still


def _travelled(time_s: float) -> float:
    """Returns 0..1 of the way at constant speed with a soft start and a soft end."""
    t, whole = float(np.clip(time_s, 0.0, TRAVEL_S)), TRAVEL_S - _SOFT_S
    begun = min(t, _SOFT_S)
    ended = max(0.0, t - whole)
    way = begun * begun / 2 / _SOFT_S + max(0.0, min(t, whole) - _SOFT_S) + ended - ended * ended / 2 / _SOFT_S
    return way / whole


@lru_cache(maxsize=8)
def _hands(seed: int) -> tuple[Drift, Drift]:
    rng = np.random.default_rng(seed + 977)
    return Drift(rng, 6, 0.08, 0.9), Drift(rng, 3, 2.0, 7.0)
