"""Who somebody is, as numbers: the knobs of a recipe, and a unit vector whose distances mean something.

The vector (embedding) of a person is made of
  shape   offsets of 420 vertices of the neutral head from the average head, both centred and brought to one size, on
          the 40 principal axes of 600 people drawn from the population of prior.toml, each divided by its spread
          (whitened), and the size. The two axes along which people age are turned down to a quarter: somebody at sixty
          is meant to be near themselves at thirty.
  skin    melanin, blood, freckles, moles and the colour of the irises, each against its spread in that population
  hair    colour of hair, thickness and arch of the brows: little, because people change them
in shares of the squared length given by SHARES. `python -m understudy.casting.identity_fit` makes identity_basis.npz.
The distance of two people is one minus the cosine of their vectors: 0 is the same, about 1 is unrelated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import msgspec
import numpy as np

from understudy.casting.mesh import Floats, Ints
from understudy.casting.recipe import Recipe
from understudy.casting.resolve import resolve

SHARES = {"shape": 0.80, "skin": 0.16, "hair": 0.04}
NEAR_TWIN = 0.2
"""Two actors closer than this look alike; benchmarks/cast_identity.py prints the distributions it stands between."""


@dataclass(frozen=True)
class Basis:
    """vertices (n,): of the base mesh. mean (n, 3). axes (k, 3n), spread (k,). size: middle and spread of log size.

    ageing (2, k): axes of ageing in whitened coordinates. skin, hair: middles and spreads, (2, m).
    """

    vertices: Ints
    mean: Floats
    axes: Floats
    spread: Floats
    size: Floats
    ageing: Floats
    skin: Floats
    hair: Floats


@cache
def basis() -> Basis:
    """Loads the basis that ships with Understudy."""
    with resources.files("understudy.casting").joinpath("identity_basis.npz").open("rb") as file:
        raw = np.load(file, allow_pickle=False)
        floats = {name: raw[name].astype(np.float64) for name in raw.files if name != "vertices"}
        return Basis(vertices=raw["vertices"].astype(np.int64), **floats)


def embed(recipe: Recipe) -> tuple[float, ...]:
    """Returns the unit vector of a recipe; needs the extra `cast`. Latents and years are worked in."""
    from understudy.casting.body import neutral_positions

    plain = resolve(recipe)
    return embed_plain(neutral_positions(plain), plain, basis())


def embed_plain(positions: Floats, recipe: Recipe, known: Basis) -> tuple[float, ...]:
    """Returns the unit vector of a neutral mesh (19158, 3) and its plain recipe."""
    offset, size = centred(positions[known.vertices])
    shape = (known.axes @ (offset - known.mean).ravel()) / known.spread
    along = known.ageing @ shape
    shape = shape - 0.75 * (known.ageing.T @ along)
    shape = np.append(shape, 0.7 * (size - known.size[0]) / known.size[1])
    skin = (skin_numbers(recipe) - known.skin[0]) / known.skin[1]
    hair = (hair_numbers(recipe) - known.hair[0]) / known.hair[1]
    parts = [
        np.clip(part, -4, 4) * np.sqrt(SHARES[name] / len(part))
        for name, part in (("shape", shape), ("skin", skin), ("hair", hair))
    ]
    vector = np.concatenate(parts)
    return tuple(round(float(v), 5) for v in vector / max(float(np.linalg.norm(vector)), 1e-9))


def distance(a: Sequence[float], b: Sequence[float]) -> float:
    """Returns how far two embeddings are apart, 0 the same .. about 1 unrelated .. 2 opposite."""
    first, second = np.asarray(a), np.asarray(b)
    scale = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(1 - first @ second / scale) if scale else 1.0


def parameters(recipe: Recipe) -> dict[str, float]:
    """Returns every number that makes this person: dotted knobs of shape, latents, skin, eyes, hair and expression."""
    plain: dict[str, Any] = msgspec.to_builtins(recipe)
    found: dict[str, float] = {}
    for section in ("phenotype", "shape", "targets", "latents", "rest", "skin", "eyes", "brows", "hair", "persona"):
        for name, value in plain[section].items():
            if name == "seed" or isinstance(value, str | bool | dict):
                continue
            if isinstance(value, int | float):
                found[f"{section}.{name}"] = float(value)
            elif value is not None:
                found |= {f"{section}.{name}.{channel}": float(v) for channel, v in zip("rgb", value, strict=True)}
    found |= {f"persona.resting.{name}": float(v) for name, v in plain["persona"]["resting"].items()}
    return found


def centred(points: Floats) -> tuple[Floats, float]:
    """Returns points (n, 3) about their middle and of root mean square 1, and the log of the size they had (metres)."""
    about = points - points.mean(0)
    size = float(np.sqrt((about**2).sum() / len(about)))
    return about / size, float(np.log(size))


def skin_numbers(recipe: Recipe) -> Floats:
    """Returns what skin and eyes say of a person, (11,)."""
    skin, eyes = recipe.skin, recipe.eyes
    return np.array(
        [np.log(skin.melanin), skin.blood, np.sqrt(max(skin.freckles, 0.0)), 0.5 * skin.moles, *np.log(eyes.iris),
         *(0.7 * np.log(eyes.iris_inner)), 0.5 * np.log(max(skin.lips[0], 1e-3))]
    )  # fmt: skip


def hair_numbers(recipe: Recipe) -> Floats:
    """Returns what hair and brows say of a person, (6,)."""
    return np.array(
        [*np.log(np.maximum(recipe.hair.colour, 1e-4)), recipe.brows.thickness_mm, recipe.brows.arch_mm,
         recipe.brows.height_mm]
    )  # fmt: skip
