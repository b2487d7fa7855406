"""A named bundle of curves on one clock."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Track:
    """name: 'face', 'head', ...; channels: names of the columns; values: (frames, channels) float32 at rate_hz."""

    name: str
    channels: tuple[str, ...]
    rate_hz: float
    values: Values

    def __post_init__(self) -> None:
        values = np.ascontiguousarray(self.values, np.float32)
        if values.ndim != 2 or values.shape[1] != len(self.channels):
            raise ValueError(f"track '{self.name}' needs (frames, {len(self.channels)}) values, got {values.shape}")
        object.__setattr__(self, "values", values)

    @property
    def duration_s(self) -> float:
        return len(self.values) / self.rate_hz

    def column(self, channel: str) -> Values:
        """Returns the (frames,) curve of one channel."""
        return self.values[:, self.channels.index(channel)]

    def at(self, times_s: npt.ArrayLike) -> Values:
        """Returns (len(times_s), channels), linear between frames, held at the ends."""
        position = np.clip(np.asarray(times_s, np.float64) * self.rate_hz, 0, max(0, len(self.values) - 1))
        low = np.floor(position).astype(int)
        high = np.minimum(low + 1, len(self.values) - 1)
        part = (position - low)[:, None]
        return np.asarray(self.values[low] * (1 - part) + self.values[high] * part, np.float32)

    @staticmethod
    def join(pieces: Sequence["Track"]) -> "Track":
        """Returns the pieces end to end; name, channels and rate are those of the first."""
        first = pieces[0]
        return Track(first.name, first.channels, first.rate_hz, np.concatenate([p.values for p in pieces]))
