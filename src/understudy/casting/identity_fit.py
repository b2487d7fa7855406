"""Makes identity_basis.npz: `python -m understudy.casting.identity_fit`. Needs the extra `cast`; takes two minutes."""

from importlib import resources
from pathlib import Path

import msgspec
import numpy as np

from understudy.casting.anatomy import HEAD, measure
from understudy.casting.body import make_body, neutral_positions
from understudy.casting.brief.choosing import choose
from understudy.casting.brief.reading import Reading
from understudy.casting.identity import centred, hair_numbers, skin_numbers
from understudy.casting.mesh import Floats, Ints
from understudy.casting.recipe import Recipe
from understudy.casting.resolve import resolve

PEOPLE = 600
AXES = 40
VERTICES = 420
AGED = 60
"""People looked at both young and old."""
LOWEST = -0.135
"""Metres below the middle of the eyes where the head ends and the neck begins."""


def fit(to: Path) -> None:
    """Draws the population, finds its axes and writes them."""
    people = [drawn(seed) for seed in range(PEOPLE)]
    vertices = head_vertices(people[0])
    shapes = [centred(neutral_positions(person)[vertices]) for person in people]
    points = np.array([shape for shape, _ in shapes])
    sizes = np.array([size for _, size in shapes])
    mean = points.mean(0)
    flat = (points - mean).reshape(len(points), -1)
    _, values, axes = np.linalg.svd(flat, full_matrices=False)
    axes, spread = axes[:AXES], values[:AXES] / np.sqrt(len(points))
    skin = np.array([skin_numbers(person) for person in people])
    hair = np.array([hair_numbers(person) for person in people])
    np.savez_compressed(
        to,
        vertices=vertices.astype(np.int32),
        mean=mean.astype(np.float32),
        axes=axes.astype(np.float16),
        spread=spread.astype(np.float32),
        size=np.array([sizes.mean(), sizes.std()], np.float32),
        ageing=_ageing(vertices, mean, axes, spread).astype(np.float32),
        skin=np.array([skin.mean(0), skin.std(0)], np.float32),
        hair=np.array([hair.mean(0), hair.std(0)], np.float32),
    )


def drawn(seed: int, age: int | None = None) -> Recipe:
    """Returns a person of the population, plain. age: at this age, None at the drawn one."""
    nothing = Reading({}, None, "", (), (), ())
    recipe = choose(nothing, seed=seed, name="anybody").recipe
    if age is not None:
        recipe = msgspec.structs.replace(recipe, written_age=recipe.age, age=age)
    return resolve(recipe)


def head_vertices(person: Recipe) -> Ints:
    """(420,) vertices spread over face and skull: farthest-point sampling, the face twice as dense."""
    body = make_body(person)
    ids = np.unique(body.groups["body"].faces[measure(body).island == HEAD])
    at = body.positions
    eyes = at[np.r_[14598:14742]].mean(0)
    ids = ids[at[ids, 1] > eyes[1] + LOWEST]
    weight = np.where(at[ids, 2] > eyes[2] - 0.05, 2.0, 1.0)
    chosen = [int(np.argmax(at[ids, 2]))]
    apart = np.linalg.norm(at[ids] - at[ids[chosen[0]]], axis=1)
    while len(chosen) < VERTICES:
        chosen.append(int(np.argmax(apart * weight)))
        apart = np.minimum(apart, np.linalg.norm(at[ids] - at[ids[chosen[-1]]], axis=1))
    return np.sort(ids[chosen])


def _ageing(vertices: Ints, mean: Floats, axes: Floats, spread: Floats) -> Floats:
    """(2, axes) orthonormal: how people move from thirty to fifty, and from thirty to seventy-five."""
    moved = []
    for later in (50, 75):
        steps = [
            centred(neutral_positions(drawn(seed, later))[vertices])[0]
            - centred(neutral_positions(drawn(seed, 30))[vertices])[0]
            for seed in range(1000, 1000 + AGED)
        ]
        moved.append((axes @ np.mean(steps, 0).ravel()) / spread)
    return np.asarray(np.linalg.qr(np.array(moved).T)[0].T)


if __name__ == "__main__":
    fit(Path(str(resources.files("understudy.casting"))) / "identity_basis.npz")
