"""Two takes of the same words, moment by moment: which time of one is which time of the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
import numpy.typing as npt

from understudy.hub.performance import Event, Performance

Floats = npt.NDArray[np.float64]

GAP, WRONG = 0.6, 1.0
"""What a phone left out and a phone said as another cost; the same phone costs nothing."""


@dataclass(frozen=True, eq=False)
class Matching:
    """knots: (n, 2) matching times of the first and the second take, both rising, ends included.

    spans: (first's start, end, second's start, end) of every phone said in both. runs: stretches of the first take in
    which the words are the same. words: the number of words of each take and of those they share, in order.
    """

    knots: Floats
    spans: Floats
    runs: tuple[tuple[float, float], ...]
    words: tuple[int, int, int]

    @property
    def share(self) -> float:
        """Returns how much of the longer text both say, 0..1."""
        return self.words[2] / max(1, self.words[0], self.words[1])

    def to_second(self, times_s: npt.ArrayLike) -> Floats:
        """Returns the times of the second take at times of the first."""
        return np.asarray(np.interp(np.asarray(times_s, np.float64), self.knots[:, 0], self.knots[:, 1]))

    def to_first(self, times_s: npt.ArrayLike) -> Floats:
        """Returns the times of the first take at times of the second."""
        return np.asarray(np.interp(np.asarray(times_s, np.float64), self.knots[:, 1], self.knots[:, 0]))


def match(first: Performance, second: Performance) -> Matching:
    """Returns how two takes lie on each other: words by their letters, the phones of a word by least cost."""
    a, b = _words(first), _words(second)
    knots: list[tuple[float, float]] = [(0.0, 0.0)]
    spans: list[tuple[float, float, float, float]] = []
    runs: list[tuple[float, float]] = []
    same = 0
    letters = [_letters(w.name) for w, _ in a], [_letters(w.name) for w, _ in b]
    for block in SequenceMatcher(None, *letters, autojunk=False).get_matching_blocks():
        same += block.size
        if block.size:
            runs.append((a[block.a][0].start_s, a[block.a + block.size - 1][0].end_s))
        for k in range(block.size):
            (word, phones), (other, others) = a[block.a + k], b[block.b + k]
            pairs = _aligned([p.name for p in phones], [p.name for p in others])
            spans += [(phones[i].start_s, phones[i].end_s, others[j].start_s, others[j].end_s) for i, j in pairs]
            knots += [(phones[i].start_s, others[j].start_s) for i, j in pairs] or [(word.start_s, other.start_s)]
            knots.append((word.end_s, other.end_s))
    knots.append((first.duration_s, second.duration_s))
    return Matching(
        _rising(knots),
        np.array(spans, np.float64).reshape(-1, 4),
        tuple(runs),
        (len(a), len(b), same),
    )


def _words(take: Performance) -> list[tuple[Event, list[Event]]]:
    phones = sorted((e for e in take.events if e.kind == "phone"), key=lambda e: e.start_s)
    starts = np.array([p.start_s for p in phones])
    out = []
    for word in sorted((e for e in take.events if e.kind == "word"), key=lambda e: e.start_s):
        i, j = np.searchsorted(starts, [word.start_s - 1e-6, word.end_s - 1e-6])
        out.append((word, phones[i:j]))
    return out


def _aligned(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Returns pairs of indices of least cost (Needleman & Wunsch 1970)."""
    cost = np.zeros((len(a) + 1, len(b) + 1))
    cost[:, 0], cost[0] = np.arange(len(a) + 1) * GAP, np.arange(len(b) + 1) * GAP
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            wrong = 0.0 if a[i - 1] == b[j - 1] else WRONG
            cost[i, j] = min(cost[i - 1, j - 1] + wrong, cost[i - 1, j] + GAP, cost[i, j - 1] + GAP)
    pairs: list[tuple[int, int]] = []
    i, j = len(a), len(b)
    while i and j:
        wrong = 0.0 if a[i - 1] == b[j - 1] else WRONG
        if cost[i, j] == cost[i - 1, j - 1] + wrong:
            pairs.append((i - 1, j - 1))
            i, j = i - 1, j - 1
        elif cost[i, j] == cost[i - 1, j] + GAP:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


def _rising(knots: Sequence[tuple[float, float]]) -> Floats:
    """Returns the knots in order, each later than the one before on both clocks."""
    out = [knots[0]]
    for a, b in knots[1:]:
        if a > out[-1][0] + 1e-4 and b > out[-1][1] + 1e-4:
            out.append((a, b))
    return np.array(out, np.float64)


def _letters(word: str) -> str:
    return "".join(c for c in word.lower() if c.isalnum())
