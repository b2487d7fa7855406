"""What a take remembers: the speech of its lines, read back from its own sound and events."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import SILENCE
from understudy.base.errors import BadInput
from understudy.hub.performance import Event, Performance
from understudy.hub.promptbook import Facts, Part, Piece, PromptBook, Run
from understudy.hub.script import Line
from understudy.hub.speech import PROSODY_RATE_HZ, Phone, Speech, Word
from understudy.hub.track import Track


@dataclass(frozen=True, eq=False)
class Recalled:
    """A run as it is in the take. start_s: where it begins; ends_s: where the next begins or the take ends.

    pieces: each with its start on the take's clock and its speech.
    """

    run: Run
    start_s: float
    ends_s: float
    pieces: tuple[tuple[Piece, float, Speech], ...]

    def part(self, index: int) -> list[tuple[Piece, float, Speech]]:
        """Returns the pieces of one part."""
        return [found for found in self.pieces if found[0].part == index]


def recall(take: Performance) -> list[Recalled]:
    """Returns the runs of a take with their speech. The take must have a prompt book."""
    assert take.book is not None
    facts, rate_hz = take.book.facts, take.sound.rate_hz
    shots = [event.start_s for event in take.events if event.kind == "shot"]
    starts = shots if len(shots) == len(facts.runs) else [0.0] * len(facts.runs)
    spoken = sorted((e for e in take.events if e.kind in ("phone", "word")), key=lambda e: e.start_s)
    times = np.array([e.start_s for e in spoken])
    row = 0
    out = []
    for run, start_s, ends_s in zip(facts.runs, starts, [*starts[1:], take.duration_s], strict=True):
        first = round(start_s * rate_hz)
        pieces = []
        for piece in run.pieces:
            at_s = first / rate_hz
            audio = Audio(take.sound.samples[first : first + piece.samples], rate_hz)
            a, b = np.searchsorted(times, [at_s - 1e-6, at_s + piece.samples / rate_hz - 1e-6])
            prosody = replace(take.book.prosody, values=take.book.prosody.values[row : row + piece.frames])
            line = run.parts[piece.part].line if piece.part >= 0 else None
            pieces.append((piece, at_s, _speech(audio, spoken[a:b], at_s, prosody, line, facts)))
            first, row = first + piece.samples, row + piece.frames
        out.append(Recalled(run, start_s, ends_s, tuple(pieces)))
    return out


def remembered(take: Performance) -> Performance:
    """Returns a take that knows what it was made from; one that does not is taken for a recording of its own sound.

    Raises BadInput when there is nothing to go by.
    """
    if take.book is not None:
        return take
    if "face" not in take.tracks:
        raise BadInput("This take has a sound and no face, so it cannot be directed; animate its sound first.")
    from understudy import voice

    words = " ".join(e.name for e in take.events if e.kind == "word")
    speech = voice.listen(take.sound, words or None)
    spoken = [e for e in take.events if e.kind in ("phone", "word")]
    if spoken:  # its own times are better than what is heard again
        speech = _speech(speech.audio, spoken, 0.0, speech.prosody, None, Facts())
    run = Run("take", int(take.made_with.get("seed", "0") or 0), parts=(Part(Line(words)),))
    return replace(take, book=recorded_book(run, speech, "aligned" if words else "heard"))


def recorded_book(run: Run, speech: Speech, timing: str) -> PromptBook:
    """Returns the book of a recording that is one part."""
    run = replace(run, pieces=(Piece(0, 0, len(speech.audio.samples), len(speech.prosody.values)),))
    return PromptBook(Facts(recorded=True, timing=timing, runs=(run,), origin=(run,)), speech.prosody)


def _speech(
    audio: Audio, events: Sequence[Event], start_s: float, prosody: Track, line: Line | None, facts: Facts
) -> Speech:
    phones: list[Phone] = []
    clock = 0.0
    for e in (e for e in events if e.kind == "phone"):
        start, end = e.start_s - start_s, min(e.end_s - start_s, audio.duration_s)
        if start - clock > 1e-6:
            phones.append(Phone(SILENCE, clock, start))
        phones.append(Phone(e.name, max(start, 0.0), end, round(e.value)))
        clock = end
    if audio.duration_s - clock > 1e-6 or not phones:
        phones.append(Phone(SILENCE, clock, audio.duration_s))
    words = tuple(Word(e.name, e.start_s - start_s, e.end_s - start_s, e.value) for e in events if e.kind == "word")
    rows = round(audio.duration_s * PROSODY_RATE_HZ)
    if len(prosody.values) < rows:
        values = np.concatenate(
            [prosody.values, np.tile(np.array([0.0, -80.0], np.float32), (rows - len(prosody.values), 1))]
        )
        prosody = replace(prosody, values=values)
    return Speech(audio, tuple(phones), words, prosody, line, facts.engine or "take", facts.timing or "aligned")
