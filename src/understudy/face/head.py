"""The head: nods on accents, follows the melody, changes its pose between phrases and never stands quite still.

Everything is a sum of minimum-jerk moves and slow sines, so position, speed and acceleration are continuous. Amplitudes
give an RMS speed of 3-20 degrees a second in speech and under 2 at rest, most of it between 0.5 and 2 Hz (measured on
talking people; Munhall 2004, Busso 2007 for the tie to F0 and loudness).
"""

import numpy as np
import numpy.typing as npt

from understudy.base.channels import VOWELS
from understudy.base.motion import Drift, Moves, minimum_jerk
from understudy.face.expressions import FEELINGS, HEAD_POSTURE_DEG
from understudy.face.passage import Passage
from understudy.hub.actor import Persona
from understudy.hub.performance import Event

Floats = npt.NDArray[np.float64]

POSTURE_DEG = np.array([HEAD_POSTURE_DEG[name] for name in FEELINGS])
MELODY_DEG_PER_ST = 0.33
"""Raise of the head for a semitone of F0 above the phrase."""
TURN_DEG_PER_ST, TURN_DEG_PER_DB = 0.24, 0.07
"""Turn of the head, to the side that this head prefers, for a semitone and for a decibel above the phrase."""
TILT_SHARE = -0.45
"""Roll that goes with such a turn: the crown leans away from where the face turns."""
TURN_LAG_S = 0.09
"""A turn is slower than a nod and trails the voice."""


class Head:
    """The head on the torso along the stream."""

    def __init__(self, persona: Persona, listening: bool, rng: np.random.Generator) -> None:
        self._amount = float(np.clip(persona.head_motion, 0.0, 2.0))
        self._listening, self._rng = listening, rng
        self._pose = Moves(rng.normal(0, 1, 3) * np.array([0.6, 1.2, 1.0]))
        self._nods = Moves([0.0, 0.0, 0.0])
        self._idle = Drift(rng, 3, 0.06, 0.45)
        self._sway = Drift(rng, 3, 0.04, 0.3)
        self._next_s = float(rng.uniform(1.0, 3.0))
        self._side = float(rng.choice([-1.0, 1.0]))

    def plan(self, passage: Passage, moods: Floats) -> list[Event]:
        """Plans phrase poses and nods of the passage; returns its gesture events."""
        energy = 1.0 + 0.35 * passage.direction.energy + 0.3 * float(moods[FEELINGS.index("anger")])
        energy -= 0.4 * float(moods[FEELINGS.index("sadness")])
        events = self._on_accents(passage, self._amount * energy) if passage.speaking else self._quiet(passage)
        if passage.speaking:
            self._phrases(passage, self._amount * energy)
        return events

    def along(self, passage: Passage, follow_deg: Floats, moods: Floats) -> Floats:
        """Returns (frames, 6) HEAD_CHANNELS. follow_deg: (frames, 2) the gaze's share; moods: (frames, FEELINGS)."""
        times = passage.frame_times_s
        angles = self._pose.at(times) + self._nods.at(times)
        angles += self._idle.at(times) * np.array([0.32, 0.5, 0.32]) * (0.5 + 0.5 * self._amount)
        angles[:, 0] -= melody(passage) * MELODY_DEG_PER_ST * self._amount
        turn = TURN_DEG_PER_ST * melody(passage, TURN_LAG_S) + TURN_DEG_PER_DB * stress_db(passage, TURN_LAG_S)
        angles[:, 1:] += self._side * self._amount * turn[:, None] * (1.0, TILT_SHARE)
        angles += moods @ POSTURE_DEG
        angles[:, :2] += follow_deg
        head = np.zeros((len(times), 6))
        head[:, :3] = np.radians(angles)
        head[:, 3:] = self._sway.at(times) * np.array([0.0016, 0.0007, 0.0020]) * (0.5 + 0.5 * self._amount)
        head[:, 5] += 0.00035 * angles[:, 0]
        head[:, 4] -= 0.00015 * np.abs(angles[:, 0])
        return head

    def forget(self, before_s: float) -> None:
        """Drops what is over."""
        self._pose.forget(before_s)
        self._nods.forget(before_s)

    def _on_accents(self, passage: Passage, amount: float) -> list[Event]:
        """A nod for an accented word: a small lift, the beat on the stressed vowel, a slow return."""
        rng, events = self._rng, []
        last = -9.0
        for word in passage.words:
            beat = stressed_vowel(passage, word.start_s, word.end_s)
            chance = 0.95 if word.accent > 0.6 else 0.55 if word.accent > 0.25 else 0.12
            if beat is None or rng.random() > chance or beat - last < 0.36:
                continue
            last = beat
            size = amount * (0.9 + 3.2 * word.accent) * float(rng.uniform(0.7, 1.3))
            tilt = np.array([1.0, rng.normal(0.16 * self._side, 0.22), rng.normal(-0.08 * self._side, 0.18)])
            rise = float(rng.uniform(0.20, 0.27))
            start = max(beat - 0.5 * rise, passage.start_s)
            self._nods.bump(start, 0.26, 0.30, -0.3 * size * tilt, earliest_s=passage.start_s)
            self._nods.bump(start + rise, rise, float(rng.uniform(0.42, 0.65)), size * tilt, earliest_s=passage.start_s)
            if word.accent > 0.6:
                events.append(Event("gesture", "nod", start, start + rise + 0.4, round(size, 2)))
        return events

    def _phrases(self, passage: Passage, amount: float) -> None:
        """A fresh pose about every 1.5 s of speech, begun with a word."""
        clock = passage.voice_starts_s
        for word in passage.words:
            if word.start_s < clock:
                continue
            goal = self._rng.normal(0, 1, 3) * np.array([1.5, 3.2, 2.0]) * amount
            self._pose.to(word.start_s, float(self._rng.uniform(0.5, 0.95)), np.clip(goal, -7, 7))
            clock = word.start_s + float(self._rng.uniform(0.8, 1.9))

    def _quiet(self, passage: Passage) -> list[Event]:
        """In silence: settle, shift now and then; a listener nods."""
        rng, events = self._rng, []
        self._next_s = max(self._next_s, passage.start_s + 0.15)
        while self._next_s < passage.end_s:
            start = self._next_s
            if self._attends(passage) and rng.random() < 0.5:
                events.append(self._listener_nod(start))
                self._next_s += float(rng.uniform(2.0, 5.0))
            else:
                goal = rng.normal(0, 1, 3) * np.array([0.6, 1.2, 1.5 if self._listening else 0.7])
                self._pose.to(start, float(rng.uniform(1.3, 2.1)), goal * self._amount)
                self._next_s += float(rng.uniform(2.5, 5.5))
        return events

    def _attends(self, passage: Passage) -> bool:
        """Whether somebody is listened to: in a live talk only while the eyes are to be on them."""
        return self._listening and (passage.line is None or passage.direction.gaze == "partner")

    def _listener_nod(self, start: float) -> Event:
        size = float(self._rng.uniform(1.6, 3.6)) * self._amount
        clock = start
        for index in range(int(self._rng.integers(1, 4))):
            self._nods.bump(clock + 0.24, 0.24, 0.30, np.array([size * 0.72**index, 0, 0]))
            clock += 0.5
        return Event("gesture", "nod", start, clock + 0.3, round(size, 2))


