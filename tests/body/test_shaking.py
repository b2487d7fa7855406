import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import BODY, BODY_CHANNELS, FACE, TRACK_CHANNELS
from understudy.body import move
from understudy.hub.actor import Persona
from understudy.hub.performance import Beat, Event
from understudy.hub.track import Track

CALLS_S = np.arange(5) * 0.21 + 0.6


def shoulders(events: tuple[Event, ...]) -> np.ndarray:
    face = Track(FACE, TRACK_CHANNELS[FACE], 60.0, np.zeros((180, 52), np.float32))
    (beat,) = move([Beat(0.0, Audio.silence(3.0, 24_000), {FACE: face}, events)], persona=Persona(), seed=3)
    return np.degrees(beat.tracks[BODY].values[:, BODY_CHANNELS.index("leftShoulder.z")].astype(float))


def test_shoulders_bounce_with_each_call_of_a_laugh() -> None:
    calls = tuple(Event("vocal", "laugh.call", float(t), float(t) + 0.13, 0.9) for t in CALLS_S)
    laughing = shoulders((Event("vocal", "laugh", 0.55, 1.8, 0.9), *calls))
    still = shoulders(())
    added = laughing - still
    for start in CALLS_S[1:4]:
        around = added[round((start - 0.02) * 60) : round((start + 0.2) * 60)]
        peak_s = start - 0.02 + int(np.argmax(around)) / 60
        assert abs(peak_s - (start + 0.055)) < 0.04
        assert around.max() - around.min() > 0.8
    assert abs(added[-10:]).max() < 0.6


def test_a_beat_without_events_does_not_shake() -> None:
    assert np.abs(np.diff(shoulders(()))).max() < 0.1
