"""Hands and forearms stay outside: before the trunk and the face, and away from each other.

Feelers on each hand and sleeve (hub.physique) are held in front of the height fields of belly, chest and head, which
ride their joints; the two arms are chains of balls that keep apart. Whatever comes too near moves the place the wrist
aims at, a little early and smoothly, so that the arm slides along the body and never snaps. It looks at one moment at a
time: nothing is remembered, so pieces of a performance come out like the whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from understudy.base.channels import BODY_CHANNELS, HEAD_CHANNELS
from understudy.base.rotation import matrices_from_vectors
from understudy.body.arm import Arm, Reached, rising
from understudy.hub.physique import Physique

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
    """Where the joints that carry surfaces are, in the frame of `upperChest`: turn (frames, 3, 3), at (frames, 3)."""

    turn: Mapping[str, Floats]
    at: Mapping[str, Floats]


def carriers(physique: Physique, body: Floats, head: Floats) -> Carriers:
    """Returns where trunk and head are for (frames, BODY_CHANNELS) and (frames, HEAD_CHANNELS)."""
    joints = physique.joints
    turns = {
        joint: matrices_from_vectors(body[:, _columns(joint)]) for joint in ("spine", "chest", "upperChest", "neck")
    }
    place = {joint: np.asarray(joints[joint], np.float64) for joint in (*turns, "head")}
    count = len(body)
    # outwards from the chest to the spine: the inverse of each step on the way in
    turn, at = np.tile(np.eye(3), (count, 1, 1)), np.zeros((count, 3))
    for inner, outer in (("upperChest", "chest"), ("chest", "spine")):
        turn = turn @ np.swapaxes(turns[inner], -1, -2)
        at = at - _dot(turn, place[inner] - place[outer])
    pitch, yaw, roll = (head[:, i] for i in range(3))
    neck = turns["neck"] @ euler(_NECK_SHARE * pitch, _NECK_SHARE * yaw, _NECK_SHARE * roll)
    rest = 1 - _NECK_SHARE
    skull = neck @ euler(rest * pitch, rest * yaw, rest * roll)
    shift = head[:, HEAD_CHANNELS.index("head.x") :][:, :3]
    skull_at = place["neck"] - place["upperChest"] + _dot(neck, place["head"] - place["neck"]) + shift
    whole = np.tile(np.eye(3), (count, 1, 1))
    return Carriers(
        {"spine": turn, "upperChest": whole, "head": skull},
        {"spine": at, "upperChest": np.zeros((count, 3)), "head": skull_at},
    )


def euler(pitch: Floats, yaw: Floats, roll: Floats) -> Floats:
    """Returns (n, 3, 3) matrices Ry(yaw) Rx(pitch) Rz(roll)."""
    zero = np.zeros_like(pitch)
    turn = [
        matrices_from_vectors(np.stack(axis, -1))
        for axis in ((zero, yaw, zero), (pitch, zero, zero), (zero, zero, roll))
    ]
    return np.asarray(turn[0] @ turn[1] @ turn[2])


class Clearance:
    """Reaches with both arms of a physique without touching."""

    def __init__(self, physique: Physique, arms: Mapping[str, Arm]) -> None:
        self._physique, self._arms = physique, arms
        self._balls: dict[str, tuple[Floats, Floats]] = {}
        self._rest_room: dict[tuple[str, str], Floats] = {}
        for side in arms:
            wrist = physique.joints[f"{side}Hand"]
            feelers = np.concatenate([physique.hands[side], physique.forearms[side]])
            for surface in physique.surfaces:
                local = feelers + wrist - physique.joints[surface.joint]
                # feelers that touch at rest may, as long as the arm hangs
                self._rest_room[side, surface.joint] = np.minimum(
                    MARGIN_M, local[:, 2] - surface.at(local) - 2.2 * SOFT_M
                )
            self._balls[side] = _balls(physique, side)

    def reach(
        self, collars: Mapping[str, Floats], wrists: Mapping[str, Floats], poles: Mapping[str, Floats],
        palms_deg: Mapping[str, Floats], where: Carriers,
    ) -> dict[str, Reached]:  # fmt: skip
        """Returns both arms with their wrists as near to `wrists` as body, head and the other arm allow."""
        aims = {side: wrists[side].copy() for side in self._arms}
        raised = {
            side: _eased(np.linalg.norm(wrists[side] - arm.shoulder_at(collars[side]) - arm.rest_reach, axis=1))
            for side, arm in self._arms.items()
        }
        busy = np.flatnonzero(raised["left"] + raised["right"] > 1e-9)  # arms that hang are as they were modelled
        some = {side: raised[side][busy] for side in raised}
        there = Carriers({j: t[busy] for j, t in where.turn.items()}, {j: a[busy] for j, a in where.at.items()})
        for _ in range(_PASSES if len(busy) else 0):
            out = {
                side: arm.reach(collars[side][busy], aims[side][busy], poles[side][busy], palms_deg[side][busy])
                for side, arm in self._arms.items()
            }
            for side, reached in out.items():
                for surface in self._physique.surfaces:
                    aims[side][busy] += self._pushed(side, reached, surface.joint, some[side], there)
            apart = self._apart(out) * np.maximum(some["left"], some["right"])[:, None]
            aims["left"][busy] += apart
            aims["right"][busy] -= apart
        return {
            side: arm.reach(collars[side], aims[side], poles[side], palms_deg[side]) for side, arm in self._arms.items()
        }

    def _pushed(self, side: str, reached: Reached, joint: str, raised: Floats, where: Carriers) -> Floats:
        """Returns (frames, 3) by how much a surface moves a wrist."""
        surface = next(s for s in self._physique.surfaces if s.joint == joint)
        count = len(self._physique.hands[side])
        points = np.concatenate(
            [
                reached.wrist[:, None] + self._physique.hands[side] @ np.swapaxes(reached.hand_turn, -1, -2),
                reached.wrist[:, None] + self._physique.forearms[side] @ np.swapaxes(reached.forearm_turn, -1, -2),
            ],
            axis=1,
        )
        assert count
        local = (points - where.at[joint][:, None]) @ where.turn[joint]
        rest = self._rest_room[side, joint]
        room = rest + (MARGIN_M - rest) * raised[:, None]
        deep = rising(room - (local[..., 2] - surface.at(local)), SOFT_M)
        deepest = _most(deep, 0.003)
        return np.asarray(_dot(where.turn[joint], np.broadcast_to(_DIRECTION, (len(deep), 3))) * deepest[:, None])

    def _apart(self, out: Mapping[str, Reached]) -> Floats:
        """Returns (frames, 3) by how much the left wrist is to move, and the right one the other way."""
        left, right = (self._chain(side, out[side]) for side in ("left", "right"))
        reach = self._balls["left"][1][:, None] + self._balls["right"][1][None]
        gap = left[:, :, None] - right[:, None]
        far = np.linalg.norm(gap, axis=-1)
        near = rising(reach + APART_M - far, SOFT_M)
        weight = near[..., None]
        total = np.maximum(near.sum((1, 2)), 1e-9)[:, None]
        way = (gap / np.maximum(far, 1e-6)[..., None] * weight).sum((1, 2)) / total
        return np.asarray(0.5 * way * _most(near.reshape(len(near), -1), 0.003)[:, None])

    def _chain(self, side: str, reached: Reached) -> Floats:
        centres, _ = self._balls[side]
        hand = reached.wrist[:, None] + centres[3:] @ np.swapaxes(reached.hand_turn, -1, -2)
        sleeve = reached.wrist[:, None] + centres[:3] @ np.swapaxes(reached.forearm_turn, -1, -2)
        return np.concatenate([sleeve, hand], axis=1)


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


def _eased(metres: Floats) -> Floats:
    part = np.clip(metres / _RAISED_M, 0, 1)
    return np.asarray(part**3 * (10 - 15 * part + 6 * part * part))


def _columns(joint: str) -> slice:
    start = BODY_CHANNELS.index(f"{joint}.x")
    return slice(start, start + 3)


def _dot(matrices: Floats, vectors: Floats) -> Floats:
    return np.asarray(np.einsum("...ij,...j->...i", matrices, vectors))
