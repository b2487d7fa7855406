"""People from people: a variation of one, a blend of two."""

from typing import Any

import msgspec
import numpy as np

from understudy.base.errors import BadInput
from understudy.casting.latents import latents
from understudy.casting.prior import stream
from understudy.casting.recipe import Recipe
from understudy.casting.resolve import resolve

Plain = dict[str, Any]

_OPEN = ("phenotype", "shape", "targets", "rest", "latents")
_COLOURS = frozenset(["lips", "iris", "iris_inner", "white", "colour", "lipstick", "shadow"])
_SPREAD = {
    "skin.melanin": 0.18, "skin.blood": 0.10, "skin.freckles": 0.35, "skin.moles": 0.3, "brows.thickness_mm": 0.12,
    "brows.arch_mm": 0.22, "eyes.upper_lid": 0.25, "hair.length_m": 0.12, "hair.wave_mm": 0.25,
}  # fmt: skip
"""What a variation of amount 1 multiplies a key by, as the spread of a logarithm."""
_FREE = 0.12
"""Spread of a local change in a variation of amount 1."""


def vary(recipe: Recipe, *, amount: float, seed: int, name: str) -> Recipe:
    """Returns somebody like a person: 0 is the same, 0.3 a sibling, 1 somebody else of the same kind."""
    if not 0 < amount <= 1.5:
        raise BadInput(f"--amount {amount:g} makes no variation; take more than 0 and at most 1.5 (0.3 is a sibling).")
    plain: Plain = msgspec.to_builtins(resolve(recipe) if recipe.written_age else recipe)
    rng = stream(seed, "variation")
    for latent in latents().values():
        if latent.sd:
            step = amount * latent.sd * float(np.clip(rng.normal(), -2, 2))
            plain["latents"][latent.name] = round(latent.clamp(plain["latents"].get(latent.name, 0.0) + step), 3)
    for change in plain["shape"]:
        plain["shape"][change] = round(plain["shape"][change] + amount * _FREE * float(np.clip(rng.normal(), -2, 2)), 3)
    for target in plain["targets"]:
        plain["targets"][target] = round(plain["targets"][target] * float(np.exp(amount * 0.5 * rng.normal())), 3)
    for key, spread in _SPREAD.items():
        section, field = key.split(".")
        plain[section][field] = round(plain[section][field] * float(np.exp(amount * spread * rng.normal())), 4)
    for colour in ("iris", "iris_inner"):
        tone = float(np.exp(amount * 0.2 * rng.normal()))
        plain["eyes"][colour] = [round(c * tone, 4) for c in plain["eyes"][colour]]
    for section in ("skin", "brows", "lashes", "hair"):
        plain[section]["seed"] = int(rng.integers(1, 10_000))
    return _named(plain, name, f"Somebody like {recipe.display_name}.")


def blend(first: Recipe, second: Recipe, share: float, *, name: str) -> Recipe:
    """Returns somebody between two people: share 0 is the first, 1 the second. Choices come from the nearer one."""
    if not 0 <= share <= 1:
        raise BadInput(f"A blend goes from 0 (the first) to 1 (the second), and {share:g} is outside.")
    a: Plain = msgspec.to_builtins(resolve(first) if first.written_age else first)
    b: Plain = msgspec.to_builtins(resolve(second) if second.written_age else second)
    nearer = a if share < 0.5 else b
    mixed: Plain = {}
    for key, value in a.items():
        if key in _OPEN:
            level = 0.5 if key == "phenotype" else 0.0
            names = [*value, *(name for name in b[key] if name not in value)]
            mixed[key] = {n: round(_between(value.get(n, level), b[key].get(n, level), share), 4) for n in names}
        elif isinstance(value, dict):
            mixed[key] = {n: _mix(n, v, b[key][n], nearer[key][n], share) for n, v in value.items()}
        else:
            mixed[key] = nearer[key]
    mixed["persona"]["resting"] = nearer["persona"]["resting"]
    mixed["age"] = round(_between(a["age"], b["age"], share))
    return _named(mixed, name, f"Somebody between {first.display_name} and {second.display_name}.")


def _mix(name: str, a: Any, b: Any, nearer: Any, share: float) -> Any:
    if name in _COLOURS and a and b:
        # halfway between black and blond is brown: colours mix in the logarithm
        return [round(float(np.exp(_between(np.log(x), np.log(y), share))), 4) for x, y in zip(a, b, strict=True)]
    if isinstance(a, bool) or isinstance(b, bool) or name == "seed":
        return nearer
    if isinstance(a, float) and isinstance(b, float):
        return round(_between(a, b, share), 4)
    if isinstance(a, int) and isinstance(b, int):
        return round(_between(a, b, share))
    return nearer


def _between(a: float, b: float, share: float) -> float:
    return float(a + (b - a) * share)


def _named(plain: Plain, name: str, summary: str) -> Recipe:
    plain["name"], plain["display_name"] = name, name[:1].upper() + name[1:]
    plain["summary"], plain["written_age"] = summary, 0
    return msgspec.convert(plain, Recipe)
