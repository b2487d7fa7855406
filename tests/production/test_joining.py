"""Takes of shots become one take whose clock is the film's."""

import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.base.channels import ARKIT_SHAPES, FACE, SHAPE_INDEX
from understudy.hub.performance import Event, Performance
from understudy.hub.track import Track
from understudy.production.joining import ShotTake, joined, pictures_of

RATE_HZ = 24000
JAW = SHAPE_INDEX["jawOpen"]


def shot(duration_s: float) -> Performance:
    """A jaw that opens evenly as time goes, a click at 0.5 s, and a word there."""
    samples = np.zeros(round(duration_s * RATE_HZ), np.float32)
    samples[RATE_HZ // 2] = 1.0
    face = np.zeros((round(duration_s * 60), 52), np.float32)
    face[:, JAW] = np.arange(len(face)) / 60 / 10
    sound = Audio(samples, RATE_HZ)
    return Performance("emi", sound, {FACE: Track(FACE, ARKIT_SHAPES, 60.0, face)}, (Event("word", "x", 0.5, 0.6),))


def film_of(*durations_s: float, fps: float = 25.0) -> Performance:
    takes = [shot(d) for d in durations_s]
    starts = np.cumsum([0, *(pictures_of(d, fps) for d in durations_s)])
    return joined([ShotTake(f"s{i}", int(starts[i]), take) for i, take in enumerate(takes)], fps)


@pytest.mark.parametrize("fps", [24.0, 25.0, 29.97, 60.0])
def test_no_shot_shifts_the_next(fps: float) -> None:
    durations_s = [1.011] * 20
    take = film_of(*durations_s, fps=fps)
    starts = np.arange(20) * pictures_of(1.011, fps) / fps
    clicks = np.flatnonzero(take.sound.samples > 0.5) / RATE_HZ
    assert clicks == pytest.approx(starts + 0.5, abs=1 / RATE_HZ)
    words = [event.start_s for event in take.events if event.kind == "word"]
    assert words == pytest.approx(starts + 0.5, abs=1e-6)


def test_the_face_keeps_its_place_between_frames() -> None:
    take = film_of(*[1.011] * 20)
    jaw = take.tracks[FACE].values[:, JAW] * 10
    clock = np.arange(len(jaw)) / 60
    into_shot = clock % (26 / 25)
    inside = (into_shot > 0.02) & (into_shot < 0.97)
    assert np.abs(jaw - into_shot)[inside].max() < 1e-4


def test_track_and_sound_end_together() -> None:
    take = film_of(1.011, 2.345, 0.999)
    assert take.duration_s == pytest.approx((26 + 59 + 25) / 25, abs=1 / RATE_HZ)
    assert take.tracks[FACE].duration_s == pytest.approx(take.duration_s, abs=1 / 60)


def test_a_shot_of_whole_pictures_is_unchanged() -> None:
    alone = shot(2.0)
    take = joined([ShotTake("s0", 0, alone)], 25.0)
    assert np.array_equal(take.sound.samples, alone.sound.samples)
    assert np.allclose(take.tracks[FACE].values, alone.tracks[FACE].values, atol=1e-6)


def test_every_shot_says_where_it_stands_in_the_film() -> None:
    later = joined([ShotTake("s1", 40, shot(1.0)), ShotTake("s3", 90, shot(1.0))], 25.0)
    shots = [event for event in later.events if event.kind == "shot"]
    assert [(e.name, e.start_s, e.end_s, e.value) for e in shots] == [("s1", 0.0, 1.0, 1.6), ("s3", 1.0, 2.0, 3.6)]
