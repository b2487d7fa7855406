from dataclasses import replace

import numpy as np
import pytest

from understudy.base.image import straight
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.frames import Move, Shot, ShotSize
from understudy.hub.place import Backdrop, Place, Wall
from understudy.render.framing import Camera, frame_actor
from understudy.render.setting import Painted
from understudy.render.splat.behind import Behind, shade_wall
from understudy.render.splat.falling import lay_strokes
from understudy.render.splat.settle import Outline, folded, lift_of, manner_of, settle, straightened
from understudy.render.strokes import Lot
from understudy.render.tone import display_from_scene

SIZE = (160, 90)
WHOLE = (0, 0, *SIZE)
PLAIN = replace(Place.open("studio"), wrap=0.0)
DARK = np.zeros((8, 8, 3), np.uint8)
NO_VEIL = np.zeros(3, np.float32)


def painted(alpha: float = 1.0, colour: tuple[float, float, float] = (0.5, 0.4, 0.3)) -> np.ndarray:
    """An actor who is a block in the middle, premultiplied."""
    out = np.zeros((SIZE[1], SIZE[0], 4), np.float32)
    out[30:70, 60:100, :3], out[30:70, 60:100, 3] = np.array(colour) * alpha, alpha
    return out


def settled(
    actor: np.ndarray, place: Place = PLAIN, spill: np.ndarray = DARK, behind: int = 40, **veil: object
) -> np.ndarray:
    outline = Outline(SIZE)
    outline.take(actor, wide=True)
    out = np.full((SIZE[1], SIZE[0], 3), behind, np.uint8)
    manner = manner_of(place, SIZE, spill, veil.get("veil", NO_VEIL))  # type: ignore[arg-type]
    settle(actor, WHOLE, outline, manner, out)
    return out


def flat(place: Place = PLAIN) -> Place:
    return replace(place, grade=replace(place.grade, vignette=0.0, grain=0.0))


def test_what_is_covered_half_shows_half_of_what_is_behind() -> None:
    out = settled(painted(0.5), flat())
    assert np.array_equal(out[50, 80], np.rint(np.array([0.5, 0.4, 0.3]) * 127.5 + 20).astype(np.uint8))
    assert (out[:28] == 40).all() and (out[:, :58] == 40).all()


def test_corners_are_darker_and_grain_has_its_deviation() -> None:
    actor = np.full((SIZE[1], SIZE[0], 4), 0.5, np.float32)
    actor[..., 3] = 1
    place = replace(PLAIN, grade=replace(PLAIN.grade, vignette=0.4, grain=0.02))
    out = settled(actor, place).astype(float)
    assert out[:10, :10].mean() < 0.9 * out[40:50, 75:85].mean()
    assert 0.6 * 0.02 * 255 < out[40:50, 70:90].std() < 1.6 * 0.02 * 255


def test_light_of_the_set_creeps_round_the_outline_only() -> None:
    bright = np.full((8, 8, 3), 255, np.uint8)
    with_, without = (settled(painted(), replace(flat(), wrap=wrap), bright).astype(int) for wrap in (0.8, 0.0))
    more = (with_ - without)[30:70, 60:100].mean(2)
    assert more[:, 0].min() > 20 and more[15:25, 15:25].max() == 0 and more.min() >= 0
    assert (with_ - without)[:28].max() == 0


def test_a_veil_is_what_it_is_in_light() -> None:
    place = replace(flat(), veil=0.03)
    veil = np.array([0.012, 0.010, 0.014], np.float32)
    lift = lift_of(place, veil)
    # skin, hair, cloth and whites in light and shade
    scene = np.array(
        [[0.35, 0.22, 0.16], [0.05, 0.03, 0.02], [0.02, 0.06, 0.05], [0.7, 0.7, 0.68], [0.004, 0.003, 0.003]]
    )
    before = display_from_scene(scene.astype(np.float32), place.grade)
    wanted = display_from_scene(scene.astype(np.float32) + veil, place.grade)
    found = before + np.stack([lift[(before[:, c] * 255).astype(int), c] for c in range(3)], 1)
    assert np.abs(wanted - before).max() > 8 / 255
    assert np.abs(found - wanted).max() < 4 / 255
    assert not lift_of(place, NO_VEIL).any()


