"""A recipe as text: what differs from the defaults, table by table, as a person would write it."""

import json
from typing import Any

import msgspec

from understudy.casting.recipe import Recipe

Plain = dict[str, Any]


def recipe_text(recipe: Recipe, *, head: str = "") -> str:
    """Returns the TOML of a recipe; parse_recipe reads the same recipe from it. head: comment lines on top."""
    plain: Plain = msgspec.to_builtins(recipe)
    default: Plain = msgspec.to_builtins(Recipe(name="", display_name=""))
    lines = [f"# {line}".rstrip() for line in head.splitlines()]
    tables = [key for key, value in plain.items() if isinstance(value, dict)]
    for key, value in plain.items():
        if key not in tables and value is not None and value != default.get(key):
            lines.append(f"{key} = {_value(value)}")
    for key in tables:
        changed = {
            name: value for name, value in plain[key].items() if value is not None and value != default[key].get(name)
        }
        if changed:
            lines += ["", f"[{key}]", *(f"{_key(name)} = {_value(value)}" for name, value in changed.items())]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(name)} = {_value(item)}" for name, item in value.items()) + " }"
    return "[" + ", ".join(_value(item) for item in value) + "]"


def _key(name: str) -> str:
    plain = name.replace("_", "").replace("-", "")
    return name if plain.isascii() and plain.isalnum() else json.dumps(name, ensure_ascii=False)
