"""What casting refuses, with the reason: minors, real people, explicit content."""

import itertools
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from understudy.base.errors import NotAllowed
from understudy.casting.brief.vocabulary import vocabulary
from understudy.casting.brief.words import Clause, Token, clauses, stems

Phrase = tuple[str, ...]
_TITLE_CASE = 0.6
"""With more than this share of capitals in it a text is a headline, and capitals say nothing about names."""


@dataclass(frozen=True)
class Refusals:
    """refusal.toml and people.txt, ready to be matched."""

    minor: frozenset[Phrase]
    minor_unless: frozenset[Phrase]
    carers: frozenset[str]
    unsure: frozenset[str]
    explicit: frozenset[Phrase]
    explicit_unless: frozenset[Phrase]
    likeness: frozenset[Phrase]
    after: frozenset[str]
    pointing: frozenset[Phrase]
    pointing_unless: frozenset[Phrase]
    places: frozenset[str]
    place_phrases: frozenset[Phrase]
    first_names: frozenset[str]
    people: frozenset[str]
    """names squeezed to their letters: 'bradpitt'"""
    single_names: frozenset[str]


@cache
def refusals() -> Refusals:
    """Loads what is refused."""
    folder = resources.files("understudy.casting.brief")
    raw = tomllib.loads(folder.joinpath("refusal.toml").read_text("utf-8"))
    people: set[str] = set()
    single: set[str] = set()
    for line in folder.joinpath("people.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        names = single if line.startswith("@") else people
        names.update(_squeezed(name) for name in line.removeprefix("@").split(","))
    return Refusals(
        minor=_phrases(raw["minor"]["words"]),
        minor_unless=_phrases(raw["minor"]["unless"]),
        carers=frozenset(raw["minor"]["carers"]),
        unsure=frozenset(raw["unsure"]["words"]),
        explicit=_phrases(raw["explicit"]["words"]),
        explicit_unless=_phrases(raw["explicit"]["unless"]),
        likeness=_phrases(raw["likeness"]["words"]),
        after=frozenset(raw["likeness"]["after"]),
        pointing=_phrases(raw["pointing"]["words"]),
        pointing_unless=_phrases(raw["pointing"]["unless"]),
        places=frozenset(raw["places"]["words"]),
        place_phrases=_phrases(raw["places"]["phrases"]),
        first_names=frozenset(raw["first_names"]["words"]),
        people=frozenset(people - {""}),
        single_names=frozenset(single - {""}),
    )


def refuse(text: str, *, adult_age: bool) -> None:
    """Raises NotAllowed when a brief asks for what casting does not make. adult_age: an age of 18 or over is stated."""
    parts = clauses(text)
    known = refusals()
    for part in parts:
        low = tuple(token.stem for token in part)
        _refuse_explicit(low, known)
        _refuse_minor(low, known, adult_age)
    _refuse_person(text, parts, known)


def refuse_name(name: str) -> None:
    """Raises NotAllowed when a role is to be called like a public figure."""
    known = refusals()
    if _squeezed(name) in known.people | known.single_names:
        raise NotAllowed(f"'{name.strip()}' is the name of a real person; give the actor a name of their own.")


def refuse_age(years: int) -> None:
    """Raises NotAllowed for an age under 18."""
    if years < 18:
        raise NotAllowed(
            f"The brief says age {years}; casting makes adults only, in years and in looks, so say 18 or more."
        )


def _refuse_explicit(low: Phrase, known: Refusals) -> None:
    found = _first(low, known.explicit, known.explicit_unless)
    if found:
        raise NotAllowed(
            f"'{found}' asks for nudity or sexual content; actors of Understudy are decently dressed, "
            "so describe face, hair, build and clothes instead."
        )


def _refuse_minor(low: Phrase, known: Refusals, adult_age: bool) -> None:
    found = _first(low, known.minor, known.minor_unless)
    if found:
        at = low.index(found.split()[0])
        if not known.carers & set(low[max(0, at - 5) : at]):
            raise NotAllowed(
                f"'{found}' reads as a minor; casting makes adults only, in years and in looks, "
                "so describe somebody of 18 or more."
            )
    unsure = known.unsure & set(low)
    if unsure and not adult_age:
        word = min(unsure)
        grown = {"girl": "young woman", "lass": "young woman", "boy": "young man", "lad": "young man"}[word]
        raise NotAllowed(f"'{word}' can read as a minor; write '{grown}', or say an age of 18 or more.")


def _refuse_person(text: str, parts: list[Clause], known: Refusals) -> None:
    tokens = [token for part in parts for token in part]
    pointed = _first(tuple(token.stem for token in tokens), known.pointing, known.pointing_unless)
    if pointed:
        raise _real(pointed)
    for size in (4, 3, 2, 1):
        for at in range(len(tokens) - size + 1):
            some = tokens[at : at + size]
            squeezed = "".join(_squeezed(token.stem) for token in some)
            written = "".join(_squeezed(token.low) for token in some)
            names = known.people | known.single_names if size == 1 else known.people
            if squeezed in names or written in names:
                raise _real(" ".join(token.text for token in some))
    letters = [token for token in tokens if token.text[0].isalpha()]
    headline = len(letters) > 3 and sum(t.text[0].isupper() for t in letters) > _TITLE_CASE * len(letters)
    for part in parts:
        _refuse_likeness(part, known, headline)
        _refuse_full_name(part, known, headline)


def _refuse_likeness(part: Clause, known: Refusals, headline: bool) -> None:
    """Somebody's name after 'like', 'resembling', 'a double of'."""
    low = tuple(token.stem for token in part)
    for at in range(len(part)):
        sizes = [n for n in (3, 2, 1) if low[at : at + n] in known.likeness and len(low[at : at + n]) == n]
        if not sizes:
            continue
        rest = at + sizes[0]
        while rest < len(part) and part[rest].low in known.after:
            rest += 1
        if rest >= len(part):
            continue
        name = part[rest]
        if name.low in known.first_names or (not headline and _is_name(name, known)):
            raise _real(" ".join(token.text for token in part[rest : rest + 2]))


def _refuse_full_name(part: Clause, known: Refusals, headline: bool) -> None:
    """Two capitalised words side by side that are no known words."""
    for first, last in itertools.pairwise(part):
        if (first.stem, last.stem) in known.place_phrases or {first.low, last.low} & known.places:
            continue
        capitals = first.text[0].isupper() and last.text[0].isupper()
        both = capitals and (_is_name(first, known) or (first.opens and not vocabulary().knows(first.stem)))
        if both and _is_name(last, known) and (not headline or first.low in known.first_names):
            raise _real(f"{first.text} {last.text}")
        if first.low in known.first_names and capitals and not headline and not vocabulary().knows(last.stem):
            raise _real(f"{first.text} {last.text}")


def _is_name(token: Token, known: Refusals) -> bool:
    return (
        token.text[0].isupper()
        and token.text[:1].isalpha()
        and len(token.text) > 1
        and not vocabulary().knows(token.stem)
        and token.low not in known.places
    )


def _real(name: str) -> NotAllowed:
    return NotAllowed(
        f"'{name}' points at a real or named person; actors of Understudy resemble nobody, "
        "so describe the features you want (--name gives the role a name)."
    )


def _first(low: Phrase, wanted: frozenset[Phrase], unless: frozenset[Phrase]) -> str:
    """Returns the first wanted phrase of a clause that stands in none of the harmless ones, '' without one."""
    harmless: set[int] = set()
    for phrase in unless:
        for at in range(len(low) - len(phrase) + 1):
            if low[at : at + len(phrase)] == phrase:
                harmless.update(range(at, at + len(phrase)))
    longest = max(len(phrase) for phrase in wanted)
    for at in range(len(low)):
        for size in range(min(longest, len(low) - at), 0, -1):
            if low[at : at + size] in wanted and at not in harmless:
                return " ".join(low[at : at + size])
    return ""


def _phrases(words: list[str]) -> frozenset[Phrase]:
    return frozenset(stems(word) for word in words)


def _squeezed(name: str) -> str:
    return re.sub(r"[^\w]|\d|_", "", name.lower())