def test_alpha_is_straightened_as_in_every_picture() -> None:
    draw = np.random.default_rng(1)
    alpha = draw.integers(0, 256, (20, 30, 1))
    pixels = np.concatenate([draw.integers(0, 256, (20, 30, 3)) * alpha // 255, alpha], 2).astype(np.uint8)
    away = np.abs(straightened(pixels).astype(int) - straight(pixels).astype(int))
    assert away.max() <= 1


def test_four_pixels_become_one() -> None:
    picture = np.random.default_rng(2).random((8, 12, 4), np.float32)
    assert np.allclose(folded(picture), picture.reshape(4, 2, 6, 2, 4).mean((1, 3)), atol=1e-6)


@pytest.fixture(scope="module")
def camera() -> Camera:
    return frame_actor(Body.decode(Actor.open("emi").body_glb), Shot(ShotSize.MEDIUM, SIZE))


def test_a_moving_camera_begins_with_the_plate_of_a_still_one(camera: Camera) -> None:
    place = Place.open("street_night")
    manner = manner_of(place, SIZE, DARK, NO_VEIL)
    still = Behind(place, camera, SIZE, Painted(place, camera, SIZE)).picture(camera, 0.0, manner)
    moving = replace(camera, move=Move.DRIFT)
    behind = Behind(place, moving, SIZE, Painted(place, moving, SIZE))
    resting = behind.picture(replace(moving, aside_m=(0, 0, 0), tilt_rad=(0, 0, 0)), 0.0, manner)
    later = behind.picture(replace(moving, aside_m=(0.15, 0, 0)), 4.0, manner)
    near = np.abs(resting.astype(int) - still).mean()
    assert near < 4 and np.abs(later.astype(int) - resting).mean() > 2 * near


def test_nothing_is_behind_on_a_transparent_set(camera: Camera) -> None:
    place = Place.open("alpha")
    out = Behind(place, camera, SIZE, Painted(place, camera, SIZE)).picture(
        camera, 0.0, manner_of(place, SIZE, DARK, NO_VEIL)
    )
    assert out.shape == (90, 160, 4) and not out.any()


def test_a_shadow_falls_on_a_near_wall_away_from_the_lamp(camera: Camera) -> None:
    place = replace(Place.open("interview"), wall=Wall(0.25, 0.6))
    outline = Outline(SIZE)
    outline.take(painted(), wide=True)
    out = np.full((SIZE[1], SIZE[0], 3), 200, np.uint8)
    shade_wall(out, outline.softer, place, camera)
    key = next((lamp for lamp in place.lights if lamp.casts_shadow), place.lights[0])
    dark = 200.0 - out.mean(2)
    assert dark.max() > 20
    middle = (dark.sum(0) * np.arange(SIZE[0])).sum() / dark.sum()
    assert (middle - 79.5) * key.towards[0] < 0


def test_a_stroke_is_as_long_as_its_way_and_stays_in_the_picture() -> None:
    out = np.zeros((90, 160, 3), np.uint8)
    rows = np.array([[0.5, 0.5, 2 / 90, 1.0, 20 / 90, 0.0], [0.999, 0.001, 0.1, 1.0, 0.0, 0.0]], np.float32)
    lay_strokes(out, [Lot(rows[:1], (1.0, 1.0, 1.0), 0.5)])
    lit = np.argwhere(out[..., 0] > 20)
    assert 36 <= np.ptp(lit[:, 1]) <= 46 and np.ptp(lit[:, 0]) <= 4
    lay_strokes(out, [Lot(rows[1:], (1.0, 1.0, 1.0), 0.5)])
    assert out[0, -1, 0] > 100


def test_what_is_transparent_takes_strokes_into_its_alpha() -> None:
    out = np.zeros((90, 160, 4), np.uint8)
    lay_strokes(out, [Lot(np.array([[0.5, 0.5, 0.1, 0.8, 0.0, 0.0]], np.float32), (0.5, 0.5, 0.5), 0.5)])
    assert out[45, 80].tolist() == [102, 102, 102, 204]


def test_a_backdrop_without_pieces_is_painted_too(camera: Camera) -> None:
    bare = replace(PLAIN, backdrop=Backdrop((0.1, 0.1, 0.1), (0.1, 0.1, 0.1), (0.1, 0.1, 0.1)))
    out = Behind(bare, camera, SIZE, Painted(bare, camera, SIZE)).picture(
        camera, 0.0, manner_of(bare, SIZE, DARK, NO_VEIL)
    )
    assert out.any()
