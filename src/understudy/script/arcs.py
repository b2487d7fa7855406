"""A feeling over a scene: '(growing angrier)', '[[panic rising]]', '(from grief to anger)', '(calming down)'.

An arc begins at a line and goes on over the following ones, of the character in whose dialogue it stands, or of
everybody when it is a note of its own. It ends where the scene ends, where another arc begins, or where a line names a
feeling of its own. Between, each line feels a step more of where the arc goes: an actor who is to grow angrier over
four lines is angry by a quarter, a half, three quarters, and all the way.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from understudy.hub.script import Direction, Line, LineKind
from understudy.script.direction import direct

_SLOWLY: Final = r"(?:(?:slowly|gradually|steadily|bit by bit|little by little)\s+)?"
_GROWS: Final = re.compile(
    rf"^{_SLOWLY}(?:growing|grows|getting|gets|becoming|becomes|turning|increasingly|ever more|more and more|"
    r"building to|rising to|working up to)\s+(?:more (?:and more )?)?(.+)$"
)
_RISES: Final = re.compile(rf"^{_SLOWLY}(.+?)\s+{_SLOWLY}(?:rising|building|mounting|growing|swelling|welling up)$")
_FADES: Final = re.compile(rf"^{_SLOWLY}(.+?)\s+{_SLOWLY}(?:fading|ebbing|draining|subsiding|dying away|leaving \w+)$")
_CALMS: Final = re.compile(
    rf"^{_SLOWLY}(?:calming down|calms down|cooling off|winding down|settling down|recovering|composing \w+ again)$"
)
_TURNS: Final = re.compile(r"^from (.+?) to (.+)$")
LEFT: Final = 0.12
"""What is left of a feeling that has faded."""
_GROWN: Final = 1.15
"""A feeling that grows over lines ends stronger than one that is named."""
_SMOOTH: Final = ("energy", "loudness_db", "pitch_st", "sarcasm", "confidence", "flush", "tears")


@dataclass(frozen=True)
class Arc:
    """Where feelings go. goal: at the end. start: at the beginning, None = as they are. fades: they go away instead."""

    goal: Direction = Direction()
    start: Direction | None = None
    fades: bool = False


@dataclass(frozen=True)
class Placed:
    """An arc and where it begins: the number of its first line; character: whose, '' = everybody's."""

    arc: Arc
    first: int
    character: str = ""


@lru_cache(maxsize=512)
def arc_of(words: str) -> Arc | None:
    """Returns the arc that a direction describes, None when it describes none."""
    said = " ".join(words.lower().replace("-", " ").split()).rstrip(".")
    if _CALMS.match(said):
        return Arc(Direction(energy=-0.2), fades=True)
    if turned := _TURNS.match(said):
        start, goal = direct(turned[1]), direct(turned[2])
        return Arc(goal, start) if _felt(start) and _felt(goal) else None
    if faded := _FADES.match(said):
        return Arc(Direction(), fades=True) if _felt(direct(faded[1])) else None
    if grown := (_GROWS.match(said) or _RISES.match(said)):
        goal = direct(grown[1])
        return Arc(_stronger(goal)) if _felt(goal) else None
    return None


def along(lines: Sequence[Line], placed: Sequence[Placed]) -> tuple[Line, ...]:
    """Returns the lines of one scene with its arcs played into their directions."""
    out = list(lines)
    for index, mine in enumerate(placed):
        reach: list[int] = []
        before: dict[str, Direction] = {}
        later = [p.first for p in placed[index + 1 :] if p.character == mine.character or not p.character]
        for at, line in enumerate(out):
            if line.kind is not LineKind.DIALOGUE:
                continue
            if line.number < mine.first:
                before[line.character] = line.direction
            elif line.number >= min(later, default=line.number + 1):
                break
            elif not mine.character or line.character == mine.character:
                if _felt(line.direction) and (line.number > mine.first or not mine.arc.fades):
                    break
                reach.append(at)
        for step, at in enumerate(reach, 1):
            line = out[at]
            was = mine.arc.start or before.get(line.character, Direction())
            out[at] = replace(line, direction=_mixed(line.direction, was, mine.arc, step / len(reach)))
    return tuple(out)


def _mixed(own: Direction, was: Direction, arc: Arc, part: float) -> Direction:
    """Returns a line's direction at `part` of an arc; what it asks for by itself, such as a look, stays."""
    goal = arc.goal
    if arc.fades:
        goal = replace(goal, emotions={name: LEFT * weight for name, weight in was.emotions.items()})
    names = sorted({*was.emotions, *goal.emotions})
    mixed = {n: round((1 - part) * was.emotions.get(n, 0.0) + part * goal.emotions.get(n, 0.0), 3) for n in names}
    values = {
        name: round(getattr(own, name) + (1 - part) * getattr(was, name) + part * getattr(goal, name), 3)
        for name in _SMOOTH
    }
    values["energy"] = max(-1.0, min(1.0, values["energy"]))
    pace = own.pace * (was.pace ** (1 - part)) * goal.pace**part
    return replace(own, emotions={n: w for n, w in mixed.items() if w >= 0.01}, pace=round(pace, 3), **values)


def _stronger(goal: Direction) -> Direction:
    return replace(goal, emotions={n: round(min(1.0, _GROWN * w), 3) for n, w in goal.emotions.items()}, events=())


def _felt(said: Direction) -> bool:
    return bool(said.emotions or said.confidence or said.sarcasm)
