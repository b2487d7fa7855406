import numpy as np

from understudy.hub.place import Place
from understudy.render.film import finish
from understudy.render.film.air import _stroke
from understudy.render.tone import display_from_scene


def test_the_actor_covers_the_set_by_its_alpha() -> None:
    plate = np.full((8, 10, 3), 0.5, np.float32)
    actor = np.zeros((4, 4, 4), np.float32)
    actor[1] = (0.2, 0.2, 0.2, 1.0)
    actor[2] = (0.1, 0.1, 0.1, 0.5)
    out = finish.over(actor, plate, (3, 2, 4, 4))
    assert np.allclose(out[3, 3:7], 0.2) and np.allclose(out[4, 3:7], 0.35)
    assert np.allclose(out[:2], 0.5) and np.allclose(out[:, :3], 0.5)
    assert np.allclose(plate, 0.5)


def test_straight_colour_is_that_of_the_actor_at_its_edge_too() -> None:
    actor = np.zeros((1, 2, 4), np.float32)
    actor[0, 0] = (0.1, 0.2, 0.05, 0.25)
    assert np.allclose(finish.straight(actor)[0, 0, :3], (0.4, 0.8, 0.2))
    assert not finish.straight(actor)[0, 1].any()


def test_what_moves_is_blurred_along_its_way_and_nothing_else() -> None:
    actor = np.zeros((64, 96, 4), np.float32)
    actor[20:28, 40:44] = 1.0
    motion = np.zeros((64, 96, 2), np.float32)
    assert finish.smeared(actor, motion) is actor
    motion[20:28, 40:44] = (12, 0)
    out = finish.smeared(actor, motion)
    assert np.isclose(out.sum(), actor.sum(), rtol=0.35)
    assert out[24, 38].max() > 0.1 and out[24, 45].max() > 0.1  # along
    assert out[17:20].max() < 1e-6 and out[28:31].max() < 1e-6  # not across
    assert out[24, 41].max() < 1.0


def test_a_dark_set_has_no_halo_and_a_lamp_has_one() -> None:
    scene = np.full((64, 64, 3), 0.3, np.float32)
    assert finish.glowing(scene) is scene
    scene[30:34, 30:34] = 12.0
    glow = finish.glowing(scene)
    assert glow[32, 40].max() > 0.3 and glow[2, 2].max() < 0.31


def test_the_tone_is_that_of_the_raster_look() -> None:
    place = Place.open("studio")
    scene = np.full((16, 16, 3), 0.18, np.float32)
    graded = finish.graded(scene, place, place.veil * np.full(3, 0.18, np.float32))
    assert np.allclose(graded, display_from_scene(scene, place.grade), atol=1e-5)


def test_grain_differs_from_picture_to_picture_and_comes_again() -> None:
    place = Place.open("studio")
    first, again, other = (finish.grain((32, 32), place, n) for n in (0, 0, 1))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_a_stroke_lies_where_it_falls() -> None:
    out = np.zeros((100, 100, 3), np.float32)
    _stroke(out, np.array([0.5, 0.5, 0.02, 0.8, 0.0, -0.1], np.float32), np.ones(3, np.float32), 0.3)
    assert out[50, 50].max() > 0.7
    assert out[42, 50].max() > 0.3 and out[58, 50].max() > 0.3  # as long as it falls
    assert out[50, 40].max() == 0 and out[80, 50].max() == 0
