"""Clothes: the words of a recipe, cloth close up, and garments hung on bodies that differ."""

import numpy as np
import pytest

from understudy.base.errors import BadInput
from understudy.casting.drape import Solid, hang, threads_of
from understudy.casting.garments import GARMENTS
from understudy.casting.mesh import Floats, Ints, Part
from understudy.casting.recipe import FABRIC_NAMES, GARMENT_NAMES, PATTERN_NAMES, Wardrobe, parse_recipe
from understudy.casting.sewing import Ground, edge_of, within
from understudy.casting.wardrobe import SHADE, SHADED_M, shade_beside
from understudy.casting.weave import FABRICS, cloth_of, fabric_of, pattern_of, woven

WHO = 'name = "x"\ndisplay_name = "X"\n'


def test_the_pattern_book_has_every_garment_a_recipe_may_name() -> None:
    assert set(GARMENTS) == set(GARMENT_NAMES)
    assert set(FABRICS) == set(FABRIC_NAMES)


@pytest.mark.parametrize(
    ("table", "key", "value", "known"),
    [
        ("wardrobe", "garment", "toga", "turtleneck"),
        ("wardrobe", "pattern", "paisley", "stripe"),
        ("wardrobe", "fabric", "latex", "denim"),
        ("glasses", "style", "monocle", "aviator"),
        ("earrings", "style", "plug", "hoop"),
        ("earrings", "metal", "tin", "silver"),
    ],
)
def test_an_unknown_word_is_refused_with_the_words_there_are(table: str, key: str, value: str, known: str) -> None:
    with pytest.raises(BadInput, match=known):
        parse_recipe(f'{WHO}[{table}]\n{key} = "{value}"\n')


def test_an_older_recipe_names_its_garment_by_its_neckline() -> None:
    look = parse_recipe(WHO + '[wardrobe]\nneckline = "boat"\n').wardrobe
    assert (pattern_of(look), fabric_of(look)) == ("rib", "wool")


@pytest.mark.parametrize("pattern", PATTERN_NAMES)
def test_a_tile_of_cloth_meets_itself(pattern: str) -> None:
    tint, height, depth_m = woven(pattern, "wool", 3, 256)
    assert 0 < depth_m < 0.006
    for field in (tint, height):
        for axis in (0, 1):
            inside = np.abs(np.diff(field, axis=axis)).max()
            across = np.abs(np.take(field, 0, axis) - np.take(field, -1, axis)).max()
            assert across <= 1.5 * inside + 1e-9, pattern


@pytest.mark.parametrize("garment", GARMENT_NAMES)
def test_every_material_of_a_garment_says_what_cloth_it_is(garment: str) -> None:
    cloth = cloth_of(Wardrobe(garment=garment))
    names = [material.name for material in cloth.materials]
    assert names[0] == "cloth" and len(set(names)) == len(names)
    textures = {texture.name for texture in cloth.textures}
    for material in cloth.materials:
        if material.name.startswith("cloth"):
            said = material.properties["extras"]["understudy"]["cloth"]
            assert said["kind"] in FABRICS and 0 <= said["sheen"] <= 1 and said["tile_m"] > 0
            assert material.properties["pbrMetallicRoughness"]["baseColorTexture"]["index"] in textures
    assert sum(len(texture.encoded) for texture in cloth.textures) < 400_000


def test_stripes_hold_both_colours() -> None:
    plain = cloth_of(Wardrobe(garment="tee", pattern="plain", colour=(0.5, 0.5, 0.5)))
    striped = cloth_of(Wardrobe(garment="tee", pattern="stripe", colour=(0.5, 0.5, 0.5), second=(0.0, 0.0, 0.1)))

    def spread(encoded: bytes) -> float:
        import io

        from PIL import Image

        return float(np.asarray(Image.open(io.BytesIO(encoded)))[..., 0].std())

    assert spread(striped.textures[0].encoded) > 4 * spread(plain.textures[0].encoded)


def sheet(n: int, size_m: float) -> tuple[Floats, Ints]:
    """A flat square of cloth, a little over the ground."""
    x, z = np.meshgrid(np.linspace(-size_m / 2, size_m / 2, n), np.linspace(-size_m / 2, size_m / 2, n))
    index = np.arange(n * n).reshape(n, n)
    quads = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], -1).reshape(-1, 4)
    return np.stack([x.ravel(), np.full(n * n, 0.105), z.ravel()], 1), quads


