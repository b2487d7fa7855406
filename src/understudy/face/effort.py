"""How much effort the voice puts into opening the mouth: free of gain, alive to stress.

Loudness alone says where the microphone stood, so only what is louder or softer than the speaker's own vowels counts.
What a whole voice puts in is told by the balance of the spectrum in its vowels, which rises with vocal effort at any
gain, by a pitch beyond that of talk (Traunmueller & Eriksson 2000), and by vowels without any, which are whispered.
Shouted jaws open about half as far again as talking ones (Schulman 1989; Geumann 2001).
"""

import numpy as np
import numpy.typing as npt

from understudy.base.audio import Audio
from understudy.base.channels import VOWELS
from understudy.face.passage import Passage

Floats = npt.NDArray[np.float64]

PER_DB = 0.028
"""Opening gained for each decibel above the speaker's own vowels."""
USUAL_BALANCE_DB = -15.5
"""Energy of 1-5 kHz against 0.1-1 kHz in vowels of ordinary speech."""
PER_BALANCE_DB = 0.034
HIGH_HZ = 210.0
"""Women and men who talk stay below; above it pitch tells effort, and only of children size."""
PER_SEMITONE = 0.03
WHISPERED = 0.66
"""Factor of a voice none of whose vowels is voiced; between half and a fifth of them lies doubt."""
RANGE = (0.72, 1.5)
WINDOW_S = 0.04
REMEMBERED = 8.0
"""Vowels that weigh as much as what was heard before."""
RECORDED = frozenset(["recording", "stream", ""])
"""Engines of a Speech that nobody directed."""
BESIDE_DIRECTION = 0.35
"""How much the sound of a directed voice adds to its direction, which it only repeats."""


class Effort:
    """Effort along the stream; remembers how loud the speaker usually is, and what was heard of their effort."""

    def __init__(self) -> None:
        self._usual_db: float | None = None
        self._heard, self._weight = 1.0, 1.0

    def along(self, passage: Passage) -> Floats:
        """Returns (frames,) factors on opening, 1 = ordinary, at the passage's frames."""
        times = passage.frame_times_s
        vowels = [p for p in passage.phones if p.name in VOWELS]
        if not vowels or not len(passage.speech.prosody.values):
            return np.full(len(times), self._whole(passage))
        middles = np.array([(p.start_s + p.end_s) / 2 for p in vowels])
        f0, loud_db = passage.speech.prosody.at(middles - passage.start_s).astype(np.float64).T
        loud_db = np.maximum(loud_db, -120.0)
        here_db = float(np.median(loud_db))
        self._usual_db = here_db if self._usual_db is None else 0.75 * self._usual_db + 0.25 * here_db
        local = 1.0 + PER_DB * np.clip(loud_db - self._usual_db, -10.0, 9.0)
        found = heard(passage.speech.audio, middles - passage.start_s, f0)
        self._heard = (self._weight * self._heard + len(vowels) * found) / (self._weight + len(vowels))
        self._weight = min(REMEMBERED, self._weight + len(vowels))
        return np.asarray(np.interp(times, middles, local) * self._whole(passage))

    def _whole(self, passage: Passage) -> float:
        share = 1.0 if passage.speech.engine in RECORDED else BESIDE_DIRECTION
        return played(passage) * (1.0 + share * (self._heard - 1.0))


def played(passage: Passage) -> float:
    """Returns the factor that the direction asks for: shouts open wide, a whisper less, but with care."""
    d = passage.direction
    effort = 1.0 + 0.22 * d.energy + 0.018 * float(np.clip(d.loudness_db, -12, 12)) + 0.05 * d.whisper
    return float(np.clip(effort, 0.7, 1.5))


def heard(audio: Audio, middles_s: Floats, f0_hz: Floats) -> float:
    """Returns the factor that the sound tells, within RANGE, whatever the gain.

    middles_s: of the vowels on the clock of the sound; f0_hz: F0 there, 0 where unvoiced.
    """
    balance = [b for b in (balance_db(audio, float(t)) for t in middles_s) if np.isfinite(b)]
    factor = 1.0 + PER_BALANCE_DB * (float(np.median(balance)) - USUAL_BALANCE_DB if balance else 0.0)
    voiced = f0_hz[f0_hz > 0]
    if len(voiced):
        factor += PER_SEMITONE * float(np.clip(12 * np.log2(np.median(voiced) / HIGH_HZ), 0.0, 7.0))
    breathed = float(np.clip((0.5 - len(voiced) / max(1, len(f0_hz))) / 0.3, 0.0, 1.0))
    return (1 - breathed) * float(np.clip(factor, *RANGE)) + breathed * WHISPERED


def balance_db(audio: Audio, at_s: float) -> float:
    """Returns the energy of 1-5 kHz against 0.1-1 kHz around a moment, NaN where there is none."""
    size = round(WINDOW_S * audio.rate_hz)
    first = max(0, min(round(at_s * audio.rate_hz) - size // 2, len(audio.samples) - size))
    part = audio.samples[first : first + size].astype(np.float64)
    if len(part) < size:
        return float("nan")
    power = np.abs(np.fft.rfft(part * np.hanning(size))) ** 2
    hz = np.fft.rfftfreq(size, 1 / audio.rate_hz)
    low = power[(hz >= 100) & (hz < 1000)].sum()
    high = power[(hz >= 1000) & (hz < 5000)].sum()
    return float(10 * np.log10(high / low + 1e-9)) if low > 0 else float("nan")
