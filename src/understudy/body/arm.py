"""Arms reach: a place for each wrist becomes turns of collar bone, upper arm, forearm and hand.

    shoulder ──a── elbow ──b── wrist ── hand          a, b: lengths at rest
        \\____________r_________/                      r: how far the wrist is, within what the elbow allows

The elbow opens by the law of cosines about the hinge it has at rest, and swings to the side of `pole`; so the rest
place with the rest pole gives exactly the rest pose. Everything is in the frame of `upperChest` and in metres. Arrays
of both arms have the side first, left and right in the order of SIDES: one call moves both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.base.rotation import Turning, lengths, matrices_from_vectors
from understudy.hub.physique import Physique

Floats = npt.NDArray[np.float64]

SIDES = ("left", "right")
STRAIGHTEST = 0.985
"""Longest reach, of the length of the arm: nobody gestures with a locked elbow."""
CLOSEST_RAD = np.radians(36.0)
"""Smallest angle inside the elbow: 144 degrees of flexion (AAOS: 140 to 150)."""
ROLL_DEG = (-95.0, 75.0)
"""Turn of the palm against a hanging hand, down positive (AAOS: 80 degrees each way from a thumb that points up)."""
FLEX_DEG = (-55.0, 55.0)
ASIDE_DEG = (-15.0, 25.0)
"""Bend of the wrist towards the palm and towards the little finger, inside the 70/80 and 20/30 degrees it has."""
FOREARM_SHARE = 0.45
"""Share of a turn of the palm that is seen on the sleeve; the cuff hides the rest."""
_SOFT_M = 0.008
_LEAST, _MOST = np.radians([ROLL_DEG, FLEX_DEG, ASIDE_DEG]).T


@dataclass(frozen=True, eq=False)
class Held:
    """What stays as it is while a wrist is moved about; every array (sides, frames, ...).

    collar: turn of the collar bone. shoulder: where the joint is. pole: (3,) side of the elbow, in the collar's frame.
    sleeve, hand: what the palm turns of the forearm, and of the hand against it.
    """

    collar: Floats
    shoulder: Floats
    pole: Floats
    sleeve: Floats
    hand: Floats

    def some(self, frames: npt.NDArray[np.intp]) -> "Held":
        """Returns the same of some frames."""
        parts = (self.collar, self.shoulder, self.pole, self.sleeve, self.hand)
        return Held(*(part[:, frames] for part in parts))


@dataclass(frozen=True, eq=False)
class Reached:
    """upper, lower, hand: (sides, frames, 3, 3) turns against rest, each in its parent's frame.

    elbow, wrist: (sides, frames, 3) places; forearm_turn, hand_turn: (sides, frames, 3, 3) against rest, in the frame
    of the chest.
    """

    upper: Floats
    lower: Floats
    hand: Floats
    elbow: Floats
    wrist: Floats
    forearm_turn: Floats
    hand_turn: Floats


class Arms:
    """The arms of a physique. sides: which, in order.

    Constants: sign (sides, 1, 1), 1 for the left and -1 for the right; outward (sides, 1, 3), what turns x outwards;
    rest_reach (sides, 1, 3) from shoulder to wrist and rest_pole (sides, 1, 3) the side of the elbow at rest;
    length_m (sides, 1).
    """

    def __init__(self, physique: Physique, sides: Sequence[str] = SIDES) -> None:
        self.sides = tuple(sides)
        builds = [_Build(physique, side) for side in sides]
        self.sign = np.array([[[b.sign]] for b in builds])
        self.outward = np.array([[[b.sign, 1.0, 1.0]] for b in builds])
        self._collar, self._to_shoulder = _rows(b.collar for b in builds), _rows(b.shoulder - b.collar for b in builds)
        self._upper, self._fore = _rows(b.upper for b in builds), _rows(b.fore for b in builds)
        self._a, self._b = np.array([b.lengths for b in builds]).T[..., None]
        self.length_m = self._a + self._b
        self.rest_reach, self.rest_pole = _rows(b.rest_reach for b in builds), _rows(b.rest_pole for b in builds)
        self._bent = np.array([[b.bent] for b in builds])
        self._hinge, self._along = Turning(_rows(b.hinge for b in builds)), Turning(_rows(b.along for b in builds))
        self._curl, self._palm = Turning(_rows(b.curl for b in builds)), Turning(_rows(b.palm for b in builds))
        self._nearest = np.sqrt(self._a**2 + self._b**2 - 2 * self._a * self._b * np.cos(CLOSEST_RAD))
        self._farthest = np.maximum(STRAIGHTEST * self.length_m, lengths(self.rest_reach)[..., 0] + 2.1 * _SOFT_M)

    def shoulders(self, collar: Floats) -> Floats:
        """Returns (sides, frames, 3) where the shoulders are for rotation vectors of the collar bones."""
        return np.asarray(self._collar + turned(matrices_from_vectors(collar), self._to_shoulder))

    def held(self, collar: Floats, pole: Floats, palm_deg: Floats) -> Held:
        """Prepares to reach; all (sides, frames, 3).

        collar: rotation vectors of the collar bones. pole: to which side the elbows point. palm_deg: roll, flex and
        side bend of the hands against rest, held inside their limits.
        """
        turn = matrices_from_vectors(collar)
        palm = np.minimum(np.maximum(np.radians(palm_deg), _LEAST), _MOST)
        roll, flex, aside = self.sign[..., 0] * palm[..., 0], palm[..., 1], -self.sign[..., 0] * palm[..., 2]
        hand = self._along.by((1 - FOREARM_SHARE) * roll) @ self._curl.by(flex) @ self._palm.by(aside)
        shoulder = self._collar + turned(turn, self._to_shoulder)
        return Held(turn, shoulder, turned_back(turn, pole), self._along.by(FOREARM_SHARE * roll), hand)

    def reach(self, held: Held, wrist: Floats) -> Reached:
        """Puts the wrists as near to (sides, frames, 3) `wrist` as the joints allow."""
        to = turned_back(held.collar, wrist - held.shoulder)
        reach_m = within(lengths(to)[..., 0], self._nearest, self._farthest)
        cosine = (self._a**2 + self._b**2 - reach_m**2) / (2 * self._a * self._b)
        inside = np.minimum(np.arccos(np.minimum(np.maximum(cosine, -1), 1)), np.pi - 0.03)
        elbow_turn = self._hinge.by(np.pi - inside - self._bent)
        chain = self._upper + turned(elbow_turn, self._fore)
        upper = _frame(to, held.pole) @ np.swapaxes(_frame(chain, self._upper), -1, -2)
        lower = elbow_turn @ held.sleeve
        upper_turn = held.collar @ upper
        forearm_turn = upper_turn @ lower
        elbow = held.shoulder + turned(upper_turn, self._upper)
        at = elbow + turned(forearm_turn, self._fore)
        return Reached(upper, lower, held.hand, elbow, at, forearm_turn, forearm_turn @ held.hand)


class _Build:
    """One arm at rest: places and lengths of its bones, axes of its joints."""

    def __init__(self, physique: Physique, side: str) -> None:
        at = {
            part: np.asarray(physique.joints[f"{side}{part}"] - physique.joints["upperChest"], np.float64)
            for part in ("Shoulder", "UpperArm", "LowerArm", "Hand")
        }
        self.sign = 1.0 if side == "left" else -1.0
        self.collar, self.shoulder = at["Shoulder"], at["UpperArm"]
        self.upper, self.fore = at["LowerArm"] - at["UpperArm"], at["Hand"] - at["LowerArm"]
        self.lengths = a, b = float(np.linalg.norm(self.upper)), float(np.linalg.norm(self.fore))
        self.along = self.fore / b
        self.rest_reach = at["Hand"] - at["UpperArm"]
        hinge = np.cross(self.upper, self.fore)
        straight = float(np.linalg.norm(hinge)) < 0.02 * a * b  # then the elbow folds forward
        self.hinge = np.array([-1.0, 0.0, 0.0]) if straight else hinge / np.linalg.norm(hinge)
        self.bent = float(np.arccos(np.clip(self.upper @ self.fore / (a * b), -1, 1)))
        self.rest_pole = np.array([0.0, -0.1, -1.0]) if straight else _unit(_across(self.upper, _unit(self.rest_reach)))
        fingers = physique.hands[side].mean(0)
        self.palm = physique.palms[side] / np.linalg.norm(physique.palms[side])
        fingers = fingers - (fingers @ self.palm) * self.palm
        self.curl = np.cross(fingers / np.linalg.norm(fingers), self.palm)


def rising(excess: Floats, soft: float) -> Floats:
    """Returns max(excess, 0) with its corner rounded over +-soft, twice continuously differentiable."""
    u = np.maximum(excess + soft, 0) / (2 * soft)
    return np.asarray(np.where(excess >= soft, excess, 2 * soft * u * u * u * (1 - u / 2)))


def within(far: Floats, nearest: Floats, farthest: Floats) -> Floats:
    """Returns distances within their limits, turning smoothly before each."""
    inside = far - rising(far - (farthest - _SOFT_M), _SOFT_M)
    kept = inside + rising((nearest + _SOFT_M) - inside, _SOFT_M)
    return np.asarray(np.minimum(np.maximum(kept, nearest), farthest))


def turned(matrices: Floats, vectors: Floats) -> Floats:
    """Returns (..., 3) vectors turned by (..., 3, 3) matrices."""
    return np.asarray((matrices @ vectors[..., None])[..., 0])


def turned_back(matrices: Floats, vectors: Floats) -> Floats:
    """Returns (..., 3) vectors turned back by (..., 3, 3) matrices."""
    return np.asarray((vectors[..., None, :] @ matrices)[..., 0, :])


def _rows(vectors: Iterable[Floats]) -> Floats:
    return np.array([[vector] for vector in vectors])


def _frame(first: Floats, second: Floats) -> Floats:
    """Returns (..., 3, 3) orthonormal columns: along `first`, towards `second`, and across both."""
    out = np.empty((*first.shape, 3))
    one = _unit(first)
    two = _unit(_across(second, one))
    out[..., 0], out[..., 1] = one, two
    out[..., 0, 2] = one[..., 1] * two[..., 2] - one[..., 2] * two[..., 1]
    out[..., 1, 2] = one[..., 2] * two[..., 0] - one[..., 0] * two[..., 2]
    out[..., 2, 2] = one[..., 0] * two[..., 1] - one[..., 1] * two[..., 0]
    return out


def _across(vectors: Floats, unit: Floats) -> Floats:
    return np.asarray(vectors - (vectors * unit).sum(-1, keepdims=True) * unit)


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(lengths(vectors), 1e-9))
