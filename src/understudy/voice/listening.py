"""A recording becomes a Speech: aligned to its text, or heard without one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import SILENCE
from understudy.base.errors import BadInput
from understudy.hub.script import Line
from understudy.hub.speech import PROSODY_CHANNELS, PROSODY_RATE_HZ, Phone, Speech, Word
from understudy.hub.track import Track
from understudy.voice import ear, level, seconding
from understudy.voice.aligner import Sayable, Span, align, place
from understudy.voice.decoding import decode
from understudy.voice.engine import TimedWord
from understudy.voice.pronounce import FUNCTION_WORDS, pronounce
from understudy.voice.text import read
from understudy.voice.world import FRAME_S, Floats, track_f0

RATE_HZ = 24_000
RATES_HZ = (8_000, 192_000)
SHORTEST_S = 0.1
PITCH_HZ = 12_000
"""Rate at which pitch is read: enough for the harmonics that carry it, at half the cost."""
SILENT = 1e-4
CHUNK_S = 15.0
"""Longest piece given to the aligner's second pass, whose memory grows with length times words."""
ALIKE = 0.5
"""Least mean belief of the ear in the classes of the aligned phones, for a text to count as what is said.

`benchmarks/voice_timing.py` prints what right and wrong texts reach.
"""
STRETCHED_S = 0.75
"""A phone longer than this, silence aside, is a sign that words are missing from the text."""

_CLASSES = ("P B M", "F V", "T D N L TH DH", "S Z SH ZH CH JH", "K G NG HH", "R ER", "W UW UH OW AO OY",
            "IY IH EY EH AE Y", "AA AH AY AW", "SIL")  # fmt: skip
_CLASS = {phone: i for i, phones in enumerate(_CLASSES) for phone in phones.split()}


@dataclass(frozen=True)
class Passage:
    """What was found in one chunk, on the clock of the whole recording. words: (text, its phones)."""

    phones: tuple[Phone, ...]
    words: tuple[tuple[str, TimedWord], ...]
    aligned: bool


def listen(sound: Audio, text: str | None = None) -> Speech:
    """Returns a recording as a Speech at 24 kHz.

    timing is 'aligned' when the text fits at least half of what is said, else 'heard'; passages that the text does not
    fit have heard phones and no words. Raises BadInput for a sound that is empty, broken or silent.
    """
    audio = _usable(sound)
    words = sayable(text) if text is not None and text.strip() else []
    beliefs = ear.hear(audio)
    passages = _aligned(audio, words, beliefs) if words else [_heard(audio, beliefs, 0.0)]
    phones = _covering([p for passage in passages for p in passage.phones], audio.duration_s)
    said, fits = _said_s(passages), _said_s([p for p in passages if p.aligned])
    prosody = _prosody(audio)
    spoken = [item for passage in passages for item in passage.words]
    return Speech(
        audio,
        phones,
        tuple(_word(name, timed, prosody) for name, timed in spoken),
        prosody,
        Line(text.strip()) if text and text.strip() else None,
        "recording",
        "aligned" if words and 0 < fits >= 0.5 * said else "heard",
    )


def _said_s(passages: Sequence[Passage]) -> float:
    """Returns how long the passages speak; silence before and between words says nothing about a text."""
    return sum(p.end_s - p.start_s for passage in passages for p in passage.phones if p.name != SILENCE)


def _usable(sound: Audio) -> Audio:
    """Returns the sound at 24 kHz, as long as a whole number of prosody frames."""
    low, high = RATES_HZ
    if not low <= sound.rate_hz <= high:
        raise BadInput(f"A recording at {sound.rate_hz} Hz cannot be used; give one between {low} and {high} Hz.")
    if sound.duration_s < SHORTEST_S:
        raise BadInput(f"The recording lasts {sound.duration_s:.2f} s; give at least {SHORTEST_S} s of speech.")
    if not np.isfinite(sound.samples).all():
        raise BadInput("The recording has samples that are not numbers, so it is broken; record or export it again.")
    if float(np.abs(sound.samples).max()) < SILENT:
        raise BadInput("The recording is silent; check the microphone and its level, and record again.")
    audio = sound.at_rate(RATE_HZ)
    grid = round(RATE_HZ / PROSODY_RATE_HZ)
    return Audio(np.pad(audio.samples, (0, -len(audio.samples) % grid)), RATE_HZ)


