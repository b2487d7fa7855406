"""Pictures, sounds and small films for the tests of this folder."""

import io
import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from understudy.base.audio import Audio
from understudy.base.image import Image
from understudy.hub.frames import Frame
from understudy.hub.rights import Grant, Released
from understudy.rights import open_release

SIZE = (320, 180)
FPS = 25
FLASH = 12


def picture(width: int, height: int, phase: float = 0.0) -> np.ndarray:
    """A plain backdrop with soft shading, and a textured oval before it."""
    yy, xx = np.mgrid[:height, :width].astype(np.float32)
    texture = np.random.default_rng(3).normal(0, 12, (height, width, 1)).astype(np.float32)
    base = np.stack([80 + 50 * yy / height, 90 + 30 * xx / width, 105 + 10 * yy / height], -1)
    oval = np.hypot(
        (xx - width * (0.5 + 0.02 * np.sin(phase))) / (height * 0.45), (yy - height * 0.55) / (height * 0.5)
    )
    shape = np.clip((1 - oval) * 20, 0, 1)[:, :, None]
    skin = np.array([190, 150, 130]) + texture + 3 * np.sin(phase)
    return np.clip(base * (1 - shape) + skin * shape, 0, 255).astype(np.uint8)


def frames(count: int, size: tuple[int, int] = SIZE, flashes: Sequence[int] = ()) -> Iterator[Frame]:
    for i in range(count):
        pixels = np.full((size[1], size[0], 3), 250, np.uint8) if i in flashes else picture(*size, phase=i / 7)
        yield Frame(Image(pixels), i, i / FPS)


def sound(count: int, beeps: Sequence[int] = (), late_s: float = 0.0, rate_hz: int = 48000) -> Audio:
    """Silence of `count` frames with a beep of 40 ms at the start of each frame in `beeps`."""
    samples = np.zeros(round(count / FPS * rate_hz), np.float32)
    beep = 0.7 * np.sin(2 * np.pi * 1000 * np.arange(rate_hz // FPS) / rate_hz)
    for frame in beeps:
        start = round((frame / FPS + late_s) * rate_hz)
        samples[start : start + len(beep)] = beep
    return Audio(samples, rate_hz)


def film(to: Path, grant: Grant, *, shots: Sequence[int], late_s: float = 0.0, rate_hz: int = 48000) -> Released:
    release = open_release(to, grants=[grant], size_px=SIZE, fps=FPS, title="A test", fingerprint="test")
    for number, count in enumerate(shots):
        with release.segment(f"shot {number}", count) as segment:
            segment.write_sound(sound(count, [FLASH], late_s, rate_hz))
            for frame in frames(count, flashes=[FLASH]):
                segment.write(frame)
    return release.finish(keys=[f"shot {n}" for n in range(len(shots))], script_digest="0" * 64)


def flash_times_s(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        shown = [(frame.time, frame.to_ndarray(format="gray").mean()) for frame in container.decode(video=0)]
    return [float(time) for time, level in shown if level > 200]


def beep_times_s(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        decoded = list(container.decode(audio=0))
    start = float(decoded[0].time)
    samples = np.concatenate([frame.to_ndarray()[0] for frame in decoded])
    loud = np.flatnonzero(np.abs(samples) > 0.3)
    onsets = loud[np.r_[True, np.diff(loud) > 4800]]
    return [start + onset / decoded[0].sample_rate for onset in onsets]


def offsets_ms(path: Path) -> list[float]:
    """How late each beep is on its flash, measured on the decoded file."""
    return [1000 * (beep - flash) for flash, beep in zip(flash_times_s(path), beep_times_s(path), strict=True)]


def remuxed(path: Path, to: Path) -> Path:
    """Copies the packets into a fresh file, as `ffmpeg -c copy` does: the C2PA box is lost."""
    with av.open(str(path)) as given, av.open(str(to), "w") as out:
        streams = {s.index: out.add_stream_from_template(s) for s in given.streams}
        for packet in given.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                out.mux(packet)
    return to


def encoded(pictures: Sequence[Any], crf: int = 28, scale: float = 1.0) -> list[Any]:
    """Returns av.VideoFrames scaled, compressed with x264 and decoded."""
    stream_bytes = io.BytesIO()
    width, height = (round(n * scale) // 2 * 2 for n in (pictures[0].width, pictures[0].height))
    with av.open(stream_bytes, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=FPS, options={"crf": str(crf)})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for i, picture_given in enumerate(pictures):
            small = picture_given.reformat(width, height, "yuv420p", interpolation="BICUBIC")
            small.pts, small.time_base = i, Fraction(1, FPS)
            out.mux(stream.encode(small))
        out.mux(stream.encode())
    stream_bytes.seek(0)
    with av.open(stream_bytes) as given:
        return list(given.decode(video=0))


def flip_byte(path: Path, to: Path, place: float) -> Path:
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 1
    to.write_bytes(data)
    return to


def encypher(path: Path) -> dict[str, Any]:
    """The verdict of the second, independent C2PA implementation."""
    import encypher_c2pa

    from understudy.rights.keys import claim_anchors

    report = encypher_c2pa.verify(str(path), telemetry=False, no_default_trust=True, trust_pem=claim_anchors())
    return dict(json.loads(json.dumps(report, default=str)))
