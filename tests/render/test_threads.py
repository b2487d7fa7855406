from dataclasses import replace

import numpy as np
import pytest

from understudy.hub.actor import Actor
from understudy.hub.body import Body, Mesh, Morph
from understudy.hub.groom import Groom
from understudy.render.threads import COAT, FIBRE, with_strands
from understudy.render.trimming import order, pieces_of, with_neighbours


@pytest.fixture(scope="module")
def emi() -> Body:
    return Body.decode(Actor.open("emi").body_glb, "Emi")


def made(body: Body, samples_per_m: float = 3000.0) -> dict[str, Mesh]:
    return {m.material.name: m for m in with_strands(body, samples_per_m) if m.name == "hair"}


def strands(mesh: Mesh) -> np.ndarray:
    return mesh.positions.reshape(-1, pieces_of(mesh) + 1, 3)


def test_cards_give_way_to_strands_and_an_under_coat(emi: Body) -> None:
    hair = made(emi)
    assert set(hair) == {FIBRE, COAT}
    cards = next(m for m in emi.meshes if m.name == "hair")
    tips, guides = strands(hair[FIBRE])[:, -1], emi.groom("hair").points[:, -1]  # type: ignore[union-attr]
    assert abs(float(np.median(tips[:, 1]) - np.median(guides[:, 1]))) < 0.03
    low, high = cards.positions.min(0) - 0.02, cards.positions.max(0) + 0.02
    assert ((hair[FIBRE].positions > low) & (hair[FIBRE].positions < high)).all()


def test_a_body_without_grooms_keeps_its_cards(emi: Body) -> None:
    bare = replace(emi, grooms=())
    assert with_strands(bare, 3000.0) == bare.meshes


def test_a_larger_picture_shows_more_strands_and_short_hair_has_more_than_long(emi: Body) -> None:
    near, far = len(strands(made(emi, 4000.0)[FIBRE])), len(strands(made(emi, 800.0)[FIBRE]))
    assert near > 1.5 * far
    jonah = Body.decode(Actor.open("jonah").body_glb, "Jonah")
    assert len(strands(made(jonah, 3000.0)[FIBRE])) > 2 * len(strands(made(emi, 3000.0)[FIBRE]))


def test_short_hair_has_no_under_coat() -> None:
    jonah = Body.decode(Actor.open("jonah").body_glb, "Jonah")
    assert set(made(jonah)) == {FIBRE}


def test_strands_hang_on_the_joints_of_the_cards_they_replace(emi: Body) -> None:
    mesh = made(emi)[FIBRE]
    head = [j.name for j in emi.joints].index("head")
    share = (mesh.weights * (mesh.joints == head)).sum(1).reshape(-1, pieces_of(mesh) + 1)
    assert share[:, 0].min() > 0.9
    assert share[:, -1].mean() < share[:, 0].mean()
    assert np.allclose(mesh.weights.sum(1), 1, atol=0.02)


def test_grey_hair_is_lighter_and_more_even_than_single_white_hairs(emi: Body) -> None:
    groom = emi.groom("hair")
    assert groom is not None

    def lightness(grey: float) -> np.ndarray:
        colour = made(replace(emi, grooms=(replace(groom, grey=grey),)))[FIBRE].colour
        assert colour is not None
        return np.asarray(colour.mean(1))

    dark, half, white = lightness(0.0), lightness(0.5), lightness(1.0)
    assert dark.mean() < half.mean() < white.mean()
    assert half.std() < 0.5 * (white.mean() - dark.mean())


def test_a_strand_on_its_own_is_left_out(emi: Body) -> None:
    groom = emi.groom("hair")
    assert groom is not None
    astray = np.array(groom.points)
    astray[7, 1:] += np.linspace(0, 0.3, astray.shape[1] - 1)[:, None] * np.array([0, 0, 1], np.float32)
    reach = strands(made(replace(emi, grooms=(replace(groom, points=astray, children=0),)))[FIBRE])[..., 2].max()
    assert reach < groom.points[..., 2].max() + 0.01


def test_a_strand_that_folds_back_on_itself_is_left_out(emi: Body) -> None:
    groom = emi.groom("hair")
    assert groom is not None
    bent = np.array(groom.points)
    back = bent[9, :12]
    bent[9] = np.concatenate([back, back[::-1][: bent.shape[1] - 12]])
    whole = len(strands(made(replace(emi, grooms=(replace(groom, children=0),)))[FIBRE]))
    assert len(strands(made(replace(emi, grooms=(replace(groom, points=bent, children=0),)))[FIBRE])) < whole


def test_a_beard_rides_the_jaw() -> None:
    count = 60
    draw = np.random.default_rng(2)
    roots = np.c_[draw.uniform(-0.02, 0.02, (count, 1)), np.zeros((count, 1)), draw.uniform(0, 0.02, (count, 1))]
    down = np.linspace(0, 0.02, 5)[None, :, None] * np.array([0, -1.0, 0])
    beard = Groom(
        "beard", (roots[:, None] + down).astype(np.float32), np.tile([0, 1, 2], (count, 1)).astype(np.int32),
        np.full((count, 3), 1 / 3, np.float32), np.zeros(count, np.int32), np.full(count, 0.5, np.float32),
    )  # fmt: skip
    emi = Body.decode(Actor.open("emi").body_glb, "Emi")
    cards = replace(next(m for m in emi.meshes if m.name == "hair"), name="beard")
    skin = next(m for m in emi.meshes if m.name == "skin")
    fall = Morph(
        np.array([0, 1, 2], np.int32), np.full((3, 3), [0, -0.01, 0], np.float32), np.zeros((3, 3), np.float32)
    )
    body = replace(emi, meshes=(replace(skin, morphs={"jawOpen": fall}), cards), grooms=(beard,))
    mesh = next(m for m in with_strands(body, 3000.0) if m.material.name == FIBRE)
    assert np.allclose(mesh.morphs["jawOpen"].positions, [0, -0.01, 0], atol=1e-6)
    assert len(mesh.morphs["jawOpen"].vertices) == len(mesh.positions)


def test_of_a_strand_only_what_is_seen_is_drawn_and_a_little_beyond(emi: Body) -> None:
    mesh = made(emi)[FIBRE]
    pieces = pieces_of(mesh)
    seen = np.zeros(len(mesh.triangles), bool)
    seen[3 * pieces + 2] = seen[5 * pieces] = True
    kept = np.flatnonzero(with_neighbours(mesh, seen)).tolist()
    assert kept == [3 * pieces + 1, 3 * pieces + 2, 3 * pieces + 3, 5 * pieces, 5 * pieces + 1]


def test_strands_are_drawn_from_the_front(emi: Body) -> None:
    mesh = made(emi)[FIBRE]
    lines = order(mesh, FIBRE).reshape(-1, pieces_of(mesh), 2)
    nearest = mesh.positions[lines[:, :, 0], 2].max(1)
    assert (np.diff(nearest) <= 1e-6).all()
    assert (lines[:, 1:, 0] == lines[:, :-1, 1]).all()