def sayable(text: str) -> list[Sayable]:
    """Returns the words of a text with the ways they may be said; what has no letters is left out."""
    words = [w for clause in read(text) for w in clause.words]
    ways = [(w.phones,) if w.phones else pronounce(w.text) for w in words]
    return [Sayable(w.text, way) for w, way in zip(words, ways, strict=True) if way]


def _heard(audio: Audio, beliefs: ear.Floats, start_s: float) -> Passage:
    return Passage(decode(seconding.seconded(beliefs, seconding.hear(audio)), start_s=start_s), (), False)


def _aligned(audio: Audio, words: Sequence[Sayable], beliefs: ear.Floats) -> list[Passage]:
    """Returns the passages of a recording with its text: a first pass over all of it, then chunk by chunk."""
    if audio.duration_s <= CHUNK_S:
        return [_passage(audio, 0.0, audio.duration_s, words, beliefs)]
    spans = place(audio, words)
    if spans is None:
        return [_heard(audio, beliefs, 0.0)]
    return [_passage(audio, start, end, words[first:last], beliefs) for start, end, first, last in _cuts(audio, spans)]


def _passage(audio: Audio, start_s: float, end_s: float, words: Sequence[Sayable], beliefs: ear.Floats) -> Passage:
    part = audio.cut(start_s, end_s)
    here = beliefs[round(start_s / ear.FRAME_S) : round(end_s / ear.FRAME_S)]
    found = align(part, words) if words else None
    if found is None or not _fits(found, here):
        return _heard(part, here, start_s)
    timed = [TimedWord(_moved(w.phones, start_s)) for w in found]
    named = tuple((w.text, t) for w, t in zip(words, timed, strict=True))
    return Passage(tuple(p for t in timed for p in t.phones), named, True)


def alikeness(found: Sequence[TimedWord], beliefs: ear.Floats) -> float:
    """Returns how much the ear believes in the aligned phones, 0..1.

    The mean, over frames that sound in the one or the other, of what it gives to the class of the aligned phone within
    20 ms.
    beliefs: (frames, 40) log posteriors of `ear`.
    """
    classes = np.zeros((len(beliefs), len(_CLASSES)))
    for column, name in enumerate(ear.NAMES):
        classes[:, _CLASS[name]] += np.exp(beliefs[:, column])
    padded = np.pad(classes, ((2, 2), (0, 0)))
    near = np.max([padded[i : i + len(classes)] for i in range(5)], axis=0)
    aligned = np.full(len(beliefs), _CLASS[SILENCE])
    for phone in (p for w in found for p in w.phones):
        aligned[round(phone.start_s / ear.FRAME_S) : round(phone.end_s / ear.FRAME_S)] = _CLASS[phone.name]
    sounding = (aligned != _CLASS[SILENCE]) | (classes[:, _CLASS[SILENCE]] < 0.5)
    return float(near[np.arange(len(near)), aligned][sounding].mean()) if sounding.any() else 0.0


def _fits(found: Sequence[TimedWord], beliefs: ear.Floats) -> bool:
    phones = [p for w in found for p in w.phones]
    stretched = sum(p.end_s - p.start_s for p in phones if p.end_s - p.start_s > STRETCHED_S)
    return alikeness(found, beliefs) >= ALIKE and stretched < 0.3 * len(beliefs) * ear.FRAME_S


def _cuts(audio: Audio, spans: Sequence[Span]) -> list[tuple[float, float, int, int]]:
    """Returns (start_s, end_s, first word, last word + 1) of chunks that end between words, at quiet moments."""
    line = _level(audio)
    found: list[tuple[float, float, int, int]] = []
    start, first = 0.0, 0
    while audio.duration_s - start > CHUNK_S:
        between = [
            i for i in range(first + 1, len(spans)) if start + 0.4 * CHUNK_S <= spans[i].start_s <= start + CHUNK_S
        ]
        if not between:
            end = min(start + CHUNK_S, audio.duration_s)
            last = next((i for i in range(first, len(spans)) if spans[i].start_s >= end), len(spans))
        else:
            last = min(between, key=lambda i: _quiet(line, spans[i - 1].end_s, spans[i].start_s)[1])
            end = _quiet(line, spans[last - 1].end_s, spans[last].start_s)[0]
        found.append((start, end, first, last))
        start, first = end, last
    return [*found, (start, audio.duration_s, first, len(spans))]


