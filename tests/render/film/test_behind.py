from dataclasses import replace

import numpy as np
import pytest

from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.frames import Move, Shot, ShotSize
from understudy.hub.place import Place
from understudy.render.film.air import Air
from understudy.render.film.behind import Behind
from understudy.render.film.light import suns, surroundings
from understudy.render.framing import Camera, frame_actor

SIZE = (320, 180)
SHOT = Shot(ShotSize.MEDIUM, SIZE)


@pytest.fixture(scope="module")
def body() -> Body:
    return Body.decode(Actor.open("emi").body_glb)


@pytest.fixture(scope="module")
def camera(body: Body) -> Camera:
    return frame_actor(body, SHOT)


def test_a_moving_camera_begins_with_what_a_still_one_sees(camera: Camera) -> None:
    place = Place.open("dusk")
    still = Behind(place, camera, SIZE).scene(camera, 0.0)
    moving = replace(camera, move=Move.DRIFT)
    behind = Behind(place, moving, SIZE)
    resting = behind.scene(replace(moving, aside_m=(0, 0, 0), tilt_rad=(0, 0, 0)), 0.0)
    assert np.median(np.abs(resting - still) / (still + 0.02)) < 0.06
    later = behind.scene(replace(moving, aside_m=(0.15, 0, 0)), 4.0)
    assert np.abs(later - resting).mean() > 2 * np.abs(resting - still).mean()


def test_nothing_stands_behind_on_a_transparent_set(camera: Camera) -> None:
    assert not Behind(Place.open("alpha"), camera, SIZE).scene(camera, 0.0).any()


def test_snow_falls_and_is_elsewhere_a_moment_later(body: Body, camera: Camera) -> None:
    air = Air(body, Place.open("snow"), SHOT, camera)
    empty = np.zeros((SIZE[1], SIZE[0], 3), np.float32)
    first, later = (air.behind(empty, time_s, camera) for time_s in (0.0, 0.4))
    assert 0.001 < (first.max(2) > 0.05).mean() < 0.5
    assert np.abs(first - later).mean() > 0.2 * first.mean()
    assert not empty.any()


def test_a_room_has_clear_air(body: Body, camera: Camera) -> None:
    empty = np.zeros((SIZE[1], SIZE[0], 3), np.float32)
    assert Air(body, Place.open("studio"), SHOT, camera).behind(empty, 1.0, camera) is empty


def test_the_light_comes_from_where_the_lamps_are() -> None:
    place = Place.open("studio")
    light = surroundings(place)
    assert light.shape == (512, 1024, 3)
    # the soft box of the studio: up, to the left of the picture, before the actor (towards -0.6, 0.5, 0.68)
    towards = np.array([-0.6, -0.68, 0.5]) / np.linalg.norm([-0.6, -0.68, 0.5])  # Blender: x, y away, z up
    column = round((0.5 - np.arctan2(towards[1], towards[0]) / (2 * np.pi)) * 1024) % 1024
    row = round((0.5 - np.arcsin(towards[2]) / np.pi) * 512)
    assert light[row, column].mean() > 5 * np.median(light.mean(2))
    across = round((0.5 - np.arctan2(towards[1], -towards[0]) / (2 * np.pi)) * 1024) % 1024
    assert light[row, across].mean() < 0.5 * light[row, column].mean()
    lamps = suns(place)
    assert len(lamps) == len(place.lights)
    key = np.asarray(lamps[0]["matrix"])[:3, 2]
    assert key @ (np.array([-0.62, -0.66, 0.52]) / np.linalg.norm([0.62, 0.66, 0.52])) > 0.999
