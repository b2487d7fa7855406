"""Her own voice in the user's microphone: what she hums while the user speaks is no speech of the user's.

A browser takes most of it out of the sound by itself; loudspeakers and streams without that do not. What she hums is
known, so a piece of the microphone's sound is held against it at every delay (normalised cross-correlation): a user who
speaks at the same moment is not like it.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.base.audio import Audio

RATE_HZ: Final = 16_000
LATEST_S: Final = 0.6
"""How long after she has hummed her voice may still come in: the way to a page, its buffer, the air, the way back."""
ALIKE: Final = 0.65
"""Correlation from which on a piece is hers: 94 % of her hums from a loudspeaker in a simulated room get there, and
1.5 % of what another actor says with the same synthesis, nearly all of it first sounds after a silence."""
PIECES: Final = 8
"""So many pieces of the microphone, a quarter of a second, are held against it together: one alone is often like any
voice of that pitch."""
ENOUGH: Final = 4
"""So many of them must sound for it to be sure: any first sound after a silence is like some part of a hum."""

Pcm = npt.NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class _Hummed:
    sound: npt.NDArray[np.float32]
    until_s: float


class Echo:
    """What she hums, for whoever listens to the user. now: a clock in seconds. `hummed` may come from any thread; what
    is heard comes from one."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last: _Hummed | None = None
        self._heard: deque[Pcm] = deque(maxlen=PIECES)
        self.sure = False
        """Whether the last piece that was hers is so beyond doubt: nothing of it need be recognised."""

    def hummed(self, sound: Audio, at_s: float) -> None:
        """Says that this sounds from a time on."""
        samples = sound.at_rate(RATE_HZ).samples.astype(np.float32)
        self._last = _Hummed(samples, at_s + sound.duration_s + LATEST_S)

    @property
    def about(self) -> bool:
        """Tells whether her hum may be in the microphone's sound now."""
        return self._last is not None and self._now() < self._last.until_s

    def hers(self, pcm: Pcm) -> bool:
        """Tells whether the newest piece of the microphone's sound (16 kHz) is what she hums, and not the user."""
        self._heard.append(pcm)
        last = self._last
        if last is None or not self.about:
            return False
        powers = [float(np.square(piece, dtype=np.float64).mean()) for piece in self._heard]
        self.sure = sum(power > 0.05 * max(powers) for power in powers) >= ENOUGH
        return likeness(np.concatenate(self._heard), last.sound) >= ALIKE


def likeness(pcm: Pcm, sound: npt.NDArray[np.float32]) -> float:
    """Returns 0..1: how far a piece is some part of a sound, however loud and late; 0 for silence."""
    piece = pcm.astype(np.float64) - pcm.mean(dtype=np.float64)
    power = float(piece @ piece)
    if power < len(piece):  # below one step of a sample
        return 0.0
    size = 1 << int(np.ceil(np.log2(len(sound) + 2 * len(piece))))
    around = np.pad(sound.astype(np.float64), len(piece))
    both = np.fft.rfft(around, size) * np.conj(np.fft.rfft(piece, size))
    found = np.fft.irfft(both, size)[: len(around) - len(piece)]
    sums = np.concatenate([[0.0], np.cumsum(around**2)])
    powers = sums[len(piece) :][: len(found)] - sums[: len(found)]
    floor = 0.05 * powers.max()
    return float(np.max(np.abs(found) / np.sqrt(power * np.maximum(powers, max(floor, 1e-9))), initial=0.0))
