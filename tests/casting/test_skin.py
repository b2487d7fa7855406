"""Painting without a mesh: a patch of skin whose places are known."""

import numpy as np
import pytest

pytest.importorskip("numba")

from understudy.base.channels import ARKIT_SHAPES
from understudy.casting import anatomy, lines, makeup, noise, pores, spots, stubble, tones, wrinkles
from understudy.casting.canvas import Canvas
from understudy.casting.recipe import Beard, Makeup, Skin

MARKS = {
    "eye": (31.0, 0.0, 62.0), "nose": (0.0, -38.0, 85.0), "mouth": (0.0, -66.0, 74.0), "corner": (25.0, -66.0, 62.0),
    "chin": (0.0, -100.0, 70.0), "ear": (75.0, -15.0, -25.0), "inner": (17.0, -3.0, 55.0), "outer": (46.0, 2.0, 48.0),
}  # fmt: skip
STEP_MM = 0.8


def face() -> Canvas:
    """Points STEP_MM apart over an egg that is about a face, with lids and lips where the marks are."""
    x, y = np.meshgrid(np.arange(-70, 70, STEP_MM), np.arange(-120, 75, STEP_MM))
    z = 75 - 0.010 * x**2 - 0.0022 * (y + 20) ** 2
    mm = np.stack([x.ravel(), y.ravel(), z.ravel()], 1).astype(np.float32)
    n = len(mm)
    one, none = np.ones(n, np.float32), np.zeros(n, np.float32)
    from_mouth = np.hypot(mm[:, 0] / 2.4, mm[:, 1] + 66).astype(np.float32)
    lid = np.abs(np.hypot((np.abs(mm[:, 0]) - 31) / 1.5, mm[:, 1]) - 9).astype(np.float32)
    return Canvas(
        mm=mm,
        uv=np.zeros((n, 2), np.float32),
        normal=np.tile(np.array([0, 0, 1], np.float32), (n, 1)),
        ring=from_mouth * np.float32(0.6),
        above_hair=(mm[:, 1] - 66).astype(np.float32) * np.float32(1e-3),
        island=np.full(n, anatomy.HEAD, np.int8),
        lips=np.clip(1.5 - from_mouth / 7, 0, 1).astype(np.float32),
        lids=none,
        ears=none.copy(),
        face=one,
        lid_mm=np.minimum(lid, 26),
        marks={name: np.array(mark) for name, mark in MARKS.items()},
    )


@pytest.fixture(scope="module")
def canvas() -> Canvas:
    return face()


def near(c: Canvas, x: float, y: float, mm: float = 8.0) -> np.ndarray:
    return np.hypot(c.mm[:, 0] - x, c.mm[:, 1] - y) < mm


def test_noise_has_no_seam_and_the_same_seed_gives_the_same_skin(canvas: Canvas) -> None:
    again = noise.fbm(canvas.mm, 0.2, 3, 5)
    assert (noise.fbm(canvas.mm, 0.2, 3, 5) == again).all()
    assert (noise.fbm(canvas.mm, 0.2, 3, 6) != again).any()
    line = np.zeros((4001, 3), np.float32)
    line[:, 0] = np.linspace(-20, 20, 4001)
    for value in (noise.perlin(line, 0.5, 1), noise.worley(line, 0.5, 1)[:, 0]):
        assert np.abs(np.diff(value)).max() < 0.02


def test_every_place_has_a_cell_point_near() -> None:
    points = np.random.default_rng(2).uniform(-6, 6, (60_000, 3)).astype(np.float32)
    cell = noise.worley(points, 1.0, 3)
    assert (cell[:, 0] <= cell[:, 1]).all()
    assert cell[:, 0].min() < 0.1
    assert cell[:, 0].max() < 1.5
    assert np.unique(cell[:, 2]).size > 500


def test_cheeks_are_redder_than_the_forehead_and_redness_adds_to_it(canvas: Canvas) -> None:
    plain, red = (tones.blood(canvas, Skin(redness=r)) for r in (0.0, 1.0))
    cheek, brow = near(canvas, 42, -37), near(canvas, 0, 48)
    assert plain[cheek].mean() > 1.3 * plain[brow].mean()
    assert red[cheek].mean() > 1.3 * plain[cheek].mean()


def test_freckles_gather_over_nose_and_cheeks_and_none_are_none(canvas: Canvas) -> None:
    drawn = spots.freckles(canvas, Skin(freckles=1.0))
    assert drawn[near(canvas, 35, -28, 14)].mean() > 2 * drawn[near(canvas, 0, -105, 14)].mean()
    assert not spots.freckles(canvas, Skin(freckles=0.0)).any()


def test_pores_keep_off_lips_and_lids_and_scale_with_the_recipe(canvas: Canvas) -> None:
    fine, coarse = (pores.pores(canvas, Skin(pores=p)) for p in (0.5, 1.5))
    lips = canvas.lips > 0.95
    assert fine[lips].max() == 0
    assert coarse[near(canvas, 26, -30)].mean() > 2 * fine[near(canvas, 26, -30)].mean() > 0


