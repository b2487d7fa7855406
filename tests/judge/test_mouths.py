"""The measures of lips, on made curves whose answers are known."""

import numpy as np
import pytest

from understudy.base.channels import ARKIT_SHAPES, SHAPE_INDEX
from understudy.base.errors import BadInput
from understudy.hub.performance import Event
from understudy.hub.speech import Phone
from understudy.judge.closing import closing, from_shut
from understudy.judge.following import Curve, best_lag, in_step
from understudy.judge.hygiene import read_arkit_csv, write_arkit_csv
from understudy.judge.kinematics import kinematics
from understudy.judge.phone_times import judge_times, matched
from understudy.judge.shaping import rounding_leads_s

RATE_HZ = 100.0
TIMES = np.arange(600) / RATE_HZ


def babble(seed: int = 0) -> np.ndarray:
    """Three seconds and three of silence-free opening with power at 2 to 6 Hz."""
    rng = np.random.default_rng(seed)
    return sum(np.sin(2 * np.pi * hz * TIMES + rng.uniform(0, 6)) for hz in (2.3, 3.1, 4.4, 5.2)) + 4.0


@pytest.mark.parametrize("late_s", [-0.09, 0.0, 0.15])
def test_the_lag_between_two_mouths_is_found(late_s: float) -> None:
    real = Curve.at_rate(babble(), RATE_HZ)
    lag, r = best_lag(real.later(late_s), real)
    assert lag == pytest.approx(late_s, abs=0.006) and r > 0.99
    assert in_step(real, real) == pytest.approx(1.0)


def test_mouths_of_other_speech_do_not_follow() -> None:
    pairs = [in_step(Curve.at_rate(babble(i), RATE_HZ), Curve.at_rate(babble(i + 50), RATE_HZ)) for i in range(20)]
    assert abs(np.mean(pairs)) < 0.25
    still = Curve.at_rate(np.full(600, 3.0), RATE_HZ)
    assert np.isnan(in_step(still, Curve.at_rate(babble(), RATE_HZ)))


PHONES = (
    Phone("SIL", 0.0, 0.5), Phone("AA", 0.5, 1.0), Phone("M", 1.0, 1.1), Phone("AA", 1.1, 2.0), Phone("T", 2.0, 2.1),
    Phone("AA", 2.1, 3.0), Phone("B", 3.0, 3.1), Phone("AA", 3.1, 4.0), Phone("SIL", 4.0, 6.0),
)  # fmt: skip


def shutting(*moments: float) -> np.ndarray:
    curve = np.where((TIMES > 0.5) & (TIMES < 4.0), 10.0, 0.0)
    for at in moments:
        curve[np.abs(TIMES - at) < 0.04] = 0.2
    return curve


def test_closures_are_counted_where_they_are_due_and_where_not() -> None:
    right = closing(shutting(1.05, 3.05), RATE_HZ, PHONES)
    assert right.shut.tolist() == [True, True] and right.wrong == 0
    one = closing(shutting(1.05, 2.05), RATE_HZ, PHONES)
    assert one.shut.tolist() == [True, False] and one.wrong == 1
    gaping = closing(np.full(600, 10.0), RATE_HZ, PHONES)
    assert gaping.shut.tolist() == [False, False] and gaping.runs == 0


def test_a_tracked_mouth_is_measured_from_its_own_rest() -> None:
    curve = 0.03 + 0.1 * shutting(1.05, 3.05)
    assert closing(from_shut(curve), RATE_HZ, PHONES).shut.all()
    assert not closing(curve + 5.0, RATE_HZ, PHONES).shut.any()


def test_syllables_lie_in_the_band_and_steps_do_not() -> None:
    smooth = kinematics(babble(), RATE_HZ)
    assert smooth.syllables > 0.9 and smooth.fast < 0.01
    trembling = kinematics(babble() + 2 * np.sin(2 * np.pi * 11 * TIMES), RATE_HZ)
    assert trembling.fast > 0.3
    assert kinematics(shutting(1.05), RATE_HZ, PHONES).jitter == pytest.approx(0.0, abs=1e-9)
    shaking = shutting(1.05) + np.where(TIMES > 4.0, np.random.default_rng(0).normal(0, 0.5, 600), 0)
    assert kinematics(shaking, RATE_HZ, PHONES).jitter > 0.02


def test_phone_times_are_compared_by_name_and_order() -> None:
    late = [Phone(p.name, p.start_s + 0.02, p.end_s + 0.02) for p in PHONES]
    boundaries, onsets = judge_times([(PHONES, late)], "made")
    assert boundaries.value == pytest.approx(20.0) and boundaries.passed is False
    assert onsets.value == pytest.approx(20.0) and onsets.n == 2
    lacking = [p for p in late if p.name != "T"]
    assert len(matched(PHONES, lacking)) == len(PHONES) - 1


def test_the_lead_of_rounding_is_measured() -> None:
    times = np.arange(180) / 60
    face = np.zeros((180, 52))
    face[:, SHAPE_INDEX["mouthPucker"]] = np.clip((times - 1.0) / 0.2, 0, 1)
    lead = rounding_leads_s(face, 60.0, [Event("phone", "UW", 1.12, 1.4)])
    assert lead == pytest.approx([0.1], abs=0.02)
    assert rounding_leads_s(np.zeros((180, 52)), 60.0, [Event("phone", "UW", 1.12, 1.4)]) == []


def test_captures_survive_the_way_there_and_back() -> None:
    face = np.random.default_rng(0).random((20, 52)).astype(np.float32)
    assert np.array_equal(read_arkit_csv(write_arkit_csv(face), "made").astype(np.float32), face)
    with pytest.raises(BadInput, match="lacks 51 of the 52"):
        read_arkit_csv(f"{ARKIT_SHAPES[0]}\n0.5\n", "one.csv")
