import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from understudy.base.errors import BadInput
from understudy.hub.actor import ActorRecord
from understudy.hub.bundle import decode, encode, read_bundle, write_bundle
from understudy.hub.script import Direction, Line, Scene, Script


def zipped(**members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return stream.getvalue()


def test_a_noun_survives_json() -> None:
    line = Line("Stay.", "EMI", direction=Direction(emotions={"sadness": 0.5}, events=("sigh",)), emphasis=(0,))
    script = Script("T", (Scene("INT. ROOM", "dusk", (line,)),), digest="ab")
    assert decode(Script, "Script", encode("Script.1", script), "here") == script


def test_a_file_from_the_future_says_so() -> None:
    data = json.loads(encode("Actor.1", ActorRecord("a", "A", 30)))
    data["schema"] = "Actor.99"
    with pytest.raises(BadInput, match="upgrade Understudy"):
        decode(ActorRecord, "Actor", json.dumps(data).encode(), "a.actor")


def test_a_damaged_noun_names_the_file() -> None:
    with pytest.raises(BadInput, match=r"a\.actor"):
        decode(ActorRecord, "Actor", b'{"schema": "Actor.1", "name": 3}', "a.actor")


def test_a_member_that_climbs_out_is_refused() -> None:
    with pytest.raises(BadInput, match="unsafe name"):
        read_bundle(zipped(**{"../evil": "x"}), "evil.actor")


def test_a_body_is_packed_small_and_comes_back(tmp_path: Path) -> None:
    # what repeats further back than deflate looks
    body = np.random.default_rng(1).integers(0, 256, 200_000).astype(np.uint8).tobytes() * 3
    path = tmp_path / "a.actor"
    write_bundle(path, {"actor.json": b"{}", "body.glb": body})
    first = path.read_bytes()
    assert len(first) < 0.4 * len(body)
    assert read_bundle(first, "a.actor") == {"actor.json": b"{}", "body.glb": body}
    write_bundle(path, {"actor.json": b"{}", "body.glb": body})
    assert path.read_bytes() == first


def test_a_body_damaged_on_the_way_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.actor"
    write_bundle(path, {"actor.json": b"{}", "body.glb": bytes(range(256)) * 400})
    whole = bytearray(path.read_bytes())
    start = whole.index(b"body.glb") + 20
    for at in range(start, start + 60):
        damaged = bytearray(whole)
        damaged[at] ^= 0xFF
        with pytest.raises(BadInput, match=r"a\.actor"):
            read_bundle(bytes(damaged), "a.actor")
