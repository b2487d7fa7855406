"""Hands and forearms stay outside: before the trunk and the face, and away from each other.

Feelers on each hand and sleeve (hub.physique) are held in front of the height fields of belly, chest and head, which
ride their joints; the two arms are chains of balls that keep apart. Whatever comes too near moves the place the wrist
aims at, a little early and smoothly, so that the arm slides along the body and never snaps. It looks at one moment at a
time: nothing is remembered, so pieces of a performance come out like the whole.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from understudy.base.channels import BODY_CHANNELS, HEAD_CHANNELS
from understudy.base.motion import minimum_jerk
from understudy.base.rotation import lengths, matrices_from_vectors
from understudy.body.arm import SIDES, Arms, Held, Reached, rising
from understudy.hub.physique import Physique, Relief

Floats = npt.NDArray[np.float64]

MARGIN_M = 0.007
"""Room between a feeler and a surface: the mesh bulges that much between feelers and under bent joints."""
APART_M = 0.016
"""Room between the balls of one arm and those of the other."""
SOFT_M = 0.006
_PASSES = 4
_RAISED_M = 0.10
"""How far from rest a wrist is when all room is asked for; a hanging arm may touch the body it was modelled on."""
_NECK_SHARE = 0.4
"""Share of the head's turn that the neck takes (render.posing draws it so)."""
_DIRECTION = np.array([0.0, 0.12, 0.99])
"""Where a surface pushes to, in its own frame: forward, and a little up, out of the lap."""


@dataclass(frozen=True, eq=False)
class Carriers:
    """Where the joints that carry surfaces are, in the frame of `upperChest`, in the order of the physique's surfaces.

    turn: (surfaces, frames, 3, 3). at: (surfaces, frames, 3).
    """

    turn: Floats
    at: Floats

    def some(self, frames: npt.NDArray[np.intp]) -> "Carriers":
        """Returns the same of some frames."""
        return Carriers(self.turn[:, frames], self.at[:, frames])


_TRUNK = np.array([BODY_CHANNELS.index(f"{name}.x") for name in ("chest", "upperChest", "neck")])[:, None] + range(3)
_SHIFT = HEAD_CHANNELS.index("head.x")


def carriers(physique: Physique, body: Floats, head: Floats) -> Carriers:
    """Returns where trunk and head are for (frames, BODY_CHANNELS) and (frames, HEAD_CHANNELS)."""
    place = {name: physique.joints[name] for name in ("spine", "chest", "upperChest", "neck", "head")}
    chest, upper, neck = matrices_from_vectors(body[:, _TRUNK].swapaxes(0, 1))
    # outwards from the chest to the spine: the inverse of each step on the way in
    turn_chest = np.swapaxes(upper, -1, -2)
    turn_spine = turn_chest @ np.swapaxes(chest, -1, -2)
    spine_at = turn_chest @ (place["chest"] - place["upperChest"]) + turn_spine @ (place["spine"] - place["chest"])
    on_neck, on_head = euler(np.multiply.outer((_NECK_SHARE, 1 - _NECK_SHARE), head[:, :3]))
    neck = neck @ on_neck
    skull_at = place["neck"] - place["upperChest"] + neck @ (place["head"] - place["neck"])
    skull_at = skull_at + head[:, _SHIFT : _SHIFT + 3]
    whole = np.broadcast_to(np.eye(3), upper.shape)
    turns = {"spine": turn_spine, "upperChest": whole, "head": neck @ on_head}
    ats = {"spine": spine_at, "upperChest": np.zeros((len(body), 3)), "head": skull_at}
    names = [surface.joint for surface in physique.surfaces]
    if not names:
        return Carriers(np.zeros((0, *whole.shape)), np.zeros((0, len(body), 3)))
    return Carriers(np.array([turns[name] for name in names]), np.array([ats[name] for name in names]))


def euler(angles: Floats) -> Floats:
    """Returns (..., 3, 3) matrices Ry(yaw) Rx(pitch) Rz(roll) of (..., 3) pitch, yaw and roll."""
    (cp, cy, cr), (sp, sy, sr) = np.moveaxis(np.cos(angles), -1, 0), np.moveaxis(np.sin(angles), -1, 0)
    out = np.empty((*angles.shape, 3))
    out[..., 0, 0], out[..., 0, 1], out[..., 0, 2] = cy * cr + sy * sp * sr, sy * sp * cr - cy * sr, sy * cp
    out[..., 1, 0], out[..., 1, 1], out[..., 1, 2] = cp * sr, cp * cr, -sp
    out[..., 2, 0], out[..., 2, 1], out[..., 2, 2] = cy * sp * sr - sy * cr, sy * sr + cy * sp * cr, cy * cp
    return out


