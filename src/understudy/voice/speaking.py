"""A line becomes speech, clause by clause."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from understudy.base.audio import Audio, Samples
from understudy.base.channels import SILENCE
from understudy.hub.script import Direction, Line
from understudy.hub.speech import PROSODY_CHANNELS, PROSODY_RATE_HZ, Phone, Speech, Word
from understudy.hub.track import Track
from understudy.hub.voice import Voice
from understudy.voice import level, shape, world
from understudy.voice.accent import Accent, accents
from understudy.voice.acting import perform, remaining
from understudy.voice.aligner import Sayable, align
from understudy.voice.breath import breath_sound
from understudy.voice.choosing import Chosen, choose
from understudy.voice.clause import Clause
from understudy.voice.contour import loudness, melody
from understudy.voice.delivery import Delivery, deliver
from understudy.voice.durations import Clock, clock
from understudy.voice.engine import Sounding, TimedWord
from understudy.voice.foreign import spell_foreign
from understudy.voice.pronounce import pronounce
from understudy.voice.text import read

LOG = logging.getLogger(__name__)

RATE_HZ = 24_000
GRID_S = 0.01
PAUSES_S = {".": 0.42, "?": 0.48, "!": 0.42, ",": 0.17, ":": 0.28, "-": 0.26, "…": 0.62, "": 0.06}
"""Pause after a clause by its mark (Goldman-Eisler 1968; read speech: Zellner 1994), before pace and mood."""
END_S = 0.12
"""What follows the last clause of a line when the writer asks for no pause; replies come sooner than sentences."""
ATTACK_S, RELEASE_S = 0.04, 0.06
"""Sound kept before the first phone and after the last, so that plosives and decays are whole."""
AIR_TOP_HZ = 6800.0
WHISPER_FROM = 0.4
WHISPER_DB = -7.0


@dataclass(frozen=True, eq=False)
class Uttered:
    """An engine's clause on the hub's rate. phones: first to last sound; owners: their words, -1 a pause. plays: what
    of the direction is in the sound already."""

    audio: Audio
    words: tuple[TimedWord, ...]
    phones: tuple[Phone, ...]
    owners: list[int]
    top_hz: float
    timing: str
    plays: frozenset[str] = frozenset()


def speak(
    line: Line,
    voice: Voice,
    *,
    language: str = "en-US",
    lexicon: Mapping[str, str] | None = None,
    seed: int = 0,
    engine: str = "",
) -> Iterator[Speech]:
    """Yields a line as a Speech per clause, at SPEECH_RATE_HZ, in order and without gaps.

    The direction's pauses are silence inside the first and last piece. Same arguments, same samples on one machine;
    another seed is another take of the same reading. engine: 'name' or 'name/voice' to insist on one.
    Raises BadInput when there is nothing to say, Unavailable when no engine can say it.
    """
    chosen = choose(voice, language, engine)
    clauses = read(line.text, language=language, lexicon=lexicon)
    for order, clause in enumerate(clauses):
        rng = np.random.default_rng([seed, order])
        uttered = utter(chosen, clause, line.direction)
        played = deliver(remaining(line.direction, uttered.plays), voice)
        before = line.direction.pause_before_s if order == 0 else 0.0
        after = PAUSES_S.get(clause.mark, 0.3) * played.rest
        if clause.last:
            after = END_S + line.direction.pause_after_s
        opening = breath_sound(line.direction.events, played, RATE_HZ, rng) if order == 0 else np.zeros(0, np.float32)
        yield _piece(line, clause, uttered, played, chosen, rng, (before, after), opening)


def utter(chosen: Chosen, clause: Clause, direction: Direction = Direction()) -> Uttered:
    """Returns a clause as the engine says it, or acts it when it can, with the times of its phones."""
    acted = perform(chosen.engine, clause, chosen.base, direction)
    said = acted.sounding
    words, timing = said.words, "exact"
    if not words:
        words, timing = _found(said, clause, chosen.language)
    phones, owners = _chain(words)
    return Uttered(
        said.audio.at_rate(RATE_HZ),
        words,
        phones,
        owners,
        min(AIR_TOP_HZ, said.audio.rate_hz * 0.43),
        timing,
        acted.plays,
    )


def _found(said: Sounding, clause: Clause, language: str) -> tuple[tuple[TimedWord, ...], str]:
    """Returns the words by forced alignment; when that fails, spread over the sound (timing 'heard')."""
    ways = [(w.phones,) if w.phones else _ways(w.text, language) for w in clause.words]
    sayable = [Sayable(w.text, way) for w, way in zip(clause.words, ways, strict=True)]
    found = align(said.audio, sayable)
    if found is not None:
        return found, "aligned"
    LOG.warning("no alignment, times are estimates", extra={"words": len(clause.words)})
    return _spread(said.audio, sayable), "heard"


def _ways(word: str, language: str) -> tuple[tuple[str, ...], ...]:
    if language[:2] == "en":
        return pronounce(word) or (("AH0",),)
    return (spell_foreign(word, language),)


def _spread(audio: Audio, words: list[Sayable]) -> tuple[TimedWord, ...]:
    """Returns words laid over the sounding part in proportion to their phones."""
    loud = np.abs(audio.samples) > 0.02 * max(1e-6, float(np.abs(audio.samples).max()))
    places = np.flatnonzero(loud)
    start, end = (
        (places[0] / audio.rate_hz, (places[-1] + 1) / audio.rate_hz) if len(places) else (0.0, audio.duration_s)
    )
    step = (end - start) / max(1, sum(len(w.ways[0]) for w in words))
    out: list[TimedWord] = []
    clock_s = start
    for word in words:
        phones = []
        for phone in word.ways[0]:
            stress = int(phone[-1]) if phone[-1].isdigit() else 0
            phones.append(Phone(phone.rstrip("012"), clock_s, clock_s + step, stress))
            clock_s += step
        out.append(TimedWord(tuple(phones)))
    return tuple(out)


def _chain(words: tuple[TimedWord, ...]) -> tuple[tuple[Phone, ...], list[int]]:
    """Returns the phones end to end with the silences between them, and the word of each."""
    phones: list[Phone] = []
    owners: list[int] = []
    for index, word in enumerate(words):
        for phone in word.phones:
            start = phones[-1].end_s if phones else phone.start_s
            if phone.start_s - start > 0.02:
                phones.append(Phone(SILENCE, start, phone.start_s))
                owners.append(-1)
                start = phone.start_s
            phones.append(replace(phone, start_s=start, end_s=max(phone.end_s, start + 0.005)))
            owners.append(index)
    return tuple(phones), owners


def _piece(
    line: Line,
    clause: Clause,
    uttered: Uttered,
    played: Delivery,
    chosen: Chosen,
    rng: np.random.Generator,
    pauses_s: tuple[float, float],
    opening: Samples,
) -> Speech:
    marks = accents(clause, uttered.words, line.emphasis, chosen.language)
    time = clock(uttered.phones, uttered.owners, marks, played, clause.mark, rng)
    time = _with_edges(time, uttered)
    spans = [(time.to_target(w.phones[0].start_s), time.to_target(w.phones[-1].end_s)) for w in uttered.words]
    sound, f0_hz = _sound(uttered, clause, marks, spans, time, played, rng)
    lead = _grid(max(0.0, pauses_s[0])) + _grid(len(opening) / RATE_HZ)
    tail = _grid(max(0.0, pauses_s[1]))
    samples = np.zeros(round((lead + time.duration_s + tail) * RATE_HZ), np.float32)
    at = round(lead * RATE_HZ)
    samples[at - len(opening) : at] = opening
    samples[at : at + len(sound)] = sound
    return _speech(line, clause, uttered, marks, time, lead, samples, f0_hz, chosen)


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
    own = world.analyse(uttered.audio)
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
    samples = level.high_pass(samples, RATE_HZ)
    target = level.SPEECH_LUFS + played.loudness_db + WHISPER_DB * played.whisper + _mean_db(line_db, frames)
    loud = level.loudness_lufs(samples, RATE_HZ)
    gain = 10 ** ((target - loud) / 20) if loud > -70 else 0.0
    samples = level.limit(np.asarray(samples * gain, np.float32), RATE_HZ)
    return level.fade_edges(samples, RATE_HZ), frames.f0_hz


def _mean_db(line_db: world.Floats, frames: world.Analysis) -> float:
    """Returns how much the loudness line raises the clause, so that a loud word does not make the others softer."""
    power = np.exp(frames.envelope).sum(axis=1)
    plain = power * 10 ** (-line_db / 10)
    return float(10 * np.log10(max(power.sum(), 1e-12) / max(plain.sum(), 1e-12)))


def _speech(
    line: Line,
    clause: Clause,
    uttered: Uttered,
    marks: list[Accent],
    time: Clock,
    lead_s: float,
    samples: Samples,
    f0_hz: world.Floats,
    chosen: Chosen,
) -> Speech:
    audio = Audio(samples, RATE_HZ)
    phones = [
        Phone(p.name, lead_s + time.to_target(p.start_s), lead_s + time.to_target(p.end_s), p.stress)
        for p in uttered.phones
    ]
    words = tuple(
        Word(
            word.text,
            lead_s + time.to_target(timed.phones[0].start_s),
            lead_s + time.to_target(timed.phones[-1].end_s),
            round(accent.weight, 3),
        )
        for word, timed, accent in zip(clause.words, uttered.words, marks, strict=True)
    )
    first, last = phones[0], phones[-1]
    covered = [
        *([Phone(SILENCE, 0.0, first.start_s)] if first.start_s > 0 else []),
        *phones,
        *([Phone(SILENCE, last.end_s, audio.duration_s)] if last.end_s < audio.duration_s else []),
    ]
    count = round(audio.duration_s * PROSODY_RATE_HZ)
    track = np.zeros((count, 2), np.float32)
    places = np.rint(((np.arange(count) + 0.5) / PROSODY_RATE_HZ - lead_s) / world.FRAME_S).astype(int)
    inside = (places >= 0) & (places < len(f0_hz))
    track[inside, 0] = f0_hz[places[inside]]
    track[:, 1] = level.loudness_curve(samples, RATE_HZ, PROSODY_RATE_HZ, count)
    return Speech(
        audio,
        tuple(covered),
        words,
        Track("prosody", PROSODY_CHANNELS, PROSODY_RATE_HZ, track),
        line,
        chosen.label,
        uttered.timing,
    )


def _grid(seconds: float) -> float:
    """Returns a time on the prosody grid, so that the tracks of joined pieces stay in step with their sound."""
    return float(np.ceil(seconds / GRID_S - 1e-6)) * GRID_S
