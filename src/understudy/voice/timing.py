"""Times of phones from times of words: what a service says about words, made fine enough for lips."""

from collections.abc import Sequence
from dataclasses import replace

from understudy.base.audio import Audio
from understudy.base.channels import VOWELS
from understudy.hub.speech import Phone
from understudy.voice.aligner import Sayable, align
from understudy.voice.clause import Clause
from understudy.voice.engine import TimedWord
from understudy.voice.foreign import spell_foreign
from understudy.voice.pronounce import pronounce

AGREE_S = 0.12
"""A word that the aligner begins within this of the service's time, and ends no later than it and this, keeps the
aligner's times (a service may count the pause after a word to it); else the service is believed."""
VOWEL_WEIGHT = 1.6


def sayable(clause: Clause, language: str) -> list[Sayable]:
    """Returns the words of a clause as the aligner takes them."""
    found = []
    for word in clause.words:
        if word.phones:
            ways: tuple[tuple[str, ...], ...] = (word.phones,)
        elif language[:2] == "en":
            ways = pronounce(word.text) or (("AH0",),)
        else:
            ways = (spell_foreign(word.text, language),)
        found.append(Sayable(word.text, ways))
    return found


def within_words(
    audio: Audio, clause: Clause, language: str, spans: Sequence[tuple[float, float]]
) -> tuple[TimedWord, ...]:
    """Returns phones inside the words' spans. spans: (start_s, end_s) of each word, in order.

    The aligner divides a word; its division is laid into the span when the two disagree on where the word is. Without
    one, vowels get 1.6 times a consonant. Returns () when the spans are no use: fewer than words, or not in order.
    """
    if len(spans) != len(clause.words) or not _in_order(spans, audio.duration_s):
        return ()
    words = sayable(clause, language)
    found = align(audio, words)
    out = []
    for i, (start, end) in enumerate(spans):
        timed = found[i] if found is not None else _even(words[i], start, end)
        first, last = timed.phones[0].start_s, timed.phones[-1].end_s
        if abs(first - start) <= AGREE_S and start + 0.3 * (end - start) <= last <= end + AGREE_S:
            out.append(timed)
        else:
            scale = (end - start) / max(1e-6, last - first)
            moved = [
                replace(p, start_s=start + (p.start_s - first) * scale, end_s=start + (p.end_s - first) * scale)
                for p in timed.phones
            ]
            out.append(TimedWord(tuple(moved)))
    return _apart(out)


def _in_order(spans: Sequence[tuple[float, float]], duration_s: float) -> bool:
    clock = 0.0
    for start, end in spans:
        if not clock - 0.05 <= start < end <= duration_s + 0.25:
            return False
        clock = start
    return True


def _even(word: Sayable, start: float, end: float) -> TimedWord:
    way = word.ways[0]
    weights = [VOWEL_WEIGHT if p.rstrip("012") in VOWELS else 1.0 for p in way]
    step = (end - start) / sum(weights)
    phones = []
    clock = start
    for phone, weight in zip(way, weights, strict=True):
        stress = int(phone[-1]) if phone[-1].isdigit() else 0
        phones.append(Phone(phone.rstrip("012"), clock, clock + weight * step, stress))
        clock += weight * step
    return TimedWord(tuple(phones))


def _apart(words: list[TimedWord]) -> tuple[TimedWord, ...]:
    """Returns the words with none beginning before the one before it ends."""
    out: list[TimedWord] = []
    clock = 0.0
    for word in words:
        phones = []
        for phone in word.phones:
            start = max(clock, phone.start_s)
            end = max(start + 0.005, phone.end_s)
            phones.append(replace(phone, start_s=start, end_s=end))
            clock = end
        out.append(TimedWord(tuple(phones)))
    return tuple(out)
