"""The melody and the loudness line of a clause."""

import numpy as np
import numpy.typing as npt

from understudy.voice.accent import Accent
from understudy.voice.clause import Clause
from understudy.voice.delivery import Delivery
from understudy.voice.durations import Clock
from understudy.voice.world import FRAME_S, Floats, held_log_f0

SEMITONE = np.log(2) / 12
EMPHASIS_ST, EMPHASIS_DB = 3.2, 3.0
"""A focused word stands 2 to 4 semitones and about 3 dB above its neighbours (Eady & Cooper 1986)."""
AFTER_FOCUS_SPREAD = 0.7
"""What follows the focus is compressed (Xu & Xu 2005)."""
FINAL_ST = {".": -1.5, "!": -1.5, ",": 0.8, "…": -0.8, "-": 0.6, ":": 0.0, "": 0.3}
"""What the end of a clause adds to the engine's own ending, in semitones at its last voiced moment."""
RISE_ST, FALL_ST = 1.0, -1.5
"""Engines already rise by 6 to 10 semitones at a question mark."""
ACCENT_ST = 1.3
"""Height that accents get on top of the engines' rather even melody in a plain reading."""
DECLINE_ST_PER_S, DECLINE_ST = -0.7, 2.0
"""F0 sinks through a phrase (Cooper & Sorensen 1981: 10 Hz a second and less in long ones)."""
REACH_ST = 9.0
"""Excursions are bent so that they stay within this of the clause's middle."""
FURTHER_ST = 5.0
"""How much further an engine that sings what it is told may go."""
ASKS_WHAT = frozenset("what who whom whose where when why how which".split())  # noqa: SIM905
LOWEST_HZ, HIGHEST_HZ = 65.0, 520.0
DRIFT_ST = 0.2
"""Slow wander of a live voice, below what is heard as such; it differs from take to take."""


def melody(
    f0_hz: Floats,
    clause: Clause,
    marks: list[Accent],
    clock: Clock,
    delivery: Delivery,
    rng: np.random.Generator,
    *,
    even: float = 1.0,
) -> Floats:
    """Returns F0 (frames,) in Hz, 0 where unvoiced. f0_hz: the engine's own on the clause's clock.

    even: 1 for an engine whose melody needs accents, declination and endings, 0 for one that has its own.
    """
    voiced = f0_hz > 0
    if not voiced.any():
        return f0_hz
    held = held_log_f0(f0_hz)
    middle = float(np.median(held[voiced]))
    times: Floats = np.arange(len(f0_hz), dtype=np.float64) * FRAME_S
    spread = np.full(len(f0_hz), delivery.spread)
    added: Floats = np.full(len(f0_hz), float(delivery.pitch_st))
    height = max(0.2 * even, ACCENT_ST * even * delivery.spread + delivery.accent_st)
    added += even * (0.5 * DECLINE_ST + np.maximum(DECLINE_ST_PER_S * times, -DECLINE_ST))
    for accent in marks:
        if accent.vowel is None:
            continue
        start, end = clock.to_target(accent.vowel.start_s), clock.to_target(accent.vowel.end_s)
        peak = start + 0.6 * (end - start)
        width = 0.07 + 0.5 * (end - start)
        rise = EMPHASIS_ST + height if accent.asked else height * accent.weight
        added += rise * _bump(times, peak, width)
        if accent.asked:
            spread = np.where(times > end + 0.12, spread * AFTER_FOCUS_SPREAD, spread)
    added += _ending(times, voiced, clause, marks, clock, even * _final_st(clause) + delivery.final_st)
    if delivery.tremor_st:
        added += delivery.tremor_st * np.sin(2 * np.pi * (6.0 * times + rng.uniform()))
    added += DRIFT_ST * _wander(times, rng)
    excursion = (held - middle) / SEMITONE * _smooth(spread) + _smooth(added) - delivery.pitch_st
    reach = REACH_ST + (1 - even) * FURTHER_ST
    bent = reach * np.tanh(excursion / reach)
    log_f0 = middle + SEMITONE * (bent + delivery.pitch_st)
    return np.where(voiced, np.clip(np.exp(log_f0), LOWEST_HZ, HIGHEST_HZ), 0.0)


def loudness(
    frames: int, clause: Clause, words: list[tuple[float, float]], marks: list[Accent], delivery: Delivery
) -> Floats:
    """Returns (frames,) dB on top of the engine's own line. words: start and end of each, on the clause's clock."""
    times = np.arange(frames) * FRAME_S
    line = np.zeros(frames)
    for (start, end), accent in zip(words, marks, strict=True):
        inside = (times >= start) & (times < end)
        line[inside] += EMPHASIS_DB if accent.asked else min(1.5, 0.8 * max(0.0, delivery.accent_st)) * accent.weight
    if clause.mark == "…" and frames > 1:
        line -= 3.0 * np.clip((times - times[-1] + 0.6) / 0.6, 0.0, 1.0)
    return _smooth(line, 0.06)


def _ending(
    times: Floats, voiced: npt.NDArray[np.bool_], clause: Clause, marks: list[Accent], clock: Clock, amount: float
) -> Floats:
    """Returns what the punctuation and the mood do to the end, growing from the last accent to the last voice."""
    last = times[int(np.flatnonzero(voiced)[-1])]
    vowels = [a.vowel for a in marks if a.vowel is not None and (a.weight >= 0.5 or a.asked)]
    start = clock.to_target(vowels[-1].start_s) if vowels else last - 0.35
    if clause.mark == "?" and amount > 0 and vowels:
        start += 0.3 * (clock.to_target(vowels[-1].end_s) - start)
    start = min(max(start, last - 0.6), last - 0.12)
    part = np.clip((times - start) / (last - start), 0.0, 1.0)
    return np.asarray(amount * part * part * (3 - 2 * part))


def _final_st(clause: Clause) -> float:
    if clause.mark != "?":
        return FINAL_ST.get(clause.mark, 0.0)
    first = clause.words[0].text.lower().partition("'")[0]
    return FALL_ST if first in ASKS_WHAT else RISE_ST


def _bump(times: Floats, peak: float, width: float) -> Floats:
    return np.asarray(np.exp(-0.5 * ((times - peak) / width) ** 2))


def _smooth(line: Floats, seconds: float = 0.04) -> Floats:
    count = max(3, int(seconds / FRAME_S) | 1)
    window = np.hanning(count + 2)[1:-1]
    return np.convolve(np.pad(line, count // 2, mode="edge"), window / window.sum(), mode="valid")


def _wander(times: Floats, rng: np.random.Generator) -> Floats:
    """Returns slow motion of unit size: three sines between 0.6 and 3 Hz with random phases."""
    total = np.zeros(len(times))
    for hz in (0.7, 1.6, 2.9):
        total += np.sin(2 * np.pi * (hz * rng.uniform(0.85, 1.15) * times + rng.uniform())) / hz**0.5
    return total / 1.2
