"""Finished segments become one film: pictures are copied packet by packet, sound is encoded once over the joins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.rights.segment import Format

Pcm = npt.NDArray[np.int16]

_BLOCK = 1024
_FADE = 144
"""Samples over which sound that is longer than its picture fades out instead of clicking (3 ms at 48 kHz)."""


@dataclass(frozen=True)
class Piece:
    """One finished segment. picture: an H.264 MP4. sound: raw 16-bit mono."""

    picture: Path
    sound: Path
    frames: int


def join(pieces: Sequence[Piece], to: Path, form: Format, metadata: Mapping[str, str]) -> None:
    """Writes a fast-start MP4, or QuickTime with alpha, of the pieces in order, each with exactly its frames of sound.

    Presentation times are frame numbers; decoding times are packet numbers less the reordering depth, so both rise
    evenly across joins. Raises OSError when the file cannot be written.
    """
    import av

    depth = max(_depth(piece, form.fps) for piece in pieces)
    has_sound = any(piece.sound.stat().st_size for piece in pieces)
    options = {"movflags": "faststart+use_metadata_tags"}
    with av.open(str(to), "w", format=form.container, options=options) as container:
        container.metadata.update(metadata)
        with _opened(pieces[0]) as first:
            picture = container.add_stream_from_template(first.streams.video[0])
            if form.alpha:  # else the container would call it ProRes without alpha
                picture.codec_context.codec_tag = "ap4h"
        blocks: Iterator[Any] = iter(())
        sound: Any = None
        if has_sound:
            sound = container.add_stream("aac", rate=form.sound_rate_hz, layout="mono", options={"b": "160k"})
            blocks = _blocks(pieces, form)
        spoken = Fraction(0)
        for number, packet in _packets(pieces, form.fps):
            packet.dts = number - depth
            packet.time_base, packet.stream = 1 / form.fps, picture
            container.mux(packet)
            while sound is not None and spoken <= number / form.fps:
                block = next(blocks, None)
                if block is None:
                    break
                container.mux(sound.encode(block))
                spoken += Fraction(block.samples, form.sound_rate_hz)
        for block in blocks:
            container.mux(sound.encode(block))
        if sound is not None:
            container.mux(sound.encode())


def _packets(pieces: Sequence[Piece], fps: Fraction) -> Iterator[tuple[int, Any]]:
    """Yields (number, packet) over all pieces; pts is a frame number of the film."""
    number = start = 0
    for piece in pieces:
        with _opened(piece) as container:
            for packet in container.demux(video=0):
                if packet.size:
                    packet.pts = start + round(packet.pts * packet.time_base * fps)
                    packet.duration = 1
                    yield number, packet
                    number += 1
        start += piece.frames
        if number != start:
            raise OSError(0, f"a finished segment holds {number - start + piece.frames} of {piece.frames} frames")


def _depth(piece: Piece, fps: Fraction) -> int:
    """Returns how many packets a frame waits at most before it is shown."""
    with _opened(piece) as container:
        shown: list[int] = [round(p.pts * p.time_base * fps) for p in container.demux(video=0) if p.size]
    return max(number - pts for number, pts in enumerate(shown))


def _opened(piece: Piece) -> Any:
    import av

    return av.open(str(piece.picture), format="mov")


def _blocks(pieces: Sequence[Piece], form: Format) -> Iterator[Any]:
    """Yields the sound of the film in encoder blocks."""
    import av

    held = np.zeros(0, np.int16)
    done = 0

    def frame(samples: Pcm) -> Any:
        block = av.AudioFrame.from_ndarray(np.asarray(samples, np.float32)[None] / 32768, "fltp", "mono")
        block.sample_rate, block.pts, block.time_base = form.sound_rate_hz, done, Fraction(1, form.sound_rate_hz)
        return block

    for sound in _fitted(pieces, form):
        held = np.concatenate([held, sound])
        whole = len(held) // _BLOCK * _BLOCK
        for start in range(0, whole, _BLOCK):
            yield frame(held[start : start + _BLOCK])
            done += _BLOCK
        held = held[whole:]
    if len(held):
        yield frame(held)


def _fitted(pieces: Sequence[Piece], form: Format) -> Iterator[Pcm]:
    """Yields each piece's sound, padded or cut to the samples that its frames cover."""
    frames = begin = 0
    for piece in pieces:
        frames += piece.frames
        end = round(frames * form.sound_rate_hz / form.fps)
        sound = np.fromfile(piece.sound, "<i2")
        wanted = end - begin
        if len(sound) > wanted:
            sound = sound[:wanted]
            fade = min(_FADE, wanted)
            sound[wanted - fade :] = sound[wanted - fade :] * np.linspace(1, 0, fade)
        yield np.pad(sound, (0, wanted - len(sound)))
        begin = end
