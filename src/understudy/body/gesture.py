"""When hands speak: words and directions of a beat become phases of gesture.

    rest ─ preparation ─► before ─ stroke ─► apex ═ hold ═ retraction ─► rest
                                             ▲ the stressed vowel

A stroke ends on the middle of the stressed vowel of its word, where the pitch accent is (Loehr 2004: apexes and
accents fall together within a syllable); its preparation must have room, or the word goes without. Everything is
planned from the beat at hand: later beats change nothing of what was planned, they only go on from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from understudy.base.channels import VOWELS
from understudy.base.motion import Drift, Moves
from understudy.body.repertoire import (
    BEATS,
    DIRECTED,
    FORMS,
    FORMS_OF_WORDS,
    READY,
    RESTS,
    Form,
    Key,
    Manner,
    manner_of,
)
from understudy.hub.performance import Event

Floats = npt.NDArray[np.float64]

APART_S = 1.05
"""Shortest time between apexes of different forms; repeated beats of one phrase may follow faster."""
CHAIN_S = 0.50
DIRECTED_S = 0.75
"""From the beginning of a line to the apex of the gesture it is directed with."""
SHARE = 0.62
"""Share of the strongest accents that an average actor marks with a hand (measured: about 12 gestures a minute)."""
_WANDER = np.array([0.006, 0.008, 0.008, 0, 0, 0, 1.5, 1.2, 0.8, 0])


@dataclass(frozen=True)
class Stroke:
    """A gesture to be made. at_s: apex. word: what it marks, '' for a directed one. strength: 0..1, more with a cue."""

    at_s: float
    form: str
    strength: float
    word: str = ""
    hold_s: float = 0.0


class Hands:
    """Both arms along the stream, in repertoire.CHANNELS against the body they hang from.

    rest: side -> (10,) the channels of the hanging arm. shift: place of a form -> (3,) what this build adds to it.
    manual: how much this person talks with their hands, 1 average.
    """

    def __init__(
        self, rest: Mapping[str, Floats], shift: Mapping[str, Floats], manual: float, rng: np.random.Generator
    ) -> None:
        self._rest, self._shift = dict(rest), dict(shift)
        self._manual, self._rng = manual, rng
        self._moves = {side: Moves(row) for side, row in rest.items()}
        self._drift = {side: Drift(rng, len(_WANDER), 0.06, 0.5) for side in rest}
        self._leads = "right" if rng.random() < 0.85 else "left"
        self._ready_s = {side: 0.0 for side in rest}  # when each hand is free for something else
        self._home_s: dict[str, float] = {}  # when a raised hand goes back
        self._last_s, self._last = -9.0, ""
        self._used: list[str] = []
        self._rest_pose, self._fidget_s = "hang", float(rng.uniform(2.0, 6.0))
        self._played: set[tuple[str, int]] = set()
        self._still_until_s = -1.0
        self._much_until_s = -1.0

    def plan(self, start_s: float, end_s: float, events: Sequence[Event], moods: Mapping[str, float]) -> list[Event]:
        """Plans the hands of one beat from its events (on the performance's clock); returns what they will do."""
        energy = max((e.value for e in events if e.kind == "energy"), key=abs, default=0.0)
        manner = manner_of(moods, energy)
        self._asked(events, end_s)
        made: list[Event] = []
        for stroke in self._chosen(start_s, end_s, events, manner):
            if not stroke.word or self._has_room(stroke, start_s, manner):
                made += self._stroke(stroke, start_s, manner)
        speaking = any(e.kind == "word" for e in events)
        self._go_home(start_s, end_s, manner, speaking)
        if not speaking:
            made += self._idle(start_s, end_s, manner)
        return made

    def at(self, side: str, times: Floats) -> Floats:
        """Returns (times, 10) channels of an arm."""
        return np.asarray(self._moves[side].at(times) + self._drift[side].at(times) * _WANDER)

    def forget(self, before_s: float) -> None:
        """Drops what is over."""
        for moves in self._moves.values():
            moves.forget(before_s)

    # what is wanted

    def _asked(self, events: Sequence[Event], end_s: float) -> None:
        for event in events:
            if event.kind == "gesture" and event.name == "still":
                self._still_until_s = max(end_s, event.end_s)
            if event.kind == "gesture" and event.name == "gestures":
                self._much_until_s = max(end_s, event.end_s)

    def _chosen(self, start_s: float, end_s: float, events: Sequence[Event], manner: Manner) -> list[Stroke]:
        """Returns the strokes of a beat in order: what is directed, and the words that most want a hand."""
        directed = [
            Stroke(max(e.start_s, start_s) + DIRECTED_S, DIRECTED[e.name], 1.0, hold_s=0.35)
            for e in events
            if e.kind == "gesture" and e.name in DIRECTED
        ]
        if end_s <= self._still_until_s:
            return directed
        wanted = self._wanted(events, manner, much=end_s <= self._much_until_s)
        chosen: list[tuple[Stroke, bool]] = [(stroke, False) for stroke in directed]
        for stroke, forms in sorted(wanted, key=lambda w: -w[0].strength):
            near = min([abs(stroke.at_s - s.at_s) for s, _ in chosen] + [stroke.at_s - self._last_s])
            if near >= APART_S:
                chosen.append((replace(stroke, form=self._form(forms, manner)), False))
            elif near >= CHAIN_S and not forms and self._rng.random() < 0.55:
                chosen.append((stroke, True))
        made: list[Stroke] = []
        for stroke, chained in sorted(chosen, key=lambda c: c[0].at_s):
            before = made[-1].form if made else self._last
            if chained and before not in BEATS:
                continue
            stroke = replace(stroke, form=before) if chained else stroke
            made.append(stroke)
        return made

    def _wanted(self, events: Sequence[Event], manner: Manner, *, much: bool) -> list[tuple[Stroke, tuple[str, ...]]]:
        """Returns the words that ask for a hand, with the forms that suit them; strength is how much they ask."""
        out = []
        for word in sorted((e for e in events if e.kind == "word"), key=lambda e: e.start_s):
            at_s = stressed_s(word, events)
            forms = FORMS_OF_WORDS.get(_plain(word.name), ())
            want = SHARE * self._manual * manner.often * (0.25 + 0.75 * word.value) * (1.5 if forms else 1.0)
            roll = float(self._rng.random())
            if at_s is None or word.value < (0.25 if forms else 0.32) or roll > (max(want, 0.9) if much else want):
                continue
            out.append((Stroke(at_s, "", float(word.value) + (0.4 if forms else 0.0), word.name), forms))
        return out

    def _form(self, forms: Sequence[str], manner: Manner) -> str:
        """Returns a form for a word, seldom one that was just used."""
        usual = list(forms) or [f for f in BEATS if f != "chop" or manner.speed > 1.05]
        fresh = [f for f in usual if f not in self._used[-2:]] or usual
        if forms and self._rng.random() < 0.7:
            return fresh[0]
        return fresh[int(self._rng.integers(len(fresh)))]

    def _has_room(self, stroke: Stroke, start_s: float, manner: Manner) -> bool:
        form = FORMS[stroke.form]
        sides = self._sides(form, stroke.form)
        begin = max([start_s, *(min(self._ready_s[s], stroke.at_s) for s in sides)])
        return stroke.at_s - begin >= _needed_s(self._farthest(form, sides, manner), manner)

    def _sides(self, form: Form, name: str) -> list[str]:
        other = "left" if self._leads == "right" else "right"
        if form.hands == 2:
            return [self._leads, other]
        return [self._leads if name == self._last or len(self._used) % 5 else other]

    def _farthest(self, form: Form, sides: Sequence[str], manner: Manner) -> float:
        goals = [form.before.row(self._rest[s], 1.0 if form.fixed else manner.size) for s in sides]
        return max(_away(self._moves[s].destination, g) for s, g in zip(sides, goals, strict=True))

    # how it is done

    def _stroke(self, stroke: Stroke, start_s: float, manner: Manner) -> list[Event]:
        rng, form = self._rng, FORMS[stroke.form]
        size = (
            1.0
            if form.fixed
            else manner.size * (0.75 + 0.35 * min(stroke.strength, 1.0)) * float(rng.uniform(0.92, 1.10))
        )
        sink = 0.0 if form.fixed else manner.low
        sides = self._sides(form, stroke.form)
        stroke_s = float(np.clip(0.21 * rng.uniform(0.9, 1.15), 0.15, 0.3)) / manner.speed
        rows: dict[str, tuple[Floats, Floats]] = {}
        for side in sides:
            loose = np.zeros(10)
            loose[:3] = rng.normal(0, 0.012, 3)
            loose[6:9] = rng.normal(0, 3.0, 3)
            loose[1] -= sink
            loose[:3] += self._shift[form.place]
            rows[side] = form.before.row(self._rest[side], size) + loose, form.apex.row(self._rest[side], size) + loose
        far = max(_away(self._moves[s].destination, rows[s][0]) for s in sides)
        arrive = stroke.at_s - stroke_s
        wanted = float(np.clip(0.36 + 0.42 * far, 0.32, 0.85)) / manner.speed
        begin = max([start_s, arrive - wanted, *(min(self._ready_s[s], arrive - 0.24) for s in sides)])
        hold = float(rng.uniform(*form.hold_s)) / manner.speed + stroke.hold_s
        for lag, side in zip((0.0, 0.028), sides, strict=False):
            before, apex = rows[side]
            moves = self._moves[side]
            self._arc(side, begin, arrive - begin, before, far)
            moves.to(begin, arrive - begin + 0.10, before)
            moves.to(arrive - 0.02, stroke_s + 0.02 + lag, apex)
            clock = stroke.at_s + lag
            for again in range(form.again):
                back = apex + (before - apex) * 0.85**again
                moves.to(clock + 0.02, 0.20 / manner.speed, back)
                moves.to(clock + 0.24 / manner.speed, 0.20 / manner.speed, apex)
                clock += 0.46 / manner.speed
            self._ready_s[side] = clock + 0.12
            self._home_s[side] = clock + hold
        self._last_s, self._last = stroke.at_s, stroke.form
        self._used = [*self._used[-7:], stroke.form]
        name = f"hands {stroke.form}" if form.hands == 2 else f"{sides[0]} hand {stroke.form}"
        return [
            Event("gesture", name, begin, stroke.at_s + hold, round(size, 3)),
            Event("stroke", stroke.form, arrive, stroke.at_s, round(min(stroke.strength, 1.0), 3)),
        ]

    def _arc(self, side: str, begin: float, length: float, goal: Floats, far: float) -> None:
        """Lets a long way bow outwards and forwards, as joints move it, and not run along a ruler."""
        bow = np.zeros(10)
        bow[0], bow[2] = 0.05 * min(far, 1.0), 0.06 * min(far, 1.0)
        if goal[1] > self._moves[side].destination[1] - 0.02:
            self._moves[side].bump(begin + 0.5 * length, 0.5 * length, 0.62 * length, bow, earliest_s=begin)

    def _go_home(self, start_s: float, end_s: float, manner: Manner, speaking: bool) -> None:
        """Retracts hands whose hold ends in this beat: to wait low while there is talk, down when there is none."""
        for side, home_s in list(self._home_s.items()):
            if home_s >= end_s:
                continue
            begin = max(home_s, start_s)
            waits = speaking and self._rng.random() < 0.6
            goal = READY.row(self._rest[side]) if waits else self._resting(side)
            if waits:
                goal = goal + np.array([*self._rng.normal(0, 0.02, 3), *np.zeros(7)])
                self._home_s[side] = end_s + 1.2
            else:
                del self._home_s[side]
            far = _away(self._moves[side].destination, goal)
            self._moves[side].to(begin, float(np.clip(0.62 + 0.45 * far, 0.6, 1.25)) / manner.speed**0.7, goal)

    def _resting(self, side: str) -> Floats:
        lead, other = RESTS[self._rest_pose]
        key: Key | None = lead if side == self._leads else other
        return self._rest[side] if key is None else key.row(self._rest[side])

    def _idle(self, start_s: float, end_s: float, manner: Manner) -> list[Event]:
        """Where nobody speaks: a fresh rest pose now and then, and the hands of somebody who worries."""
        made: list[Event] = []
        self._fidget_s = max(self._fidget_s, start_s + 0.2)
        while self._fidget_s < end_s:
            at_s = self._fidget_s
            free = not self._home_s and all(self._ready_s[s] < at_s for s in self._ready_s)
            if free and end_s > self._still_until_s:
                if manner.worry > 0.2 and self._rng.random() < 0.5 * manner.worry:
                    form = "collar" if self._rng.random() < 0.6 else "chin"
                    made += self._stroke(Stroke(at_s + 0.9, form, 0.6), at_s, manner)
                else:
                    poses = ["hang", "hang", "gathered" if manner.worry > 0.1 else "one forward", "gathered"]
                    self._rest_pose = poses[int(self._rng.integers(len(poses)))]
                    for side in self._rest:
                        lag = float(self._rng.uniform(0, 0.15))
                        self._moves[side].to(at_s + lag, float(self._rng.uniform(1.1, 1.6)), self._resting(side))
            self._fidget_s += float(self._rng.uniform(4.0, 9.0)) / (1 + manner.worry)
        return made


def stressed_s(word: Event, events: Sequence[Event]) -> float | None:
    """Returns the middle of a word's stressed vowel (its first when none is marked), None without vowels."""
    inside = [
        e for e in events if e.kind == "phone" and e.name in VOWELS and word.start_s - 1e-6 <= e.start_s < word.end_s
    ]
    if not inside:
        return None
    vowel = next((e for e in inside if e.value == 1.0), inside[0])
    return (vowel.start_s + vowel.end_s) / 2


def _needed_s(far: float, manner: Manner) -> float:
    """Returns the shortest time to get a hand `far` arm lengths away and make a stroke."""
    return (0.24 + 0.16 + 0.30 * far) / manner.speed


def _away(a: Floats, b: Floats) -> float:
    return float(np.linalg.norm((a - b)[:3]))


def _plain(word: str) -> str:
    return word.lower().replace("’", "'").strip('.,;:!?"()…—–-')