class Clearance:
    """Reaches with both arms of a physique without touching."""

    def __init__(self, physique: Physique, arms: Arms) -> None:
        self._arms, self._relief = arms, Relief(physique.surfaces)
        wrists = np.array([[physique.joints[f"{side}Hand"]] for side in SIDES])
        self._hands, hands_real = _padded([physique.hands[side] for side in SIDES])
        self._sleeves, sleeves_real = _padded([physique.forearms[side] for side in SIDES])
        self._real = np.concatenate([hands_real, sleeves_real], axis=1)[:, None]
        feelers = np.concatenate([self._hands, self._sleeves], axis=1)
        places = np.array([physique.joints[surface.joint] for surface in physique.surfaces]).reshape(-1, 1, 1, 3)
        local = feelers + wrists - places
        # feelers that touch at rest may, as long as the arm hangs
        room = np.minimum(MARGIN_M, local[..., 2] - self._relief.at(local) - 2.2 * SOFT_M)
        self._rest_room, self._more_room = room[:, :, None], (MARGIN_M - room)[:, :, None]
        balls = [_balls(physique, side) for side in SIDES]
        self._centres = np.array([centres for centres, _ in balls])[:, None]
        self._reach = balls[0][1][:, None] + balls[1][1] + APART_M

    def reach(self, held: Held, wrists: Floats, where: Carriers) -> Reached:
        """Returns both arms with their wrists as near to (sides, frames, 3) `wrists` as body, head and each other
        allow."""
        aims = wrists.copy()
        raised = minimum_jerk(lengths(wrists - held.shoulder - self._arms.rest_reach)[..., 0] / _RAISED_M)
        # arms that hang are as they were modelled; one that nothing pushes stays where it is
        left = np.flatnonzero((raised > 1e-9).any(axis=0))
        reached = None
        for _ in range(_PASSES):
            if not len(left):
                break
            whole = len(left) == aims.shape[1]
            there, some = (where, held) if whole else (where.some(left), held.some(left))
            out = self._arms.reach(some, aims[:, left])
            push = self._pushed(out, raised[:, left], there) + self._apart(out, raised[:, left])
            moved = push.any(axis=(0, 2))
            reached = out if whole and not moved.any() else None
            left = left[moved]
            aims[:, left] += push[:, moved]
        return reached or self._arms.reach(held, aims)

    def _pushed(self, reached: Reached, raised: Floats, where: Carriers) -> Floats:
        """Returns (sides, frames, 3) by how much the surfaces move the wrists."""
        wrist = reached.wrist[:, :, None]
        hand = self._hands[:, None] @ np.swapaxes(reached.hand_turn, -1, -2)
        sleeve = self._sleeves[:, None] @ np.swapaxes(reached.forearm_turn, -1, -2)
        points = np.concatenate([hand, sleeve], axis=2) + wrist
        local = (points - where.at[:, None, :, None]) @ where.turn[:, None]
        room = self._rest_room + self._more_room * raised[..., None]
        deep = rising(room - (local[..., 2] - self._relief.at(local)), SOFT_M) * self._real
        way = where.turn @ _DIRECTION
        return np.asarray((way[:, None] * _most(deep, 0.003)[..., None]).sum(axis=0))

    def _apart(self, reached: Reached, raised: Floats) -> Floats:
        """Returns (sides, frames, 3) by how much the wrists move away from each other."""
        wrist = reached.wrist[:, :, None]
        sleeve = self._centres[:, :, :3] @ np.swapaxes(reached.forearm_turn, -1, -2)
        hand = self._centres[:, :, 3:] @ np.swapaxes(reached.hand_turn, -1, -2)
        left, right = np.concatenate([sleeve, hand], axis=2) + wrist
        gap = left[:, :, None] - right[:, None]
        far = lengths(gap)
        near = rising(self._reach - far[..., 0], SOFT_M)
        if not near.any():
            return np.zeros(reached.wrist.shape)
        total = np.maximum(near.sum((1, 2)), 1e-9)[:, None]
        way = (gap / np.maximum(far, 1e-6) * near[..., None]).sum((1, 2)) / total
        by = 0.5 * way * (_most(near.reshape(len(near), -1), 0.003) * raised.max(axis=0))[:, None]
        return np.array([by, -by])


def _padded(clouds: list[Floats]) -> tuple[Floats, Floats]:
    """Returns (sides, points, 3) of as many points, and (sides, points) 1 for a point, 0 for what fills up."""
    most = max(len(cloud) for cloud in clouds)
    points, real = np.zeros((len(clouds), most, 3)), np.zeros((len(clouds), most))
    for side, cloud in enumerate(clouds):
        points[side, : len(cloud)], real[side, : len(cloud)] = cloud, 1.0
    return points, real


def _balls(physique: Physique, side: str) -> tuple[Floats, Floats]:
    """Returns centres (6, 3) against the wrist and radii: three along the sleeve, three along the hand."""
    hand, sleeve = physique.hands[side], physique.forearms[side]
    elbow = physique.joints[f"{side}LowerArm"] - physique.joints[f"{side}Hand"]
    length = float(np.linalg.norm(elbow))
    thick = float(np.median(np.linalg.norm(sleeve - (sleeve @ elbow / length**2)[:, None] * elbow, axis=1)))
    along = hand.mean(0) / max(float(np.linalg.norm(hand.mean(0))), 1e-9)
    reach = hand @ along
    cut = np.quantile(reach, [0.0, 1 / 3, 2 / 3, 1.0])
    parts = [hand[(reach >= low - 1e-9) & (reach <= high + 1e-9)] for low, high in pairwise(cut)]
    middles = [part.mean(0) for part in parts]
    radii = [float(np.linalg.norm(p - m, axis=1).max()) for p, m in zip(parts, middles, strict=True)]
    centres = np.array([elbow * 0.4, elbow * 0.2, elbow * 0.02, *middles])
    return centres, np.array([thick * 1.15] * 3 + radii)


def _most(values: Floats, soft: float) -> Floats:
    """Returns a smooth maximum over the last axis of values that are zero or more; exactly zero when all are."""
    top = values.max(-1, keepdims=True)
    weight = np.exp((values - top) / soft) * (values > 0)
    return np.asarray((weight * values).sum(-1) / np.maximum(weight.sum(-1), 1e-9))
