"""A skeleton of any make -> which of its joints are a person's, and how they turn.

Names differ (Mixamo, CMU, Rokoko, LAFAN, Biped, DAZ ...), and so do the number of vertebrae, units, axes and poses of
rest; what they share is how a person hangs together. So only the two hands and the head are found by name. The arm is
what hangs a hand on the trunk, the trunk is what both arms hang on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput
from understudy.hub.capture import Capture

Floats = npt.NDArray[np.float64]

TURNING_S = 1.0
"""Turns of the whole body slower than this are the way somebody walks, and are taken out."""
_NAMESPACE = ("left", "right", "l", "r", "mixamorig", "bip", "j", "def", "cc", "base")
_SKIPPED = ("twist", "roll", "helper", "end", "ik")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True, eq=False)
class Skeleton:
    """names, parents (-1 at a root; parents come first). rest: (joints, 4, 4) places in the world at rest.

    turns: (frames, joints, 3, 3) and places: (frames, joints, 3) in the world.
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    rest: Floats
    turns: Floats
    places: Floats
    rate_hz: float
    where: str

    def capture(self) -> Capture:
        """Returns the motion as a Capture. Raises BadInput when no person is found in the skeleton."""
        hands = {side: self._hand(side) for side in ("left", "right")}
        ways = {side: self._up(hand) for side, hand in hands.items()}
        trunk = [joint for joint in ways["left"] if joint in set(ways["right"])]
        if not trunk:
            raise BadInput(f"The two arms of {self.where} hang on nothing they share; export one whole skeleton.")
        chest = trunk[0]
        arms = {side: self._arm(way[: way.index(chest)], side) for side, way in ways.items()}
        spine = trunk[::-1]
        hips = next((j for j in spine if self._is(j, "hips", "hip", "pelvis")), spine[0])
        spine = spine[spine.index(hips) :]
        head = self._named("head", under=chest)
        return self._freed(hips, spine, arms, head)

    def _freed(self, hips: int, spine: Sequence[int], arms: dict[str, dict[str, int]], head: int | None) -> Capture:
        chest = spine[-1]
        posed = self.rest[:, :3, 3]
        shoulders = arms["left"]["UpperArm"], arms["right"]["UpperArm"]
        rest = self.rest[:, :3, :3]
        axes = _axes(posed[shoulders[0]] - posed[shoulders[1]], posed[chest] - posed[hips])
        if axes is None:  # a file whose rest is no pose: its first frame serves
            posed, rest = self.places[0], self.turns[0]
            axes = _axes(posed[shoulders[0]] - posed[shoulders[1]], posed[chest] - posed[hips])
        if axes is None:
            raise BadInput(f"{self.where} holds no upright person: its shoulders and spine lie on one line.")
        up = _nearest_axis((self.places[:, chest] - self.places[:, hips]).mean(0))
        across = self.places[:, shoulders[0]] - self.places[:, shoulders[1]]
        heading = _headings(across, up, self.rate_hz)
        free = {
            joint: heading @ self.turns[:, index] @ rest[index].T @ axes.T
            for joint, index in self._wanted(hips, spine, arms, head).items()
        }
        bones = {}
        for side, arm in arms.items():
            for part, end in (("UpperArm", "LowerArm"), ("LowerArm", "Hand")):
                bones[f"{side}{part}"] = _unit(axes @ (posed[arm[end]] - posed[arm[part]]))
            finger = self._fingers(arm["Hand"])
            if finger:
                bones[f"{side}Hand"] = _unit(axes @ (posed[finger].mean(0) - posed[arm["Hand"]]))
        return Capture(self.rate_hz, free, bones, self.where)

    def _wanted(
        self, hips: int, spine: Sequence[int], arms: dict[str, dict[str, int]], head: int | None
    ) -> dict[str, int]:
        """Returns joint of ours -> joint of the file; vertebrae are shared out along the back."""
        count = len(spine) - 1
        wanted = {"hips": hips}
        for k, joint in enumerate(("spine", "chest", "upperChest"), start=1):
            wanted[joint] = spine[max(0, round(k / 3 * count))]
        wanted["upperChest"] = spine[-1]
        for side, arm in arms.items():
            wanted |= {f"{side}{part}": index for part, index in arm.items()}
        return wanted | ({"head": head} if head is not None else {})

    def _hand(self, side: str) -> int:
        found = [
            i for i, name in enumerate(self.names) if _side(name) == side and self._is(i, "hand", "wrist", whole=True)
        ]
        if not found:
            raise BadInput(
                f"{self.where} has no {side} hand by name; name its joints as Mixamo does: LeftHand, RightHand."
            )
        return min(found, key=lambda i: len(self._up(i)))

    def _arm(self, way: Sequence[int], side: str) -> dict[str, int]:
        chain = [j for j in way if not any(word in _SKIPPED for word in _words(self.names[j]))]
        if len(chain) < 3:
            raise BadInput(f"The {side} arm of {self.where} has no elbow or no shoulder; export the whole arm.")
        arm = {"Hand": chain[0], "LowerArm": chain[1], "UpperArm": chain[2]}
        return arm | ({"Shoulder": chain[3]} if len(chain) > 3 else {})

    def _fingers(self, hand: int) -> list[int]:
        """Returns the joints that hang on a hand, thumbs left out."""
        found = [i for i, parent in enumerate(self.parents) if parent == hand]
        far = [i for i in found if np.linalg.norm(self.rest[i, :3, 3] - self.rest[hand, :3, 3]) > 1e-6]
        return [i for i in far if "thumb" not in self.names[i].lower()]

    def _named(self, word: str, *, under: int) -> int | None:
        found = [i for i in range(len(self.names)) if self._is(i, word) and under in self._up(i)]
        return min(found, key=lambda i: len(self._up(i)), default=None)

    def _is(self, joint: int, *words: str, whole: bool = False) -> bool:
        said = _words(self.names[joint])
        rest = [w for w in said if w not in _NAMESPACE and not w.isdigit()]
        return any(w in rest for w in words) and (not whole or len(rest) == 1)

    def _up(self, joint: int) -> list[int]:
        way = [joint]
        while self.parents[way[-1]] >= 0:
            way.append(self.parents[way[-1]])
        return way


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(re.split(r"[:|]", name)[-1])]


