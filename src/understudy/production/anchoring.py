"""Moments tied to what is said: an anchor of one take is found again in another that says the same words."""

from collections import defaultdict
from dataclasses import dataclass

from understudy.hub.performance import Event, Performance
from understudy.hub.promptbook import Anchor

NO_WORD = -1


@dataclass(frozen=True)
class _Spoken:
    """A word as it was said: its line's number, its order in that line, its phones in order."""

    line: int
    word: int
    event: Event
    phones: tuple[Event, ...]


def anchored(take: Performance, time_s: float) -> Anchor:
    """Returns the anchor of a moment: within a word by its phones, in a silence by the nearest end of a word."""
    words = _spoken(take)
    if not words:
        return Anchor(0, NO_WORD, 0.0, time_s)
    inside = next((w for w in words if w.event.start_s <= time_s < w.event.end_s), None)
    if inside is not None:
        return Anchor(inside.line, inside.word, round(_part_of(inside, time_s), 4))
    near = min(words, key=lambda w: min(abs(w.event.start_s - time_s), abs(w.event.end_s - time_s)))
    if abs(near.event.start_s - time_s) < abs(near.event.end_s - time_s):
        return Anchor(near.line, near.word, 0.0, round(time_s - near.event.start_s, 4))
    return Anchor(near.line, near.word, 1.0, round(time_s - near.event.end_s, 4))


def found_again(take: Performance, anchor: Anchor) -> float | None:
    """Returns when an anchor is in a take, None when its word is not said there."""
    if anchor.word == NO_WORD:
        return anchor.offset_s if anchor.offset_s <= take.duration_s else None
    for word in _spoken(take):
        if (word.line, word.word) == (anchor.line, anchor.word):
            return min(max(_time_of(word, anchor.part) + anchor.offset_s, 0.0), take.duration_s)
    return None


def said_at(take: Performance, anchor: Anchor) -> str:
    """Returns the word of an anchor, '' when there is none."""
    return next((w.event.name for w in _spoken(take) if (w.line, w.word) == (anchor.line, anchor.word)), "")


def _spoken(take: Performance) -> list[_Spoken]:
    lines = sorted((e for e in take.events if e.kind == "line"), key=lambda e: e.start_s)
    phones = sorted((e for e in take.events if e.kind == "phone"), key=lambda e: e.start_s)
    order: defaultdict[int, int] = defaultdict(int)
    out: list[_Spoken] = []
    for word in sorted((e for e in take.events if e.kind == "word"), key=lambda e: e.start_s):
        middle = (word.start_s + word.end_s) / 2
        line = next((int(e.value) for e in reversed(lines) if e.start_s <= middle), 0)
        own = tuple(p for p in phones if word.start_s - 1e-6 <= p.start_s < word.end_s - 1e-6)
        out.append(_Spoken(line, order[line], word, own))
        order[line] += 1
    return out


def _edges(word: _Spoken) -> list[float]:
    starts = [p.start_s for p in word.phones] or [word.event.start_s]
    return [*starts, word.event.end_s]


def _part_of(word: _Spoken, time_s: float) -> float:
    edges = _edges(word)
    count = len(edges) - 1
    for k in range(count):
        if time_s < edges[k + 1]:
            return (k + (time_s - edges[k]) / max(edges[k + 1] - edges[k], 1e-6)) / count
    return 1.0


def _time_of(word: _Spoken, part: float) -> float:
    edges = _edges(word)
    count = len(edges) - 1
    k = min(int(part * count), count - 1)
    return edges[k] + (part * count - k) * (edges[k + 1] - edges[k])
