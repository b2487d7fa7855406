"""Every house set: is a face of any colour well exposed in it, is it out of focus, and does it sit round the actor."""

from dataclasses import replace

import numpy as np
import pytest

from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Pose
from understudy.hub.place import Backdrop, Haze, Pattern, Piece, Place, Shape, Wall, places
from understudy.render.backdrop import paint
from understudy.render.exposure import FACE_NORMALS, irradiance
from understudy.render.framing import Camera
from understudy.render.stage import Stage
from understudy.render.tone import display_from_scene

FAIR, DARK = np.array([0.50, 0.33, 0.25]), np.array([0.085, 0.05, 0.034])
"""Diffuse albedo of very fair and very dark skin (linear; after the NIST reference set of human skin)."""
LUMA = np.array([0.2126, 0.7152, 0.0722])
CAMERA = Camera(distance_m=1.85, height_m=0.52, shift=(0.0, -0.065), aspect=16 / 9)
SHOT = Shot(ShotSize.MEDIUM, (320, 180))
BLACK = (0.0, 0.0, 0.0)


def shown_luma(place: Place, skin: np.ndarray) -> np.ndarray:
    light = irradiance(place.lights, place.ambience, FACE_NORMALS) * skin
    return np.asarray(display_from_scene(light.astype(np.float32), place.grade) @ LUMA)


def well_exposed(place: Place) -> bool:
    fair, dark = shown_luma(place, FAIR), shown_luma(place, DARK)
    return bool(
        0.45 < fair.mean() < 0.70 and fair.max() < 0.78 and fair.min() > 0.25
        and 0.16 < dark.mean() < 0.45 and dark.min() > 0.06
    )  # fmt: skip


@pytest.mark.parametrize("name", places())
def test_fair_and_very_dark_skin_are_well_exposed(name: str) -> None:
    assert well_exposed(Place.open(name))


@pytest.mark.parametrize("exposure", [0.25, 5.0])
def test_a_set_that_is_too_dark_or_too_bright_would_be_found(exposure: float) -> None:
    place = Place.open("studio")
    assert not well_exposed(replace(place, grade=replace(place.grade, exposure=exposure)))


@pytest.mark.parametrize("name", places())
def test_light_has_a_direction_and_the_dark_side_is_not_lost(name: str) -> None:
    place = Place.open(name)
    luma = irradiance(place.lights, place.ambience, FACE_NORMALS) @ LUMA
    assert 1.3 < luma.max() / luma.min() < 6


def still(place: Place, who: str = "emi", quality: str = "draft") -> np.ndarray:
    body = Body.decode(Actor.open(who).body_glb)
    stage = Stage(body, place, SHOT, quality)
    picture = stage.draw(Pose(1.0, np.zeros(52, np.float32), np.zeros(6, np.float32),
                              np.zeros(4, np.float32), np.zeros(40, np.float32))).pixels  # fmt: skip
    stage.close()
    return picture


@pytest.mark.parametrize("name", ["stage", "snow"])
def test_a_rendered_face_is_neither_black_nor_burnt(name: str) -> None:
    for who in ("emi", "jonah"):
        face = still(Place.open(name), who)[60:95, 142:178, :3] @ LUMA
        assert 45 < np.median(face) < 200
        assert (face > 250).mean() < 0.02


