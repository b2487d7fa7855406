from pathlib import Path

import numpy as np
from tests.live.test_timeline import JAW, material

from understudy.base.channels import FACE
from understudy.hub.performance import Performance
from understudy.live.recording import Recorder
from understudy.live.timeline import Timeline


def test_a_talk_is_kept_as_it_was_seen_interruptions_and_all(tmp_path: Path) -> None:
    timeline, recorder = Timeline(), Recorder("emi")
    timeline.idle.add(material(0.0, 6.0, 0.1))

    def shown(start: float, end: float) -> None:
        for now in np.arange(start, end, 0.02):
            for beat in timeline.due(float(now)):
                recorder.keep(beat)

    shown(0.0, 0.5)
    timeline.speech.add(material(9.0, 3.0, 0.8, 0.5, ("one", "two", "three")))
    shown(0.5, 2.2)
    timeline.interrupt(2.2)
    shown(2.2, 3.0)
    seconds = recorder.save(tmp_path / "talk.take", {"live": "x"})
    take = Performance.open(tmp_path / "talk.take")
    recorder.close()
    assert take.duration_s == seconds
    assert 2.9 < seconds < 3.1
    jaw = take.tracks[FACE].values[:, JAW]
    loud = np.abs(take.sound.samples) > 0.3
    assert np.median(jaw[60:120]) > 0.75 and jaw[-1] < 0.11
    spoken = np.flatnonzero(loud) / take.sound.rate_hz
    assert 0.5 <= spoken[0] < 0.56 and 2.2 <= spoken[-1] < 2.25, "sound ends where it was cut off"
    edge = int(spoken[-1] * take.sound.rate_hz)
    assert np.abs(np.diff(take.sound.samples[edge - 400 : edge + 400])).max() < 0.05, (
        "and it ends in a fade, not a click"
    )
    assert [e.name for e in take.events if e.kind == "word"] == ["one", "two"]


def test_nothing_seen_is_no_take(tmp_path: Path) -> None:
    recorder = Recorder("emi")
    assert recorder.save(tmp_path / "talk.take", {}) == 0.0
    assert not (tmp_path / "talk.take").exists()
