import subprocess
import sys
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from rights_stage import FLASH, FPS, SIZE, encypher, film, frames, offsets_ms, sound

from understudy.base.errors import BadInput, Unavailable
from understudy.base.image import Image
from understudy.hub.frames import Frame
from understudy.hub.rights import Grant, Released
from understudy.rights import Ledger, Release, open_release
from understudy.rights.label import label_for
from understudy.rights.manifest import read_file


def opened(to: Path, grant: Grant, fingerprint: str = "test") -> Release:
    return open_release(to, grants=[grant], size_px=SIZE, fps=FPS, title="A test", fingerprint=fingerprint)


def shoot(release: Release, key: str, count: int) -> None:
    with release.segment(key, count) as segment:
        segment.write_sound(sound(count))
        for frame in frames(count):
            segment.write(frame)


def test_a_film_has_all_its_frames_at_a_constant_rate(released: Released) -> None:
    with av.open(str(released.path)) as container:
        stream = container.streams.video[0]
        assert (stream.average_rate, stream.frames) == (25, 60)
        times = [frame.pts * frame.time_base for frame in container.decode(stream)]
    assert times == [Fraction(n, FPS) for n in range(60)]
    assert released.duration_s == 60 / FPS


def test_decoding_times_rise_evenly_over_the_join(released: Released) -> None:
    with av.open(str(released.path)) as container:
        packets = [p for p in container.demux(video=0) if p.size]
    steps = Counter(b.dts - a.dts for a, b in pairwise(packets))
    assert len(steps) == 1
    assert all(p.pts >= p.dts for p in packets)


def test_a_film_is_seekable_across_its_join(released: Released) -> None:
    with av.open(str(released.path)) as container:
        stream = container.streams.video[0]
        for target in (10, 34, 35, 36, 59):
            container.seek(int(target / FPS / stream.time_base), stream=stream)
            wanted = Fraction(target, FPS)
            assert any(frame.pts * frame.time_base == wanted for frame in container.decode(stream))


def test_key_frames_come_every_two_seconds_or_sooner(released: Released) -> None:
    with av.open(str(released.path)) as container:
        keys = [float(p.pts * p.time_base) for p in container.demux(video=0) if p.size and p.is_keyframe]
    assert 35 / FPS in keys
    assert max(np.diff([*keys, 60 / FPS])) <= 2.0


def test_colours_are_tagged_bt709(released: Released) -> None:
    with av.open(str(released.path)) as container:
        context = container.streams.video[0].codec_context
        assert (context.color_primaries, context.color_trc, context.colorspace) == (1, 1, 1)
        assert context.pix_fmt == "yuv420p"


def test_it_starts_fast(released: Released) -> None:
    data = released.path.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_sound_meets_picture_within_five_milliseconds(released: Released) -> None:
    offsets = offsets_ms(released.path)
    assert len(offsets) == 2 and max(map(abs, offsets)) < 5


def test_a_late_sound_is_measured_as_late(tmp_path: Path, grant: Grant) -> None:
    """The negative control of the measurement above."""
    late = film(tmp_path / "late.mp4", grant, shots=(30,), late_s=0.1)
    assert offsets_ms(late.path) == pytest.approx([100], abs=5)


def test_sound_of_another_rate_meets_picture_too(tmp_path: Path, grant: Grant) -> None:
    other = film(tmp_path / "other.mp4", grant, shots=(20, 21), rate_hz=16000)
    assert max(map(abs, offsets_ms(other.path))) < 5


def test_short_and_long_sound_never_shift_the_next_shot(tmp_path: Path, grant: Grant) -> None:
    release = opened(tmp_path / "a.mp4", grant)
    for key, heard in (("short", 3), ("long", 40), ("last", 20)):
        with release.segment(key, 20) as segment:
            for frame in frames(20, flashes=[FLASH] if key == "last" else []):
                segment.write(frame)
            segment.write_sound(sound(heard, [FLASH] if key == "last" else []))
    out = release.finish(keys=["short", "long", "last"])
    assert max(map(abs, offsets_ms(out.path))) < 5
    with av.open(str(out.path)) as container:
        length = container.streams.audio[0].duration * container.streams.audio[0].time_base
    assert length == Fraction(60, FPS)


