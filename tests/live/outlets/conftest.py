from collections.abc import Callable

import numpy as np
import pytest

from understudy import rights
from understudy.base.channels import BODY_CHANNELS
from understudy.hub.actor import Actor
from understudy.hub.performance import Pose
from understudy.hub.rights import Grant
from understudy.live.outlets.outlet import Bill


@pytest.fixture(scope="session")
def bill(emi: Actor, leave: Grant) -> Bill:
    return Bill(emi, rights.go_live(emi, leave, title="tests"))


@pytest.fixture
def make_pose() -> Callable[..., Pose]:
    """Returns poses of random weights; head, gaze and body are at rest unless given."""

    def make(time_s: float = 0.0, **given: np.ndarray) -> Pose:
        rest = {"head": np.zeros(6), "gaze": np.zeros(4), "body": np.zeros(len(BODY_CHANNELS))}
        face = np.random.default_rng(7).random(52)
        parts = {"face": face} | rest | given
        return Pose(time_s, *(np.asarray(parts[n], np.float32) for n in ("face", "head", "gaze", "body")))

    return make
