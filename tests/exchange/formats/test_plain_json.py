"""A take as JSON keeps its published schema, comes back as it left, and is refused when it is damaged."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.exchange.formats.takes import acted, departing

from understudy.base.errors import BadInput
from understudy.exchange.formats.plain_json import PlainJson
from understudy.hub.departure import Arrival

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "take.schema.json").read_text())


def written(ending: str = "json", rate_hz: float = 60.0) -> bytes:
    return PlainJson().write(departing(acted(), rate_hz=rate_hz), ending=ending)[""]


def read(data: bytes, rate_hz: float | None = None) -> Arrival:
    return PlainJson().read(data, where="x.json", rate_hz=rate_hz)


@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_a_take_comes_back_as_it_left(ending: str) -> None:
    take, found = acted(), read(written(ending))
    assert set(found.tracks) == set(take.tracks)
    for name, track in take.tracks.items():
        assert found.tracks[name].values.shape == track.values.shape
        assert np.abs(found.tracks[name].values - track.values).max() < 1e-6
    assert found.actor_name == "emi" and found.duration_s == pytest.approx(take.duration_s)
    by_time = sorted(take.events, key=lambda e: (e.start_s, e.kind, e.name))
    again = sorted(found.events, key=lambda e: (e.start_s, e.kind, e.name))
    assert len(again) == len(by_time)
    for a, b in zip(again, by_time, strict=True):
        assert (a.kind, a.name) == (b.kind, b.name)
        assert (a.start_s, a.end_s, a.value) == pytest.approx((b.start_s, b.end_s, b.value), abs=1e-6)


def test_a_slower_rate_is_read_between_its_frames() -> None:
    found = read(written(rate_hz=24.0))
    jaw, truth = (t.tracks["face"].column("jawOpen") for t in (found, acted()))
    assert len(jaw) == pytest.approx(len(truth), abs=1)
    assert np.corrcoef(jaw[: len(truth)], truth[: len(jaw)])[0, 1] > 0.97


@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_what_is_written_follows_the_schema(ending: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    check = jsonschema.Draft202012Validator(SCHEMA)
    data = written(ending)
    rows = [json.loads(row) for row in data.splitlines()]
    assert len(rows) == (1 if ending == "json" else 1 + int(np.ceil(acted().duration_s)))
    for row in rows:
        check.validate(row)
    spoilt = json.loads(json.dumps(rows[0]))
    spoilt["rate_hz"] = "fast"
    assert not check.is_valid(spoilt)


def test_the_file_says_that_it_is_made_up() -> None:
    assert json.loads(written())["notice"].startswith("AI-generated")


def damaged(how: str) -> bytes:
    whole = json.loads(written())
    first = whole["beats"][0]["frames"]["face"]
    if how == "cut":
        return written()[:5000]
    if how == "no json":
        return b"Timecode,BlendShapeCount\n"
    if how == "other":
        return b'{"schema": "gltf"}'
    if how == "beats":
        whole["beats"] = []
    if how == "missing frames":
        del whole["beats"][1]
    if how == "rate":
        whole["rate_hz"] = 30
    if how == "column":
        first[3] = first[3][:-1]
    if how == "nan":
        return json.dumps(whole).replace('"face": [[0', '"face": [[NaN', 1).encode()
    if how == "uneven":
        whole["beats"][0]["frames"]["head"] = whole["beats"][0]["frames"]["head"][:-1]
    if how == "events":
        whole["beats"][0]["events"][0] = {"kind": "word"}
    if how == "long":
        whole["duration_s"] = 1e9
    return json.dumps(whole).encode()


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("cut", "cut off"), ("no json", "no JSON"), ("other", "no take in the schema"), ("beats", "no beats"),
        ("missing frames", "cut off or its rate is wrong"), ("rate", "cut off or its rate is wrong"),
        ("column", "schema"), ("nan", "do not fit"), ("uneven", "differ in length"), ("events", "schema"),
        ("long", "which no take has"),
    ],
)  # fmt: skip
def test_what_is_damaged_is_refused(how: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read(damaged(how))


def test_a_stated_rate_must_be_true() -> None:
    with pytest.raises(BadInput, match="60 frames a second, not 30"):
        read(written(), 30.0)


def test_a_captured_take_stays_one() -> None:
    from tests.exchange.formats.takes import captured, text

    from understudy.base.audio import Audio
    from understudy.exchange.formats.livelink import LiveLink
    from understudy.hub.performance import Performance

    arrival = LiveLink().read(text(captured(40)), where="x.csv", rate_hz=None)
    take = Performance("emi", Audio.silence(arrival.duration_s, 24000), arrival.tracks)
    again = read(PlainJson().write(departing(replace(take)), ending="json")[""])
    assert again.tracks["captured"].values.sum() == 40
