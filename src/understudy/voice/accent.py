"""Which words of a clause stand out, and where their stressed vowel is."""

from collections.abc import Collection
from dataclasses import dataclass

from understudy.base.channels import VOWELS
from understudy.hub.speech import Phone
from understudy.voice.clause import Clause
from understudy.voice.engine import TimedWord
from understudy.voice.pronounce import FUNCTION_WORDS

CONTENT, NUCLEAR, AFTER_FOCUS = 0.5, 0.8, 0.2


@dataclass(frozen=True)
class Accent:
    """A word's accent: weight 0..1 as in hub.speech.Word, whether the writer asked for it, and its stressed vowel."""

    weight: float
    asked: bool
    vowel: Phone | None


def accents(clause: Clause, words: tuple[TimedWord, ...], emphasis: Collection[int], language: str) -> list[Accent]:
    """Returns the accent of each word.

    Content words have one, the last content word is the nucleus of its phrase, and a word that the writer stressed
    takes 1 and lowers what follows (the usual account of English: Ladd 2008). emphasis: written word indices.
    """
    asked = [word.written in emphasis for word in clause.words]
    content = [
        not (language.startswith("en") and word.text.lower() in FUNCTION_WORDS) and _content(word.text, language)
        for word in clause.words
    ]
    nucleus = max((i for i, c in enumerate(content) if c), default=len(content) - 1)
    first_asked = asked.index(True) if any(asked) else len(asked)
    found: list[Accent] = []
    for i, timed in enumerate(words):
        weight = NUCLEAR if i == nucleus else CONTENT if content[i] else 0.0
        if asked[i]:
            weight = 1.0 if content[i] or not _spoken_with_others(clause, i, content) else 0.3
        elif i > first_asked:
            weight = min(weight, AFTER_FOCUS)
        found.append(Accent(weight, asked[i] and weight == 1.0, _stressed_vowel(timed)))
    return found


def _content(word: str, language: str) -> bool:
    return len(word) > 3 or language.startswith("en")


def _spoken_with_others(clause: Clause, i: int, content: list[bool]) -> bool:
    """Returns whether another spoken word of the same written word carries the accent ('and' in 'three and fifty')."""
    written = clause.words[i].written
    return any(content[j] for j, word in enumerate(clause.words) if word.written == written)


def _stressed_vowel(word: TimedWord) -> Phone | None:
    vowels = [p for p in word.phones if p.name in VOWELS]
    for stress in (1, 2):
        for phone in vowels:
            if phone.stress == stress:
                return phone
    return vowels[0] if vowels else None
