"""Where two people stand who talk to each other before one camera, and where each of them has to look.

      lens                       both turn towards each other and a little open to the lens;
       |                         x to the right of the picture, y up, z towards the lens, metres;
A ─────┼───── B                  the origin lies between them at the middle of their eyes' heights
"""

from dataclasses import dataclass

import numpy as np

APART_M = 0.88
"""Between the eyes of two who talk standing (Hall 1966: personal distance, 0.5 to 1.2 m)."""
TURN_RAD = 0.95
"""How far each turns from the lens to the other: a right angle would be a profile."""
LENS_M = 3.6
"""About how far away the lens of a two-shot is."""


@dataclass(frozen=True)
class EyeLine:
    """Where the partner's eyes and the lens are for an actor, against the torso at rest: down and left are positive."""

    partner_pitch_rad: float
    partner_yaw_rad: float
    lens_yaw_rad: float
    distance_m: float


@dataclass(frozen=True)
class Stand:
    """eyes: where the middle of the eyes is. turn_rad: yaw of the actor against the lens, to the actor's left."""

    eyes: tuple[float, float, float]
    turn_rad: float


def facing(left_eyes_m: float, right_eyes_m: float) -> tuple[Stand, Stand]:
    """Returns how two stand on one floor, left and right in the picture; the height of their eyes over it is given."""
    middle = (left_eyes_m + right_eyes_m) / 2
    return (
        Stand((-APART_M / 2, left_eyes_m - middle, 0.0), TURN_RAD),
        Stand((APART_M / 2, right_eyes_m - middle, 0.0), -TURN_RAD),
    )


def eye_line(own: Stand, other: Stand) -> EyeLine:
    """Returns where an actor finds the eyes of the other, and the lens."""
    way = np.array(other.eyes) - own.eyes
    level = float(np.hypot(way[0], way[2]))
    lens = np.arctan2(-own.eyes[0], LENS_M - own.eyes[2])
    return EyeLine(
        partner_pitch_rad=float(np.arctan2(-way[1], level)),
        partner_yaw_rad=float(np.arctan2(way[0], way[2])) - own.turn_rad,
        lens_yaw_rad=float(lens) - own.turn_rad,
        distance_m=float(np.linalg.norm(way)),
    )
