from collections.abc import Callable, Iterator

import numpy as np
import pytest

from understudy import rights
from understudy.base.audio import Audio
from understudy.hub.actor import Actor
from understudy.hub.rights import Grant, Purpose
from understudy.hub.script import Line
from understudy.live.hearing import RATE_HZ, Pcm
from understudy.live.stream import ActorStream
from understudy.voice import speak


class HandClock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


@pytest.fixture(scope="session")
def emi() -> Actor:
    return Actor.open("emi")


@pytest.fixture(scope="session")
def leave(emi: Actor) -> Grant:
    return rights.authorise(emi, purpose=Purpose.LIVE_CONVERSATION, project="a talk", script_digest="")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def stream(emi: Actor, leave: Grant, clock: Callable[[], float]) -> Iterator[ActorStream]:
    made = ActorStream(emi, leave, seed=3, now=clock)
    yield made
    made.close()


@pytest.fixture(scope="session")
def question() -> Pcm:
    """A user's question as a microphone gives it."""
    said = speak(Line("What is the weather in Paris?"), Actor.open("jonah").record.voice, engine="pico")
    sound = Audio(np.concatenate([s.audio.samples for s in said]), 24_000).at_rate(RATE_HZ)
    return np.rint(sound.samples * 32767).astype(np.int16)
