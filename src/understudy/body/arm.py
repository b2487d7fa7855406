"""An arm reaches: a place for the wrist becomes turns of collar bone, upper arm, forearm and hand.

    shoulder ──a── elbow ──b── wrist ── hand          a, b: lengths at rest
        \\____________r_________/                      r: how far the wrist is, within what the elbow allows

The elbow opens by the law of cosines about the hinge it has at rest, and swings to the side of `pole`; so the rest
place with the rest pole gives exactly the rest pose. Everything is in the frame of `upperChest` and in metres.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.base.rotation import matrices_from_vectors
from understudy.hub.physique import Physique

Floats = npt.NDArray[np.float64]

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


@dataclass(frozen=True, eq=False)
class Reached:
    """shoulder, upper, lower, hand: (frames, 3, 3) turns against rest, each in its parent's frame.

    elbow, wrist: (frames, 3) places; forearm_turn, hand_turn: (frames, 3, 3) against rest, in the frame of the chest.
    """

    shoulder: Floats
    upper: Floats
    lower: Floats
    hand: Floats
    elbow: Floats
    wrist: Floats
    forearm_turn: Floats
    hand_turn: Floats


class Arm:
    """One arm of a physique. side: 'left' or 'right'."""

    def __init__(self, physique: Physique, side: str) -> None:
        at = {
            part: np.asarray(physique.joints[f"{side}{part}"] - physique.joints["upperChest"], np.float64)
            for part in ("Shoulder", "UpperArm", "LowerArm", "Hand")
        }
        self.side, self.sign = side, 1.0 if side == "left" else -1.0
        self._collar, self._shoulder = at["Shoulder"], at["UpperArm"]
        self._upper, self._fore = at["LowerArm"] - at["UpperArm"], at["Hand"] - at["LowerArm"]
        self._a, self._b = (float(np.linalg.norm(v)) for v in (self._upper, self._fore))
        self.length_m = self._a + self._b
        self.rest_reach = at["Hand"] - at["UpperArm"]
        hinge = np.cross(self._upper, self._fore)
        straight = float(np.linalg.norm(hinge)) < 0.02 * self._a * self._b  # then the elbow folds forward
        self._hinge = np.array([-1.0, 0.0, 0.0]) if straight else hinge / np.linalg.norm(hinge)
        self._bent = float(np.arccos(np.clip(self._upper @ self._fore / (self._a * self._b), -1, 1)))
        self.rest_pole = _unit(_across(self._upper[None], self.rest_reach[None]))[0]
        if straight:
            self.rest_pole = np.array([0.0, -0.1, -1.0])
        self._along = self._fore / self._b
        palm = physique.palms[side]
        fingers = physique.hands[side].mean(0)
        self._palm = palm / np.linalg.norm(palm)
        fingers = fingers - (fingers @ self._palm) * self._palm
        self._curl = np.cross(fingers / np.linalg.norm(fingers), self._palm)
        self._far = (
            float(np.sqrt(self._a**2 + self._b**2 - 2 * self._a * self._b * np.cos(CLOSEST_RAD))),
            max(STRAIGHTEST * self.length_m, float(np.linalg.norm(self.rest_reach)) + 2.1 * _SOFT_M),
        )

    def shoulder_at(self, collar: Floats) -> Floats:
        """Returns (frames, 3) where the shoulder joint is for (frames, 3) rotation vectors of the collar bone."""
        return np.asarray(self._collar + matrices_from_vectors(collar) @ (self._shoulder - self._collar))

    def reach(self, collar: Floats, wrist: Floats, pole: Floats, palm_deg: Floats) -> Reached:
        """Puts the wrist as near to (frames, 3) `wrist` as the joints allow.

        collar: (frames, 3) rotation vectors of the collar bone. pole: (frames, 3) to which side the elbow points.
        palm_deg: (frames, 3) roll, flex and side bend of the hand against rest, held inside their limits.
        """
        turn0 = matrices_from_vectors(collar)
        shoulder = self._collar + turn0 @ (self._shoulder - self._collar)
        back = np.swapaxes(turn0, -1, -2)
        to = _dot(back, wrist - shoulder)
        far = np.linalg.norm(to, axis=1)
        reach_m = held(far, *self._far)
        cosine = (self._a**2 + self._b**2 - reach_m**2) / (2 * self._a * self._b)
        inside = np.minimum(np.arccos(np.clip(cosine, -1, 1)), np.pi - 0.03)
        bend = np.pi - inside - self._bent
        lower = matrices_from_vectors(bend[:, None] * self._hinge)
        chain = self._upper + lower @ self._fore
        ours = _frame(chain, np.broadcast_to(self._upper, chain.shape))
        upper = _frame(to, _dot(back, pole)) @ np.swapaxes(ours, -1, -2)
        roll, flex, aside = (np.radians(np.clip(palm_deg[:, i], *span)) for i, span in enumerate(_PALM))
        roll = self.sign * roll
        lower = lower @ matrices_from_vectors((FOREARM_SHARE * roll)[:, None] * self._along)
        hand = (
            matrices_from_vectors(((1 - FOREARM_SHARE) * roll)[:, None] * self._along)
            @ matrices_from_vectors(flex[:, None] * self._curl)
            @ matrices_from_vectors((-self.sign * aside)[:, None] * self._palm)
        )
        upper_turn = turn0 @ upper
        forearm_turn = upper_turn @ lower
        elbow = shoulder + upper_turn @ self._upper
        return Reached(
            turn0, upper, lower, hand, elbow, elbow + forearm_turn @ self._fore, forearm_turn, forearm_turn @ hand
        )


_PALM = (ROLL_DEG, FLEX_DEG, ASIDE_DEG)


def rising(excess: Floats, soft: float) -> Floats:
    """Returns max(excess, 0) with its corner rounded over +-soft, twice continuously differentiable."""
    u = np.clip((excess + soft) / (2 * soft), 0, 1)
    return np.asarray(np.where(excess >= soft, excess, 2 * soft * u**3 * (1 - u / 2)))


def held(far: Floats, nearest: float, farthest: float) -> Floats:
    """Returns distances within their limits, turning smoothly before each."""
    inside = far - rising(far - (farthest - _SOFT_M), _SOFT_M)
    return np.asarray(np.clip(inside + rising((nearest + _SOFT_M) - inside, _SOFT_M), nearest, farthest))


def _frame(first: Floats, second: Floats) -> Floats:
    """Returns (n, 3, 3) orthonormal columns: along `first`, towards `second`, and across both."""
    one = _unit(first)
    two = _unit(_across(second, one))
    return np.stack([one, two, np.cross(one, two)], -1)


def _across(vectors: Floats, axis: Floats) -> Floats:
    axis = _unit(axis)
    return np.asarray(vectors - (vectors * axis).sum(-1, keepdims=True) * axis)


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def _dot(matrices: Floats, vectors: Floats) -> Floats:
    return np.asarray(np.einsum("nij,nj->ni", matrices, vectors))
