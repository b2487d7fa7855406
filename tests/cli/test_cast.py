"""`understudy cast` from the command line: what it says, writes and refuses, without building anybody."""

from collections.abc import Callable
from pathlib import Path

import pytest

from understudy.casting.recipe import read_recipe
from understudy.hub.actor import Actor, house_actors, house_recipes

BRIEF = "a woman of thirty, freckles, auburn bob, tired eyes"


def last(ran: object) -> str:
    return str(ran.err.strip().splitlines()[-1])  # type: ignore[attr-defined]


def test_a_brief_becomes_a_recipe_and_says_what_it_took(understudy: Callable[..., object], tmp_path: Path) -> None:
    ran = understudy("cast", BRIEF, "--recipe-only", tmp_path / "ada.toml", "--seed", 4)
    assert ran.code == 0, ran.err  # type: ignore[attr-defined]
    out = ran.out  # type: ignore[attr-defined]
    assert "understood" in out and "auburn bob" in out and "guessed" in out and "seed 4" in out
    recipe = read_recipe(tmp_path / "ada.toml")
    assert recipe.name == "ada" and recipe.age == 30 and recipe.hair.style == "bob"
    again = understudy("cast", BRIEF, "--recipe-only", tmp_path / "b.toml", "--seed", 4, "--name", "ada")
    assert again.code == 0  # type: ignore[attr-defined]
    assert read_recipe(tmp_path / "b.toml") == recipe


def test_settings_go_with_words_and_with_a_recipe(understudy: Callable[..., object], tmp_path: Path) -> None:
    ada = tmp_path / "ada.toml"
    assert understudy("cast", BRIEF, "--set", "jaw-width=-0.3", "hair.style=bun", "--recipe-only", ada).code == 0  # type: ignore[attr-defined]
    assert read_recipe(ada).latents["jaw-width"] == -0.3
    assert read_recipe(ada).hair.style == "bun"
    old = tmp_path / "old.toml"
    assert understudy("cast", ada, "--set", "age=60", "--recipe-only", old).code == 0  # type: ignore[attr-defined]
    assert (read_recipe(old).age, read_recipe(old).written_age, read_recipe(old).name) == (60, 30, "ada")


def test_a_house_actor_is_varied_and_blended_by_name(understudy: Callable[..., object], tmp_path: Path) -> None:
    em = tmp_path / "em.toml"
    assert understudy("cast", "--like", "emi", "--amount", 0.3, "--recipe-only", em).code == 0  # type: ignore[attr-defined]
    assert read_recipe(em).name == "em"
    half = tmp_path / "half.toml"
    assert understudy("cast", "--blend", "emi", "jonah", 0.5, "--recipe-only", half).code == 0  # type: ignore[attr-defined]
    assert 30 < read_recipe(half).age < 38


def test_a_contradiction_is_told(understudy: Callable[..., object], tmp_path: Path) -> None:
    ran = understudy("cast", "a bald man with a bob, zorblax", "--recipe-only", tmp_path / "a.toml")
    assert "wins" in ran.out and "'zorblax' is not in the vocabulary" in ran.out  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a schoolgirl", "-o", "a.actor"], "adults only"),
        (["looks like Brad Pitt", "-o", "a.actor"], "Brad Pitt"),
        (["a naked man", "-o", "a.actor"], "decently dressed"),
        (["qwyx", "-o", "a.actor"], "understood"),
        ([BRIEF], "--recipe-only"),
        ([BRIEF, "-n", "3", "-o", "a.actor"], "--sheet"),
        ([BRIEF, "--like", "emi", "-o", "a.actor"], "one of them"),
        (["--like", "nobody-at-all", "-o", "a.actor"], "nobody-at-all"),
        (["--set", "age=60", "-o", "a.actor"], "Say who"),
        (["none.toml", "--set", "age=60", "-o", "a.actor"], "none.toml"),
        ([BRIEF, "--set", "jaw-width=9", "--recipe-only", "a.toml"], "from -1 to 1"),
        ([BRIEF, "--set", "age=12", "--recipe-only", "a.toml"], "adults"),
        ([BRIEF, "--name", "Tom Hanks", "--recipe-only", "a.toml"], "real person"),
        (["house"], "--all"),
        (["house", "nobody"], "nobody"),
        (["build", "none.toml", "-o", "a.actor"], "none.toml"),
    ],
)
def test_what_cannot_be_cast_is_one_sentence(
    understudy: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = understudy("cast", *arguments)
    assert ran.code == 2, ran.err  # type: ignore[attr-defined]
    assert last(ran).startswith("understudy: ") and words in last(ran)
    assert not list(tmp_path.iterdir())


def test_the_latents_are_listed_with_their_ranges(understudy: Callable[..., object]) -> None:
    out = understudy("cast", "latents").out  # type: ignore[attr-defined]
    for name in ("age", "jaw-width", "eye-bags", "nose-tip", "femininity", "lip-fullness"):
        assert f"\n{name} " in f"\n{out}"


def test_the_whole_house_is_listed_and_who_is_a_recipe_says_how_to_build(understudy: Callable[..., object]) -> None:
    out = understudy("actors").out  # type: ignore[attr-defined]
    assert all(f"\n{name} " in f"\n{out}" for name in house_recipes())
    unbuilt = [name for name in house_recipes() if name not in house_actors()]
    if unbuilt:
        assert "understudy cast house" in out


def test_opening_an_unbuilt_house_actor_says_what_to_run(understudy: Callable[..., object], tmp_path: Path) -> None:
    unbuilt = [name for name in house_recipes() if name not in house_actors()]
    if not unbuilt:
        pytest.skip("the whole house cast ships built")
    ran = understudy("still", "-o", tmp_path / "a.png", "--actor", unbuilt[0])
    assert ran.code == 2  # type: ignore[attr-defined]
    assert f"understudy cast house {unbuilt[0]}" in last(ran)


def test_an_actor_in_the_users_folder_opens_by_name(
    understudy: Callable[..., object], own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNDERSTUDY_HOME", str(own_home))
    folder = own_home / "actors"
    folder.mkdir(exist_ok=True)
    Actor.open("emi").save(folder / "emilia.actor")
    try:
        assert Actor.open("emilia").name == "emi"
        assert "emilia" in understudy("actors").out  # type: ignore[attr-defined]
    finally:
        (folder / "emilia.actor").unlink()


def test_casting_without_its_extra_names_it(
    understudy: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    from understudy.casting import body

    monkeypatch.setitem(sys.modules, "anny", None)
    body._model.cache_clear()
    ran = understudy("cast", BRIEF, "-o", tmp_path / "a.actor")
    assert ran.code == 2  # type: ignore[attr-defined]
    assert "understudy[cast]" in last(ran)
    assert not list(tmp_path.iterdir())
