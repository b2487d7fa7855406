import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pil
from rights_stage import encypher, picture

from understudy.base.audio import Audio, read_sound
from understudy.base.errors import BadInput, NotAllowed, Unavailable
from understudy.base.image import Image
from understudy.hub.rights import Grant
from understudy.rights import aigc, release_sound, release_still
from understudy.rights.label import label_for
from understudy.testing.grants import grant_for, walk_on

TONE = Audio(0.5 * np.sin(np.arange(8000) / 7).astype(np.float32), 16000)


@pytest.mark.parametrize("name", ["still.png", "still.jpg"])
def test_a_still_carries_every_mark(tmp_path: Path, grant: Grant, name: str) -> None:
    given = picture(320, 180)
    before = given.copy()
    out = release_still(Image(given), tmp_path / name, grant=grant, title="A still")
    assert (given == before).all(), "the caller's picture is left alone"
    with Pil.open(out.path) as shown:
        pixels = np.asarray(shown.convert("RGB"))
        packet = shown.info.get("XML:com.adobe.xmp") or shown.info["xmp"].decode()
    assert pixels.shape == given.shape
    fields = aigc.read_xmp(packet)
    assert fields is not None and fields["ProduceID"] == out.watermark_id
    assert "trainedAlgorithmicMedia" in packet
    label = label_for((320, 180))
    area = np.s_[label.top : label.top + label.alpha.shape[0], label.left : label.left + label.alpha.shape[1]]
    assert np.abs(pixels[area].astype(int) - given[area]).mean() > 20
    assert np.abs(pixels[60:].astype(int) - given[60:]).mean() < 4
    assert encypher(out.path)["validation_state"] == "Trusted"
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_transparent_still_stays_transparent_in_png_and_is_white_in_jpeg(tmp_path: Path, grant: Grant) -> None:
    pixels = np.zeros((180, 320, 4), np.uint8)
    png = release_still(Image(pixels), tmp_path / "a.png", grant=grant, title="")
    jpeg = release_still(Image(pixels), tmp_path / "a.jpg", grant=grant, title="")
    with Pil.open(png.path) as shown:
        assert shown.mode == "RGBA" and shown.getpixel((5, 170))[3] == 0
    with Pil.open(jpeg.path) as shown:
        assert min(shown.getpixel((5, 170))) > 245


def test_sound_is_the_samples_with_tag_and_signature(tmp_path: Path, grant: Grant) -> None:
    out = release_sound(TONE, tmp_path / "voice.wav", grant=grant, title="A voice")
    heard = read_sound(out.path)
    assert heard.rate_hz == 16000
    assert np.abs(heard.samples - TONE.samples).max() < 1e-4
    assert aigc.read_wav_tag(out.path.read_bytes()) is not None
    assert (out.watermark_id, out.duration_s) == ("", 0.5)
    assert encypher(out.path)["validation_state"] == "Trusted"


def test_riff_sizes_are_right(tmp_path: Path, grant: Grant) -> None:
    data = release_sound(TONE, tmp_path / "voice.wav", grant=grant, title="").path.read_bytes()
    assert struct.unpack_from("<I", data, 4)[0] == len(data) - 8


@pytest.mark.parametrize("name", ["a.webp", "a.mp4", "a"])
def test_other_kinds_of_still_are_refused(tmp_path: Path, grant: Grant, name: str) -> None:
    with pytest.raises(BadInput, match="must end in"):
        release_still(Image(picture(64, 64)), tmp_path / name, grant=grant, title="")


def test_nothing_at_all_is_refused(tmp_path: Path, grant: Grant) -> None:
    with pytest.raises(BadInput, match="too small"):
        release_still(Image(picture(32, 32)), tmp_path / "a.png", grant=grant, title="")
    with pytest.raises(BadInput, match="no sound"):
        release_sound(Audio.silence(0, 16000), tmp_path / "a.wav", grant=grant, title="")


def test_a_folder_that_cannot_be_written_leaves_nothing(tmp_path: Path, grant: Grant) -> None:
    (tmp_path / "file").write_text("")
    for attempt in (
        lambda: release_still(Image(picture(64, 64)), tmp_path / "file" / "a.png", grant=grant, title=""),
        lambda: release_sound(TONE, tmp_path / "file" / "a.wav", grant=grant, title=""),
    ):
        with pytest.raises(Unavailable, match="cannot be written"):
            attempt()
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_foreign_grant_releases_nothing(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNDERSTUDY_HOME", str(tmp_path / "elsewhere"))
        foreign = grant_for(walk_on())
    with pytest.raises(NotAllowed):
        release_sound(TONE, tmp_path / "a.wav", grant=foreign, title="")
    with pytest.raises(NotAllowed):
        release_still(Image(picture(64, 64)), tmp_path / "a.png", grant=foreign, title="")
    assert not list(tmp_path.glob("a.*"))
