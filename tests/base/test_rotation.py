import numpy as np

from understudy.base.rotation import matrix_from_pitch_yaw_roll, matrix_from_vector

FORWARD, LEFT, UP = np.array([0, 0, 1.0]), np.array([1.0, 0, 0]), np.array([0, 1.0, 0])


def test_positive_pitch_looks_down() -> None:
    assert (matrix_from_pitch_yaw_roll(0.3, 0, 0) @ FORWARD)[1] < 0


def test_positive_yaw_turns_to_the_actors_left() -> None:
    assert (matrix_from_pitch_yaw_roll(0, 0.3, 0) @ FORWARD)[0] > 0


def test_positive_roll_lifts_the_left_ear() -> None:
    assert (matrix_from_pitch_yaw_roll(0, 0, 0.3) @ LEFT)[1] > 0


def test_vector_and_angles_agree_on_single_axes() -> None:
    for axis, angles in ((LEFT, (0.4, 0, 0)), (UP, (0, 0.4, 0)), (FORWARD, (0, 0, 0.4))):
        assert np.allclose(matrix_from_vector(axis * 0.4), matrix_from_pitch_yaw_roll(*angles))
