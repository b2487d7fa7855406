"""A clause played as a direction asks, by a vocoder on the even sound of an engine; and what all playing gives."""

from dataclasses import dataclass, replace

import numpy as np

from understudy.base.audio import Samples
from understudy.hub.script import Line
from understudy.hub.speech import Phone
from understudy.voice import level, shape, world
from understudy.voice.accent import Accent, accents
from understudy.voice.choosing import Chosen
from understudy.voice.clause import Clause
from understudy.voice.contour import loudness, melody
from understudy.voice.delivery import Delivery
from understudy.voice.durations import Clock, clock
from understudy.voice.uttering import RATE_HZ, Uttered

ATTACK_S, RELEASE_S = 0.04, 0.06
"""Sound kept before the first phone and after the last, so that plosives and decays are whole."""
WHISPER_FROM = 0.4
WHISPER_DB = -7.0


@dataclass(frozen=True, eq=False)
class Rendered:
    """samples: at RATE_HZ. phones: from the first sound to the last. spans: start and end of each word. marks: accent
    of each word. f0_hz: every world.FRAME_S, 0 where unvoiced. timing: as in hub.speech.Speech."""

    samples: Samples
    phones: tuple[Phone, ...]
    spans: tuple[tuple[float, float], ...]
    marks: list[Accent]
    f0_hz: world.Floats
    timing: str


def reshape(
    uttered: Uttered, clause: Clause, line: Line, played: Delivery, chosen: Chosen, rng: np.random.Generator
) -> Rendered:
    """Returns an engine's even sound with its times, melody, timbre and level changed by the WORLD vocoder."""
    marks = accents(clause, uttered.words, line.emphasis, chosen.language)
    time = clock(uttered.phones, uttered.owners, marks, played, clause.mark, rng)
    time = _with_edges(time, uttered)
    spans = [(time.to_target(w.phones[0].start_s), time.to_target(w.phones[-1].end_s)) for w in uttered.words]
    samples, f0_hz = _sound(uttered, clause, marks, spans, time, played, rng)
    phones = tuple(replace(p, start_s=time.to_target(p.start_s), end_s=time.to_target(p.end_s)) for p in uttered.phones)
    return Rendered(samples, phones, tuple(spans), marks, f0_hz, uttered.timing)


def finish(samples: Samples, played: Delivery, louder_db: float) -> Samples:
    """Returns a clause at the level of its direction, without rumble, clipping or clicks.

    louder_db: how much its accents raise it, so that a loud word does not make the others softer.
    """
    samples = level.high_pass(samples, RATE_HZ)
    target = level.SPEECH_LUFS + played.loudness_db + WHISPER_DB * played.whisper + louder_db
    loud = level.loudness_lufs(samples, RATE_HZ)
    gain = 10 ** ((target - loud) / 20) if loud > -70 else 0.0
    samples = level.limit(np.asarray(samples * gain, np.float32), RATE_HZ)
    return level.fade_edges(samples, RATE_HZ)


def _with_edges(time: Clock, uttered: Uttered) -> Clock:
    """Returns the clock with the attack and the release around it, which keep their own speed."""
    first, last = float(time.source_s[0]), float(time.source_s[-1])
    attack, release = min(ATTACK_S, first), min(RELEASE_S, max(0.0, uttered.audio.duration_s - last))
    source = np.concatenate([[first - attack], time.source_s, [last + release + 1e-6]])
    target = np.concatenate([[0.0], time.target_s + ATTACK_S, [time.duration_s + ATTACK_S + RELEASE_S]])
    return Clock(source, target)


def _sound(
    uttered: Uttered,
    clause: Clause,
    marks: list[Accent],
    spans: list[tuple[float, float]],
    time: Clock,
    played: Delivery,
    rng: np.random.Generator,
) -> tuple[Samples, world.Floats]:
    """Returns the finished samples of a clause and its F0 track (FRAME_S apart)."""
    own = uttered.own()
    if uttered.audio.rate_hz / 2 > uttered.top_hz * 1.2:
        own = shape.extend_band(own, uttered.top_hz)
    frames = own.at(time.frames())
    line_db = loudness(len(frames.f0_hz), clause, spans, marks, played)
    frames = replace(frames, f0_hz=melody(frames.f0_hz, clause, marks, time, played, rng))
    frames = shape.equalise(frames, line_db[:, None])
    frames = shape.lengthen_tract(frames, played.tract)
    frames = shape.tilt(frames, played.tilt_db)
    frames = shape.breathe(frames, min(0.85, played.breath + played.whisper * 0.8))
    if played.whisper >= WHISPER_FROM:
        frames = shape.whisper(frames)
    count = round(time.duration_s * RATE_HZ)
    samples = np.zeros(count, np.float32)
    made = world.synthesise(frames)[:count]
    samples[: len(made)] = made
    return finish(samples, played, _mean_db(line_db, frames)), frames.f0_hz


def _mean_db(line_db: world.Floats, frames: world.Analysis) -> float:
    """Returns how much the loudness line raises the clause, so that a loud word does not make the others softer."""
    power = np.exp(frames.envelope).sum(axis=1)
    plain = power * 10 ** (-line_db / 10)
    return float(10 * np.log10(max(power.sum(), 1e-12) / max(plain.sum(), 1e-12)))
