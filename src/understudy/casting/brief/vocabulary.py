"""The vocabulary of casting briefs, loaded once from `vocabulary.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from understudy.casting.brief.words import stems

Phrase = tuple[str, ...]
Value = str | float | tuple[float, ...]


@dataclass(frozen=True)
class Meaning:
    """What a word stands for (the head of vocabulary.toml explains the fields). order: its place in the file."""

    of: str
    order: int
    sets: tuple[tuple[str, Value], ...]
    without: tuple[tuple[str, Value], ...]
    noun: bool
    alone: bool
    exact: bool
    weak: bool
    firm: bool
    idle: bool


@dataclass(frozen=True)
class Vocabulary:
    """meanings: phrase -> its meanings, in the order of the file. longest: tokens of the longest phrase."""

    meanings: Mapping[Phrase, tuple[Meaning, ...]]
    degrees: Mapping[Phrase, float]
    negations: frozenset[Phrase]
    filler: frozenset[Phrase]
    longest: int

    @property
    def single_words(self) -> tuple[str, ...]:
        """Returns the words that mean something by themselves, sorted."""
        return tuple(sorted(phrase[0] for phrase in self.meanings if len(phrase) == 1))

    def knows(self, stem: str) -> bool:
        """Whether a stem occurs in any phrase."""
        return stem in _known_stems()


@cache
def vocabulary() -> Vocabulary:
    """Loads the vocabulary that ships with Understudy."""
    raw = tomllib.loads(resources.files("understudy.casting.brief").joinpath("vocabulary.toml").read_text("utf-8"))
    meanings: dict[Phrase, list[Meaning]] = {}
    for order, entry in enumerate(raw["word"]):
        unknown = set(entry) - {"of", "noun", "is", "set", "without", "alone", "exact", "weak", "firm", "idle"}
        if unknown:
            raise ValueError(f"vocabulary.toml: word {order} has unknown fields {sorted(unknown)}")
        for kind in ("noun", "is"):
            for words in entry.get(kind, ()):
                meaning = Meaning(
                    of=entry["of"],
                    order=order,
                    sets=_pairs(entry.get("set", {})),
                    without=_pairs(entry.get("without", {})),
                    noun=kind == "noun",
                    alone=kind == "noun" or entry.get("alone", False),
                    exact=entry.get("exact", False),
                    weak=entry.get("weak", False),
                    firm=entry.get("firm", False),
                    idle=entry.get("idle", False),
                )
                meanings.setdefault(stems(words), []).append(meaning)
    degrees = {stems(words): float(factor) for words, factor in raw["degree"].items()}
    return Vocabulary(
        meanings={phrase: tuple(known) for phrase, known in meanings.items()},
        degrees=degrees,
        negations=frozenset(stems(words) for words in raw["negation"]["words"]),
        filler=frozenset(stems(words) for words in raw["filler"]["words"]),
        longest=max(len(phrase) for phrase in [*meanings, *degrees]),
    )


@cache
def _known_stems() -> frozenset[str]:
    known = vocabulary()
    phrases = (*known.meanings, *known.degrees, *known.negations, *known.filler)
    return frozenset(stem for phrase in phrases for stem in phrase)


def _pairs(table: Mapping[str, str | float | list[float]]) -> tuple[tuple[str, Value], ...]:
    return tuple((key, tuple(value) if isinstance(value, list) else value) for key, value in table.items())
