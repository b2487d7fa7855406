import json
from pathlib import Path

import numpy as np
import pytest
from made_voices import FRAMES, RATE_HZ, tiny_piper

from understudy.base.errors import BadInput, Unavailable
from understudy.voice import graph
from understudy.voice.piper import Piper, _session
from understudy.voice.text import read

CLAUSE = read("My mother never left.")[0]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("UNDERSTUDY_PIPER", str(tmp_path))
    return tmp_path


def test_times_are_those_of_the_graph(folder: Path) -> None:
    tiny_piper(folder)
    said = Piper().say(CLAUSE, "en_US-tiny")
    assert [p.name for p in said.words[0].phones] == ["M", "AY"]
    step = FRAMES * 256 / RATE_HZ
    m, ay = said.words[0].phones
    assert m.start_s == pytest.approx(step, abs=1e-6), "the mark of the beginning comes first"
    assert m.end_s - m.start_s == pytest.approx(2 * step, abs=1e-6)
    assert ay.end_s - ay.start_s == pytest.approx((4 + 2) * step, abs=1e-6), "two symbols, their pads, and the space"


def test_without_one_place_of_rounding_times_are_left_to_alignment(folder: Path) -> None:
    tiny_piper(folder, ceilings=2)
    assert Piper().say(CLAUSE, "en_US-tiny").words == ()


def test_the_noise_of_the_graph_is_ours_so_that_every_run_is_alike(folder: Path) -> None:
    path = tiny_piper(folder)
    first = Piper().say(CLAUSE, "en_US-tiny").audio.samples
    _session.cache_clear()
    assert np.array_equal(first, Piper().say(CLAUSE, "en_US-tiny").audio.samples)
    edited = graph.edit(path.read_bytes(), path.name)
    assert edited.noisy
    assert b"RandomNormalLike" in path.read_bytes()
    assert b"RandomNormalLike" not in edited.model


def test_noise_is_really_heard(folder: Path) -> None:
    path = tiny_piper(folder)
    record = json.loads(Path(f"{path}.json").read_text())
    loud = Piper().say(CLAUSE, "en_US-tiny").audio.samples
    record["inference"]["noise_scale"] = 0.0
    tiny_piper(folder, name="en_US-still")
    Path(folder / "en_US-still.onnx.json").write_text(json.dumps(record))
    still = Piper().say(CLAUSE, "en_US-still").audio.samples
    assert 0.005 < float(np.std(loud - still)) < 0.03


@pytest.mark.parametrize("damage", [b"", b"<html>not found</html>", "half"])
def test_a_broken_model_is_one_sentence(folder: Path, damage: bytes | str) -> None:
    path = tiny_piper(folder)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] if isinstance(damage, str) else damage)
    _session.cache_clear()
    with pytest.raises((BadInput, Unavailable), match="en_US-tiny"):
        Piper().say(CLAUSE, "en_US-tiny")


def test_a_broken_description_is_named_and_others_go_on_working(folder: Path) -> None:
    bad = tiny_piper(folder, name="en_US-bad")
    Path(f"{bad}.json").write_text("{")
    assert "en_US-bad.onnx.json" in Piper().missing()
    tiny_piper(folder)
    assert Piper().missing() == ""
    assert list(Piper().bases()) == ["en_US-tiny"]


def test_an_empty_folder_says_what_to_put_there(folder: Path) -> None:
    assert str(folder) in Piper().missing()
    assert "NAME.onnx.json" in Piper().missing()


def test_a_voice_of_many_speakers_offers_each(folder: Path) -> None:
    path = tiny_piper(folder)
    record = json.loads(Path(f"{path}.json").read_text())
    record |= {"num_speakers": 2, "speaker_id_map": {"ann": 0, "ben": 1}}
    Path(f"{path}.json").write_text(json.dumps(record))
    assert list(Piper().bases()) == ["en_US-tiny#ann", "en_US-tiny#ben"]
    assert len(Piper().say(CLAUSE, "en_US-tiny#ben").audio.samples)
