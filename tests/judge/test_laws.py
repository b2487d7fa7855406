"""The measures of eyes, lids and head, on made curves whose answers are known."""

import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.base.channels import FACE, GAZE, HEAD, TRACK_CHANNELS
from understudy.base.motion import minimum_jerk
from understudy.hub.performance import Event, Performance
from understudy.hub.track import Track
from understudy.judge.chance import banded, interval, share
from understudy.judge.laws.blinks import blinked, judge_blinks, log_normal_p
from understudy.judge.laws.flashes import judge_flashes, length_s
from understudy.judge.laws.heads import peak_hz, speed_rms_deg_s, strokes_s, tie
from understudy.judge.laws.looks import bouts_s, judge_looks, sight_deg
from understudy.judge.laws.saccades import duration_law_s, judge_main_sequence, peak_law_deg_s, saccades

RATE_HZ = 60.0


def made(seconds: float, events: tuple[Event, ...] = (), **curves: np.ndarray) -> Performance:
    """A take of named channels; everything else is at rest."""
    frames = round(seconds * RATE_HZ)
    tracks = {}
    for name in (FACE, HEAD, GAZE):
        values = np.zeros((frames, len(TRACK_CHANNELS[name])), np.float32)
        for i, channel in enumerate(TRACK_CHANNELS[name]):
            if channel.replace(".", "_") in curves:
                values[:, i] = curves[channel.replace(".", "_")]
        tracks[name] = Track(name, TRACK_CHANNELS[name], RATE_HZ, values)
    return Performance("nobody", Audio.silence(seconds, 8000), tracks, events)


def lids(starts: np.ndarray, seconds: float, *, close: float = 0.1, opening: float = 0.15, depth: float = 1.0) -> dict:
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    curve = np.zeros(len(times))
    for start in starts:
        fall = minimum_jerk((times - start) / close) - minimum_jerk((times - start - close) / opening)
        curve = np.maximum(curve, depth * fall)
    return {"eyeBlinkLeft": curve, "eyeBlinkRight": 0.98 * curve}


def test_blinks_are_counted_timed_and_sized() -> None:
    starts = np.cumsum(np.full(20, 3.0))
    found = blinked(made(70, **lids(starts, 70)))
    assert len(found.starts_s) == 20
    assert found.peaks_s == pytest.approx(starts + 0.1, abs=0.02)
    assert np.median(found.speeds[:, 0] / found.speeds[:, 1]) == pytest.approx(1.5, abs=0.12)
    assert found.both_r > 0.99


def test_a_double_blink_counts_once_and_shut_eyes_do_not_blink() -> None:
    found = blinked(made(20, **lids(np.array([2.0, 2.3, 8.0]), 20)))
    assert len(found.starts_s) == 2
    shut = np.where((np.arange(1200) > 300) & (np.arange(1200) < 900), 1.0, 0.0)
    assert len(blinked(made(20, eyeBlinkLeft=shut, eyeBlinkRight=shut)).starts_s) == 0


def test_metronome_lids_fail_the_rhythm_and_slow_ones_the_shape() -> None:
    even = judge_blinks(made(300, **lids(np.cumsum(np.full(80, 3.5)), 300, close=0.15, opening=0.15)), "listening")
    verdicts = {score.name: score.passed for score in even}
    assert verdicts["B1 closing over opening speed, listening"] is False
    assert verdicts["B1 incomplete, listening"] is False
    rng = np.random.default_rng(0)
    assert log_normal_p(rng.lognormal(1.0, 0.5, 200)) > 0.05
    assert log_normal_p(np.r_[np.full(100, 1.0), np.full(100, 5.0)]) < 0.05


def jumps(sizes: np.ndarray, stretch: float = 1.0, rate_hz: float = 1000.0) -> np.ndarray:
    """A line of sight that jumps by sizes, each on the main sequence with its duration stretched."""
    sight = [np.zeros(400)]
    for size in sizes:
        length = stretch * (duration_law_s(size) + 0.009)
        mean = size / length
        p = 1 / max(peak_law_deg_s(size) / mean / stretch - 1, 0.1)
        u = np.arange(1, round(length * rate_hz) + 1) / (length * rate_hz)
        v = 2 * u - 1
        part = (v - v * np.abs(v) ** p / (p + 1)) * (p + 1) / p / 2 + 0.5
        sight += [sight[-1][-1] + size * part, np.full(300, sight[-1][-1] + size)]
    yaw = np.concatenate(sight)
    return np.stack([np.zeros(len(yaw)), yaw], axis=1)


def test_saccades_on_the_main_sequence_pass_and_lazy_ones_fail() -> None:
    sizes = np.array([2.0, 5.0, 10.0, 15.0, 20.0] * 4)
    found = saccades(jumps(sizes), 1000.0)
    assert [s.size_deg for s in found] == pytest.approx(sizes, rel=0.02)
    assert judge_main_sequence(found).passed
    lazy = judge_main_sequence(saccades(jumps(sizes, stretch=2.0), 1000.0))
    assert [score.passed for score in lazy][:2] == [False, False]


def test_the_line_of_sight_is_the_head_and_the_eye_together() -> None:
    take = made(1, head_yaw=np.radians(10.0), leftEye_yaw=np.radians(5.0), rightEye_yaw=np.radians(5.0))
    assert sight_deg(take)[0] == pytest.approx([0.0, 15.0], abs=1e-3)


