"""The VMC protocol (Virtual Motion Capture, OSC over UDP, port 39539): what VSeeFace, Warudo, EVMC4U and VMC4B read.

Messages and their arguments: https://protocol.vmc.info/english. Bones have the names of Unity's HumanBodyBones and turn
against a T-pose with axes along the world's, as those of a normalised VRM do. Unity is left-handed: it looks along +z
with x to the actor's right, so p = (-x, y, z) and q = (x, -y, -z, w) of ours.
"""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES, JOINTS
from understudy.base.errors import UnknownName
from understudy.hub.body import Body
from understudy.hub.card import Card
from understudy.hub.performance import Pose
from understudy.live.outlets.bundling import Message, bundles
from understudy.live.outlets.outlet import EXPRESSIONS, Bill, Datagrams
from understudy.live.outlets.presets import presets
from understudy.live.timeline import LiveBeat
from understudy.render.posing import joint_turns

Doubles = npt.NDArray[np.float64]

BONES: Final = {joint: joint[0].upper() + joint[1:] for joint in JOINTS}
"""Our joints are VRM's; Unity writes them with a capital."""
ARMS: Final = ("UpperArm", "LowerArm", "Hand")
NOTICE_S: Final = 1.0
"""How often the notice is repeated."""


class Vmc:
    """Root, bones and blend shapes of one actor. The notice goes as /VMC/Thru/Understudy/AIGenerated."""

    card: ClassVar[Card] = Card(
        "vmc",
        "VMC protocol for VRM avatars: bones, ARKit or preset shapes; UDP 39539",
        "own",
        needs="extra live",
    )
    port: ClassVar[int] = 39539

    def __init__(self, bill: Bill, host: str, port: int) -> None:
        if bill.expressions not in EXPRESSIONS:
            raise UnknownName("set of expressions", bill.expressions, EXPRESSIONS)
        self._bill = bill
        self._rig = _Rig(Body.decode(bill.actor.body_glb, f"The body of {bill.actor.name}"))
        self._out = Datagrams(host, port)
        self._said_s = -np.inf
        list(bundles([]))  # says now that a package is missing

    def messages(self, pose: Pose) -> Iterator[Message]:
        """Yields what a pose is, in the order of the protocol."""
        yield "/VMC/Ext/OK", (1, 3, 0, 1)
        yield "/VMC/Ext/T", (float(pose.time_s),)
        if not self._said_s <= pose.time_s < self._said_s + NOTICE_S:
            self._said_s = pose.time_s
            yield "/VMC/Thru/Understudy/AIGenerated", (self._bill.notice,)
            yield "/VMC/Thru/Understudy/Mark", (self._bill.marks["mark"],)
        yield "/VMC/Ext/Root/Pos", ("root", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
        for bone, place, turn in self._rig.bones(pose):
            yield "/VMC/Ext/Bone/Pos", (bone, *place, *turn)
        for name, value in self._weights(pose).items():
            yield "/VMC/Ext/Blend/Val", (name, value)
        yield "/VMC/Ext/Blend/Apply", ()

    def pose(self, pose: Pose) -> None:
        for data in bundles(self.messages(pose)):
            self._out.send(data)

    def beat(self, beat: LiveBeat) -> None:
        """Does nothing: receivers show what comes when it comes."""

    def close(self) -> None:
        self._out.close()

    def _weights(self, pose: Pose) -> Mapping[str, float]:
        if self._bill.expressions == "arkit":
            return {name: float(w) for name, w in zip(ARKIT_SHAPES, np.clip(pose.face, 0, 1), strict=True)}
        return presets(pose.face, self._bill.expressions)


class _Rig:
    """The joints of a body as bones of a T-pose."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._names = [joint.name for joint in body.joints]
        self._parents = [joint.parent for joint in body.joints]
        self._stretched = np.stack([np.eye(3)] * len(self._names))
        for side, out in (("left", 1.0), ("right", -1.0)):
            for part, end in zip(ARMS, (*ARMS[1:], ""), strict=True):
                if f"{side}{part}" not in body.joint_index:
                    continue
                at = body.joint_index[f"{side}{part}"]
                if f"{side}{end}" in body.joint_index:
                    bone = body.origin(f"{side}{end}") - body.origin(f"{side}{part}")
                    self._stretched[at] = _between(np.array([out, 0.0, 0.0]), bone / np.linalg.norm(bone))
                else:  # a hand lies in the line of its arm
                    self._stretched[at] = self._stretched[self._parents[at]]
        self._places = [self._place(at) for at in range(len(self._names))]

    def bones(self, pose: Pose) -> Iterator[tuple[str, tuple[float, ...], tuple[float, ...]]]:
        """Yields name, place against the parent (m) and turn (x, y, z, w) against it, in Unity's axes."""
        turned = self._body.matrices(joint_turns(pose))[:, :3, :3] @ self._stretched
        for at, name in enumerate(self._names):
            if name in BONES:
                parent = self._parents[at]
                local = turned[at] if parent < 0 else turned[parent].T @ turned[at]
                x, y, z, w = _quaternion(local)
                yield BONES[name], self._places[at], (x, -y, -z, w)

    def _place(self, at: int) -> tuple[float, ...]:
        parent = self._parents[at]
        place = self._body.joints[at].origin
        if parent >= 0:
            place = self._stretched[parent].T @ (place - self._body.joints[parent].origin)
        return -float(place[0]), float(place[1]), float(place[2])


def _between(a: Doubles, b: Doubles) -> Doubles:
    """Returns the smallest rotation that turns unit vector a into b (Rodrigues)."""
    v, c = np.cross(a, b), float(a @ b)
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    return np.asarray(np.eye(3) + k + k @ k / (1 + c))


def _quaternion(matrix: Doubles) -> tuple[float, float, float, float]:
    """Returns (x, y, z, w) with w >= 0 of a rotation matrix (Bar-Itzhack, "New method for extracting the quaternion
    from a rotation matrix", 2000, reduced to the largest of four)."""
    m = matrix
    four = np.array(
        [
            1 + m[0, 0] - m[1, 1] - m[2, 2],
            1 - m[0, 0] + m[1, 1] - m[2, 2],
            1 - m[0, 0] - m[1, 1] + m[2, 2],
            1 + m[0, 0] + m[1, 1] + m[2, 2],
        ]
    )
    rows = {
        0: (four[0], m[0, 1] + m[1, 0], m[0, 2] + m[2, 0], m[2, 1] - m[1, 2]),
        1: (m[0, 1] + m[1, 0], four[1], m[1, 2] + m[2, 1], m[0, 2] - m[2, 0]),
        2: (m[0, 2] + m[2, 0], m[1, 2] + m[2, 1], four[2], m[1, 0] - m[0, 1]),
        3: (m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1], four[3]),
    }
    found = np.asarray(rows[int(four.argmax())], np.float64)
    found /= np.linalg.norm(found) * (1 if found[3] >= 0 else -1)
    return float(found[0]), float(found[1]), float(found[2]), float(found[3])
