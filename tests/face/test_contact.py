import numpy as np
import pytest

from understudy.base.channels import BILABIALS, EMOTIONS, FACE, LABIODENTALS, SHAPE_INDEX, SILENCE
from understudy.face import animate
from understudy.face.contact import aperture, contacts
from understudy.hub.actor import Persona
from understudy.hub.script import Direction
from understudy.hub.speech import Speech
from understudy.testing.speech import SENTENCES, spoken

NEAR_S = 0.06


def sentences(**options: object) -> list[Speech]:
    return [spoken(s, number=i, **options) for i, s in enumerate(SENTENCES.values())]  # type: ignore[arg-type]


def curves_of(speeches: list[Speech], seed: int = 0) -> np.ndarray:
    beats = animate(speeches, persona=Persona(resting={"joy": 1.0}), seed=seed)
    return np.concatenate([beat.tracks[FACE].values for beat in beats]).astype(float)


def closed_share(curves: np.ndarray, speech: Speech, fps: float = 60.0) -> float:
    """The share of /p b m/ with a picture, within 60 ms of their middle, that shows the lips shut."""
    times = np.arange(len(curves)) / 60
    pictures = (np.arange(int(times[-1] * fps)) + 0.5) / fps
    gap = np.interp(pictures, times, aperture(curves))
    hits = [
        gap[np.abs(pictures - (p.start_s + p.end_s) / 2) <= NEAR_S].min() <= 0
        for p in speech.phones
        if p.name in BILABIALS
    ]
    assert len(hits) > 10
    return float(np.mean(hits))


@pytest.mark.parametrize("rate", [0.8, 1.0, 1.5])
@pytest.mark.parametrize("fps", [24.0, 25.0, 30.0, 60.0])
def test_every_bilabial_closes_in_every_film_rate(rate: float, fps: float) -> None:
    speeches = sentences(rate=rate)
    assert closed_share(curves_of(speeches), Speech.join(speeches), fps) == 1.0


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_no_emotion_opens_a_closure(emotion: str) -> None:
    speeches = sentences(direction=Direction(emotions={emotion: 1.0}, energy=1.0, loudness_db=9.0), accents=range(12))
    assert closed_share(curves_of(speeches), Speech.join(speeches), 25.0) == 1.0


def test_a_mouth_that_flaps_with_loudness_fails_the_closure_test() -> None:
    speech = Speech.join(sentences())
    loud = speech.prosody.at(np.arange(round(speech.duration_s * 60)) / 60)[:, 1]
    flapper = np.zeros((len(loud), 52))
    flapper[:, SHAPE_INDEX["jawOpen"]] = np.clip((loud + 45) / 60, 0, 1)
    assert closed_share(flapper, speech) < 0.2


def test_a_mouth_of_other_words_fails_the_closure_test() -> None:
    speeches = sentences()
    shifted = np.roll(curves_of(speeches), 20, axis=0)
    assert closed_share(shifted, Speech.join(speeches)) < 0.7


def test_closures_hold_about_50_ms_and_sit_on_their_phone() -> None:
    speeches = sentences()
    curves, speech = curves_of(speeches), Speech.join(speeches)
    gap = aperture(curves)
    for phone in speech.phones:
        if phone.name not in BILABIALS:
            continue
        middle = (phone.start_s + phone.end_s) / 2
        held = next(c for c in contacts((phone,)) if c.name == phone.name)
        assert (held.last - held.first) / 60 >= 0.045
        assert abs((held.first + held.last) / 120 - middle) <= 0.02
        assert gap[held.first : held.last + 1].max() <= 0.0


def test_vowels_stand_open_at_their_middle() -> None:
    speeches = sentences()
    gap, speech = aperture(curves_of(speeches)), Speech.join(speeches)
    never = [
        (p.name, round(p.start_s, 2))
        for p in speech.phones
        if p.name not in BILABIALS | LABIODENTALS | {SILENCE}
        and gap[int(p.start_s * 60) : int(p.end_s * 60) + 2].max() <= 0.01
    ]
    assert never == []


def test_lips_are_shut_only_for_closures_and_pauses() -> None:
    speeches = sentences()
    shut, speech = aperture(curves_of(speeches)) <= 0, Speech.join(speeches)
    times = np.arange(len(shut)) / 60
    allowed = np.zeros(len(shut), bool)
    for phone in speech.phones:
        if phone.name in BILABIALS | LABIODENTALS or phone.name == SILENCE:
            allowed |= (times >= phone.start_s - 0.05) & (times <= phone.end_s + 0.05)
    assert (shut & ~allowed).sum() == 0


def test_labiodentals_bring_the_lower_lip_to_the_upper_teeth() -> None:
    speeches = sentences(direction=Direction(emotions={"joy": 1.0}))
    curves, speech = curves_of(speeches), Speech.join(speeches)
    for phone in speech.phones:
        if phone.name in LABIODENTALS:
            frame = round((phone.start_s + phone.end_s) / 2 * 60)
            near = curves[frame - 2 : frame + 3]
            assert near[:, SHAPE_INDEX["mouthRollLower"]].max() >= 0.85
            assert near[:, SHAPE_INDEX["jawOpen"]].min() <= 0.12
            assert near[:, SHAPE_INDEX["mouthLowerDownLeft"]].min() <= 0.051


def test_a_bite_beside_a_closure_keeps_both() -> None:
    speech = spoken("AA1 B V IY0 AH0 S | W UH1 M F AA1")
    curves = curves_of([speech])
    for name, shape, least in (
        ("B", "mouthPressLeft", 0.2),
        ("V", "mouthRollLower", 0.4),
        ("F", "mouthRollLower", 0.4),
    ):
        phone = next(p for p in speech.phones if p.name == name)
        around = curves[round(phone.start_s * 60) - 2 : round(phone.end_s * 60) + 3, SHAPE_INDEX[shape]]
        assert around.max() >= least


def test_a_bilabial_at_the_very_start_of_a_piece_that_nobody_announced_still_closes() -> None:
    smile = Direction(emotions={"surprise": 1.0})
    first = spoken("AA1 AA1", tail_s=0.3, direction=smile)
    second = spoken("M AA1 M AA1 B AA1", lead_s=0.0, direction=smile)
    curves = curves_of([first, second])
    start = round(first.duration_s * 60)
    assert aperture(curves[start : start + 9]).min() <= 0
