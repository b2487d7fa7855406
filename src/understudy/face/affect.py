"""What a voice gives away when nobody directs it: arousal and valence heard in the sound, shown on the whole face.

Heard without looking ahead, so a live voice can be followed: against the speaker so far, how high (anger +9, joy +9,
fear +6, sadness -2 semitones on EMO-DB) and how loud; and by themselves, whatever the speaker and the gain, how wide
the melody moves, how fast the syllables come and how bright the vowels are, which rises with effort (Traunmueller &
Eriksson 2000; Juslin & Laukka 2003). Arousal is heard well; valence hardly is, so it only tips the balance between
feelings that are shown at a third at the most.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.base.audio import Audio
from understudy.base.channels import VOWELS
from understudy.base.motion import minimum_jerk
from understudy.face.expressions import FEELINGS
from understudy.face.passage import Passage
from understudy.hub.script import Direction
from understudy.hub.speech import Speech
from understudy.hub.track import Track

Floats = npt.NDArray[np.float64]

STEP_S: Final = 0.05
WINDOW_S: Final = 2.0
"""How much of the past the width of the melody and the speed of the syllables are heard over."""
SMOOTH_S: Final = 0.55
"""Time constant of what is shown: a feeling comes in about a second."""
REMEMBERED_S: Final = 25.0
TRUSTED_S: Final = 1.6
"""Voiced sound after which the speaker's own height and loudness are known half."""
USUAL: Final = {"width_st": (2.0, 0.9), "rate_hz": (3.2, 0.8)}
"""Mean and spread over plain speech, ours and people's: 1.1 to 3.1 semitones, 2.6 to 4.1 vowels heard a second."""
BALANCE_DB: Final = (-18.0, 5.0)
"""Balance before anything was heard (recordings differ by 15 dB), and its spread within one."""
BALANCE_KEPT_S: Final = 2.5
AROUSES: Final = {"height_st": 0.17, "level_db": 0.05, "width_st": 0.42, "rate_hz": 0.30, "balance_db": 0.28}
"""What a semitone, a decibel or one spread adds to arousal before it is bent into -1..1."""
SHOWN: Final = 0.34
LOUD_FROM_DB: Final = 22.0
"""Frames more than this below the loudest so far are no vowels."""


@dataclass
class Heard:
    """The speaker so far: sums that fade. voiced_s: how long they have been heard."""

    log_f0: float = 0.0
    level_db: float = 0.0
    balance_db: float = BALANCE_DB[0]
    voiced_s: float = 0.0
    loudest_db: float = -60.0
    arousal: float = 0.0
    valence: float = 0.0


