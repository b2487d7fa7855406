"""Lines become a performance: voice, face and body pull on each other piece by piece; no picture is drawn.

    Run ─ voice.speak ─ dress (rests, moments) ─ face.animate ─ body.move ─► Beats ─► Performance with its book

`perform`, `act`, `takes` and `direct` all play through here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from understudy.hub.actor import Actor, Persona
from understudy.hub.performance import Beat, Performance
from understudy.hub.promptbook import Facts, Habits, Part, Piece, PromptBook, Run
from understudy.hub.script import LineKind
from understudy.hub.speech import PROSODY_CHANNELS, PROSODY_RATE_HZ, Speech
from understudy.hub.track import Track
from understudy.production.ahead import ahead
from understudy.production.build import build
from understudy.production.cut import ACTION_S, Setup
from understudy.production.dressing import STRIDE_S, Dressed, dressed, lengthened, plain

OWN = Habits()


@dataclass(eq=False)
class Playing:
    """One run being played. facts: language, lexicon and engine are read. known: part index -> its speech, undressed.

    ends: part index -> a time; the part ends a whole number of strides from it, by silence added after it.
    """

    run: Run
    actor: Actor
    facts: Facts
    known: Mapping[int, Sequence[Speech]] = field(default_factory=dict)
    ends: Mapping[int, float] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    played: list[Dressed] = field(default_factory=list)
    prosody: list[Track] = field(default_factory=list)
    timing: str = ""

    def beats(self, habits: Habits = OWN) -> Iterator[Beat]:
        """Yields the run's beats as its speech comes, which is made a piece ahead."""
        yield from self.moved(ahead(self.speeches()), habits)

    def moved(self, speeches: Iterable[Speech], habits: Habits = OWN) -> Iterator[Beat]:
        """Yields the beats of speech that is there, by an actor of these habits."""
        from understudy import body, face

        who, seed = persona(self.actor.record.persona, habits), self.run.seed
        yield from body.move(
            face.animate(iter(speeches), persona=who, seed=seed, partner=self.run.partner),
            persona=who,
            seed=seed,
            physique=build(self.actor),
        )

    def speeches(self) -> Iterator[Speech]:
        """Yields air, each line as its voice gives it, actions as silent moments, air; and notes each piece."""
        from understudy import voice

        rate_hz = voice.SPEECH_RATE_HZ
        yield from self._noted(-1, [_air(0, self.run.lead_in_s, rate_hz)])
        for index, part in enumerate(self.run.parts):
            if plain(part) and index not in self.ends:
                pieces = (Dressed(i, False, s, part.habits) for i, s in enumerate(self._spoken(index, part)))
                yield from self._noted(index, pieces)
            else:
                yield from self._noted(index, self._ended(index, dressed(part, list(self._spoken(index, part)))))
        yield from self._noted(-1, [_air(1, self.run.lead_out_s, rate_hz)])

    def take(self, beats: Iterable[Beat], made_with: Mapping[str, str]) -> Performance:
        """Returns the beats of this run as a take that remembers what it was made from."""
        performance = Performance.from_beats(self.actor.name, beats, made_with)
        return replace(performance, book=self.book())

    def book(self) -> PromptBook:
        """Returns the prompt book of what was played."""
        run = replace(self.run, pieces=tuple(self.pieces))
        origin = self.facts.origin or (self.run,)
        facts = replace(self.facts, runs=(run,), origin=origin, timing=self.timing or self.facts.timing)
        return PromptBook(facts, Track.join(self.prosody))

    def _spoken(self, index: int, part: Part) -> Iterator[Speech]:
        from understudy import voice

        if index in self.known:
            yield from self.known[index]
        elif part.line.kind is LineKind.ACTION:
            yield replace(Speech.silence(ACTION_S, voice.SPEECH_RATE_HZ), line=part.line)
        else:
            yield from voice.speak(
                part.line,
                self.actor.record.voice,
                language=self.facts.language,
                lexicon=self.facts.lexicon,
                seed=part.seed,
                engine=self.facts.engine,
            )

    def _ended(self, index: int, pieces: list[Dressed]) -> list[Dressed]:
        """Returns the pieces of a part, ending in step with what comes after."""
        if index not in self.ends or not pieces:
            return pieces
        clock_s = sum(p.samples for p in self.pieces) / pieces[0].speech.audio.rate_hz
        clock_s += sum(p.speech.duration_s for p in pieces) - self.ends[index]
        more = -clock_s % STRIDE_S
        more = 0.0 if STRIDE_S - more < 1e-6 else more
        return [*pieces[:-1], replace(pieces[-1], speech=lengthened(pieces[-1].speech, more))]

    def _noted(self, part: int, pieces: Iterable[Dressed]) -> Iterator[Speech]:
        for piece in pieces:
            speech = piece.speech
            if not len(speech.audio.samples):
                continue
            frames = len(speech.prosody.values)
            self.pieces.append(Piece(part, piece.clause, len(speech.audio.samples), frames, piece.rest))
            self.played.append(piece)
            self.prosody.append(speech.prosody)
            self.timing = self.timing or (speech.timing if speech.words else "")
            yield speech


def _air(clause: int, seconds: float, rate_hz: int) -> Dressed:
    return Dressed(clause, False, Speech.silence(seconds, rate_hz), Habits())


def persona(own: Persona, habits: Habits) -> Persona:
    """Returns a persona with other habits."""
    if habits == Habits():
        return own
    return replace(own, blink_rate_hz=own.blink_rate_hz * habits.blinks, head_motion=own.head_motion * habits.head)


def run_of(setup: Setup, seed: int) -> Run:
    """Returns a shot of the edit as a run; each line has a seed of its own for its voice."""
    parts = tuple(Part(line, seed * 997 + order) for order, line in enumerate(setup.lines))
    return Run(setup.key, seed, setup.partner, setup.lead_in_s, setup.lead_out_s, parts)


def joined_books(books: Sequence[PromptBook | None], fps: float) -> PromptBook | None:
    """Returns the books of consecutive shots as one, None when one of them has none."""
    known = [book for book in books if book is not None]
    if len(known) < len(books) or not known:
        return None
    facts = replace(
        known[0].facts,
        fps=fps,
        runs=tuple(run for book in known for run in book.facts.runs),
        origin=tuple(run for book in known for run in book.facts.origin),
        edits=tuple(dict.fromkeys(edit for book in known for edit in book.facts.edits)),
    )
    return PromptBook(facts, Track.join([book.prosody for book in known]))


def prosody_of(speeches: Iterable[Speech]) -> Track:
    """Returns the prosody of speeches end to end."""
    rows = [speech.prosody.values for speech in speeches]
    values = np.concatenate(rows) if rows else np.zeros((0, len(PROSODY_CHANNELS)), np.float32)
    return Track("prosody", PROSODY_CHANNELS, PROSODY_RATE_HZ, values)