def _side(name: str) -> str:
    words = _words(name)
    for side in ("left", "right"):
        if side in words or side[0] in words:
            return side
    short = re.split(r"[:|]", name)[-1].lower()
    return next((side for side in ("left", "right") if short.startswith(side) or short.endswith(side)), "")


def _axes(across: Floats, up: Floats) -> Floats | None:
    """Returns (3, 3) from the world to the actor's axes (x to the left, y up, z ahead), None when they coincide."""
    long = float(np.linalg.norm(up)), float(np.linalg.norm(across))
    if min(long) < 1e-6:
        return None
    y = up / long[0]
    x = across - (across @ y) * y
    if np.linalg.norm(x) < 0.5 * long[1]:
        return None
    x /= np.linalg.norm(x)
    return np.stack([x, y, np.cross(x, y)])


def _nearest_axis(up: Floats) -> Floats:
    """Returns the axis of the file that points up."""
    out = np.zeros(3)
    most = int(np.argmax(np.abs(up)))
    out[most] = np.sign(up[most]) or 1.0
    return out


def _headings(across: Floats, up: Floats, rate_hz: float) -> Floats:
    """Returns (frames, 3, 3) from the world to axes that stay upright and turn with the slow turns of the shoulders."""
    level = across - (across @ up)[:, None] * up
    reach = max(1, round(2 * TURNING_S * rate_hz))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / (TURNING_S * rate_hz)) ** 2)
    padded = np.pad(level, ((reach, reach), (0, 0)), mode="edge")
    slow = np.stack([np.convolve(padded[:, i], kernel / kernel.sum(), mode="valid") for i in range(3)], -1)
    x = slow / np.maximum(np.linalg.norm(slow, axis=1, keepdims=True), 1e-9)
    y = np.broadcast_to(up, x.shape)
    return np.stack([x, y, np.cross(x, y)], axis=1)


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9))
