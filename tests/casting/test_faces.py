"""Latents, years and identity on the mesh: needs the extra `cast`."""

import itertools
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

import understudy.house
from understudy.casting.landmarks import landmarks
from understudy.casting.latents import Latent, latents
from understudy.casting.recipe import Recipe, read_recipe

pytestmark = pytest.mark.cast
pytest.importorskip("anny")

AVERAGE = Recipe(name="average", display_name="Average", phenotype={"age": 0.68, "gender": 0.5})
MEASURED = [latent for latent in latents().values() if latent.moves]
RECIPES = sorted((Path(understudy.house.__file__).parent / "recipes").glob("*.toml"))
STRAY = 0.45
"""How far any distance may move that a latent is not for, in what its own latent moves it at 1."""
STRAY_MEAN = 0.05


@pytest.fixture(scope="module")
def positions() -> Callable[[Recipe], np.ndarray]:
    from understudy.casting.body import neutral_positions

    return neutral_positions


@pytest.fixture(scope="module")
def at_rest(positions: Callable[[Recipe], np.ndarray]) -> dict[str, float]:
    return landmarks().measure(positions(AVERAGE))


def unit(name: str) -> float:
    return max((abs(latent.moves[name]) * 1e-3 for latent in MEASURED if latent.moves.get(name)), default=3e-3)


@pytest.mark.parametrize("latent", MEASURED, ids=lambda latent: latent.name)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_latent_moves_its_own_distance_and_little_else(
    latent: Latent, sign: int, positions: Callable[[Recipe], np.ndarray], at_rest: dict[str, float]
) -> None:
    value = latent.highest if sign > 0 else latent.lowest
    if not value:
        pytest.skip("this latent goes one way")
    found = landmarks().measure(positions(msgspec.structs.replace(AVERAGE, shape=latent.shape(value))))
    moves = latent.moves if sign > 0 else latent.down_moves
    main = max(moves, key=lambda name: abs(moves[name]) / unit(name))
    assert (found[main] - at_rest[main]) * 1000 == pytest.approx(moves[main], rel=0.4)
    stray = [abs(found[name] - at_rest[name]) / unit(name) for name in at_rest if name not in moves]
    assert max(stray) < STRAY
    assert np.mean(stray) < STRAY_MEAN


def test_one_person_with_other_hair_or_years_is_near_and_strangers_are_far() -> None:
    from understudy.casting.identity import NEAR_TWIN, distance, embed

    people = [read_recipe(path) for path in RECIPES]
    vectors = [embed(each) for each in people]
    assert all(np.linalg.norm(vector) == pytest.approx(1, abs=1e-3) for vector in vectors)
    assert min(distance(a, b) for a, b in itertools.combinations(vectors, 2)) > NEAR_TWIN
    emi, own = people[2], vectors[2]
    hair = msgspec.structs.replace(emi, hair=msgspec.structs.replace(emi.hair, style="bob", colour=(0.2, 0.06, 0.016)))
    assert distance(own, embed(hair)) < NEAR_TWIN
    older = msgspec.structs.replace(emi, written_age=emi.age, age=emi.age + 25)
    assert distance(own, embed(older)) < NEAR_TWIN
    back = msgspec.structs.replace(older, age=emi.age)
    assert distance(own, embed(back)) < 0.02


def test_a_twin_is_refused_and_kin_is_not() -> None:
    from understudy.base.errors import BadInput
    from understudy.casting.identity import embed
    from understudy.casting.mixing import vary
    from understudy.casting.roster import neighbours, refuse_twin
    from understudy.casting.writing import recipe_text

    emi = next(read_recipe(path) for path in RECIPES if path.stem == "emi")
    twin = recipe_text(vary(emi, amount=0.2, seed=1, name="em"))
    near = neighbours(twin, {"emi": embed(emi), "old": ()})
    assert [each.name for each in near] == ["emi"]
    with pytest.raises(BadInput, match="from emi"):
        refuse_twin(near, kin=())
    refuse_twin(near, kin=("emi",))


def test_a_monster_is_drawn_back_and_a_person_is_left_alone() -> None:
    from understudy.casting.body import neutral_positions
    from understudy.casting.resolve import resolve
    from understudy.casting.soundness import head_quads, make_sound, troubles

    quads = head_quads()
    emi = resolve(read_recipe(RECIPES[2]))
    assert make_sound(emi, quads) == (emi, ())
    shape = {**emi.shape, "nose-scale-vert-incr": 4.0, "chin-height-incr": 4.0, "*-eye-height2-incr": 5.0}
    tamed, wrong = make_sound(msgspec.structs.replace(emi, shape=shape), quads)
    assert wrong
    assert not troubles(neutral_positions(tamed), quads)
