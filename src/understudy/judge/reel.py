"""A finished film, decoded for measuring: small grey pictures with their times, and the sound on the same clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.audio import Audio
from understudy.base.errors import BadInput

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Reel:
    """pictures: (frames, height, width) uint8 grey, area-averaged; times_s: (frames,) presentation times.

    sound: starts at sound_start_s on the clock of the pictures; None when the film is silent.
    """

    pictures: npt.NDArray[np.uint8]
    times_s: Floats
    fps: float
    size_px: tuple[int, int]
    sound: Audio | None
    sound_start_s: float


def read_reel(path: Path, *, width_px: int = 256, seconds: float = 90.0) -> Reel:
    """Reads up to `seconds` of a film. Raises BadInput in one sentence when it is none."""
    with _opened(path) as container:
        stream = container.streams.video[0]
        fps = float(stream.average_rate or 25)
        size = stream.codec_context.width, stream.codec_context.height
        small = min(width_px, size[0]), max(2, round(size[1] * min(width_px, size[0]) / size[0]))
        pictures: list[npt.NDArray[np.uint8]] = []
        times: list[float] = []
        for frame in container.decode(stream):
            time_s = float(frame.time if frame.time is not None else len(times) / fps)
            if time_s > seconds:
                break
            grey = frame.reformat(width=small[0], height=small[1], format="gray", interpolation="AREA")
            pictures.append(grey.to_ndarray()[:, : small[0]])
            times.append(time_s)
    if not pictures:
        raise BadInput(f"{path} has no pictures in it; give a film.")
    sound, start_s = _sound(path, seconds)
    return Reel(np.stack(pictures), np.array(times), fps, size, sound, start_s)


def colour_pictures(path: Path, *, seconds: float = 90.0, height_px: int = 720) -> Iterator[npt.NDArray[np.uint8]]:
    """Yields the pictures of a film as (h, w, 3) uint8 sRGB, area-averaged to at most this height. Raises BadInput."""
    with _opened(path) as container:
        stream = container.streams.video[0]
        width, height = stream.codec_context.width, stream.codec_context.height
        small = (width, height) if height <= height_px else (2 * round(width * height_px / height / 2), height_px)
        for index, frame in enumerate(container.decode(stream)):
            if index >= seconds * float(stream.average_rate or 25):
                break
            yield frame.reformat(width=small[0], height=small[1], format="rgb24", interpolation="AREA").to_ndarray()


def size_and_rate(path: Path) -> tuple[tuple[int, int], float]:
    """Returns (width, height) and pictures a second of a film. Raises BadInput."""
    with _opened(path) as container:
        stream = container.streams.video[0]
        return (stream.codec_context.width, stream.codec_context.height), float(stream.average_rate or 25)


def duration_s(path: Path) -> float:
    """Returns how long the pictures of a film last. Raises BadInput."""
    with _opened(path) as container:
        stream = container.streams.video[0]
        if stream.frames and stream.average_rate:
            return float(stream.frames / stream.average_rate)
        return float(container.duration or 0) / 1e6


def _sound(path: Path, seconds: float) -> tuple[Audio | None, float]:
    """Returns the sound and the time of its first sample, as the file's own time stamps place it."""
    import av

    with _opened(path) as container:
        if not container.streams.audio:
            return None, 0.0
        stream = container.streams.audio[0]
        rate_hz = int(stream.codec_context.sample_rate)
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=rate_hz)
        chunks: list[npt.NDArray[np.float32]] = []
        start_s: float | None = None
        for frame in container.decode(stream):
            time_s = float(frame.time or 0.0)
            if time_s > seconds:
                break
            start_s = time_s if start_s is None else start_s
            chunks += [np.asarray(out.to_ndarray(), np.float32)[0] for out in resampler.resample(frame)]
    samples = np.concatenate(chunks) if chunks else np.zeros(0, np.float32)
    return (Audio(samples, rate_hz), start_s or 0.0) if len(samples) else (None, 0.0)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import av

    if not path.is_file():
        raise BadInput(f"There is no film at {path}; give the path of a film file.")
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise BadInput(f"{path} has no pictures in it; give a film.")
            yield container
    except av.error.FFmpegError as error:
        raise BadInput(f"{path} cannot be read as a film ({error.strerror or error}); give an MP4 file.") from error
