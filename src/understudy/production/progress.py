"""How far long work has come."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """film_s of expected_s seconds of film are made; left_s: computing time left (None until it can be told)."""

    film_s: float
    expected_s: float
    left_s: float | None
    note: str = ""


Listener = Callable[[Progress], None]


class Meter:
    """Tells a listener how the work goes, from film made and time gone."""

    def __init__(
        self, expected_s: float, listener: Listener | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._expected_s = max(expected_s, 1e-6)
        self._listener = listener
        self._clock = clock
        self._began_s = clock()
        self._film_s = 0.0
        self._kept_s = 0.0

    def keep(self, film_s: float) -> None:
        """Counts film that an earlier run had finished."""
        self._film_s += film_s
        self._kept_s += film_s
        self._tell("kept from the last run")

    def made(self, film_s: float, note: str = "") -> None:
        """Counts film made in this run."""
        self._film_s += film_s
        self._tell(note)

    def settle(self, expected_s: float) -> None:
        """Replaces the plan by what became known of the length."""
        self._expected_s = max(expected_s, self._film_s, 1e-6)

    @property
    def film_s(self) -> float:
        return self._film_s

    def _tell(self, note: str) -> None:
        if self._listener is None:
            return
        made_s = self._film_s - self._kept_s
        pace = (self._clock() - self._began_s) / made_s if made_s > 0.5 else None
        left_s = None if pace is None else max(0.0, self._expected_s - self._film_s) * pace
        self._listener(Progress(self._film_s, max(self._expected_s, self._film_s), left_s, note))
