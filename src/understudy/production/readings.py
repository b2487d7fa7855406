"""Different readings of a script: other seeds and other directions, chosen so that they are apart.

Readings vary what a director would: how big it is played, how fast, where the stress lies, what lies beneath. More are
played than are kept; the first is as written, and each next one is the one farthest from all that are kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from understudy.base.errors import BadInput
from understudy.hub.performance import Performance
from understudy.hub.script import Direction, Line, LineKind, Script
from understudy.production.act import ActOptions, act
from understudy.script.redirection import MUCH, PLAIN, more, sized

AS_EVER = ActOptions()
MOST = 12
SPARE = 3
"""How many more readings are played than are kept."""


@dataclass(frozen=True, eq=False)
class Reading:
    """takes: character -> take. nearest: distance to the nearest other reading, in steps."""

    words: str
    takes: Mapping[str, Performance]
    nearest: float = float("nan")


@dataclass(frozen=True, eq=False)
class Readings:
    """readings: in the order they were chosen. distances: (n, n) steps. seed_distance: two seeds of one reading."""

    readings: tuple[Reading, ...]
    distances: "np.ndarray[tuple[int, int], np.dtype[np.float64]]"
    seed_distance: float


@dataclass(frozen=True)
class _Plan:
    words: str
    change: Callable[[Direction], Direction]
    stress: int | None = None


def readings(
    script: Script | Path | str,
    count: int,
    *,
    actors: Mapping[str, str] | str = "",
    options: ActOptions = AS_EVER,
) -> Readings:
    """Returns `count` readings of a script that are apart from each other. Raises BadInput."""
    if not 2 <= count <= MOST:
        raise BadInput(f"{count} readings cannot be made; ask for 2 to {MOST}.")
    text = script if isinstance(script, Script) else Script.open(script)
    plans = _plans()[: count + SPARE]
    played: list[Reading] = []
    for number, plan in enumerate(plans):
        own = replace(options, seed=options.seed + number)
        takes = act(_varied(text, plan), actors=actors, options=own)
        noted = {c: replace(t, made_with={**t.made_with, "reading": plan.words}) for c, t in takes.items()}
        played.append(Reading(plan.words, noted))
    other = Reading("", act(text, actors=actors, options=replace(options, seed=options.seed + len(plans))))
    apart = np.array([[_apart(a, b) if i < j else 0.0 for j, b in enumerate(played)] for i, a in enumerate(played)])
    apart = apart + apart.T
    chosen = _farthest(apart, count)
    table = apart[np.ix_(chosen, chosen)]
    nearest = [float(np.delete(row, i).min()) for i, row in enumerate(table)]
    kept = tuple(replace(played[k], nearest=near) for k, near in zip(chosen, nearest, strict=True))
    return Readings(kept, table, _apart(played[0], other))


def save(made: Readings, folder: Path) -> list[tuple[Path, Reading]]:
    """Writes the readings into a folder, numbered and named by their words, and returns what is where."""
    folder.mkdir(parents=True, exist_ok=True)
    out = []
    for number, reading in enumerate(made.readings, 1):
        for character, take in reading.takes.items():
            who = f"-{_safe(character)}" if len(reading.takes) > 1 else ""
            path = folder / f"{number:02d}{who}-{_safe(reading.words)}.take"
            take.save(path)
            out.append((path, reading))
    return out


def _plans() -> list[_Plan]:
    from understudy.script.direction import direct

    def beneath(words: str, k: float = PLAIN) -> Callable[[Direction], Direction]:
        sense = direct(words)
        return lambda d: more(replace(d, gaze=sense.gaze or d.gaze), sense, k)

    def pace(factor: float) -> Callable[[Direction], Direction]:
        return lambda d: replace(d, pace=round(min(max(d.pace * factor, 0.6), 1.6), 3))

    def both(*changes: Callable[[Direction], Direction]) -> Callable[[Direction], Direction]:
        def change(d: Direction) -> Direction:
            for one in changes:
                d = one(d)
            return d

        return change

    return [
        _Plan("as written", lambda d: d),
        _Plan("smaller and slower, held back", both(lambda d: sized(d, 0.5), pace(0.84))),
        _Plan("bigger and faster", both(lambda d: sized(d, 1.6), pace(1.16))),
        _Plan("with tenderness beneath, stress early", beneath("tender", MUCH), 0),
        _Plan("with contempt beneath, level", both(beneath("contemptuous", MUCH), lambda d: replace(d, pitch_st=-1.0))),
        _Plan("with fear beneath, hesitant", beneath("afraid, hesitant", MUCH)),
        _Plan("amused by it, quick", both(beneath("amused, wry", MUCH), pace(1.1)), 1),
        _Plan("sad beneath, hardly voiced", both(beneath("sad", MUCH), beneath("quiet", MUCH))),
        _Plan("angry beneath, through the teeth", beneath("seething", MUCH), 2),
        _Plan("confident, stress late", beneath("confident", MUCH), -2),
        _Plan("astonished by the words", both(beneath("surprised", MUCH), pace(0.94)), 1),
        _Plan("nearly whispered, close", beneath("half whisper", MUCH)),
        _Plan("weary of it", beneath("weary", MUCH), 0),
        _Plan("with disgust beneath", beneath("disgusted", MUCH)),
        _Plan("bright, over it", both(beneath("cheerful", MUCH), pace(1.06)), -2),
    ]


def _varied(script: Script, plan: _Plan) -> Script:
    def line_of(line: Line) -> Line:
        if line.kind is not LineKind.DIALOGUE:
            return line
        stress = line.emphasis if plan.stress is None else _stressed(line, plan.stress)
        return replace(line, direction=plan.change(line.direction), emphasis=stress)

    scenes = tuple(replace(s, lines=tuple(map(line_of, s.lines))) for s in script.scenes)
    return replace(script, scenes=scenes)


def _stressed(line: Line, which: int) -> tuple[int, ...]:
    """Returns the index of the stressed word of each sentence's long words, by turns; the written stress when few."""
    words = line.text.split()
    heavy = [i for i, word in enumerate(words) if sum(c.isalpha() for c in word) > 3]
    if not heavy:
        return line.emphasis
    return (heavy[which % len(heavy)],)


def _apart(a: Reading, b: Reading) -> float:
    from understudy import judge

    return float(np.mean([judge.distance(a.takes[c], b.takes[c])["whole"].value for c in a.takes]))


def _farthest(apart: "np.ndarray[tuple[int, int], np.dtype[np.float64]]", count: int) -> list[int]:
    """Returns indices, the first first, each next the one farthest from the nearest kept (Gonzalez 1985)."""
    chosen = [0]
    while len(chosen) < count:
        near = apart[:, chosen].min(axis=1)
        near[chosen] = -1
        chosen.append(int(near.argmax()))
    return chosen


def _safe(words: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in words.lower()).split()[:5])
