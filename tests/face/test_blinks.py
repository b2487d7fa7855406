import numpy as np
import pytest

from understudy.base.channels import SHAPE_INDEX
from understudy.face.blinks import Blinks
from understudy.hub.actor import Persona
from understudy.hub.script import Direction
from understudy.hub.speech import Speech
from understudy.testing.speech import SENTENCES, spoken

from .conftest import Session, session, talk


def blinks(take: Session) -> np.ndarray:
    """Start times of blinks; the second of a double blink counts with its first."""
    starts = np.array(sorted(e.start_s for e in take.events_of("blink")))
    return starts[np.r_[True, np.diff(starts) > 0.4]]


def lids(take: Session) -> np.ndarray:
    return take.face[:, [SHAPE_INDEX["eyeBlinkLeft"], SHAPE_INDEX["eyeBlinkRight"]]]


def test_talkers_blink_about_26_times_a_minute(talking: Session) -> None:
    """Bentivoglio 1997: 26 a minute in conversation; Doughty 2001: 95 % of people within 10.5-32.5."""
    per_minute = len(blinks(talking)) / talking.duration_s * 60
    assert 22 <= per_minute <= 30


def test_listeners_blink_less(listening: Session) -> None:
    """17 a minute at rest; 95 % of people within 8-21."""
    per_minute = len(blinks(listening)) / listening.duration_s * 60
    assert 14 <= per_minute <= 20


def test_intervals_between_blinks_are_log_normal(listening: Session) -> None:
    from scipy import stats

    logs = np.log(np.diff(blinks(listening)))
    assert stats.kstest((logs - logs.mean()) / logs.std(), "norm").pvalue > 0.05
    even = np.log(np.random.default_rng(0).uniform(0.1, 7.0, len(logs)))
    assert stats.kstest((even - even.mean()) / even.std(), "norm").pvalue < 0.05


def test_the_persona_sets_the_rate() -> None:
    calm, nervous = (len(blinks(session(talk(2), persona=Persona(blink_rate_hz=rate)))) for rate in (12 / 60, 40 / 60))
    assert nervous > 2 * calm


def test_lids_close_faster_than_they_open(listening: Session) -> None:
    """Sforza 2008: closing is 40-47 % faster; measured captures 1.34-1.60."""
    ratios = []
    for blink in listening.events_of("blink"):
        if blink.value > 0.9:
            frames = np.arange(round(blink.start_s * 60) - 1, round(blink.end_s * 60) + 2)
            if frames[-1] < len(listening.face):
                steps = np.diff(lids(listening)[frames, 0])
                ratios.append(steps.max() / -steps.min())
    assert 1.3 <= np.median(ratios) <= 1.7


def test_some_blinks_stay_incomplete(listening: Session) -> None:
    depths = np.array([e.value for e in listening.events_of("blink")])
    assert 0.05 <= (depths < 0.9).mean() <= 0.6


def test_both_eyes_blink_together(listening: Session) -> None:
    assert np.corrcoef(lids(listening).T)[0, 1] > 0.95


def test_large_gaze_shifts_bring_a_blink(talking: Session) -> None:
    starts = np.array([e.start_s for e in talking.events_of("blink")])
    large = [e.start_s for e in talking.events_of("gaze") if e.value > 20]
    assert all(np.abs(starts - start).min() < 0.5 for start in large)


def test_phrase_ends_attract_blinks() -> None:
    speech = [spoken(s, number=i, tail_s=0.5, lead_s=0.0) for i, s in enumerate(list(SENTENCES.values()) * 12)]
    take = session(speech)
    ends = np.cumsum([s.duration_s for s in speech]) - 0.5
    starts = blinks(take)
    near = np.mean([(starts[(starts >= end) & (starts <= end + 0.15)]).size for end in ends])
    chance = len(starts) / take.duration_s * 0.15
    assert near > 2.5 * chance


def test_eyes_asked_to_be_closed_stay_closed_and_open_again() -> None:
    closed = spoken(SENTENCES["truth"], direction=Direction(gaze="closed"), number=1)
    after = spoken(SENTENCES["truth"], number=2)
    take = session([closed, after, Speech.silence(1.0, 16_000)])
    assert lids(take)[30 : round(closed.duration_s * 60)].min() > 0.85
    opened = lids(take)[round((closed.duration_s + 0.6) * 60) :]
    assert np.median(opened) < 0.1


@pytest.mark.parametrize("seed", range(3))
def test_blinks_never_touch_what_was_already_emitted(seed: int) -> None:
    rng = np.random.default_rng(seed)
    planner = Blinks(0.5, rng)
    assert planner.at(np.arange(60) / 60).max() == 0.0
