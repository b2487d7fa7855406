"""Bringing an actor and taking one away, with the rights that go with it."""

import json
import struct
from pathlib import Path
from typing import Any

import pytest
from tests.exchange import avatars

from understudy.base.errors import BadInput, NotAllowed, UnknownName
from understudy.hub.actor import Actor
from understudy.production.still import still
from understudy.production.trade import export_actor, import_actor
from understudy.testing.avatars import with_avatar


def test_an_imported_avatar_performs_under_a_licence_of_this_installation(tmp_path: Path) -> None:
    source = avatars.vrm1(tmp_path / "egg.vrm")
    taken = import_actor(source, tmp_path / "egg.actor", age=30, synthetic=True)
    assert taken.actor.licence_jws and any("missing" in row for row in taken.report)
    released = still(tmp_path / "egg.png", actor=str(tmp_path / "egg.actor"), size_px=(96, 96))
    assert released.path.exists() and Actor.open(tmp_path / "egg.actor").record.display_name == "Egg"


@pytest.mark.parametrize(
    ("how", "word"),
    [
        ({"age": 30}, "real person"),
        ({"age": 0, "synthetic": True}, "adults"),
        ({"age": 17, "synthetic": True}, "adults"),
    ],
)  # fmt: skip
def test_nobody_is_imported_without_a_word_about_who_it_is(how: dict[str, object], word: str, tmp_path: Path) -> None:
    source = avatars.vrm1(tmp_path / "egg.vrm")
    with pytest.raises(NotAllowed, match=word):
        import_actor(source, tmp_path / "egg.actor", **how)
    assert not (tmp_path / "egg.actor").exists()


def test_an_avatar_for_its_author_alone_asks_who_grants_it(tmp_path: Path) -> None:
    source = avatars.vrm0(tmp_path / "egg.vrm")
    with pytest.raises(NotAllowed, match="only its author"):
        import_actor(source, tmp_path / "egg.actor", age=30, synthetic=True)
    taken = import_actor(source, tmp_path / "egg.actor", age=30, synthetic=True, licensor="A. Maker")
    assert taken.actor.licence.licensor == "A. Maker"


def test_an_exported_body_is_marked_and_recorded(tmp_path: Path) -> None:
    from understudy.rights import Ledger

    released = export_actor("emi", tmp_path / "emi.glb")
    data = released.path.read_bytes()
    document = json.loads(data[20 : 20 + struct.unpack_from("<I", data, 12)[0]])
    marks = document["asset"]["extras"]["understudy"]
    assert marks["licence"] == "house-emi" and marks["token"].count(".") == 2
    assert [entry.index for entry in Ledger().find(f"sha256:{released.sha256}")] == [released.ledger_index]


def test_an_avatar_leaves_as_gaussians_marked_and_recorded(tmp_path: Path) -> None:
    from understudy.rights import Ledger

    with_avatar("emi", 1000).save(tmp_path / "who.actor")
    ply = export_actor(str(tmp_path / "who.actor"), tmp_path / "who.ply")
    head = ply.path.read_bytes().split(b"end_header\n")[0].decode("ascii")
    assert "comment understudy.licence emi-" in head and "element vertex" in head
    assert [entry.index for entry in Ledger().find(f"sha256:{ply.sha256}")] == [ply.ledger_index]
    glb = export_actor(str(tmp_path / "who.actor"), tmp_path / "who.glb", look="neural", place="dusk")
    assert b"KHR_gaussian_splatting" in glb.path.read_bytes()


@pytest.mark.parametrize(
    ("name", "how", "why"),
    [
        ("x.ply", {}, "no neural avatar"),
        ("x.glb", {"look": "neural"}, "no neural avatar"),
        ("x.usdz", {"look": "neural"}, "cannot hold a neural avatar"),
        ("x.ply", {"look": "mesh"}, "cannot hold a body"),
        ("x.glb", {"look": "film"}, "mesh, neural"),
        ("x.glb", {"take": Path("x.take")}, "understudy export"),
        ("x.ply", {"place": "nowhere"}, "no neural avatar|nowhere"),
    ],
)
def test_gaussians_that_cannot_leave_leave_nothing(name: str, how: dict[str, Any], why: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=why):
        export_actor("emi", tmp_path / name, **how)
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="must end in"):
        export_actor("emi", tmp_path / "emi.obj")
    with pytest.raises(UnknownName):
        export_actor("nobody", tmp_path / "x.glb")
    assert not list(tmp_path.iterdir())
