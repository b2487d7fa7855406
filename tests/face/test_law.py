import json
from importlib import resources

import numpy as np

from understudy.base.channels import PHONES
from understudy.face.articulation import GAP, LEAST_GAP, SHUT, blend, pulls
from understudy.face.law import UNLEARNED, learned
from understudy.hub.speech import Phone


def gap(phones: tuple[Phone, ...], times: np.ndarray) -> np.ndarray:
    return blend(pulls(phones), times) @ GAP


def test_the_law_says_what_it_was_learned_from_and_how_well() -> None:
    facts = json.loads(resources.files("understudy.face").joinpath("law.json").read_text("utf-8"))
    assert facts["licence"] and facts["data"]
    assert facts["score"]["leave_one_talker_out_r"] > facts["score"]["by_hand_r"]


def test_lips_part_for_the_breath_before_speech_and_rest_shut_long_before() -> None:
    phones = (Phone("SIL", 0.0, 1.5), Phone("AA", 1.5, 1.7, 1), Phone("SIL", 1.7, 2.5))
    rest, ready = gap(phones, np.array([0.3, 1.25]))
    assert rest < 0.03
    assert 0.1 < ready < 0.4


def test_a_breath_before_a_closure_is_shut_again_when_it_comes() -> None:
    phones = (Phone("SIL", 0.0, 1.5), Phone("B", 1.5, 1.6), Phone("AA", 1.6, 1.8, 1), Phone("SIL", 1.8, 2.5))
    ready, shut = gap(phones, np.array([1.25, 1.55]))
    assert shut < 0.8 * ready


def test_no_open_phone_aims_at_a_closure() -> None:
    for name in PHONES:
        for pull in pulls((Phone(name, 0.0, 0.2, 1),)):
            if name not in SHUT:
                assert pull.target @ GAP > 0.5 * LEAST_GAP, name


def test_what_was_learned_stays_near_what_is_known() -> None:
    law = learned()
    assert max(abs(change) for change in law.gaps.values()) < 0.15
    assert all(0.5 < factor < 2 for factor in law.insistence.values())
    assert -0.02 < law.early_s < 0.04
    by_hand = pulls((Phone("IY", 0.0, 0.2, 1),), UNLEARNED)[0].target @ GAP
    assert abs(pulls((Phone("IY", 0.0, 0.2, 1),))[0].target @ GAP - by_hand) < 0.15
