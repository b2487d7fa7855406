"""Which engine speaks: what is installed, what works, what an actor's voice asks for."""

from dataclasses import dataclass, replace

from understudy.base import plugins
from understudy.base.errors import BadInput, Unavailable
from understudy.hub.card import Card
from understudy.hub.voice import MIXING, Voice
from understudy.voice.engine import Engine, Mixing

STAGE = "voice"
BY_SOUND = ("kokoro", "rhvoice", "pico", "flite")
"""Engines by how they sound, best first: word errors of a weak recogniser on 20 sentences are 15, 19 and 41 % for the
women of the first three (`benchmarks/voice_words.py`)."""


@dataclass(frozen=True)
class Installed:
    """One engine on this machine. words: one line for people: what it is, or what is missing and what to do."""

    card: Card
    works: bool
    words: str


@dataclass(frozen=True, eq=False)
class Chosen:
    """An engine that works, and which of its voices. language: of that base voice. bend: pitch_st and tract that the
    base needs instead of the design's, or ()."""

    name: str
    engine: Engine
    base: str
    language: str
    bend: tuple[float, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.name}/{self.base}"

    def designed(self, voice: Voice) -> Voice:
        """Returns the design of a voice with the numbers that this base needs."""
        return replace(voice, pitch_st=self.bend[0], tract=self.bend[1]) if self.bend else voice


SHOWN = 12
"""Voices that the survey names; a folder may hold hundreds."""


def survey() -> tuple[Installed, ...]:
    """Returns every installed engine, best sounding first, with what it offers or what it lacks."""
    order = sorted(plugins.names(STAGE), key=lambda n: (BY_SOUND.index(n) if n in BY_SOUND else len(BY_SOUND), n))
    found: list[Installed] = []
    best_works = False
    for name in order:
        engine: Engine = plugins.load(STAGE, name)()
        why = engine.missing()
        bases = list(engine.bases())
        voices = ", ".join(bases[:SHOWN]) + (f" and {len(bases) - SHOWN} more" if len(bases) > SHOWN else "")
        words = f"{engine.card.summary} ({voices})"
        if why:
            words = f"{engine.card.summary}. {why}"
            if not best_works and name in BY_SOUND:
                words = f"Would sound better: {words}"
        best_works = best_works or not (why or engine.card.remote)
        found.append(Installed(engine.card, not why, words))
    return tuple(found)


def choose(voice: Voice, language: str, engine: str = "") -> Chosen:
    """Returns the engine that speaks for a voice: the first of `voice.engines` that works here and knows the language,
    then any that works and knows it, of those that keep what is said on this machine. engine: 'name' or 'name/voice' to
    insist on one.

    Raises UnknownName for an engine that is not installed by name, Unavailable when nothing works, saying what to do.
    """
    reasons: list[str] = []
    if MIXING in engine and engine not in {own.partition("@")[0] for own in voice.engines}:
        raise BadInput(
            f"'{engine}' is a mixture, which only an actor's own voice may have; name a voice of the engine."
        )
    if engine:
        chosen = _try(engine, language, reasons)
        if chosen is None:
            raise Unavailable(f"The voice {engine} cannot speak {language}: {' '.join(reasons)}")
        return chosen
    known = set(plugins.names(STAGE))
    for wanted in voice.engines:
        if wanted.partition("/")[0] not in known:
            reasons.append(f"No engine called '{wanted.partition('/')[0]}' is installed.")
            continue
        chosen = _try(wanted, language, reasons)
        if chosen is not None:
            return chosen
    for name in sorted(known, key=lambda n: (BY_SOUND.index(n) if n in BY_SOUND else len(BY_SOUND), n)):
        if plugins.load(STAGE, name).card.remote:
            continue
        chosen = _try(name, language, reasons)
        if chosen is not None:
            return chosen
    unique = " ".join(dict.fromkeys(reasons)) or "No voice engine is installed; run: pip install ttspico"
    raise Unavailable(f"No voice on this machine speaks {language}. {unique}")


def _try(wanted: str, language: str, reasons: list[str]) -> Chosen | None:
    wanted, _, numbers = wanted.partition("@")
    name, _, base = wanted.partition("/")
    bend = _bend(numbers, wanted)
    engine: Engine = plugins.load(STAGE, name)()
    why = engine.missing()
    if why:
        reasons.append(why.rstrip(".") + ".")
        return None
    bases = engine.bases()
    if MIXING in base and (spoken := _mixed(engine, base)):
        if spoken[:2] == language[:2]:
            return Chosen(name, engine, base, spoken, bend)
        reasons.append(f"{wanted} does not speak {language}.")
        return None
    if base and base not in bases:
        reasons.append(f"{name} has no voice '{base}'; it has {', '.join(bases)}.")
        return None
    exact = [b for b, spoken in bases.items() if (not base or b == base) and spoken == language]
    near = [b for b, spoken in bases.items() if (not base or b == base) and spoken[:2] == language[:2]]
    for found in (*exact, *near):
        return Chosen(name, engine, found, bases[found], bend)
    reasons.append(f"{wanted} does not speak {language}.")
    return None


def _mixed(engine: Engine, base: str) -> str:
    """Returns the language of a mixture of an engine's voices, '' when it cannot mix them."""
    return engine.mixed(base) if isinstance(engine, Mixing) else ""


def _bend(numbers: str, wanted: str) -> tuple[float, ...]:
    try:
        found = tuple(float(number) for number in numbers.split(",")) if numbers else ()
    except ValueError:
        found = (0.0,)
    if len(found) not in (0, 2):
        raise BadInput(
            f"'{wanted}@{numbers}' is no voice; after @ write pitch_st and tract, as in pico/en-US@-6.5,1.15."
        )
    return found
