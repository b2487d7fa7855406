"""Where the shots and lines of takes stand in the film they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass

from understudy.hub.departure import Departure
from understudy.hub.performance import Event, Performance


@dataclass(frozen=True)
class Span:
    """One shot of a take: key names it, start and end on the take's clock, film_s where it starts in the film."""

    key: str
    start_s: float
    end_s: float
    film_s: float


@dataclass(frozen=True)
class Spoken:
    """One line as it was said, on the film's clock. words: (text, start, end). number: its order in the script."""

    number: int
    text: str
    start_s: float
    end_s: float
    words: tuple[tuple[str, float, float], ...]


def spans(take: Performance) -> tuple[Span, ...]:
    """Returns the shots of a take in order; a take that has none is one shot from the start of the film."""
    found = [Span(e.name, e.start_s, e.end_s, e.value) for e in take.events if e.kind == "shot"]
    return tuple(sorted(found, key=lambda s: s.start_s)) or (Span("take", 0.0, take.duration_s, 0.0),)


def within(take: Performance, span: Span, kind: str) -> list[Event]:
    """Returns the events of a kind that begin in a shot, in order."""
    inside = [e for e in take.events if e.kind == kind and span.start_s - 1e-6 <= e.start_s < span.end_s - 1e-6]
    return sorted(inside, key=lambda e: e.start_s)


def lines(departure: Departure, which: int) -> tuple[Spoken, ...]:
    """Returns what one take says, line by line; without a script a line is the words that were heard in it."""
    take = departure.takes[which]
    found: list[Spoken] = []
    for span in spans(take):
        words = within(take, span, "word")
        for number, start_s, end_s in _clauses(within(take, span, "line")) or _unnamed(words):
            inside = [w for w in words if start_s - 1e-3 <= w.start_s < end_s]
            if not inside:
                continue
            move = span.film_s - span.start_s
            text = departure.texts.get(number, "") if number >= 0 else ""
            found.append(
                Spoken(
                    number,
                    text or " ".join(w.name for w in inside),
                    inside[0].start_s + move,
                    max(inside[-1].end_s, inside[0].start_s + 0.2) + move,
                    tuple((w.name, w.start_s + move, w.end_s + move) for w in inside),
                )
            )
    return tuple(found)


def _clauses(events: Sequence[Event]) -> list[tuple[int, float, float]]:
    """Returns (number, start, end) of each line; a line said in several clauses leaves one event a clause."""
    found: dict[int, tuple[float, float]] = {}
    for event in events:
        if event.name:
            old = found.get(int(event.value), (event.start_s, event.end_s))
            found[int(event.value)] = (min(old[0], event.start_s), max(old[1], event.end_s))
    return [(number, start, end) for number, (start, end) in found.items()]


def _unnamed(words: Sequence[Event]) -> list[tuple[int, float, float]]:
    """Returns phrases of a take without lines: words with less than half a second between them."""
    phrases: list[tuple[int, float, float]] = []
    for word in words:
        if phrases and word.start_s - phrases[-1][2] < 0.5:
            phrases[-1] = (-1, phrases[-1][1], word.end_s)
        else:
            phrases.append((-1, word.start_s, word.end_s))
    return phrases
