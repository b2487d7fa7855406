import hashlib
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from understudy import render
from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, FACE, SHAPE_INDEX, TRACK_CHANNELS
from understudy.base.errors import BadInput, NotAllowed, UnknownName
from understudy.hub.actor import Actor
from understudy.hub.avatar import MEMBER
from understudy.hub.frames import Move, Shot, ShotSize
from understudy.hub.performance import Beat, Pose
from understudy.hub.place import Place
from understudy.hub.track import Track
from understudy.render.splat.neural import Neural
from understudy.testing.avatars import sown, with_avatar
from understudy.testing.grants import grant_for

SHOT = Shot(ShotSize.CLOSE, (160, 160), 25.0)
STUDIO = Place.open("studio")


@pytest.fixture(scope="module")
def emi() -> Actor:
    return with_avatar("emi")


def beat(frames: int = 3, jaw: float = 0.0) -> Beat:
    tracks = {
        n: Track(n, c, ANIMATION_RATE_HZ, np.zeros((frames, len(c)), np.float32)) for n, c in TRACK_CHANNELS.items()
    }
    tracks[FACE].values[:, SHAPE_INDEX["jawOpen"]] = jaw
    return Beat(0.0, Audio.silence(frames / ANIMATION_RATE_HZ, 24_000), tracks)


def pose(time_s: float = 0.0, yaw: float = 0.0) -> Pose:
    columns = [np.zeros(len(TRACK_CHANNELS[n]), np.float32) for n in ("face", "head", "gaze", "body", "complexion")]
    columns[1][1] = yaw
    return Pose(time_s, *columns)


def drawn(actor: Actor, place: Place = STUDIO, shot: Shot = SHOT, look: str = "neural") -> np.ndarray:
    frames = render.draw([pose()], actor=actor, place=place, shot=shot, grant=grant_for(actor), look=look)
    return next(iter(frames)).image.pixels


def test_it_is_listed_without_its_kernels_being_loaded() -> None:
    code = (
        "import sys, understudy\n"
        "from understudy.base import plugins\n"
        "assert 'neural' in plugins.names('render')\n"
        "assert plugins.load('render', 'neural').card.avatar\n"
        "assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_actor_without_an_avatar_is_told_how_to_get_one() -> None:
    bare = Actor.open("emi")
    with pytest.raises(
        BadInput, match=r"^Emi has no neural avatar; train one: understudy avatar train emi -o emi.actor\.$"
    ):
        render.render([beat()], actor=bare, place=STUDIO, shot=SHOT, grant=grant_for(bare), look="neural")


def test_an_avatar_of_another_body_is_stale() -> None:
    avatar = sown(Actor.open("emi").body_glb)
    old = replace(avatar, record=replace(avatar.record, body_sha256=hashlib.sha256(b"another").hexdigest()))
    bare = Actor.open("emi")
    forged = replace(bare, files={**bare.files, MEMBER: old.encode()})
    with pytest.raises(BadInput, match=r"is stale: .* train it again"):
        render.live_look(forged)


def test_leave_for_an_actor_is_no_leave_for_her_avatar(emi: Actor) -> None:
    bare = grant_for(Actor.open("emi"))
    with pytest.raises(NotAllowed):
        render.render([beat()], actor=emi, place=STUDIO, shot=SHOT, grant=bare, look="neural")
    with pytest.raises(NotAllowed):
        Neural().still(pose(), actor=emi, place=STUDIO, shot=SHOT, grant=bare)
    with pytest.raises(NotAllowed):
        Neural().render_two(([], []), actors=(emi, emi), place=STUDIO, shot=SHOT, grants=(grant_for(emi), bare))


def test_the_set_is_the_one_of_the_raster_look(emi: Actor) -> None:
    shot = replace(SHOT, size_px=(320, 160))
    neural, raster = (drawn(emi, shot=shot, look=look).astype(int) for look in ("neural", "raster"))
    assert np.array_equal(neural[:, :40], raster[:, :40])
    # and where she is, she is about as bright
    face = slice(40, 110), slice(130, 190)
    assert np.abs(neural[face].mean() - raster[face].mean()) < 40 < neural[face].mean()


def test_a_moving_camera_sees_the_set_of_the_raster_look(emi: Actor) -> None:
    shot = replace(SHOT, size_px=(320, 160), move=Move.HANDHELD)
    night = Place.open("street_night")
    neural, raster = (drawn(emi, night, shot, look).astype(int) for look in ("neural", "raster"))
    assert np.abs(neural[:, :40] - raster[:, :40]).mean() < 1.0
    assert raster[:, :40].std() > 8


def test_a_picture_on_nothing_has_straight_alpha(emi: Actor) -> None:
    pixels = drawn(emi, replace(STUDIO, transparent=True))
    assert pixels.shape == (160, 160, 4)
    assert (pixels[:8, :8, 3] == 0).all() and (pixels[..., 3] > 250).mean() > 0.2


def test_what_was_drawn_before_does_not_matter(emi: Actor) -> None:
    grant = grant_for(emi)
    first = Neural().still(pose(0.0, 0.3), actor=emi, place=STUDIO, shot=SHOT, grant=grant).pixels
    Neural().still(pose(0.0, -0.3), actor=emi, place=STUDIO, shot=SHOT, grant=grant)
    again = Neural().still(pose(0.0, 0.3), actor=emi, place=STUDIO, shot=SHOT, grant=grant).pixels
    assert np.array_equal(first, again)


def test_the_best_quality_is_smoother_than_the_good_one(emi: Actor) -> None:
    grant = grant_for(emi)
    shots = {
        q: Neural.of_quality(q).still(pose(), actor=emi, place=STUDIO, shot=SHOT, grant=grant).pixels.astype(int)
        for q in ("good", "best")
    }
    away = np.abs(shots["good"] - shots["best"])
    assert 0 < away.mean() < 8


def test_two_stand_in_one_picture() -> None:
    pair = with_avatar("emi"), with_avatar("jonah")
    shot = Shot(ShotSize.TWO, (320, 180), ANIMATION_RATE_HZ)
    frames = render.render_two(
        ([beat(1)], [beat(1)]),
        actors=pair,
        place=STUDIO,
        shot=shot,
        grants=(grant_for(pair[0]), grant_for(pair[1])),
        look="neural",
    )
    pixels = next(iter(frames)).image.pixels.astype(int)
    empty = pixels[:20].mean((0, 1))
    left, right = (np.abs(pixels[60:, part] - empty).max(2) > 40 for part in (slice(40, 140), slice(180, 280)))
    assert left.mean() > 0.1 and right.mean() > 0.1


def test_passes_are_refused(emi: Actor) -> None:
    with pytest.raises(BadInput, match="draws no passes; ask for them with --look film"):
        render.render([beat()], actor=emi, place=STUDIO, shot=SHOT, grant=grant_for(emi), look="neural", passes=True)


def test_live_she_is_neural_when_she_has_an_avatar(emi: Actor) -> None:
    bare = Actor.open("emi")
    assert render.live_look(emi) == "neural" and render.live_look(bare) == "raster"
    assert render.live_look(emi, "raster") == "raster"
    with pytest.raises(BadInput, match="no neural avatar"):
        render.live_look(bare, "neural")
    with pytest.raises(UnknownName, match="neural"):
        render.live_look(bare, "film")
