"""A clause played as a direction asks, by an engine that is told its prosody from inside.

The engine's own reading is planned, its lengths, melody and energy are edited as a direction asks, and the engine says
the result: no vocoder touches it. A longer or shorter vocal tract is played as tape: said higher and quicker by its
factor, then slowed by it, so that formants move and the melody stays. Only a whisper goes through WORLD at the end.
"""

from dataclasses import replace

import numpy as np

from understudy.base.audio import Audio, Samples
from understudy.hub.script import Line
from understudy.hub.speech import Phone
from understudy.voice import shape, world
from understudy.voice.accent import Accent, accents
from understudy.voice.choosing import Chosen
from understudy.voice.clause import Clause
from understudy.voice.contour import loudness, melody
from understudy.voice.delivery import Delivery
from understudy.voice.durations import Clock, clock
from understudy.voice.engine import SCORE_S, Directed, Score, TimedWord
from understudy.voice.reshaping import ATTACK_S, WHISPER_FROM, Rendered, finish
from understudy.voice.uttering import RATE_HZ, chain, find

RELEASE_S = 0.1
"""Sound kept after the last phone: a neural voice lets its last sound die away."""
EFFORT_DB = 0.5
"""Energy told to the engine for a decibel of loudness: its timbre follows effort, its level hardly does."""

EVEN = 0.0
"""The network reads with a melody of its own: accents, declination and endings need no help (see contour.melody)."""
AIR, AIRIEST = 0.8, 0.45
"""How far breath moves the style towards air, and how far it may: beyond that the voice is somebody else's."""


def direct(
    engine: Directed, chosen: Chosen, clause: Clause, line: Line, played: Delivery, rng: np.random.Generator
) -> Rendered:
    """Returns a clause as the engine says it when told how."""
    own = engine.plan(clause, chosen.base)
    marks = accents(clause, own.words(), line.emphasis, chosen.language)
    score, line_db = _edited(own, clause, marks, played, rng)
    said = engine.perform(clause, chosen.base, _taped(score, 1 / played.tract))
    audio = _slowed(said.audio, played.tract)
    words, timing = _times(said.words, played.tract), "exact"
    if chosen.language[:2] == "en":
        found, how = find(audio, clause, chosen.language)
        if how == "aligned":
            words, timing = found, how
    phones, _ = chain(words)
    samples = _coloured(audio, played)
    gains = np.interp(np.arange(len(samples)) / RATE_HZ, np.arange(len(line_db)) * SCORE_S, line_db)
    louder_db = _mean_db(samples, gains)
    samples = np.asarray(samples * 10 ** (gains / 20), np.float32)
    start_s = max(0.0, round((phones[0].start_s - ATTACK_S) / 0.01) * 0.01)
    end_s = min(audio.duration_s, phones[-1].end_s + RELEASE_S)
    end_s = start_s + int((end_s - start_s) / 0.01) * 0.01
    cut = samples[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]
    f0 = score.f0_hz if played.whisper < WHISPER_FROM else np.zeros(len(score.f0_hz))
    first = round(start_s / world.FRAME_S)
    return Rendered(
        finish(cut, played, louder_db),
        tuple(_moved(p, -start_s, end_s - start_s) for p in phones),
        tuple((w.phones[0].start_s - start_s, w.phones[-1].end_s - start_s) for w in words),
        accents(clause, words, line.emphasis, chosen.language) if timing == "aligned" else marks,
        f0[first : first + round((end_s - start_s) / world.FRAME_S)],
        timing,
    )


