"""How quickly Gaussians learn, and what is done to all of them now and then."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """How quickly things are learned. Rates are of the first step; they fall to `ends` of that by the last."""

    place_m: float = 4e-5
    turn: float = 1e-3
    size: float = 6e-3
    opacity: float = 4e-2
    transfer: float = 1.2e-3
    gloss: float = 5e-3
    sheen: float = 1e-3
    felt: float = 5e-2
    gain: float = 3e-3
    mix: float = 1e-3
    ends: float = 0.06
    smooth_every: int = 10
    smooth_share: float = 0.35
    """How often, and how far, the light that goes on is drawn to the form that it has at neighbours."""
    plainer: float = 0.06
    """How far that form is drawn to one of a surface in the open: what few lights have shown is better guessed."""
    even: float = 1.0
    """Share by which the three channels of the light that goes on become alike in form, each step; a file keeps one."""
    fade: float = 0.02
    """How far opacity falls at each step, as a share of the most that it moves: what hides behind others goes."""
    move_every: int = 250
    move_share: float = 0.04
    """Most of the Gaussians that move at a time."""
    move_until: float = 0.75
    """Share of the time after which none moves any more."""
    small_share: float = 0.2
    """Share of the steps that see a view at half its size."""
    small_first: float = 0.3
    """Share of the time in which most steps do: large things are learned sooner from small pictures."""
    finest_m: float = 1.2e-4
    """No Gaussian becomes thinner than this along its two longer axes: the finest thing that a view shows."""


PACE = Pace()
