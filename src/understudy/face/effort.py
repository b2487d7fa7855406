"""How much effort the voice puts into opening the mouth: free of gain, alive to stress.

Loudness alone says where the microphone stood, so only what is louder or softer than the speaker's own vowels counts,
with the balance of the spectrum, which rises with vocal effort at any gain (Traunmueller & Eriksson 2000).
"""

import numpy as np
import numpy.typing as npt

from understudy.base.audio import Audio
from understudy.base.channels import VOWELS
from understudy.face.passage import Passage

Floats = npt.NDArray[np.float64]

PER_DB = 0.028
"""Opening gained for each decibel above the speaker's own vowels."""
USUAL_BALANCE_DB = -12.0
"""Energy of 1-5 kHz against 0.1-1 kHz in vowels of ordinary speech."""


class Effort:
    """Effort along the stream; remembers how loud the speaker usually is."""

    def __init__(self) -> None:
        self._usual_db: float | None = None

    def along(self, passage: Passage) -> Floats:
        """Returns (frames,) factors on opening, 1 = ordinary, at the passage's frames."""
        times = passage.frame_times_s
        vowels = [p for p in passage.phones if p.name in VOWELS]
        if not vowels or not len(passage.speech.prosody.values):
            return np.ones(len(times))
        middles = np.array([(p.start_s + p.end_s) / 2 for p in vowels])
        loud_db = passage.speech.prosody.at(middles - passage.start_s)[:, 1].astype(np.float64)
        loud_db = np.maximum(loud_db, -120.0)
        here_db = float(np.median(loud_db))
        self._usual_db = here_db if self._usual_db is None else 0.75 * self._usual_db + 0.25 * here_db
        local = 1.0 + PER_DB * np.clip(loud_db - self._usual_db, -10.0, 9.0)
        return np.interp(times, middles, local) * played(passage) * heard(passage.speech.audio)


def played(passage: Passage) -> float:
    """Returns the factor that the direction asks for: shouts open wide, a whisper is articulated with more care."""
    d = passage.direction
    effort = 1.0 + 0.22 * d.energy + 0.018 * float(np.clip(d.loudness_db, -12, 12)) + 0.10 * d.whisper
    return float(np.clip(effort, 0.7, 1.5))


def heard(audio: Audio) -> float:
    """Returns the factor that the balance of the spectrum tells, 0.85..1.25, whatever the gain."""
    size = 1024
    if len(audio.samples) < size:
        return 1.0
    frames = np.lib.stride_tricks.sliding_window_view(audio.samples, size)[:: size // 2]
    power = np.abs(np.fft.rfft(frames * np.hanning(size), axis=1)) ** 2
    hz = np.fft.rfftfreq(size, 1 / audio.rate_hz)
    low = power[:, (hz >= 100) & (hz < 1000)].sum(axis=1)
    high = power[:, (hz >= 1000) & (hz < 5000)].sum(axis=1)
    loudest = low > 0.1 * low.max()
    if not loudest.any() or low.max() <= 0:
        return 1.0
    balance_db = 10 * np.log10(high[loudest].mean() / low[loudest].mean() + 1e-9)
    return float(np.clip(1.0 + 0.015 * (balance_db - USUAL_BALANCE_DB), 0.85, 1.25))