def _edited(
    own: Score, clause: Clause, marks: list[Accent], played: Delivery, rng: np.random.Generator
) -> tuple[Score, world.Floats]:
    """Returns the score as a direction asks, and the loudness that its accents add (frames,) in dB."""
    inner = own.phones[1:-1]
    time = clock(inner, list(own.owners[1:-1]), marks, played, clause.mark, rng)
    time = _whole(time, own)
    places = time.frames()
    f0_hz = melody(_pitch_at(own.f0_hz, places), clause, marks, time, played, rng, even=EVEN)
    spans = [(time.to_target(w.phones[0].start_s), time.to_target(w.phones[-1].end_s)) for w in own.words()]
    line_db = loudness(len(f0_hz), clause, spans, marks, played)
    energy_db = np.interp(places, np.arange(len(own.energy_db)), own.energy_db)
    energy_db = energy_db + EFFORT_DB * (np.clip(played.loudness_db, -8.0, 8.0) + line_db)
    phones = tuple(replace(p, start_s=time.to_target(p.start_s), end_s=time.to_target(p.end_s)) for p in own.phones)
    air = min(AIRIEST, AIR * played.breath) if played.whisper < WHISPER_FROM else AIRIEST
    return Score(phones, own.owners, f0_hz, energy_db, air), line_db


def _whole(time: Clock, own: Score) -> Clock:
    """Returns the clock with the silences around the clause, which keep their length."""
    before, after = own.phones[0].end_s, own.duration_s - own.phones[-1].start_s
    source = np.concatenate([[0.0], time.source_s, [own.duration_s]])
    target = np.concatenate([[0.0], time.target_s + before, [time.duration_s + before + after]])
    return Clock(source, target)


def _pitch_at(f0_hz: world.Floats, places: world.Floats) -> world.Floats:
    """Returns F0 at fractional frames, straight in its logarithm, unvoiced where the nearest frame is."""
    near = np.clip(np.rint(places).astype(int), 0, len(f0_hz) - 1)
    pitch = np.interp(places, np.arange(len(f0_hz)), world.held_log_f0(f0_hz))
    return np.where(f0_hz[near] > 0, np.exp(pitch), 0.0)


def _taped(score: Score, factor: float) -> Score:
    """Returns the score `factor` times as long and as much lower."""
    if factor == 1.0:
        return score
    phones = tuple(_moved(p, 0.0, factor=factor) for p in score.phones)
    places = np.arange(round(score.duration_s * factor / SCORE_S)) / factor
    energy = np.interp(places, np.arange(len(score.energy_db)), score.energy_db)
    return replace(score, phones=phones, f0_hz=_pitch_at(score.f0_hz, places) / factor, energy_db=energy)


def _slowed(audio: Audio, factor: float) -> Audio:
    """Returns the sound `factor` times as long, as tape would play it."""
    if factor == 1.0:
        return audio.at_rate(RATE_HZ)
    return Audio(audio.samples, round(audio.rate_hz / factor)).at_rate(RATE_HZ)


def _times(words: tuple[TimedWord, ...], factor: float) -> tuple[TimedWord, ...]:
    return tuple(TimedWord(tuple(_moved(p, 0.0, factor=factor) for p in word.phones)) for word in words)


def _moved(phone: Phone, by_s: float, last_s: float = np.inf, factor: float = 1.0) -> Phone:
    start, end = (min(last_s, max(0.0, t * factor + by_s)) for t in (phone.start_s, phone.end_s))
    return replace(phone, start_s=start, end_s=end)


def _coloured(audio: Audio, played: Delivery) -> Samples:
    """Returns the sound with its spectral tilt, whispered where that is asked."""
    if played.whisper >= WHISPER_FROM:
        frames = shape.whisper(shape.tilt(world.analyse(audio), played.tilt_db))
        made = world.synthesise(frames)[: len(audio.samples)]
        return np.pad(made, (0, len(audio.samples) - len(made)))
    return shape.tilted(audio.samples, RATE_HZ, played.tilt_db)


def _mean_db(samples: Samples, gains_db: world.Floats) -> float:
    """Returns how much the loudness line raises the clause."""
    power = np.square(samples.astype(np.float64))
    return float(10 * np.log10(max((power * 10 ** (gains_db / 10)).sum(), 1e-12) / max(power.sum(), 1e-12)))
