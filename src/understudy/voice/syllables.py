"""Phones laid under notes: vowels begin on the beat, what stands between two vowels comes just before the second.

Singers place the onset of the vowel on the beat and its consonants ahead of it (Sundberg & Bauer-Huppmann 2007).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from understudy.base.channels import SILENCE, VOWELS
from understudy.hub.song import Note
from understudy.hub.speech import Phone

CONSONANT_S = (0.03, 0.14)
"""Shortest and longest a consonant lasts in song; in between it keeps the length it has in speech."""
CONSONANT_SHARE = 0.5
"""Most of the time from one vowel's beat to the next that consonants may take."""
SPARE_VOWEL_S = 0.09
PAUSE_S = 0.005
"""A silence that the engine made inside a phrase all but vanishes."""


@dataclass(frozen=True)
class Syllable:
    """What is sung on one beat. start_s: its beat; end_s: the end of its last note; word: index of its word."""

    word: int
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Sung:
    """One phone in both clocks. source: as the engine says it. start_s, end_s: as it is sung. nucleus: whether it is
    held. word: the word it belongs to, -1 for a pause."""

    source: Phone
    start_s: float
    end_s: float
    nucleus: bool
    word: int


def syllables(notes: Sequence[Note]) -> tuple[tuple[str, ...], tuple[Syllable, ...]]:
    """Returns the words of a phrase and its syllables. The first note has a syllable."""
    words: list[str] = []
    found: list[Syllable] = []
    joined = False
    for note in notes:
        if not note.syllable:
            last = found[-1]
            found[-1] = Syllable(last.word, last.start_s, note.end_s)
            continue
        if joined:
            words[-1] += note.syllable
        else:
            words.append(note.syllable)
        found.append(Syllable(len(words) - 1, note.start_s, note.end_s))
        joined = note.joined
    return tuple(words), tuple(found)


def lay_phones(
    phones: Sequence[Phone], owners: Sequence[int], sung: Sequence[Syllable], *, room_s: float
) -> tuple[Sung, ...]:
    """Returns every phone in the time of the song.

    owners: the word of each phone, -1 for a pause. room_s: silence before the first beat, for its first consonants.
    """
    nuclei = _nuclei(phones, owners, sung)
    out: list[Sung] = []
    first, last = 0, len(phones)
    before_end = sung[0].start_s - room_s
    for order, at in enumerate(nuclei):
        beat = sung[order].start_s
        lead = list(range(first, at))
        room = (beat - before_end) * (CONSONANT_SHARE if order else 1.0)
        lengths = _lengths(phones, lead, room)
        clock = beat - sum(lengths)
        if out and order:
            held = out[-1]
            out[-1] = Sung(held.source, held.start_s, clock, held.nucleus, held.word)
        for i, length in zip(lead, lengths, strict=True):
            out.append(Sung(phones[i], clock, clock + length, False, owners[i]))
            clock += length
        out.append(Sung(phones[at], beat, sung[order].end_s, True, owners[at]))
        first, before_end = at + 1, beat
    tail = list(range(first, last))
    end = sung[-1].end_s
    lengths = _lengths(phones, tail, (end - sung[-1].start_s) * CONSONANT_SHARE)
    clock = end - sum(lengths)
    held = out[-1]
    out[-1] = Sung(held.source, held.start_s, clock, True, held.word)
    for i, length in zip(tail, lengths, strict=True):
        out.append(Sung(phones[i], clock, clock + length, False, owners[i]))
        clock += length
    return tuple(out)


def _nuclei(phones: Sequence[Phone], owners: Sequence[int], sung: Sequence[Syllable]) -> list[int]:
    """Returns the phone that carries each syllable: of a word's vowels as many as it has syllables."""
    found: list[int] = []
    for word in dict.fromkeys(s.word for s in sung):
        wanted = sum(s.word == word for s in sung)
        own = [i for i, owner in enumerate(owners) if owner == word]
        vowels = [i for i in own if phones[i].name in VOWELS]
        if not vowels:
            vowels = [max(own, key=lambda i: phones[i].end_s - phones[i].start_s)]
        while len(vowels) > wanted:
            weakest = min(vowels, key=lambda i: (phones[i].stress == 1, phones[i].end_s - phones[i].start_s))
            vowels.remove(weakest)
        found += vowels + [vowels[-1]] * (wanted - len(vowels))
    return found


def _lengths(phones: Sequence[Phone], which: Sequence[int], room_s: float) -> list[float]:
    """Returns how long consonants last, at most `room_s` together."""
    lengths = []
    for i in which:
        own = phones[i].end_s - phones[i].start_s
        if phones[i].name == SILENCE:
            lengths.append(PAUSE_S)
        elif phones[i].name in VOWELS:
            lengths.append(min(own, SPARE_VOWEL_S))
        else:
            lengths.append(min(max(own, CONSONANT_S[0]), CONSONANT_S[1]))
    total = sum(lengths)
    return [x * min(1.0, max(room_s, 0.01) / total) for x in lengths] if total else []
