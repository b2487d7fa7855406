"""How well the watermark holds, what it costs, and how sure a hit is.

    python benchmarks/watermark.py                    # a house actor, rendered here, 25 frames of 720p
    python benchmarks/watermark.py --clip film.mp4    # frames of a clip (one that carries no mark yet)

Accuracy is the share of the 64 bits that read right from N frames; 0.50 is chance. Score: standard deviations above
wrong keys, found from 6. The cost of a mark is given beside that of the colour conversion it follows, in the same run.
"""

import argparse
import io
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import Colorspace, VideoReformatter

from understudy.rights.label import label_for
from understudy.rights.watermark import THRESHOLD, Detector, Marker, _bits, grid_of_video

KEY, PAYLOAD = b"benchmark key of 32 bytes, fixed", "0123456789ab"


def rendered(actor_name: str, count: int, size: tuple[int, int]) -> list[np.ndarray]:
    """Frames of a house actor who turns the head and opens the mouth."""
    from understudy import render
    from understudy.base.audio import Audio
    from understudy.base.channels import ANIMATION_RATE_HZ, SHAPE_INDEX, TRACK_CHANNELS
    from understudy.hub.actor import Actor
    from understudy.hub.frames import Shot
    from understudy.hub.performance import Beat
    from understudy.hub.place import Place
    from understudy.hub.track import Track
    from understudy.testing.grants import grant_for

    actor = Actor.open(actor_name)
    moments = np.arange(count * 60 // 25 + 6) / ANIMATION_RATE_HZ
    values = {name: np.zeros((len(moments), len(c)), np.float32) for name, c in TRACK_CHANNELS.items()}
    values["face"][:, SHAPE_INDEX["jawOpen"]] = 0.2 + 0.2 * np.sin(9 * moments)
    values["head"][:, 1] = 0.12 * np.sin(3 * moments)
    tracks = {name: Track(name, TRACK_CHANNELS[name], ANIMATION_RATE_HZ, v) for name, v in values.items()}
    beat = Beat(0.0, Audio.silence(len(moments) / ANIMATION_RATE_HZ, 16000), tracks)
    stream = render.render(
        [beat], actor=actor, place=Place.open("studio"), shot=Shot(size_px=size), grant=grant_for(actor), look="raster"
    )
    return [frame.image.pixels[:, :, :3] for frame, _ in zip(stream, range(count), strict=False)]


def clip(path: Path, count: int) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [f.to_ndarray(format="rgb24") for f, _ in zip(container.decode(video=0), range(count), strict=False)]


def luma(frame: Any) -> np.ndarray:
    plane = frame.planes[0]
    return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]


def marked(pictures: Sequence[np.ndarray]) -> tuple[list[Any], list[Any], np.ndarray]:
    """Returns plain frames, marked frames and the milliseconds of (conversion, label, watermark) for each."""
    height, width = pictures[0].shape[:2]
    convert, label, marker = VideoReformatter(), label_for((width, height)), Marker(KEY, PAYLOAD, (width, height))
    plain, done, costs = [], [], []
    for pixels in pictures:
        marks = [time.perf_counter()]
        source = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), "rgb24")
        frame: Any = convert.reformat(source, None, None, "yuv420p", None, Colorspace.ITU709, threads=2)
        marks.append(time.perf_counter())
        label.blend_video(frame)
        marks.append(time.perf_counter())
        before = av.VideoFrame.from_ndarray(frame.to_ndarray(), "yuv420p")
        start = time.perf_counter()
        marker.mark_luma(luma(frame), grid_of_video(frame) if marker.due else None)
        marks.append(marks[-1] + time.perf_counter() - start)
        plain.append(before)
        done.append(frame)
        costs.append(np.diff(marks) * 1000)
    return plain, done, np.array(costs)


def through(frames: Sequence[Any], codec: str, options: dict[str, str], scale: float) -> tuple[list[Any], int]:
    memory = io.BytesIO()
    width, height = (round(n * scale) // 2 * 2 for n in (frames[0].width, frames[0].height))
    with av.open(memory, "w", format="matroska") as out:
        stream = out.add_stream(codec, rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for i, frame in enumerate(frames):
            small = frame.reformat(width, height, "yuv420p", interpolation="BICUBIC")
            small.pts, small.time_base = i, Fraction(1, 25)
            out.mux(stream.encode(small))
        out.mux(stream.encode())
    size = len(memory.getvalue())
    memory.seek(0)
    with av.open(memory) as given:
        return list(given.decode(video=0)), size


def seen(frames: Sequence[Any]) -> Detector:
    detector = Detector()
    for frame in frames:
        detector.add(grid_of_video(frame))
    return detector


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--clip", type=Path)
    options.add_argument("--actor", default="emi")
    options.add_argument("--frames", type=int, default=25)
    options.add_argument("--keys", type=int, default=400, help="wrong keys to try")
    given = options.parse_args()
    pictures = clip(given.clip, given.frames) if given.clip else rendered(given.actor, given.frames, (1280, 720))
    plain, done, costs = marked(pictures)
    error = np.mean([((luma(a).astype(float) - luma(b)) ** 2).mean() for a, b in zip(plain, done, strict=True)])
    print(f"{len(done)} frames of {done[0].width} x {done[0].height}, PSNR {10 * np.log10(255**2 / error):.1f} dB")
    middle = np.median(costs[1:], axis=0)
    print(
        f"ms a frame: conversion {middle[0]:.2f}, label {middle[1]:.2f}, watermark {costs[:, 2].mean():.2f} "
        f"(fitted every 12th: {costs[:, 2].max():.1f}); watermark / conversion {costs[:, 2].mean() / middle[0]:.2f}"
    )
    truth = _bits(PAYLOAD)
    print(f"{'after':28} {'1 frame':>16} {'10 frames':>16} {f'{len(done)} frames':>16}  bits added by the mark")
    for codec, settings, scale in (
        ("libx264", {"crf": "20", "preset": "veryfast"}, 1.0),
        ("libx264", {"crf": "23"}, 1.0),
        ("libx264", {"crf": "28"}, 1.0),
        ("libx264", {"crf": "28"}, 0.75),
        ("libx264", {"crf": "28"}, 0.5),
        ("libx264", {"crf": "32"}, 1.0),
    ):
        shown, size = through(done, codec, settings, scale)
        _, bare = through(plain, codec, settings, scale)
        cells = []
        for count in (1, 10, len(shown)):
            detector = seen(shown[:count])
            found = detector.result(KEY)
            accuracy = (detector.bits(KEY) == truth).mean()
            cells.append(f"{accuracy:.3f} {found.score:5.0f} {'id' if found.payload == PAYLOAD else '--'}")
        name = f"{codec} crf {settings['crf']} x {scale:g}"
        print(f"{name:28} {cells[0]:>16} {cells[1]:>16} {cells[2]:>16}  {100 * (size / bare - 1):+.0f} %")
    evidence, bare_evidence = seen(done), seen(plain)
    wrong = np.array(
        [[e.result(n.to_bytes(32, "big")).score for n in range(given.keys)] for e in (evidence, bare_evidence)]
    )
    for label, row in zip(("wrong keys on marked", "wrong keys on unmarked"), wrong, strict=True):
        print(f"{label:28} {given.keys} keys: mean {row.mean():.2f}, sd {row.std():.2f}, max {row.max():.2f}")
    print(f"found from {THRESHOLD:g} and a CRC that fits (16 of 65536 by luck)")


if __name__ == "__main__":
    main()
