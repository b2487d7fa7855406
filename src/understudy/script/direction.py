"""From a director's words to a Direction.

    'barely holding back tears, to herself'   ->   [phrase: tears] , [phrase: to herself]
    'not angry but very, very sad'            ->   [not][angry] but [very][very][sad]

The words are matched, longest phrase first, against the vocabulary. What stands before a sense in the same clause
works on it: degrees scale it, a negation takes it away (or turns it round: 'not loud' is quieter, 'not happy' a little
sad), what is hidden shows at less than half, what is feigned shows as put on. Senses then add up:

    emotions  w = 1 - (1 - w1)(1 - w2)...     (noisy-or: never above 1, the order does not matter)
    energy, loudness, pitch, confidence       sums, held inside their ranges
    pace                                      product
    whisper, sarcasm, pause                   the largest
    gaze                                      the last look named, else where the feeling turns the eyes (shame: down)

Same words, same Direction.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from understudy.hub.script import Direction
from understudy.script.similar import similar
from understudy.script.vocabulary import FORGOTTEN, Entry, Sense, vocabulary

LIMITS = {"energy": 1.0, "loudness_db": 12.0, "pitch_st": 4.0, "confidence": 1.0, "flush": 1.0}
"""Sums of these fields stay within plus and minus this."""
SLOWEST, FASTEST = 0.6, 1.6

_TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?|[^\W\d_]+(?:['’][^\W\d_]+)*|[.,;:!?/()…—–]|--+", re.UNICODE)
_BREAKS = frozenset([".", ",", ";", ":", "!", "?", "/", "(", ")", "…", "—", "–", "--", "but", "yet"])
_NUMBERS = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "ten": 10.0}
_SECONDS = frozenset(["s", "sec", "secs", "second", "seconds"])
_LONGEST_PAUSE_S = 10.0
_LONGEST_WORDS = 500


@dataclass(frozen=True)
class Reading:
    """A Direction, and the words that were read as others by likeness: (word, what it was read as)."""

    direction: Direction
    read_as: tuple[tuple[str, str], ...] = ()


def direct(words: str) -> Direction:
    """Returns how a line is to be played, from free words such as 'tearful, holding back anger, whispering'.

    Words that mean nothing to the playing are listed in `unknown`; nothing is guessed for them.
    """
    return understand(words).direction


@lru_cache(maxsize=2048)
def understand(words: str) -> Reading:
    """Returns the Direction of the words and what was read by likeness."""
    found = _Found()
    for item in _items(words[: _LONGEST_WORDS * 12], found):
        found.take(item)
    found.close()
    return Reading(found.direction(words.strip()), tuple(dict.fromkeys(found.read_as)))


@dataclass(frozen=True)
class _Item:
    """A matched phrase, a break between clauses ('' entry), or a pause of stated length."""

    text: str
    entry: Entry | None = None
    pause_s: float = 0.0


@dataclass
class _Found:
    """What the words have said so far."""

    absent: dict[str, float] = field(default_factory=dict)  # emotion -> product of (1 - weight)
    sums: dict[str, float] = field(default_factory=dict)
    most: dict[str, float] = field(default_factory=dict)
    pace: float = 1.0
    softens: float = 1.0
    veiled: dict[str, float] = field(default_factory=dict)  # feelings held back, at full weight
    gaze: str = ""
    leaning: str = ""  # where a feeling by itself turns the eyes, when no look is named
    events: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    read_as: list[tuple[str, str]] = field(default_factory=list)
    waiting: list[_Item] = field(default_factory=list)
    compared: str = ""  # 'more' or 'less' until 'than'
    carried: _Item | None = None  # a negation that goes on over 'or' and 'nor'

    def take(self, item: _Item) -> None:
        entry = item.entry
        if item.text in ("or", "nor") and self.carried and not self.waiting:
            self.waiting.append(self.carried)
        elif item.text == "than":
            self.waiting.append(_Item("than", Entry(degree=0.5 if self.compared == "more" else 1.8)))
            self.compared = ""
        elif item.pause_s:
            self._largest("pause_before_s", min(item.pause_s, _LONGEST_PAUSE_S))
        elif entry is None:
            self.close()
        elif entry.acts_on_next:
            self.waiting.append(item)
            self.compared = item.text if item.text in ("more", "less") else self.compared
        elif entry.sense is not None:
            self._play(entry.sense)
            self.waiting.clear()

    def close(self) -> None:
        """Ends a clause: what still waits for a word to work on either has a sense of its own or was not understood."""
        waiting, self.waiting, self.carried = self.waiting, [], None
        for item in waiting:
            assert item.entry is not None
            if item.entry.sense is not None:
                self._play(item.entry.sense)
            elif (item.entry.hidden or item.entry.feigned) and item.text != "than":
                self.unknown.append(item.text)

    def _play(self, sense: Sense) -> None:
        known = vocabulary()
        before = [item.entry for item in self.waiting if item.entry is not None]
        negations = sum(entry.negation for entry in before)
        strength = 1.0
        for entry in before:
            strength *= entry.degree if entry.degree is not None else 1.0
        if negations % 2:
            self.carried = next(i for i in self.waiting if i.entry is not None and i.entry.negation)
            self._turn_round(sense, strength)
            return
        self.carried = None
        hidden = any(entry.hidden for entry in before)
        feigned = any(entry.feigned for entry in before)
        shown = strength * (known.hidden_scale if hidden else 1.0) * (known.feigned_scale if feigned else 1.0)
        self.softens *= sense.softens
        for name, weight in sense.emotions.items():
            self._feel(name, weight * shown if shown <= 1 else 1 - (1 - weight) ** shown)
            if hidden:
                self.veiled[name] = max(self.veiled.get(name, 0.0), round(min(1.0, weight * strength), 3))
        for name, value in sense.scalars.items():
            self._add(name, value, shown)
        if hidden:
            self._add("energy", known.hidden_energy, 1.0)
        if feigned:
            self._largest("sarcasm", known.feigned_sarcasm)
        if sense.emotions:
            self.leaning = sense.gaze or self.leaning
        else:
            self.gaze = sense.gaze or self.gaze
        if not hidden:
            self.events += [event for event in sense.events if event not in self.events]

    def _turn_round(self, sense: Sense, strength: float) -> None:
        """Plays the opposite of a sense where it has one: quiet for 'not loud', a little sad for 'not happy'."""
        if sense.emotions:
            self._feel("sadness", 0.5 * sense.emotions.get("joy", 0.0) * min(strength, 1.0))
            self._add("confidence", 0.3 * sense.emotions.get("fear", 0.0), 1.0)
            return
        for name in ("energy", "pace", "loudness_db", "pitch_st", "confidence"):
            if name in sense.scalars:
                self._add(name, sense.scalars[name], -0.5 * strength)

    def _feel(self, name: str, weight: float) -> None:
        if weight > 0:
            self.absent[name] = self.absent.get(name, 1.0) * (1 - min(weight, 1.0))

    def _add(self, name: str, value: float, strength: float) -> None:
        if name == "pace":
            self.pace *= max(0.3, 1 + (value - 1) * strength)
        elif name in LIMITS:
            self.sums[name] = self.sums.get(name, 0.0) + value * strength
        else:
            self._largest(name, value * strength)

    def _largest(self, name: str, value: float) -> None:
        self.most[name] = max(self.most.get(name, 0.0), value)

    def direction(self, words: str) -> Direction:
        emotions = {name: round((1 - left) * self.softens, 3) for name, left in sorted(self.absent.items())}
        sums = {name: round(min(max(value, -LIMITS[name]), LIMITS[name]), 3) for name, value in self.sums.items()}
        return Direction(
            emotions={name: weight for name, weight in emotions.items() if weight >= 0.01},
            energy=sums.get("energy", 0.0),
            pace=round(min(max(self.pace, SLOWEST), FASTEST), 3),
            loudness_db=sums.get("loudness_db", 0.0),
            pitch_st=sums.get("pitch_st", 0.0),
            whisper=round(min(self.most.get("whisper", 0.0), 1.0), 3),
            sarcasm=round(min(self.most.get("sarcasm", 0.0), 1.0), 3),
            confidence=sums.get("confidence", 0.0),
            gaze=self.gaze or self.leaning,
            pause_before_s=round(self.most.get("pause_before_s", 0.0), 3),
            events=tuple(self.events),
            words=words,
            unknown=tuple(dict.fromkeys(self.unknown)),
            flush=sums.get("flush", 0.0),
            tears=round(min(self.most.get("tears", 0.0), 1.0), 3),
            hidden=dict(sorted(self.veiled.items())),
        )


def _items(words: str, found: _Found) -> Iterator[_Item]:
    """Yields what the words are made of, in order; what is not understood goes to `found`."""
    tokens = _tokens(words)
    known = vocabulary()
    at = 0
    while at < len(tokens):
        token = tokens[at]
        seconds = _number(token)
        if seconds is not None and at + 1 < len(tokens) and tokens[at + 1] in _SECONDS:
            yield _Item(token, pause_s=seconds)
            at += 2
            continue
        length, entry = _longest(tokens, at, known.forms, known.entries, known.longest)
        if entry is not None:
            yield _Item(" ".join(tokens[at : at + length]), _as_used(entry, tokens, at + length))
            at += length
            continue
        at += 1
        if token in _BREAKS or token in ("than", "or"):
            yield _Item(token)
        elif token not in known.stops:
            like = similar(token)
            if like:
                found.read_as.append((token, like))
                yield _Item(token, known.entries[like,])
            else:
                found.unknown.append(token)


def _tokens(words: str) -> list[str]:
    """Returns lower-case words and punctuation without articles and possessives; a last 'her' is the person."""
    raw = [token.replace("’", "'") for token in _TOKEN.findall(words.lower().replace("-", " "))]
    kept = []
    for token, after in zip(raw, [*raw, "."][1:], strict=True):
        if token == "her" and (after in _BREAKS or after in ("and", "or", "with")):
            kept.append("him")
        elif token not in FORGOTTEN:
            kept.append(token)
    return kept[:_LONGEST_WORDS]


def _longest(
    tokens: list[str],
    at: int,
    forms: Mapping[str, tuple[str, ...]],
    entries: Mapping[tuple[str, ...], Entry],
    longest: int,
) -> tuple[int, Entry | None]:
    """Returns the longest phrase that starts at `at`: its length in tokens and its entry."""
    best: tuple[int, Entry | None] = (0, None)
    keys: list[tuple[str, ...]] = [()]
    for length, token in enumerate(tokens[at : at + longest], 1):
        choices = forms.get(token, ())
        if not choices:
            break
        keys = [(*key, choice) for key in keys for choice in choices][:64]
        for key in keys:
            if key in entries:
                best = length, entries[key]
                break
    return best


def _as_used(entry: Entry, tokens: list[str], after: int) -> Entry:
    """Decides between the readings of a word such as 'deep': a degree before another sense, else a sense itself."""
    if entry.sense is None or not entry.acts_on_next:
        return entry
    known = vocabulary()
    for at in range(after, len(tokens)):
        if tokens[at] in _BREAKS or tokens[at] == "and":
            break
        length, following = _longest(tokens, at, known.forms, known.entries, known.longest)
        if length and following is not None:
            return Entry(degree=entry.degree, negation=entry.negation, hidden=entry.hidden, feigned=entry.feigned)
        if tokens[at] not in known.stops:
            break
    return Entry(sense=entry.sense)


def _number(token: str) -> float | None:
    if token[0] in "0123456789" and token.isascii():
        return float(token) if len(token) < 8 else _LONGEST_PAUSE_S
    return _NUMBERS.get(token)
