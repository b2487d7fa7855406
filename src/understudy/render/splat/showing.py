"""One shot of the neural look: who is painted, what is behind, and how they come together.

poses -> painter ... -> outline -----------------------------+
set behind -> shadow on a wall -> what falls behind -> actors, the farther first -> breath, what falls before
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from understudy.base.image import Image
from understudy.hub.avatar import Avatar
from understudy.hub.body import Body, Matrices
from understudy.hub.frames import Shot
from understudy.hub.performance import Pose
from understudy.hub.place import Place
from understudy.render.framing import Camera, frame_actor, stage_from_model
from understudy.render.posing import joint_turns
from understudy.render.rectangle import where_seen
from understudy.render.setting import Painted
from understudy.render.splat.behind import Behind, shade_wall
from understudy.render.splat.compiled import alone, on_threads
from understudy.render.splat.falling import lay_strokes
from understudy.render.splat.painter import Painter
from understudy.render.splat.settle import Outline, folded, manner_of, settle, straightened
from understudy.render.strokes import Strokes

Floats = npt.NDArray[np.float32]
Figure = tuple[Body, Avatar]

_SAMPLES = {"best": 2}
"""Painted pixels for each pixel of the picture along a side; Gaussians are smooth, so one does for films."""
_LIVE_SHADOWS = 2
"""A live picture throws shadows anew every other time: they lie on the skin and go along with it meanwhile."""


@dataclass(eq=False)
class Player:
    """One actor in the picture. rect: where it can be seen. model: stage-from-model."""

    body: Body
    painter: Painter
    camera: Camera
    model: Matrices
    rect: tuple[int, int, int, int]
    outline: Outline


class Showing:
    """Draws poses of one actor, or of two in one scene, in one place and shot."""

    def __init__(self, figures: tuple[Figure, ...], place: Place, shot: Shot, quality: str) -> None:
        self._place, self._shot = place, shot
        self._samples = _SAMPLES.get(quality, 1)
        # a live picture leaves half of the machine to the voice, as pictures are not all that is due
        self._threads = (os.cpu_count() or 1) // 2 if quality == "live" else os.cpu_count() or 1
        self._shadows_every = _LIVE_SHADOWS if quality == "live" else 1
        bodies = tuple(body for body, _ in figures)
        if len(figures) == 1:
            self._view = frame_actor(bodies[0], shot)
            cameras = [self._view]
        else:
            from understudy.render.two_shot import frame_two

            self._view, stands = frame_two((bodies[0], bodies[1]), shot)
            cameras = [
                replace(self._view, turn_rad=s.turn_rad, aside_m=(-s.eyes[0], -s.eyes[1], -s.eyes[2])) for s in stands
            ]
        with ThreadPoolExecutor(1) as painting:
            plate = painting.submit(Painted, place, self._view, shot.size_px)
            self._players = [self._player(f, c) for f, c in zip(figures, cameras, strict=True)]
            painted = plate.result()
        self._manner = manner_of(place, shot.size_px, painted.spill, painted.veil)
        self._behind = Behind(place, self._view, shot.size_px, painted)
        self._air = Strokes(bodies[0], place, shot, self._view)

    def draw(self, *poses: Pose) -> Image:
        """Returns the picture of a pose of each actor; its time is the first one's."""
        with on_threads(self._threads):
            return self._draw(poses)

    def _draw(self, poses: tuple[Pose, ...]) -> Image:
        place, time_s = self._place, poses[0].time_s
        view = self._view.at(time_s)
        joints = [p.model @ p.body.matrices(joint_turns(pose)) for p, pose in zip(self._players, poses, strict=True)]
        painted = [self._paint(p, pose) for p, pose in zip(self._players, poses, strict=True)]
        out = self._behind.picture(view, time_s, self._manner)
        for player in self._players if place.wall is not None else ():
            shade_wall(out, player.outline.softer, place, view)
        lay_strokes(out, self._air.behind(time_s, view))
        for k in self._far_to_near(joints):
            settle(painted[k], self._players[k].rect, self._players[k].outline, self._manner, out)
        own = self._players[0].camera.at(time_s)
        lay_strokes(out, self._air.before(poses[0], view, joints[0], own))
        return Image(straightened(out) if place.transparent else out)

    def reset(self) -> None:
        """Forgets what was drawn, so that what comes next does not depend on it."""
        self._air.reset()
        for player in self._players:
            player.painter.reset()

    def close(self) -> None:
        """Has nothing to give back: no drawing context is held."""

    def _player(self, figure: Figure, camera: Camera) -> Player:
        body, avatar = figure
        width, height = self._shot.size_px
        grade = self._place.grade
        # what a veil takes away; what it adds is laid on when the actor settles
        under = replace(self._place, grade=replace(grade, exposure=grade.exposure * (1 - self._place.veil)))
        size = width * self._samples, height * self._samples
        painter = Painter(avatar, body, under, camera, size, shadows_every=self._shadows_every)
        model = stage_from_model(body, camera)
        rect = where_seen(body, model, camera, self._shot.size_px)
        return Player(body, painter, camera, model, rect, Outline(self._shot.size_px))

    def _paint(self, player: Player, pose: Pose) -> Floats:
        """Returns the painted actor (h, w, 4), with its outline taken."""
        with alone:
            picture = player.painter.paint(pose, player.camera.at(pose.time_s))
            actor = folded(picture) if self._samples == 2 else picture
            if self._manner.wrap > 0 or self._place.wall is not None:
                player.outline.take(actor, wide=self._place.wall is not None)
        return actor

    def _far_to_near(self, joints: list[Matrices]) -> list[int]:
        """Returns the order of painting: whoever has a hand nearest to the lens last, for only arms ever overlap."""
        if len(joints) == 1:
            return [0]
        nearest = []
        for player, posed in zip(self._players, joints, strict=True):
            hands = [j for name, j in player.body.joint_index.items() if name in ("leftHand", "rightHand")]
            at = [posed[j] @ np.append(player.body.origin(player.body.joints[j].name), 1.0) for j in hands]
            nearest.append(max((float(p[2]) for p in at), default=0.0))
        return list(np.argsort(nearest, kind="stable"))
