from collections.abc import Callable, Iterator

import pytest

from understudy import rights
from understudy.hub.actor import Actor
from understudy.hub.rights import Grant, Purpose
from understudy.hub.speech import Speech
from understudy.live.stream import ActorStream
from understudy.testing.speech import made_speech


@pytest.fixture(scope="session")
def emi() -> Actor:
    return Actor.open("emi")


@pytest.fixture(scope="session")
def leave(emi: Actor) -> Grant:
    return rights.authorise(emi, purpose=Purpose.LIVE_CONVERSATION, project="a talk", script_digest="")
