"""Hair before the film camera trails the head: roots stay, tips lag, and what is short stands still on it."""

import numpy as np

from understudy.hub.groom import Groom
from understudy.render.film.parts import Hair, Moment
from understudy.render.strands import grow
from understudy.render.sway import FREE_OVER_M

LAG = (0.0, 0.1, 0.0, 0.0, 0.0, 0.0)
"""The hair is 0.1 rad of yaw behind."""


def hanging(length_m: float) -> Hair:
    """Returns hair 6 cm in front of the joint `head`, hanging from the height where hair comes free."""
    roots = np.random.default_rng(1).uniform(-0.01, 0.01, (30, 3)).astype(np.float32)
    roots[:, 1] = 0
    roots[:, 2] += 0.06
    way = np.linspace(0, 1, 8, dtype=np.float32)[None, :, None] * np.array([0, -length_m, 0], np.float32)
    groom = Groom(
        name="hair",
        points=roots[:, None] + way,
        corners=np.zeros((30, 3), np.int32),
        bary=np.tile(np.array([1, 0, 0], np.float32), (30, 1)),
        lock=np.zeros(30, np.int32),
        tone=np.full(30, 0.5, np.float32),
    )
    return Hair(groom, grow(groom), {}, None, np.array([0, -FREE_OVER_M, 0], np.float32))


def at(lag: tuple[float, ...]) -> Moment:
    return Moment(np.zeros(52, np.float32), np.eye(4)[None], np.eye(4), lag=lag)


def test_tips_trail_the_head_and_roots_stay() -> None:
    hair = hanging(0.2)
    went = np.linalg.norm(hair.points(at(LAG)) - hair.points(at(())), axis=-1)
    assert hair.hangs and went[:, 0].max() < 1e-6
    assert 0.8 * 0.1 * 0.06 < np.median(went[:, -1]) < 1.2 * 0.1 * 0.06  # the whole lag: angle times arm
    assert (np.diff(went.mean(0)) > 0).all()


def test_a_head_at_rest_moves_no_hair() -> None:
    hair = hanging(0.2)
    assert np.array_equal(hair.points(at((0.0,) * 6)), hair.points(at(())))


def test_short_hair_stands_still() -> None:
    hair = hanging(0.01)
    assert not hair.hangs
    assert np.array_equal(hair.points(at(LAG)), hair.points(at(())))
