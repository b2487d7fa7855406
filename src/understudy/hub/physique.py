"""How an actor is built, as far as moving its arms needs to know: places of joints, surfaces, hands.

    surface   a height field of one part of the trunk or the head: for each (x, y) how far it comes forward (z)
    feelers   points on the hand and on the end of the forearm, which must stay before every surface

Everything is measured on the actor's own mesh at rest, in the axes of `base.channels`; `Physique.standard()` is an
adult of usual build for performances made before anybody is cast.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.base.channels import JOINTS
from understudy.hub.body import Body, Mesh

Floats = npt.NDArray[np.float64]

SEGMENTS = {
    "spine": ("hips", "spine"),
    "upperChest": ("chest", "upperChest", "neck", "leftShoulder", "rightShoulder"),
    "head": ("head",),
}
"""joint that carries a surface -> joints whose vertices it is made of."""
_CELL_M = 0.01
_FAR_BACK_M = -0.5
_HAND_FEELERS, _FOREARM_FEELERS = 48, 24
_SIDES = ("left", "right")


@dataclass(frozen=True, eq=False)
class Surface:
    """How far forward a part of the body comes. heights: (rows, columns) z in metres over y and x, cells of 1 cm.

    corner: (x, y) of the first cell, against the joint that carries it. Where nothing is, it lies half a metre back.
    """

    joint: str
    corner: tuple[float, float]
    heights: Floats

    def at(self, points: Floats) -> Floats:
        """Returns (...,) z of the surface before or behind (..., 3) points, bilinear between cells."""
        rows, columns = self.heights.shape
        x = np.clip((points[..., 0] - self.corner[0]) / _CELL_M, 0, columns - 1.001)
        y = np.clip((points[..., 1] - self.corner[1]) / _CELL_M, 0, rows - 1.001)
        i, j = y.astype(int), x.astype(int)
        v, u = y - i, x - j
        h = self.heights
        low = h[i, j] * (1 - u) + h[i, j + 1] * u
        high = h[i + 1, j] * (1 - u) + h[i + 1, j + 1] * u
        return np.asarray(low * (1 - v) + high * v)


class Relief:
    """Several surfaces asked at once. surfaces: in order, of any sizes."""

    def __init__(self, surfaces: Sequence[Surface]) -> None:
        count = len(surfaces)
        rows, columns = (max((s.heights.shape[i] for s in surfaces), default=2) for i in range(2))
        fields = np.zeros((count, rows, columns))
        for field, surface in zip(fields, surfaces, strict=True):
            field[: surface.heights.shape[0], : surface.heights.shape[1]] = surface.heights
        self._heights, self._columns = fields.ravel(), columns
        self._corner = np.array([s.corner for s in surfaces]).reshape(count, 2)
        self._last = np.array([s.heights.shape[::-1] for s in surfaces]).reshape(count, 2) - 1.001
        self._first = np.arange(count) * rows * columns

    def at(self, points: Floats) -> Floats:
        """Returns (surfaces, ...) z of each surface before or behind its (surfaces, ..., 3) points."""
        shape = (-1, *(1,) * (points.ndim - 2))
        x, y = (
            np.minimum(
                np.maximum((points[..., i] - self._corner[:, i].reshape(shape)) / _CELL_M, 0),
                self._last[:, i].reshape(shape),
            )
            for i in range(2)
        )
        i, j = y.astype(np.intp), x.astype(np.intp)
        v, u = y - i, x - j
        cell = i * self._columns + j + self._first.reshape(shape)
        h, columns = self._heights, self._columns
        low, high = h[cell], h[cell + columns]
        low += (h[cell + 1] - low) * u
        high += (h[cell + columns + 1] - high) * u
        return np.asarray(low + (high - low) * v)


@dataclass(frozen=True, eq=False)
class Physique:
    """joints: name of base.channels.JOINTS -> (3,) place at rest, metres. surfaces: of trunk and head.

    hands, forearms: 'left' | 'right' -> (n, 3) feelers against the wrist. palms: 'left' | 'right' -> (3,) unit vector
    out of the palm at rest.
    """

    joints: Mapping[str, Floats]
    surfaces: tuple[Surface, ...]
    hands: Mapping[str, Floats]
    forearms: Mapping[str, Floats]
    palms: Mapping[str, Floats]

    @staticmethod
    def of(body: Body) -> "Physique":
        """Measures a body; joints and hands that it lacks are those of the standard adult, moved to its shoulders."""
        usual = _STANDARD
        joints = {name: np.asarray(body.origin(name), np.float64) for name in JOINTS if name in body.joint_index}
        if not _has_arms(joints):
            return usual
        joints = {**_moved(usual.joints, joints), **joints}
        dominant = [(mesh, _dominant(body, mesh)) for mesh in body.meshes if mesh.name != "hairFine"]
        surfaces = []
        for carrier, names in SEGMENTS.items():
            cloud = _cloud(dominant, names)
            if len(cloud) > 50:
                surfaces.append(_surface(carrier, cloud - joints[carrier]))
        hands, forearms, palms = {}, {}, {}
        for side in _SIDES:
            wrist, elbow = joints[f"{side}Hand"], joints[f"{side}LowerArm"]
            hand = _cloud(dominant, (f"{side}Hand",)) - wrist
            arm = _cloud(dominant, (f"{side}LowerArm",)) - wrist
            along = (elbow - wrist) / np.linalg.norm(elbow - wrist)
            arm = arm[arm @ along < 0.55 * np.linalg.norm(elbow - wrist)] if len(arm) else arm
            hands[side] = _spread(hand, _HAND_FEELERS) if len(hand) > 50 else usual.hands[side]
            forearms[side] = _spread(arm, _FOREARM_FEELERS) if len(arm) > 20 else usual.forearms[side]
            palms[side] = _palm(hand, side) if len(hand) > 50 else usual.palms[side]
        return Physique(joints, tuple(surfaces), hands, forearms, palms)

    @staticmethod
    def standard() -> "Physique":
        """Returns an adult of usual build, 1.68 m tall."""
        return _STANDARD


def _has_arms(joints: Mapping[str, Floats]) -> bool:
    return all(f"{side}{part}" in joints for side in _SIDES for part in ("UpperArm", "LowerArm", "Hand"))


def _moved(usual: Mapping[str, Floats], joints: Mapping[str, Floats]) -> dict[str, Floats]:
    by = joints["leftUpperArm"] + joints["rightUpperArm"] - usual["leftUpperArm"] - usual["rightUpperArm"]
    return {name: at + by / 2 for name, at in usual.items()}


def _dominant(body: Body, mesh: Mesh) -> list[str]:
    names = [joint.name for joint in body.joints]
    strongest = mesh.joints[np.arange(len(mesh.joints)), mesh.weights.argmax(1)]
    return [names[i] for i in strongest]


def _cloud(dominant: Sequence[tuple[Mesh, list[str]]], names: Sequence[str]) -> Floats:
    wanted = set(names)
    parts = [mesh.positions[[name in wanted for name in of]] for mesh, of in dominant]
    return np.concatenate(parts).astype(np.float64) if parts else np.zeros((0, 3))


def _surface(joint: str, cloud: Floats) -> Surface:
    """Returns the height field of points: highest of each cell, gaps closed, widened by a cell, smoothed."""
    corner = cloud[:, :2].min(0) - 6 * _CELL_M
    columns, rows = (np.ceil((cloud[:, :2].max(0) + 6 * _CELL_M - corner) / _CELL_M).astype(int) + 1).tolist()
    heights = np.full((rows, columns), _FAR_BACK_M)
    x, y = np.rint((cloud[:, :2] - corner) / _CELL_M).astype(int).T
    np.maximum.at(heights, (y, x), cloud[:, 2])
    heights = _highest(heights, 1)
    smooth = np.pad(heights, 1, mode="edge")
    smooth = (smooth[:-2] + 2 * smooth[1:-1] + smooth[2:]) / 4
    smooth = (smooth[:, :-2] + 2 * smooth[:, 1:-1] + smooth[:, 2:]) / 4
    return Surface(joint, (float(corner[0]), float(corner[1])), smooth)


def _highest(heights: Floats, steps: int) -> Floats:
    """Returns the field in which every cell is as high as its highest neighbour, `steps` times."""
    for _ in range(steps):
        wide = np.pad(heights, 1, mode="edge")
        heights = np.max([wide[i : i + heights.shape[0], j : j + heights.shape[1]] for i in range(3) for j in range(3)],
                         axis=0)  # fmt: skip
    return heights


def _spread(cloud: Floats, count: int) -> Floats:
    """Returns `count` of the points that lie far from each other (farthest first)."""
    chosen = [int(np.argmax(np.linalg.norm(cloud - cloud.mean(0), axis=1)))]
    away = np.linalg.norm(cloud - cloud[chosen[0]], axis=1)
    while len(chosen) < min(count, len(cloud)):
        chosen.append(int(np.argmax(away)))
        away = np.minimum(away, np.linalg.norm(cloud - cloud[chosen[-1]], axis=1))
    return np.asarray(cloud[chosen])


def _palm(hand: Floats, side: str) -> Floats:
    """Returns the direction in which a hand is thinnest, on the side of the trunk, where a hanging palm looks."""
    _, axes = np.linalg.eigh(np.cov(hand.T))
    thin = axes[:, 0]
    inward = -1.0 if side == "left" else 1.0
    return np.asarray(thin if thin[0] * inward > 0 else -thin)


def _usual() -> Physique:
    left = {
        "leftShoulder": (0.025, 1.418, 0.024), "leftUpperArm": (0.160, 1.383, 0.021),
        "leftLowerArm": (0.175, 1.107, 0.031), "leftHand": (0.169, 0.911, 0.149), "leftEye": (0.031, 1.644, 0.121),
    }  # fmt: skip
    middle = {
        "hips": (0.0, 0.934, -0.066), "spine": (0.0, 1.016, -0.025), "chest": (0.0, 1.180, 0.008),
        "upperChest": (0.0, 1.331, 0.005), "neck": (0.0, 1.493, 0.001), "head": (0.0, 1.610, 0.041),
    }  # fmt: skip
    joints = {name: np.array(at) for name, at in {**middle, **left}.items()}
    joints |= {"right" + name[4:]: at * (-1, 1, 1) for name, at in joints.items() if name.startswith("left")}
    round_ = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    shells = {  # height of the middle, half width, half height, half depth, middle of the depth
        "spine": (1.02, 0.165, 0.20, 0.125, 0.00),
        "upperChest": (1.30, 0.175, 0.17, 0.125, 0.01),
        "head": (1.655, 0.085, 0.125, 0.105, 0.045),
    }
    surfaces = []
    for joint, (y, wide, high, deep, z) in shells.items():
        part = np.linspace(-1, 1, 41)
        girth = np.sqrt(np.maximum(0, 1 - part**6 if joint != "head" else 1 - part**2))
        ring = [
            np.c_[wide * g * r * np.cos(round_), np.full(48, y + high * p), z + deep * g * r * np.sin(round_)]
            for p, g in zip(part, girth, strict=True)
            for r in (0.3, 0.6, 0.85, 1.0)
        ]
        cloud = np.concatenate(ring)
        surfaces.append(_surface(joint, cloud - joints[joint]))
    along = np.array([-0.41, -0.71, 0.57])
    across, thin = np.array([-0.08, 0.60, 0.79]), np.array([-0.888, 0.086, -0.451])
    grid = [(a, b, c) for a in (0.0, 0.05, 0.1, 0.15, 0.176) for b in (-0.04, 0.0, 0.04) for c in (-0.015, 0.015)]
    hand = np.array([a * along + b * across + c * thin for a, b, c in grid])
    sleeve = np.array([0.027, 0.856, -0.516])
    turn = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    side = np.array([1.0, 0.0, 0.05])
    other = np.cross(sleeve, side)
    forearm = np.concatenate(
        [s * sleeve + 0.04 * (np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * other) for s in (0.0, 0.06, 0.12)]
    )
    mirror = np.array([-1.0, 1.0, 1.0])
    return Physique(
        joints,
        tuple(surfaces),
        {"left": hand, "right": hand * mirror},
        {"left": forearm, "right": forearm * mirror},
        {"left": thin, "right": thin * mirror},
    )


_STANDARD = _usual()
