"""A text as clauses of tokens: what the vocabulary is matched against."""

import re
import unicodedata
from dataclasses import dataclass

_TOKEN = re.compile(r"\d+(?:st|nd|rd|th)\b|\d+s\b|\d+(?:\.\d+)?|[^\W\d_]+(?:['/][^\W\d_]+)*|[,;.:!?()\[\]\n|+*\"“”…]")
_BREAKS = frozenset(',;.:!?()[]\n|+*"“”…')
_DASH = re.compile(r"[‐-―−_-]")


@dataclass(frozen=True)
class Token:
    """One word. text: as written. low: lower case. stem: without plural and possessive. opens: it begins a sentence."""

    text: str
    low: str
    stem: str
    opens: bool = False


Clause = tuple[Token, ...]


def clauses(text: str) -> list[Clause]:
    """Returns the clauses of a text: what stands between commas, full stops and other breaks. Hyphens are blanks."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'").replace("&", " and ")
    plain = _DASH.sub(" ", plain)
    found: list[Clause] = []
    current: list[Token] = []
    opens = True
    for match in _TOKEN.finditer(plain):
        word = match.group()
        if word in _BREAKS:
            found.append(tuple(current))
            current, opens = [], word in ".!?:\n" or opens
            continue
        current.append(Token(word, word.lower(), stem(word.lower()), opens))
        opens = False
    found.append(tuple(current))
    return [clause for clause in found if clause]


def stem(word: str) -> str:
    """Returns a lower-case word without possessive and plural ending."""
    word = word.removesuffix("'s").removesuffix("s'")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def stems(phrase: str) -> tuple[str, ...]:
    """Returns the stems of a phrase of the vocabulary."""
    return tuple(token.stem for clause in clauses(phrase) for token in clause)
