"""Closures are judged on the weights and on the mesh; a mouth that never closes fails."""

import made_for_judging as made
import numpy as np
import pytest

from understudy.base.channels import SHAPE_INDEX
from understudy.base.errors import BadInput
from understudy.hub.actor import Actor, house_actors
from understudy.hub.body import Body
from understudy.hub.performance import Event, Performance
from understudy.judge import closures
from understudy.judge.lips import aperture

NAMES = ("AA", "B", "IY", "P", "OW", "M", "EH", "S") * 3
PHONES = tuple(Event("phone", name, 0.2 + i / 8, 0.2 + (i + 1) / 8) for i, name in enumerate(NAMES))


def spoken(closing: tuple[str, ...] = ("B", "P", "M"), open_by: float = 0.4) -> Performance:
    """A jaw that is open through the phones and shut in the middle of `closing` and outside."""
    opening = np.zeros(round(3.6 * 60))
    for phone in PHONES:
        first, last = round(phone.start_s * 60), round(phone.end_s * 60)
        opening[first:last] = 0 if phone.name in closing else open_by / 0.4
    return made.take(opening, PHONES)


def test_lips_that_close_on_every_bilabial_pass() -> None:
    scores = closures(spoken())
    assert scores["p_b_m_closed"].value == 100 and scores["false_closures"].value == 0 and scores.passed


def test_a_mouth_that_stays_open_fails() -> None:
    take = spoken()
    take.tracks["face"].values[:, SHAPE_INDEX["jawOpen"]] = 0.3
    assert closures(take)["p_b_m_closed"].value == 0


def test_a_missed_bilabial_is_counted() -> None:
    assert closures(spoken(closing=("B", "P")))["p_b_m_closed"].value == pytest.approx(200 / 3)


def test_a_closure_nothing_asked_for_is_counted() -> None:
    scores = closures(spoken(closing=("B", "P", "M", "EH", "OW")))
    assert scores["p_b_m_closed"].value == 100
    assert scores["false_closures"].value == 0  # they touch a closure's own 60 ms
    wide = closures(spoken(closing=("B", "S")))
    assert wide["false_closures"].value == pytest.approx(40, abs=15) and wide["false_closures"].passed is False


def test_mouth_close_shuts_an_open_jaw() -> None:
    take = spoken(closing=())
    take.tracks["face"].values[:, SHAPE_INDEX["mouthClose"]] = take.tracks["face"].values[:, SHAPE_INDEX["jawOpen"]]
    assert np.abs(aperture(take)).max() < 1e-6


def test_a_take_without_phones_is_refused() -> None:
    with pytest.raises(BadInput, match="no phones"):
        closures(made.take(made.syllables(1)))


@pytest.mark.skipif(not house_actors(), reason="no house actor is built")
def test_the_mesh_agrees_with_the_weights() -> None:
    body = Body.decode(Actor.open(house_actors()[0]).body_glb)
    take = spoken()
    on_mesh, on_weights = aperture(take, body), aperture(take)
    assert np.corrcoef(on_mesh, on_weights)[0, 1] > 0.98
    assert on_mesh.max() > 5 and np.abs(on_mesh).min() < 0.1
    assert closures(take, body)["p_b_m_touching"].value == 100
