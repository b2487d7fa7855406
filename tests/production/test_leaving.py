"""A take leaves for other tools with its marks and its ledger entry, and a capture comes in as a take."""

import json
from pathlib import Path

import numpy as np
import pytest
from tests.exchange.formats.takes import acted, captured, departing, film, text

from understudy.base.audio import Audio, read_sound
from understudy.base.errors import BadInput, NotAllowed, UnknownName
from understudy.exchange.formats import format as finding
from understudy.hub.departure import CAPTURED, Carries
from understudy.hub.performance import Performance
from understudy.production.arriving import import_take
from understudy.production.leaving import export_take
from understudy.rights import Ledger, release_motion, verify
from understudy.testing.grants import grant_for, walk_on


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("left")
    names = ("a.csv", "a.glb", "a.bvh", "a.vtt", "a.wav", "a.jsonl")
    export_take(acted(), [folder / name for name in names])
    return folder


def test_every_file_is_in_the_ledger(left: Path) -> None:
    import hashlib

    for path in left.iterdir():
        entry = Ledger().find(f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}")[0]
        assert Ledger().proves(entry)
        assert entry.event["licences"] == ["house-emi"] and len(entry.event["grants"]) == 1
        kind = {"glb": "output.model", "wav": "output.signed"}.get(path.suffix[1:], "output.performance")
        assert entry.event["kind"] == kind
    assert verify(left / "a.csv").exit_code == 0 and verify(left / "a.glb").ledger.found_by == "sha256"
    other = left.parent / "changed.csv"
    other.write_bytes((left / "a.csv").read_bytes() + b"\n")
    with pytest.raises(BadInput, match="only as it was released here"):
        verify(other)
    changed = hashlib.sha256((left / "a.csv").read_bytes() + b"\n").hexdigest()
    assert not Ledger().find(f"sha256:{changed}")


def test_the_files_say_what_they_are(left: Path) -> None:
    from understudy.hub.glb import read_glb

    assert "AI-generated: Emi" in (left / "a.vtt").read_text()
    head = json.loads((left / "a.jsonl").read_text().split("\n", 1)[0])
    assert head["marks"]["performance"] == "synthetic" and '"Label":"1"' in head["marks"]["AIGC"]
    inside = read_glb((left / "a.glb").read_bytes(), "a.glb").json["asset"]["extras"]["understudy"]
    assert inside["licence"] == "house-emi" and inside["token"].count(".") == 2
    assert verify(left / "a.wav").exit_code == 0


def test_the_sound_is_that_of_the_take(left: Path) -> None:
    sound = read_sound(left / "a.wav")
    assert np.abs(sound.samples - acted().sound.samples).max() < 2 / 32768
    assert sorted(path.name for path in left.iterdir()) == ["a.bvh", "a.csv", "a.glb", "a.jsonl", "a.vtt", "a.wav"]


def test_nothing_leaves_without_leave(tmp_path: Path) -> None:
    ended = walk_on("ended", ends_on="2020-01-01")
    ended.save(tmp_path / "ended.actor")
    with pytest.raises(NotAllowed):
        export_take(acted(), tmp_path / "x.csv", actor=str(tmp_path / "ended.actor"))
    other = walk_on("other")
    with pytest.raises(NotAllowed, match="authorise that actor"):
        release_motion(
            lambda marks: {"": b"x"},
            tmp_path / "x.csv",
            actors=[other],
            grants=[grant_for(walk_on("third"))],
            title="x",
            carries=Carries.MOTION,
        )
    with pytest.raises(NotAllowed):
        release_motion(
            lambda marks: {"": b"x"}, tmp_path / "x.csv", actors=[], grants=[], title="x", carries=Carries.MOTION
        )
    assert not (tmp_path / "x.csv").exists()


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(BadInput, match=r"No format of takes is called 'fbx'; choose one of: wav, bvh, csv, glb"):
        export_take(acted(), [folder / "a.csv", folder / "a.fbx"])
    with pytest.raises(BadInput, match="2 are given"):
        export_take(film(), folder / "a.csv")
    with pytest.raises(BadInput, match="whole pictures at 24"):
        pytest.importorskip("opentimelineio")
        export_take(film(), folder / "a.otio", rate_hz=24.0)
    with pytest.raises(BadInput, match="1000 frames"):
        export_take(acted(), folder / "a.csv", rate_hz=1000.0)
    with pytest.raises(UnknownName):
        export_take(acted(), folder / "a.csv", actor="nobody")
    assert not [path for path in folder.iterdir() if path.suffix != ".wav"]


