"""When each phone of known words is said, and which phones are said when the words are not known.

Both use pocketsphinx and its English acoustic model (BSD, in the wheel). Alignment takes two passes: words first, then
the states of their phones. Lattice rescoring must be off (`bestpath=False`): with it one utterance in six fails.
Live voices are aligned in one pass over a grammar of phones (`follow`), for half the work.
Boundaries come out early, 5 ms on three voices with known times and hardly at all on hand-labelled connected speech
(medians, `benchmarks/voice_timing.py`); BIAS_S lies between.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from understudy.base.audio import Audio
from understudy.hub.speech import Phone
from understudy.voice.engine import TimedWord

RATE_HZ = 16_000
FRAME_S = 0.01
PAD_S = 0.2
BIAS_S = 0.004
FOLLOW_PAD_S, FOLLOW_BIAS_S = 0.1, 0.007
"""Of `follow`: against flite's exact times 11 to 12 ms a boundary, as with two passes; middles of /p b m/ 6.7 ms (6.8);
half the work (`benchmarks/voice_timing.py`)."""
PEAK = 0.6
DITHER = 1e-4
_LOCK = threading.RLock()


@dataclass(frozen=True)
class Sayable:
    """A word to find. ways: the ways it may be said, phones with or without stress digits; never empty."""

    text: str
    ways: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Span:
    """A word found in the first pass: its index and its time."""

    word: int
    start_s: float
    end_s: float


def align(audio: Audio, words: Sequence[Sayable]) -> tuple[TimedWord, ...] | None:
    """Returns the phones of each word on the clock of the audio, or None when the words cannot be found in it."""
    with _LOCK:
        decoder = _aligner()
        sound = _prepared(audio)
        if not _first_pass(decoder, sound, _teach(decoder, words)):
            decoder = _patient()
            if not _first_pass(decoder, sound, _teach(decoder, words)):
                return None
        try:
            decoder.set_alignment()
            _decode(decoder, sound)
            alignment = decoder.get_alignment()
            # Entries point into the alignment and iterators into entries: copy while all are alive.
            entries = [[(p.name, p.start, p.start + p.duration) for p in w] for w in alignment if w.name[0] != "<"]
        except RuntimeError:
            return None
        if len(entries) != len(words):
            return None
        return tuple(
            _timed(entry, word, audio.duration_s, BIAS_S - PAD_S) for entry, word in zip(entries, words, strict=True)
        )


def follow(audio: Audio, words: Sequence[Sayable]) -> tuple[TimedWord, ...] | None:
    """Returns what `align` does, in one pass over the phones of all ways; for sound without long silence around it."""
    with _LOCK:
        decoder = _follower()
        ways = [[tuple(p.rstrip("012") for p in way) for way in word.ways] for word in words]
        for phone in {phone for choices in ways for way in choices for phone in way}:
            if decoder.lookup_word(_PHONE + phone) is None:
                decoder.add_word(_PHONE + phone, phone, False)
        try:
            decoder.reinit_feat()
            decoder.add_jsgf_string(_GRAMMAR, _grammar(ways))
            decoder.activate_search(_GRAMMAR)
            _decode(decoder, _prepared(audio, FOLLOW_PAD_S))
        except RuntimeError:
            return None
        if decoder.hyp() is None:
            return None
        found = [
            (s.word.removeprefix(_PHONE), s.start_frame, s.end_frame + 1)
            for s in decoder.seg()
            if s.word.startswith(_PHONE)
        ]
    counts = _shared_out([name for name, _, _ in found], ways)
    if counts is None:
        return None
    out, at = [], 0
    for count, word in zip(counts, words, strict=True):
        out.append(_timed(found[at : at + count], word, audio.duration_s, FOLLOW_BIAS_S - FOLLOW_PAD_S))
        at += count
    return tuple(out)


_PHONE, _GRAMMAR = "_", "said"


def _grammar(ways: Sequence[Sequence[tuple[str, ...]]]) -> str:
    """Returns the JSGF in which each word is one of its ways."""
    said = " ".join(
        "(" + " | ".join(" ".join(_PHONE + phone for phone in way) for way in choices) + ")" for choices in ways
    )
    return f"#JSGF V1.0; grammar {_GRAMMAR}; public <line> = {said};"


def _shared_out(names: Sequence[str], ways: Sequence[Sequence[tuple[str, ...]]]) -> list[int] | None:
    """Returns how many of the phones are of each word; None when they do not fit, as where a path was broken off."""
    if not ways:
        return None if names else []
    for way in ways[0]:
        if tuple(names[: len(way)]) == way and (rest := _shared_out(names[len(way) :], ways[1:])) is not None:
            return [len(way), *rest]
    return None


def place(audio: Audio, words: Sequence[Sayable]) -> tuple[Span, ...] | None:
    """Returns when each word is said, by the first pass alone: its memory does not grow with words times length."""
    with _LOCK:
        decoder = _aligner()
        if not _first_pass(decoder, _prepared(audio), _teach(decoder, words)):
            return None
        found = [s for s in decoder.seg() if not s.word.startswith("<")]
        if len(found) != len(words):
            return None
        return tuple(
            Span(i, max(0.0, s.start_frame * FRAME_S - PAD_S), (s.end_frame + 1) * FRAME_S - PAD_S)
            for i, s in enumerate(found)
        )


def hear(audio: Audio) -> tuple[Phone, ...]:
    """Returns the phones heard in a sound, silence included, covering it; a phone loop, so some are wrong."""
    with _LOCK:
        decoder = _listener()
        decoder.reinit_feat()
        _decode(decoder, _prepared(audio))
        found = [(s.word, s.start_frame, s.end_frame + 1) for s in decoder.seg() or ()]
    phones: list[Phone] = []
    for name, start, end in found:
        a, b = (min(max(0.0, f * FRAME_S - PAD_S + BIAS_S), audio.duration_s) for f in (start, end))
        if b > a:
            phones.append(Phone("SIL" if name in ("SIL",) or name.startswith("+") else name, a, b))
    return tuple(phones) or (Phone("SIL", 0.0, audio.duration_s),)


def _first_pass(decoder: Any, sound: bytes, names: list[str]) -> bool:
    try:
        decoder.reinit_feat()  # forget the noise and mean of earlier sounds: same sound and words, same times
        decoder.set_align_text(" ".join(names))
        _decode(decoder, sound)
    except RuntimeError:
        return False
    return decoder.hyp() is not None


def _decode(decoder: Any, sound: bytes) -> None:
    decoder.start_utt()
    try:
        decoder.process_raw(sound, full_utt=True)
    finally:
        decoder.end_utt()


def _prepared(audio: Audio, pad_s: float = PAD_S) -> bytes:
    """Returns 16 kHz PCM, level-normalised, padded and dithered, as the acoustic model likes it."""
    samples = audio.at_rate(RATE_HZ).samples
    peak = float(np.abs(samples).max()) if len(samples) else 0.0
    pad = np.zeros(round(pad_s * RATE_HZ), np.float32)
    loud = np.concatenate([pad, samples * (PEAK / peak if peak > 1e-6 else 0.0), pad])
    loud = loud + np.random.default_rng(0).normal(0.0, DITHER, len(loud))
    return np.asarray(np.clip(loud, -1, 1) * 32767, np.int16).tobytes()


def _teach(decoder: Any, words: Sequence[Sayable]) -> list[str]:
    """Returns the decoder's names of the words; each set of ways gets one, so that no later word inherits another's."""
    names: list[str] = []
    for word in words:
        ways = [" ".join(p.rstrip("012") for p in way) for way in word.ways]
        name = "~" + "|".join(ways).replace(" ", ".")
        if decoder.lookup_word(name) is None:
            for i, way in enumerate(ways):
                decoder.add_word(name if i == 0 else f"{name}({i + 1})", way, False)
        names.append(name)
    return names


def _timed(rows: Sequence[tuple[str, int, int]], word: Sayable, duration_s: float, later_s: float) -> TimedWord:
    said = [name for name, _, _ in rows]
    way = next((w for w in word.ways if [p.rstrip("012") for p in w] == said), tuple(said))
    phones = []
    for phone, (name, start, end) in zip(way, rows, strict=True):
        a, b = (min(max(0.0, f * FRAME_S + later_s), duration_s) for f in (start, end))
        phones.append(Phone(name, a, b, int(phone[-1]) if phone[-1].isdigit() else 0))
    return TimedWord(tuple(phones))


@cache
def _aligner() -> Any:
    from pocketsphinx import Decoder

    return Decoder(samprate=RATE_HZ, lm=None, bestpath=False, loglevel="FATAL")


@cache
def _follower() -> Any:
    """Returns a decoder of its own: grammars of phones and words would meet in one dictionary."""
    from pocketsphinx import Decoder

    return Decoder(samprate=RATE_HZ, lm=None, bestpath=False, loglevel="FATAL")


@cache
def _patient() -> Any:
    """Returns an aligner that gives up on no path: slower, for lively voices that the quick one loses."""
    from pocketsphinx import Decoder

    wide = {"beam": 1e-80, "pbeam": 1e-80, "wbeam": 1e-60}
    return Decoder(samprate=RATE_HZ, lm=None, bestpath=False, loglevel="FATAL", **wide)


@cache
def _listener() -> Any:
    from pocketsphinx import Decoder, get_model_path

    model = get_model_path("en-us/en-us-phone.lm.bin")
    return Decoder(samprate=RATE_HZ, lm=None, allphone=model, lw=2.0, beam=1e-12, pbeam=1e-12, loglevel="FATAL")
