from pathlib import Path

import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, TRACK_CHANNELS
from understudy.base.errors import BadInput
from understudy.hub.performance import Beat, Event, Performance, poses
from understudy.hub.track import Track


def ramp(seconds: float) -> Performance:
    """A take whose every channel is the time in seconds."""
    frames = round(seconds * ANIMATION_RATE_HZ)
    times = np.arange(frames, dtype=np.float32) / ANIMATION_RATE_HZ
    tracks = {
        n: Track(n, c, ANIMATION_RATE_HZ, np.repeat(times[:, None], len(c), 1)) for n, c in TRACK_CHANNELS.items()
    }
    events = (Event("word", "one", 0.2, 0.6), Event("word", "two", 1.4, 1.7))
    return Performance("emi", Audio.silence(seconds, 24000), tracks, events, {"seed": "1"})


def test_a_take_survives_the_disk(tmp_path: Path) -> None:
    take = ramp(2.0)
    take.save(tmp_path / "a.take")
    again = Performance.open(tmp_path / "a.take")
    assert again.actor_name == "emi"
    assert again.events == take.events
    assert again.made_with == {"seed": "1"}
    assert all(np.array_equal(again.tracks[n].values, take.tracks[n].values) for n in take.tracks)
    assert again.duration_s == take.duration_s


def test_the_same_take_gives_the_same_bytes(tmp_path: Path) -> None:
    ramp(1.0).save(tmp_path / "a.take")
    ramp(1.0).save(tmp_path / "b.take")
    assert (tmp_path / "a.take").read_bytes() == (tmp_path / "b.take").read_bytes()


@pytest.mark.parametrize("length_s", [0.05, 0.31, 1.0, 10.0])
def test_cutting_into_beats_and_joining_changes_nothing(length_s: float) -> None:
    take = ramp(2.3)
    again = Performance.from_beats("emi", take.beats(length_s))
    assert np.array_equal(again.tracks["face"].values, take.tracks["face"].values)
    assert len(again.sound.samples) == len(take.sound.samples)
    assert [(e.name, round(e.start_s, 6), round(e.end_s, 6)) for e in again.events] == [
        (e.name, round(e.start_s, 6), round(e.end_s, 6)) for e in take.events
    ]


@pytest.mark.parametrize("rate_hz", [24.0, 25.0, 29.97, 30.0, 60.0])
def test_poses_do_not_depend_on_how_the_take_arrives(rate_hz: float) -> None:
    take = ramp(2.0)
    small, large = (list(poses(take.beats(length), rate_hz)) for length in (0.07, 5.0))
    assert len(small) == len(large) == int(np.ceil(2.0 * rate_hz - 1e-6))
    assert all(np.allclose(a.face, b.face, atol=1e-5) for a, b in zip(small, large, strict=True))
    for index, pose in enumerate(small[:-2]):
        assert pose.face[0] == pytest.approx((index + 0.5) / rate_hz, abs=1e-4)


def test_a_missing_track_is_at_rest() -> None:
    take = ramp(0.5)
    beat = Beat(0.0, take.sound, {"face": take.tracks["face"]})
    assert all(not pose.body.any() for pose in poses([beat], 25))


def test_an_hour_of_poses_does_not_drift() -> None:
    empty = Audio.silence(0.0, 24000)
    frames = round(3600 * ANIMATION_RATE_HZ)
    piece = Track("face", TRACK_CHANNELS["face"], ANIMATION_RATE_HZ, np.zeros((600, 52)))
    beats = (Beat(i * 10.0, Audio(np.zeros(2400, np.float32), 240), {"face": piece}) for i in range(frames // 600))
    assert empty.duration_s == 0
    assert sum(1 for _ in poses(beats, 25)) == 3600 * 25


def test_a_text_named_take_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.take").write_text("hello")
    with pytest.raises(BadInput, match="not a bundle"):
        Performance.open(tmp_path / "x.take")
