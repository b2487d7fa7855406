import numpy as np
import pytest

from understudy.hub.staging import Stand, eye_line, facing


def seen_at(own: Stand, pitch: float, yaw: float, distance: float) -> np.ndarray:
    """Returns the place in the set that lies in a direction against the torso of somebody who stands there."""
    turned = yaw + own.turn_rad
    way = np.array([np.sin(turned) * np.cos(pitch), -np.sin(pitch), np.cos(turned) * np.cos(pitch)])
    return np.array(own.eyes) + distance * way


@pytest.mark.parametrize("heights", [(1.6, 1.6), (1.64, 1.91), (1.9, 1.5)])
def test_each_finds_the_eyes_of_the_other(heights: tuple[float, float]) -> None:
    left, right = facing(*heights)
    for own, other in ((left, right), (right, left)):
        line = eye_line(own, other)
        found = seen_at(own, line.partner_pitch_rad, line.partner_yaw_rad, line.distance_m)
        assert np.abs(found - other.eyes).max() < 1e-9
    assert np.abs(seen_at(left, 0.0, 0.0, 1.0) - right.eyes).max() > 0.1  # straight ahead is not there


def test_two_face_each_other_open_to_the_lens_on_one_floor() -> None:
    left, right = facing(1.64, 1.91)
    assert left.eyes[0] < 0 < right.eyes[0]
    assert left.turn_rad == -right.turn_rad and 0.5 < left.turn_rad < np.pi / 2
    assert right.eyes[1] - left.eyes[1] == pytest.approx(0.27)
    assert abs(eye_line(left, right).partner_yaw_rad) < np.radians(42)