def melody(passage: Passage, lag_s: float = 0.0) -> Floats:
    """Returns (frames,) smoothed F0 in semitones above the phrase's own middle, lag_s ago; eased to 0 at the ends of
    the piece."""
    f0 = passage.speech.prosody.values[:, 0].astype(np.float64)
    voiced = np.flatnonzero(f0 > 0)
    if len(voiced) < 10:
        return np.zeros(len(passage.frame_times_s))
    semitones = np.clip(12 * np.log2(f0[voiced] / np.median(f0[voiced])), -8, 8)
    grid = np.arange(len(f0))
    return _eased(passage, np.interp(grid, voiced, semitones), 0.09, lag_s)


def stress_db(passage: Passage, lag_s: float = 0.0) -> Floats:
    """Returns (frames,) smoothed loudness in dB above the phrase's own voice, lag_s ago; eased like the melody."""
    f0, loud_db = passage.speech.prosody.values.astype(np.float64).T
    if (f0 > 0).sum() < 10:
        return np.zeros(len(passage.frame_times_s))
    return _eased(passage, np.clip(loud_db - np.median(loud_db[f0 > 0]), -10, 6), 0.11, lag_s)


def _eased(passage: Passage, curve: Floats, width_s: float, lag_s: float) -> Floats:
    """Returns a curve at the rate of the prosody, smoothed by a Gaussian, at the passage's frames, 0 at its ends."""
    times = passage.frame_times_s
    if not len(times):
        return np.zeros(0)
    rate_hz = passage.speech.prosody.rate_hz
    half = round(0.3 * rate_hz)
    kernel = np.exp(-0.5 * (np.arange(-half, half + 1) / rate_hz / width_s) ** 2)
    ones = np.convolve(np.ones(len(curve)), kernel, mode="full")[half:-half]
    smooth = np.convolve(curve, kernel, mode="full")[half:-half] / ones
    here = np.interp(times - passage.start_s - lag_s, (np.arange(len(curve)) + 0.5) / rate_hz, smooth)
    ends = np.minimum(times - passage.start_s, passage.end_s - 1 / 60 - times)
    return np.asarray(here * minimum_jerk(ends / 0.22))


def stressed_vowel(passage: Passage, start_s: float, end_s: float) -> float | None:
    """Returns the middle of the word's stressed vowel (its first vowel when none is marked)."""
    inside = [p for p in passage.phones if p.name in VOWELS and start_s - 1e-6 <= p.start_s < end_s]
    if not inside:
        return None
    phone = next((p for p in inside if p.stress == 1), inside[0])
    return (phone.start_s + phone.end_s) / 2
