import numpy as np
import pytest

from understudy.casting.beard import CUTS, colour_of, wear
from understudy.casting.recipe import BEARD_STYLES, Beard, Hair, Recipe

from .heads import ball_scalp


def test_every_beard_of_the_recipe_can_be_cut() -> None:
    assert set(BEARD_STYLES) == {"none", *CUTS}


def test_a_beard_takes_the_colour_of_the_hair_unless_it_has_its_own() -> None:
    hair = Hair(colour=(0.1, 0.05, 0.02))
    assert colour_of(Beard(style="full"), hair) == hair.colour
    assert colour_of(Beard(style="full", colour=(0.3, 0.3, 0.3)), hair) == (0.3, 0.3, 0.3)


def test_a_shaved_face_wears_nothing() -> None:
    recipe = Recipe(name="none", display_name="None")
    made = wear(ball_scalp(), None, None, None, None, recipe)  # type: ignore[arg-type]
    assert made.parts == [] and made.grooms == []


@pytest.mark.parametrize("style", sorted(CUTS))
def test_moustaches_stay_shorter_than_the_lip_is_high_and_chins_grow_longest(style: str) -> None:
    cut = CUTS[style]
    assert cut.lip_m <= 0.012
    assert cut.chin_m >= cut.cheek_m
    assert np.isfinite(cut.width_m) and cut.hairs <= 3400
