"""How near one spelling is to another, and which words English has."""

import re
from functools import cache
from pathlib import Path


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
def english() -> frozenset[str]:
    """Returns the words of the pronouncing dictionary that comes with pocketsphinx (CMUdict, 130 thousand words)."""
    import pocketsphinx

    path = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
    found = (re.match(r"[a-z']+", line) for line in path.read_text("utf-8").splitlines())
    return frozenset(word.group() for word in found if word)
