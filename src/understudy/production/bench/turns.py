"""What the laws are measured on: minutes of turns by the actor's own voice, and minutes of silence."""

from dataclasses import replace
from functools import lru_cache

from understudy.hub.actor import Actor
from understudy.hub.script import Direction, Line
from understudy.hub.speech import Speech
from understudy.hub.voice import Voice

SENTENCES = (
    "The birch canoe slid on the smooth planks.",
    "Glue the sheet to the dark blue background.",
    "The box was thrown beside the parked truck.",
    "The boy was there when the sun rose.",
    "A rod is used to catch pink salmon.",
    "Help the woman get back to her feet.",
    "A pot of tea helps to pass the evening.",
    "Smoky fires lack flame and heat.",
    "The soft cushion broke the man's fall.",
    "The small pup gnawed a hole in the sock.",
    "Press the pants and sew a button on the vest.",
    "The swan dive was far short of perfect.",
)
"""From the Harvard sentences (IEEE 1969): all the phones of English about as often as they are spoken."""


def spoken(text: str, actor: str = "emi", engine: str = "", direction: Direction | None = None) -> Speech:
    """Returns a sentence by the actor's voice, or by the engine named, with the times that its engine knows."""
    if direction is None:
        return _plain(text, actor, engine)
    return _said(text, actor, engine, direction)


@lru_cache(maxsize=256)
def _plain(text: str, actor: str, engine: str) -> Speech:
    return _said(text, actor, engine, Direction())


def _said(text: str, actor: str, engine: str, direction: Direction) -> Speech:
    from understudy import voice

    record = Actor.open(actor).record
    own = Voice((engine,)) if engine else record.voice
    line = Line(text, record.name.upper(), direction=direction)
    return Speech.join(voice.speak(line, own, engine=engine, seed=1))


def talk(minutes: float, actor: str = "emi", direction: Direction | None = None) -> list[Speech]:
    """Returns turns of two or three sentences, until `minutes` are full."""
    out: list[Speech] = []
    total, number = 0.0, 0
    while total < 60 * minutes:
        number += 1
        texts = [SENTENCES[(number + 5 * k) % len(SENTENCES)] for k in range(2 + number % 2)]
        line = Line(" ".join(texts), actor.upper(), direction=direction or Direction(), number=number)
        parts = [replace(spoken(text, actor, "", direction), line=line) for text in texts]
        out.append(Speech.join(parts))
        total += out[-1].duration_s
    return out


def quiet(minutes: float, rate_hz: int = 16_000) -> list[Speech]:
    """Returns silence in pieces of five seconds."""
    return [Speech.silence(5.0, rate_hz) for _ in range(max(1, round(12 * minutes)))]
