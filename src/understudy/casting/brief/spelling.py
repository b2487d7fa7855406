"""A slip of the pen in a brief is read as the word of the vocabulary it was meant to be.

A word that stands in no English dictionary, begins with the same letter and lies within one edit (five to seven
letters) or two (eight and more) of a known word; edits are insertions, deletions, replacements and swaps of neighbours
(Damerau 1964). A word that English has ('boar') is never taken for another ('bob').
"""

import re
from functools import cache, lru_cache

from understudy.casting.brief.vocabulary import vocabulary


@lru_cache(maxsize=4096)
def similar(word: str) -> str:
    """Returns the word of the vocabulary that `word` (lower case) is read as, '' when there is none."""
    if len(word) < 5 or not word.isalpha() or word in _english():
        return ""
    most = 1 if len(word) < 8 else 2
    near = [(edits(word, known, most), known) for known in vocabulary().single_words if known[0] == word[0]]
    best = min(((n, known) for n, known in near if n <= most and len(known) > 3), default=(0, ""))
    return best[1]


def edits(a: str, b: str, most: int) -> int:
    """Returns the Damerau-Levenshtein distance (neighbours may swap once), or most + 1 when it is more than that."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        after = [i]
        for j, y in enumerate(b, 1):
            cost = min(row[j] + 1, after[j - 1] + 1, row[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            after.append(cost)
        if min(after) > most:
            return most + 1
        before, row = row, after
    return row[-1]


@cache
def _english() -> frozenset[str]:
    """Returns the words of the pronouncing dictionary that comes with pocketsphinx (CMUdict, 130 thousand words)."""
    from pathlib import Path

    import pocketsphinx

    path = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
    found = (re.match(r"[a-z']+", line) for line in path.read_text("utf-8").splitlines())
    return frozenset(word.group() for word in found if word)
