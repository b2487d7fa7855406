"""The whole bake, small: needs the extra `cast` and takes a minute."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
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


@pytest.mark.cast
def test_words_become_an_actor_who_may_work(tmp_path: Path, own_home: Path) -> None:
    """From a brief to a licensed actor with an identity, who is found by name and pictured with all marks."""
    pytest.importorskip("anny")
    from understudy import casting, rights
    from understudy.casting.editing import edit
    from understudy.casting.recipe import parse_recipe
    from understudy.casting.writing import recipe_text
    from understudy.hub.actor import Actor, actors_folder
    from understudy.production.audition import contact_sheet, engage

    called = casting.call_words("a woman of thirty, freckles, auburn bob", seed=4, name="ada")
    small = replace(called, text=recipe_text(edit(parse_recipe(called.text), ["texture_px=128"])))
    actors_folder().mkdir(exist_ok=True)
    try:
        engage(small, actors_folder() / "ada.actor")
        ada = Actor.open("ada")
        assert ada.record.identity.parameters["latents.nose-length"]
        assert np.linalg.norm(ada.record.identity.embedding) == pytest.approx(1, abs=1e-3)
        rights.authorise(ada, project="test", script_digest="0" * 64)
        released = contact_sheet([small], tmp_path / "sheet.png")
        assert released.path == tmp_path / "sheet.png"
    finally:
        (actors_folder() / "ada.actor").unlink(missing_ok=True)
