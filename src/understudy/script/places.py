"""From a scene heading to the name of a set."""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from understudy.hub.place import places

_INSIDE = re.compile(r"^\s*INT\b(?!\.?\s*/\s*EXT)", re.IGNORECASE)


def sets() -> tuple[str, ...]:
    """Returns the names of the sets a heading or a note can ask for: those that ship with Understudy."""
    return places()


def place_of(heading: str) -> str:
    """Returns the set of 'INT. LIVING ROOM - DUSK' ('dusk'), '' when the heading names none (see places.toml)."""
    words = " " + re.sub(r"[^\w']+", " ", heading.lower()) + " "
    inside = bool(_INSIDE.match(heading))

    def said(listed: list[str]) -> bool:
        return any(f" {word} " in words for word in listed)

    for rule in _rules():
        if (rule.get("outside", False) and inside) or (rule.get("inside", False) and not inside):
            continue
        if said(rule.get("unless", [])) or ("also" in rule and not said(rule["also"])):
            continue
        if said(rule["words"]):
            return str(rule["set"])
    return ""


@cache
def _rules() -> tuple[dict[str, Any], ...]:
    text = resources.files("understudy.script").joinpath("places.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["rule"])
