"""Sets from the command line: one's own, transparent ones, cameras that move, and what cannot be."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, TRACK_CHANNELS
from understudy.hub.performance import Performance
from understudy.hub.track import Track


@pytest.fixture
def take(tmp_path: Path) -> Path:
    tracks = {n: Track(n, c, ANIMATION_RATE_HZ, np.zeros((24, len(c)), np.float32)) for n, c in TRACK_CHANNELS.items()}
    path = tmp_path / "a.take"
    Performance("emi", Audio.silence(0.4, 24000), tracks).save(path)
    return path


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    y, x = np.mgrid[:180, :320]
    pixels = np.stack([60 + x // 4, 90 + y // 3, 140 - y // 3], -1).astype(np.uint8)
    pixels[20:70, 20:80] = 255
    Image.fromarray(pixels).save(tmp_path / "room.png")
    return tmp_path / "room.png"


def render(understudy: Callable[..., object], take: Path, to: Path, *more: object) -> "object":
    return understudy("render", take, "-o", to, "--size", "320x180", *more)


def test_a_take_is_filmed_on_nothing_and_verifies(
    understudy: Callable[..., object], take: Path, tmp_path: Path
) -> None:
    ran = render(understudy, take, tmp_path / "a.mov", "--place", "alpha")
    assert ran.code == 0, ran.err  # type: ignore[attr-defined]
    assert "genuine" in understudy("verify", tmp_path / "a.mov").out  # type: ignore[attr-defined]


def test_the_light_of_any_set_can_be_kept_without_it(understudy: Callable[..., object], tmp_path: Path) -> None:
    ran = understudy("still", "-o", tmp_path / "a.png", "--place", "dusk", "--alpha", "--size", "320x180")
    assert ran.code == 0, ran.err  # type: ignore[attr-defined]
    assert np.asarray(Image.open(tmp_path / "a.png")).shape == (180, 320, 4)


def test_a_photograph_is_a_set_for_a_camera_that_moves(
    understudy: Callable[..., object], take: Path, photograph: Path, tmp_path: Path
) -> None:
    ran = render(understudy, take, tmp_path / "a.mp4", "--place", photograph, "--move", "push_in")
    assert ran.code == 0, ran.err  # type: ignore[attr-defined]
    assert (tmp_path / "a.mp4").exists()


@pytest.mark.parametrize(
    ("name", "more", "word"),
    [
        ("a.mp4", ["--place", "alpha"], ".mov"),
        ("a.mp4", ["--alpha"], ".mov"),
        ("a.mov", [], "--alpha"),
        ("a.mp4", ["--move", "fly"], "push_in"),
        ("a.mp4", ["--place", "none.jpg"], "none.jpg"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(
    understudy: Callable[..., object], take: Path, tmp_path: Path, name: str, more: list[str], word: str
) -> None:
    ran = render(understudy, take, tmp_path / name, *more)
    assert ran.code == 2  # type: ignore[attr-defined]
    last = ran.err.strip().splitlines()[-1]  # type: ignore[attr-defined]
    assert last.startswith("understudy: ") and word in last
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(("name", "content"), [("a.hdr", b"no"), ("a.glb", b"no"), ("a.jpg", b"no"), ("a.mkv", b"no")])
def test_a_set_that_cannot_be_read(
    understudy: Callable[..., object], take: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    ran = render(understudy, take, tmp_path / "a.mp4", "--place", tmp_path / name)
    assert ran.code == 2 and name in ran.err  # type: ignore[attr-defined]
    assert "Traceback" not in ran.err  # type: ignore[attr-defined]


def test_a_transparent_still_wants_a_png(understudy: Callable[..., object], tmp_path: Path) -> None:
    ran = understudy("still", "-o", tmp_path / "a.jpg", "--alpha", "--size", "320x180")
    assert ran.code == 2 and ".png" in ran.err  # type: ignore[attr-defined]


def test_the_light_of_ones_own_set_is_told_and_kept_as_a_place(
    understudy: Callable[..., object], photograph: Path, tmp_path: Path
) -> None:
    from understudy.hub.place import Place

    (tmp_path / "sets").mkdir()
    ran = understudy("places", photograph, "-o", tmp_path / "sets" / "room.json")
    assert ran.code == 0 and "key: towards (-" in ran.out  # type: ignore[attr-defined]
    kept, direct = Place.open(tmp_path / "sets" / "room.json"), Place.open(photograph)
    assert kept.lights == direct.lights and kept.ambience == direct.ambience
    assert kept.backdrop.plate is not None and Path(kept.backdrop.plate.file).samefile(photograph)
