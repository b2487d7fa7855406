import numpy as np
import pytest

from understudy.hub.place import Ambience, Backdrop, Glow, Grade, Piece, Place, Shape, places
from understudy.render.backdrop import paint
from understudy.render.environment import environment, even_directions, radiance
from understudy.render.framing import Camera
from understudy.render.tone import display_from_scene

EVEN = Ambience((1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (1.0, 1.0, 1.0))
CAMERA = Camera(distance_m=2.0, height_m=0.6, shift=(0.0, 0.0), aspect=16 / 9)
Y = np.array([0.282095, 0.488603, 0.488603, 0.488603])


def test_even_surroundings_light_every_side_the_same() -> None:
    light = environment(EVEN)
    np.testing.assert_allclose(light.harmonics[0] * Y[0], 1.0, atol=0.01)
    np.testing.assert_allclose(light.harmonics[1:], 0.0, atol=0.02)
    for level in light.levels:
        np.testing.assert_allclose(level, 1.0, atol=1e-3)


def test_a_glow_on_the_left_lights_the_left_side() -> None:
    glow = Glow((-1, 0, 0.2), 0.5, 0.5, (8.0, 8.0, 8.0))
    light = environment(Ambience((0.1,) * 3, (0.1,) * 3, (0.1,) * 3, (glow,)))
    assert light.harmonics[3, 0] < -0.2


def test_a_rougher_surface_sees_a_dimmer_wider_glow() -> None:
    glow = Glow((0, 0, 1), 0.15, 0.15, (50.0, 50.0, 50.0))
    levels = environment(Ambience((0.0,) * 3, (0.0,) * 3, (0.0,) * 3, (glow,))).levels
    peaks = [float(level.max()) for level in levels]
    assert peaks == sorted(peaks, reverse=True) and peaks[0] > 5 * peaks[3]


def test_a_negative_glow_darkens_but_never_below_nothing() -> None:
    shade = Glow((0, 0, 1), 0.5, 0.5, (-3.0, -3.0, -3.0))
    seen = radiance(Ambience((1.0,) * 3, (1.0,) * 3, (1.0,) * 3, (shade,)), even_directions(500))
    assert seen.min() == 0.0 and seen.max() == 1.0


def test_brighter_light_is_never_shown_darker() -> None:
    ramp = np.repeat(np.geomspace(1e-4, 40, 200)[:, None], 3, 1).astype(np.float32)
    for name in places():
        shown = display_from_scene(ramp, Place.open(name).grade)[:, 1]
        assert (np.diff(shown) >= -2e-3).all()
        assert shown[0] < 0.06 and shown[-1] > 0.9


def test_exposure_brightens_the_picture() -> None:
    grey = np.full((1, 3), 0.18, np.float32)
    assert display_from_scene(grey, Grade(exposure=2.0))[0, 0] > display_from_scene(grey, Grade())[0, 0] + 0.05


def test_a_piece_far_away_is_blurred_more_than_one_near_the_focus() -> None:
    def steepest(depth: float) -> float:
        grow = (2.0 - depth) / 2.0
        panel = Piece(Shape.PANEL, (0.25 * grow, 0, depth), (0.5 * grow, 4.0 * grow), (1.0, 1.0, 1.0))
        picture = paint(Backdrop((0.0,) * 3, (0.0,) * 3, (0.0,) * 3, (panel,)), CAMERA)
        return float(np.abs(np.diff(picture[100, :, 0])).max())

    assert steepest(-0.4) > 2 * steepest(-8.0)


def test_blur_keeps_the_light_and_adds_none_elsewhere() -> None:
    panel = Piece(Shape.PANEL, (0.0, 0.0, -3.0), (0.4, 0.4), (1.0, 1.0, 1.0))
    picture = paint(Backdrop((0.0,) * 3, (0.0,) * 3, (0.0,) * 3, (panel,)), CAMERA)
    pixel_m = CAMERA.height_m / picture.shape[0] * 2.5
    assert picture[..., 0].sum() * pixel_m**2 == pytest.approx(0.16, rel=0.03)
    assert picture[:10].max() == pytest.approx(0.0, abs=1e-4)


@pytest.mark.parametrize("name", places())
def test_every_backdrop_is_a_picture_and_not_a_flat_colour(name: str) -> None:
    place = Place.open(name)
    if place.transparent:
        return
    shown = display_from_scene(paint(place.backdrop, CAMERA), place.grade)
    assert np.isfinite(shown).all() and shown.min() >= 0 and shown.max() <= 1
    assert shown.std() > 0.03


def test_a_backdrop_is_painted_the_same_twice() -> None:
    backdrop = Place.open("dusk").backdrop
    np.testing.assert_array_equal(paint(backdrop, CAMERA), paint(backdrop, CAMERA))