def test_a_silent_film_has_no_sound_track(tmp_path: Path, grant: Grant) -> None:
    release = opened(tmp_path / "a.mp4", grant)
    with release.segment("only") as segment:
        for frame in frames(3):
            segment.write(frame)
    with av.open(str(release.finish(keys=["only"]).path)) as container:
        assert not container.streams.audio and container.streams.video[0].frames == 3


def test_the_label_is_in_every_frame(released: Released) -> None:
    label = label_for(SIZE)
    height, width = label.alpha.shape
    with av.open(str(released.path)) as container:
        for frame in container.decode(video=0):
            area = frame.to_ndarray(format="gray")[label.top :, label.left :][:height, :width]
            assert np.percentile(area, 98) - np.median(area) > 60, frame.pts


def test_two_independent_verifiers_trust_it(released: Released) -> None:
    credentials = read_file(released.path, "video/mp4")
    assert (credentials.state, credentials.problems) == ("trusted", ())
    assert credentials.actions == ("c2pa.created", "c2pa.watermarked.bound")
    assert credentials.soft_binding == released.watermark_id
    assert credentials.manifest_id == released.manifest_id
    second = encypher(released.path)
    assert (second["validation_state"], second["hard_binding"]) == ("Trusted", "match")


def test_the_ledger_holds_the_release_and_nothing_private(released: Released) -> None:
    entry = Ledger().entry(released.ledger_index)
    assert entry is not None and Ledger().proves(entry)
    assert entry.event["sha256"] == released.sha256
    assert [shot["frames"] for shot in entry.event["shots"]] == [35, 25]
    assert entry.event["watermark_readable"] is True
    assert b"A test" not in entry.body


def test_nothing_is_left_beside_the_film(released: Released) -> None:
    assert [p.name for p in released.path.parent.iterdir()] == [released.path.name]


def test_an_interrupted_film_resumes_and_has_every_frame_once(tmp_path: Path, grant: Grant) -> None:
    to = tmp_path / "film.mp4"
    first = opened(to, grant)
    shoot(first, "a", 10)
    with pytest.raises(KeyboardInterrupt), first.segment("b", 10) as segment:
        segment.write(next(frames(1)))
        raise KeyboardInterrupt
    second = opened(to, grant)
    assert (second.has("a"), second.has("b"), to.exists()) == (True, False, False)
    assert second.watermark_id == first.watermark_id
    with pytest.raises(BadInput, match="'b' is not finished"):
        second.finish(keys=["a", "b"])
    shoot(second, "b", 12)
    with av.open(str(second.finish(keys=["a", "b"]).path)) as container:
        assert len(list(container.decode(video=0))) == 22


def test_another_job_starts_afresh(tmp_path: Path, grant: Grant) -> None:
    first = opened(tmp_path / "film.mp4", grant)
    shoot(first, "a", 3)
    other = opened(tmp_path / "film.mp4", grant, fingerprint="another script")
    assert not other.has("a") and other.watermark_id != first.watermark_id


def test_a_segment_put_there_by_hand_is_never_signed(tmp_path: Path, grant: Grant) -> None:
    release = opened(tmp_path / "film.mp4", grant)
    shoot(release, "a", 6)
    shoot(release, "b", 7)
    short, long = sorted((tmp_path / ".film.mp4.work").glob("*.mp4"), key=lambda file: file.stat().st_size)
    short.write_bytes(long.read_bytes())
    with pytest.raises(BadInput, match="changed on disk"):
        release.finish(keys=["a", "b"])
    assert not (tmp_path / "film.mp4").exists()
    for file in (tmp_path / ".film.mp4.work").glob("*.json"):
        if file.name != "release.json":
            file.write_text(file.read_text().replace('"frames": ', '"frames": 1'))
    assert not release.has("a") and not release.has("b")


