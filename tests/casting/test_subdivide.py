import numpy as np

from understudy.casting.subdivide import catmull_clark, refine

CUBE = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]])
CORNERS = np.array([[x, y, z] for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)])


def test_weights_sum_to_one() -> None:
    matrix, faces = catmull_clark(CUBE, 8)
    assert np.allclose(np.asarray(matrix.sum(1)).ravel(), 1.0)
    assert faces.shape == (24, 4)
    assert matrix.shape == (8 + 12 + 6, 8)


def test_a_cube_becomes_the_known_shape() -> None:
    matrix, _ = catmull_clark(CUBE, 8)
    fine = matrix @ CORNERS
    # corner (Q + 2 R) / 3 of a unit cube: 5 / 9; edge points 3 / 4
    assert np.allclose(np.abs(fine[:8]), 5 / 9)
    assert np.allclose(np.sort(np.abs(fine[8:20]), 1), [0.0, 0.75, 0.75])


def test_a_boundary_stays_where_it_is() -> None:
    strip = np.array([[0, 1, 4, 3], [1, 2, 5, 4]])
    matrix, _ = catmull_clark(strip, 6)
    line = np.array([[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [2, 1]], dtype=float)
    fine = matrix @ line
    assert fine[:, 1].min() == 0.0 and fine[:, 1].max() == 1.0


def test_values_follow_the_surface_across_uv_seams() -> None:
    uv_faces = np.arange(24).reshape(6, 4)
    fine = refine(CUBE, uv_faces, np.random.default_rng(0).random((24, 2)), 8, 2)
    assert len(fine.faces) == 6 * 16 and (np.bincount(fine.parent) == 16).all()
    points = fine.apply(CORNERS)
    assert np.allclose(points[fine.faces], (fine.matrix @ CORNERS)[fine.unsplit_faces])
