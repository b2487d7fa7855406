"""The voices of a server: processes that speak for all its talks, first words first.

A line is made a piece at a time, each piece by whichever process is free. One process says first pieces and nothing
else, so that whoever was just spoken to never waits behind somebody's long sentence; the others step back for it, say
the pieces that are needed soonest, and first pieces too when nothing else is to be done.
"""

import heapq
import itertools
import os
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Final

from understudy.base.errors import Unavailable
from understudy.hub.actor import Actor
from understudy.hub.script import Line
from understudy.hub.speech import Speech
from understudy.live.speaking import chosen
from understudy.live.throat import FIRST_WORDS, Ask, Part, Throat

MOST: Final = 4
"""Processes at most; each holds the voice in memory."""
TRIES: Final = 2
"""How often a piece is tried when the process that makes it ends."""


@dataclass(order=True)
class _Job:
    """hurry: 0 for a first piece, else 1. due_s: when it is needed."""

    hurry: int
    due_s: float
    number: int
    ask: Ask = field(compare=False)
    made: "Future[Speech | None]" = field(compare=False, default_factory=Future)


class Voices:
    """What makes speech of an actor's lines, for any number of talks at once: `voices(line, seed)` yields pieces.

    with Voices(actor) as voices:
        for speech in voices(Line("There you are."), 0):
            stream.push_speech(speech)

    engine: 'name' or 'name/voice', else the best sounding one that is in time here. processes: 0 = as many as this
    machine bears, at least two. A process that ends is begun again, and what it was about to say is said all the same.
    Raises Unavailable where there is no voice.
    """

    def __init__(
        self,
        actor: Actor,
        *,
        engine: str = "",
        language: str = "en-US",
        lexicon: Mapping[str, str] | None = None,
        processes: int = 0,
    ) -> None:
        part = Part(actor.record.voice, chosen(actor, engine, language), language, lexicon, FIRST_WORDS)
        count = max(2, processes or min(MOST, (os.cpu_count() or 1) // 2))
        self._jobs: list[_Job] = []
        self._there = threading.Condition()
        self._numbers = itertools.count()
        self._closed = False
        self._throats: list[Throat | None] = [None] * count
        begun: list[Future[None]] = [Future() for _ in range(count)]
        self._threads = [
            threading.Thread(
                target=self._run, args=(i, replace(part, hurried=i == 0), begun[i]), name=f"voice {i}", daemon=True
            )
            for i in range(count)
        ]
        for thread in self._threads:
            thread.start()
        try:
            for one in begun:
                one.result()
        except BaseException:
            self.close()
            raise

    @property
    def pids(self) -> list[int]:
        """Returns the numbers of the processes that are there."""
        return [throat.pid for throat in self._throats if throat is not None]

    def __call__(self, line: Line, seed: int) -> Iterator[Speech]:
        """Yields a line as pieces of speech, as `voice.speak` does with `brisk`. Raises what it raises."""
        lasts_until_s = time.monotonic()
        for first in itertools.count():
            piece = self._put(Ask(line, seed, first), lasts_until_s).result()
            if piece is None:
                return
            lasts_until_s = max(lasts_until_s, time.monotonic()) + piece.duration_s
            yield piece

    def close(self) -> None:
        """Ends the processes; whoever waits for a piece is told so."""
        with self._there:
            self._closed = True
            waiting, self._jobs = self._jobs, []
            self._there.notify_all()
        for job in waiting:
            job.made.set_exception(Unavailable("The voices are closed; the talk is over."))
        for throat in self._throats:
            if throat is not None:
                throat.close()
        for thread in self._threads:
            thread.join(5.0)

    def __enter__(self) -> "Voices":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _put(self, ask: Ask, due_s: float) -> "Future[Speech | None]":
        job = _Job(min(ask.first, 1), due_s, next(self._numbers), ask)
        with self._there:
            if self._closed:
                raise Unavailable("The voices are closed; the talk is over.")
            heapq.heappush(self._jobs, job)
            self._there.notify_all()
        return job.made

    def _next(self, hurried: bool) -> _Job | None:
        """Waits for the next piece that is to be made; None when there will be none."""
        with self._there:
            while not self._closed:
                if self._jobs and not (hurried and self._jobs[0].hurry):
                    return heapq.heappop(self._jobs)
                self._there.wait()
            return None

    def _run(self, index: int, part: Part, begun: "Future[None]") -> None:
        try:
            self._begun(index, part)
        except Exception as error:  # told to whoever waits in the constructor
            begun.set_exception(error)
            return
        begun.set_result(None)
        while (job := self._next(part.hurried)) is not None:
            try:
                job.made.set_result(self._made(index, part, job.ask))
            except Exception as error:  # told where the piece would be
                job.made.set_exception(error)

    def _begun(self, index: int, part: Part) -> Throat:
        throat = self._throats[index] = Throat(part)
        if self._closed:  # meanwhile
            throat.close()
        return throat

    def _made(self, index: int, part: Part, ask: Ask) -> Speech | None:
        for _ in range(TRIES):
            throat = self._throats[index] or self._begun(index, part)
            try:
                return throat.piece(ask)
            except EOFError:
                throat.close()
                self._throats[index] = None
                if self._closed:
                    break
        raise Unavailable("The process of the voice ended while it spoke; say it again, or choose another --voice.")
