"""One shot of a film on its way out: labelled, watermarked and encoded while the next frames are rendered."""

import json
import os
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import numpy as np

from understudy.base.audio import Audio
from understudy.hub.frames import Frame
from understudy.rights.fingerprint import fingerprint
from understudy.rights.label import label_for
from understudy.rights.outlet import settle, sha256_of, trouble
from understudy.rights.watermark import Marker, grid_of, grid_of_video

ENCODING = {"crf": "20", "preset": "veryfast", "profile": "high"}
ALPHA_ENCODING = {"profile": "4444", "vendor": "apl0", "alpha_bits": "16", "qscale": "9"}
_QUEUE = 8
_THREADS = 2


@dataclass(frozen=True)
class Format:
    """What every segment of a film shares. fps: pictures a second, exact. alpha: whether pictures carry transparency
    (Apple ProRes 4444 in QuickTime, straight alpha) instead of being opaque (H.264 in MP4).
    """

    size_px: tuple[int, int]
    fps: Fraction
    sound_rate_hz: int
    alpha: bool = False

    @property
    def container(self) -> str:
        """Returns the name of the container format, for the muxer."""
        return "mov" if self.alpha else "mp4"


@dataclass(frozen=True)
class Made:
    """What a finished segment is. samples: of its sound. fingerprints: (frame, fingerprint) about twice a second."""

    frames: int
    samples: int
    fingerprints: tuple[tuple[int, str], ...]
    picture_sha256: str
    sound_sha256: str


