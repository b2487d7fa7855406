from dataclasses import replace

import numpy as np

from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.groom import Groom
from understudy.render.strands import grow, guides_of_cards, middle_lines, resampled, thinned_for


def groom(children: int = 600, **changed: object) -> Groom:
    """Two locks of straight guides, 20 cm apart, 10 cm long, hanging down."""
    draw = np.random.default_rng(1)
    roots = draw.uniform(-0.01, 0.01, (40, 3)).astype(np.float32)
    roots[20:, 0] += 0.2
    way = np.linspace(0, 1, 8, dtype=np.float32)[None, :, None] * np.array([0, -0.1, 0], np.float32)
    made = Groom(
        name="hair",
        points=roots[:, None] + way,
        corners=np.zeros((40, 3), np.int32),
        bary=np.tile(np.array([1, 0, 0], np.float32), (40, 1)),
        lock=np.repeat(np.arange(2, dtype=np.int32), 20),
        tone=np.full(40, 0.5, np.float32),
        children=children,
        spread_m=0.003,
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def test_the_same_groom_grows_the_same_hairs() -> None:
    first, second = grow(groom()), grow(groom())
    assert np.array_equal(first.points, second.points)
    assert not np.array_equal(first.points, grow(groom(seed=5)).points)


def test_hairs_stay_in_their_lock() -> None:
    grown = grow(groom())
    x = grown.points[..., 0]
    left = x[:, 0] < 0.1
    assert (x[left] < 0.06).all() and (x[~left] > 0.14).all()


def combed(locks: int) -> np.ndarray:
    """Returns how far to the side the tips of hairs go on a head parted in the middle, with two locks or with one."""
    draw = np.random.default_rng(3)
    roots = draw.uniform(-0.02, 0.02, (200, 3)).astype(np.float32) * np.array([1, 0, 1], np.float32)
    aside = np.sign(roots[:, :1])
    t = np.linspace(0, 1, 8, dtype=np.float32)
    points = roots[:, None] + t[None, :, None] * (aside * np.array([0.1, 0, 0], np.float32))[:, None]
    lock = (aside[:, 0] > 0).astype(np.int32) if locks == 2 else np.zeros(200, np.int32)
    parted = replace(
        groom(4000, points=points.astype(np.float32), lock=lock, spread_m=0.0, frizz_m=0.0),
        tone=np.full(200, 0.5, np.float32),
        corners=np.zeros((200, 3), np.int32),
        bary=np.zeros((200, 3), np.float32),
    )
    grown = grow(parted).points
    return np.asarray(np.abs(grown[:, -1, 0] - grown[:, 0, 0]))


def test_a_parting_stays_a_parting() -> None:
    assert combed(2).min() > 0.06


def test_guides_of_one_lock_are_mixed() -> None:
    assert combed(1).min() < 0.03


def test_roots_lie_evenly_between_the_guides() -> None:
    from scipy.spatial import cKDTree

    made = groom(6000)
    grid = np.stack(np.meshgrid(np.linspace(-0.008, 0.008, 12), [0.0], np.linspace(-0.008, 0.008, 12)), -1).reshape(
        -1, 3
    )
    roots = made.points[:, :1] * np.array([1, 0, 1], np.float32)
    lines = roots + np.linspace(0, 0.02, 8, dtype=np.float32)[None, :, None] * np.array([0, 1, 0], np.float32)
    grown = grow(replace(made, points=lines.astype(np.float32))).points[:, 0]
    holes, sparse = (cKDTree(p).query(grid)[0].max() for p in (grown, roots[:, 0]))
    assert holes < 0.4 * sparse


def test_as_many_grow_as_are_asked_for_and_a_share_makes_fewer_and_thicker() -> None:
    whole, half = grow(groom()), grow(groom(), share=0.5, thicker=2.0)
    assert (len(whole.points), len(half.points)) == (600, 300)
    assert np.isclose(half.radius[:, 0].mean() / whole.radius[:, 0].mean(), 2.0, rtol=0.05)


def test_a_groom_without_children_is_drawn_as_it_stands() -> None:
    still = groom(children=0)
    assert np.array_equal(grow(still).points, still.points)


def test_hairs_taper_to_their_tips() -> None:
    grown = grow(groom(taper=0.3))
    assert np.allclose(grown.radius[:, -1] / grown.radius[:, 0], 0.3, atol=1e-5)


def test_grey_hairs_are_as_many_as_the_groom_says() -> None:
    def pale(share: float) -> float:
        return float((grow(groom(children=4000, grey=share)).tint.min(1) > 0.4).mean())

    assert pale(0.0) == 0.0
    assert abs(pale(0.3) - 0.3) < 0.04


def test_a_lighter_tone_is_a_lighter_hair() -> None:
    light, dark = (grow(groom(tone=np.full(40, tone, np.float32))).tint.mean() for tone in (1.0, 0.0))
    assert light > 1.2 * dark


def test_lines_keep_their_ends_when_resampled() -> None:
    lines = groom().points
    more = resampled(lines, 21)
    assert more.shape == (40, 21, 3)
    assert np.allclose(more[:, [0, -1]], lines[:, [0, -1]], atol=1e-6)


def test_hairs_thinner_than_a_pixel_are_drawn_fewer_and_as_much_thicker() -> None:
    share, thicker = thinned_for(1400, 0.00008, least_px=0.3)
    assert share < 0.5 and np.isclose(share * thicker, 1.0)
    assert thinned_for(20_000, 0.00008, least_px=0.3) == (1.0, 1.0)


def test_cards_and_ribbons_of_a_body_become_hairs() -> None:
    body = Body.decode(Actor.open("emi").body_glb)
    for mesh in body.meshes:
        name = mesh.material.name.lower()
        if name.startswith(("brow", "lash")):
            lines = middle_lines(mesh)
            assert lines is not None
            left, right = lines
            half = np.linalg.norm(mesh.positions[left[:, 0]] - mesh.positions[right[:, 0]], axis=1)
            assert np.median(half) < 0.001  # two sides of one hair, not two hairs
        if name == "hair" and mesh.uv is not None and mesh.material.albedo is not None:
            made = guides_of_cards(mesh)
            steps = np.linalg.norm(np.diff(made.points, axis=1), axis=2)
            assert len(made.points) > 100 and np.median(steps.sum(1)) > 0.01
            assert np.quantile(steps.max(1) / (steps.mean(1) + 1e-9), 0.95) < 3  # no jumps between cards


def test_black_hair_lets_less_light_through_than_its_colour_says() -> None:
    black, brown = (grow(groom(colour=(c, c, c))).tint.mean() for c in (0.008, 0.04))
    assert black < 0.008**1.4 and brown > 0.04**1.5
