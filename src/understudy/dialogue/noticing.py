"""What a user tells about himself, by pattern: a name, a home, work, likes. Only plain words get through, and few."""

import re
from typing import Final

from understudy.dialogue.memory import Noted

_WORDS: Final = r"[^\W_][\w'’ -]{1,48}?"
_END: Final = r"(?=[.,;!?]|$| and (?:i|my)\b| but\b| because\b| so\b)"
_NAME: Final = r"[^\W\d_][^\W\d_'’-]{0,19}(?:[ -][A-ZÄÖÜÉ][^\W\d_'’-]{1,19})?"
_PATTERNS: Final = (
    (
        "name",
        re.compile(
            rf"\b(?:[Mm]y name is|[Mm]y name's|[Cc]all me|[Pp]eople call me|[Ii]ch hei(?:ß|ss)e|[Jj]e m'appelle"
            rf"|[Mm]e llamo|[Mm]i chiamo)\s+({_NAME})"
        ),
        "You are {}.",
    ),
    (
        "name",
        re.compile(
            r"^(?:[Hh]i|[Hh]ello|[Hh]ey)?[,!. ]*(?:[Ii]'m|[Ii] am|[Tt]his "
            r"is)\s+([A-ZÄÖÜÉ][^\W\d_]{1,19})(?=[.,!]|$| and\b| from\b)"
        ),
        "You are {}.",
    ),
    ("lives", re.compile(rf"\bI (?:live|moved) (?:in|to|near|by|at)\s+({_WORDS}){_END}", re.I), "You live in {}."),
    ("lives", re.compile(rf"\bI(?:'m| am| come) from\s+({_WORDS}){_END}", re.I), "You are from {}."),
    (
        "works",
        re.compile(rf"\bI work (?:as|for|in|at)\s+({_WORDS}){_END}", re.I),
        "You told me that you work as or for {}.",
    ),
    (
        "likes",
        re.compile(
            rf"\bI (?:really |just |do |also )?(?:like|love|enjoy|adore)\s+(?!you\b|it\b|that\b|this\b|to\b"
            rf"|talking\b|him\b|her\b|them\b)({_WORDS}){_END}",
            re.I,
        ),
        "You like {}.",
    ),
    (
        "dislikes",
        re.compile(
            rf"\bI (?:really |just )?(?:hate|dislike|can't stand|don't like|do not like)\s+(?!you\b|it\b|that\b"
            rf"|this\b|to\b|myself\b|him\b|her\b|them\b)({_WORDS}){_END}",
            re.I,
        ),
        "You don't like {}.",
    ),
    ("favourite", re.compile(rf"\bmy favou?rite\s+({_WORDS} is {_WORDS}){_END}", re.I), "Your favourite {}."),
    (
        "has",
        re.compile(
            rf"\bI(?:'ve got| have| own)\s+((?:a|an|one|two|three|four|five)\s+(?:dog|cat|brother|sister|son"
            rf"|daughter|child|children|kids?|horse|parrot|piano|guitar|garden|bike"
            rf"|boat){_END.replace('(?=', '(?:')[:-1]}|s\b)*)",
            re.I,
        ),
        "You have {}.",
    ),
    (
        "pet",
        re.compile(
            r"\bmy (?:dog|cat|horse|parrot|rabbit|hamster)(?:'s name is| is called| is "
            r"named)\s+([^\W\d_]{1,20})",
            re.I,
        ),
        "Your pet is called {}.",
    ),
    (
        "family",
        re.compile(
            r"\bmy ((?:wife|husband|son|daughter|brother|sister|mother|father|friend|girlfriend"
            r"|boyfriend)(?:'s name is| is called| is named) [^\W\d_]{1,20})",
            re.I,
        ),
        "Your {}.",
    ),
    (
        "told",
        re.compile(r"\b(?:please )?remember (?:that )?(my [\w' -]{3,80}|I [\w' -]{3,80})" + _END, re.I),
        "You asked me to remember: {}.",
    ),
)
_NO_NAMES_TEXT: Final = (
    "sorry fine good great ok okay here not so very just really tired sad happy bored lonely ready back sure "
    "glad afraid an a the from going in at on hungry thirsty cold hot busy well done alone new old emi jonah "
    "yours the trying thinking what"
)
_NO_NAMES: Final = frozenset(_NO_NAMES_TEXT.split())


def noticed(text: str) -> tuple[Noted, ...]:
    """Returns what a user's words tell about the user."""
    found: list[Noted] = []
    for kind, pattern, sentence in _PATTERNS:
        for match in pattern.finditer(text[:1_000]):
            value = " ".join(match[1].split()).strip(" '-’")
            if not value or (kind == "name" and value.split()[0].casefold() in _NO_NAMES):
                continue
            if kind == "name":
                value = " ".join(word[:1].upper() + word[1:] for word in value.split())
                if any(n.kind == "name" for n in found):
                    continue
            found.append(Noted(kind, value, sentence.format(value)))
    return tuple(found[:8])
