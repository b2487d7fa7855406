from collections.abc import Callable

import numpy as np
import pytest

from understudy import rights
from understudy.base.channels import BODY_CHANNELS
from understudy.hub.actor import Actor
from understudy.hub.performance import Pose
from understudy.hub.rights import Grant, Purpose
from understudy.live.outlets.outlet import Bill
from understudy.rights import OnAir


@pytest.fixture(scope="session")
def emi() -> Actor:
    return Actor.open("emi")


@pytest.fixture(scope="session")
def leave(emi: Actor) -> Grant:
    return rights.authorise(emi, purpose=Purpose.LIVE_CONVERSATION, project="a talk", script_digest="")


@pytest.fixture(scope="session")
def on_air(emi: Actor, leave: Grant) -> OnAir:
    return rights.go_live(emi, leave, title="tests")


@pytest.fixture(scope="session")
def bill(emi: Actor, on_air: OnAir) -> Bill:
    return Bill(emi, on_air.marks)


@pytest.fixture
def make_pose() -> Callable[..., Pose]:
    """Returns poses of random weights; head, gaze and body are at rest unless given."""

    def make(time_s: float = 0.0, **given: np.ndarray) -> Pose:
        rest = {"head": np.zeros(6), "gaze": np.zeros(4), "body": np.zeros(len(BODY_CHANNELS))}
        face = np.random.default_rng(7).random(52)
        parts = {"face": face} | rest | given
        return Pose(time_s, *(np.asarray(parts[n], np.float32) for n in ("face", "head", "gaze", "body")))

    return make
