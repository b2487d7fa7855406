"""The promises of the lips, kept on the real mesh of a house actor."""

import numpy as np
import pytest

from understudy.base.channels import BILABIALS, EMOTIONS, FACE, LABIODENTALS, SILENCE
from understudy.face import animate
from understudy.hub.actor import Actor
from understudy.hub.script import Direction
from understudy.hub.speech import Speech
from understudy.testing.lips import Ruler
from understudy.testing.speech import SENTENCES, spoken

CLOSED_MM = 0.3
BITTEN_MM = 1.0


@pytest.fixture(scope="module")
def ruler() -> Ruler:
    return Ruler.of("emi")


def play(direction: Direction) -> tuple[Speech, np.ndarray]:
    speeches = [spoken(s, number=i, direction=direction) for i, s in enumerate(SENTENCES.values())]
    beats = animate(speeches, persona=Actor.open("emi").record.persona)
    return Speech.join(speeches), np.concatenate([b.tracks[FACE].values for b in beats]).astype(float)


@pytest.mark.parametrize("emotion", ["", *EMOTIONS])
def test_inner_lips_meet_at_every_bilabial(ruler: Ruler, emotion: str) -> None:
    speech, curves = play(Direction(emotions={emotion: 1.0} if emotion else {}))
    gap = ruler.gap_mm(curves)[:, :3].max(axis=1)
    times = np.arange(len(curves)) / 60
    for phone in speech.phones:
        if phone.name in BILABIALS:
            near = np.abs(times - (phone.start_s + phone.end_s) / 2) <= 0.06
            assert gap[near].min() <= CLOSED_MM, (phone, gap[near])


@pytest.mark.parametrize("emotion", ["joy", "anger"])
def test_the_lower_lip_reaches_the_teeth_at_every_f_and_v(emotion: str) -> None:
    speech = spoken(SENTENCES["fives"], direction=Direction(emotions={emotion: 1.0}))
    beats = animate([speech], persona=Actor.open("jonah").record.persona)
    curves = np.concatenate([b.tracks[FACE].values for b in beats]).astype(float)
    bite, times = Ruler.of("jonah").bite_mm(curves), np.arange(len(curves)) / 60
    found = [
        bite[np.abs(times - (p.start_s + p.end_s) / 2) <= 0.06].min() for p in speech.phones if p.name in LABIODENTALS
    ]
    assert len(found) == 8
    assert max(found) <= BITTEN_MM
    assert np.median(bite) > 2 * BITTEN_MM


def test_inner_lips_never_meet_elsewhere_in_speech(ruler: Ruler) -> None:
    speech, curves = play(Direction())
    shut = ruler.gap_mm(curves)[:, :3].mean(axis=1) <= CLOSED_MM
    times = np.arange(len(curves)) / 60
    for phone in speech.phones:
        if phone.name in BILABIALS | LABIODENTALS | {SILENCE}:
            shut[(times >= phone.start_s - 0.06) & (times <= phone.end_s + 0.06)] = False
    assert shut.sum() == 0


def test_lips_do_not_pass_through_each_other(ruler: Ruler) -> None:
    """Pressed lips overlap by the depth of their flesh, some millimetres, not more."""
    for emotion in ("joy", "anger"):
        _, curves = play(Direction(emotions={emotion: 1.0}))
        assert ruler.gap_mm(curves)[:, :3].min() > -4.5


def test_open_vowels_open_10_to_20_millimetres(ruler: Ruler) -> None:
    curves = np.concatenate(
        [b.tracks[FACE].values for b in animate([spoken("T AA1 T AA1 T")], persona=Actor.open("emi").record.persona)]
    )
    assert 9 <= ruler.gap_mm(curves.astype(float))[:, 0].max() <= 20
