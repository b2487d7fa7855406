"""The pitch of singing: steps with glides and overshoot, vibrato that comes late, a drift that is alive.

Vibrato of trained singers: 5.5 to 6 Hz, 50 to 70 cents to each side (Prame 1994, 1997), beginning some 0.3 s into a
note; the way from note to note and its overshoot and preparation after Saitou, Unoki & Akagi 2005.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from understudy.hub.song import Note
from understudy.voice.world import FRAME_S, Floats

VIBRATO_HZ = 5.5
VIBRATO_ST = 0.5
VIBRATO_AFTER_S, VIBRATO_RISE_S = 0.3, 0.35
VIBRATO_FROM_S = 0.5
"""Shorter notes have none."""
GLIDE_S = 0.11
OVERSHOOT, OVERSHOOT_ST, OVERSHOOT_S = 0.09, 0.35, 0.045
SCOOP_ST, SCOOP_S = 0.8, 0.07
DRIFT_ST = 0.05


def pitch_line(
    notes: Sequence[Note], times: Floats, rng: np.random.Generator, *, vibrato: float = 1.0, lead_s: float = 0.02
) -> Floats:
    """Returns (times,) MIDI numbers. lead_s: a glide ends this long after the beat at the latest, most before it."""
    line = np.full(len(times), notes[0].pitch)
    for before, note in pairwise(notes):
        step = note.pitch - before.pitch
        if not step:
            continue
        glide = min(GLIDE_S, 0.45 * min(before.end_s - before.start_s, note.end_s - note.start_s))
        part = np.clip((times - (note.start_s + lead_s - glide)) / glide, 0.0, 1.0)
        line += step * part * part * (3 - 2 * part)
        if note.end_s - note.start_s > 0.25:
            size = np.sign(step) * min(OVERSHOOT_ST, OVERSHOOT * abs(step))
            after = np.maximum(0.0, times - note.start_s - lead_s)
            line += (
                size * np.sin(np.minimum(np.pi * after / (2.2 * OVERSHOOT_S), 2 * np.pi)) * np.exp(-after / OVERSHOOT_S)
            )
    opening = times - notes[0].start_s
    line -= SCOOP_ST * np.exp(-np.maximum(0.0, opening) / SCOOP_S) * (opening > -0.2)
    if vibrato > 0:
        line += vibrato * _vibrato(notes, times, rng)
    return np.asarray(line + DRIFT_ST * _wander(times, rng))


def _vibrato(notes: Sequence[Note], times: Floats, rng: np.random.Generator) -> Floats:
    total = np.zeros(len(times))
    for note in notes:
        length = note.end_s - note.start_s
        if length < VIBRATO_FROM_S:
            continue
        begins = note.start_s + max(VIBRATO_AFTER_S, 0.25 * min(length, 2.0))
        rises = np.clip((times - begins) / VIBRATO_RISE_S, 0.0, 1.0)
        ends = np.clip((note.end_s - 0.03 - times) / 0.08, 0.0, 1.0)
        rate = VIBRATO_HZ * (1 + 0.03 * rng.uniform(-1, 1))
        wave = np.sin(2 * np.pi * rate * np.maximum(0.0, times - begins))
        total += VIBRATO_ST * wave * rises * ends
    return total


def _wander(times: Floats, rng: np.random.Generator) -> Floats:
    """Returns slow motion of unit size."""
    total: Floats = np.zeros(len(times))
    for hz in (0.5, 1.3, 2.6):
        total += np.sin(2 * np.pi * (hz * times + rng.uniform())) / 1.7
    return total


def hertz(midi: Floats) -> Floats:
    """Returns the frequency of MIDI numbers."""
    return np.asarray(440.0 * 2.0 ** ((midi - 69.0) / 12.0))


def frames(start_s: float, end_s: float) -> Floats:
    """Returns the times of frames FRAME_S apart from start_s to end_s."""
    return np.asarray(start_s + np.arange(round((end_s - start_s) / FRAME_S) + 1) * FRAME_S)
