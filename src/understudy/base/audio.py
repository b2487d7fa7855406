"""A buffer of sound that carries its rate."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput

Samples = npt.NDArray[np.float32]


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
        """Returns the sound resampled by a linear-phase polyphase filter (scipy.signal.resample_poly)."""
        if rate_hz == self.rate_hz or not len(self.samples):
            return Audio(self.samples, rate_hz)
        from math import gcd

        from scipy.signal import resample_poly

        common = gcd(self.rate_hz, rate_hz)
        samples = resample_poly(self.samples, rate_hz // common, self.rate_hz // common)
        return Audio(samples[: round(len(self.samples) * rate_hz / self.rate_hz)], rate_hz)


def read_sound(path: Path) -> Audio:
    """Reads any sound file, or the sound track of a film, as mono at its own rate.

    Stereo and surround are mixed down by the mean of their channels. Raises BadInput with one sentence.
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
                np.asarray(out.to_ndarray(), np.float32).mean(axis=0)
                for frame in container.decode(stream)
                for out in resampler.resample(frame)
            ]
    except av.error.FFmpegError as error:
        raise BadInput(
            f"{path} cannot be read as sound ({error.strerror or error}); give a WAV, FLAC, MP3 or film file."
        ) from error
    if not chunks or not sum(map(len, chunks)):
        raise BadInput(f"{path} holds no sound at all; give a file that is not empty.")
    return Audio(np.concatenate(chunks), rate_hz)