class Affect:
    """Arousal and valence along the stream."""

    def __init__(self) -> None:
        self._heard = Heard()
        self._recent: list[tuple[float, float, float]] = []  # time, ln F0, balance
        self._vowels: list[float] = []
        self._coming: list[float] = []
        self._rest: Speech | None = None
        self._gate = 0.0

    def along(self, passage: Passage) -> Floats:
        """Returns (frames, FEELINGS): what is heard, zeros where the passage is directed. It never jumps."""
        times = passage.frame_times_s
        felt = np.zeros((len(times), len(FEELINGS)))
        if len(times) == 0:
            return felt
        curve = self.hear(passage)
        wanted = 0.0 if directed(passage.direction) else 1.0
        gate = self._gate + (wanted - self._gate) * minimum_jerk((times - times[0]) / 0.8)
        self._gate = float(gate[-1])
        if not gate.any():
            return felt
        arousal = np.interp(times, curve[:, 0], curve[:, 1]) * gate
        valence = np.interp(times, curve[:, 0], curve[:, 2])
        up, down = np.maximum(arousal, 0) * SHOWN, np.maximum(-arousal, 0) * SHOWN
        well = np.clip(0.5 + 0.5 * valence, 0, 1)
        for name, weight in (
            ("joy", up * well), ("anger", up * (1 - well) * 0.8), ("surprise", up * 0.45),
            ("sadness", down * (1 - 0.5 * well) * 0.8), ("tenderness", down * well * 0.7),
        ):  # fmt: skip
            felt[:, FEELINGS.index(name)] = weight
        return felt

    def hear(self, passage: Passage) -> Floats:
        """Returns (steps, 3): time, arousal and valence, -1..1, each from what was heard up to its time.

        What is left of a passage behind its last whole step is heard with the next one, however short either is.
        """
        speech = passage.speech
        if self._rest is not None and self._rest.audio.rate_hz == speech.audio.rate_hz:
            speech = replace(
                speech,
                audio=Audio.join([self._rest.audio, speech.audio]),
                prosody=Track.join([self._rest.prosody, speech.prosody]),
            )
        start_s = passage.end_s - speech.duration_s
        f0, loud = speech.prosody.values.astype(np.float64).T
        rate_hz = speech.prosody.rate_hz
        steps = int(speech.duration_s / STEP_S + 1e-6)
        bright = balance_db(speech.audio, STEP_S) if steps else np.zeros(0)
        self._coming += _vowels_of(passage)
        rows: list[tuple[float, float, float]] = [(passage.start_s, self._heard.arousal, self._heard.valence)]
        for step in range(steps):
            now = start_s + (step + 1) * STEP_S
            part = slice(int(step * STEP_S * rate_hz), int((step + 1) * STEP_S * rate_hz))
            self._vowels += [t for t in self._coming if t <= now]
            self._coming = [t for t in self._coming if t > now]
            self._step(now, f0[part], loud[part], float(bright[min(step, len(bright) - 1)]))
            rows.append((now, self._heard.arousal, self._heard.valence))
        heard_s = steps * STEP_S
        self._rest = speech.cut(heard_s, speech.duration_s) if speech.duration_s - heard_s > 1e-6 else None
        return np.array(rows)

    def _step(self, now: float, f0: Floats, loud: Floats, bright_db: float) -> None:
        me = self._heard
        level = float(loud.max(initial=-80.0))
        me.loudest_db = max(me.loudest_db - 0.2 * STEP_S, level)
        voiced = f0[f0 > 0]
        keep = 1 - STEP_S / SMOOTH_S
        if not len(voiced) or level < me.loudest_db - LOUD_FROM_DB:
            if not self._recent or now - self._recent[-1][0] > 0.6:
                me.arousal *= keep  # silence tells nothing: what was shown goes
                me.valence *= keep
            return
        height = float(np.log2(voiced).mean())
        share = STEP_S / min(REMEMBERED_S, me.voiced_s + STEP_S)
        me.log_f0 += share * (height - me.log_f0)
        me.level_db += share * (level - me.level_db)
        me.balance_db += STEP_S / (BALANCE_KEPT_S + min(REMEMBERED_S, me.voiced_s)) * (bright_db - me.balance_db)
        me.voiced_s += STEP_S
        self._recent = [r for r in self._recent if r[0] > now - WINDOW_S] + [(now, height, bright_db)]
        self._vowels = [t for t in self._vowels if t > now - WINDOW_S]
        known = me.voiced_s / (me.voiced_s + TRUSTED_S)
        _, heights, brights = np.array(self._recent).T
        width = 12 * float(np.std(heights))
        spread = {
            "height_st": float(np.clip(12 * (height - me.log_f0), -6, 6)) * known,
            "level_db": float(np.clip(level - me.level_db, -8, 8)) * known,
            "width_st": _against("width_st", width) * known,
            "rate_hz": _against("rate_hz", len(self._vowels) / min(WINDOW_S, me.voiced_s * 1.6 + 0.4)) * known,
            "balance_db": float(np.clip((np.mean(brights) - me.balance_db) / BALANCE_DB[1], -2, 2)),
        }
        arousal = float(np.tanh(sum(AROUSES[name] * value for name, value in spread.items())))
        valence = float(np.tanh(0.4 * spread["width_st"] - 0.45 * max(0.0, spread["balance_db"]) + 0.1))
        me.arousal += (1 - keep) * (arousal - me.arousal)
        me.valence += (1 - keep) * (valence - me.valence)


def _vowels_of(passage: Passage) -> list[float]:
    """Returns the middles of the vowels that begin in a passage: one that a cut goes through is one vowel."""
    last = passage.before[-1] if passage.before else None
    return [
        0.5 * (p.start_s + p.end_s)
        for i, p in enumerate(passage.phones)
        if p.name in VOWELS
        and not (i == 0 and last is not None and last.name == p.name and p.start_s - last.end_s < 1e-6)
    ]


def directed(direction: Direction) -> bool:
    """Says whether a director asks for anything that shows on a face."""
    return bool(
        direction.emotions or direction.energy or direction.sarcasm or direction.confidence or direction.whisper
    )


def balance_db(audio: Audio, step_s: float) -> Floats:
    """Returns the level of 1-5 kHz against 0.1-1 kHz every step, from the 60 ms before it."""
    size, step = int(0.06 * audio.rate_hz), int(step_s * audio.rate_hz)
    padded = np.pad(audio.samples, (size - step, step))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::step]
    power = np.abs(np.fft.rfft(frames * np.hanning(size), axis=1)) ** 2
    hz = np.fft.rfftfreq(size, 1 / audio.rate_hz)
    low = power[:, (hz >= 100) & (hz < 1000)].sum(axis=1)
    high = power[:, (hz >= 1000) & (hz < 5000)].sum(axis=1)
    return np.asarray(10 * np.log10((high + 1e-12) / (low + 1e-12)), np.float64)


def _against(name: str, value: float) -> float:
    mean, spread = USUAL[name]
    return float(np.clip((value - mean) / spread, -2, 2))
