"""A recipe with latents and years -> the plain recipe that is built: both worked into shape, skin and hair."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import msgspec
import numpy as np

from understudy.base.errors import BadInput
from understudy.casting.latents import latents
from understudy.casting.recipe import Recipe

Plain = dict[str, Any]

_AVERAGE = 0.5
"""What Anny takes for a phenotype the recipe does not name."""
_OPEN = {"phenotype": _AVERAGE, "shape": 0.0, "targets": 0.0, "rest": 0.0}
"""Tables of a recipe that take any name, and what a name they do not hold stands at."""
SHAPE_LIMIT = 1.25
"""A local change beyond this folds the mesh; sums of latents and years stop there."""


@dataclass(frozen=True)
class Ageing:
    """years (n,): the ages of the curves. curve: dotted key -> (n,) offset. lips (n,): share of their red.

    limits: dotted key -> lowest and highest value after latents and years.
    """

    years: tuple[float, ...]
    curve: Mapping[str, tuple[float, ...]]
    lips: tuple[float, ...]
    limits: Mapping[str, tuple[float, float]]

    def between(self, curve: tuple[float, ...], written: int, age: int) -> float:
        """Returns how far a curve goes from one age to another."""
        return float(np.interp(age, self.years, curve) - np.interp(written, self.years, curve))


@cache
def ageing() -> Ageing:
    """Loads what years do."""
    raw = tomllib.loads(resources.files("understudy.casting").joinpath("ageing.toml").read_text("utf-8"))
    return Ageing(
        tuple(raw["years"]),
        {key: tuple(curve) for key, curve in raw["curve"].items()},
        tuple(raw["lips"]["left"]),
        {key: (low, high) for key, (low, high) in raw["limits"].items()},
    )


def resolve(recipe: Recipe) -> Recipe:
    """Returns the same person as plain values, without latents and at its age. A plain recipe comes back as it is."""
    aged = bool(recipe.written_age) and recipe.written_age != recipe.age
    if not recipe.latents and not aged:
        return msgspec.structs.replace(recipe, written_age=0)
    plain: Plain = msgspec.to_builtins(recipe)
    for name, value in recipe.latents.items():
        latent = latents()[name]
        for change, amount in latent.shape(value).items():
            add(plain, f"shape.{change}", amount)
        for key, amount in latent.keys.items():
            add(plain, key, value * amount)
    if aged:
        grow_older(plain, recipe.written_age, recipe.age)
    for change, amount in plain["shape"].items():
        plain["shape"][change] = min(max(amount, -SHAPE_LIMIT), SHAPE_LIMIT)
    for key, (low, high) in ageing().limits.items():
        section, name = key.split(".", 1)
        if plain.get(section, {}).get(name) is not None:
            plain[section][name] = min(max(plain[section][name], low), high)
    plain["latents"], plain["written_age"] = {}, 0
    return msgspec.convert(plain, Recipe)


def anny_age(years: float) -> float:
    """Returns the age phenotype of an adult of so many years."""
    table = ageing()
    return round(float(np.interp(years, table.years, table.curve["phenotype.age"])), 3)


def add(plain: Plain, key: str, amount: float) -> None:
    """Adds to a dotted key of a recipe; the open tables (phenotype, shape, targets) may gain it. Raises BadInput."""
    section, name = key.split(".", 1)
    table = plain.get(section)
    if not isinstance(table, dict):
        raise BadInput(f"A recipe has no table called '{section}', which '{key}' needs; update Understudy.")
    start = _OPEN.get(section)
    if name not in table and start is None:
        raise BadInput(f"A recipe has no key called '{key}'; update Understudy.")
    table[name] = round(float(table.get(name, start or 0.0)) + amount, 5)


def grow_older(plain: Plain, written: int, age: int) -> None:
    """Moves the values of a recipe, written for one age, to another."""
    table = ageing()
    for key, curve in table.curve.items():
        moved = table.between(curve, written, age)
        section, name = key.split(".", 1)
        # a key that is None follows another one
        if moved and (section in _OPEN or plain.get(section, {}).get(name) is not None):
            add(plain, key, moved)
    left = 1 + table.between(table.lips, written, age)
    red, green, blue = plain["skin"]["lips"]
    pale = 0.62 * red
    # towards the colour of the skin around them: red falls, green and blue rise a little
    plain["skin"]["lips"] = [round(red * left, 4), round(green + (pale - green) * (1 - left), 4),
                             round(blue + (pale - blue) * (1 - left), 4)]  # fmt: skip
