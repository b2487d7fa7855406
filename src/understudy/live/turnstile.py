"""Players share one interpreter: one of them works at a time, and what is waited for most goes first."""

import heapq
import itertools
import threading
from enum import IntEnum


class Rank(IntEnum):
    """What a piece of play is to whoever waits for it: the first of an answer, more of it, or idling."""

    FIRST = 0
    MORE = 1
    IDLE = 2


class Turnstile:
    """Lets one thread through at a time: of those that wait, the one of the best rank, then the one that came first.

    Threads of one interpreter gain nothing by working at once; without order each first word would wait for a share of
    everybody's sentences.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[tuple[Rank, int]] = []
        self._numbers = itertools.count()
        self._taken = False

    def enter(self, rank: Rank) -> None:
        """Waits for one's turn; `leave` ends it."""
        with self._changed:
            ticket = (rank, next(self._numbers))
            heapq.heappush(self._waiting, ticket)
            while self._taken or self._waiting[0] != ticket:
                self._changed.wait()
            heapq.heappop(self._waiting)
            self._taken = True

    def leave(self) -> None:
        """Lets the next one through."""
        with self._changed:
            self._taken = False
            self._changed.notify_all()


TURNSTILE = Turnstile()
"""The one of this process."""
