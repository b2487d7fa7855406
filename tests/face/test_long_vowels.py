"""A vowel longer than any in speech is sung: the mouth stays in its place."""

import numpy as np
import pytest

from understudy.base.channels import FACE, SHAPE_INDEX
from understudy.face import animate
from understudy.hub.actor import Persona
from understudy.testing.speech import spoken


def shape(phones: str, name: str) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    beats = list(animate(iter([spoken(phones)]), persona=Persona()))
    return np.concatenate([b.tracks[FACE].values for b in beats])[:, SHAPE_INDEX[name]]


@pytest.mark.parametrize(("phones", "name"), [("M AA1:2.0 M", "jawOpen"), ("M UW1:2.0 M", "mouthPucker")])
def test_a_held_vowel_holds_the_mouth(phones: str, name: str) -> None:
    line = shape(phones, name)
    start = round((0.25 + 0.07 + 0.25) * 60)
    inside = line[start : start + 90]
    assert inside.min() > 0.85 * inside.max() > 0.1


def test_a_held_diphthong_turns_at_its_end() -> None:
    jaw = shape("M AY1:2.0 M", "jawOpen")
    at = [round((0.32 + t) * 60) for t in (0.4, 1.5, 1.9)]
    assert jaw[at[0]] == pytest.approx(jaw[at[1]], abs=0.05)
    assert jaw[at[2]] < 0.7 * jaw[at[1]]


def test_a_vowel_of_speech_is_as_it_was() -> None:
    jaw = shape("M AA1:0.2 M", "jawOpen")
    assert 0.15 < jaw.max() < 0.7
