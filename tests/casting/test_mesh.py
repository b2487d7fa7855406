import numpy as np
from scipy.spatial.transform import Rotation

from understudy.casting.mesh import Carrier, smoothstep, vertex_normals

GRID = np.array([[x, y, 0.0] for y in range(6) for x in range(6)]) * 0.01
CELLS = [[y * 6 + x, y * 6 + x + 1, y * 6 + x + 7, y * 6 + x + 6] for y in range(5) for x in range(5)]
TRIANGLES = np.array([t for a, b, c, d in CELLS for t in ((a, b, c), (a, c, d))])


def turned_skin() -> tuple[Carrier, Rotation, np.ndarray]:
    """A sheet of skin whose first shape turns it about x by 50 degrees and lifts it."""
    turn, lift = Rotation.from_rotvec([np.radians(50), 0, 0]), np.array([0.0, 0.02, 0.01])
    deltas = np.zeros((52, len(GRID), 3))
    deltas[0] = turn.apply(GRID) + lift - GRID
    return Carrier(GRID, TRIANGLES, deltas, np.ones((len(GRID), 1))), turn, lift


def test_a_hair_rides_the_triangle_under_it() -> None:
    carrier, turn, lift = turned_skin()
    hair = np.array([[0.021, 0.018, 0.004], [0.021, 0.018, 0.010]])
    deltas = carrier.carry(hair, carrier.nearest(hair))
    assert np.allclose(hair + deltas[0], turn.apply(hair) + lift)
    assert not deltas[1:].any()


def test_a_lash_turns_as_a_whole() -> None:
    carrier, turn, lift = turned_skin()
    root = np.array([[0.02, 0.02, 0.0]])
    lash = root + np.array([[0.0, 0.0, 0.0], [0.0, 0.002, 0.005], [0.0, 0.006, 0.008]])
    deltas = carrier.carry_whole(lash, root, np.zeros(3, np.int64), neighbours=9)
    assert np.allclose(lash + deltas[0], turn.apply(lash) + lift)


def test_normals_point_to_the_counter_clockwise_side() -> None:
    assert np.allclose(vertex_normals(GRID, TRIANGLES), [0, 0, 1])


def test_a_smooth_step_may_run_backwards() -> None:
    assert np.allclose(smoothstep(1.0, 0.0, np.array([-1.0, 0.5, 2.0])), [1.0, 0.5, 0.0])
