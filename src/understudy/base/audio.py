"""A buffer of sound that carries its rate."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import gcd
from pathlib import Path

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput

Samples = npt.NDArray[np.float32]

CANCELLED = 0.01
"""Power of a mean of channels, against the loudest of them, below which they cancel out: one of eight leaves 1/64."""


@dataclass(frozen=True, eq=False)
class Audio:
    """Mono sound. samples: (n,) float32 in -1..1, rate_hz: samples a second."""

    samples: Samples
    rate_hz: int

    def __post_init__(self) -> None:
        if self.samples.ndim != 1:
            raise ValueError(f"Audio is mono, got shape {self.samples.shape}")
        object.__setattr__(self, "samples", np.ascontiguousarray(self.samples, np.float32))

    @property
    def duration_s(self) -> float:
        return len(self.samples) / self.rate_hz

    @staticmethod
    def silence(duration_s: float, rate_hz: int) -> "Audio":
        return Audio(np.zeros(round(duration_s * rate_hz), np.float32), rate_hz)

    @staticmethod
    def join(pieces: Iterable["Audio"]) -> "Audio":
        """Returns the pieces end to end; they share one rate."""
        parts = list(pieces)
        if len({p.rate_hz for p in parts}) != 1:
            raise ValueError("Audio.join needs at least one piece, all of one rate")
        return Audio(np.concatenate([p.samples for p in parts]), parts[0].rate_hz)

    def cut(self, start_s: float, end_s: float) -> "Audio":
        """Returns the sound of [start_s, end_s); beyond the ends there is nothing."""
        a, b = (max(0, round(t * self.rate_hz)) for t in (start_s, end_s))
        return Audio(self.samples[a:b], self.rate_hz)

    def at_rate(self, rate_hz: int) -> "Audio":
        """Returns the sound resampled by a linear-phase windowed sinc (Kaiser, 75 dB, 95 % of the band kept)."""
        if rate_hz == self.rate_hz or not len(self.samples):
            return Audio(self.samples, rate_hz)
        return Audio(_resampled(self.samples, self.rate_hz, rate_hz), rate_hz)


def read_sound(path: Path) -> Audio:
    """Reads any sound file, or the sound track of a film, as mono at its own rate.

    Stereo and surround are mixed down (`mono`). Raises BadInput with one sentence.
    """
    import av

    if not path.is_file():
        raise BadInput(f"There is no sound file at {path}; give the path of a WAV, FLAC, MP3 or film file.")
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise BadInput(f"{path} has no sound in it; give a file with a sound track.")
            stream = container.streams.audio[0]
            rate_hz = int(stream.codec_context.sample_rate)
            resampler = av.AudioResampler(format="fltp", rate=rate_hz)
            chunks = [
                np.asarray(out.to_ndarray(), np.float32)
                for frame in container.decode(stream)
                for out in resampler.resample(frame)
            ]
    except av.error.FFmpegError as error:
        raise BadInput(
            f"{path} cannot be read as sound ({error.strerror or error}); give a WAV, FLAC, MP3 or film file."
        ) from error
    if not chunks or not sum(chunk.shape[1] for chunk in chunks):
        raise BadInput(f"{path} holds no sound at all; give a file that is not empty.")
    return Audio(mono(np.concatenate(chunks, axis=1)), rate_hz)


def mono(channels: npt.NDArray[np.float32]) -> Samples:
    """Returns (samples,) from (channels, samples): their mean, or the loudest where the mean cancels them out, as it
    does with one side of a stereo pair wired the wrong way round."""
    mixed = channels.mean(axis=0)
    power = np.mean(np.square(channels, dtype=np.float64), axis=1)
    if np.mean(np.square(mixed, dtype=np.float64)) < CANCELLED * power.max():
        return np.asarray(channels[int(np.argmax(power))], np.float32)
    return np.asarray(mixed, np.float32)


def _resampled(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """Returns the samples at another rate: one polyphase branch of the filter per output phase.

    Written with numpy because importing scipy.signal takes a second, which the first word of an actor cannot wait.
    """
    common = gcd(from_hz, to_hz)
    up, down = to_hz // common, from_hz // common
    slower = max(up, down)
    half = 24 * slower
    at = np.arange(-half, half + 1)
    cutoff = 0.95 / slower
    filter_taps = (up * cutoff * np.sinc(cutoff * at) * np.kaiser(2 * half + 1, 7.5)).astype(np.float32)
    count = round(len(samples) * up / down)
    reach = half // up + 2
    padded = np.pad(samples, (reach, reach + down + 2))
    out = np.zeros(count, np.float32)
    for phase in range(min(up, count)):
        rows = len(range(phase, count, up))
        place = phase * down + half  # on the grid of both rates, at the far end of the filter
        branch = filter_taps[place % up :: up]
        newest = place // up + reach
        total = np.zeros(rows, np.float32)
        for k, tap in enumerate(branch):
            first = newest - k
            part = padded[max(0, first) :: down][:rows] if first >= 0 else padded[:0]
            total[: len(part)] += tap * part
        out[phase::up] = total
    return out
