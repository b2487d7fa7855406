"""Secondary motion of hair: what hangs free follows the head late, swings past it a little and settles.

The head's turn and shift pull a damped spring in each of their six numbers; the difference is the lag. A strand point
moves with the head turned back by the lag, the more the farther it hangs: roots never move, and a head at rest moves
nothing at all. The same two functions serve vertices of cards and points of strands.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.base.rotation import matrix_from_pitch_yaw_roll

Values = npt.NDArray[np.floating]
Matrices = npt.NDArray[np.float64]

FREQUENCY_HZ = 1.7
"""Of a lock of 25 cm: between a pendulum of that length (1.0 Hz) and what hair against hair and cloth allows."""
DAMPING = 0.42
"""Of critical: one swing past the head shows, the next hardly."""
STEP_S = 1 / 240
MOST = np.array([0.16, 0.16, 0.16, 0.020, 0.020, 0.020])
"""Radians and metres of lag that hair may show; neck and shoulders stop it there."""
REACH_M = 0.20
"""Hair that hangs so far below where it comes free follows the lag whole."""
FREE_OVER_M = 0.085
"""Hair comes free of the skull so far over the joint `head`: about the top of the ears."""
FORGOTTEN_S = 0.5
"""After a gap this long a new shot begins, and hair hangs at rest."""


@dataclass(frozen=True)
class Swing:
    """Where the spring is: at (6,) and speed (6,) of the lagging head, at an instant."""

    time_s: float
    head: tuple[float, ...]
    at: tuple[float, ...]
    speed: tuple[float, ...]

    @property
    def lag(self) -> Values:
        """(6,) pitch, yaw, roll in radians and shift in metres by which hair trails the head."""
        return np.asarray(np.clip(np.subtract(self.at, self.head), -MOST, MOST))


def begin(time_s: float, head: Values) -> Swing:
    """Hair at rest under a head (6,) as in the track `head`."""
    place = tuple(float(x) for x in head[:6])
    return Swing(time_s, place, place, (0.0,) * 6)


def follow(swing: Swing | None, time_s: float, head: Values) -> Swing:
    """The swing at a later instant, the head having moved evenly until then. A pure function: same past, same hair."""
    if swing is None or not 0 <= time_s - swing.time_s <= FORGOTTEN_S:
        return begin(time_s, head)
    steps = max(1, round((time_s - swing.time_s) / STEP_S)) if time_s > swing.time_s else 0
    at, speed = np.array(swing.at), np.array(swing.speed)
    start, end = np.array(swing.head), np.asarray(head[:6], np.float64)
    omega, dt = 2 * np.pi * FREQUENCY_HZ, (time_s - swing.time_s) / max(steps, 1)
    for number in range(steps):
        goal = start + (end - start) * ((number + 1) / steps)
        # implicit in both, so that no step size makes it ring
        speed = (speed + dt * omega**2 * (goal - at)) / (1 + 2 * DAMPING * omega * dt + (omega * dt) ** 2)
        at = at + dt * speed
    return Swing(time_s, tuple(end.tolist()), tuple(at.tolist()), tuple(speed.tolist()))


def swung(lag: Values, head: Matrices, pivot: Values) -> Matrices:
    """(3, 4) rows: what to add to a posed point (x, y, z, 1) that follows the whole lag, all zero at rest.

    head: (4, 4) posed-from-rest of the joint `head`; pivot: (3,) its place at rest.
    """
    turn = np.eye(4)
    turn[:3, :3] = matrix_from_pitch_yaw_roll(float(lag[0]), float(lag[1]), float(lag[2]))
    turn[:3, 3] = np.asarray(pivot) + np.asarray(lag[3:6]) - turn[:3, :3] @ np.asarray(pivot)
    return np.asarray((head @ turn @ np.linalg.inv(head) - np.eye(4))[:3]) if np.any(lag) else np.zeros((3, 4))


def looseness(rest: Values, along: Values, free_y: float) -> Values:
    """(...,) 0..1: how far points follow the lag. rest: (..., 3) at rest; along: (...,) 0 root .. 1 tip."""
    hang = np.clip((free_y - rest[..., 1]) / REACH_M, 0, 1)
    return np.asarray(np.clip(along, 0, 1) ** 1.5 * hang)


def sway(posed: Values, rest: Values, along: Values, rows: Matrices, free_y: float) -> Values:
    """Posed strand points (..., 3) with their share of the lag added. rows: from `swung`."""
    whole = posed @ rows[:, :3].T + rows[:, 3]
    return np.asarray(posed + looseness(rest, along, free_y)[..., None] * whole)
