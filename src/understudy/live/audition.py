"""Who speaks a live talk when nobody is named: the best sounding voice whose first words come soon enough here.

Each engine is heard once on a machine, in a process like those that speak in the talk (`live.throat`), and what was
measured is kept in the cache folder.
"""

import os
import platform
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from understudy.base.errors import Unavailable, UnderstudyError
from understudy.base.folders import cache
from understudy.hub.actor import Actor
from understudy.hub.script import Line
from understudy.live.throat import FIRST_WORDS, Ask, Part, Throat

SOON_S: Final = 0.1
"""The first piece of a line is to be made within this. Motion, the page and the way there take half as long again, so
that the first sound is heard in less than 0.2 s."""
FAST_ENOUGH: Final = 0.45
"""Seconds of work a second of sound: more leaves no room for the face, the page and a second talk."""
PROBES: Final = (
    "Yes.", "Well, there you are.", "I think so, too.", "It is good to see you again, and I mean it.",
    "Who told you that?",
)  # fmt: skip


@dataclass(frozen=True)
class Heard:
    """How an engine did. first_s: until the first piece of a line was made, median of PROBES. work: seconds of work a
    second of sound."""

    engine: str
    first_s: float
    work: float

    @property
    def in_time(self) -> bool:
        """Tells whether it may speak without being asked for."""
        return self.first_s <= SOON_S and self.keeps_up

    @property
    def keeps_up(self) -> bool:
        """Tells whether it makes sound faster than it is heard, with room for the rest."""
        return self.work <= FAST_ENOUGH


@dataclass(frozen=True)
class Pick:
    """Who speaks. better: those that sound better and were passed over, best first."""

    heard: Heard
    better: tuple[Heard, ...] = ()

    @property
    def words(self) -> str:
        """Returns who speaks, why, and how to have a better one, in one sentence without its subject."""
        said = f"speaks with {self.heard.engine} (first words made in {1000 * self.heard.first_s:.0f} ms here)"
        if not self.better:
            return said + "."
        best = self.better[0]
        why = f"takes {1000 * best.first_s:.0f} ms" if best.first_s > SOON_S else "does not keep up with a talk"
        return f"{said}; {best.engine} sounds better and {why}: --voice {best.engine}."


def audition(actor: Actor, language: str) -> Pick:
    """Hears the local engines of this machine, best sounding first, until one is in time. Raises Unavailable when
    none keeps up."""
    from understudy import voice

    names = [
        found.card.name
        for found in voice.survey()
        if found.works and not found.card.remote and (not found.card.languages or language in found.card.languages)
    ]
    return pick(_each(names, actor, language), f"No voice on this machine speaks {language} fast enough to talk "
                f"({', '.join(names) or 'none is installed'}); name one with --voice.")  # fmt: skip


def pick(heard: Iterable[Heard], otherwise: str = "No voice keeps up.") -> Pick:
    """Returns the first that is in time; when none is, the one of those that keep up whose first words come soonest.

    heard: best sounding first; read only as far as needed. Raises Unavailable(otherwise) when none keeps up.
    """
    passed: list[Heard] = []
    for one in heard:
        if one.in_time:
            return Pick(one, tuple(passed))
        passed.append(one)
    able = [one for one in passed if one.keeps_up]
    if not able:
        raise Unavailable(otherwise)
    soonest = min(able, key=lambda one: one.first_s)
    return Pick(soonest, tuple(passed[: passed.index(soonest)]))


def as_cast(engine: str, actor: Actor, language: str) -> str:
    """Returns the engine with the base voice that the actor was cast with for a language, where there is one."""
    from understudy import voice

    for own in actor.record.voice.engines:
        if own.partition("/")[0] == engine:
            try:
                voice.choose(actor.record.voice, language, own)
            except UnderstudyError:
                continue
            return own
    return engine


def hear(engine: str, actor: Actor, language: str) -> Heard:
    """Returns how an engine does here; heard once on a machine, then read from the cache folder. Raises what a voice
    raises that does not begin or does not speak."""
    notes = cache() / "auditions.json"
    known, key = _read(notes), f"{engine} {language} {_machine()}"
    if key not in known:
        known[key] = _heard(engine, actor, language)
        notes.parent.mkdir(parents=True, exist_ok=True)
        notes.write_bytes(msgspec.json.format(msgspec.json.encode(known), indent=1))
    return known[key]


def _each(names: Iterable[str], actor: Actor, language: str) -> Iterator[Heard]:
    for name in names:
        try:
            yield hear(name, actor, language)
        except UnderstudyError:  # it cannot speak here, and is passed over
            continue


def _heard(engine: str, actor: Actor, language: str) -> Heard:
    throat = Throat(Part(actor.record.voice, as_cast(engine, actor, language), language, None, FIRST_WORDS))
    firsts, work_s, sound_s = [], 0.0, 0.0
    try:
        for seed, text in enumerate(PROBES):
            began = time.perf_counter()
            for first in range(len(text)):
                piece = throat.piece(Ask(Line(text), seed, first))
                gone = time.perf_counter() - began
                if piece is None:
                    break
                sound_s += piece.duration_s
                if first == 0:
                    firsts.append(gone)
            work_s += gone
    except EOFError as error:
        raise Unavailable(f"The process of the voice {engine} ended while it was heard.") from error
    finally:
        throat.close()
    return Heard(engine, round(float(np.median(firsts)), 4), round(work_s / sound_s, 3))


def _read(notes: Path) -> dict[str, Heard]:
    try:
        return msgspec.json.decode(notes.read_bytes(), type=dict[str, Heard])
    except (OSError, msgspec.MsgspecError):  # nothing yet, or of another kind
        return {}


def _machine() -> str:
    """Returns what tells machines of different speed apart, as far as it is known without measuring."""
    try:
        rows = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        model = next((row.partition(":")[2].strip() for row in rows if row.startswith("model name")), "")
    except OSError:
        model = ""
    return f"{platform.machine()} {model or platform.processor()} {os.cpu_count()} cores"
