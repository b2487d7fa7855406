"""Which pictures the neural look learns from: expressions, cameras and lights that cover what a film asks for.

Some are held out: they show an expression, an angle or a light that no picture for training has, and measure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput
from understudy.hub.actor import Actor
from understudy.hub.frames import ACTOR_TURN_RAD, Shot, ShotSize
from understudy.hub.performance import Pose
from understudy.hub.place import Place, places
from understudy.hub.rights import Grant
from understudy.hub.shelf import Shelf
from understudy.render.framing import Camera
from understudy.render.splat.corners import at_rest, corner, rare_first
from understudy.render.splat.lamps import made, of_the_house

HELD: Final = ("expression", "view", "light")
"""What can be new in a view that is held out."""
FEWEST: Final = 12
"""Views below which nothing is left to measure with."""
TURN_RAD: Final = 0.75
"""How far the actor is turned against the lens, at most: partner and orbit together."""
HELD_TURNS_RAD: Final = (-0.66, -0.43, -0.27, -0.11, 0.13, 0.3, 0.45, 0.63)
"""Angles of the views held out; none for training comes nearer than `_GAP_RAD`."""
_GAP_RAD = 0.02
_HELD_EACH = 8
_LIGHT_SHARE = 4
"""Views under one set of lights: what a teacher builds for a set of lights serves them all."""
_SIZES = ((ShotSize.CLOSE, 0.6), (ShotSize.MEDIUM, 0.3), (ShotSize.WIDE, 0.1))
_ZOOMED = 0.3
"""Share of the close views that come nearer still."""
_ZOOM = (1.3, 2.2)


@dataclass(frozen=True, eq=False)
class Ask:
    """One picture to be made. held: '' for training, else what is new in it: 'expression', 'view' or 'light'.

    camera: where the lens stands, when that is not where the shot has it.
    """

    pose: Pose
    place: Place
    shot: Shot
    held: str = ""
    camera: Camera | None = None


@dataclass(frozen=True, eq=False)
class View:
    """An Ask and its picture: (h, w, 4) uint8, display-coded sRGB under `lamps.NEUTRAL`, straight alpha.

    Where alpha is 0, RGB means nothing; where it is faint, little: multiply before comparing. known: (h, w) where the
    picture says anything about the actor, None for everywhere.
    """

    ask: Ask
    pixels: npt.NDArray[np.uint8]
    known: npt.NDArray[np.bool_] | None = None


class Teacher(Protocol):
    """A look that makes pictures to learn from. name: 'raster' or 'film'."""

    name: str

    def pictures(self, asks: Sequence[Ask], *, actor: Actor, grant: Grant, shelf: Shelf | None) -> Iterator[View]:
        """Yields a view for each ask, in the order that is quickest to make; the grant is checked before this returns.

        shelf: where pictures wait, by index of the ask: those there are not drawn again, new ones are put there.
        Raises NotAllowed, BadInput or Unavailable.
        """
        ...


def ask_for_views(poses: Sequence[Pose], *, count: int, size_px: tuple[int, int], seed: int) -> tuple[Ask, ...]:
    """Returns `count` asks, those held out last (8 each of HELD, fewer when count is small). Same input, same asks.

    poses: of real performances. Half of the expressions are the rarest of these, half are made. Every light serves
    about four views; a third of the lights are those of the house, but one house set is kept for the views held out.
    Raises BadInput when there are too few poses or views.
    """
    if count < FEWEST:
        raise BadInput(f"{count} views are too few to learn from and to measure with; ask for {FEWEST} or more.")
    if len(poses) < 2:
        raise BadInput("There are no poses to learn expressions from; give at least one performance of this actor.")
    each = min(_HELD_EACH, count // 6)
    training = count - 3 * each
    draw = np.random.default_rng(seed)
    expressions, new = _expressions(poses, training, each, draw)
    lights, new_lights = _lights(training, draw)
    asks = [
        Ask(pose, light, _shot(size_px, _turn(draw), draw)) for pose, light in zip(expressions, lights, strict=True)
    ]
    for number in range(each):
        asks.append(
            Ask(new[number], lights[int(draw.integers(len(lights)))], _shot(size_px, _turn(draw), draw), HELD[0])
        )
    turns = np.array(HELD_TURNS_RAD)[np.linspace(0, len(HELD_TURNS_RAD) - 1, each).round().astype(int)]
    for turn in turns:
        known = asks[int(draw.integers(training))]
        asks.append(Ask(known.pose, known.place, _shot(size_px, float(turn), draw), HELD[1]))
    for number in range(each):
        known = asks[int(draw.integers(training))]
        asks.append(Ask(known.pose, new_lights[number % len(new_lights)], known.shot, HELD[2]))
    return tuple(replace(ask, pose=at_rest(ask.pose, number)) for number, ask in enumerate(asks))


def _expressions(
    poses: Sequence[Pose], training: int, each: int, draw: np.random.Generator
) -> tuple[list[Pose], list[Pose]]:
    """Returns poses for training, half real and half made, in random order, and as many new ones as are held out."""
    real = rare_first(poses, training // 2)
    found = [poses[i] for i in real] + [corner(n, poses, draw) for n in range(training - len(real))]
    left = np.setdiff1d(np.arange(len(poses)), real)
    new = [poses[int(i)] for i in draw.permutation(left)[: each // 2]]
    new += [corner(int(draw.integers(52)), poses, draw) for _ in range(each - len(new))]
    return [found[int(i)] for i in draw.permutation(len(found))], new


def _lights(training: int, draw: np.random.Generator) -> tuple[list[Place], list[Place]]:
    """Returns the light of each view for training, every third of the house, and new ones: one house set and made ones
    by turns.
    """
    of_house = training // 3
    names = [str(name) for name in draw.permutation(places())]
    kept, known = names[0], names[1 : 1 + -(-of_house // _LIGHT_SHARE)]
    sets = [made(f"made-{number}", draw) for number in range(-(-(training - of_house) // _LIGHT_SHARE))]
    house = [of_the_house(name) for name in known]
    found = [house[n % len(house)] for n in range(of_house)] + [sets[n % len(sets)] for n in range(training - of_house)]
    new = [of_the_house(kept), made("new-0", draw), of_the_house(kept), made("new-1", draw)]
    return [found[int(i)] for i in draw.permutation(training)], new


def _turn(draw: np.random.Generator) -> float:
    """Returns a yaw of the actor for training: mostly near the lens or near a partner, none near those held out."""
    while True:
        kind = draw.random()
        if kind < 0.4:
            turn = float(draw.normal(0.0, 0.09))
        elif kind < 0.7:
            turn = float(draw.choice((-1.0, 1.0)) * ACTOR_TURN_RAD + draw.normal(0.0, 0.07))
        else:
            turn = float(draw.uniform(-TURN_RAD, TURN_RAD))
        if abs(turn) <= TURN_RAD and min(abs(turn - held) for held in HELD_TURNS_RAD) > _GAP_RAD:
            return round(turn, 5)


def _shot(size_px: tuple[int, int], turn_rad: float, draw: np.random.Generator) -> Shot:
    size = _SIZES[int(draw.choice(len(_SIZES), p=[share for _, share in _SIZES]))][0]
    zoom, aim = 1.0, ""
    if size is ShotSize.CLOSE and draw.random() < _ZOOMED:
        zoom, aim = round(float(draw.uniform(*_ZOOM)), 3), str(draw.choice(("eyes", "mouth")))
    return Shot(size, size_px, turn_rad=turn_rad, zoom=zoom, aim=aim)
