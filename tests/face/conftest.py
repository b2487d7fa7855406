"""Ten minutes of talking and ten of listening, made once."""

from dataclasses import dataclass

import numpy as np
import pytest

from understudy.base.channels import FACE, GAZE, HEAD
from understudy.face import animate
from understudy.hub.actor import Persona
from understudy.hub.performance import Event, Performance
from understudy.hub.script import Direction
from understudy.hub.speech import Speech
from understudy.testing.speech import SENTENCES, spoken


@dataclass(frozen=True)
class Session:
    """A long take and its curves at 60 Hz."""

    face: np.ndarray
    head: np.ndarray
    gaze: np.ndarray
    events: tuple[Event, ...]
    duration_s: float

    def events_of(self, kind: str) -> list[Event]:
        return [e for e in self.events if e.kind == kind]


def session(
    speeches: list[Speech],
    *,
    seed: int = 5,
    partner: float = 0.0,
    listening: bool = False,
    persona: Persona | None = None,
) -> Session:
    beats = animate(speeches, persona=persona or Persona(), seed=seed, partner=partner, listening=listening)
    take = Performance.from_beats("fake", beats)
    face, head, gaze = (take.tracks[name].values.astype(float) for name in (FACE, HEAD, GAZE))
    return Session(face, head, gaze, take.events, take.duration_s)


def talk(minutes: float, direction: Direction | None = None) -> list[Speech]:
    """Turns of two or three sentences with pauses inside, minutes long."""
    texts = list(SENTENCES.values())
    speeches: list[Speech] = []
    total, number = 0.0, 0
    while total < minutes * 60:
        number += 1
        turn = [texts[(number + k) % len(texts)] for k in range(2 + number % 2)]
        phones = " | SIL:0.35 | ".join(turn)
        speeches.append(spoken(phones, number=number, direction=direction, accents=(1, 5, 11)))
        total += speeches[-1].duration_s
    return speeches


@pytest.fixture(scope="session")
def talking() -> Session:
    return session(talk(10), partner=0.7)


@pytest.fixture(scope="session")
def listening() -> Session:
    return session([Speech.silence(5.0, 8_000) for _ in range(120)], partner=0.7, listening=True)
