"""What an engine that can act is told of a Direction, and what is then left for us to do."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from understudy.hub.script import Direction
from understudy.voice.clause import Clause
from understudy.voice.engine import Engine, Sounding

HEARD = 0.15
"""An emotion weaker than this is not named to a service."""


@dataclass(frozen=True, eq=False)
class Acted:
    """sounding: the clause. plays: names of the fields of the Direction that are already in its sound."""

    sounding: Sounding
    plays: frozenset[str] = frozenset()


class Actable(Protocol):
    """An engine that takes direction, beside `say`."""

    def act(self, clause: Clause, base: str, direction: Direction) -> Acted:
        """Speaks a clause as directed, as far as it can; same clause and direction, same samples."""
        ...


def perform(engine: Engine, clause: Clause, base: str, direction: Direction) -> Acted:
    """Returns a clause as the engine acts it, or as it says it when it takes no direction."""
    act = getattr(engine, "act", None)
    if act is None:
        return Acted(engine.say(clause, base))
    acted: Acted = act(clause, base, direction)
    return acted


def remaining(direction: Direction, plays: frozenset[str]) -> Direction:
    """Returns the direction without what the sound already plays."""
    rest = Direction()
    return replace(direction, **{name: getattr(rest, name) for name in plays})


def main_emotion(direction: Direction) -> tuple[str, float]:
    """Returns the strongest emotion and its weight, ('', 0) when none can be heard."""
    name, weight = max(direction.emotions.items(), key=lambda item: item[1], default=("", 0.0))
    return (name, min(1.0, weight)) if weight >= HEARD else ("", 0.0)


def in_words(direction: Direction, names: Mapping[str, str] = {}) -> str:
    """Returns a direction as an instruction in English, '' when there is nothing to play."""
    parts = []
    felt = sorted(((w, n) for n, w in direction.emotions.items() if w >= HEARD), reverse=True)
    for weight, name in felt[:3]:
        strength = "slight" if weight < 0.4 else "clear" if weight < 0.75 else "intense"
        parts.append(f"{strength} {names.get(name, name)}")
    if direction.whisper >= 0.4:
        parts.append("in a whisper")
    if direction.energy >= 0.4:
        parts.append("with high energy")
    if direction.energy <= -0.4:
        parts.append("subdued")
    if direction.sarcasm >= 0.4:
        parts.append("sarcastic")
    if direction.confidence <= -0.4:
        parts.append("unsure")
    if direction.confidence >= 0.4:
        parts.append("confident")
    words = ", ".join(parts)
    if not words:
        return ""
    return f"Play the line with {words}." + (f" The director says: {direction.words}." if direction.words else "")
