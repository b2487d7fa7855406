"""How far apart people are by their identity vectors, and where a near-twin begins.

    python benchmarks/cast_identity.py [--people 40]        (extra [cast])

Prints, for each kind of pair, the least, the median and the greatest distance: the threshold of near-twins
(casting.identity.NEAR_TWIN) must stand above one actor with other hair and below two people who have nothing to do
with each other, even of one sex and origin.
"""

import argparse
import itertools
from pathlib import Path

import msgspec
import numpy as np

import understudy.house
from understudy.casting.brief.choosing import choose
from understudy.casting.brief.reading import read
from understudy.casting.identity import NEAR_TWIN, distance, embed
from understudy.casting.identity_fit import drawn
from understudy.casting.mixing import blend, vary
from understudy.casting.recipe import Recipe, read_recipe


def other_hair(person: Recipe) -> Recipe:
    hair = msgspec.structs.replace(person.hair, style="long", colour=(0.2, 0.06, 0.016), seed=99)
    wear = msgspec.structs.replace(person.wardrobe, colour=(0.3, 0.02, 0.02), seed=99)
    return msgspec.structs.replace(person, hair=hair, wardrobe=wear)


def aged(person: Recipe, age: int) -> Recipe:
    return msgspec.structs.replace(person, written_age=person.age, age=age)


def show(name: str, distances: list[float]) -> None:
    low, middle, high = np.percentile(distances, [0, 50, 100])
    print(f"{name:58} n={len(distances):4}  least {low:.3f}  median {middle:.3f}  greatest {high:.3f}")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--people", type=int, default=40)
    n = options.parse_args().people
    print(f"python benchmarks/cast_identity.py --people {n}; a near-twin is closer than {NEAR_TWIN}")
    people = [drawn(seed) for seed in range(5000, 5000 + n)]
    own = [embed(person) for person in people]
    show(
        "one actor, other hair and clothes",
        [distance(v, embed(other_hair(p))) for v, p in zip(own, people, strict=True)],
    )
    for years in (20, 30):
        ages = [min(max(p.age + (years if p.age < 50 else -years), 18), 85) for p in people]
        moved = [embed(aged(person, age)) for person, age in zip(people, ages, strict=True)]
        show(f"one actor, {years} years on or back", [distance(a, b) for a, b in zip(own, moved, strict=True)])
    for amount in (0.1, 0.3, 0.6, 1.0):
        varied = [embed(vary(person, amount=amount, seed=7, name="x")) for person in people]
        show(f"--like with --amount {amount}", [distance(a, b) for a, b in zip(own, varied, strict=True)])
    half = [(own[i], embed(blend(people[i], people[i + 1], 0.5, name="x"))) for i in range(0, n - 1, 2)]
    show("--blend halfway, to the first parent", [distance(a, b) for a, b in half])
    show("unrelated", [distance(a, b) for a, b in itertools.combinations(own, 2)])
    for words in ("a Swedish woman of thirty", "a Korean man of fifty"):
        alike = [embed(choose(read(words), seed=s, name="x").recipe) for s in range(n)]
        show(f"unrelated, all cast as {words!r}", [distance(a, b) for a, b in itertools.combinations(alike, 2)])
    house = [
        embed(read_recipe(path)) for path in sorted((Path(understudy.house.__file__).parent / "recipes").glob("*.toml"))
    ]
    show("the house cast", [distance(a, b) for a, b in itertools.combinations(house, 2)])


if __name__ == "__main__":
    main()
