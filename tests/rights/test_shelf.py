import json
from pathlib import Path

import numpy as np
import pytest
from rights_stage import FPS, SIZE, frames, sound

from understudy.base.exr import write_exr
from understudy.base.image import Image
from understudy.hub.passes import Passes
from understudy.hub.rights import Grant
from understudy.rights import Ledger, PassesOut, open_release
from understudy.rights.keys import trusted_licensors
from understudy.rights.shelf import SealedShelf
from understudy.rights.tokens import open_token

PICTURE = Image(np.random.default_rng(2).integers(0, 255, (36, 64, 3), np.uint8))


def shelf(folder: Path, bound: str = "job/shot") -> SealedShelf:
    return SealedShelf(folder / "abc", folder / "film.mp4", bound)


def test_a_picture_comes_back_from_the_shelf_as_it_was(tmp_path: Path) -> None:
    kept = shelf(tmp_path)
    assert not kept.has(3) and kept.load(3) is None
    kept.keep(3, PICTURE)
    assert kept.has(3)
    found = shelf(tmp_path).load(3)
    assert found is not None and np.array_equal(found.pixels, PICTURE.pixels)


def test_what_waits_is_no_picture_to_anyone_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf(tmp_path).keep(0, PICTURE)
    (file,) = tmp_path.glob("*.frame")
    assert b"PNG" not in file.read_bytes() and b"IDAT" not in file.read_bytes()
    monkeypatch.setenv("UNDERSTUDY_HOME", str(tmp_path / "another"))
    assert shelf(tmp_path).load(0) is None


def test_a_picture_fits_only_its_own_job_and_number(tmp_path: Path) -> None:
    shelf(tmp_path).keep(0, PICTURE)
    assert shelf(tmp_path, "job/another").load(0) is None
    (file,) = tmp_path.glob("*.frame")
    file.rename(file.with_name(file.name.replace("000000", "000001")))
    assert shelf(tmp_path).load(1) is None


def test_a_changed_picture_is_drawn_again(tmp_path: Path) -> None:
    shelf(tmp_path).keep(0, PICTURE)
    (file,) = tmp_path.glob("*.frame")
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(bytes(data))
    assert shelf(tmp_path).load(0) is None


def test_a_stopped_shot_keeps_its_pictures_and_a_released_film_none(tmp_path: Path, grant: Grant) -> None:
    to = tmp_path / "film.mp4"

    def opened():  # type: ignore[no-untyped-def]
        return open_release(to, grants=[grant], size_px=SIZE, fps=FPS, title="A test", fingerprint="slow")

    with pytest.raises(KeyboardInterrupt), opened() as release, release.segment("shot"):
        release.shelf("shot").keep(0, next(iter(frames(1))).image)
        raise KeyboardInterrupt
    with opened() as release:
        assert release.shelf("shot").has(0)
        with release.segment("shot", 5) as segment:
            segment.write_sound(sound(5))
            for frame in frames(5):
                segment.write(frame)
        released = release.finish(keys=["shot"])
    assert released.path == to and not list(tmp_path.rglob("*.frame"))


def test_another_job_throws_the_waiting_pictures_away(tmp_path: Path, grant: Grant) -> None:
    def opened(fingerprint: str):  # type: ignore[no-untyped-def]
        return open_release(
            tmp_path / "film.mp4", grants=[grant], size_px=SIZE, fps=FPS, title="A test", fingerprint=fingerprint
        )

    opened("one").shelf("shot").keep(0, PICTURE)
    assert opened("one").shelf("shot").has(0)
    assert not opened("two").shelf("shot").has(0)


def passes() -> Passes:
    plane = np.linspace(0, 1, 24 * 32, dtype=np.float32).reshape(24, 32)
    depth = np.where(plane > 0.5, 1.5 + plane, np.inf).astype(np.float32)
    return Passes(depth, np.dstack([plane] * 3), np.dstack([plane] * 3), plane, {"chin": (10.0, 12.5, 1.9)})


def test_passes_say_that_they_are_synthetic_and_are_signed(tmp_path: Path, grant: Grant) -> None:
    out = PassesOut(tmp_path / "p", grant=grant, title="A test", produce_id="00aa")
    out.write(0, passes())
    assert out.has(0) and not out.has(1)
    listed = json.loads(out.finish().read_text())
    token = listed.pop("token")
    assert open_token(token, trusted_licensors(), "the passes") == listed
    assert listed["synthetic"] and set(listed["files"]) == {"picture-000000.exr", "picture-000000.json"}
    head = (tmp_path / "p" / "picture-000000.exr").read_bytes()[:1500]
    assert b"trainedAlgorithmicMedia" in head and b"AIGC" in head
    marks = json.loads((tmp_path / "p" / "picture-000000.json").read_text())
    assert marks["synthetic"] and marks["landmarks"]["chin"] == [10.0, 12.5, 1.9]
    assert Ledger().find(f"sha256:{_digest(tmp_path / 'p' / 'passes.json')}")


def _digest(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_exr_holds_its_planes_as_halves(tmp_path: Path) -> None:
    import zlib

    plane = np.random.default_rng(1).normal(0, 3, (40, 33)).astype(np.float32)
    write_exr(tmp_path / "a.exr", {"Y": plane, "Z": plane * 2}, {"comments": "a note"})
    data = (tmp_path / "a.exr").read_bytes()
    assert data[:4] == bytes([0x76, 0x2F, 0x31, 0x01])
    head_end = data.index(b"a note") + len(b"a note") + 1
    offsets = np.frombuffer(data, "<u8", 3, head_end)
    lines = []
    for offset, count in zip(offsets, (16, 16, 8), strict=True):
        size = int.from_bytes(data[int(offset) + 4 : int(offset) + 8], "little")
        raw = data[int(offset) + 8 : int(offset) + 8 + size]
        whole = count * 33 * 2 * 2
        if size < whole:
            steps = np.frombuffer(zlib.decompress(raw), np.uint8).astype(np.int64)
            steps[1:] -= 128
            split = (np.cumsum(steps) & 0xFF).astype(np.uint8)
            raw = np.empty(whole, np.uint8)
            raw[0::2], raw[1::2] = split[: (whole + 1) // 2], split[(whole + 1) // 2 :]
        lines.append(np.frombuffer(bytes(raw), "<f2").reshape(count, 2, 33))
    found = np.concatenate(lines)
    assert np.allclose(found[:, 0], plane, rtol=2e-3, atol=2e-3)
    assert np.allclose(found[:, 1], plane * 2, rtol=2e-3, atol=2e-3)