def test_shares_and_bouts_of_looks_are_measured() -> None:
    times = np.arange(round(60 * RATE_HZ)) / RATE_HZ
    away = np.where(times % 4 < 3, 0.0, np.radians(15.0))
    take = made(60, leftEye_yaw=away, rightEye_yaw=away)
    scores = judge_looks(take, "listening", (0.0, 0.0))
    assert scores["G2 on the partner, listening"].value == pytest.approx(75.0, abs=0.5)
    assert scores["G2 bouts, listening"].value == pytest.approx(3.0, abs=0.05)
    staring = judge_looks(made(60), "listening", (0.0, 0.0))
    assert staring["G2 on the partner, listening"].passed is False
    assert len(bouts_s(np.ones(100, bool), RATE_HZ)) == 0


def test_turns_open_away_and_end_on_the_partner() -> None:
    events = (Event("line", "A", 0.0, 6.0, 1.0), Event("phone", "AA", 0.5, 5.0, 1.0))
    times = np.arange(round(6 * RATE_HZ)) / RATE_HZ
    opening = np.where((times > 0.5) & (times < 2.0), np.radians(15.0), 0.0)
    good = judge_looks(made(6, events, leftEye_yaw=opening, rightEye_yaw=opening), "talking", (0.0, 0.0))
    assert good["G2 looks away as a turn opens"].value == 100
    assert good["G2 back 200 ms before a turn ends"].value == 100
    ending = np.where(times > 4.9, np.radians(15.0), 0.0)
    bad = judge_looks(made(6, events, leftEye_yaw=ending, rightEye_yaw=ending), "talking", (0.0, 0.0))
    assert bad["G2 looks away as a turn opens"].value == 0
    assert bad["G2 back 200 ms before a turn ends"].value == 0


def test_speed_and_rhythm_of_a_swinging_head_are_found() -> None:
    times = np.arange(round(60 * RATE_HZ)) / RATE_HZ
    swing = np.radians(3.0) * np.sin(2 * np.pi * 1.2 * times)
    take = made(60, head_pitch=swing)
    assert peak_hz(take) == pytest.approx(1.2, abs=0.1)
    assert speed_rms_deg_s(take) == pytest.approx(3 * 2 * np.pi * 1.2 / np.sqrt(2), rel=0.02)
    strokes = strokes_s(np.degrees(swing), RATE_HZ)
    assert (strokes * 1.2) % 1 == pytest.approx(np.round((strokes * 1.2) % 1), abs=0.03)


def test_a_head_tied_to_the_voice_is_told_from_a_free_one() -> None:
    rng = np.random.default_rng(1)
    voice = np.cumsum(rng.normal(size=(30_000, 2)), axis=0)
    free = np.cumsum(rng.normal(size=30_000))
    pause = np.zeros(30_000, bool)
    tied, loose = tie(np.stack([voice[:, 0], free], axis=1), voice, RATE_HZ, pause)
    assert tied > 0.8 and loose < 0.4


@pytest.mark.parametrize(("total", "passed"), [(0.3, True), (1.5, False)])
def test_flashes_are_timed_on_the_face(total: float, passed: bool) -> None:
    times = np.arange(round(3 * RATE_HZ)) / RATE_HZ
    rise = 0.4 * total
    brows = minimum_jerk((times - 1) / rise) - minimum_jerk((times - 1 - rise) / (total - rise))
    take = made(3, (Event("gesture", "flash of fear", 1.0, 1.0 + total),), browInnerUp=0.6 * brows)
    assert judge_flashes(take)["X1 micro-expressions of 80 to 500 ms"].passed is passed
    assert length_s(brows, RATE_HZ)[0] == pytest.approx(0.65 * total, abs=0.12 * total + 0.02)


def test_words_around_a_flash_do_not_lengthen_it() -> None:
    times = np.arange(round(3 * RATE_HZ)) / RATE_HZ
    brows = minimum_jerk((times - 1) / 0.12) - minimum_jerk((times - 1.12) / 0.18)
    words = 0.3 + 0.3 * np.sin(2 * np.pi * 4 * times)
    flash = (Event("expression", "flash of fear", 1.0, 1.3),)
    take = made(3, flash, browInnerUp=0.6 * brows, jawOpen=words)
    assert judge_flashes(take)["X1 micro-expressions of 80 to 500 ms"].passed is True
    assert judge_flashes(made(3, flash, jawOpen=words))["X1 micro-expressions of 80 to 500 ms"].passed is False


def test_a_figure_that_was_not_measured_does_not_pass() -> None:
    assert banded("x", float("nan"), (0.0, 1.0)).passed is False
    assert share("x", [], (50.0, np.inf)).passed is None
    assert share("x", [True, True, False, True], (70.0, np.inf)).passed is True


def test_the_interval_of_a_mean_is_that_of_statistics() -> None:
    values = np.random.default_rng(3).normal(5.0, 2.0, 400)
    low, high = interval(values)
    assert low == pytest.approx(5.0 - 1.96 * 0.1, abs=0.15) and high == pytest.approx(5.0 + 1.96 * 0.1, abs=0.15)
    assert interval(values) == interval(values)
