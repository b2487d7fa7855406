"""Films and stills that carry transparency keep every mark, and their alpha comes back as it went in."""

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image as Pil
from rights_stage import FPS, SIZE, picture, sound

from understudy import rights
from understudy.base.errors import BadInput
from understudy.base.image import Image, straight
from understudy.hub.frames import Frame
from understudy.hub.rights import Grant, Released
from understudy.rights import open_release
from understudy.rights.keys import watermark_key
from understudy.rights.label import label_for
from understudy.rights.watermark import detect


def cut_out(phase: float = 0.0) -> np.ndarray:
    """The oval of the test picture on nothing, straight alpha, with a soft edge."""
    width, height = SIZE
    yy, xx = np.mgrid[:height, :width].astype(np.float32)
    oval = np.hypot((xx - width / 2) / (height * 0.45), (yy - height * 0.55) / (height * 0.5))
    alpha = np.clip((1 - oval) * 12, 0, 1)
    out = np.full((height, width, 4), 96, np.uint8)
    out[..., :3][alpha > 0] = picture(*SIZE, phase=phase)[alpha > 0]
    out[..., 3] = np.rint(alpha * 255)
    return out


def release(to: Path, grant: Grant, count: int = 30) -> Released:
    opened = open_release(
        to, grants=[grant], size_px=SIZE, fps=FPS, title="A cut-out", fingerprint="alpha", alpha=True
    )  # fmt: skip
    with opened.segment("shot", count) as segment:
        segment.write_sound(sound(count))
        for i in range(count):
            segment.write(Frame(Image(cut_out(i / 9)), i, i / FPS))
    return opened.finish(keys=["shot"])


@pytest.fixture(scope="module")
def cut(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Released:
    from understudy.testing.grants import grant_for, walk_on

    return release(tmp_path_factory.mktemp("alpha") / "cut.mov", grant_for(walk_on()))


def decoded(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgba") for frame in container.decode(video=0)]


def test_a_film_with_alpha_is_prores_4444_with_sound(cut: Released) -> None:
    with av.open(str(cut.path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert video.codec_context.name == "prores"
        assert video.codec_context.profile == "4444"
        assert video.frames == 30 and float(video.average_rate) == FPS
        assert audio.codec_context.sample_rate == 48000


def test_its_alpha_and_colours_come_back(cut: Released) -> None:
    frames = decoded(cut.path)
    given = cut_out(4 / 9)
    label = np.zeros(given.shape[:2], bool)
    label[:20, 200:] = True
    alpha = frames[4][..., 3].astype(int)
    assert np.abs(alpha - given[..., 3])[~label].mean() < 1.0
    assert np.abs(alpha - given[..., 3])[~label].max() <= 12
    seen = (given[..., 3] > 250) & ~label
    assert np.abs(frames[4][..., :3].astype(int) - given[..., :3])[seen].mean() < 6


def test_it_verifies_as_genuine_with_its_watermark_and_label(cut: Released) -> None:
    report = rights.verify(cut.path)
    assert report.exit_code == 0 and report.watermark == "found" and report.ai_tag
    label = label_for(SIZE)
    height, width = label.alpha.shape
    middle = np.s_[label.top + height // 2, label.left + height : label.left + width - height]
    assert decoded(cut.path)[0][..., 3][middle].min() > 250  # the label is opaque


def test_the_watermark_survives_being_laid_over_another_picture(cut: Released) -> None:
    """Compositing keeps only what is opaque; sixty frames of a figure that fills a third of the picture are enough."""
    over = []
    for frame in decoded(cut.path) * 2:
        alpha = frame[..., 3:].astype(np.float32) / 255
        back = np.full((*frame.shape[:2], 3), (70, 90, 120), np.float32)
        over.append(np.rint(frame[..., :3] * alpha + back * (1 - alpha)).astype(np.uint8))
    assert detect(over, watermark_key()).score > 6
    empty = [np.full_like(over[0], 90)] * 10
    assert detect(empty, watermark_key()).payload is None


def test_one_bit_changed_is_found(cut: Released, tmp_path: Path) -> None:
    from rights_stage import flip_byte

    assert rights.verify(flip_byte(cut.path, tmp_path / "bad.mov", 0.6)).exit_code != 0


def test_a_frame_without_alpha_is_refused(grant: Grant, tmp_path: Path) -> None:
    opened = open_release(
        tmp_path / "a.mov", grants=[grant], size_px=SIZE, fps=FPS, title="A", fingerprint="a", alpha=True
    )
    with pytest.raises(ValueError, match="transparency"), opened.segment("shot") as segment:
        segment.write(Frame(Image(picture(*SIZE)), 0, 0.0))


@pytest.mark.parametrize(("name", "alpha"), [("a.mp4", True), ("a.mov", False)])
def test_a_name_that_does_not_fit_is_refused(grant: Grant, tmp_path: Path, name: str, alpha: bool) -> None:
    with pytest.raises(BadInput):
        open_release(tmp_path / name, grants=[grant], size_px=SIZE, fps=FPS, title="A", fingerprint="a", alpha=alpha)


def test_a_still_with_alpha_keeps_it_and_verifies(grant: Grant, tmp_path: Path) -> None:
    given = cut_out()
    released = rights.release_still(Image(given), tmp_path / "a.png", grant=grant, title="A")
    found = np.asarray(Pil.open(released.path))
    assert found.shape == given.shape
    below = np.s_[24:]
    np.testing.assert_array_equal(found[below][..., 3], given[below][..., 3])
    assert rights.verify(released.path).exit_code == 0


def test_straight_alpha_undoes_the_premultiplication() -> None:
    colour, alpha = np.array([200, 120, 60]), np.array([255, 128, 64, 0])
    premultiplied = np.zeros((1, 4, 4), np.uint8)
    premultiplied[0, :, :3] = np.rint(colour * alpha[:, None] / 255)
    premultiplied[0, :, 3] = alpha
    out = straight(premultiplied).astype(int)
    assert np.abs(out[0, :3, :3] - colour).max() <= 3
    np.testing.assert_array_equal(out[0, 3], (96, 96, 96, 0))
