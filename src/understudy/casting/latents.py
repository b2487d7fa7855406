"""The named directions in which a person can be changed, and what a recipe is once they are worked in."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from understudy.base.errors import BadInput, UnknownName

Shares = Mapping[str, float]


@dataclass(frozen=True)
class Latent:
    """One direction. words: a sentence. lowest, highest: what may be set. sd, female: of the population (prior.py).

    moves, down_moves: landmark distances in millimetres at +1 and -1. up, down: local changes at +1 and -1.
    keys: other recipe keys, dotted, at +1. through: local changes the shares are solved over.
    """

    name: str
    words: str
    lowest: float = -1.0
    highest: float = 1.0
    sd: float = 0.35
    female: float = 0.0
    moves: Shares = field(default_factory=dict)
    down_moves: Shares = field(default_factory=dict)
    up: Shares = field(default_factory=dict)
    down: Shares = field(default_factory=dict)
    keys: Shares = field(default_factory=dict)
    through: tuple[str, ...] = ()

    def shape(self, value: float) -> dict[str, float]:
        """Returns the local changes of a value."""
        shares = self.up if value >= 0 else self.down
        return {change: abs(value) * share for change, share in shares.items()}

    def clamp(self, value: float) -> float:
        return min(max(value, self.lowest), self.highest)


@cache
def latents() -> Mapping[str, Latent]:
    """Loads the latents that ship with Understudy, in the order in which they are listed."""
    folder = resources.files("understudy.casting")
    raw = tomllib.loads(folder.joinpath("latents.toml").read_text("utf-8"))
    weights_file = folder.joinpath("latent_weights.toml")
    weights = tomllib.loads(weights_file.read_text("utf-8")) if weights_file.is_file() else {}
    known = {}
    for name, entry in raw.items():
        lowest, highest = entry.get("range", (-1.0, 1.0))
        moves = entry.get("moves", {})
        fixed = entry.get("fixed", {})
        solved = weights.get(name, {})
        known[name] = Latent(
            name=name,
            words=entry["words"],
            lowest=float(lowest),
            highest=float(highest),
            sd=float(entry.get("sd", 0.35)),
            female=float(entry.get("female", 0.0)),
            moves=moves,
            down_moves=entry.get("down_moves", {k: -v for k, v in moves.items()}),
            up={**solved.get("up", {}), **fixed},
            down={**solved.get("down", {}), **entry.get("down_fixed", {k: -v for k, v in fixed.items()})},
            keys=entry.get("keys", {}),
            through=tuple(entry.get("through", ())),
        )
    return known


def check_latent(name: str, value: float) -> float:
    """Returns the value. Raises UnknownName, or BadInput when it is out of the latent's range."""
    if name not in latents():
        raise UnknownName("latent", name, list(latents()))
    latent = latents()[name]
    if not latent.lowest <= value <= latent.highest:
        raise BadInput(
            f"{name} goes from {latent.lowest:g} to {latent.highest:g}, and {value:g} is outside: "
            f"{latent.words[0].lower()}{latent.words[1:].rstrip('.')}."
        )
    return value