def panel(**more: object) -> Piece:
    return Piece(Shape.PANEL, (0.0, 0.0, -4.0), (30.0, 30.0), (0.4, 0.4, 0.4), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("pattern", [p for p in Pattern if p is not Pattern.NONE])
def test_every_pattern_shows_and_keeps_light_in_bounds(pattern: Pattern) -> None:
    piece = panel(pattern=pattern, pattern_m=(0.5, 0.5), accent=(0.9, 0.9, 0.9), accent_share=0.4)
    picture = paint(Backdrop(BLACK, BLACK, BLACK, (piece,), 0.01, bloom=0.0), CAMERA)
    assert picture.std() > 0.01
    assert np.isfinite(picture).all() and picture.min() >= 0 and picture.max() < 4


def test_haze_hides_what_is_far_more_than_what_is_near() -> None:
    def seen(depth: float) -> float:
        piece = Piece(Shape.PANEL, (0.0, 0.0, depth), (400.0, 400.0), (1.0, 0.0, 0.0))
        haze = Haze((0.0, 0.0, 1.0), 0.05)
        return float(paint(Backdrop(BLACK, BLACK, BLACK, (piece,), 0.02, haze), CAMERA)[..., 0].mean())

    assert seen(-3.0) > 0.7 > 0.2 > seen(-60.0)


def test_a_wet_floor_mirrors_a_lamp_below_it_and_a_dry_one_does_not() -> None:
    def below(wet: float) -> float:
        lamp = Piece(Shape.LAMPS, (0.0, 0.6, -20.0), (0.01, 0.01), (3.0, 3.0, 3.0))
        floor = Piece(Shape.FLOOR, (0.0, -1.6, -30.0), (60.0, 29.0), (0.02, 0.02, 0.02), wet=wet)
        picture = paint(Backdrop(BLACK, BLACK, BLACK, (lamp, floor), 0.05, bloom=0.0), CAMERA)
        return float(picture[230:, 300:340, 0].max())

    assert below(0.8) > 0.3 > 0.03 > below(0.0)


def test_light_spreads_around_bright_things_and_none_is_lost() -> None:
    lamp = Piece(Shape.LAMPS, (0.0, 0.0, -20.0), (0.01, 0.01), (5.0, 5.0, 5.0))
    plain, bloomed = (paint(Backdrop(BLACK, BLACK, BLACK, (lamp,), 0.05, bloom=b), CAMERA) for b in (0.0, 0.2))
    assert bloomed[135, 250].min() > 1e-3 > plain[135, 250].max()
    assert bloomed.sum() == pytest.approx(plain.sum(), rel=0.03)


def test_a_wall_takes_the_shadow_on_the_side_away_from_the_lamp() -> None:
    place = replace(Place.open("studio"), wrap=0.0)
    plain = still(place).astype(int)
    shaded = still(replace(place, wall=Wall(0.6, 0.8))).astype(int)
    fall = (plain - shaded).sum(2)
    assert fall.min() >= -6 and fall.max() > 30
    assert fall[:, 160:].sum() > 2 * fall[:, :160].sum()  # the key stands on the left


def test_a_bright_set_creeps_round_the_outline_and_leaves_the_face_alone() -> None:
    place = Place.open("beach")
    tight, wrapped = still(replace(place, wrap=0.0)).astype(int), still(replace(place, wrap=1.0)).astype(int)
    change = np.abs(wrapped - tight).sum(2)
    assert change.max() > 12
    assert change[72:84, 154:166].max() <= 3


def test_without_a_set_only_the_actor_is_there() -> None:
    picture = still(Place.open("alpha"), quality="good")
    assert picture.shape == (180, 320, 4)
    assert picture[:20, :40, 3].max() == 0 and picture[80, 160, 3] == 255
    edge = picture[(picture[..., 3] > 60) & (picture[..., 3] < 200)]
    assert len(edge) > 20


def test_rain_outside_a_window_stays_outside() -> None:
    place = Place.open("rain_window")
    assert place.rain is not None
    body = Body.decode(Actor.open("emi").body_glb)
    rest = Pose(
        0.0, np.zeros(52, np.float32), np.zeros(6, np.float32), np.zeros(4, np.float32), np.zeros(40, np.float32)
    )
    stages = [Stage(body, replace(place, rain=rain), SHOT, "draft") for rain in (place.rain, None)]
    moved = np.zeros((180, 320))
    for time_s in (0.1, 0.37, 0.8):
        wet, dry = (stage.draw(replace(rest, time_s=time_s)).pixels.astype(int) for stage in stages)
        moved = np.maximum(moved, np.abs(wet - dry).sum(2))
    for stage in stages:
        stage.close()
    assert moved[:, :130].max() <= 2 < 8 < moved[:, 180:].max()
