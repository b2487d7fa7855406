"""Reads a word the vocabulary does not have as one it has: a derived form ('wrathsome'), or a slip of the pen.

Two rules, both deterministic and both reported to the writer:

derived: a known word of four letters or more, or its beginning, plus one English suffix, or one English prefix of
    strength before it.
typed: a word that stands in no English dictionary, begins with the same letter and lies within one edit (five to
    seven letters) or two (eight and more) of a known word; edits are insertions, deletions, replacements and swaps of
    neighbours (Damerau 1964). A word that English has ('horse') is never taken for another ('hoarse').
"""

from functools import cache, lru_cache

from understudy.base.spelling import edits, english
from understudy.script.vocabulary import vocabulary

_SUFFIXES = (
    "fulness", "fully", "somely", "ously", "ishly", "ically", "ingly", "edly", "ically", "ically", "icly", "lessly",
    "ousness", "ishness", "ation", "ment", "some", "ful", "ous", "ish", "like", "ness", "ity", "ive", "ively", "ic",
    "ical", "ly", "en", "ened", "ening", "ens", "est", "iest", "ist", "istic", "ized", "ised", "y",
)  # fmt: skip
_PREFIXES = ("over", "semi", "ultra", "super", "mega", "hyper")
_SHORTEST_STEM = 4


@lru_cache(maxsize=4096)
def similar(word: str) -> str:
    """Returns the known word that `word` (lower case) is read as, '' when there is none."""
    return _derived(word) or _typed(word)


def _derived(word: str) -> str:
    forms = vocabulary().forms
    for prefix in _PREFIXES:
        rest = word.removeprefix(prefix)
        if rest != word and len(rest) >= _SHORTEST_STEM and _alone(rest):
            return _alone(rest)
    for suffix in sorted(set(_SUFFIXES), key=lambda s: (-len(s), s)):
        stem = word.removesuffix(suffix)
        if stem == word or len(stem) < _SHORTEST_STEM:
            continue
        endings = ("", "e", "y", "ic") + (("",) if stem[-1] != stem[-2] else (stem[-1],))
        for ending in endings:
            known = stem + ending if ending != stem[-1] else stem[:-1]
            if known in forms and _alone(known):
                return _alone(known)
    return ""


def _typed(word: str) -> str:
    if len(word) < 5 or not word.isalpha() or word in english():
        return ""
    allowed = 1 if len(word) < 8 else 2
    near = [(edits(word, known, allowed), known) for known in _candidates(word)]
    best = min((pair for pair in near if pair[0] <= allowed), default=(0, ""))
    return _alone(best[1]) if best[1] else ""


def _alone(form: str) -> str:
    """Returns the word of its own sense that a form stands for, '' when it only lives in phrases."""
    known = vocabulary()
    for token in known.forms.get(form, ()):
        entry = known.entries.get((token,))
        if entry is not None and entry.sense is not None:
            return token
    return ""


def _candidates(word: str) -> list[str]:
    """Returns known forms with the same first letter that share at least two of three character pairs, best first."""
    pairs = {word[i : i + 2] for i in range(len(word) - 1)}
    index = _pair_index()
    counts: dict[str, int] = {}
    for pair in pairs:
        for known in index.get((word[0], pair), ()):
            counts[known] = counts.get(known, 0) + 1
    need = max(1, len(pairs) - 6, len(pairs) // 3)
    ranked = sorted((known for known, n in counts.items() if n >= need), key=lambda k: (-counts[k], k))
    return ranked[:60]


@cache
def _pair_index() -> dict[tuple[str, str], tuple[str, ...]]:
    index: dict[tuple[str, str], list[str]] = {}
    for form in sorted(vocabulary().forms):
        if len(form) >= 5 and _alone(form):
            for pair in sorted({form[i : i + 2] for i in range(len(form) - 1)}):
                index.setdefault((form[0], pair), []).append(form)
    return {key: tuple(forms) for key, forms in index.items()}
