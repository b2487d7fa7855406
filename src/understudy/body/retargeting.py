"""Recorded motion on another body: turns are kept, lengths are the actor's own.

A joint turns as the recorded one turned. Arms that were held otherwise in the recording's pose of reference (a T, an A)
than the actor's hang at rest are first brought along the bones of the actor's own arm, the shortest way, so that the
direction of every bone in space comes out the same.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ANIMATION_RATE_HZ, BODY, BODY_CHANNELS, HEAD, HEAD_CHANNELS
from understudy.base.rotation import matrices_from_vectors, vectors_from_matrices
from understudy.hub.capture import Capture
from understudy.hub.physique import Physique
from understudy.hub.track import Track

Floats = npt.NDArray[np.float64]

HIPS_SHARE = 0.6
"""Share of the sway of the hips that is kept: an actor is filmed from the waist up and stands."""
_TRUNK = ("hips", "spine", "chest", "upperChest")


def retarget(capture: Capture, *, physique: Physique) -> tuple[Track, Track | None]:
    """Returns the BODY track of a recording at 60 Hz on an actor, and the HEAD track when it has a head.

    Breath is empty; the neck rights the head as in every performance, so that a head of ours fits as well.
    """
    turns = {joint: _resampled(values, capture.rate_hz) for joint, values in capture.turns.items()}
    count = len(turns["hips"])
    whole = {joint: _nearest_turns(turns[joint]) for joint in _TRUNK}
    body = np.zeros((count, len(BODY_CHANNELS)))
    body[:, _columns("hips")] = HIPS_SHARE * vectors_from_matrices(whole["hips"])
    for below, joint in pairwise(_TRUNK):
        body[:, _columns(joint)] = vectors_from_matrices(_back(whole[below]) @ whole[joint])
    # what the hips do not take part in, the spine does not either
    chest = _chain(body)
    body[:, _columns("neck")] = vectors_from_matrices(_back(chest))
    lift = _back(whole["upperChest"])
    for side in ("left", "right"):
        _arm(body, side, turns, capture, physique, lift)
    head = None
    if "head" in turns:
        head = np.zeros((count, len(HEAD_CHANNELS)))
        head[:, :3] = _pitch_yaw_roll(turns["head"])
    track = Track(BODY, BODY_CHANNELS, ANIMATION_RATE_HZ, body.astype(np.float32))
    return track, None if head is None else Track(HEAD, HEAD_CHANNELS, ANIMATION_RATE_HZ, head.astype(np.float32))


def _arm(
    body: Floats, side: str, turns: dict[str, Floats], capture: Capture, physique: Physique, to_chest: Floats
) -> None:
    """Writes one arm; to_chest: (frames, 3, 3) from the recording's axes to those of its chest."""
    joints = physique.joints
    parent = np.tile(np.eye(3), (len(body), 1, 1))
    if f"{side}Shoulder" in turns:
        parent = to_chest @ turns[f"{side}Shoulder"]
        body[:, _columns(f"{side}Shoulder")] = vectors_from_matrices(parent)
    ours = {
        "UpperArm": joints[f"{side}LowerArm"] - joints[f"{side}UpperArm"],
        "LowerArm": joints[f"{side}Hand"] - joints[f"{side}LowerArm"],
        "Hand": physique.hands[side].mean(0),
    }
    along = np.eye(3)
    for part, bone in ours.items():
        joint = f"{side}{part}"
        if joint in capture.bones:
            along = _shortest(along @ bone, capture.bones[joint]) @ along
        turned = to_chest @ turns[joint] @ along
        body[:, _columns(joint)] = vectors_from_matrices(_back(parent) @ turned)
        parent = turned


def _shortest(start: Floats, goal: Floats) -> Floats:
    """Returns the (3, 3) turn from one direction to another, the short way (Rodrigues)."""
    a, b = start / np.linalg.norm(start), goal / np.linalg.norm(goal)
    axis, cosine = np.cross(a, b), float(a @ b)
    if cosine < -0.9999:
        other = np.cross(a, (1.0, 0.0, 0.0) if abs(a[0]) < 0.9 else (0.0, 1.0, 0.0))
        other /= np.linalg.norm(other)
        return np.asarray(2 * np.outer(other, other) - np.eye(3))
    k = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.asarray(np.eye(3) + k + k @ k / (1 + cosine))


def _resampled(turns: Floats, rate_hz: float) -> Floats:
    """Returns the turns 60 times a second, between frames the straight way and made whole again."""
    count = max(1, round(len(turns) / rate_hz * ANIMATION_RATE_HZ))
    at = np.clip(np.arange(count) * rate_hz / ANIMATION_RATE_HZ, 0, len(turns) - 1)
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, len(turns) - 1)
    part = (at - low)[:, None, None]
    return _nearest_turns(turns[low] * (1 - part) + turns[high] * part)


def _nearest_turns(matrices: Floats) -> Floats:
    """Returns the rotations nearest to matrices (polar decomposition)."""
    u, _, v = np.linalg.svd(matrices)
    flip = np.sign(np.linalg.det(u @ v))
    u[..., -1] *= flip[..., None]
    return np.asarray(u @ v)


def _chain(body: Floats) -> Floats:
    whole = np.tile(np.eye(3), (len(body), 1, 1))
    for joint in _TRUNK:
        whole = whole @ matrices_from_vectors(body[:, _columns(joint)])
    return whole


def _pitch_yaw_roll(turns: Floats) -> Floats:
    """Returns (n, 3) angles of Ry(yaw) Rx(pitch) Rz(roll)."""
    pitch = np.arcsin(np.clip(-turns[:, 1, 2], -1, 1))
    yaw = np.arctan2(turns[:, 0, 2], turns[:, 2, 2])
    roll = np.arctan2(turns[:, 1, 0], turns[:, 1, 1])
    return np.stack([pitch, yaw, roll], -1)


def _back(turns: Floats) -> Floats:
    return np.swapaxes(turns, -1, -2)


def _columns(joint: str) -> slice:
    start = BODY_CHANNELS.index(f"{joint}.x")
    return slice(start, start + 3)
