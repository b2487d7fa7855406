"""Cameras that move: paths that are smooth and small, and sets whose depths part as they pass."""

import numpy as np
import pytest

from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.frames import Move, Shot, ShotSize
from understudy.hub.performance import Pose
from understudy.hub.place import Backdrop, Piece, Place, Shape
from understudy.render.backdrop import paint, paint_cards
from understudy.render.framing import Camera, frame_actor
from understudy.render.setting import overscan
from understudy.render.stage import Stage

MOVING = [move for move in Move if move is not Move.STILL]
REST = Camera(distance_m=1.85, height_m=0.52, shift=(0.0, -0.065), aspect=16 / 9)
SHOT = Shot(ShotSize.MEDIUM, (320, 180))


def camera(move: Move, seed: int = 0) -> Camera:
    return Camera(1.85, 0.52, (0.0, -0.065), 16 / 9, move=move, move_seed=seed)


def eyes_at(move: Move, time_s: float, seed: int = 0) -> tuple[float, float]:
    x, y, _ = camera(move, seed).at(time_s).seen(np.zeros((1, 3)))
    return float(x[0]), float(y[0])


def test_a_still_camera_is_itself_at_any_time() -> None:
    assert REST.at(7.3) is REST


@pytest.mark.parametrize("move", MOVING)
def test_the_eyes_stay_where_they_were_framed(move: Move) -> None:
    for time_s in np.linspace(0, 30, 61):
        x, y = eyes_at(move, float(time_s))
        assert abs(x - 0.5) < 0.06 and abs(y - 0.375) < 0.05


@pytest.mark.parametrize("move", MOVING)
def test_no_move_jumps(move: Move) -> None:
    places = np.array([eyes_at(move, t / 25) for t in range(300)])
    sizes = np.array([camera(move).at(t / 25).seen(np.zeros((1, 3)))[2][0] for t in range(300)])
    assert np.abs(np.diff(places, axis=0)).max() < 0.004
    assert np.abs(np.diff(sizes) / sizes[:-1]).max() < 0.004


def test_a_push_comes_an_eighth_nearer_and_a_pull_goes_back_to_the_framing() -> None:
    def away(move: Move, time_s: float) -> float:
        return float(camera(move).at(time_s).lens_m[2])

    assert away(Move.PUSH_IN, 0) == pytest.approx(1.85) and away(Move.PUSH_IN, 10) == pytest.approx(1.85 * 0.88)
    assert away(Move.PULL_OUT, 0) == pytest.approx(1.85 * 0.88) and away(Move.PULL_OUT, 10) == pytest.approx(1.85)
    assert away(Move.PUSH_IN, 60) == away(Move.PUSH_IN, 10)


def test_an_orbit_sees_the_actor_from_twelve_degrees_of_sides_at_one_distance() -> None:
    first, last = (camera(Move.ORBIT).at(t).lens_m for t in (0.0, 10.0))
    angle = np.degrees(np.arccos(first @ last / np.linalg.norm(first) / np.linalg.norm(last)))
    assert angle == pytest.approx(12, abs=0.1)
    assert np.linalg.norm(first) == pytest.approx(1.85) == np.linalg.norm(last)


def test_hands_are_the_same_for_one_seed_and_others_for_another() -> None:
    assert eyes_at(Move.HANDHELD, 3.0, 1) == eyes_at(Move.HANDHELD, 3.0, 1) != eyes_at(Move.HANDHELD, 3.0, 2)


def test_hands_sway_slowly_and_tremble_little() -> None:
    angle = np.array([camera(Move.HANDHELD).at(t / 50).tilt_rad[1] for t in range(3000)])
    power = np.abs(np.fft.rfft(angle - angle.mean())) ** 2
    hz = np.fft.rfftfreq(3000, 1 / 50)
    assert 0.001 < angle.std() < 0.006
    assert power[hz < 1].sum() > 30 * power[hz >= 1].sum() > 0


