"""The actor at work: pieces of speech go in, beats come out, on a thread of the actor's own."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from understudy.hub.actor import Actor
from understudy.hub.performance import Beat
from understudy.hub.speech import Speech
from understudy.live.turnstile import TURNSTILE, Rank

FIRST_S, LATER_S = 0.35, 1.5
"""A clause goes in pieces: the first so short that its beat comes at once, later ones so long that they cost little."""


@dataclass(frozen=True)
class Job:
    """A piece to be played. turn: of the talk, None for idling. rank: how much it is waited for."""

    speech: Speech
    turn: int | None
    rank: Rank = Rank.IDLE


class Player:
    """Plays pieces in the order in which they come.

    told: called on the player's thread with each beat and the turn of its piece, or with the error that ended the work.
    """

    def __init__(self, actor: Actor, seed: int, told: "Callable[[Beat | Exception, int | None], None]") -> None:
        self._actor, self._seed, self._told = actor, seed, told
        self._jobs: deque[Job] = deque()
        self._given: deque[int | None] = deque()
        self._there = threading.Condition()
        self._closed = False
        self._inside = False
        self._thread = threading.Thread(target=self._run, name=f"player of {actor.name}", daemon=True)
        self._thread.start()

    def play(self, speech: Speech, turn: int | None, *, first: bool = False) -> None:
        """Puts a piece at the end of the work. first: it is the first of an answer."""
        rank = Rank.IDLE if turn is None else Rank.FIRST if first else Rank.MORE
        with self._there:
            self._jobs.append(Job(speech, turn, rank))
            self._there.notify()

    def drop(self) -> None:
        """Forgets spoken pieces that are not begun."""
        with self._there:
            self._jobs = deque(job for job in self._jobs if job.turn is None)

    @property
    def idle_waiting(self) -> bool:
        """Tells whether idling waits to be made."""
        with self._there:
            return any(job.turn is None for job in self._jobs) or None in self._given

    @property
    def waiting(self) -> bool:
        """Tells whether speech waits that is not begun."""
        with self._there:
            return any(job.turn is not None for job in self._jobs)

    def unmade(self, turn: int) -> int:
        """Returns how many pieces of a turn are begun or wait; the one that is being told of still counts."""
        with self._there:
            return sum(job.turn == turn for job in self._jobs) + self._given.count(turn)

    def close(self) -> None:
        """Ends the work; what waits is forgotten."""
        with self._there:
            self._closed = True
            self._there.notify()
        self._thread.join(5.0)

    def _run(self) -> None:
        from understudy import body, face
        from understudy.production.build import build

        persona = self._actor.record.persona
        try:
            beats = body.move(
                face.animate(
                    self._pieces(), persona=persona, seed=self._seed, listening=True, wait=lambda s: s.timing != "heard"
                ),
                persona=persona,
                seed=self._seed,
                physique=build(self._actor),
            )
            for beat in beats:
                self._told(beat, self._given[0])
                with self._there:
                    self._given.popleft()
        except Exception as error:  # told to whoever waits for beats
            self._told(error, None)
        finally:
            self._leave()

    def _leave(self) -> None:
        if self._inside:
            self._inside = False
            TURNSTILE.leave()

    def _pieces(self) -> Iterator[Speech]:
        while True:
            self._leave()  # what came before is made
            with self._there:
                while not self._jobs and not self._closed:
                    self._there.wait()
                if self._closed:
                    return
                job = self._jobs.popleft()
                self._given.append(job.turn)
            TURNSTILE.enter(job.rank)
            self._inside = True
            yield job.speech


def in_pieces(speech: Speech) -> Iterator[Speech]:
    """Yields a clause in pieces that come out one by one."""
    start, length = 0.0, FIRST_S
    while speech.duration_s - start > length + 0.15:
        yield speech.cut(start, start + length)
        start, length = start + length, LATER_S
    yield speech.cut(start, speech.duration_s) if start else speech
