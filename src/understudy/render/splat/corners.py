"""Expressions to learn from: the rarest of real performances, and corners that no performance may have reached."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES, SHAPE_INDEX
from understudy.hub.performance import Pose

Floats = npt.NDArray[np.floating]

APART_S = 10.0
"""Time between two poses: after half a second hair hangs at rest again (render/sway.py, FORGOTTEN_S)."""
HEAD_RAD = 0.35
"""Farthest turn of the head on the torso about each axis, 20 degrees."""
_UP_RAD, _DOWN_RAD, _ASIDE_RAD = 0.30, 0.55, 0.42
"""Farthest turns of an eye in its head: 17, 32 and 24 degrees, about where its eyeLook weights end."""
_LOOK_RAD = {"Out": 0.436, "In": 0.436, "Down": 0.628, "Up": 0.279}
"""Turn of an eye at which its eyeLook weight is 1, as performances have it: 25, 25, 36 and 16 degrees."""
_COMPLEXION = 0.3
"""How much a difference of flush or tears counts beside one of a face weight, when poses are told apart."""

_MOUTHS: tuple[Mapping[str, tuple[float, float]], ...] = (
    {},
    {"jawOpen": (0.1, 1.0)},
    {"jawOpen": (0.2, 0.8), "mouthFunnel": (0.3, 1.0)},
    {"jawOpen": (0.0, 0.4), "mouthPucker": (0.4, 1.0)},
    {"jawOpen": (0.1, 0.7), "mouthStretch*": (0.3, 1.0)},
    {"jawOpen": (0.0, 0.6), "mouthSmile*": (0.3, 1.0), "cheekSquint*": (0.0, 0.8)},
    {"mouthSmile*": (0.2, 0.8), "mouthDimple*": (0.0, 0.7), "mouthPress*": (0.0, 0.5)},
    {"jawOpen": (0.0, 0.5), "mouthFrown*": (0.3, 1.0), "mouthShrugLower": (0.0, 0.8)},
    {"jawOpen": (0.1, 0.6), "mouthUpperUp*": (0.2, 1.0), "mouthLowerDown*": (0.2, 1.0)},
    {"mouthRollLower": (0.3, 1.0), "mouthRollUpper": (0.0, 1.0), "mouthPress*": (0.0, 0.6)},
    {"jawOpen": (0.15, 0.5), "mouthClose": (0.1, 0.45)},
    {"jawOpen": (0.35, 0.9), "tongueOut": (0.3, 1.0)},
    {"cheekPuff": (0.3, 1.0), "mouthPucker": (0.0, 0.4)},
    {"jawLeft": (0.2, 0.8), "mouthLeft": (0.2, 0.9), "jawOpen": (0.0, 0.4)},
    {"jawRight": (0.2, 0.8), "mouthRight": (0.2, 0.9), "jawOpen": (0.0, 0.4)},
    {"noseSneer*": (0.3, 1.0), "mouthUpperUp*": (0.1, 0.7)},
    {"jawForward": (0.2, 0.9), "mouthShrugUpper": (0.0, 0.7), "mouthLowerDown*": (0.0, 0.5)},
)
_EYES: tuple[Mapping[str, tuple[float, float]], ...] = (
    {},
    {},
    {"eyeBlink*": (0.85, 1.0)},
    {"eyeBlink*": (0.2, 0.8)},
    {"eyeWide*": (0.3, 1.0)},
    {"eyeSquint*": (0.3, 1.0)},
    {"eyeBlink*": (0.3, 1.0), "eyeSquint*": (0.2, 0.8), "cheekSquint*": (0.2, 0.9)},
)
_BROWS: tuple[Mapping[str, tuple[float, float]], ...] = (
    {},
    {"browDown*": (0.3, 1.0)},
    {"browInnerUp": (0.3, 1.0)},
    {"browInnerUp": (0.2, 1.0), "browOuterUp*": (0.3, 1.0)},
    {"browInnerUp": (0.2, 0.8), "browDown*": (0.2, 0.8)},
)
"""Shapes that go together, each with its least and greatest weight; a star stands for Left and Right."""


def rare_first(poses: Sequence[Pose], count: int) -> list[int]:
    """Returns the indices of `count` poses, each as far as can be from all before it in face weights and complexion.

    The first is the one farthest from the mean face. Farthest-point sampling (Gonzalez, "Clustering to Minimize the
    Maximum Intercluster Distance", 1985): what is rare is in, what is frequent is in once. Fewer poses, fewer indices.
    """
    known = np.stack([np.concatenate([p.face, _COMPLEXION * np.asarray(p.complexion)[:2]]) for p in poses])
    nearest = np.linalg.norm(known - known.mean(0), axis=1)
    chosen: list[int] = []
    for _ in range(min(count, len(poses))):
        if chosen and nearest.max() <= 0.0:
            break
        chosen.append(int(nearest.argmax()))
        away = np.linalg.norm(known - known[chosen[-1]], axis=1)
        nearest = away if len(chosen) == 1 else np.minimum(nearest, away)
    return chosen


def corner(number: int, poses: Sequence[Pose], draw: np.random.Generator) -> Pose:
    """Returns a made expression: shapes of mouth, eyes and brows that go together, one shape by turns, a look, a turned
    head, a breath. Arms and torso are those of a real pose. number: whose turn it is; 52 of them have every shape once.
    """
    face = np.zeros(len(ARKIT_SHAPES), np.float32)
    for kinds in (_MOUTHS, _EYES, _BROWS):
        for name, (least, most) in kinds[int(draw.integers(len(kinds)))].items():
            _add(face, name, float(draw.uniform(least, most)), draw)
    turn = ARKIT_SHAPES[number % len(ARKIT_SHAPES)]
    if not turn.startswith("eyeLook"):  # looks follow from where the eyes point
        face[SHAPE_INDEX[turn]] = max(float(face[SHAPE_INDEX[turn]]), float(draw.uniform(0.6, 1.0)))
    if turn in ("tongueOut", "mouthClose"):
        least = 0.35 if turn == "tongueOut" else float(face[SHAPE_INDEX[turn]])
        face[SHAPE_INDEX["jawOpen"]] = max(float(face[SHAPE_INDEX["jawOpen"]]), least)
    body = poses[int(draw.integers(len(poses)))].body.astype(np.float32).copy()
    body[-1] = draw.uniform(0.0, 1.0)
    gaze = _look(face, draw)
    head = np.zeros(6, np.float32)
    head[:3] = np.clip(draw.normal(0.0, (0.13, 0.16, 0.10)), -HEAD_RAD, HEAD_RAD)
    return Pose(0.0, np.clip(face, 0, 1), head, gaze, body, _complexion(draw))


def at_rest(pose: Pose, number: int) -> Pose:
    """Returns the pose at a time of its own, far from that of any other, so that no hair still swings."""
    return replace(pose, time_s=APART_S * number)


def _add(face: Floats, name: str, weight: float, draw: np.random.Generator) -> None:
    """Adds a shape, on both sides for a starred name; every third time one side is weaker."""
    if not name.endswith("*"):
        face[SHAPE_INDEX[name]] = max(face[SHAPE_INDEX[name]], weight)
        return
    shares = [1.0, 1.0]
    if draw.random() < 0.33:
        shares[int(draw.integers(2))] = float(draw.uniform(0.0, 0.7))
    for side, share in zip(("Left", "Right"), shares, strict=True):
        index = SHAPE_INDEX[name[:-1] + side]
        face[index] = max(face[index], weight * share)


def _look(face: Floats, draw: np.random.Generator) -> npt.NDArray[np.float32]:
    """Returns a (4,) gaze, often at the limits, and gives the face the lids that follow it."""
    extreme = draw.random() < 0.4
    pitch, yaw = (float(np.clip(angle, -0.2, 0.2)) for angle in draw.normal(0, 0.08, 2))
    if extreme:
        pitch, yaw = (
            float(side * much) for side, much in zip(draw.choice((-1, 1), 2), draw.uniform(0.6, 1, 2), strict=True)
        )
        pitch, yaw = pitch * (_DOWN_RAD if pitch > 0 else _UP_RAD), yaw * _ASIDE_RAD
    meet = float(draw.uniform(0.0, 0.04))  # the eyes meet on something near
    gaze = np.array([pitch, yaw - meet, pitch, yaw + meet], np.float32)
    for side, name in enumerate(("Left", "Right")):
        outward = float(gaze[2 * side + 1]) * (1 if name == "Left" else -1)
        for look, angle in (("Out", outward), ("In", -outward), ("Down", pitch), ("Up", -pitch)):
            face[SHAPE_INDEX[f"eyeLook{look}{name}"]] = np.clip(angle / _LOOK_RAD[look], 0, 1)
        down = face[SHAPE_INDEX[f"eyeLookDown{name}"]]
        face[SHAPE_INDEX[f"eyeBlink{name}"]] *= 1 - 0.45 * down
        face[SHAPE_INDEX[f"eyeWide{name}"]] *= 1 - 0.5 * down
    return gaze


def _complexion(draw: np.random.Generator) -> npt.NDArray[np.float32]:
    flush = float(draw.uniform(-0.8, 1.0)) if draw.random() < 0.2 else 0.0
    tears = float(draw.uniform(0.2, 1.0)) if draw.random() < 0.12 else 0.0
    return np.array([flush, tears], np.float32)
