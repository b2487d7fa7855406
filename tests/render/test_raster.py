"""Pictures are judged by what must be true of them, never pixel by pixel: drivers differ."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from understudy import render
from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, SHAPE_INDEX, TRACK_CHANNELS
from understudy.base.errors import NotAllowed, UnknownName
from understudy.hub.actor import Actor
from understudy.hub.body import Body, Material
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Beat, Pose
from understudy.hub.place import Place
from understudy.hub.track import Track
from understudy.render.framing import frame_actor
from understudy.render.raster import Raster
from understudy.render.stage import Stage
from understudy.testing.grants import grant_for, walk_on

SHOT = Shot(ShotSize.CLOSE, (480, 270))
Picture = np.ndarray


@pytest.fixture(scope="module")
def emi() -> Actor:
    return Actor.open("emi")


@pytest.fixture(scope="module")
def stage(emi: Actor) -> Iterator[Stage]:
    made = Stage(Body.decode(emi.body_glb), Place.open("studio"), SHOT, "good")
    yield made
    made.close()


@pytest.fixture(scope="module")
def shoot(stage: Stage) -> Callable[..., Picture]:
    def draw(*, gaze: tuple[float, float] = (0.0, 0.0), yaw: float = 0.0, **face: float) -> Picture:
        return stage.draw(pose(gaze=gaze, yaw=yaw, **face)).pixels.astype(int)

    return draw


def pose(*, gaze: tuple[float, float] = (0.0, 0.0), yaw: float = 0.0, time_s: float = 0.0, **face: float) -> Pose:
    weights = np.zeros(52, np.float32)
    for name, weight in face.items():
        weights[SHAPE_INDEX[name]] = weight
    return Pose(time_s, weights, np.float32([0, yaw, 0, 0, 0, 0]), np.float32(gaze * 2), np.zeros(40, np.float32))


def beat(start_s: float = 0.0, duration_s: float = 0.2) -> Beat:
    count = round(duration_s * ANIMATION_RATE_HZ)
    tracks = {
        n: Track(n, c, ANIMATION_RATE_HZ, np.zeros((count, len(c)), np.float32)) for n, c in TRACK_CHANNELS.items()
    }
    return Beat(start_s, Audio.silence(duration_s, 16000), tracks)


def box(
    stage_shot: Shot, emi: Actor, joint: str, half_m: tuple[float, float], below_m: float = 0.0
) -> tuple[slice, slice]:
    """The part of the picture around a joint of the resting actor."""
    body = Body.decode(emi.body_glb)
    camera = frame_actor(body, stage_shot)
    eyes = (body.origin("leftEye") + body.origin("rightEye")) / 2
    point = body.origin(joint) - eyes - [0, below_m, 0]
    clip = camera.clip_from_stage() @ np.append(point, 1)
    width, height = stage_shot.size_px
    x, y = (clip[0] / clip[3] + 1) / 2 * width, (1 - clip[1] / clip[3]) / 2 * height
    px = height / camera.height_m
    return (
        slice(int(y - half_m[1] * px), int(y + half_m[1] * px)),
        slice(int(x - half_m[0] * px), int(x + half_m[0] * px)),
    )


def change(a: Picture, b: Picture) -> float:
    return float(np.abs(a - b).mean())


def test_nobody_performs_without_a_grant_of_their_own(emi: Actor) -> None:
    other = grant_for(walk_on("someone-else"))

    def never() -> Iterator[Beat]:
        raise AssertionError("a beat was read before the grant was checked")
        yield

    with pytest.raises(NotAllowed, match="emi"):
        render.render(never(), actor=emi, place=Place.open("studio"), shot=SHOT, grant=other)
    with pytest.raises(NotAllowed, match="emi"):
        Raster().render(never(), actor=emi, place=Place.open("studio"), shot=SHOT, grant=other)
    with pytest.raises(NotAllowed, match="emi"):
        Raster().still(pose(), actor=emi, place=Place.open("studio"), shot=SHOT, grant=other)


def test_an_unknown_quality_is_answered_with_those_there_are(emi: Actor) -> None:
    with pytest.raises(UnknownName, match="draft"):
        render.render([], actor=emi, place=Place.open("studio"), shot=SHOT, grant=grant_for(emi), quality="ultra")


def test_frames_stream_in_order_and_as_many_as_the_beats_last(emi: Actor) -> None:
    read: list[int] = []

    def beats() -> Iterator[Beat]:
        for i in range(3):
            read.append(i)
            yield beat(0.2 * i)

    frames = render.render(
        beats(), actor=emi, place=Place.open("studio"), shot=Shot(ShotSize.WIDE, (320, 180)), grant=grant_for(emi),
        quality="draft",
    )  # fmt: skip
    first = next(frames)
    assert len(read) == 1
    rest = list(frames)
    assert [f.index for f in (first, *rest)] == list(range(15))
    assert rest[-1].time_s == pytest.approx(14 / 25)
    assert first.image.size_px == (320, 180) and first.image.pixels.dtype == np.uint8


def test_the_same_pose_gives_the_same_bytes(shoot: Callable[..., Picture]) -> None:
    first = shoot(jawOpen=0.3, yaw=0.05)
    shoot(mouthPucker=1.0, yaw=-0.2)
    shoot(jawOpen=0.3, yaw=0.05)
    np.testing.assert_array_equal(first, shoot(jawOpen=0.3, yaw=0.05))


def test_the_backdrop_stands_still_while_the_actor_moves(shoot: Callable[..., Picture]) -> None:
    a, b = shoot(), shoot(yaw=0.3, jawOpen=0.5)
    assert change(a[:, :40], b[:, :40]) == 0.0 and change(a, b) > 1.0


def test_opening_the_jaw_darkens_the_mouth_and_leaves_the_brow(shoot: Callable[..., Picture], emi: Actor) -> None:
    closed, opened = shoot(), shoot(jawOpen=0.7)
    mouth = box(SHOT, emi, "head", (0.015, 0.008), below_m=0.052)
    brow = box(SHOT, emi, "head", (0.02, 0.01), below_m=-0.085)
    assert opened[mouth].min() < 45
    assert change(closed[brow], opened[brow]) < 1.5 < change(closed[mouth], opened[mouth])


def test_a_blink_covers_the_eyes_with_skin(shoot: Callable[..., Picture], emi: Actor) -> None:
    eye = box(SHOT, emi, "leftEye", (0.006, 0.004))
    opened, shut = shoot()[eye], shoot(eyeBlinkLeft=1.0, eyeBlinkRight=1.0)[eye]
    assert shut.mean() > opened.mean() + 12
    assert (shut[..., 0] > shut[..., 2]).mean() > 0.9


def test_gaze_moves_the_dark_of_the_eye(shoot: Callable[..., Picture], emi: Actor) -> None:
    eye = box(SHOT, emi, "leftEye", (0.011, 0.004))

    def dark_at(yaw: float) -> float:
        level = shoot(gaze=(0.0, yaw), eyeWideLeft=0.4, eyeWideRight=0.4)[eye].mean((0, 2))
        weight = np.clip(np.percentile(level, 60) - level, 0, None)
        return float((weight * np.arange(len(level))).sum() / weight.sum())

    assert dark_at(0.4) > dark_at(-0.4) + 3


def test_eyes_have_a_light_in_them(shoot: Callable[..., Picture], emi: Actor) -> None:
    picture = shoot(eyeWideLeft=0.5, eyeWideRight=0.5)
    for joint in ("leftEye", "rightEye"):
        eye = picture[box(SHOT, emi, joint, (0.006, 0.006))].mean(2)
        assert eye.max() > 110 > eye.min() + 60


def test_the_lamp_side_of_the_face_is_brighter(shoot: Callable[..., Picture], emi: Actor) -> None:
    picture = shoot()
    right = picture[box(SHOT, emi, "rightEye", (0.008, 0.008), below_m=0.035)].mean()
    left = picture[box(SHOT, emi, "leftEye", (0.008, 0.008), below_m=0.035)].mean()
    assert right > left + 5


def test_a_cold_and_a_warm_place_colour_the_skin(emi: Actor) -> None:
    cheek = box(SHOT, emi, "rightEye", (0.008, 0.008), below_m=0.035)
    warmth = {}
    for name in ("dusk", "snow"):
        stage = Stage(Body.decode(emi.body_glb), Place.open(name), SHOT, "draft")
        picture = stage.draw(pose(time_s=1.0)).pixels.astype(int)
        later = stage.draw(pose(time_s=1.4)).pixels.astype(int)
        warmth[name] = picture[cheek][..., 0].mean() - picture[cheek][..., 2].mean()
        if name == "snow":
            assert change(picture[:, :60], later[:, :60]) > 0.05
            np.testing.assert_array_equal(picture, stage.draw(pose(time_s=1.0)).pixels)
        stage.close()
    assert warmth["dusk"] > warmth["snow"] + 20


def test_a_still_is_the_frame_a_film_would_show(emi: Actor) -> None:
    place, grant, shot = Place.open("studio"), grant_for(emi), Shot(ShotSize.MEDIUM, (320, 180))
    film = next(render.render([beat()], actor=emi, place=place, shot=shot, grant=grant)).image.pixels
    still = Raster().still(pose(), actor=emi, place=place, shot=shot, grant=grant)
    np.testing.assert_array_equal(still.pixels, film)
    fine = Raster.of_quality("best").still(pose(), actor=emi, place=place, shot=shot, grant=grant)
    assert 0.3 < change(fine.pixels.astype(int), film.astype(int)) < 8


def test_the_survey_names_what_draws() -> None:
    assert render.survey().endswith(("on the processor", "on a GPU"))


def test_a_body_of_plain_meshes_without_face_or_textures_is_drawn() -> None:
    body = Body.decode(Actor.open("emi").body_glb)
    plain = replace(
        body,
        pictures=(),
        meshes=tuple(
            replace(m, material=Material("anything"), morphs={}, extras={}, uv=None, strand=None, colour=None)
            for m in body.meshes
            if m.name in ("skin", "clothes", "eyeLeft")
        ),
    )
    stage = Stage(plain, Place.open("studio"), Shot(ShotSize.WIDE, (320, 180)), "draft")
    picture = stage.draw(pose(jawOpen=0.5)).pixels.astype(int)
    stage.close()
    assert change(picture[60:, 140:180], picture[60:, :40]) > 15


def test_two_shots_may_be_drawn_in_turns_and_from_different_threads(emi: Actor) -> None:
    grant, small = grant_for(emi), (320, 180)
    shots = [Shot(ShotSize.CLOSE, small), Shot(ShotSize.WIDE, small)]
    looks = [
        render.render([beat()], actor=emi, place=Place.open("studio"), shot=s, grant=grant, quality="draft")
        for s in shots
    ]
    turns = [[f.image.pixels for f in pair] for pair in zip(*looks, strict=True)]
    again: list[Picture] = []
    frames = render.render(
        [beat()], actor=emi, place=Place.open("studio"), shot=shots[0], grant=grant, quality="draft"
    )  # fmt: skip
    worker = threading.Thread(target=lambda: again.extend(f.image.pixels for f in frames))
    worker.start()
    worker.join()
    assert len(again) == len(turns) == 5
    for (close, wide), alone in zip(turns, again, strict=True):
        np.testing.assert_array_equal(close, alone)
        assert (close != wide).any()


def test_breath_shows_in_the_cold_only_after_the_lips_have_opened(emi: Actor) -> None:
    cold = replace(Place.open("snow"), snow=None)
    pictures = {}
    for haze in (0.0, 0.5):
        stage = Stage(Body.decode(emi.body_glb), replace(cold, breath_haze=haze), SHOT, "draft")
        talk = [stage.draw(pose(jawOpen=0.5, time_s=i / 25)).pixels.astype(int) for i in range(15)]
        stage.reset()
        quiet = [stage.draw(pose(time_s=i / 25)).pixels.astype(int) for i in range(3)]
        pictures[haze] = talk[-1], quiet[-1]
        stage.close()
    assert change(pictures[0.0][0], pictures[0.5][0]) > 0.1
    assert change(pictures[0.0][1], pictures[0.5][1]) < 0.02