def test_an_edit_has_a_sound_for_each_voice(tmp_path: Path) -> None:
    otio = pytest.importorskip("opentimelineio")
    released = export_take(film(), tmp_path / "edit.otio", film="scene.mp4")
    assert {r.path.name for r in released} == {"edit.otio", "edit-emi.wav", "edit-jonah.wav"}
    edit = otio.adapters.read_from_file(str(tmp_path / "edit.otio"))
    for track in edit.tracks[1:]:
        for clip in track:
            if isinstance(clip, otio.schema.Clip):
                sound = read_sound(tmp_path / clip.media_reference.target_url)
                end = clip.source_range.end_time_exclusive().to_seconds()
                assert end <= sound.duration_s + 0.5 / 25
    assert len(Ledger().find(f"sha256:{released[0].sha256}")[0].event["grants"]) == 2


def test_listing_formats_imports_none_of_them() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from understudy.exchange.formats import format as f; from understudy.base import plugins;"
        "assert 'glb' in plugins.names(f.STAGE);"
        "assert not [m for m in sys.modules if m.startswith('understudy.exchange.formats.') and m[-6:] != 'format']"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_installed_format_says_what_it_needs() -> None:
    from understudy.base import plugins

    for name in plugins.names(finding.STAGE):
        form = finding.format_for(name)
        assert form.card.permissive and form.card.summary, name
        assert isinstance(form.carries, Carries) and form.sound in ("", "beside", "inside"), name
        assert form.rate_hz >= 0 and callable(form.write), name
        # a body needs its joints turned, and leaves as a release of the actor
        assert form.turns or form.carries is Carries.MOTION, name


@pytest.mark.parametrize("ending", ["csv", "jsonl", "vtt"])
def test_the_same_take_gives_the_same_bytes(ending: str) -> None:
    form = finding.format_for(ending)
    assert form.write(departing(acted()), ending=ending) == form.write(departing(acted()), ending=ending)


def test_what_is_only_written_is_not_read() -> None:
    with pytest.raises(BadInput, match=r"written, not read; give one of: csv, json, jsonl"):
        finding.reader_for("bvh")


def test_a_capture_becomes_a_take_with_its_sound(tmp_path: Path) -> None:
    path = tmp_path / "cap.csv"
    path.write_bytes(text(captured(90)))
    sound = Audio(np.sin(np.arange(24000 * 2) / 20).astype(np.float32) * 0.3, 24000)
    got = import_take(path, sound=sound, offset_s=0.5, actor="jonah")
    assert got.take.actor_name == "jonah" and got.take.duration_s == 2.0
    assert len(got.take.tracks["face"].values) == 120
    whole = import_take(path, body=False).take
    assert np.array_equal(got.take.tracks["face"].values, whole.tracks["face"].values[30:150])
    assert any("as long as the sound" in remark for remark in got.remarks)
    assert got.take.tracks["body"].values.std() > 0 and "body" not in whole.tracks
    assert not whole.sound.samples.any()
    got.take.save(tmp_path / "cap.take")
    again = Performance.open(tmp_path / "cap.take")
    assert np.array_equal(again.tracks[CAPTURED].values, got.take.tracks[CAPTURED].values)
    early = import_take(path, sound=sound, offset_s=-0.5, body=False).take
    assert not early.tracks[CAPTURED].values[:30].any()
    assert np.array_equal(early.tracks["face"].values[30:], whole.tracks["face"].values[:90])


def test_a_captured_take_says_so_when_it_leaves(tmp_path: Path) -> None:
    (tmp_path / "cap.csv").write_bytes(text(captured(20)))
    take = import_take(tmp_path / "cap.csv", body=False).take
    export_take(take, tmp_path / "out.json")
    marks = json.loads((tmp_path / "out.json").read_text())["marks"]
    assert marks["performance"] == "captured from a performer"
    with pytest.raises(BadInput, match="silent"):
        export_take(take, tmp_path / "out.wav")


def test_there_must_be_a_file_of_a_kind_that_is_read(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no file"):
        import_take(tmp_path / "none.csv")
    with pytest.raises(BadInput, match="No format"):
        import_take(tmp_path / "x.doc")
