"""How far found phone times are from known ones."""

from collections.abc import Sequence

import numpy as np

from understudy.base.channels import BILABIALS, SILENCE
from understudy.hub.scores import Score
from understudy.judge.chance import banded, interval
from understudy.judge.closing import Timed


def matched(known: Sequence[Timed], found: Sequence[Timed]) -> list[tuple[Timed, Timed]]:
    """Returns the pairs of equal phones on the cheapest path through both sequences (edit distance)."""
    cost = np.zeros((len(known) + 1, len(found) + 1))
    cost[:, 0], cost[0] = np.arange(len(known) + 1), np.arange(len(found) + 1)
    for i, p in enumerate(known, 1):
        for j, q in enumerate(found, 1):
            swap = cost[i - 1, j - 1] + 1.5 * (p.name != q.name)
            cost[i, j] = min(cost[i - 1, j] + 1, cost[i, j - 1] + 1, swap)
    pairs: list[tuple[Timed, Timed]] = []
    i, j = len(known), len(found)
    while i and j:
        p, q = known[i - 1], found[j - 1]
        if cost[i, j] == cost[i - 1, j - 1] + 1.5 * (p.name != q.name):
            if p.name == q.name:
                pairs.append((p, q))
            i, j = i - 1, j - 1
        elif cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


def judge_times(pairs: Sequence[tuple[Sequence[Timed], Sequence[Timed]]], what: str) -> list[Score]:
    """Returns T1 over (known phones, found phones) of each utterance."""
    boundaries, onsets, kept, total = [], [], 0, 0
    for known, found in pairs:
        spoken = [p for p in known if p.name != SILENCE]
        same = matched(spoken, [p for p in found if p.name != SILENCE])
        kept, total = kept + len(same), total + len(spoken)
        for p, q in same:
            boundaries += [abs(q.start_s - p.start_s), abs(q.end_s - p.end_s)]
            if p.name in BILABIALS:
                onsets.append(abs(q.start_s - p.start_s))
    how = f"{kept} of {total} phones found under their names"
    return [
        banded(f"T1 phone boundaries, {what}", 1000 * float(np.mean(boundaries)) if boundaries else np.nan,
               (-np.inf, 15.0), unit="ms", n=len(boundaries), within=interval(1000 * np.array(boundaries)), how=how),
        banded(f"T1 onsets of /p b m/, {what}", 1000 * float(np.mean(onsets)) if onsets else np.nan, (-np.inf, 15.0),
               unit="ms", n=len(onsets), within=interval(1000 * np.array(onsets)), how="mean absolute error"),
    ]  # fmt: skip