class Segment:
    """A context manager for one shot: write its frames in order and its sound; it counts when the block ends well.

    stem: path without ending; finished, there are `.mp4` (picture), `.pcm` (16-bit mono) and `.json` (sealed facts).
    """

    def __init__(
        self,
        stem: Path,
        to: Path,
        form: Format,
        *,
        key: bytes,
        watermark: str,
        frames_expected: int | None,
        seal: Callable[[Made], object],
    ) -> None:
        self._stem, self._to, self._format, self._expected, self._seal = stem, to, form, frames_expected, seal
        self._parts = {kind: stem.with_name(f"{stem.name}.{os.getpid()}.part.{kind}") for kind in ("mp4", "pcm")}
        self._marker = Marker(key, watermark, form.size_px)
        self._queue: queue.Queue[Frame | None] = queue.Queue(_QUEUE)
        self._thread = threading.Thread(target=self._work, name="understudy-encode", daemon=True)
        self._error: BaseException | None = None
        self._ended = False
        self._encoded = self._samples = 0
        self._fingerprints: list[tuple[int, str]] = []
        self._pcm: BinaryIO | None = None
        self._waiting: list[Audio] = []
        self._rate_hz = 0

    def __enter__(self) -> Self:
        try:
            self._pcm = self._parts["pcm"].open("wb")
        except OSError as error:
            raise trouble(error, self._to) from error
        self._thread.start()
        return self

    def write(self, frame: Frame) -> None:
        """Takes the next frame; waits when eight are waiting. Raises ValueError for a frame of another size."""
        if frame.image.size_px != self._format.size_px:
            raise ValueError(f"the film is {self._format.size_px}, and frame {frame.index} is {frame.image.size_px}")
        if self._format.alpha and frame.image.pixels.shape[2] != 4:
            raise ValueError(f"the film carries transparency, and frame {frame.index} has none")
        self._raise()
        self._queue.put(frame)

    def write_sound(self, audio: Audio) -> None:
        """Takes the next piece of sound, at one rate throughout the shot; it is brought to the film's rate."""
        if self._pcm is None:
            raise ValueError("write within the block of `with release.segment(...)`")
        if self._rate_hz not in (0, audio.rate_hz):
            raise ValueError(f"the sound of this shot is at {self._rate_hz} Hz, and this piece at {audio.rate_hz} Hz")
        self._rate_hz = audio.rate_hz
        if audio.rate_hz == self._format.sound_rate_hz:
            self._keep(audio)
        else:
            self._waiting.append(audio)  # brought to the film's rate in one go, so that pieces leave no seams

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is not None:
                self._error = self._error or error  # stops the work without finishing the file
            self._queue.put(None)
            self._thread.join()
            if kind is None:
                if self._waiting:
                    self._keep(Audio.join(self._waiting).at_rate(self._format.sound_rate_hz))
                self._raise()
                self._finish()
        finally:
            if self._pcm is not None:
                self._pcm.close()
            for part in self._parts.values():
                part.unlink(missing_ok=True)

    def _finish(self) -> None:
        if not self._encoded:
            raise ValueError("a segment needs at least one frame")
        if self._expected not in (None, self._encoded):
            raise ValueError(f"a segment of {self._expected} frames got {self._encoded}")
        try:
            assert self._pcm is not None
            self._pcm.close()
            for part in self._parts.values():
                settle(part)
            digests = {kind: sha256_of(part) for kind, part in self._parts.items()}
            for kind, part in self._parts.items():
                part.replace(self._stem.with_suffix(f".{kind}"))
            made = Made(self._encoded, self._samples, tuple(self._fingerprints), digests["mp4"], digests["pcm"])
            facts = self._stem.with_suffix(".json.part")
            facts.write_text(json.dumps(self._seal(made)))
            facts.replace(self._stem.with_suffix(".json"))
        except OSError as error:
            raise trouble(error, self._to) from error

    def _keep(self, audio: Audio) -> None:
        data = np.asarray(np.clip(np.rint(audio.samples * 32767), -32768, 32767), "<i2")
        try:
            assert self._pcm is not None
            self._pcm.write(data.tobytes())
        except OSError as error:
            raise trouble(error, self._to) from error
        self._samples += len(data)

    def _raise(self) -> None:
        if isinstance(self._error, OSError):
            raise trouble(self._error, self._to) from self._error
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        try:
            self._encode()
        except BaseException as error:
            self._error = self._error or error
            while not self._ended:  # lets the writer come to its next check
                self._next()

    def _next(self) -> Frame | None:
        frame = self._queue.get()
        self._ended = frame is None
        return frame

    def _encode(self) -> None:
        import av
        from av.video.reformatter import Colorspace, VideoReformatter

        if self._format.alpha:
            self._encode_alpha()
            return
        width, height = self._format.size_px
        label, convert = label_for((width, height)), VideoReformatter()
        half_second = max(1, round(self._format.fps / 2))
        with av.open(str(self._parts["mp4"]), "w", format="mp4") as container:
            stream = container.add_stream("libx264", rate=self._format.fps, options=_options(self._format.fps))
            _describe(stream, width, height, 1 / self._format.fps)
            while (frame := self._next()) is not None:
                if self._error is not None:
                    raise self._error
                pixels = np.ascontiguousarray(frame.image.pixels[:, :, :3])
                source = av.VideoFrame.from_numpy_buffer(pixels, "rgb24")  # not copied: it is only read
                picture: Any = convert.reformat(
                    source, None, None, "yuv420p", None, Colorspace.ITU709, threads=_THREADS
                )
                label.blend_video(picture)
                fresh = self._encoded % half_second == 0
                grid = grid_of_video(picture) if fresh or self._marker.due else None
                if fresh and grid is not None:
                    self._fingerprints.append((self._encoded, fingerprint(grid)))
                plane = picture.planes[0]
                luma = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[:height, :width]
                self._marker.mark_luma(luma, grid if self._marker.due else None)
                picture.pts, picture.time_base = self._encoded, 1 / self._format.fps
                container.mux(stream.encode(picture))
                self._encoded += 1
            if self._error is not None:
                raise self._error
            container.mux(stream.encode())

    def _encode_alpha(self) -> None:
        """Label and watermark go into RGB, seen or not, so that they stay when the film is laid over another."""
        import av
        from av.video.reformatter import Colorspace, VideoReformatter

        width, height = self._format.size_px
        label, convert = label_for((width, height)), VideoReformatter()
        half_second = max(1, round(self._format.fps / 2))
        with av.open(str(self._parts["mp4"]), "w", format="mov") as container:
            stream: Any = container.add_stream("prores_ks", rate=self._format.fps, options=ALPHA_ENCODING)
            _describe(stream, width, height, 1 / self._format.fps, "yuva444p10le")
            while (frame := self._next()) is not None:
                if self._error is not None:
                    raise self._error
                pixels = frame.image.pixels.copy()
                label.blend_rgb(pixels)
                fresh = self._encoded % half_second == 0
                grid = grid_of(pixels[:, :, :3]) if fresh or self._marker.due else None
                if fresh and grid is not None:
                    self._fingerprints.append((self._encoded, fingerprint(grid)))
                self._marker.mark_rgb(pixels, grid if self._marker.due else None)
                source = av.VideoFrame.from_ndarray(pixels, "rgba")
                picture: Any = convert.reformat(
                    source, None, None, "yuva444p10le", None, Colorspace.ITU709, threads=_THREADS
                )
                picture.pts, picture.time_base = self._encoded, 1 / self._format.fps
                container.mux(stream.encode(picture))
                self._encoded += 1
            if self._error is not None:
                raise self._error
            container.mux(stream.encode())


def _options(fps: Fraction) -> dict[str, str]:
    return {**ENCODING, "g": str(max(1, int(2 * fps))), "threads": str(_THREADS)}


def _describe(stream: Any, width: int, height: int, time_base: Fraction, pixel_format: str = "yuv420p") -> None:
    from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

    stream.width, stream.height, stream.pix_fmt = width, height, pixel_format
    context = stream.codec_context
    context.time_base = time_base
    context.colorspace = Colorspace.ITU709
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709
    context.color_range = ColorRange.MPEG
