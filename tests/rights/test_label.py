import av
import numpy as np
import pytest
from rights_stage import picture

from understudy.rights.label import label_for


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (320, 180), (64, 64), (3840, 2160)])
def test_the_label_is_inside_the_frame_at_the_top_right(size: tuple[int, int]) -> None:
    label = label_for(size)
    height, width = label.alpha.shape
    assert label.left >= 0 and label.left + width <= size[0]
    assert label.top >= 0 and label.top + height <= size[1]
    assert label.left + width > size[0] * 0.9 and label.top < size[1] * 0.1
    assert label.left % 2 == label.top % 2 == 0


def test_the_lozenge_is_five_percent_of_the_short_side() -> None:
    assert label_for((1280, 720)).alpha.shape[0] == 36
    assert label_for((720, 1280)).alpha.shape[0] == 36


@pytest.mark.parametrize("backdrop", [0, 128, 255])
def test_the_text_is_legible_on_any_backdrop(backdrop: int) -> None:
    pixels = np.full((720, 1280, 3), backdrop, np.uint8)
    label = label_for((1280, 720))
    label.blend_rgb(pixels)
    area = pixels[label.top :, label.left :][: label.alpha.shape[0], : label.alpha.shape[1], 0]
    ink, plate = np.percentile(area, 99.5), np.median(area)
    # WCAG 2.2 contrast of text on its plate, 4.5 is the bar for normal text
    light, dark = (((v / 255 + 0.055) / 1.055) ** 2.4 for v in (ink, plate))
    assert (light + 0.05) / (dark + 0.05) > 4.5


def test_nothing_outside_the_lozenge_changes() -> None:
    before = picture(320, 180)
    after = before.copy()
    label = label_for((320, 180))
    label.blend_rgb(after)
    changed = np.argwhere((before != after).any(2))
    height, width = label.alpha.shape
    assert changed.min(0).tolist() >= [label.top, label.left]
    assert (changed.max(0) < [label.top + height, label.left + width]).all()
    assert len(changed) > 0.7 * height * width


def test_transparent_stills_get_an_opaque_label() -> None:
    pixels = np.zeros((180, 320, 4), np.uint8)
    label = label_for((320, 180))
    label.blend_rgb(pixels)
    assert (pixels[:, :, 3] == 255).sum() > 0.9 * label.alpha.size


def test_film_and_still_show_the_same_label() -> None:
    pixels = np.full((180, 320, 3), 128, np.uint8)
    frame = av.VideoFrame.from_ndarray(pixels, "rgb24").reformat(format="yuv420p", dst_colorspace="ITU709")
    label = label_for((320, 180))
    label.blend_video(frame)
    label.blend_rgb(pixels)
    shown = frame.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray()
    assert np.abs(shown.astype(int) - pixels).max() <= 4
