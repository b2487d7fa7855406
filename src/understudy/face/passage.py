"""One piece of the stream with what surrounds it: the score that every faculty of the face reads.

Pieces of Speech have clocks of their own; a Passage puts one on the clock of the whole performance, with the phones
shortly before and after it. Frame k of the performance stands at time k / 60 s; a passage owns the frames between the
rounded ends of the sound, so that rounding never adds up.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ANIMATION_RATE_HZ, SILENCE
from understudy.hub.cue import Vocal
from understudy.hub.script import Direction, Line
from understudy.hub.speech import Phone, Speech, Word

Floats = npt.NDArray[np.float64]

CONTEXT_S = 0.6
"""How much of the neighbours a passage sees: longer than the longest anticipation of the lips."""
REST_S = 0.15
"""A piece that ends in this much silence needs no look ahead: no lip anticipates across it."""
HELD_SILENCE_S = 1.2
"""A wordless piece up to this long waits for the next one, so that feeling can begin before the voice."""


@dataclass(frozen=True, eq=False)
class Passage:
    """speech: the piece. start_s, end_s: on the performance's clock. first, last: its frames, last excluded.

    before, phones, after: phones on the performance's clock, of the context and of the piece. words: the piece's, on
    that clock. line: what is played. opens_turn, closes_turn: whether speaking begins or ends here. upcoming: the
    next line when it is known and differs, else None. speaking: whether there are words. vocals, coming: what sounds
    besides words in the piece and, when it is known, in the next one, on the performance's clock.
    """

    speech: Speech
    start_s: float
    end_s: float
    first: int
    last: int
    before: tuple[Phone, ...]
    phones: tuple[Phone, ...]
    after: tuple[Phone, ...]
    words: tuple[Word, ...]
    opens_turn: bool
    closes_turn: bool
    upcoming: Line | None
    vocals: tuple[Vocal, ...] = ()
    coming: tuple[Vocal, ...] = ()

    @property
    def line(self) -> Line | None:
        return self.speech.line

    @property
    def direction(self) -> Direction:
        return self.speech.line.direction if self.speech.line is not None else Direction()

    @property
    def duration_s(self) -> float:
        return self.end_s - self.start_s

    @property
    def speaking(self) -> bool:
        return any(p.name != SILENCE for p in self.phones)

    @property
    def context(self) -> tuple[Phone, ...]:
        return _grown(_grown(self.before, self.phones), self.after)

    @property
    def frame_times_s(self) -> Floats:
        """Returns the (frames,) times of its frames on the performance's clock."""
        return np.arange(self.first, self.last) / ANIMATION_RATE_HZ

    @property
    def voice_starts_s(self) -> float:
        """Returns when the first phone that is not silence begins (its end when there is none)."""
        return next((p.start_s for p in self.phones if p.name != SILENCE), self.end_s)

    @property
    def voice_ends_s(self) -> float:
        return next((p.end_s for p in reversed(self.phones) if p.name != SILENCE), self.start_s)


def passages(
    speeches: Iterable[Speech], *, listening: bool = False, wait: bool | Callable[[Speech], bool] = True
) -> Iterator[Passage]:
    """Yields each piece as soon as enough is known: at once after a rest, else when the next piece is there.

    wait: False yields every piece at once, with nothing known of the next; a function says it of each piece.
    """
    waits = wait if callable(wait) else (lambda _: wait)
    clock = Fraction(0)
    before: tuple[Phone, ...] = ()
    spoke: Line | None = None
    spoken_words = 0
    in_turn = False
    for speech, following in _with_next(speeches, listening, waits):
        start = clock
        clock += Fraction(len(speech.audio.samples), speech.audio.rate_hz)
        offset, end = float(start), float(clock)
        phones = _moved(speech.phones, offset)
        after: tuple[Phone, ...] = ()
        if following is not None:
            after = tuple(p for p in _moved(following.phones, end) if p.start_s < end + CONTEXT_S)
        speaking = any(p.name != SILENCE for p in phones)
        same_line = speech.line is spoke
        spoken_words = (spoken_words if same_line else 0) + len(speech.words)
        closes = speaking and _closes(speech, following, spoken_words)
        yield Passage(
            speech,
            offset,
            end,
            _frame(start),
            _frame(clock),
            before,
            phones,
            after,
            tuple(replace(w, start_s=w.start_s + offset, end_s=w.end_s + offset) for w in speech.words),
            opens_turn=speaking and not (in_turn and same_line),
            closes_turn=closes,
            upcoming=following.line if following is not None and following.line is not speech.line else None,
            vocals=_shifted(speech.vocals, offset),
            coming=_shifted(following.vocals, end) if following is not None else (),
        )
        if speaking:
            spoke, in_turn = speech.line, not closes
        before = tuple(p for p in _grown(before, phones) if p.end_s > end - CONTEXT_S)


def _grown(before: tuple[Phone, ...], phones: tuple[Phone, ...]) -> tuple[Phone, ...]:
    """Returns phones end to end; one that a piece of a stream cut in two is one again."""
    if before and phones and before[-1].name == phones[0].name and phones[0].start_s - before[-1].end_s < 1e-6:
        return (*before[:-1], replace(before[-1], end_s=phones[0].end_s), *phones[1:])
    return before + phones


def _frame(time: Fraction) -> int:
    """Returns the frame nearest to an exact time; halves go up, as everywhere on this clock."""
    return int(time * int(ANIMATION_RATE_HZ) + Fraction(1, 2))


def _closes(speech: Speech, following: Speech | None, spoken_words: int) -> bool:
    if following is not None:
        return following.line is not speech.line or not _sounds(following)
    if speech.line is None:
        return True
    return spoken_words >= len(speech.line.text.split())


def _with_next(
    speeches: Iterable[Speech], listening: bool, waits: Callable[[Speech], bool]
) -> Iterator[tuple[Speech, Speech | None]]:
    """Yields (piece, next piece or None when it is not needed or does not come)."""
    held: Speech | None = None
    for speech in speeches:
        if held is not None:
            yield held, speech
        if not waits(speech) or _needs_no_next(speech, listening):
            held = None
            yield speech, None
        else:
            held = speech
    if held is not None:
        yield held, None


def _sounds(speech: Speech) -> bool:
    return any(p.name != SILENCE for p in speech.phones)


def _needs_no_next(speech: Speech, listening: bool) -> bool:
    if not _sounds(speech):
        return listening or speech.duration_s > HELD_SILENCE_S
    last = speech.phones[-1]
    return last.name == SILENCE and last.end_s - last.start_s >= REST_S


def _shifted(vocals: Iterable[Vocal], by_s: float) -> tuple[Vocal, ...]:
    return tuple(replace(v, start_s=v.start_s + by_s, end_s=v.end_s + by_s) for v in vocals)


def _moved(phones: Iterable[Phone], by_s: float) -> tuple[Phone, ...]:
    return tuple(replace(p, start_s=p.start_s + by_s, end_s=p.end_s + by_s) for p in phones)
