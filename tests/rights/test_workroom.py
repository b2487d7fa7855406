from pathlib import Path

import numpy as np
import pytest

from understudy.base.image import Image
from understudy.hub.actor import Actor
from understudy.rights import authorise, open_workroom
from understudy.rights.workroom import Workroom


@pytest.fixture
def room(tmp_path: Path) -> Workroom:
    grant = authorise(Actor.open("emi"), project="avatar", script_digest="")
    return open_workroom(tmp_path / "emi.actor", grant=grant, about="1")


def reopened(tmp_path: Path, about: str = "1") -> Workroom:
    grant = authorise(Actor.open("emi"), project="avatar", script_digest="")
    return open_workroom(tmp_path / "emi.actor", grant=grant, about=about)


def test_notes_wait_for_the_same_work_alone(room: Workroom, tmp_path: Path) -> None:
    room.keep("lessons", b"half an avatar")
    assert reopened(tmp_path).load("lessons") == b"half an avatar"
    assert reopened(tmp_path, about="2").load("lessons") is None
    assert room.load("other") is None


def test_what_waits_is_sealed_and_not_taken_when_changed(room: Workroom, tmp_path: Path) -> None:
    room.keep("lessons", b"half an avatar" * 50)
    file = next((tmp_path / ".emi.actor.work").glob("*.note"))
    assert b"half an avatar" not in file.read_bytes()
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(bytes(data))
    assert room.load("lessons") is None


def test_pictures_wait_sealed_and_all_goes_away(room: Workroom, tmp_path: Path) -> None:
    shelf = room.shelf("views")
    shelf.keep(3, Image(np.full((4, 4, 4), 9, np.uint8)))
    kept = reopened(tmp_path).shelf("views").load(3)
    assert kept is not None and kept.pixels.shape == (4, 4, 4)
    assert reopened(tmp_path, about="2").shelf("views").load(3) is None
    room.clear()
    assert not (tmp_path / ".emi.actor.work").exists()
