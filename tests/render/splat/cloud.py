"""A small cloud on a house actress, and views of it to learn from."""

import hashlib
from dataclasses import replace
from functools import lru_cache

import numpy as np

from understudy.base.channels import BODY_CHANNELS, SHAPE_INDEX
from understudy.hub.actor import Actor
from understudy.hub.avatar import Avatar
from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Pose
from understudy.hub.place import Grade, Place
from understudy.render.framing import frame_actor
from understudy.render.splat.painter import Painter
from understudy.render.splat.seeding import sow
from understudy.render.splat.views import Ask, View

SIZE = (96, 96)


def emi() -> Body:
    return Body.decode(Actor.open("emi").body_glb)


@lru_cache(maxsize=2)
def cloud(count: int = 3000) -> Avatar:
    """A cloud that covers: few Gaussians, so larger ones."""
    body_sha256 = hashlib.sha256(Actor.open("emi").body_glb).hexdigest()
    sown = sow(emi(), body_sha256, count, 1, "raster")
    return replace(sown, size_m=(sown.size_m * 1.6).astype(np.float32))


def pose(turn: float = 0.0, time_s: float = 0.0, **weights: float) -> Pose:
    face = np.zeros(52, np.float32)
    for name, weight in weights.items():
        face[SHAPE_INDEX[name]] = weight
    head = np.array([0, turn, 0, 0, 0, 0], np.float32)
    return Pose(time_s, face, head, np.zeros(4, np.float32), np.zeros(len(BODY_CHANNELS), np.float32))


def place(name: str = "studio") -> Place:
    return replace(Place.open(name), transparent=True, grade=Grade(vignette=0, grain=0))


def view(avatar: Avatar, taken: Pose, shot: Shot | None = None, name: str = "studio", held: str = "") -> View:
    """A view whose picture is what an avatar looks like."""
    shot = shot or Shot(ShotSize.CLOSE, SIZE)
    ask = Ask(taken, place(name), shot, held)
    body = emi()
    painted = Painter(avatar, body, ask.place, frame_actor(body, shot), shot.size_px).paint(taken)
    alpha = painted[..., 3:]
    rgb = painted[..., :3] / np.maximum(alpha, 1e-3)
    return View(ask, np.rint(np.clip(np.dstack([rgb, alpha]), 0, 1) * 255).astype(np.uint8))
