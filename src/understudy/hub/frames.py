"""What a camera gives, and how it is set up."""

from dataclasses import dataclass
from enum import StrEnum

from understudy.base.image import Image
from understudy.hub.passes import Passes


class ShotSize(StrEnum):
    """close: from the collar bones up. medium: from the chest. wide: from the waist. two: both actors of a talk."""

    CLOSE = "close"
    MEDIUM = "medium"
    WIDE = "wide"
    TWO = "two"


class Move(StrEnum):
    """What the camera does in a shot. still: stands. push_in, pull_out: 12 % nearer or farther within ten seconds.

    drift: slides slowly sideways. orbit: circles the actor by up to 12 degrees. handheld: breathes as an operator does.
    """

    STILL = "still"
    PUSH_IN = "push_in"
    PULL_OUT = "pull_out"
    DRIFT = "drift"
    ORBIT = "orbit"
    HANDHELD = "handheld"


ACTOR_TURN_RAD = 0.52
"""How far the renderer turns the whole actor towards a partner at 1: a three-quarter view of 30 degrees."""
PARTNER_YAW_RAD = 0.44
"""Where a partner at 1 stands: 25 degrees from the lens axis, so that both eyes are seen looking at them."""


@dataclass(frozen=True)
class Shot:
    """One camera on one actor.

    partner: where the person spoken to is: -1 left of the lens as seen from the camera .. 1 right of it, 0 = the lens
    itself. The actor's body turns a little towards the partner and stands off centre, so that looks have room.
    size_px: (width, height), both even. fps: pictures a second, constant. turn_rad: further yaw of the actor against
    the lens (a profile is 1.57). zoom: factor on the focal length, on the point `aim`: eyes, left_eye or mouth.
    """

    size: ShotSize = ShotSize.MEDIUM
    size_px: tuple[int, int] = (1280, 720)
    fps: float = 25.0
    partner: float = 0.0
    move: Move = Move.STILL
    turn_rad: float = 0.0
    zoom: float = 1.0
    aim: str = ""
    move_seed: int = 0


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture. index: from 0 in its shot; time_s: index / fps. Not yet marked: only rights may let it out.

    passes: depth, normals and the like, from a renderer that was asked for them.
    """

    image: Image
    index: int
    time_s: float
    passes: Passes | None = None