def ball(radius_m: float = 0.1) -> Solid:
    k = np.arange(4000) + 0.5
    polar, turn = np.arccos(1 - 2 * k / 4000), np.pi * (1 + 5**0.5) * k
    n = np.stack([np.cos(turn) * np.sin(polar), np.cos(polar), np.sin(turn) * np.sin(polar)], 1)
    return Solid(radius_m * n, n, np.zeros(len(n), bool))


def test_cloth_falls_over_a_ball_and_stays_out_of_it() -> None:
    pytest.importorskip("numba")
    points, quads = sheet(31, 0.26)
    threads = threads_of(quads, points, stiffness=1.0, bending=0.3)
    zero = np.zeros(len(points))
    gap = np.full(len(points), 0.003)
    hung = hang(points, threads, ball(), sleeve=zero, held=zero, gap=gap, steps=120)
    assert hung[:, 1].min() < 0.085, "its corners hang"
    assert np.linalg.norm(hung, axis=1).min() > 0.100, "none of it is inside"
    a, b = threads.pairs[:400].T
    stretched = np.linalg.norm(hung[a] - hung[b], axis=1) / threads.rest[:400]
    assert np.median(stretched) < 1.05
    again = hang(points, threads, ball(), sleeve=zero, held=zero, gap=gap, steps=120)
    assert np.array_equal(hung, again)


def test_held_cloth_does_not_fall() -> None:
    pytest.importorskip("numba")
    points, quads = sheet(11, 0.2)
    threads = threads_of(quads, points, stiffness=1.0, bending=1.0)
    one = np.ones(len(points))
    hung = hang(points, threads, ball(), sleeve=one * 0, held=one, gap=one * 0.003, steps=20)
    assert np.abs(hung - points).max() < 1e-9


def test_trimmings_settle_between_two_heights() -> None:
    solid = ball()
    ground = Ground(solid.points, solid.normals, np.ones((len(solid.points), 1)))
    points = solid.points[::40] * 1.3
    low = np.linalg.norm(ground.settle(points * 0.7, 0.004), axis=1)
    high = np.linalg.norm(ground.settle(points, 0.004, most_m=0.006), axis=1)
    assert low.min() > 0.1032 and high.max() < 0.1070


def test_an_edge_is_even_and_points_over_its_opening() -> None:
    turn = np.sort(np.random.default_rng(1).uniform(0, 2 * np.pi, 90))
    ring = np.stack([np.sin(turn), 0 * turn, np.cos(turn)], 1) * 0.07
    edge = edge_of(ring, np.tile([0.0, 1.0, 0.0], (90, 1)), closed=True, count=64)
    steps = np.linalg.norm(edge.points - np.roll(edge.points, 1, 0), axis=1)
    assert steps.max() < 1.6 * steps.min()
    inwards = -(edge.onward * edge.points).sum(1)
    assert (inwards > 0).all() or (inwards < 0).all()
    assert within.__doc__


def test_cloth_is_darkest_where_a_collar_ends_over_it_and_keeps_its_colour_beyond() -> None:
    def strip(x: Floats, height_m: float) -> Part:
        p = np.stack([x, np.zeros(len(x)), np.full(len(x), height_m)], 1)
        none = np.zeros((0, 3), np.int64)
        return Part("strip", "cloth", p, np.tile([0.0, 0.0, 1.0], (len(x), 1)), none, colour=np.full((len(x), 3), 0.9))

    cloth, collar = strip(np.linspace(0, 0.1, 101), 0.0), strip(np.linspace(0, 0.03, 31), 0.002)
    shade_beside(cloth, collar)
    assert cloth.colour is not None
    light, x = cloth.colour[:, 0] / 0.9, cloth.positions[:, 0]
    assert SHADE <= light[x < 0.03].max() < SHADE + 0.1
    assert (np.diff(light[x > 0.03]) >= 0).all()
    assert light[x > 0.03 + SHADED_M] == pytest.approx(1.0)
