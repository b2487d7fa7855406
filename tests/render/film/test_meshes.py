import numpy as np

from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.render.film.catmull import finer
from understudy.render.film.weld import weld

CUBE = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float32)
FACES = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]).ravel()


def cube(steps: int) -> tuple[np.ndarray, np.ndarray]:
    points, corners, sizes = CUBE, FACES, np.full(6, 4)
    for _ in range(steps):
        step = finer(len(points), corners, sizes, None)
        points, corners = step.matrix @ points, step.corners
        sizes = np.full(len(corners) // 4, 4)
    return points, corners


def test_a_cube_becomes_round() -> None:
    far = [np.linalg.norm(cube(steps)[0], axis=1) for steps in (0, 3)]
    assert np.isclose(far[0].max() / far[0].min(), 1.0)  # eight corners alone
    assert far[1].max() / far[1].min() < 1.25 and far[1].max() < 1.1
    assert np.isclose(np.abs(CUBE).max(), 1.0)


def test_finer_meshes_are_closed_and_have_four_times_the_faces() -> None:
    points, corners = cube(2)
    quads = corners.reshape(-1, 4)
    assert len(quads) == 6 * 16
    edges = np.sort(np.stack([quads, np.roll(quads, -1, 1)], -1).reshape(-1, 2), 1)
    assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all()
    assert len(points) == len(np.unique(corners))


def test_moving_everything_moves_the_finer_mesh_alike() -> None:
    step = finer(len(CUBE), FACES, np.full(6, 4), None)
    turn = np.array([[0.5, -0.2, 0.1], [0.3, 0.9, 0.0], [0.0, 0.1, 1.2]], np.float32)
    assert np.allclose(step.matrix @ (CUBE @ turn + 3), (step.matrix @ CUBE) @ turn + 3, atol=1e-5)


def test_coordinates_in_the_texture_go_half_way() -> None:
    uv = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    step = finer(4, np.arange(4), np.array([4]), uv)
    assert step.uv is not None and step.uv.shape == (16, 2)
    assert {tuple(p) for p in np.round(step.uv, 3).tolist()} == {(a, b) for a in (0, 0.5, 1) for b in (0, 0.5, 1)}


def test_a_body_loses_the_seams_of_its_texture_and_gains_quads() -> None:
    skin = Body.decode(Actor.open("emi").body_glb).mesh("skin")
    joined = weld(skin)
    assert len(joined.mesh.positions) < len(skin.positions)
    assert np.allclose(joined.mesh.positions[joined.new], skin.positions, atol=3e-6)
    assert (joined.sizes == 4).mean() > 0.95
    assert joined.uv is not None and len(joined.uv) == len(joined.corners)
    for name in ("jawOpen", "eyeBlinkLeft"):
        whole = np.zeros_like(skin.positions)
        whole[skin.morphs[name].vertices] = skin.morphs[name].positions
        part = np.zeros_like(joined.mesh.positions)
        part[joined.mesh.morphs[name].vertices] = joined.mesh.morphs[name].positions
        assert np.allclose(part[joined.new], whole, atol=1e-4)
