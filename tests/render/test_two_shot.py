from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from understudy import render
from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, TRACK_CHANNELS
from understudy.base.errors import BadInput, NotAllowed
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Beat
from understudy.hub.place import Place
from understudy.hub.track import Track
from understudy.render.framing import eye_middle
from understudy.render.two_shot import frame_two
from understudy.testing.grants import grant_for

SHOT = Shot(ShotSize.TWO, (320, 180), ANIMATION_RATE_HZ)
SIZE = SHOT.size_px


def beat(frames: int = 1) -> Beat:
    tracks = {
        name: Track(name, c, ANIMATION_RATE_HZ, np.zeros((frames, len(c)), np.float32))
        for name, c in TRACK_CHANNELS.items()
    }
    return Beat(0.0, Audio.silence(frames / ANIMATION_RATE_HZ, 24_000), tracks)


@pytest.fixture(scope="module", autouse=True)
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        patch.setenv("UNDERSTUDY_HOME", str(home))
        yield home


@pytest.fixture(scope="module")
def pair() -> tuple[Actor, Actor]:
    return Actor.open("emi"), Actor.open("jonah")


@pytest.fixture(scope="module")
def bodies(pair: tuple[Actor, Actor]) -> tuple[Body, Body]:
    return Body.decode(pair[0].body_glb), Body.decode(pair[1].body_glb)


def test_both_stand_in_the_picture_with_their_eyes_where_the_camera_says(
    pair: tuple[Actor, Actor], bodies: tuple[Body, Body]
) -> None:
    grants = grant_for(pair[0]), grant_for(pair[1])
    picture = next(
        render.render_two(
            (iter([beat()]), iter([beat()])),
            actors=pair,
            place=Place.open("studio"),
            shot=SHOT,
            grants=grants,
            quality="draft",
        )
    ).image.pixels.astype(int)
    camera, stands = frame_two(bodies, SHOT)
    x, y, _ = camera.seen(np.array([stand.eyes for stand in stands]))
    assert 0.15 < x[0] < 0.45 and 0.55 < x[1] < 0.85 and y[1] < y[0] < 0.6
    # below the chin there is the green of the one and the rust of the other
    chests = [picture[int((v + 0.32) * SIZE[1]), int(u * SIZE[0])] for u, v in zip(x, y, strict=True)]
    assert chests[0][1] > chests[0][0] and chests[1][0] > chests[1][1] + 20


def test_hems_and_heads_stay_outside_and_inside(bodies: tuple[Body, Body]) -> None:
    camera, stands = frame_two(bodies, SHOT)
    for body, stand in zip(bodies, stands, strict=True):
        eyes = eye_middle(body)
        high = max(float(m.positions[:, 1].max()) for m in body.meshes) - float(eyes[1])
        low = min(float(m.positions[:, 1].min()) for m in body.meshes if "cloth" in m.name) - float(eyes[1])
        _, y, _ = camera.seen(np.array([[0, high, 0], [0, low, 0]]) + stand.eyes)
        assert y[0] > 0.01 and y[1] > 1.0


def test_each_actor_needs_a_grant_of_their_own(pair: tuple[Actor, Actor]) -> None:
    only = grant_for(pair[0])
    with pytest.raises(NotAllowed):
        render.render_two(
            (iter([]), iter([])),
            actors=pair,
            place=Place.open("studio"),
            shot=SHOT,
            grants=(only, only),
            quality="draft",
        )


def test_what_cannot_be_is_said(pair: tuple[Actor, Actor], bodies: tuple[Body, Body]) -> None:
    grants = grant_for(pair[0]), grant_for(pair[1])
    nobody = iter([]), iter([])
    with pytest.raises(BadInput, match="one actor at a time"):
        render.render_two(nobody, actors=pair, place=Place.open("studio"), shot=SHOT, grants=grants, look="film")
    with pytest.raises(BadInput, match="no room"):
        frame_two(bodies, Shot(ShotSize.TWO, (180, 320)))
    with pytest.raises(BadInput, match="needs two"):
        next(
            render.render(
                [beat()], actor=pair[0], place=Place.open("studio"), shot=SHOT, grant=grants[0], quality="draft"
            )
        )
