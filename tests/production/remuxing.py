"""Copies of a released film with something done to it, as anybody could."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np

from understudy.base.audio import Audio, read_sound


def copied(film: Path, to: Path) -> Path:
    """The same pictures and sound in a new file, which leaves the signed manifest behind."""
    with av.open(str(film)) as source, av.open(str(to), "w", format="mp4") as target:
        streams = {s.index: target.add_stream_from_template(s) for s in source.streams if s.type in ("video", "audio")}
        for packet in source.demux():
            if packet.size and packet.stream.index in streams:
                packet.stream = streams[packet.stream.index]
                target.mux(packet)
    return to


def with_sound(film: Path, to: Path, change: Callable[[Audio], Audio]) -> Path:
    """The same pictures with the sound changed."""
    sound = change(read_sound(film))
    with av.open(str(film)) as source, av.open(str(to), "w", format="mp4") as target:
        picture = target.add_stream_from_template(source.streams.video[0])
        voice = target.add_stream("aac", rate=sound.rate_hz, layout="mono")
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = picture
                target.mux(packet)
        for start in range(0, len(sound.samples), 1024):
            block = av.AudioFrame.from_ndarray(sound.samples[None, start : start + 1024], format="fltp", layout="mono")
            block.sample_rate, block.pts = sound.rate_hz, start
            target.mux(voice.encode(block))
        target.mux(voice.encode(None))
    return to


def late(by_s: float) -> Callable[[Audio], Audio]:
    """Puts silence before a sound, or cuts into it when negative."""

    def change(sound: Audio) -> Audio:
        shift = round(by_s * sound.rate_hz)
        padded = np.concatenate([np.zeros(max(0, shift), np.float32), sound.samples[max(0, -shift) :]])
        return Audio(padded, sound.rate_hz)

    return change


def shuffled(sound: Audio) -> Audio:
    """Cuts a sound into quarter seconds and deals them out again."""
    size = sound.rate_hz // 4
    pieces = [sound.samples[a : a + size] for a in range(0, len(sound.samples), size)]
    order = np.random.default_rng(3).permutation(len(pieces))
    return Audio(np.concatenate([pieces[i] for i in order]), sound.rate_hz)


def flipped(film: Path, to: Path) -> Path:
    """One bit changed in the middle."""
    data = bytearray(film.read_bytes())
    data[len(data) // 2] ^= 1
    to.write_bytes(data)
    return to
