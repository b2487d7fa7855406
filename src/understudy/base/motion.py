"""Words of movement that several stages use: minimum-jerk moves that overlap, and slow wander."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Profile = Callable[[npt.ArrayLike], Floats]
"""Part of a movement's time, 0..1 -> part of its way, 0..1."""


def minimum_jerk(part: npt.ArrayLike) -> Floats:
    """Returns the place, 0..1, on a movement of least jerk at `part` of its time (Flash & Hogan 1985).

    Position, velocity and acceleration are continuous at both ends, so sums of such moves are C2.
    """
    u = np.minimum(np.maximum(np.asarray(part, np.float64), 0.0), 1.0)
    return np.asarray(u * u * u * (10.0 - 15.0 * u + 6.0 * u * u), np.float64)


class Moves:
    """A quantity of several channels that goes from place to place by moves that may overlap; times in seconds."""

    def __init__(self, start: npt.ArrayLike, profile: Profile = minimum_jerk) -> None:
        self._base = np.atleast_1d(np.asarray(start, np.float64)).copy()
        self._goal = self._base.copy()
        self._profile = profile
        self._moves: list[tuple[float, float, Floats, Profile]] = []

    @property
    def destination(self) -> Floats:
        """Returns (channels,) where everything ends when all planned moves are done."""
        return self._goal.copy()

    def by(self, start_s: float, duration_s: float, amount: npt.ArrayLike, *, profile: Profile | None = None) -> None:
        """Adds a move of `amount` on top of what is planned. profile: how it goes, the quantity's own by default."""
        by = np.broadcast_to(amount, self._base.shape).astype(float)
        self._moves.append((start_s, max(duration_s, 1e-3), by, profile or self._profile))
        self._goal = self._goal + by

    def to(self, start_s: float, duration_s: float, goal: npt.ArrayLike, *, profile: Profile | None = None) -> None:
        """Adds the move that makes `goal` the destination."""
        self.by(start_s, duration_s, np.asarray(goal, np.float64) - self.destination, profile=profile)

    def bump(
        self, peak_s: float, rise_s: float, fall_s: float, amount: npt.ArrayLike, *, earliest_s: float = -np.inf
    ) -> None:
        """Adds a move of `amount` that arrives at peak_s and then goes back; it begins no sooner than earliest_s."""
        peak_s = max(peak_s, earliest_s + 0.5 * rise_s)
        rise_s = min(rise_s, peak_s - earliest_s)
        self.by(peak_s - rise_s, rise_s, amount)
        self.by(peak_s, fall_s, -np.asarray(amount, np.float64))

    def at(self, times_s: npt.ArrayLike) -> Floats:
        """Returns (len(times_s), channels)."""
        times = np.atleast_1d(np.asarray(times_s, np.float64))
        values = np.repeat(self._base[None], len(times), axis=0)
        if not times.size:
            return values
        first, last = float(times[0]), float(times[-1])
        usual: list[tuple[float, float, Floats]] = []
        for start, duration, amount, profile in self._moves:
            if first >= start + duration:
                values += amount
            elif last > start and profile is minimum_jerk:
                usual.append((start, duration, amount))
            elif last > start:
                values += profile((times - start) / duration)[:, None] * amount
        if usual:  # in one go: a stream asks for a frame or two at a time
            starts, durations, amounts = zip(*usual, strict=True)
            parts = minimum_jerk((times[:, None] - starts) / durations)
            values += (parts[..., None] * np.array(amounts)).sum(axis=1)
        return values

    def forget(self, before_s: float) -> None:
        """Folds moves that ended before `before_s`, so that an hour costs no more than a minute."""
        done = [m for m in self._moves if m[0] + m[1] <= before_s]
        if not done:
            return
        for move in done:
            self._base = self._base + move[2]
        self._moves = [m for m in self._moves if m[0] + m[1] > before_s]


class Drift:
    """Endless slow wander of unit RMS per channel: sines between two frequencies, power falling as 1/f."""

    def __init__(self, rng: np.random.Generator, channels: int, low_hz: float, high_hz: float, voices: int = 9) -> None:
        steps = (np.arange(voices) + rng.uniform(0.1, 0.9, (channels, voices))) / voices
        self._hz = low_hz * (high_hz / low_hz) ** steps
        amplitude = self._hz**-0.5
        self._amplitude = amplitude / np.sqrt(0.5 * (amplitude**2).sum(axis=1, keepdims=True))
        self._phase = rng.uniform(0, 2 * np.pi, (channels, voices))

    def at(self, times_s: npt.ArrayLike) -> Floats:
        """Returns (len(times_s), channels)."""
        times = np.atleast_1d(np.asarray(times_s, np.float64))[:, None, None]
        waves = np.sin(2 * np.pi * self._hz * times + self._phase)
        return np.asarray((waves * self._amplitude).sum(axis=2))
