"""An edit in OpenTimelineIO cuts the film where it was cut and each voice where it speaks."""

from dataclasses import replace

import pytest
from tests.exchange.formats.takes import FPS, acted, departing, film

from understudy.base.errors import BadInput
from understudy.exchange.formats.timeline import Timeline
from understudy.hub.performance import Performance

otio = pytest.importorskip("opentimelineio", reason="OpenTimelineIO is not installed")


def written(*takes: Performance, rate_hz: float = 0.0, **how: object) -> object:
    departure = departing(*takes, rate_hz=rate_hz, **how)
    return otio.adapters.read_from_string(Timeline().write(departure, ending="otio")[""].decode(), "otio_json")


def test_a_film_is_its_shots_and_its_voices() -> None:
    emi, jonah = film()
    edit = written(emi, jonah, film="a scene.mp4", sounds=["a-emi.wav", "a-jonah.wav"])
    picture, hers, his = edit.tracks
    assert (picture.kind, hers.kind, his.kind) == ("Video", "Audio", "Audio")
    shots = sorted((e for t in (emi, jonah) for e in t.events if e.kind == "shot"), key=lambda e: e.value)
    clips = list(picture)
    assert [clip.name for clip in clips] == ["shot-0001 Emi", "shot-0002 Jonah", "shot-0003 Emi"]
    for clip, shot in zip(clips, shots, strict=True):
        where = clip.range_in_parent()
        assert where.start_time.to_seconds() == pytest.approx(shot.value)
        assert where.duration.to_seconds() == pytest.approx(shot.end_s - shot.start_s)
        assert clip.source_range.start_time.to_seconds() == pytest.approx(shot.value)
        assert clip.media_reference.target_url == "a%20scene.mp4"
        assert clip.source_range.duration.rate == FPS
    voices = {track.name: [c for c in track if isinstance(c, otio.schema.Clip)] for track in (hers, his)}
    assert [len(v) for v in voices.values()] == [2, 1]
    for take, clips_of in ((emi, voices["Emi"]), (jonah, voices["Jonah"])):
        for clip, shot in zip(clips_of, [e for e in take.events if e.kind == "shot"], strict=True):
            assert clip.range_in_parent().start_time.to_seconds() == pytest.approx(shot.value)
            assert clip.source_range.start_time.to_seconds() == pytest.approx(shot.start_s)
            there = clip.media_reference.available_range
            assert clip.source_range.end_time_exclusive() <= there.end_time_exclusive()
    assert edit.metadata["understudy"]["notice"].startswith("AI-generated")


def test_markers_stand_at_lines_and_feelings() -> None:
    emi, jonah = film()
    edit = written(emi, jonah, film="s.mp4", texts={10: "Please come back."})
    first = edit.tracks[0][0]
    kinds = {m.metadata["understudy"]["kind"]: m for m in first.markers}
    assert set(kinds) == {"line", "emotion"}
    assert kinds["line"].name == "Please come back." and kinds["emotion"].name.startswith("joy 0.8")
    word = min(e.start_s for e in emi.events if e.kind == "word")
    assert kinds["line"].marked_range.start_time.to_seconds() == pytest.approx(word, abs=0.5 / FPS + 1e-9)
    for clip in edit.tracks[0]:
        for marker in clip.markers:
            assert clip.source_range.contains(marker.marked_range.start_time), marker.name


@pytest.mark.parametrize("fps", [24.0, 25.0, 30.0])
def test_the_rate_is_found_from_the_cuts(fps: float) -> None:
    assert written(*film(fps)).tracks[0][0].source_range.duration.rate == fps


def test_a_wrong_rate_is_refused() -> None:
    with pytest.raises(BadInput, match="do not fall on whole pictures at 24"):
        written(*film(), rate_hz=24.0)
    with pytest.raises(BadInput, match="does not say where its shots stand"):
        written(film()[0], replace(acted("jonah", "x", ("fives",), 2)))


def test_one_take_is_one_clip() -> None:
    edit = written(acted(), sounds=["take.wav"])
    assert len(edit.tracks[0]) == 1 and isinstance(edit.tracks[0][0].media_reference, otio.schema.MissingReference)
    assert edit.tracks[1][0].media_reference.target_url == "take.wav"