def test_a_shot_with_a_missing_frame_does_not_count(tmp_path: Path, grant: Grant) -> None:
    release = opened(tmp_path / "film.mp4", grant)
    with pytest.raises(ValueError, match="of 5 frames got 4"), release.segment("a", 5) as segment:
        for frame in frames(4):
            segment.write(frame)
    with pytest.raises(ValueError, match="at least one frame"), release.segment("a"):
        pass
    assert not release.has("a")


def test_a_frame_of_another_size_is_refused_at_once(tmp_path: Path, grant: Grant) -> None:
    release = opened(tmp_path / "film.mp4", grant)
    with pytest.raises(ValueError, match="the film is"), release.segment("a") as segment:
        segment.write(Frame(Image(np.zeros((64, 64, 3), np.uint8)), 0, 0.0))


def test_an_encoder_that_fails_stops_the_writer(tmp_path: Path, grant: Grant) -> None:
    release = opened(tmp_path / "film.mp4", grant)
    with pytest.raises(Unavailable), release.segment("a") as segment:
        segment._parts["mp4"] = tmp_path / "no such folder" / "a.mp4"
        for frame in frames(40):
            segment.write(frame)
    assert not release.has("a")


@pytest.mark.parametrize("name", ["film.avi", "film", "film.png"])
def test_only_mp4_films_are_made(tmp_path: Path, grant: Grant, name: str) -> None:
    with pytest.raises(BadInput, match=r"must end in \.mp4"):
        opened(tmp_path / name, grant)


def test_odd_sizes_are_refused(tmp_path: Path, grant: Grant) -> None:
    with pytest.raises(BadInput, match="even"):
        open_release(tmp_path / "a.mp4", grants=[grant], size_px=(321, 180), fps=25, title="", fingerprint="")


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, grant: Grant) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be written"):
        opened(tmp_path / "file" / "film.mp4", grant)
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(Unavailable, match="is a folder"):
        opened(tmp_path / "folder.mp4", grant)


_FULL = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from rights_stage import SIZE, frames, sound
from understudy.base.errors import Unavailable
from understudy.rights import open_release
from understudy.testing.grants import grant_for, walk_on
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
to, job = Path(sys.argv[1]), dict(title="A test", fingerprint="test")
release = open_release(to, grants=[grant_for(walk_on())], size_px=SIZE, fps=25, **job)
try:
    for key, count in (("a", 10), ("b", int(sys.argv[3]))):
        with release.segment(key, count) as segment:
            segment.write_sound(sound(count))
            for frame in frames(count):
                segment.write(frame)
        largest = max(p.stat().st_size for p in Path(sys.argv[1]).parent.rglob("*.*"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(largest * float(sys.argv[4])), resource.RLIM_INFINITY))
    release.finish(keys=["a", "b"])
except Unavailable as error:
    print(error)
"""


@pytest.mark.parametrize(("second", "limit"), [(50, 1.2), (14, 1.3)], ids=["while encoding", "while joining"])
def test_a_full_disk_leaves_no_half_film_and_the_next_run_resumes(
    tmp_path: Path, grant: Grant, second: int, limit: float
) -> None:
    to = tmp_path / "out" / "film.mp4"
    command = [sys.executable, "-c", _FULL, str(to), str(Path(__file__).parent), str(second), str(limit)]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert shown.stdout.startswith("The disk is full at"), shown.stdout + shown.stderr
    assert shown.stdout.count("\n") == 1
    assert not to.exists() and [p.name for p in to.parent.iterdir()] == [".film.mp4.work"]
    release = opened(to, grant)
    assert release.has("a")
    if not release.has("b"):
        shoot(release, "b", second)
    assert release.finish(keys=["a", "b"]).duration_s == (10 + second) / FPS
