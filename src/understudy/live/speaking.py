"""Which voice speaks live: the best sounding one that this machine can speak faster than it is heard."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from understudy.base.errors import Unavailable, UnderstudyError
from understudy.base.folders import cache
from understudy.hub.actor import Actor
from understudy.hub.script import Line
from understudy.hub.speech import Speech

FAST_ENOUGH: Final = 0.45
"""Seconds of work a second of sound: more leaves no room for the face, the page and a second talk."""
FIRST_WORDS: Final = 2
"""A line's first clause is cut after about so many words, so that its sound is there within a tenth of a second."""
PROBE: Final = "Well, there you are. It is good to see you again."


def speaker(
    actor: Actor, *, engine: str = "", language: str = "en-US", lexicon: Mapping[str, str] | None = None
) -> Callable[[Line, int], Iterator[Speech]]:
    """Returns what makes speech of an actor's lines, in this process; `Voices` does it in others, for a server.

    engine: 'name' or 'name/voice', else the best that keeps up.
    """
    from understudy import voice

    label = chosen(actor, engine, language)

    def speak(line: Line, seed: int) -> Iterator[Speech]:
        return voice.speak(
            line,
            actor.record.voice,
            language=language,
            lexicon=lexicon,
            seed=seed,
            engine=label,
            first_words=FIRST_WORDS,
            brisk=True,
        )

    for _ in speak(Line("Yes."), 0):  # loads what the first word would wait for
        pass
    return speak


def chosen(actor: Actor, engine: str, language: str) -> str:
    """Returns the engine that speaks live: the one that is asked for, else the best that keeps up, as it was cast."""
    return engine or _as_cast(quickest(actor, language), actor)


def quickest(actor: Actor, language: str) -> str:
    """Returns the best sounding local engine that keeps up here, measured once on this machine."""
    from understudy import voice

    tried = []
    for found in voice.survey():
        name = found.card.name
        if found.card.remote or not found.works or (found.card.languages and language not in found.card.languages):
            continue
        tried.append(name)
        try:
            if factor(name, actor, language) <= FAST_ENOUGH:
                return name
        except UnderstudyError:
            continue
    raise Unavailable(
        f"No voice on this machine speaks {language} fast enough to talk ({', '.join(tried) or 'none is installed'}); "
        "name one with --voice."
    )


@lru_cache(maxsize=16)
def factor(engine: str, actor: Actor, language: str) -> float:
    """Returns seconds of work a second of sound of an engine on this machine; kept in the cache folder."""
    from understudy import voice

    notes = cache() / "voices.json"
    known = _read(notes)
    key = f"{engine} {language} {_machine()}"
    if key not in known:
        for _ in voice.speak(Line("Yes."), actor.record.voice, language=language, engine=engine):
            pass
        started = time.perf_counter()
        spoken = voice.speak(Line(PROBE), actor.record.voice, language=language, engine=engine)
        seconds = sum(piece.duration_s for piece in spoken)
        known[key] = round((time.perf_counter() - started) / seconds, 3)
        notes.parent.mkdir(parents=True, exist_ok=True)
        notes.write_text(json.dumps(known, indent=1), "utf-8")
    return known[key]


def _as_cast(engine: str, actor: Actor) -> str:
    """Returns the engine with the base voice that the actor was cast with, where there is one."""
    return next((own for own in actor.record.voice.engines if own.partition("/")[0] == engine), engine)


def _read(notes: Path) -> dict[str, float]:
    try:
        return {str(k): float(v) for k, v in json.loads(notes.read_text("utf-8")).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _machine() -> str:
    import os
    import platform

    return f"{platform.machine()} {platform.processor()} {os.cpu_count()} cores"
