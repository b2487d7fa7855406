"""Variations, blends, edits and years, on recipes alone."""

from pathlib import Path

import msgspec
import pytest

import understudy.house
from understudy import casting
from understudy.base.errors import BadInput, NotAllowed, UnknownName
from understudy.casting.editing import edit
from understudy.casting.latents import latents
from understudy.casting.mixing import blend, vary
from understudy.casting.recipe import Recipe, parse_recipe, read_recipe
from understudy.casting.resolve import ageing, resolve
from understudy.casting.writing import recipe_text

RECIPES = sorted((Path(understudy.house.__file__).parent / "recipes").glob("*.toml"))
every_house_recipe = pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)


def person(name: str) -> Recipe:
    return read_recipe(next(path for path in RECIPES if path.stem == name))


@every_house_recipe
def test_a_recipe_written_out_is_read_back_the_same(path: Path) -> None:
    recipe = read_recipe(path)
    assert parse_recipe(recipe_text(recipe, head="Anybody.\nTwo lines.")) == recipe


@every_house_recipe
def test_a_plain_recipe_resolves_to_itself(path: Path) -> None:
    assert resolve(read_recipe(path)) == read_recipe(path)


@every_house_recipe
@pytest.mark.parametrize("years", [30, -30])
def test_years_on_and_back_give_the_same_recipe(path: Path, years: int) -> None:
    recipe = read_recipe(path)
    away = min(max(recipe.age + years, 18), 90)
    changed = edit(recipe, [f"age={away}"])
    assert resolve(changed) != resolve(recipe)
    assert edit(changed, [f"age={recipe.age}"]) == recipe


def test_years_move_shape_skin_hair_and_lips_the_way_they_do() -> None:
    young = resolve(edit(person("emi"), ["age=22"]))
    old = resolve(edit(person("emi"), ["age=75"]))
    assert old.skin.age > 0.8 > 0.3 > young.skin.age
    assert old.hair.grey > 0.8
    assert old.skin.moles > young.skin.moles
    assert old.skin.lips[0] < young.skin.lips[0]
    assert old.phenotype["age"] > young.phenotype["age"] + 0.2
    assert old.shape["*-ear-scale-vert-incr"] > young.shape.get("*-ear-scale-vert-incr", 0)
    assert old.shape["mouth-upperlip-volume-incr"] < young.shape["mouth-upperlip-volume-incr"]


def test_curves_of_ageing_have_a_value_for_every_year_named() -> None:
    table = ageing()
    assert list(table.years) == sorted(table.years)
    assert all(len(curve) == len(table.years) for curve in (*table.curve.values(), table.lips))


def test_latents_are_worked_into_the_shape_and_stop_at_the_limits() -> None:
    emi = person("emi")
    moved = resolve(edit(emi, ["nose-length=1", "weight=1", "freckles=1"]))
    assert not moved.latents
    assert moved.shape["nose-scale-vert-incr"] > emi.shape.get("nose-scale-vert-incr", 0)
    assert moved.phenotype["weight"] > emi.phenotype["weight"]
    assert moved.skin.freckles > emi.skin.freckles
    extreme = resolve(edit(emi, ["femininity=1"]))
    assert extreme.phenotype["gender"] <= 1


@pytest.mark.parametrize(
    ("setting", "refusal", "words"),
    [
        ("age=17", NotAllowed, "adults"),
        ("age=300", BadInput, "92"),
        ("age=old", BadInput, "number"),
        ("jaw-width=3", BadInput, "from -1 to 1"),
        ("jaw-width=nan", BadInput, "jaw-width"),
        ("jawwidth=1", UnknownName, "jaw-width"),
        ("hair.style=mohawk", BadInput, "hair style"),
        ("hair.shine=1", UnknownName, "style"),
        ("cape.colour=red", UnknownName, "hair"),
        ("hair.colour=plaid", UnknownName, "auburn"),
        ("phenotype.age=0.2", BadInput, "from 0.6"),
        ("nonsense", BadInput, "age=60"),
    ],
)
def test_settings_that_cannot_be(setting: str, refusal: type[Exception], words: str) -> None:
    with pytest.raises(refusal, match=words):
        edit(person("emi"), [setting])


def test_settings_reach_every_table() -> None:
    changed = edit(person("emi"), ["hair.style=bob", "hair.colour=auburn", "eyes.colour=green", "skin.freckles=1.2",
                                   "shape.chin-width-incr=-0.2", "wardrobe.colour=0.1,0.2,0.3"])  # fmt: skip
    assert changed.hair.style == "bob"
    assert changed.hair.colour != person("emi").hair.colour
    assert changed.eyes.iris != person("emi").eyes.iris
    assert changed.skin.freckles == 1.2
    assert changed.shape["chin-width-incr"] == -0.2
    assert changed.wardrobe.colour == (0.1, 0.2, 0.3)


def test_a_variation_goes_as_far_as_it_is_told_and_stays_in_range() -> None:
    emi = person("emi")

    def far(amount: float) -> float:
        varied = vary(emi, amount=amount, seed=4, name="em")
        assert all(latents()[n].lowest <= v <= latents()[n].highest for n, v in varied.latents.items())
        return sum(abs(v) for v in varied.latents.values())

    assert far(0.1) < far(0.3) < far(0.8)
    assert vary(emi, amount=0.3, seed=4, name="em") == vary(emi, amount=0.3, seed=4, name="em")
    with pytest.raises(BadInput, match="--amount"):
        vary(emi, amount=0, seed=1, name="em")


def test_a_blend_runs_from_one_to_the_other() -> None:
    a, b = person("emi"), person("jonah")
    for share, whole in ((0.0, a), (1.0, b)):
        mixed = blend(a, b, share, name="x")
        assert mixed.skin.melanin == pytest.approx(whole.skin.melanin)
        assert mixed.age == whole.age and mixed.hair.style == whole.hair.style
    half = blend(a, b, 0.5, name="x")
    assert a.skin.melanin < half.skin.melanin < b.skin.melanin
    assert half.phenotype["gender"] == pytest.approx(0.5)
    with pytest.raises(BadInput, match="blend"):
        blend(a, b, 1.5, name="x")


def test_an_aged_actor_can_be_varied_and_keeps_its_years() -> None:
    old = edit(person("jonah"), ["age=70"])
    varied = vary(old, amount=0.2, seed=1, name="jo")
    assert varied.age == 70 and varied.written_age == 0
    assert varied.skin.age > person("jonah").skin.age + 0.2


def test_an_edited_candidate_is_kin_of_its_model() -> None:
    text = recipe_text(person("emi"))
    assert casting.call_edited(text, ["age=40"]).kin == ("emi",)
    assert casting.call_like(text, amount=0.3, seed=2, name="em").kin == ("emi",)
    with pytest.raises(BadInput, match="Nothing is set"):
        casting.call_edited(text, [])


def test_a_recipe_with_a_latent_out_of_range_or_for_a_minor_is_refused() -> None:
    emi = person("emi")
    for changes, words in (({"latents": {"jaw-width": 4.0}}, "jaw-width"), ({"latents": {"x": 0.1}}, "latent"),
                           ({"written_age": 12}, "adults")):  # fmt: skip
        with pytest.raises(BadInput, match=words):
            parse_recipe(recipe_text(msgspec.structs.replace(emi, **changes)))
