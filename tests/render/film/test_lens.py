from dataclasses import replace

import numpy as np
import pytest

from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.frames import Move, Shot, ShotSize
from understudy.render.film.lens import BLENDER_FROM_STAGE, Lens
from understudy.render.framing import Camera, frame_actor

SIZE = (1280, 720)
POINTS = np.array([[0, 0, 0], [0.1, 0.2, 0.05], [-0.2, -0.3, -0.4], [0.4, 0.1, 0.2]])


@pytest.fixture(scope="module")
def camera() -> Camera:
    shot = Shot(ShotSize.CLOSE, SIZE, partner=0.6)
    return frame_actor(Body.decode(Actor.open("emi").body_glb), shot)


@pytest.mark.parametrize("move", list(Move))
def test_points_fall_where_the_raster_look_has_them(camera: Camera, move: Move) -> None:
    now = replace(camera, move=move).at(4.0)
    x, y, _ = now.seen(POINTS)
    world = (POINTS @ BLENDER_FROM_STAGE[:3, :3].T).astype(np.float32)
    found = Lens.of(now.clip_from_stage(), SIZE).project(world)
    assert np.allclose(found, np.stack([x * SIZE[0], y * SIZE[1]], 1), atol=0.02)


@pytest.mark.parametrize("move", [Move.STILL, Move.ORBIT])
def test_blenders_camera_sees_the_same(camera: Camera, move: Move) -> None:
    lens = Lens.of(replace(camera, move=move).at(4.0).clip_from_stage(), SIZE)
    told = lens.message(aperture_m=0.02, focus_m=1.0)
    local = np.linalg.inv(told["matrix"]) @ np.c_[POINTS @ BLENDER_FROM_STAGE[:3, :3].T, np.ones(4)].T
    # Blender: looks along -z, sensor 36 mm wide, shifts in widths of the sensor
    scale = told["lens_mm"] / 36 * SIZE[0] / -local[2]
    x = SIZE[0] / 2 + local[0] * scale - told["shift"][0] * SIZE[0]
    y = SIZE[1] / 2 - local[1] * scale + told["shift"][1] * SIZE[0]
    world = (POINTS @ BLENDER_FROM_STAGE[:3, :3].T).astype(np.float32)
    assert np.allclose(lens.project(world), np.stack([x, y], 1), atol=0.05)


def test_another_place_of_the_lens_is_told(camera: Camera) -> None:
    lens = Lens.of(camera.clip_from_stage(), SIZE)
    assert np.allclose(lens.place, BLENDER_FROM_STAGE[:3, :3] @ camera.lens_m, atol=1e-6)
    assert np.allclose(lens.away_m(np.zeros((1, 3), np.float32)), camera.distance_m, atol=1e-5)
