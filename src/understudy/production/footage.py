"""A video of a person and the take that was tracked in it: pictures with the pose of each, on one clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.channels import BODY, COMPLEXION, FACE, GAZE, HEAD, TRACK_CHANNELS
from understudy.base.errors import BadInput
from understudy.hub.performance import Performance, Pose

Bytes = npt.NDArray[np.uint8]
Stamps = npt.NDArray[np.float64]

LARGEST_PX = 4096


@dataclass(frozen=True, eq=False)
class Clip:
    """pictures: (h, w, 3) uint8 sRGB, even in both directions. times_s: of each, from the first picture of the video.

    fps: of the video. whole_px: (width, height) of the video itself.
    """

    pictures: tuple[Bytes, ...]
    times_s: Stamps
    fps: float
    whole_px: tuple[int, int]


def read_clip(video: Path, *, count: int, height_px: int, within_s: float) -> Clip:
    """Returns up to `count` pictures, evenly over the video, area-averaged to at most this height.

    within_s: how long the take lasts. Raises BadInput when it is no video, or lasts longer than the take.
    """
    with _opened(video) as (container, stream):
        stamps = sorted(p.pts for p in container.demux(stream) if p.pts is not None and p.size)
        fps = float(stream.average_rate or 25)
        whole = int(stream.codec_context.width), int(stream.codec_context.height)
        step = float(stream.time_base)
    if not stamps:
        raise BadInput(f"{video} has no pictures in it; give a video.")
    if max(whole) > LARGEST_PX:
        raise BadInput(f"{video} has {whole[0]}x{whole[1]} pixels; use at most {LARGEST_PX} a side.")
    lasts_s = (stamps[-1] - stamps[0]) * step + 1 / fps
    # a film of a take may outlast its sound by less than a picture
    if within_s < lasts_s - 1 / fps - 1e-3:
        raise BadInput(
            f"The take lasts {within_s:.2f} s and the video {lasts_s:.2f} s; give the take of this whole video, whose "
            "clock starts with it."
        )
    picked = np.unique(np.linspace(0, len(stamps) - 1, min(count, len(stamps))).round().astype(int))
    wanted = {stamps[i] for i in picked}
    height = min(height_px, whole[1]) // 2 * 2
    width = max(2, round(whole[0] * height / whole[1] / 2) * 2)
    found: dict[int, Bytes] = {}
    with _opened(video) as (container, stream):
        for frame in container.decode(stream):
            if frame.pts in wanted:
                small = frame.reformat(width=width, height=height, format="rgb24", interpolation="AREA")
                found[frame.pts] = small.to_ndarray()
    order = sorted(found)
    return Clip(tuple(found[p] for p in order), (np.array(order, float) - stamps[0]) * step, fps, whole)


def poses_at(take: Performance, clip: Clip) -> list[Pose]:
    """Returns the pose in the middle of each picture, as films are made; a missing track is at rest."""
    middles = clip.times_s + 0.5 / clip.fps
    parts = [
        take.tracks[name].at(middles)
        if name in take.tracks and len(take.tracks[name].values)
        else np.zeros((len(middles), len(TRACK_CHANNELS[name])), np.float32)
        for name in (FACE, HEAD, GAZE, BODY, COMPLEXION)
    ]
    return [Pose(float(t), *rows) for t, *rows in zip(clip.times_s, *parts, strict=True)]


@contextmanager
def _opened(video: Path) -> Iterator[tuple[Any, Any]]:
    import av

    try:
        with av.open(str(video)) as container:
            if not container.streams.video:
                raise BadInput(f"{video} has no pictures in it; give a video.")
            yield container, container.streams.video[0]
    except (av.error.FFmpegError, OSError) as error:
        raise BadInput(f"{video} cannot be read as a video; give an MP4 file.") from error
