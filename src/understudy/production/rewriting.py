"""How a part of the prompt book is rewritten: cut in two, played otherwise over some words, given rests."""

from collections.abc import Callable
from dataclasses import replace

from understudy.hub.cue import Cue
from understudy.hub.promptbook import Habits, Moment, Part, Rest
from understudy.hub.script import Direction

Change = Callable[[Direction], Direction]


def cut_in_two(part: Part, word: int) -> list[Part]:
    """Returns a part as two, the second with a seed of its own."""
    words = part.line.text.split()
    d = part.line.direction
    first = replace(
        part,
        line=replace(
            part.line,
            text=" ".join(words[:word]),
            emphasis=tuple(e for e in part.line.emphasis if e < word),
            cues=tuple(_until(c, word) for c in part.line.cues if c.at_word < word),
            direction=replace(d, pause_after_s=0.0),
        ),
        rests=tuple(r for r in part.rests if r.word < word),
        moments=tuple(replace(m, last=min(m.last, word)) for m in part.moments if m.first < word),
    )
    second = replace(
        part,
        line=replace(
            part.line,
            text=" ".join(words[word:]),
            emphasis=tuple(e - word for e in part.line.emphasis if e >= word),
            cues=tuple(_after(c, word) for c in part.line.cues if c.at_word >= word or (c.until_word or 0) > word),
            direction=replace(d, pause_before_s=0.0, events=()),
        ),
        seed=part.seed * 31 + word,
        rests=tuple(replace(r, word=r.word - word) for r in part.rests if r.word >= word),
        moments=tuple(
            replace(m, first=max(0, m.first - word), last=m.last - word) for m in part.moments if m.last > word
        ),
    )
    return [first, second]


def laid(
    part: Part,
    first: int,
    last: int,
    change: Change | None,
    habits: Callable[[Habits], Habits] = lambda h: h,
    *,
    gap: bool = False,
) -> Part:
    """Returns the part with a change over words first..last, on top of the moments that are there."""
    if gap:
        kept = tuple(m for m in part.moments if (m.first, m.last) != (first, last))
        old = next((m for m in part.moments if (m.first, m.last) == (first, last)), Moment(first, last))
        direction = change(old.direction or part.line.direction) if change else old.direction
        return replace(part, moments=(*kept, replace(old, direction=direction, habits=habits(old.habits))))
    out = [m for m in part.moments if m.first == m.last]
    others = [m for m in part.moments if m.first < m.last]
    whose = {w: next((m for m in others if m.first <= w < m.last), None) for w in range(len(part.line.text.split()))}
    w = 0
    count = len(whose)
    while w < count:
        own, changed = whose[w], first <= w < last
        end = w + 1
        while end < count and whose[end] is own and (first <= end < last) == changed:
            end += 1
        if own is not None or changed:
            begins = own is None or own.first == w
            made = replace(own or Moment(w, end, None, part.habits), first=w, last=end)
            if made.direction is not None and not begins:
                made = replace(made, direction=replace(made.direction, events=()))
            if changed and change is not None:
                made = replace(made, direction=change(made.direction or part.line.direction))
            out.append(replace(made, habits=habits(made.habits)) if changed else made)
        w = end
    return replace(part, moments=tuple(sorted(out, key=lambda m: (m.first, m.last))))


def rested(part: Part, word: int, seconds: float) -> Part:
    """Returns the part with so much more silence before a word."""
    old = next((r for r in part.rests if r.word == word and r.seconds > 0), None)
    kept = tuple(r for r in part.rests if r is not old)
    new = Rest(word, seconds) if old is None else replace(old, seconds=round(old.seconds + seconds, 2))
    return replace(part, rests=(*kept, new))


def unrested(part: Part, word: int, seconds: float) -> tuple[Part, float]:
    """Returns the part with less of the silence that was put in before a word, and how much less."""
    old = next((r for r in part.rests if r.word == word and r.seconds > 0), None)
    if old is None:
        return part, 0.0
    taken = min(old.seconds, seconds)
    kept = tuple(r for r in part.rests if r is not old)
    left = round(old.seconds - taken, 2)
    return replace(part, rests=(*kept, replace(old, seconds=left)) if left > 0 else kept), taken


def _until(cue: Cue, word: int) -> Cue:
    """Returns a cue as far as the words before `word` have it."""
    return cue if cue.until_word is None else replace(cue, until_word=min(cue.until_word, word))


def _after(cue: Cue, word: int) -> Cue:
    """Returns a cue, or the rest of one that is held, counted from `word`."""
    until = None if cue.until_word is None else cue.until_word - word
    return replace(cue, at_word=max(0, cue.at_word - word), until_word=until)
