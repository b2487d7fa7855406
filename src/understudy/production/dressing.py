"""The speech of a line, dressed with what a director asked for inside it: silences put in, moments played otherwise.

The voice speaks the line as ever. Its sound is cut between words where a silence belongs, and where face and body are
to play something else the piece gets a line of its own with that direction, so that the sound stays one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import SILENCE
from understudy.hub.promptbook import Habits, Part
from understudy.hub.script import Line
from understudy.hub.speech import PROSODY_RATE_HZ, Phone, Speech, Word

FADE_S = 0.008
"""How fast the sound dies at a cut between words, so that it does not click."""
STRIDE_S = 0.05
"""Three animation frames and five of prosody: a change of length by this keeps what comes after on its own frames."""
KEPT_S = 0.06
"""Silence that is left when a pause is taken out."""


@dataclass(frozen=True, eq=False)
class Dressed:
    """A piece for the face. clause: whose sound it is; rest: a silence that was put in; habits: of this stretch.

    own: whether it is played otherwise than its line.
    """

    clause: int
    rest: bool
    speech: Speech
    habits: Habits
    own: bool = False


def plain(part: Part) -> bool:
    """Tells whether a part is played as its voice gives it."""
    return not part.rests and not part.moments


def dressed(part: Part, speeches: Sequence[Speech]) -> list[Dressed]:
    """Returns the pieces of a part in order, from its speech clause by clause."""
    if plain(part) or not speeches:
        return [Dressed(clause, False, speech, part.habits) for clause, speech in enumerate(speeches)]
    offsets = np.cumsum([0.0, *(speech.duration_s for speech in speeches)])
    bounds = word_bounds(part.line, [_moved(w, at) for s, at in zip(speeches, offsets, strict=False) for w in s.words])
    total = float(offsets[-1])
    rests = [(_rest_at(rest.word, bounds, offsets.tolist(), total), rest) for rest in part.rests if rest.seconds > 0]
    gone = [_gone(rest.word, -rest.seconds, bounds, total) for rest in part.rests if rest.seconds < 0]
    moments = [(*span_of(moment.first, moment.last, bounds, total), moment) for moment in part.moments]
    cuts = {round(c, 2) for c in offsets.tolist()}
    cuts |= {round(c, 2) for a, b, _ in moments for c in (a, b)} | {round(at, 2) for at, _ in rests}
    cuts |= {round(c, 2) for a, b in gone for c in (a, b)}
    edges = sorted(c for c in cuts if 0 <= c <= round(total, 2))
    again = replace(part.line, direction=replace(part.line.direction, events=()))
    out: list[Dressed] = []
    played: Line = part.line
    variants: dict[int, Line] = {}
    for start, end in zip(edges, [*edges[1:], np.inf], strict=True):
        for at, rest in rests:
            if abs(at - start) < 0.005:
                line = again if rest.direction is None else replace(part.line, direction=rest.direction)
                silence = Speech.silence(_strides(rest.seconds), speeches[0].audio.rate_hz)
                own = rest.direction is not None
                put = Dressed(_clause(start, offsets), True, replace(silence, line=line), part.habits, own)
                out = [*_faded(out, tail=True), put]
        if end == np.inf or any(a - 0.005 <= start and end <= b + 0.005 for a, b in gone):
            continue
        clause = _clause(start, offsets)
        speech = speeches[clause].cut(start - float(offsets[clause]), end - float(offsets[clause]))
        moment = next((m for a, b, m in moments if a - 0.005 <= start < b - 0.005), None)
        habits = part.habits if moment is None else moment.habits
        if moment is not None and moment.direction is not None:
            line = variants.setdefault(id(moment), replace(part.line, direction=moment.direction))
            played = again
        else:
            line = played
        own = moment is not None and moment.direction is not None
        piece = Dressed(clause, False, replace(speech, line=line), habits, own)
        out = [*out, *(_faded([piece], tail=False) if out and out[-1].rest else [piece])]
    return out


def undressed(pieces: Iterable[tuple[int, bool, Speech]], line: Line) -> list[Speech]:
    """Returns the speech of a line clause by clause without the silences that were put in."""
    clauses: dict[int, list[Speech]] = {}
    for clause, rest, speech in pieces:
        if not rest:
            clauses.setdefault(clause, []).append(speech)
    return [replace(_whole(found), line=line) for _, found in sorted(clauses.items())]


def word_bounds(line: Line, spoken: Sequence[Word]) -> list[tuple[float, float]]:
    """Returns (start, end) of each written word of a line, on the clock of the spoken ones.

    Written and spoken words are matched by their letters; what is spoken otherwise ('$5') lies between its neighbours.
    """
    written = line.text.split()
    if not spoken:
        return [(0.0, 0.0)] * len(written)
    a, b = [_letters(w) for w in written], [_letters(w.text) for w in spoken]
    owner: dict[int, tuple[int, int]] = {}
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            owner |= {i: (j1 + i - i1, j1 + i - i1 + 1) for i in range(i1, i2)}
        elif tag == "replace":
            for i in range(i1, i2):
                first = j1 + (i - i1) * (j2 - j1) // (i2 - i1)
                owner[i] = first, max(first + 1, j1 + (i + 1 - i1) * (j2 - j1) // (i2 - i1))
    bounds: list[tuple[float, float]] = []
    for i in range(len(written)):
        if i in owner:
            first, last = owner[i]
            bounds.append((spoken[first].start_s, spoken[min(last, len(spoken)) - 1].end_s))
        else:
            at = bounds[-1][1] if bounds else spoken[0].start_s
            bounds.append((at, at))
    return bounds


def span_of(first: int, last: int, bounds: Sequence[tuple[float, float]], total_s: float) -> tuple[float, float]:
    """Returns when written words first..last are played; first = last is the silence before that word."""
    if not bounds:
        return 0.0, total_s
    if first == last:
        return (bounds[first - 1][1] if first else 0.0), (bounds[first][0] if first < len(bounds) else total_s)
    start = 0.0 if first == 0 else bounds[min(first, len(bounds) - 1)][0]
    return start, total_s if last >= len(bounds) else bounds[last][0]


def _rest_at(word: int, bounds: Sequence[tuple[float, float]], offsets: Sequence[float], total_s: float) -> float:
    """Returns where a silence goes in: at the start of the clause that the word opens, else at the word."""
    if not bounds or word >= len(bounds):
        return total_s
    before, start = (bounds[word - 1][1] if word else 0.0), bounds[word][0]
    between = [at for at in offsets if before - 0.005 <= at <= start + 0.005]
    return between[0] if between else start


def _gone(word: int, seconds: float, bounds: Sequence[tuple[float, float]], total_s: float) -> tuple[float, float]:
    """Returns the silence that is taken out before a word, as much of it as there is."""
    start, end = span_of(word, word, bounds, total_s)
    room = max(0.0, round(end - start - KEPT_S, 2))
    start = round(start + KEPT_S / 2, 2)
    return start, round(start + min(_strides(seconds), np.floor(room / STRIDE_S) * STRIDE_S), 2)


def _strides(seconds: float) -> float:
    return round(round(seconds / STRIDE_S) * STRIDE_S, 2)


def _clause(at: float, offsets: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> int:
    return int(np.clip(np.searchsorted(offsets, at + 0.005, side="right") - 1, 0, len(offsets) - 2))


def _whole(pieces: Sequence[Speech]) -> Speech:
    """Returns consecutive pieces as one, a phone that was cut in two made whole again."""
    if len(pieces) == 1:
        return pieces[0]
    joined = Speech.join(pieces)
    phones: list[Phone] = []
    edges = np.cumsum([p.duration_s for p in pieces])[:-1]
    for phone in joined.phones:
        cut = phones and phones[-1].name == phone.name and np.abs(edges - phone.start_s).min() < 1e-6
        if cut and abs(phones[-1].end_s - phone.start_s) < 1e-6:
            phones[-1] = replace(phones[-1], end_s=phone.end_s)
        else:
            phones.append(phone)
    return replace(joined, phones=tuple(phones))


def _faded(pieces: Sequence[Dressed], *, tail: bool) -> list[Dressed]:
    """Returns the pieces with the end of the last (tail) or the start of the first faded."""
    if not pieces:
        return []
    at = -1 if tail else 0
    speech = pieces[at].speech
    count = min(round(FADE_S * speech.audio.rate_hz), len(speech.audio.samples))
    samples = speech.audio.samples.copy()
    ramp = np.linspace(0, 1, count, dtype=np.float32)
    if tail and count:
        samples[-count:] *= ramp[::-1]
    elif count:
        samples[:count] *= ramp
    out = list(pieces)
    out[at] = replace(pieces[at], speech=replace(speech, audio=Audio(samples, speech.audio.rate_hz)))
    return out


def lengthened(speech: Speech, by_s: float) -> Speech:
    """Returns the speech with silence after it, one silence with what was there."""
    if by_s <= 0:
        return speech
    samples = round(by_s * speech.audio.rate_hz)
    audio = Audio(np.pad(speech.audio.samples, (0, samples)), speech.audio.rate_hz)
    rows = round(audio.duration_s * PROSODY_RATE_HZ) - len(speech.prosody.values)
    values = np.concatenate([speech.prosody.values, np.tile(np.array([0.0, -80.0], np.float32), (max(0, rows), 1))])
    last = speech.phones[-1]
    if last.name == SILENCE:
        phones = (*speech.phones[:-1], replace(last, end_s=audio.duration_s))
    else:
        phones = (*speech.phones, Phone(SILENCE, last.end_s, audio.duration_s))
    return replace(speech, audio=audio, phones=phones, prosody=replace(speech.prosody, values=values))


def _letters(word: str) -> str:
    return "".join(c for c in word.lower() if c.isalnum())


def _moved(word: Word, by_s: float) -> Word:
    return replace(word, start_s=word.start_s + float(by_s), end_s=word.end_s + float(by_s))
