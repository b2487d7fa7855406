"""Where in a take a note means: places in words become stretches of what is said."""

from collections.abc import Sequence
from dataclasses import dataclass

from understudy.hub.performance import Performance
from understudy.hub.promptbook import Run
from understudy.hub.script import LineKind
from understudy.production.dressing import word_bounds
from understudy.production.recall import recall
from understudy.script.note_places import Where

SENTENCE_ENDS = (".", "!", "?", "…")
CLAUSE_ENDS = (*SENTENCE_ENDS, ",", ";", ":", "—", "–", "-")
_CLOSERS = "\"')]”’"
AT_END_WORDS = 2


@dataclass(frozen=True)
class Spot:
    """A written word of a take: run, part in the run, word in the part; its text, its line, when it is said."""

    run: int
    part: int
    word: int
    text: str
    number: int
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Stretch:
    """Words first..last of a take (last excluded); gap: the silence before word `first` (first = last)."""

    first: int
    last: int
    gap: bool = False


class Unplaced(Exception):
    """A place that this take does not have; the message is a sentence."""


def spots(take: Performance, runs: Sequence[Run]) -> list[Spot]:
    """Returns every written word that is spoken, in order. runs: as they are now; times are those of the take."""
    found: list[Spot] = []
    times: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for r, recalled in enumerate(recall(take)):
        for p, part in enumerate(recalled.run.parts):
            words = [
                (w, at_s) for _, at_s, speech in recalled.part(p) for w in speech.words
            ]  # fmt: skip
            moved = [type(w)(w.text, w.start_s + at_s, w.end_s + at_s, w.accent) for w, at_s in words]
            times.setdefault((r, part.line.number), []).extend(word_bounds(part.line, moved))
    used: dict[tuple[int, int], int] = {}
    for r, run in enumerate(runs):
        for p, part in enumerate(run.parts):
            if part.line.kind is not LineKind.DIALOGUE:
                continue
            known = times.get((r, part.line.number), [])
            for w, text in enumerate(part.line.text.split()):
                at = used.get((r, part.line.number), 0)
                used[r, part.line.number] = at + 1
                start_s, end_s = known[at] if at < len(known) else (0.0, 0.0)
                found.append(Spot(r, p, w, text, part.line.number, start_s, end_s))
    return found


def placed(where: Where, found: Sequence[Spot], duration_s: float) -> Stretch:
    """Returns the stretch of a place. Raises Unplaced with a sentence when the take has no such place."""
    count = len(found)
    if where.kind == "all":
        return Stretch(0, count)
    if not count:
        raise Unplaced(f"this recording has no words, so '{where.words}' cannot be found in it; animate it with --text")
    if where.kind == "end":
        return Stretch(max(0, count - AT_END_WORDS), count)
    if where.kind == "start":
        return Stretch(0, min(AT_END_WORDS, count))
    if where.kind == "time":
        return _related(_timed(where, found, duration_s), where.how, count)
    if where.kind == "word":
        return _related(_quoted(where, found), where.how, count)
    if where.kind == "nth word":
        at = where.which if where.which >= 0 else count + where.which
        if not 0 <= at < count:
            raise Unplaced(f"there is no such word as '{where.words}': {count} words are said")
        return _related(Stretch(at, at + 1), where.how, count)
    units = lines_of(found) if where.kind == "line" else sentences_of(found)
    if where.kind == "line" and len(units) == 1:
        units = sentences_of(found)
    first = where.which if where.which >= 0 else len(units) + where.which
    last = first if where.last is None else (where.last if where.last >= 0 else len(units) + where.last)
    if not (0 <= first < len(units) and first <= last < len(units)):
        raise Unplaced(f"'{where.words}' is not there: this take has {len(units)} {where.kind}s")
    return _related(Stretch(units[first].first, units[last].last), where.how, count)


def lines_of(found: Sequence[Spot]) -> list[Stretch]:
    """Returns the lines of the script."""
    starts = [i for i, s in enumerate(found) if i == 0 or (s.run, s.number) != (found[i - 1].run, found[i - 1].number)]
    return [Stretch(a, b) for a, b in zip(starts, [*starts[1:], len(found)], strict=True)]


def sentences_of(found: Sequence[Spot]) -> list[Stretch]:
    """Returns the sentences of the take; none reaches from one line into the next."""
    return _divided(found, SENTENCE_ENDS)


def clauses_of(found: Sequence[Spot]) -> list[Stretch]:
    """Returns the clauses of the take, as the voice breathes them."""
    return _divided(found, CLAUSE_ENDS)


def quoted(stretch: Stretch, found: Sequence[Spot]) -> str:
    """Returns the words of a stretch, shortened in the middle."""
    words = [s.text for s in found[stretch.first : stretch.last]]
    if len(words) > 7:
        words = [*words[:4], "…", *words[-2:]]
    return " ".join(words)


def _divided(found: Sequence[Spot], ends: tuple[str, ...]) -> list[Stretch]:
    out: list[Stretch] = []
    for line in lines_of(found):
        first = line.first
        for i in range(line.first, line.last):
            if i + 1 == line.last or found[i].text.rstrip(_CLOSERS).endswith(ends):
                out.append(Stretch(first, i + 1))
                first = i + 1
    return out


def _related(stretch: Stretch, how: str, count: int) -> Stretch:
    if how == "before":
        return Stretch(stretch.first, stretch.first, gap=True)
    if how == "after":
        return Stretch(stretch.last, stretch.last, gap=True)
    if how == "from":
        return Stretch(stretch.first, count)
    if how == "until":
        if stretch.first == 0:
            raise Unplaced("nothing is said before that")
        return Stretch(0, stretch.first)
    return stretch


def _quoted(where: Where, found: Sequence[Spot]) -> Stretch:
    places = occurrences(where.quote, found)
    if not places:
        raise Unplaced(f"'{where.quote}' is not said in this take")
    at = where.which if where.which >= 0 else len(places) + where.which
    if not 0 <= at < len(places):
        raise Unplaced(f"'{where.quote}' is said {len(places)} times in this take, so there is no '{where.words}'")
    if not where.until_quote:
        return places[at]
    ends = [p for p in occurrences(where.until_quote, found) if p.first >= places[at].last]
    if not ends:
        raise Unplaced(f"'{where.until_quote}' is not said after '{where.quote}'")
    return Stretch(places[at].first, ends[0].last)


def occurrences(quote: str, found: Sequence[Spot]) -> list[Stretch]:
    """Returns where words are said, by their letters."""
    wanted = [_letters(w) for w in quote.split() if _letters(w)]
    said = [_letters(s.text) for s in found]
    if not wanted:
        return []
    return [
        Stretch(i, i + len(wanted)) for i in range(len(said) - len(wanted) + 1) if said[i : i + len(wanted)] == wanted
    ]


def _timed(where: Where, found: Sequence[Spot], duration_s: float) -> Stretch:
    start_s, end_s = where.times_s
    if start_s > duration_s:
        raise Unplaced(f"the take lasts {duration_s:.1f} s, so there is no '{where.words}'")
    first = next((i for i, s in enumerate(found) if s.end_s > start_s), len(found) - 1)
    if end_s > start_s:
        last = next((i for i, s in enumerate(found) if s.start_s >= end_s), len(found))
        return Stretch(first, max(first + 1, last))
    clause = next(c for c in clauses_of(found) if c.first <= first < c.last)
    return Stretch(first, clause.last)


def _letters(word: str) -> str:
    return "".join(c for c in word.lower() if c.isalnum())
