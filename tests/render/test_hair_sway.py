import numpy as np

from understudy.render.sway import MOST, begin, follow, looseness, sway, swung

HEAD = np.zeros(6)


def turned(yaw: float) -> np.ndarray:
    head = np.zeros(6)
    head[1] = yaw
    return head


def swings(until_s: float, at_25: int = 25) -> list[float]:
    """The yaw lag after a head at rest turns by 0.3 rad within 0.2 s."""
    swing, lags = begin(0.0, HEAD), []
    for frame in range(1, round(until_s * at_25)):
        time_s = frame / at_25
        swing = follow(swing, time_s, turned(0.3 * min(time_s / 0.2, 1.0)))
        lags.append(float(swing.lag[1]))
    return lags


def test_hair_lags_behind_a_turn_swings_past_it_and_settles() -> None:
    lags = np.array(swings(4.0))
    assert lags.min() < -0.05, "it trails the turn"
    assert lags.max() > 0.01, "it swings past the head"
    assert np.abs(lags[-20:]).max() < 1e-3, "it settles"


def test_a_head_at_rest_moves_no_hair_at_all() -> None:
    swing = begin(0.0, turned(0.2))
    for frame in range(1, 50):
        swing = follow(swing, frame / 25, turned(0.2))
    rows = swung(swing.lag, np.eye(4), np.array([0.0, 1.5, 0.0]))
    assert not rows.any()
    points = np.random.default_rng(1).normal(size=(9, 4, 3))
    assert (sway(points, points, np.ones((9, 4)), rows, 1.6) == points).all()


def test_roots_and_hair_on_the_skull_never_move() -> None:
    rng = np.random.default_rng(2)
    rest = rng.normal(size=(40, 12, 3)) * 0.1 + np.array([0.0, 1.45, 0.0])
    rest[:, 0, 1] = 1.7
    along = np.broadcast_to(np.linspace(0, 1, 12), (40, 12))
    rows = swung(np.array([0.1, -0.1, 0.05, 0.01, 0.0, 0.0]), np.eye(4), np.array([0.0, 1.55, 0.0]))
    moved = np.linalg.norm(sway(rest, rest, along, rows, 1.63) - rest, axis=2)
    assert (moved[:, 0] == 0).all() and moved[:, -1].max() > 0.005
    high = rest[..., 1] >= 1.63
    assert (moved[high] == 0).all()
    assert (np.diff(looseness(np.full((12, 3), 1.4), along[0], 1.63)) > 0).all(), "it grows from root to tip"


def test_the_lag_depends_on_the_path_and_not_on_the_picture_rate() -> None:
    slow, fast = swings(1.0, 25), swings(1.0, 50)
    assert np.allclose(slow[:-1], fast[1::2][: len(slow) - 1], atol=2e-3)


def test_a_jolt_stays_within_what_neck_and_shoulders_allow() -> None:
    swing = follow(begin(0.0, HEAD), 0.04, np.array([2.0, -2.0, 2.0, 1.0, 1.0, 1.0]))
    assert (np.abs(swing.lag) <= MOST).all()


def test_a_gap_in_time_starts_hair_at_rest() -> None:
    swing = follow(begin(0.0, HEAD), 0.04, turned(0.4))
    assert swing.lag.any()
    assert not follow(swing, 9.0, turned(-0.4)).lag.any()
    assert not follow(swing, 0.0, turned(-0.4)).lag.any()