def _quiet(line: Floats, before_s: float, after_s: float) -> tuple[float, float]:
    """Returns the quietest moment of a gap between words and its level, long gaps counting as quieter."""
    a = max(0, int(min(before_s, after_s) * 100) - 2)
    b = max(a + 1, int(after_s * 100) + 2)
    part = line[a:b]
    at = a + int(np.argmin(part)) if len(part) else a
    return at / 100, float(part.min() if len(part) else 0.0) - 40.0 * min(0.5, after_s - before_s)


def _level(audio: Audio) -> Floats:
    frames = max(1, round(audio.duration_s * 100))
    return np.concatenate([_loudness(audio, a, min(a + 6000, frames)) for a in range(0, frames, 6000)])


def _loudness(audio: Audio, first: int, last: int) -> Floats:
    """Returns the level of prosody frames first..last, a minute at a time so that memory stays flat."""
    margin = 3
    a = max(0, first - margin)
    part = audio.cut(a / 100, (last + margin) / 100)
    return level.loudness_curve(part.samples, RATE_HZ, PROSODY_RATE_HZ, last - a)[first - a :]


def _prosody(audio: Audio) -> Track:
    count = round(audio.duration_s * PROSODY_RATE_HZ)
    loud = _level(audio)[:count]
    f0 = np.zeros(count)
    step, margin = 2000, 50
    for first in range(0, count, step):
        a, last = max(0, first - margin), min(count, first + step)
        part = audio.cut(a / 100, (last + margin) / 100).at_rate(PITCH_HZ)
        if part.duration_s < 0.1:
            continue
        fine = track_f0(part)
        places = np.rint((np.arange(first, last) - a + 0.5) / PROSODY_RATE_HZ / FRAME_S).astype(int)
        f0[first:last] = fine[np.minimum(places, len(fine) - 1)]
    f0[loud < max(-60.0, float(np.percentile(loud, 95)) - 40.0)] = 0.0
    return Track("prosody", PROSODY_CHANNELS, PROSODY_RATE_HZ, np.column_stack([f0, loud]).astype(np.float32))


def _word(text: str, timed: TimedWord, prosody: Track) -> Word:
    """Returns a word with the accent it has in the sound: how far its pitch and level stand above the recording's."""
    start, end = timed.phones[0].start_s, timed.phones[-1].end_s
    rows = prosody.values[
        int(start * PROSODY_RATE_HZ) : max(int(start * PROSODY_RATE_HZ) + 1, int(end * PROSODY_RATE_HZ))
    ]
    f0, loud = prosody.column("f0_hz"), prosody.column("loudness_db")
    voiced = f0[f0 > 0]
    accent = 0.0 if text.lower() in FUNCTION_WORDS else 0.45
    if len(voiced) and (rows[:, 0] > 0).any():
        usual = float(np.median(voiced))
        spread = max(1.0, 12 * float(np.std(np.log2(voiced / usual))))
        above = 12 * float(np.log2(np.percentile(rows[rows[:, 0] > 0, 0], 90) / usual)) / spread
        louder = (float(rows[:, 1].max()) - float(np.percentile(loud, 90))) / 6
        accent += 0.2 * above + 0.15 * louder
    return Word(text, start, end, round(float(np.clip(accent, 0.0, 1.0)), 3))


def _moved(phones: Sequence[Phone], by_s: float) -> tuple[Phone, ...]:
    return tuple(replace(p, start_s=p.start_s + by_s, end_s=p.end_s + by_s) for p in phones)


def _covering(phones: Sequence[Phone], duration_s: float) -> tuple[Phone, ...]:
    """Returns the phones without gaps or overlaps from 0 to the end; gaps are silence, neighbouring silences one."""
    out: list[Phone] = []
    clock = 0.0
    for phone in phones:
        start, end = max(clock, phone.start_s), min(phone.end_s, duration_s)
        if end - start < 0.005:
            continue
        if start - clock > 0.02 or (not out and start > 0):
            out.append(Phone(SILENCE, clock, start))
        elif out:
            out[-1] = replace(out[-1], end_s=start)
        out.append(replace(phone, start_s=start, end_s=end))
        clock = end
    if not out or duration_s - clock > 1e-9:
        out.append(Phone(SILENCE, clock, duration_s))
    merged = [out[0]]
    for phone in out[1:]:
        if phone.name == SILENCE == merged[-1].name:
            merged[-1] = replace(merged[-1], end_s=phone.end_s)
        else:
            merged.append(phone)
    return tuple(merged)
