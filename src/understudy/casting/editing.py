"""`--set age=60 jaw-width=-0.3 hair.style=bob`: one person, changed where it is said."""

from typing import Any

import msgspec

from understudy.base.errors import BadInput, UnknownName
from understudy.casting.brief.refusal import refuse_age
from understudy.casting.latents import check_latent, latents
from understudy.casting.prior import load_table
from understudy.casting.recipe import Recipe, parse_recipe
from understudy.casting.resolve import ageing
from understudy.casting.writing import recipe_text

Plain = dict[str, Any]

OLDEST = 92
_OPEN = ("phenotype", "shape", "targets", "rest")
_PLAIN = ("name", "display_name", "summary", "seed", "texture_px")


def edit(recipe: Recipe, settings: list[str]) -> Recipe:
    """Returns the recipe with `key=value` settings; raises BadInput or UnknownName for what cannot be set.

    A key is `age`, a latent, or a dotted key of the recipe (`hair.style`, `skin.freckles`, `shape.chin-width-incr`).
    Ageing moves shape, skin, hair and lips and goes back to the very same recipe; colours may be three numbers or a
    name of pigment.toml.
    """
    plain: Plain = msgspec.to_builtins(recipe)
    for setting in settings:
        key, given, value = setting.partition("=")
        key, value = key.strip(), value.strip()
        if not given or not key or not value:
            raise BadInput(f"'{setting}' sets nothing; write it as age=60, jaw-width=-0.3 or hair.style=bob.")
        if key == "age":
            _set_age(plain, value)
        elif "." in key:
            _set_key(plain, key, value)
        elif key in latents():
            plain["latents"][key] = check_latent(key, _number(key, value))
        elif key in _PLAIN:
            plain[key] = int(_number(key, value)) if key in ("seed", "texture_px") else value
        else:
            raise UnknownName("latent", key, ["age", *latents()])
    try:
        changed = msgspec.convert(plain, Recipe)
    except msgspec.ValidationError as error:
        raise BadInput(f"These settings do not make a recipe: {error}.") from error
    return parse_recipe(recipe_text(changed))


def _set_age(plain: Plain, value: str) -> None:
    age = int(_number("age", value))
    refuse_age(age)
    if age > OLDEST:
        raise BadInput(f"age goes from 18 to {OLDEST}, and {age} is outside.")
    written = plain["written_age"] or plain["age"]
    plain["age"] = age
    plain["written_age"] = 0 if age == written else written


def _set_key(plain: Plain, key: str, value: str) -> None:
    section, name = key.split(".", 1)
    table = plain.get(section)
    if not isinstance(table, dict) or section == "latents":
        raise UnknownName("table of a recipe", section, [k for k, v in plain.items() if isinstance(v, dict)])
    if section in _OPEN:
        table[name] = _within(key, _number(key, value))
        return
    if key == "eyes.colour":
        iris = _colour("eyes", value)
        table["iris"], table["iris_inner"] = iris["iris"], iris["inner"]
        return
    if name not in table:
        raise UnknownName(f"key in [{section}]", name, list(table))
    old = table[name]
    if isinstance(old, bool):
        table[name] = value.lower() in ("true", "yes", "on", "1")
    elif isinstance(old, int):
        table[name] = int(_number(key, value))
    elif isinstance(old, float):
        table[name] = _within(key, _number(key, value))
    elif isinstance(old, str):
        table[name] = value
    elif value.replace(",", " ").replace(".", "").replace(" ", "").isdigit():
        table[name] = [_number(key, part) for part in value.replace(",", " ").split()]
    else:
        table[name] = _colour("hair", value)


def _colour(table: str, name: str) -> Any:
    known = load_table("pigment.toml")[table]
    if name not in known:
        raise UnknownName(f"colour of {table}", name, list(known))
    return known[name]


def _number(key: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        raise BadInput(f"{key} takes a number, and '{value}' is none.") from None
    if not abs(number) < 1e6:
        raise BadInput(f"{key} takes a number, and {value} is none that can be built.")
    return number


def _within(key: str, value: float) -> float:
    low, high = ageing().limits.get(key, (-1e6, 1e6))
    if key.startswith(("shape.", "targets.")):
        low, high = -1.25, 1.25
    if not low <= value <= high:
        raise BadInput(f"{key} goes from {low:g} to {high:g}, and {value:g} is outside.")
    return value
