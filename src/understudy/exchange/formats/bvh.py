"""Biovision Hierarchy: the skeleton and its turns, for MotionBuilder, Blender, Maya and every tool of motion capture.

Centimetres and degrees, y up, facing +z. Each joint has three rotations in the order Z, X, Y, which means
R = Rz Rx Ry in the axes of the rest pose; the hips have a position before them. Shifts of other joints (the lift of a
breath, the head on the neck: millimetres) have no place in it.
"""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ANIMATION_RATE_HZ
from understudy.base.errors import BadInput
from understudy.hub.body import Body
from understudy.hub.card import Card
from understudy.hub.departure import Carries, Departure

ORDER = ("Zrotation", "Xrotation", "Yrotation")
_END_CM = {"Eye": (0.0, 0.0, 3.0), "Hand": (0.0, -8.0, 0.0), "head": (0.0, 18.0, 0.0)}


class Bvh:
    """A frame a row, no face."""

    card: ClassVar[Card] = Card("bvh", "Biovision Hierarchy: the skeleton in centimetres, ZXY degrees", "own")
    carries: ClassVar[Carries] = Carries.MOTION
    rate_hz: ClassVar[float] = ANIMATION_RATE_HZ
    many: ClassVar[bool] = False
    sound: ClassVar[str] = ""
    turns: ClassVar[bool] = True

    def write(self, departure: Departure, *, ending: str) -> Mapping[str, bytes]:
        """Returns the BVH. Raises BadInput for a body without a single root."""
        body = Body.decode(departure.actor.body_glb, f"The body of {departure.actor.name}")
        roots = [i for i, joint in enumerate(body.joints) if joint.parent < 0]
        if len(roots) != 1:
            raise BadInput(f"{departure.actor.name} has {len(roots)} root joints, and a BVH has one; export it as GLB.")
        order: list[int] = []
        rows = ["HIERARCHY", *_joint(body, roots[0], 0, order), "MOTION"]
        frames = len(departure.times_s)
        motion = [_root(body, roots[0], departure.turns, frames)]
        for index in order:
            turn = departure.turns.get(body.joints[index].name)
            motion.append(np.zeros((frames, 3)) if turn is None else degrees(turn[:, :3, :3]))
        values = np.hstack(motion) + 0.0
        rows += [f"Frames: {frames}", f"Frame Time: {1 / departure.rate_hz:.8f}"]
        rows += [" ".join(f"{value:.4f}" for value in row) for row in values.tolist()]
        return {"": ("\n".join(rows) + "\n").encode()}


def degrees(rotations: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Returns (n, 3) angles about z, x, y with R = Rz Rx Ry."""
    x = np.arcsin(np.clip(rotations[:, 2, 1], -1, 1))
    z = np.arctan2(-rotations[:, 0, 1], rotations[:, 1, 1])
    y = np.arctan2(-rotations[:, 2, 0], rotations[:, 2, 2])
    return np.asarray(np.degrees(np.stack([z, x, y], 1)))


def _root(body: Body, root: int, turns: Mapping[str, npt.NDArray[np.float64]], frames: int) -> npt.NDArray[np.float64]:
    joint = body.joints[root]
    shift = turns[joint.name][:, :3, 3] if joint.name in turns else np.zeros((frames, 3))
    return np.asarray(100 * (joint.origin + shift))


def _joint(body: Body, index: int, depth: int, order: list[int]) -> list[str]:
    """Returns the rows of a joint and of all below it; adds their numbers to `order` as they come."""
    order.append(index)
    joint = body.joints[index]
    pad = "\t" * depth
    parent = body.joints[joint.parent].origin if joint.parent >= 0 else joint.origin
    kinds = ("Xposition", "Yposition", "Zposition", *ORDER) if joint.parent < 0 else ORDER
    rows = [
        f"{pad}{'JOINT' if joint.parent >= 0 else 'ROOT'} {joint.name.replace(' ', '_')}",
        f"{pad}{{",
        f"{pad}\tOFFSET {_numbers(100 * (joint.origin - parent))}",
        f"{pad}\tCHANNELS {len(kinds)} {' '.join(kinds)}",
    ]
    children = [i for i, other in enumerate(body.joints) if other.parent == index]
    for child in children:
        rows += _joint(body, child, depth + 1, order)
    if not children:
        end = next((end for word, end in _END_CM.items() if joint.name.endswith(word)), (0.0, 5.0, 0.0))
        rows += [f"{pad}\tEnd Site", f"{pad}\t{{", f"{pad}\t\tOFFSET {_numbers(end)}", f"{pad}\t}}"]
    return [*rows, f"{pad}}}"]


def _numbers(values: npt.ArrayLike) -> str:
    return " ".join(f"{value:.4f}" for value in (np.asarray(values, np.float64) + 0.0).tolist())
