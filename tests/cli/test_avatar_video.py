"""`avatar train --video`: what it refuses, it refuses in one sentence, and leaves nothing behind. Ann is nobody."""

import datetime
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, TRACK_CHANNELS
from understudy.hub.performance import Performance
from understudy.hub.track import Track
from understudy.judge.recognisers import has_dlib

FPS = 25
SIZE = 64


def filmed(to: Path, pictures: Sequence[np.ndarray]) -> Path:
    with av.open(str(to), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt, stream.time_base = SIZE, SIZE, "yuv420p", Fraction(1, FPS)
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return to


def grey(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    """Returns an even grey with boxes (top, bottom, left, right) of another colour."""
    picture = np.full((SIZE, SIZE, 3), 120, np.uint8)
    for top, bottom, left, right in boxes:
        picture[top:bottom, left:right] = (200, 150, 120)
    return picture


def take(to: Path, seconds: float) -> Path:
    frames = round(seconds * ANIMATION_RATE_HZ)
    tracks = {
        name: Track(name, channels, ANIMATION_RATE_HZ, np.zeros((frames, len(channels)), np.float32))
        for name, channels in TRACK_CHANNELS.items()
    }
    Performance("ann", Audio.silence(seconds, 16_000), tracks).save(to)
    return to


def refusal(ran: Any) -> str:
    assert ran.code == 2, ran.err
    last = ran.err.strip().splitlines()[-1]
    assert last.startswith("understudy: ") and "Traceback" not in ran.err
    return str(last)


class Set:
    """A folder with a key of Ann's that is trusted, and what is needed to be refused."""

    def __init__(self, understudy: Callable[..., Any], folder: Path) -> None:
        self.run, self.folder, self.to = understudy, folder, folder / "ann.actor"
        made = understudy("consent", "key", folder / "ann.pem")
        self.trust = made.out.strip().splitlines()[-1].split()[1:]
        assert understudy(*self.trust).code == 0

    def consent(self, video: Path, covers: str = "face") -> Path:
        last = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(30)
        to = self.folder / f"{video.stem}-{covers.replace(',', '-')}.jws"
        ran = self.run(
            "consent", "sign", video, "--person", "Ann", "--use", "scripted", "--for", "a film", "--until",
            last.isoformat(), "--key", self.folder / "ann.pem", "--covers", covers, "--i-agree", "-o", to,
        )  # fmt: skip
        assert ran.code == 0, ran.err
        return to

    def train(self, video: Path, *more: object) -> str:
        ran = self.run("avatar", "train", "emi", "--video", video, "--minutes", "0.01", *more, "-o", self.to)
        said = refusal(ran)
        assert not self.to.exists() and not list(self.folder.glob("*.part"))
        return said


@pytest.fixture
def stage(understudy: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Set:
    monkeypatch.setenv("UNDERSTUDY_HOME", str(tmp_path / "home"))
    # a machine without the detector, where the outline alone must tell
    monkeypatch.setitem(sys.modules, "_dlib_pybind11", None)
    return Set(understudy, tmp_path)


def test_nothing_is_learned_without_a_consent_that_counts(stage: Set, tmp_path: Path) -> None:
    video = filmed(tmp_path / "a.mp4", [grey()] * 50)
    other = filmed(tmp_path / "b.mp4", [grey((0, 9, 0, 9))] * 50)
    motion = take(tmp_path / "a.take", 2.0)
    assert "signed consent" in stage.train(video, "--take", motion)
    assert "signed consent" in stage.train(video)
    assert "another video" in stage.train(video, "--take", motion, "--consent", stage.consent(other))
    assert "not the face" in stage.train(video, "--take", motion, "--consent", stage.consent(video, "voice"))
    consent = stage.consent(video, "face,voice")
    assert "--take" in stage.train(video, "--consent", consent)
    assert stage.run("consent", "withdraw", consent).code == 0
    assert "withdrew" in stage.train(video, "--take", motion, "--consent", consent)
    assert "about a video" in refusal(stage.run("avatar", "train", "emi", "--consent", consent, "-o", stage.to))


def test_a_video_that_does_not_fit_is_refused_in_one_sentence(stage: Set, tmp_path: Path) -> None:
    motion = take(tmp_path / "a.take", 2.0)
    for name, pictures, words in (
        ("empty", [grey()] * 50, "No person is seen"),
        ("few", [grey((20, 64, 20, 44))] * 20, "20 pictures"),
        ("long", [grey()] * 80, "The take lasts 2.00 s and the video 3.20 s"),
    ):
        video = filmed(tmp_path / f"{name}.mp4", pictures)
        assert words in stage.train(video, "--take", motion, "--consent", stage.consent(video))
    noise = np.random.default_rng(0)
    busy = filmed(tmp_path / "busy.mp4", [noise.integers(0, 255, (SIZE, SIZE, 3)).astype(np.uint8)] * 50)
    assert "understudy[judge]" in stage.train(busy, "--take", motion, "--consent", stage.consent(busy))
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video at all")
    assert "cannot be read as a video" in stage.train(broken, "--take", motion, "--consent", stage.consent(broken))


@pytest.mark.skipif(not has_dlib(), reason="no detector here: extra [judge]")
def test_a_video_without_a_face_is_refused_by_the_detector(
    stage: Set, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "_dlib_pybind11")
    video = filmed(tmp_path / "a.mp4", [grey((20, 64, 20, 44))] * 50)
    said = stage.train(video, "--take", take(tmp_path / "a.take", 2.0), "--consent", stage.consent(video))
    assert "No face is found" in said
