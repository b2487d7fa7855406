"""Which voice speaks live, and how an actor's lines become speech in this process."""

from collections.abc import Callable, Iterator, Mapping

from understudy.hub.actor import Actor
from understudy.hub.script import Line
from understudy.hub.speech import Speech
from understudy.live.audition import as_cast, audition
from understudy.live.throat import FIRST_WORDS


def speaker(
    actor: Actor, *, engine: str = "", language: str = "en-US", lexicon: Mapping[str, str] | None = None
) -> Callable[[Line, int], Iterator[Speech]]:
    """Returns what makes speech of an actor's lines, in this process; `Voices` does it in others, for a server.

    engine: 'name' or 'name/voice', else the best sounding one that is in time here (`live.audition`).
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
    """Returns the engine that speaks live: the one that is asked for, else the best sounding one that is in time, as
    it was cast. Raises Unavailable when none keeps up."""
    return engine or as_cast(audition(actor, language).heard.engine, actor, language)
