"""The vocabulary of direction, loaded once from `vocabulary.toml` and unfolded into every form of its words."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import product
from typing import Any

from understudy.base.channels import EMOTIONS

FORGOTTEN = frozenset(["a", "an", "the", "her", "his", "their", "my", "your", "its", "our"])
"""Articles and possessives: they change nothing in a direction, so they are left out on both sides."""

_SCALARS = (
    "energy",
    "pace",
    "loudness_db",
    "pitch_st",
    "whisper",
    "sarcasm",
    "confidence",
    "pause_before_s",
    "flush",
    "tears",
)


@dataclass(frozen=True)
class Sense:
    """One way of playing: what its words do to a Direction, at full strength. softens scales every other emotion."""

    emotions: Mapping[str, float] = field(default_factory=dict)
    scalars: Mapping[str, float] = field(default_factory=dict)
    events: tuple[str, ...] = ()
    gaze: str = ""
    softens: float = 1.0


@dataclass(frozen=True)
class Entry:
    """What one word or phrase can be. degree: factor; hidden, feigned, negation: it works on the words after it."""

    sense: Sense | None = None
    degree: float | None = None
    negation: bool = False
    hidden: bool = False
    feigned: bool = False

    @property
    def acts_on_next(self) -> bool:
        return self.degree is not None or self.negation or self.hidden or self.feigned


@dataclass(frozen=True)
class Vocabulary:
    """entries: phrase (tokens as written) -> Entry; forms: any form of a token -> tokens it may stand for."""

    entries: Mapping[tuple[str, ...], Entry]
    forms: Mapping[str, tuple[str, ...]]
    stops: frozenset[str]
    longest: int
    hidden_scale: float
    hidden_energy: float
    feigned_scale: float
    feigned_sarcasm: float

    @property
    def single_words(self) -> tuple[str, ...]:
        """Returns the words that mean something by themselves, sorted."""
        return tuple(sorted(key[0] for key, entry in self.entries.items() if len(key) == 1 and entry.sense))


@cache
def vocabulary() -> Vocabulary:
    """Loads the vocabulary that ships with Understudy."""
    raw = tomllib.loads(resources.files("understudy.script").joinpath("vocabulary.toml").read_text("utf-8"))
    entries: dict[tuple[str, ...], Entry] = {}
    forms: dict[str, set[str]] = {}

    def add(words: str, *, inflect: bool, **what: Any) -> None:
        for key in _phrases(words.removeprefix("=")):
            known = entries.get(key, Entry())
            entries[key] = Entry(**{**known.__dict__, **what})
            for token in key:
                said = _inflected(token) if inflect and not words.startswith("=") else (token, token + "ly")
                for form in said:
                    forms.setdefault(form, set()).add(token)

    for group in raw["sense"]:
        sense = _sense(group)
        for words in group["words"]:
            add(words, inflect=True, sense=sense)
    for words, factor in raw["degree"].items():
        add(words, inflect=False, degree=float(factor))
    for kind in ("negation", "hidden", "feigned"):
        for words in raw[kind]["words"]:
            add(words, inflect=False, **{kind: True})
    return Vocabulary(
        entries,
        {form: tuple(sorted(tokens, key=lambda t: (t != form, t))) for form, tokens in forms.items()},
        frozenset(raw["stop"]["words"]) | FORGOTTEN,
        max(map(len, entries)),
        float(raw["hidden"]["scale"]),
        float(raw["hidden"]["energy"]),
        float(raw["feigned"]["scale"]),
        float(raw["feigned"]["sarcasm"]),
    )


def _sense(group: Mapping[str, Any]) -> Sense:
    unknown = set(group) - {"words", "events", "gaze", "softens", *EMOTIONS, *_SCALARS}
    if unknown:
        raise ValueError(f"vocabulary.toml: {sorted(unknown)} are no fields of a Direction")
    return Sense(
        {name: float(group[name]) for name in EMOTIONS if name in group},
        {name: float(group[name]) for name in _SCALARS if name in group},
        tuple(group.get("events", ())),
        str(group.get("gaze", "")),
        float(group.get("softens", 1.0)),
    )


def _phrases(words: str) -> Iterable[tuple[str, ...]]:
    """Yields the token tuples of 'look|glance away'."""
    tokens = [token.split("|") for token in words.replace("-", " ").split() if token not in FORGOTTEN]
    return product(*tokens)


def _inflected(word: str) -> set[str]:
    """Returns the forms of an English word: plural, past, participle, adverb, noun of quality."""
    forms = {word}
    if len(word) < 3 or not word.isalpha():
        return forms
    ends_y = word[-1] == "y" and word[-2] not in "aeiou"
    doubled = word + word[-1] if word[-1] not in "aeiouwxy" and word[-2] in "aeiou" and word[-3] not in "aeiou" else ""
    stem = word[:-1]
    verbs = {word + "ing", word + "ed"}
    if ends_y:
        verbs |= {stem + "ied"}
        forms |= {stem + "ies", stem + "ily", stem + "iness"}
    elif word[-1] == "e":
        verbs |= {stem + "ing", word + "d"}
        forms |= {stem + "y"} if word[-2] == "l" else set()
    elif doubled:
        verbs |= {doubled + "ing", doubled + "ed"}
    if word.endswith("ll"):
        forms.add(word + "y")
    if word.endswith("ic"):
        forms.add(word + "ally")
        forms |= {word + "s", word + "ness"}
    else:
        forms |= {word + "s", word + "ly", word + "ness"}
    if word[-1] in "sxzh":
        forms.add(word + "es")
    for verb in verbs:
        forms |= {verb, verb + "ly"}
    return forms
