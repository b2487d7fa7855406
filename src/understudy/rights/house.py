"""The house cast: synthetic actors that ship with Understudy, pinned by digest so that none can be swapped.

Run `python -m understudy.rights.house` after any `house/*.actor` was made again.
"""

import hashlib
import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import msgspec

from understudy.base.errors import Unavailable
from understudy.hub.actor import Actor, house_actors

_FILE = "house.json"


@dataclass(frozen=True)
class Pin:
    """actor: the Actor.digest. licence: SHA-256 hex of the canonical JSON of its licence."""

    actor: str
    licence: str


def pinned() -> dict[str, Pin]:
    """Returns the pins of the house cast by name."""
    file = resources.files("understudy") / "house" / _FILE
    if not file.is_file():
        return {}
    return msgspec.convert(json.loads(file.read_bytes())["actors"], dict[str, Pin])


def pin_house(to: Path | None = None) -> dict[str, Pin]:
    """Writes `house.json` for the actors that ship and returns the pins. Raises Unavailable."""
    from understudy.rights.tokens import canonical

    pins = {}
    for name in house_actors():
        actor = Actor.open(name)
        terms = hashlib.sha256(canonical(msgspec.to_builtins(actor.licence))).hexdigest()
        pins[actor.name] = Pin(actor.digest, terms)
    path = to or Path(str(resources.files("understudy"))) / "house" / _FILE
    text = json.dumps({"schema": "House.1", "actors": msgspec.to_builtins(pins)}, indent=2, sort_keys=True)
    try:
        path.write_text(text + "\n")
    except OSError as error:
        raise Unavailable(f"{path} cannot be written ({error.strerror}); pin the house from a checkout.") from error
    return pins


if __name__ == "__main__":
    pin_house()
