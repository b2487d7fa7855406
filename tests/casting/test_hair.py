from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from understudy.casting.cards import hang
from understudy.casting.hair import HeadOfHair, make_hair
from understudy.casting.hairline import scalp_cover
from understudy.casting.recipe import HAIR_STYLES, Hair
from understudy.casting.scalp import spread
from understudy.casting.strands import STRIPS, mass_colour, paint_strands
from understudy.casting.styles import NAMES, style_of

from .heads import ball_scalp

MOST_TRIANGLES = 52_000
GROWN = [style for style in HAIR_STYLES if style != "bald"]


@cache
def hair_of(style: str, **more: float) -> HeadOfHair:
    return make_hair(ball_scalp(), Hair(style=style, **more))  # type: ignore[arg-type]


def test_every_style_of_the_recipe_can_be_combed() -> None:
    assert set(HAIR_STYLES) == set(NAMES)


def test_a_bald_head_grows_nothing() -> None:
    made = hair_of("bald")
    assert made.parts == [] and made.grooms == []


@pytest.mark.parametrize("style", GROWN)
def test_strands_root_on_the_skin_and_stay_out_of_the_head(style: str) -> None:
    scalp, made = ball_scalp(), hair_of(style)
    groom = next(g for g in made.grooms if g.name == "hair")
    assert 1000 <= len(groom.points) <= 3000 and 4 <= groom.points.shape[1] <= 32
    assert np.isfinite(groom.points).all()
    roots = groom.points[:, 0].astype(np.float64)
    assert np.abs(scalp.solid.height(roots)[0]).max() < 0.002
    assert scalp.hairline.above(roots).min() > 0
    points = groom.points[:, 1:].reshape(-1, 3).astype(np.float64)
    # round the skull; lower down the ball of the test meets its neck in a crease that no head has
    over = scalp.solid.height(points[points[:, 1] > scalp.centre[1] - 0.02])[0]
    assert over.min() > -0.002 and np.percentile(over, 1) > 0.0


@pytest.mark.parametrize("style", GROWN)
def test_cards_and_single_strands_keep_to_their_budget(style: str) -> None:
    made = hair_of(style)
    assert sum(len(part.triangles) for part in made.parts) <= MOST_TRIANGLES
    for part in made.parts:
        assert part.joints is not None and np.allclose(part.joints.sum(1), 1)
        assert part.strand is not None and part.strand[:, 3].min() >= 0 and part.strand[:, 3].max() <= 1


def test_the_same_recipe_grows_the_same_hair_and_another_seed_another() -> None:
    one, two = make_hair(ball_scalp(), Hair(style="bob")), make_hair(ball_scalp(), Hair(style="bob"))
    assert (one.parts[0].positions == two.parts[0].positions).all()
    other = make_hair(ball_scalp(), Hair(style="bob", seed=12))
    assert one.parts[0].positions.shape != other.parts[0].positions.shape or not np.allclose(
        one.parts[0].positions, other.parts[0].positions
    )


def test_falling_hair_keeps_out_of_the_face_and_a_fringe_comes_into_it() -> None:
    scalp = ball_scalp()

    def in_face(made: HeadOfHair) -> int:
        p = next(g for g in made.grooms if g.name == "hair").points.reshape(-1, 3)
        before = (p[:, 2] > scalp.centre[2] + 0.06) & (np.abs(p[:, 0]) < 0.035)
        return int((before & (p[:, 1] < scalp.centre[1] + 0.040) & (p[:, 1] > scalp.centre[1] - 0.06)).sum())

    assert in_face(hair_of("long")) == 0
    assert in_face(hair_of("long", fringe=1.0)) > 100


def test_locks_never_cross_the_parting() -> None:
    scalp, look = ball_scalp(), Hair(style="long")
    groom = next(g for g in hair_of("long").grooms if g.name == "hair")
    root = groom.points[:, 0]
    front = (root[:, 2] > scalp.centre[2] + 0.02) & (root[:, 1] > scalp.centre[1] + 0.05)
    side = np.sign(root[:, 0] - look.part_mm * 1e-3)
    far = np.abs(root[:, 0] - look.part_mm * 1e-3) > 0.006
    for lock in np.unique(groom.lock[front & far]):
        assert len(np.unique(side[(groom.lock == lock) & front & far])) == 1


