"""The whole bake, small: needs the extra `cast` and takes a minute."""

from pathlib import Path

import msgspec
import pytest

import understudy.house
from understudy.casting.assemble import build_body
from understudy.casting.recipe import read_recipe

from .reading import Reader

EMI = Path(understudy.house.__file__).parent / "recipes" / "emi.toml"


@pytest.mark.cast
def test_a_recipe_becomes_a_body() -> None:
    pytest.importorskip("anny")
    pytest.importorskip("numba")
    recipe = msgspec.structs.replace(read_recipe(EMI), texture_px=256)
    first = build_body(recipe)
    assert Reader(first).meshes["skin"]["extras"]["lips"]
    assert build_body(recipe) == first
