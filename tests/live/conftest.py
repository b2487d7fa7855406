from collections.abc import Callable, Iterator

import pytest

from understudy import rights
from understudy.hub.actor import Actor
from understudy.hub.rights import Grant, Purpose
from understudy.live.stream import ActorStream


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
