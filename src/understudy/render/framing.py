"""Where the camera stands for a shot, and how the actor stands before it."""

from dataclasses import dataclass, replace

import numpy as np

from understudy.base.errors import BadInput, UnknownName
from understudy.base.rotation import matrix_from_pitch_yaw_roll
from understudy.hub.body import Body, Matrices
from understudy.hub.frames import ACTOR_TURN_RAD, Move, Shot, ShotSize
from understudy.render.moves import path

_EYES_TO_CHEST_M = 0.30
"""Height of the eyes over the joint `upperChest` of an adult; smaller bodies are framed in proportion, and those that
are much taller fill more of the picture."""
_HEIGHT_M = {ShotSize.CLOSE: 0.325, ShotSize.MEDIUM: 0.52, ShotSize.WIDE: 0.82}
_EYE_LINE = {ShotSize.CLOSE: 0.405, ShotSize.MEDIUM: 0.375, ShotSize.WIDE: 0.335}
"""Share of the picture above the eyes: the upper third, a little lower where the hair needs headroom."""
_LENS_FOV_RAD = {ShotSize.CLOSE: 0.25, ShotSize.MEDIUM: 0.28, ShotSize.WIDE: 0.32}
"""Vertical angles of 95, 85 and 75 mm lenses on a 24 mm high sensor."""
_LOOK_ROOM = 0.13
"""Share of the picture's width by which an actor who looks aside stands off centre."""


@dataclass(frozen=True)
class Camera:
    """A camera in stage space (see hub.place) that looks along -z through a shifted lens, so verticals stay vertical.

    distance_m: from the lens to the actor's eyes. height_m: of the picture at that distance. shift: what the middle
    of the picture sees there, (x, y) metres. aspect: width / height. turn_rad: yaw of the actor against the lens.
    move, move_seed: what it does in the shot (see `at`). aside_m: how far the lens is from where it rests, (x, y, z).
    tilt_rad: its pitch, yaw and roll.
    """

    distance_m: float
    height_m: float
    shift: tuple[float, float]
    aspect: float
    turn_rad: float = 0.0
    near_m: float = 0.3
    far_m: float = 12.0
    move: Move = Move.STILL
    move_seed: int = 0
    aside_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    tilt_rad: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def at(self, time_s: float) -> "Camera":
        """Returns the camera as it stands at a moment of the shot; a still one returns itself."""
        return self if self.move is Move.STILL else moved(self, time_s)

    @property
    def lens_m(self) -> Matrices:
        """Returns the (3,) place of the lens in stage space."""
        return np.array([0.0, 0.0, self.distance_m]) + self.aside_m

    def clip_from_stage(self) -> Matrices:
        """Returns the (4, 4) projection of stage space for OpenGL."""
        s, near, far = self.distance_m, self.near_m, self.far_m
        half_h, half_w = self.height_m / 2, self.height_m / 2 * self.aspect
        project = np.array(
            [
                [s / half_w, 0, self.shift[0] / half_w, 0],
                [0, s / half_h, self.shift[1] / half_h, 0],
                [0, 0, -(far + near) / (far - near), -2 * far * near / (far - near)],
                [0, 0, -1, 0],
            ]
        )
        stand = np.eye(4)
        stand[:3, :3] = matrix_from_pitch_yaw_roll(*self.tilt_rad)
        stand[:3, 3] = self.lens_m
        return np.asarray(project @ np.linalg.inv(stand))

    def seen(self, points: Matrices) -> tuple[Matrices, Matrices, Matrices]:
        """Returns x and y in the picture (0..1 from the top left) of (n, 3) points, and the share of its height that a
        metre fills there.
        """
        clip = np.c_[points, np.ones(len(points))] @ self.clip_from_stage().T
        away = np.maximum(clip[:, 3], 1e-3)
        scale = self.distance_m / away / self.height_m
        return (clip[:, 0] / away + 1) / 2, (1 - clip[:, 1] / away) / 2, scale


def moved(camera: Camera, time_s: float) -> Camera:
    """Returns the camera somewhere on the path of its move; the eyes of the actor stay what it is about."""
    (x, y, z), tilt = path(camera.move, camera.move_seed, time_s)
    s = camera.distance_m
    rest = camera.aside_m
    return replace(camera, aside_m=(rest[0] + x * s, rest[1] + y * s, rest[2] + z * s), tilt_rad=tilt)


def frame_actor(body: Body, shot: Shot) -> Camera:
    """Returns the camera of a shot: portrait lens, eyes on the upper third, room in the direction of the look."""
    if shot.size is ShotSize.TWO:
        raise BadInput("A two-shot needs two actors; film one with --shot close, medium or wide.")
    eyes = eye_middle(body)
    scale = 1.0
    if "upperChest" in body.joint_index:
        scale = float(np.clip((eyes[1] - body.origin("upperChest")[1]) / _EYES_TO_CHEST_M, 0.7, 1.08))
    width, height = shot.size_px
    frame_m = _HEIGHT_M[shot.size] * scale * max(1.0, 0.75 * height / width)
    side = float(np.clip(shot.partner, -1.0, 1.0))
    room = min(_LOOK_ROOM, 0.08 * width / height)
    shift = (side * room * frame_m * width / height, (_EYE_LINE[shot.size] - 0.5) * frame_m)
    turn = side * ACTOR_TURN_RAD + shot.turn_rad
    if shot.aim:
        shift = _aimed(body, shot.aim, turn)
    return Camera(
        distance_m=frame_m / 2 / float(np.tan(_LENS_FOV_RAD[shot.size] / 2)),
        height_m=frame_m / max(shot.zoom, 0.05),
        shift=shift,
        aspect=width / height,
        turn_rad=turn,
        move=shot.move,
        move_seed=shot.move_seed,
    )


def _aimed(body: Body, aim: str, turn_rad: float) -> tuple[float, float]:
    """Returns where on the plane of the eyes a part of the face is seen, (x, y) metres. Raises UnknownName."""
    eyes = eye_middle(body)
    if aim == "eyes":
        at = eyes
    elif aim == "left_eye":
        at = body.origin("leftEye") if "leftEye" in body.joint_index else eyes
    elif aim == "mouth":
        at = eyes + np.array([0.0, -0.070, 0.010])
    else:
        raise UnknownName("part of the face to aim at", aim, ["eyes", "left_eye", "mouth"])
    stand = _standing(body, turn_rad)
    place = stand[:3, :3] @ at + stand[:3, 3]
    return float(place[0]), float(place[1])


def _standing(body: Body, turn_rad: float) -> Matrices:
    """Returns the (4, 4) that stands the actor on the set: eyes at the origin, turned about the axis of the head."""
    eyes = eye_middle(body)
    pivot = body.origin("head") if "head" in body.joint_index else eyes
    about = np.array([pivot[0], eyes[1], pivot[2]])
    out = np.eye(4)
    out[:3, :3] = matrix_from_pitch_yaw_roll(0.0, turn_rad, 0.0)
    out[:3, 3] = about - eyes - out[:3, :3] @ about
    return out


def stage_from_model(body: Body, camera: Camera) -> Matrices:
    """Returns the (4, 4) that stands the actor on the set before this camera."""
    return _standing(body, camera.turn_rad)


def eye_middle(body: Body) -> Matrices:
    """Returns the (3,) point between the eyes at rest; without eye joints, a little above and before the head joint."""
    if "leftEye" in body.joint_index and "rightEye" in body.joint_index:
        return np.asarray((body.origin("leftEye") + body.origin("rightEye")) / 2)
    return np.asarray(body.origin("head") + np.array([0.0, 0.08, 0.08]))