def test_longer_hair_is_longer_and_curls_are_not_straight() -> None:
    def span(made: HeadOfHair) -> tuple[float, float]:
        p = next(g for g in made.grooms if g.name == "hair").points
        arc = np.linalg.norm(np.diff(p, axis=1), axis=2).sum(1)
        return float(np.median(arc)), float(np.median(np.linalg.norm(p[:, -1] - p[:, 0], axis=1) / arc))

    assert span(hair_of("long", length_m=0.45))[0] > span(hair_of("long", length_m=0.25))[0] + 0.05
    assert span(hair_of("curls"))[1] < span(hair_of("long"))[1] - 0.03


def test_density_fades_at_the_border_and_thins_on_a_thinning_crown() -> None:
    full, thin = ball_scalp(), ball_scalp(thinning=1.0)
    above, density = full.roots.above, full.density
    assert (density[above < -0.004] == 0).all() and (density[above > 0.030] > 0.99).all()
    fading = density[(above > 0.001) & (above < 0.006)]
    assert 0.15 < fading.mean() < 0.85 and fading.std() > 0.1
    crown = np.linalg.norm(full.roots.points - full.hairline.crown, axis=1) < 0.02
    assert thin.density[crown].mean() < 0.3 < full.density[crown].mean()


def test_the_scalp_is_painted_under_long_hair_and_shows_along_the_parting_and_on_a_bald_head() -> None:
    scalp, look = ball_scalp(), Hair(style="long", part_mm=0.0, seed=0)
    line = scalp.hairline
    on_top = scalp.roots.points[(scalp.roots.points[:, 2] > line.centre[2] + 0.03) & (scalp.roots.above > 0.03)]
    cover = scalp_cover(line, look, on_top)
    assert cover[np.abs(on_top[:, 0]) > 0.02].min() > 0.9
    assert cover[np.abs(on_top[:, 0]) < 0.004].min() < 0.6
    buzz = scalp_cover(line, Hair(style="buzz"), on_top)
    assert buzz.min() > 0.7 and buzz.max() < cover.max()
    assert scalp_cover(line, Hair(style="buzz", length_m=0.002), on_top).max() < 0.6
    assert scalp_cover(line, Hair(style="bald"), on_top).max() < 0.2


def test_roots_are_spread_without_clusters() -> None:
    scalp = ball_scalp()
    chosen = spread(scalp.roots, scalp.density, 800, np.random.default_rng(1))
    points = scalp.roots.points[chosen]
    gap = np.sort(np.linalg.norm(points[:, None] - points[None], axis=2), 1)[:, 1]
    assert np.percentile(gap, 2) > 0.35 * np.median(gap)


def test_grey_hair_is_a_mixture_of_white_and_coloured_strands() -> None:
    dark = Hair(style="short", colour=(0.01, 0.007, 0.005))
    texture = paint_strands(Hair(style="short", colour=dark.colour, grey=0.5))
    shown = texture[..., 3] > 0.6
    colour = texture[shown][:, :3] ** 2 * np.array(mass_colour(Hair(colour=dark.colour, grey=0.5)))
    brightness = colour.mean(1)
    light = (brightness > 0.15).mean()
    assert 0.25 < light < 0.75
    assert (brightness < 0.06).mean() > 0.15
    plain = paint_strands(dark)
    assert (plain[plain[..., 3] > 0.6][:, :3] ** 2 * np.array(mass_colour(dark))).max() < 0.05


def test_strips_of_the_texture_lie_beside_each_other() -> None:
    for left, right in pairwise(STRIPS):
        assert left.right <= right.left + 1e-9
    assert STRIPS[0].left == 0.0 and STRIPS[-1].right <= 1.0


def test_a_style_takes_what_the_recipe_says_within_reason() -> None:
    assert style_of(Hair(style="bob")).length_m == style_of(Hair(style="bob", length_m=0.0)).length_m
    assert style_of(Hair(style="back")).knot and style_of(Hair(style="crop")) == style_of(Hair(style="short"))
    assert style_of(Hair(style="long", length_m=3.0)).length_m < 0.6


def test_hair_hangs_on_the_head_above_and_on_the_chest_below() -> None:
    made, scalp = hair_of("long"), ball_scalp()
    part = hang(made.parts[0], scalp)
    assert part.joints is not None
    from understudy.base.channels import JOINTS

    head = part.joints[:, JOINTS.index("head")]
    assert (head[part.positions[:, 1] > scalp.chin_m + 0.02] == 1).all()
    assert head[part.positions[:, 1] < scalp.shoulder_m - 0.02].max() == 0