def test_cards_laid_over_each_other_are_the_still_picture() -> None:
    for name in ("street_night", "dusk"):
        backdrop = Place.open(name).backdrop
        cards = paint_cards(backdrop, REST, over=(0.0, 0.0))
        assert 2 <= len(cards) <= 5
        laid = np.zeros((*cards[0].light.shape[:2], 3))
        for card in cards:
            laid = laid * (1 - card.light[..., 3:]) + card.light[..., :3]
        np.testing.assert_allclose(laid, paint(backdrop, REST), atol=2e-3)


def test_near_things_pass_faster_than_far_ones() -> None:
    near = Piece(Shape.PANEL, (0.3, 0.1, -2.0), (0.1, 0.3), (1.0, 0.0, 0.0))
    far = Piece(Shape.PANEL, (-2.0, 0.5, -40.0), (1.0, 3.0), (0.0, 1.0, 0.0))
    black = (0.0, 0.0, 0.0)
    cards = paint_cards(Backdrop(black, black, black, (near, far), 0.01, bloom=0.0), REST, over=(0.1, 0.0))
    start, end = camera(Move.DRIFT).at(0.0), camera(Move.DRIFT).at(13.0)
    shifts = []
    for card in (cards[-1], cards[0]):
        corner = np.array([[card.corners_m[0], 0.0, card.depth_m]])
        shifts.append(float(end.seen(corner)[0][0] - start.seen(corner)[0][0]))
    # a slide that keeps the actor in the middle moves what is behind with the lens, the farther the more
    assert 0.01 < abs(shifts[0]) < 0.6 * abs(shifts[1])


@pytest.mark.parametrize("move", MOVING)
def test_a_moving_camera_never_sees_beyond_its_set(move: Move) -> None:
    moving = camera(move)
    over = overscan(moving)
    backdrop = Place.open("library").backdrop
    cards = paint_cards(backdrop, moving, over=over, height_px=90)
    left, right, bottom, top = cards[0].corners_m
    corners = np.array([[x, y, cards[0].depth_m] for x in (left, right) for y in (bottom, top)])
    for time_s in np.linspace(0, 29, 30):
        x, y, _ = moving.at(float(time_s)).seen(corners)
        assert x.min() < 1e-3 and x.max() > 1 - 1e-3 and y.min() < 1e-3 and y.max() > 1 - 1e-3


def pose(time_s: float) -> Pose:
    zeros = [np.zeros(n, np.float32) for n in (52, 6, 4, 40)]
    return Pose(time_s, *zeros)


@pytest.mark.parametrize("move", [Move.ORBIT, Move.HANDHELD])
def test_the_whole_actor_is_drawn_by_a_moving_camera(move: Move) -> None:
    body = Body.decode(Actor.open("emi").body_glb)
    place = Place.open("studio")
    still = Stage(body, place, SHOT, "draft")
    stage = Stage(body, place, Shot(ShotSize.MEDIUM, (320, 180), move=move), "draft")
    resting = still.draw(pose(5.0)).pixels.astype(int)
    moved = stage.draw(pose(5.0)).pixels.astype(int)  # half way an orbit stands where it rests
    still.close()
    stage.close()
    limit = 6 if move is Move.ORBIT else 25
    assert np.abs(resting - moved).mean() < limit
    assert frame_actor(body, SHOT).move is Move.STILL


def test_no_moment_of_a_moving_shot_depends_on_those_before() -> None:
    body = Body.decode(Actor.open("emi").body_glb)
    shot = Shot(ShotSize.MEDIUM, (320, 180), move=Move.DRIFT)
    stage = Stage(body, Place.open("street_night"), shot, "draft")
    direct = stage.draw(pose(4.0)).pixels
    stage.reset()
    for time_s in (0.0, 1.0):
        stage.draw(pose(time_s))
    stage.reset()
    np.testing.assert_array_equal(stage.draw(pose(4.0)).pixels, direct)
    stage.close()
