from pathlib import Path

import pytest

import understudy.house
from understudy.base.errors import BadInput
from understudy.casting.recipe import parse_recipe, read_recipe

RECIPES = sorted((Path(understudy.house.__file__).parent / "recipes").glob("*.toml"))


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_house_recipes_parse(path: Path) -> None:
    recipe = read_recipe(path)
    assert recipe.name == path.stem
    assert recipe.age >= 18
    assert recipe.texture_px == 2048


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(BadInput, match="freckels"):
        parse_recipe('name = "a"\ndisplay_name = "A"\n[skin]\nfreckels = 1.0\n')


def test_a_wrong_type_is_named() -> None:
    with pytest.raises(BadInput, match=r"skin\.melanin"):
        parse_recipe('name = "a"\ndisplay_name = "A"\n[skin]\nmelanin = "dark"\n')


@pytest.mark.parametrize(("table", "key", "value"), [("hair", "style", "mohawk"), ("wardrobe", "neckline", "plunge")])
def test_an_unknown_style_lists_the_known_ones(table: str, key: str, value: str) -> None:
    with pytest.raises(BadInput, match="choose one of"):
        parse_recipe(f'name = "a"\ndisplay_name = "A"\n[{table}]\n{key} = "{value}"\n')


def test_minors_are_not_cast() -> None:
    with pytest.raises(BadInput, match="only adults"):
        parse_recipe('name = "a"\ndisplay_name = "A"\nage = 17\n')


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nobody\.toml"):
        read_recipe(tmp_path / "nobody.toml")
