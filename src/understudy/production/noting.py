"""What a note asks for, written into the prompt book: lines get other directions, moments, rests and habits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from understudy.hub.performance import Performance
from understudy.hub.promptbook import Habits, Part, Rest, Run
from understudy.hub.script import LineKind
from understudy.production import placing
from understudy.production.placing import Spot, Stretch, Unplaced, placed, quoted, spots
from understudy.production.rewriting import Change, cut_in_two, laid, rested, unrested
from understudy.script.note_words import GESTURES
from understudy.script.notes import Ask
from understudy.script.redirection import become, less, more, sized, without

MOMENT_S = 0.9
"""A silence long enough for a look or a nod."""
ROOM_S = 0.6
LOOKS = {
    "partner": "looks at the partner", "camera": "looks into the lens", "away": "looks away", "down": "looks down",
    "up": "looks up", "left": "looks to the left", "right": "looks to the right", "closed": "closes the eyes",
}  # fmt: skip
MOUTH_OF_A_SMILE = ("mouthSmile", "mouthDimple")


@dataclass
class Noted:
    """The book while a note is written into it. smiles: stretches whose mouth is not to smile."""

    take: Performance
    runs: list[Run]
    recorded: bool
    understood: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    smiles: list[Stretch] = field(default_factory=list)

    def note(self, ask: Ask) -> None:
        """Writes one ask; what cannot be done is a remark."""
        found = spots(self.take, self.runs)
        try:
            stretch = placed(ask.where, found, self.take.duration_s)
            said = _WAYS[ask.how](self, ask, stretch, found)
        except Unplaced as lack:
            self.remarks.append(f"'{ask.words}': {lack}; nothing was changed for it.")
            return
        if said:
            self.understood.append(said)

    # ---- what is played -------------------------------------------------------------------------------------------

    def _feel(self, ask: Ask, stretch: Stretch, found: Sequence[Spot]) -> str:
        """more, less, without, become, size."""
        change = _change(ask)
        stretch = _reaching(stretch, found)
        if ask.how == "without" and ask.sense.emotions.get("joy", 0) >= 0.4 and "smil" in ask.words.lower():
            self.smiles.append(stretch)
        voiced = _delivers(ask) and not self.recorded
        if self.recorded and _delivers(ask):
            if not (ask.sense.emotions or ask.sense.sarcasm or ask.sense.confidence or ask.how == "size"):
                raise Unplaced("the sound of a recording stays as it is, so how fast, loud or high it is spoken cannot")
            self.remarks.append(f"'{ask.words}' changes face, gaze and body only: the sound of a recording stays.")
        before = self._parts()
        if found and voiced and not _whole_parts(stretch, found):
            wide = _by_clause(stretch, found)
            if wide != stretch:
                self.remarks.append(
                    f"'{ask.words}': a voice changes a clause at a time, so it goes for '{quoted(wide, found)}'."
                )
            self._split(wide, found)
            found = spots(self.take, self.runs)
            stretch = wide
        self._each(stretch, found, change)
        touched = sum(a != b for a, b in zip(before, self._parts(), strict=False)) + abs(
            len(self._parts()) - len(before)
        )
        if not touched and not (self.smiles and self.smiles[-1] is stretch):
            raise Unplaced("there is nothing of that in what is played there")
        lines = sum(part.line.kind is LineKind.DIALOGUE for part in self._parts())
        if ask.where.kind == "all" and 0 < touched < lines:
            return f"{ask.words}: in {touched} of {lines} lines, the others have nothing of that"
        return f"{ask.words}: {_place(ask, stretch, found)}"

    def _look(self, ask: Ask, stretch: Stretch, found: Sequence[Spot]) -> str:
        gaze = ask.sense.gaze
        if stretch.gap:
            self._in_gap(stretch, found, lambda d: replace(d, gaze=gaze, events=()))
            return f"{LOOKS[gaze]} {_place(ask, stretch, found)}"
        self._each(stretch, found, lambda d: replace(d, gaze=gaze))
        return f"{LOOKS[gaze]} {_place(ask, stretch, found)}"

    def _event(self, ask: Ask, stretch: Stretch, found: Sequence[Spot]) -> str:
        events = ask.sense.events
        if events == ("smile",) and (not found or (not stretch.gap and _whole_parts(stretch, found))):
            self._each(stretch, found, lambda d: become(d, replace(ask.sense, events=())))
            return f"{ask.words}: {_place(ask, stretch, found)}"
        if not found:
            raise Unplaced("this recording has no words to place it by; animate it with --text")
        if set(events) <= GESTURES or self.recorded:
            self._gesture(ask, stretch, found, events)
        else:
            self._voiced(ask, stretch, found, events)
        return f"{ask.words}: {_place(ask, stretch, found)}"

    def _gesture(self, ask: Ask, stretch: Stretch, found: Sequence[Spot], events: tuple[str, ...]) -> None:
        """Face and head alone: in the silence there is, or from the word on."""
        at = stretch.first
        before_line = ask.where.how == "before" and stretch.gap and (at == len(found) or found[at].word == 0)
        if before_line:
            self._in_gap(stretch, found, lambda d: replace(d, events=events))
            return
        where = found[min(at, len(found) - 1)]
        part = self.runs[where.run].parts[where.part]
        count = len(part.line.text.split())
        if at == len(found) or (stretch.gap and where.word == 0 and at > 0):
            where = found[at - 1]
            part = self.runs[where.run].parts[where.part]
            first = count = len(part.line.text.split())
        else:
            first = where.word
        direction = replace(part.line.direction, events=events)
        self._set(where.run, where.part, laid(part, first, count, lambda _: direction, gap=first == count))

    def _voiced(self, ask: Ask, stretch: Stretch, found: Sequence[Spot], events: tuple[str, ...]) -> None:
        """Sounds the voice makes come before the words of a clause."""
        at = min(stretch.first, len(found) - 1)
        clause = next(c for c in placing.clauses_of(found) if c.first <= at < c.last)
        if clause.first != stretch.first:
            self.remarks.append(f"'{ask.words}' is heard before '{quoted(clause, found)}', where a clause begins.")
        self._split(Stretch(clause.first, _part_end(clause.first, found)), found)
        found = spots(self.take, self.runs)
        where = found[clause.first]
        part = self.runs[where.run].parts[where.part]
        d = part.line.direction
        line = replace(part.line, direction=replace(d, events=tuple(dict.fromkeys((*d.events, *events)))))
        self._set(where.run, where.part, replace(part, line=line))

    def _pause(self, ask: Ask, stretch: Stretch, found: Sequence[Spot]) -> str:
        if self.recorded:
            raise Unplaced("the sound of a recording stays as it is, so no silence can be put in or taken out")
        if ask.where.kind == "all":
            raise Unplaced("it does not say where the pause is; add a place, such as: before the last line")
        at = stretch.first
        owner = found[at] if at < len(found) else found[-1]
        word = owner.word if at < len(found) else owner.word + 1
        part = self.runs[owner.run].parts[owner.part]
        if ask.amount > 0:
            self._set(owner.run, owner.part, rested(part, word, ask.amount))
            return f"{ask.amount:.1f} s of silence {_before(at, found)}"
        there = (found[at].start_s if at < len(found) else owner.end_s) - (found[at - 1].end_s if at else 0.0)
        part, less_s = unrested(part, word, -ask.amount)
        if word == 0 and less_s < -ask.amount and part.line.direction.pause_before_s:
            d = part.line.direction
            taken = min(d.pause_before_s, -ask.amount - less_s)
            less_s += taken
            d = replace(d, pause_before_s=round(d.pause_before_s - taken, 3))
            part = replace(part, line=replace(part.line, direction=d))
        elif not less_s and there > 0.15 and (word or at == 0):
            less_s = min(there, -ask.amount)
            part = replace(part, rests=(*part.rests, Rest(word, -round(less_s, 2))))
        if not less_s:
            raise Unplaced(f"there is no pause {_before(at, found)} to shorten")
        self._set(owner.run, owner.part, part)
        return f"a shorter pause {_before(at, found)}"

    def _stress(self, ask: Ask, stretch: Stretch, found: Sequence[Spot]) -> str:
        inside = [p for p in placing.occurrences(ask.quote, found) if stretch.first <= p.first < max(stretch.last, 1)]
        if not inside:
            raise Unplaced(f"'{ask.quote}' is not said there")
        if len(inside) > 1 and ask.where.kind == "all" and ask.how == "stress":
            self.remarks.append(
                f"'{ask.quote}' is said {len(inside)} times and the first was taken; "
                f"name another as: stress '{ask.quote}' in the last line."
            )
        for at in inside if ask.how == "unstress" else inside[:1]:
            for spot in found[at.first : at.last]:
                part = self.runs[spot.run].parts[spot.part]
                kept = () if ask.amount == 2.0 and spot is found[at.first] else part.line.emphasis
                marks = set(kept) - {spot.word} if ask.how == "unstress" else set(kept) | {spot.word}
                self._set(spot.run, spot.part, replace(part, line=replace(part.line, emphasis=tuple(sorted(marks)))))
        if self.recorded:
            self.remarks.append(f"'{ask.words}' changes head and brows only: the sound of a recording stays.")
        return f"{'no stress' if ask.how == 'unstress' else 'stress'} on '{ask.quote}'"

    def _habit(self, ask: Ask, stretch: Stretch, found: Sequence[Spot]) -> str:
        def change(habits: Habits) -> Habits:
            if ask.how == "blinks":
                return replace(habits, blinks=round(habits.blinks * ask.amount, 3))
            return replace(habits, head=round(habits.head * ask.amount, 3))

        if ask.how == "blinks" and not ask.amount:
            self.remarks.append(f"'{ask.words}': a look of more than 20 degrees still brings a blink, as in people.")
        for run, index, first, last in self._ranges(_reaching(stretch, found), found):
            part = self.runs[run].parts[index]
            if (first, last) == (0, len(part.line.text.split())):
                moments = tuple(replace(m, habits=change(m.habits)) for m in part.moments)
                self._set(run, index, replace(part, habits=change(part.habits), moments=moments))
            else:
                self._set(run, index, laid(part, first, last, None, change))
        return f"{ask.words}: {_place(ask, stretch, found)}"

    # ---- how it is written ------------------------------------------------------------------------------------------

    def _parts(self) -> list[Part]:
        return [part for run in self.runs for part in run.parts]

    def _set(self, run: int, index: int, part: Part) -> None:
        parts = list(self.runs[run].parts)
        parts[index] = part
        self.runs[run] = replace(self.runs[run], parts=tuple(parts))

    def _ranges(self, stretch: Stretch, found: Sequence[Spot]) -> list[tuple[int, int, int, int]]:
        """Returns (run, part, first word, last word) of what a stretch covers; all parts of a take without words."""
        if not found:
            return [(r, p, 0, 0) for r, run in enumerate(self.runs) for p in range(len(run.parts))]
        out: dict[tuple[int, int], list[int]] = {}
        for s in found[stretch.first : stretch.last]:
            out.setdefault((s.run, s.part), []).append(s.word)
        return [(r, p, min(w), max(w) + 1) for (r, p), w in out.items()]

    def _each(self, stretch: Stretch, found: Sequence[Spot], change: Change) -> None:
        for run, index, first, last in self._ranges(stretch, found):
            part = self.runs[run].parts[index]
            if (first, last) == (0, len(part.line.text.split())):
                moments = tuple(
                    m if m.direction is None else replace(m, direction=change(m.direction)) for m in part.moments
                )
                direction = change(part.line.direction)
                self._set(run, index, replace(part, line=replace(part.line, direction=direction), moments=moments))
            else:
                self._set(run, index, laid(part, first, last, lambda d: replace(change(d), events=())))

    def _in_gap(self, stretch: Stretch, found: Sequence[Spot], change: Change) -> None:
        """Plays something in the silence before a word; where there is too little, silence is put in."""
        at = stretch.first
        owner = found[at] if at < len(found) else found[-1]
        word = owner.word if at < len(found) else owner.word + 1
        part = self.runs[owner.run].parts[owner.part]
        silence_s = (owner.start_s - found[at - 1].end_s) if 0 < at < len(found) else owner.start_s if at == 0 else 0.0
        own = part.line.direction
        lead_s = own.pause_before_s if word == 0 else silence_s
        rest = next((r for r in part.rests if r.word == word and r.seconds > 0), None)
        if rest is not None:
            longer = replace(rest, seconds=max(rest.seconds, ROOM_S), direction=change(rest.direction or own))
            rests = tuple(longer if r is rest else r for r in part.rests)
            self._set(owner.run, owner.part, replace(part, rests=rests))
        elif lead_s >= ROOM_S or self.recorded:
            first = word
            while self.recorded and first > 0 and owner.start_s - found[at - word + first].start_s < MOMENT_S:
                first -= 1
            self._set(
                owner.run, owner.part, laid(part, first if self.recorded and word else word, word, change, gap=True)
            )
        else:
            self._set(owner.run, owner.part, replace(part, rests=(*part.rests, Rest(word, MOMENT_S, change(own)))))

    def _split(self, stretch: Stretch, found: Sequence[Spot]) -> None:
        """Parts lines at the ends of a stretch, so that the voice can say it otherwise."""
        for at in (stretch.last, stretch.first):
            if not 0 < at < len(found) or found[at].word == 0:
                continue
            run, index, word = found[at].run, found[at].part, found[at].word
            parts = list(self.runs[run].parts)
            parts[index : index + 1] = cut_in_two(parts[index], word)
            self.runs[run] = replace(self.runs[run], parts=tuple(parts))
            found = spots(self.take, self.runs)


_WAYS: dict[str, Callable[[Noted, Ask, Stretch, Sequence[Spot]], str]] = {
    **dict.fromkeys(("more", "less", "without", "become", "size"), Noted._feel),
    "look": Noted._look,
    "event": Noted._event,
    "pause": Noted._pause,
    **dict.fromkeys(("stress", "unstress"), Noted._stress),
    **dict.fromkeys(("blinks", "head"), Noted._habit),
}


def _change(ask: Ask) -> Change:
    sense, amount = ask.sense, ask.amount
    return {
        "more": lambda d: more(d, sense, amount),
        "less": lambda d: less(d, sense, amount),
        "without": lambda d: without(d, sense),
        "become": lambda d: become(d, replace(sense, words=ask.words)),
        "size": lambda d: sized(d, amount),
    }[ask.how]


def _delivers(ask: Ask) -> bool:
    """Tells whether an ask is heard."""
    s = ask.sense
    heard = s.pace != 1.0 or s.energy or s.loudness_db or s.pitch_st or s.whisper or s.emotions or s.sarcasm
    return bool(heard or s.confidence or ask.how == "size")


def _reaching(stretch: Stretch, found: Sequence[Spot]) -> Stretch:
    """Returns the stretch, or for a silence the clause that follows it."""
    if not stretch.gap or not found:
        return stretch
    at = min(stretch.first, len(found) - 1)
    return next(c for c in placing.clauses_of(found) if c.first <= at < c.last)


def _by_clause(stretch: Stretch, found: Sequence[Spot]) -> Stretch:
    inside = [c for c in placing.clauses_of(found) if c.first < stretch.last and c.last > stretch.first]
    return Stretch(inside[0].first, inside[-1].last)


def _whole_parts(stretch: Stretch, found: Sequence[Spot]) -> bool:
    first_ok = found[stretch.first].word == 0
    last_ok = stretch.last == len(found) or found[stretch.last].word == 0
    return first_ok and last_ok


def _part_end(at: int, found: Sequence[Spot]) -> int:
    return next(
        (i for i in range(at, len(found)) if (found[i].run, found[i].part) != (found[at].run, found[at].part)),
        len(found),
    )


def _before(at: int, found: Sequence[Spot]) -> str:
    return f"before '{found[at].text}'" if at < len(found) else "at the end"


def _place(ask: Ask, stretch: Stretch, found: Sequence[Spot]) -> str:
    if ask.where.kind == "all" or not found:
        return "throughout"
    if stretch.gap:
        return _before(stretch.first, found)
    return f"in '{quoted(stretch, found)}'"
