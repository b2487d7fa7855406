"""Where the mesh is said to be seen is where the renderer draws it."""

from dataclasses import replace

import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, HEAD, TRACK_CHANNELS
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.frames import Move, Shot, ShotSize
from understudy.hub.performance import Beat
from understudy.hub.place import Place
from understudy.hub.track import Track
from understudy.render import follow, render
from understudy.render.framing import frame_actor, stage_from_model
from understudy.testing.grants import grant_for

SHOT = Shot(ShotSize.CLOSE, (320, 180))


@pytest.fixture(scope="module")
def body() -> Body:
    return Body.decode(Actor.open("emi").body_glb)


def beat(yaw: float = 0.0, seconds: float = 1 / 60) -> Beat:
    count = round(seconds * ANIMATION_RATE_HZ)
    tracks = {
        n: Track(n, c, ANIMATION_RATE_HZ, np.zeros((count, len(c)), np.float32)) for n, c in TRACK_CHANNELS.items()
    }
    tracks[HEAD].values[:, 1] = yaw
    return Beat(0.0, Audio.silence(seconds, 24000), tracks)


def test_a_body_at_rest_is_seen_where_its_camera_sees_it(body: Body) -> None:
    seen = next(iter(follow([beat()], body=body, shot=SHOT)))
    camera = frame_actor(body, SHOT)
    stand = stage_from_model(body, camera)
    skin = body.mesh("skin").positions
    x, y, _ = camera.seen(skin @ stand[:3, :3].T + stand[:3, 3])
    assert seen.points["skin"][:, 0] == pytest.approx(x * 320, abs=0.02)
    assert seen.points["skin"][:, 1] == pytest.approx(y * 180, abs=0.02)
    assert 1.0 < np.median(seen.points["skin"][:, 2]) < 3.0


@pytest.mark.parametrize("yaw", [0.0, 0.4])
def test_the_pupils_are_drawn_where_the_eyes_are_said_to_be(body: Body, yaw: float) -> None:
    actor = Actor.open("emi")
    shot = replace(SHOT, size_px=(640, 360))
    frame = next(iter(render([beat(yaw)], actor=actor, place=Place.open("studio"), shot=shot, grant=grant_for("emi"))))
    seen = next(iter(follow([beat(yaw)], body=body, shot=shot)))
    grey = frame.image.pixels[..., :3].mean(axis=2)
    for eye in ("eyeLeft", "eyeRight"):
        front = seen.points[eye][seen.points[eye][:, 2] < np.quantile(seen.points[eye][:, 2], 0.05)].mean(axis=0)
        x, y = int(front[0]), int(front[1])
        assert grey[y - 2 : y + 3, x - 2 : x + 3].min() < 60 < grey[y + 22, x]


def test_a_turn_to_the_left_moves_the_nose_to_the_right_of_the_picture(body: Body) -> None:
    skin = body.mesh("skin").positions
    nose = int(np.argmax(np.where(np.abs(skin[:, 0]) < 0.005, skin[:, 2], -1)))
    still, turned = (next(iter(follow([beat(yaw)], body=body, shot=SHOT))).points["skin"] for yaw in (0.0, 0.3))
    assert turned[nose, 0] > still[nose, 0] + 5


def test_pictures_are_numbered_from_the_first_of_their_shot(body: Body) -> None:
    found = list(follow([beat(seconds=0.2)], body=body, shot=SHOT, first=40, number=3))
    assert [seen.index for seen in found] == [40, 41, 42, 43, 44]
    assert {seen.shot for seen in found} == {3}


def test_a_moving_camera_is_followed(body: Body) -> None:
    near = replace(SHOT, move=Move.PUSH_IN)
    still, pushed = (list(follow([beat(seconds=2.0)], body=body, shot=s))[-1].points["skin"] for s in (SHOT, near))
    assert np.ptp(pushed[:, 1]) > 1.01 * np.ptp(still[:, 1])