def test_age_cuts_lines_where_faces_fold(canvas: Canvas) -> None:
    families = lines.heights(canvas)
    young, old = (lines.at_rest(canvas, age, families) for age in (0.05, 1.0))
    for x, y in ((0, 42), (58, 2), (32, -62)):
        spot = near(canvas, x, y)
        assert old[spot].std() > 2.5 * young[spot].std()


def test_wrinkles_of_one_side_lie_on_that_side(canvas: Canvas) -> None:
    shares = wrinkles.shares(canvas)
    assert shares.shape == (len(canvas.mm), len(wrinkles.GROUPS))
    assert 0 <= shares.min() <= shares.max() <= 1
    names = list(wrinkles.GROUPS)
    for name in ("forehead", "crow", "nasolabial"):
        left, right = shares[:, names.index(f"{name}Left")], shares[:, names.index(f"{name}Right")]
        assert left[canvas.mm[:, 0] < -10].max() < 0.02 < 0.8 < left.max()
        assert right[canvas.mm[:, 0] > 10].max() < 0.02 < 0.8 < right.max()


def test_every_fold_of_the_map_can_be_drawn_by_some_group(canvas: Canvas) -> None:
    depth = wrinkles.depth_mm(canvas, 0.4, lines.heights(canvas))
    deep = np.abs(depth) > 0.15
    assert deep.any()
    assert (wrinkles.shares(canvas).sum(1)[deep] > 0.05).mean() > 0.97


def test_groups_name_arkit_shapes() -> None:
    assert all(shape in ARKIT_SHAPES for group in wrinkles.GROUPS.values() for shape in group)


def test_a_shaved_beard_is_even_bluish_and_keeps_off_the_lips_and_brow(canvas: Canvas) -> None:
    skin = np.tile(np.array([0.40, 0.26, 0.18], np.float32), (len(canvas.mm), 1))
    shaved = stubble.shadow(canvas, skin, 0.5, (0.01, 0.008, 0.007))
    chin, brow = near(canvas, 0, -98, 6), near(canvas, 0, 40)
    lost = 1 - shaved[chin].mean(0) / skin[chin].mean(0)
    assert lost[0] > lost[2] > 0.03
    assert shaved[brow] == pytest.approx(skin[brow])
    assert shaved[canvas.lips > 0.98] == pytest.approx(skin[canvas.lips > 0.98], rel=0.02)
    # even: patches of a centimetre differ little, unlike dirt
    patches = [shaved[near(canvas, x, -96, 5), 0].mean() for x in (-16, -8, 0, 8, 16)]
    assert np.std(patches) < 0.05 * np.mean(patches)


def test_a_grown_beard_hides_the_skin_where_it_is_dense_and_leaves_lips_and_brow(canvas: Canvas) -> None:
    skin = np.tile(np.array([0.40, 0.26, 0.18], np.float32), (len(canvas.mm), 1))
    dark = (0.01, 0.008, 0.007)
    for style in ("goatee", "short", "full"):
        covered, hidden = stubble.under_beard(canvas, skin, Beard(style=style), dark, 0.0)
        chin, brow = near(canvas, 0, -98, 6), near(canvas, 0, 40)
        assert covered[chin].mean() < 0.6 * skin[chin].mean()
        assert (covered[brow] == skin[brow]).all() and hidden.max() <= 1
        assert covered[canvas.lips > 0.98] == pytest.approx(skin[canvas.lips > 0.98])
    white = stubble.under_beard(canvas, skin, Beard(style="full"), dark, 1.0)[0]
    assert white[chin].mean() > 2 * covered[chin].mean()
    shaved, none = stubble.under_beard(canvas, skin, Beard(), dark, 0.0)
    assert (shaved == skin).all() and not none.any()


def test_beards_grow_where_they_are_named_for(canvas: Canvas) -> None:
    chin, cheek = near(canvas, 0, -98, 6), near(canvas, 44, -85, 9)
    full, goatee, moustache = (stubble.beard_places(canvas, Beard(style=s)) for s in ("full", "goatee", "moustache"))
    assert full[chin].mean() > 0.5 and goatee[chin].mean() > 0.4 and moustache[chin].max() < 0.05
    assert full[cheek].mean() > 0.2 and goatee[cheek].max() < 0.05
    assert (goatee <= full + 1e-6).all()


def test_no_make_up_changes_nothing_and_lipstick_colours_lips_alone(canvas: Canvas) -> None:
    skin = np.tile(np.array([0.5, 0.33, 0.24], np.float32), (len(canvas.mm), 1))
    assert (makeup.lay_over(canvas, skin, canvas.lips, Makeup()) == skin).all()
    worn = makeup.lay_over(canvas, skin, canvas.lips, Makeup(lipstick_weight=1.0))
    assert (worn[canvas.lips < 0.2] == skin[canvas.lips < 0.2]).all()
    assert worn[canvas.lips > 0.9, 1].mean() < 0.5 * skin[0, 1]


def test_foundation_evens_the_skin_out() -> None:
    rough = np.random.default_rng(0).normal(0.6, 0.2, 1000).astype(np.float32)
    assert makeup.even_out(rough, 0.6, 1.0).std() < 0.4 * rough.std()
