"""Sets of the user's own: is their light found where it was put, and are bad files refused in one sentence?"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_sets import film, photo, room, run_length, save_exr, save_hdr, sunny

from understudy.base.errors import BadInput
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.bundle import encode
from understudy.hub.frames import Move, Shot, ShotSize
from understudy.hub.performance import Pose
from understudy.hub.place import Place, Source
from understudy.render.backdrop import paint
from understudy.render.environment import radiance
from understudy.render.exposure import FACE, FACE_NORMALS, face_light, irradiance
from understudy.render.framing import Camera
from understudy.render.panorama import read_light
from understudy.render.plates import FilmLoop
from understudy.render.probe import directions, light_from_panorama
from understudy.render.scenery import read_scenery
from understudy.render.stage import Stage
from understudy.render.tone import display_from_scene, scene_from_display

CAMERA = Camera(distance_m=1.85, height_m=0.52, shift=(0.0, -0.065), aspect=16 / 9)
LUMA = np.array([0.2126, 0.7152, 0.0722])
SUNS = [(0.5, 0.6, 0.6), (-0.8, 0.2, 0.3), (0.2, 0.9, -0.3), (-0.3, 0.15, -0.9), (0.0, 0.999, 0.01), (0.6, -0.2, 0.7)]


def degrees_between(a: object, b: object) -> float:
    x, y = (np.asarray(v) / np.linalg.norm(v) for v in (a, b))
    return float(np.degrees(np.arccos(np.clip(x @ y, -1, 1))))


@pytest.mark.parametrize("sun", SUNS)
def test_a_sun_is_found_within_half_a_degree(sun: tuple[float, float, float]) -> None:
    lights, _ = light_from_panorama(sunny(sun))
    assert degrees_between(lights[0].towards, sun) < 0.5
    assert lights[0].casts_shadow and not any(light.casts_shadow for light in lights[1:])
    assert lights[0].colour[0] > lights[0].colour[2]


def test_two_lamps_are_two_lights() -> None:
    light = sunny((0.7, 0.3, 0.6)) + sunny((-0.6, 0.5, 0.3), strength=5000.0) / 2
    lights, _ = light_from_panorama(light)
    assert len(lights) >= 2
    assert min(degrees_between(light.towards, (0.7, 0.3, 0.6)) for light in lights) < 0.5
    assert min(degrees_between(light.towards, (-0.6, 0.5, 0.3)) for light in lights) < 0.5


@pytest.mark.parametrize("sun", SUNS[:3])
def test_what_was_taken_apart_lights_as_the_whole(sun: tuple[float, float, float]) -> None:
    light = sunny(sun)
    towards, solid = directions(*light.shape[:2])
    normals = np.concatenate([FACE_NORMALS, np.eye(3), -np.eye(3)])
    cosine = np.maximum(towards.reshape(-1, 3) @ normals.T, 0) * solid.reshape(-1, 1)
    truth = cosine.T @ light.reshape(-1, 3) / np.pi
    found = irradiance(*light_from_panorama(light), normals)
    bright = truth @ LUMA > 0.1 * (truth @ LUMA).max()
    np.testing.assert_allclose((found @ LUMA)[bright], (truth @ LUMA)[bright], rtol=0.3)


def test_a_grey_day_has_no_hard_lamp() -> None:
    lights, ambience = light_from_panorama(sunny((0, 1, 0), strength=0.0))
    assert all(light.softness_rad > 0.3 for light in lights)
    seen = radiance(ambience, np.array([[0.0, 1.0, 0.0], [0.0, -1.0, 0.0]]))
    assert seen[0, 2] > seen[0, 0] and seen[1, 0] > seen[1, 2]  # blue above, brown below


def test_a_panorama_turned_by_a_quarter_turns_its_light() -> None:
    light = sunny((0.5, 0.4, 0.7))
    turned, _ = light_from_panorama(np.roll(light, light.shape[1] // 4, axis=1))
    assert degrees_between(turned[0].towards, (0.5, 0.4, 0.7)) > 60


def test_hdr_and_exr_hold_the_same_light(tmp_path: Path) -> None:
    light = sunny((0.5, 0.6, 0.6), height=64)
    flat, coded = save_hdr(light, tmp_path / "a.hdr"), run_length(light, tmp_path / "b.hdr")
    np.testing.assert_array_equal(read_light(flat), read_light(coded))
    np.testing.assert_allclose(read_light(flat), light, rtol=0.02, atol=0.01)
    np.testing.assert_allclose(read_light(save_exr(light, tmp_path / "c.exr")), light, rtol=1e-6)


def test_a_panorama_becomes_a_place_with_a_well_lit_face_and_the_right_sky(tmp_path: Path) -> None:
    place = Place.open(save_hdr(sunny((0.5, 0.6, 0.6)), tmp_path / "day.hdr"))
    assert 0.5 * FACE < face_light(place.lights, place.ambience) < 2 * FACE
    plate = place.backdrop.plate
    assert plate is not None and plate.source is Source.PANORAMA and len(plate.digest) == 64
    shown = display_from_scene(paint(place.backdrop, CAMERA), place.grade)
    assert shown[20, :, 2].mean() > shown[20, :, 0].mean() + 0.05  # blue over
    assert shown[-20, :, 0].mean() > shown[-20, :, 2].mean() + 0.02  # brown


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_a_window_on_one_side_of_a_photograph_lights_from_there(tmp_path: Path, side: float) -> None:
    place = Place.open(photo(tmp_path / "room.png", bright_at=(0.5 + 0.36 * side, 0.35)))
    key, back = place.lights
    assert key.casts_shadow and key.towards[0] * side > 0.3 and key.towards[2] > 0
    assert back.towards[0] * side > 0.3 and back.towards[2] < 0
    assert 0.5 * FACE < face_light(place.lights, place.ambience) < 1.5 * FACE


def test_an_even_photograph_gets_no_back_light(tmp_path: Path) -> None:
    assert len(Place.open(photo(tmp_path / "wall.png", bright_at=None)).lights) == 1


def test_a_darker_photograph_is_lit_darker(tmp_path: Path) -> None:
    faces = []
    for level in (25, 170):
        place = Place.open(photo(tmp_path / f"{level}.png", bright_at=None, level=level))
        faces.append(face_light(place.lights, place.ambience))
    assert faces[0] < 0.85 * faces[1]


def test_the_tone_curve_and_its_inverse_agree() -> None:
    grade = Place.open("studio").grade
    shown = np.random.default_rng(1).uniform(0.08, 0.85, (500, 1)) * np.ones((1, 3))
    shown = shown + np.random.default_rng(2).uniform(-0.05, 0.05, (500, 3))
    np.testing.assert_allclose(display_from_scene(scene_from_display(shown, grade), grade), shown, atol=0.012)


def test_a_photograph_is_shown_as_it_was_but_out_of_focus(tmp_path: Path) -> None:
    place = Place.open(photo(tmp_path / "room.png", bright_at=(0.8, 0.3)))
    shown = display_from_scene(paint(replace(place.backdrop, bloom=0.0), CAMERA), place.grade)
    assert shown[250:, :200].mean() == pytest.approx(90 / 255, abs=0.04)
    assert shown[108, 512].min() > 0.85
    assert ((shown[108, :, 1] > 0.45) & (shown[108, :, 1] < 0.85)).sum() >= 4  # its edges take several pixels


def test_a_film_moves_loops_and_closes_its_seam(tmp_path: Path) -> None:
    place = Place.open(film(tmp_path / "street.mp4"))
    assert place.backdrop.plate is not None and place.backdrop.plate.source is Source.FILM
    loop = FilmLoop(place.backdrop.plate, place, CAMERA, (0.0, 0.0))
    first, later = loop.picture(0.0), loop.picture(0.6)
    assert first.shape == (216, 384, 3) == (loop.size_px[1], loop.size_px[0], 3)
    assert np.abs(first.astype(int) - later).mean() > 5
    again = FilmLoop(place.backdrop.plate, place, CAMERA, (0.0, 0.0))
    np.testing.assert_array_equal(again.picture(0.6), later)  # any moment can be asked for first
    steps = [np.abs(loop.picture(t / 25).astype(int) - loop.picture((t + 1) / 25)).mean() for t in range(70)]
    assert max(steps) < 4 * np.median(steps) + 2


def test_a_model_stands_around_the_actor(tmp_path: Path) -> None:
    path = room(tmp_path / "room.glb")
    place = Place.open(path)
    assert degrees_between(place.lights[0].towards, (1.5, 0.8, 1.5)) < 0.1
    assert 0.9 * FACE < face_light(place.lights, place.ambience) < 1.1 * FACE
    picture = paint(replace(place.backdrop, bloom=0.0), CAMERA)
    assert picture.shape == (360, 640, 3) and np.isfinite(picture).all()
    red = picture[..., 0] > 4 * picture[..., 1] + 0.02
    columns = np.flatnonzero(red[100:300].mean(0) > 0.6)
    x = (columns.mean() / 640 * 2 - 1) * 0.26 * 16 / 9 * (1.85 + 2.5) / 1.85
    assert x == pytest.approx(-0.85, abs=0.12)  # the post stands where the model has it


def test_a_glowing_part_of_a_model_lights_from_where_it_is(tmp_path: Path) -> None:
    place = Place.open(room(tmp_path / "room.glb", lamp_at=None, glowing=True))
    assert place.ambience.glows and degrees_between(place.ambience.glows[0].towards, (1.5, 0.1, 0.8)) < 3
    plain = Place.open(room(tmp_path / "plain.glb", lamp_at=None))
    assert not plain.ambience.glows and plain.lights[0].name == "daylight"


def test_a_model_is_read_once_and_in_stage_metres(tmp_path: Path) -> None:
    scenery = read_scenery(room(tmp_path / "room.glb"))
    assert min(part.positions[:, 1].min() for part in scenery.parts) == pytest.approx(-1.6)
    assert scenery.parts[0].picture is not None and scenery.parts[2].picture is None


def test_an_own_set_survives_as_json_and_notices_a_changed_file(tmp_path: Path) -> None:
    picture = photo(tmp_path / "room.png", bright_at=(0.2, 0.3))
    place = Place.open(picture)
    raw = json.loads(encode("Place.1", place))
    raw["backdrop"]["plate"]["file"] = "room.png"
    (tmp_path / "room.json").write_text(json.dumps(raw))
    again = Place.open(tmp_path / "room.json")
    assert again == place
    photo(picture, bright_at=(0.7, 0.3))
    assert Place.open(tmp_path / "room.json") != place


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jpg", b"no picture", "JPEG"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "PNG"),
        ("a.hdr", b"#?RADIANCE\n\n-Y 10 +X 20\n123", "damaged"),
        ("a.hdr", b"plain words", "Radiance"),
        ("a.hdr", b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 99999 +X 199998\n", "at most"),
        ("a.hdr", b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 4 +X 4\n" + bytes(64), "black"),
        ("a.exr", b"no", "OpenEXR"),
        ("a.mp4", b"no", "film"),
        ("a.glb", b"no", "GLB"),
        ("a.txt", b"no", "cannot be a set"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=words) as caught:
        Place.open(tmp_path / name)
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")


def test_a_model_that_points_outside_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="outside itself"):
        Place.open(room(tmp_path / "room.glb", uri="../secret.png"))


def test_a_panorama_of_the_wrong_shape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="twice as wide"):
        Place.open(save_hdr(sunny((0, 1, 0), height=32)[:, :40], tmp_path / "half.hdr"))


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(BadInput, match=r"none\.jpg"):
        Place.open("none.jpg")


@pytest.mark.parametrize("move", [Move.STILL, Move.HANDHELD])
def test_a_film_runs_behind_the_actor(tmp_path: Path, move: Move) -> None:
    place = Place.open(film(tmp_path / "street.mp4"))
    body = Body.decode(Actor.open("emi").body_glb)
    stage = Stage(body, place, Shot(ShotSize.MEDIUM, (320, 180), move=move), "draft")
    zeros = [np.zeros(n, np.float32) for n in (52, 6, 4, 40)]
    middles = []
    for time_s in (0.0, 0.2):
        row = stage.draw(Pose(time_s, *zeros)).pixels[12].mean(-1)  # above the head
        middles.append(float(np.flatnonzero(row > 160).mean()))
    stage.close()
    assert middles[1] - middles[0] == pytest.approx(280 * 5 / 29 * 320 / 320, abs=14)
