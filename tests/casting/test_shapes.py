"""Blendshapes in the file: what rounding may lose, and lists of vertices that shapes share."""

import numpy as np

from understudy.base.channels import ARKIT_SHAPES, SHAPE_INDEX
from understudy.casting.mesh import Part, unit
from understudy.casting.shapes import LID_M, settled, shared_lists

UNIT_M = 0.58 / 32767


def part(strand: bool = False, bent: bool = True) -> Part:
    rng = np.random.default_rng(3)
    deltas = np.zeros((len(ARKIT_SHAPES), 60, 3))
    deltas[SHAPE_INDEX["jawOpen"], :40] = rng.normal(size=(40, 3)) * 0.004
    deltas[SHAPE_INDEX["mouthFunnel"], 5:45] = rng.normal(size=(40, 3)) * 0.00001
    deltas[SHAPE_INDEX["eyeBlinkLeft"], 50:55, 1] = -2 * LID_M - np.arange(5) * UNIT_M
    return Part(
        name="brows" if strand else "skin",
        material="skin",
        positions=rng.normal(size=(60, 3)),
        normals=unit(rng.normal(size=(60, 3))),
        triangles=np.arange(60).reshape(20, 3),
        deltas=deltas,
        normal_deltas=rng.normal(size=deltas.shape) * 0.1 if bent and not strand else None,
        strand=rng.normal(size=(60, 4)) if strand else None,
    )


def test_skin_moves_to_within_a_hundredth_of_a_millimetre_and_a_half_and_stays_where_it_hardly_moves() -> None:
    skin = part()
    moves, turned = settled(skin, UNIT_M, np.arange(3))
    assert skin.deltas is not None and turned is not None
    assert np.abs(moves * UNIT_M - skin.deltas)[SHAPE_INDEX["jawOpen"]].max() < 0.0000185
    assert np.abs(moves * UNIT_M - skin.deltas)[SHAPE_INDEX["jawOpen"], :3].max() <= UNIT_M / 2 + 1e-12
    assert (np.linalg.norm(moves[SHAPE_INDEX["mouthFunnel"], 5:] * UNIT_M, axis=1) < 0.00004).all()
    assert (moves[SHAPE_INDEX["mouthFunnel"], 5:] == 0).all(1).mean() > 0.5
    assert (turned[~moves.any(2)] == 0).all() and turned.any()


def test_lids_keep_the_accuracy_of_the_file() -> None:
    moves, _ = settled(part(), UNIT_M, np.zeros(0, np.int64))
    lids = part().deltas
    assert lids is not None
    row = SHAPE_INDEX["eyeBlinkLeft"]
    assert np.abs(moves[row, 50:55] * UNIT_M - lids[row, 50:55]).max() <= UNIT_M / 2 + 1e-12


def test_both_edges_of_a_hair_move_alike() -> None:
    hair = part(strand=True)
    moves, turned = settled(hair, UNIT_M, np.zeros(0, np.int64))
    assert turned is None and hair.deltas is not None
    assert (moves[:, 0::2] == moves[:, 1::2]).all()
    middle = (hair.deltas[:, 0::2] + hair.deltas[:, 1::2]) / 2
    assert np.abs(moves[:, 0::2] * UNIT_M - middle).max() < 0.00007


def test_every_shape_finds_its_vertices_in_the_one_list_that_serves_it() -> None:
    rng = np.random.default_rng(1)
    moving = np.zeros((52, 400), bool)
    moving[:10, :200] = rng.random((10, 200)) < 0.9
    moving[20:30, 300:] = rng.random((10, 100)) < 0.9
    lists = shared_lists(moving)
    served = [shape for _, shapes in lists for shape in shapes]
    assert sorted(served) == [*range(10), *range(20, 30)]
    assert len(lists) == 2
    for ids, shapes in lists:
        assert (np.diff(ids) > 0).all()
        assert all(np.isin(np.flatnonzero(moving[shape]), ids).all() for shape in shapes)
