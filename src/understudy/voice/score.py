"""Scores become songs: which reader a file needs, the tempo map, and words laid under notes that have none."""

import bisect
import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from understudy.base.errors import BadInput
from understudy.hub.song import Note, Song
from understudy.voice.foreign import is_vowel, sounds
from understudy.voice.pronounce import pronounce

USUAL_TEMPO = 120.0
MUSICXML = (".musicxml", ".xml", ".mxl")
MIDI = (".mid", ".midi", ".kar")


def read_song(path: Path, *, words: str | None = None, language: str = "en-US", part: str = "") -> Song:
    """Returns the vocal line of a MusicXML or MIDI file.

    words: the text to sing instead of what stands in the score: one syllable a note, 'hap-py' divides a word where you
    want, '_' lets the syllable before go on; undivided words are divided by how they are said. part: name or number of
    the part or track to sing; without it the first that has words. Raises BadInput.
    """
    from understudy.voice import midi, musicxml

    kind = path.suffix.lower()
    if kind not in (*MUSICXML, *MIDI):
        raise BadInput(f"{path.name} is no score that is known here; give a .musicxml, .mxl or .mid file.")
    if not path.is_file():
        raise BadInput(f"There is no score at {path}; give the path of a MusicXML or MIDI file.")
    data = path.read_bytes()
    song = (musicxml.read if kind in MUSICXML else midi.read)(data, path.name, part)
    song = replace(song, title=song.title or path.stem, language=language)
    if words is not None:
        song = replace(song, notes=lay(words, song.notes, language))
    if not any(note.syllable for note in song.notes):
        raise BadInput(f"{path.name} has notes and no words; give the words in a text file with --words.")
    if not song.notes[0].syllable:
        first = next(i for i, note in enumerate(song.notes) if note.syllable)
        song = replace(
            song,
            notes=song.notes[first:],
            remarks=(*song.remarks, f"{first} notes before the first word are left out."),
        )
    return song


class Tempo:
    """Quarters to seconds. changes: (position in quarters, quarters a minute)."""

    def __init__(self, changes: Sequence[tuple[Fraction, float]]) -> None:
        given = {Fraction(0): USUAL_TEMPO} | dict(sorted(changes, key=lambda c: c[0]))
        self._at = sorted(given)
        self._rate = [given[position] for position in self._at]
        self._clock = [0.0]
        for i in range(1, len(self._at)):
            self._clock.append(self._clock[-1] + float(self._at[i] - self._at[i - 1]) * 60.0 / self._rate[i - 1])

    def seconds(self, quarters: Fraction) -> float:
        """Returns when a position is reached."""
        i = max(0, bisect.bisect_right(self._at, quarters) - 1)
        return self._clock[i] + float(quarters - self._at[i]) * 60.0 / self._rate[i]


def lay(text: str, notes: Sequence[Note], language: str) -> tuple[Note, ...]:
    """Returns the notes with the syllables of a text under them. Raises BadInput when the numbers do not fit."""
    syllables: list[tuple[str, bool]] = []
    for word in text.split():
        if word.strip("_") == "":
            syllables += [("", False)] * len(word)
            continue
        held = len(word) - len(word.rstrip("_"))
        parts = [p for p in word.rstrip("_").split("-") if p]
        if len(parts) == 1:
            parts = divide(parts[0], language)
        syllables += [(p, i + 1 < len(parts)) for i, p in enumerate(parts)] + [("", False)] * held
    if len(syllables) != len(notes):
        raise BadInput(
            f"The words have {len(syllables)} syllables and the score has {len(notes)} notes; divide words with '-' "
            "and let a syllable go on over a note with '_'."
        )
    return tuple(replace(n, syllable=s, joined=j) for n, (s, j) in zip(notes, syllables, strict=True))


def divide(word: str, language: str) -> list[str]:
    """Returns a word in as many pieces as it has vowels when it is said; the cut is only for people to read."""
    plain = re.sub(r"[^\w']", "", word)
    if language[:2] == "en":
        ways = pronounce(plain)
        count = sum(p[-1].isdigit() for p in ways[0]) if ways else 1
    else:
        count = sum(is_vowel(sound) for sound, _ in sounds(plain, language))
    count = max(1, min(count, len(word)))
    places = [round(i * len(word) / count) for i in range(count + 1)]
    return [word[a:b] for a, b in pairwise(places)]
