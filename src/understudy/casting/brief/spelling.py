"""A slip of the pen in a brief is read as the word of the vocabulary it was meant to be.

A word that stands in no English dictionary, begins with the same letter and lies within one edit (five to seven
letters) or two (eight and more) of a known word; edits are insertions, deletions, replacements and swaps of neighbours
(Damerau 1964). A word that English has ('boar') is never taken for another ('bob').
"""

from functools import lru_cache

from understudy.base.spelling import edits, english
from understudy.casting.brief.vocabulary import vocabulary


@lru_cache(maxsize=4096)
def similar(word: str) -> str:
    """Returns the word of the vocabulary that `word` (lower case) is read as, '' when there is none."""
    if len(word) < 5 or not word.isalpha() or word in english():
        return ""
    most = 1 if len(word) < 8 else 2
    near = [(edits(word, known, most), known) for known in vocabulary().single_words if known[0] == word[0]]
    best = min(((n, known) for n, known in near if n <= most and len(known) > 3), default=(0, ""))
    return best[1]
