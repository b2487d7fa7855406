"""What she was prepared for, found by meaning: sentence vectors and, beside them, the rare words both share.

The vectors choose; words only say how sure that is. Below SURE she does not know; the figures are measured by
benchmarks/dialogue.py on paraphrases of what she can answer and on questions that she cannot.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from understudy.dialogue.embedding import Vectors, embed, embed_one
from understudy.hub.character import Character

SURE: Final = 0.44
"""Score from which an answer is given."""
WORDS_SHARE: Final = 0.15
_STOPS_TEXT: Final = (
    "a an the i you me my your is are am was were be been do does did have has had of to in on at for from "
    "with and or but so it its it's this that there what who how why when where which can could will would "
    "should shall may might about as if not no yes please just really very some any i'm you're don't didn't "
    "what's who's that's let's"
)
_STOPS: Final = frozenset(_STOPS_TEXT.split())
_SUFFIXES: Final = ("ations", "ation", "ingly", "ings", "ing", "edly", "ies", "ed", "es", "ly", "s", "e")


@dataclass(frozen=True)
class Found:
    """index: which of the entries. score: how sure, about 0..1. prompt: the wording that fits best."""

    index: int
    score: float
    prompt: str


class Repertoire:
    """Entries, each with the wordings it answers to."""

    def __init__(self, wordings: Sequence[Sequence[str]]) -> None:
        self._owner = [k for k, prompts in enumerate(wordings) for _ in prompts]
        self._prompts = [prompt for prompts in wordings for prompt in prompts]
        self._stems = [Counter(stems(prompt)) for prompt in self._prompts]
        seen = Counter(stem for bag in self._stems for stem in bag)
        self._rarity = {stem: math.log(1 + len(self._prompts) / n) for stem, n in seen.items()}
        self._unseen = math.log(1 + max(1, len(self._prompts)))
        self._vectors: Vectors = embed(self._prompts)

    def find(self, text: str, count: int = 1) -> list[Found]:
        """Returns the entries nearest to a text in meaning, nearest first, each entry once."""
        if not self._prompts or not text.strip():
            return []
        nearness = self._vectors @ embed_one(text)
        bag = stems(text)
        best: dict[int, Found] = {}
        for k in np.argsort(-nearness)[: 8 * count]:
            score = float(nearness[k]) + WORDS_SHARE * self._shared(bag, self._stems[k])
            known = best.setdefault(self._owner[k], Found(self._owner[k], score, self._prompts[k]))
            if score > known.score:
                best[self._owner[k]] = Found(self._owner[k], score, self._prompts[k])
        return list(best.values())[:count]

    def _shared(self, bag: Sequence[str], other: Counter[str]) -> float:
        """Returns the share, -0.5..1, of rare words that both texts have: an unknown rare word speaks against."""
        mine = set(bag)
        if not mine or not other:
            return 0.0
        weight = {stem: self._rarity.get(stem, self._unseen) for stem in mine | set(other)}
        both = sum(weight[s] for s in mine & set(other))
        strange = sum(weight[s] for s in mine if s not in self._rarity)
        total = sum(weight[s] for s in mine)
        return (both - 0.5 * strange) / total


def prompts_of(character: Character) -> list[list[str]]:
    """Returns the wordings of the rehearsed entries, then of the facts: a fact is found by each phrase of `about`."""
    rehearsed = [list(entry.prompts) for entry in character.rehearsed]
    facts = [[p.strip() for p in fact.about.split(",") if p.strip()] + [fact.says] for fact in character.facts]
    return rehearsed + facts


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def stems(text: str) -> list[str]:
    """Returns the stems of the words that carry meaning."""
    words = re.findall(r"[^\W_]+(?:'[a-z]+)?", text.lower().replace("’", "'"))
    return [_stem(word.removesuffix("'s")) for word in words if word not in _STOPS]
