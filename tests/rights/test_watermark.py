import av
import numpy as np
import pytest
from rights_stage import encoded, picture

from understudy.rights.fingerprint import SAME, distance, fingerprint
from understudy.rights.watermark import THRESHOLD, Detection, Detector, Marker, _chips, detect, grid_of, grid_of_video

KEY, PAYLOAD = b"k" * 32, "0123456789ab"
Video = list["av.VideoFrame"]


def plain(count: int, size: tuple[int, int]) -> Video:
    shown = (av.VideoFrame.from_ndarray(picture(*size, phase=i / 7), "rgb24") for i in range(count))
    return [frame.reformat(format="yuv420p", dst_colorspace="ITU709") for frame in shown]


def luma(frame: av.VideoFrame) -> np.ndarray:
    plane = frame.planes[0]
    return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]


def mark(frames: Video, key: bytes = KEY) -> Video:
    marker = Marker(key, PAYLOAD, (frames[0].width, frames[0].height))
    copies = [av.VideoFrame.from_ndarray(frame.to_ndarray(), "yuv420p") for frame in frames]
    for frame in copies:
        marker.mark_luma(luma(frame), grid_of_video(frame) if marker.due else None)
    return copies


def seen(frames: Video) -> Detector:
    detector = Detector()
    for frame in frames:
        detector.add(grid_of_video(frame))
    return detector


def read(frames: Video, key: bytes = KEY) -> Detection:
    return seen(frames).result(key)


@pytest.fixture(scope="module")
def hd() -> tuple[Video, Video]:
    """12 frames of 720p, plain and marked."""
    frames = plain(12, (1280, 720))
    return frames, mark(frames)


def test_the_mark_survives_strong_compression_and_scaling(hd: tuple[Video, Video]) -> None:
    found = read(encoded(hd[1], crf=28, scale=0.75))
    assert found.payload == PAYLOAD and not found.flipped and found.score > 2 * THRESHOLD


def test_the_mark_stays_below_42_db(hd: tuple[Video, Video]) -> None:
    error = np.mean([((luma(a).astype(float) - luma(b)) ** 2).mean() for a, b in zip(*hd, strict=True)])
    assert 10 * np.log10(255**2 / error) > 42


def test_flat_backdrops_hardly_move(hd: tuple[Video, Video]) -> None:
    backdrop = np.s_[40:600, 40:280]
    change = luma(hd[1][0])[backdrop].astype(int) - luma(hd[0][0])[backdrop]
    assert np.abs(change).max() <= 2
    assert 0 < np.abs(change).mean() < 0.4
    assert (np.abs(change) > 1).mean() < 0.005


def test_small_pictures_carry_it_too() -> None:
    assert read(encoded(mark(plain(12, (320, 180))), crf=20)).payload == PAYLOAD


def test_tall_pictures_carry_it_too() -> None:
    assert read(encoded(mark(plain(8, (360, 640))), crf=23)).payload == PAYLOAD


def test_a_mirrored_picture_is_still_read() -> None:
    frames = [np.ascontiguousarray(luma(frame)[:, ::-1]) for frame in mark(plain(3, (640, 360)))]
    found = detect(frames, KEY)
    assert found.payload == PAYLOAD and found.flipped


def test_unmarked_pictures_say_nothing(hd: tuple[Video, Video]) -> None:
    found = read(hd[0])
    assert found.payload is None and found.score < THRESHOLD


def test_other_keys_read_nothing(hd: tuple[Video, Video]) -> None:
    """The margin: 60 wrong keys on marked pictures, of the summed evidence of 5 frames."""
    evidence = seen(hd[1][:5])
    wrong = [evidence.result(number.to_bytes(32, "big")) for number in range(60)]
    assert all(found.payload is None for found in wrong)
    assert max(found.score for found in wrong) < THRESHOLD - 1
    assert evidence.result(KEY).score > 5 * THRESHOLD


@pytest.mark.parametrize("level", [0, 16, 128, 235, 255])
def test_extreme_levels_do_not_wrap(level: int) -> None:
    frame = av.VideoFrame.from_ndarray(np.full((180, 320, 3), level, np.uint8), "rgb24")
    video = frame.reformat(format="yuv420p", dst_colorspace="ITU709")
    (marked,) = mark([video])
    assert np.abs(luma(marked).astype(int) - luma(video)).max() <= 12


def test_every_bit_of_the_payload_counts() -> None:
    grid = grid_of(picture(320, 180))
    for payload in ("000000000000", "ffffffffffff", "8000000000a1"):
        pattern = Marker(KEY, payload, (256, 256)).pattern(grid).astype(np.float32)
        assert detect([np.asarray(np.clip(grid + pattern, 0, 255), np.uint8)], KEY).payload == payload


def test_a_damaged_payload_is_found_among_those_that_exist() -> None:
    evidence = seen(mark(plain(2, (320, 180))))
    owner, _ = _chips(KEY)
    for total in evidence._sums:
        total[np.isin(owner, [3, 9, 20, 33, 41, 60])] *= -1  # six bits now read wrong, and surely so
    bare = evidence.result(KEY)
    assert bare.payload is None and bare.score > THRESHOLD
    others = [f"{number:012x}" for number in range(0, 1 << 48, (1 << 48) // 500)]
    assert evidence.result(KEY, [*others, PAYLOAD]).payload == PAYLOAD
    assert evidence.result(KEY, others).payload is None
    assert evidence.result(b"x" * 32, [*others, PAYLOAD]).payload is None


def test_a_payload_is_six_bytes() -> None:
    with pytest.raises(ValueError, match="12 hex digits"):
        Marker(KEY, "0123", (320, 180))


def test_the_first_frame_needs_its_grid() -> None:
    with pytest.raises(ValueError, match="canonical grid"):
        Marker(KEY, PAYLOAD, (320, 180)).mark_luma(np.zeros((180, 320), np.uint8), None)


def test_fingerprints_survive_compression_and_tell_pictures_apart() -> None:
    frames = plain(1, (320, 180))
    one = fingerprint(grid_of_video(frames[0]))
    assert distance(one, fingerprint(grid_of_video(encoded(frames, crf=32, scale=0.5)[0]))) <= SAME // 2
    assert distance(one, fingerprint(grid_of_video(frames[0])[:, ::-1])) > SAME
    noise = np.random.default_rng(1).integers(0, 255, (180, 320), np.uint8)
    assert distance(one, fingerprint(grid_of(noise))) > SAME
