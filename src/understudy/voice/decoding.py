"""Log posteriors become phones: the likeliest sequence in which every phone lasts at least 30 ms (Viterbi 1967)."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from understudy.base.channels import VOWELS
from understudy.hub.speech import Phone
from understudy.voice.ear import FRAME_S, NAMES

Floats = npt.NDArray[np.float64]

LEAST_FRAMES = 3
CHANGE = 2.2
"""Cost of going on to another phone, in nats: chosen on synthetic voices that the net was not trained on."""
EASE = {"P": 0.5, "B": 0.5, "M": 0.3}
"""What closures gain: they are brief, and a missed one is seen."""
_EASE = np.array([EASE.get(name, 0.0) for name in NAMES])


def decode(log_posteriors: npt.NDArray[np.float32], *, start_s: float = 0.0) -> tuple[Phone, ...]:
    """Returns the phones, silence included, without gaps. log_posteriors: (frames, 40), columns `ear.NAMES`."""
    path = Path()
    path.push(log_posteriors)
    return as_phones(path.end(), start_s=start_s)


def as_phones(columns: npt.NDArray[np.int64], *, start_s: float = 0.0) -> tuple[Phone, ...]:
    """Returns runs of one column as phones. columns: (frames,) indices into `ear.NAMES`."""
    if not len(columns):
        return ()
    edges = [0, *(np.flatnonzero(np.diff(columns)) + 1).tolist(), len(columns)]
    return tuple(
        Phone(name, start_s + a * FRAME_S, start_s + b * FRAME_S, int(name in VOWELS))
        for a, b in pairwise(edges)
        for name in (NAMES[columns[a]],)
    )


class Path:
    """The best path through beliefs that arrive bit by bit.

    Each phone is a chain of LEAST_FRAMES states of which the last may repeat; leaving it costs CHANGE.
    """

    def __init__(self) -> None:
        self._best: Floats | None = None
        self._stayed: list[npt.NDArray[np.bool_]] = []
        self._came_from: list[int] = []
        self._told = 0

    def push(self, log_posteriors: npt.NDArray[np.float32]) -> None:
        """Takes (frames, 40) beliefs more."""
        for scores in np.maximum(np.asarray(log_posteriors, np.float64), -12.0) + _EASE:
            if self._best is None:  # a sound may begin inside a phone
                self._best = np.repeat(scores[None], LEAST_FRAMES, axis=0)
                stayed, leaving = np.zeros(len(scores), bool), 0
            else:
                best = self._best
                leaving = int(best[-1].argmax())
                stayed = best[-1] >= best[-2]
                entering = np.full((1, len(scores)), best[-1, leaving] - CHANGE)
                last = np.where(stayed, best[-1], best[-2])
                self._best = np.concatenate([entering, best[:-2], last[None]]) + scores
            self._stayed.append(stayed)
            self._came_from.append(leaving)

    def told(self, lag: int) -> npt.NDArray[np.int64]:
        """Returns the columns that became final: all frames but the last `lag` of the best path so far."""
        fresh = self._back(self._told, len(self._stayed))[: max(0, len(self._stayed) - lag - self._told)]
        self._told += len(fresh)
        return fresh

    def end(self) -> npt.NDArray[np.int64]:
        """Returns the columns that are still owed."""
        return self.told(0)

    def _back(self, first: int, end: int) -> npt.NDArray[np.int64]:
        """Returns the best path over frames first..end, walked backwards from its end."""
        columns = np.zeros(max(0, end - first), np.int64)
        if self._best is None:
            return columns
        state, phone = (int(i) for i in np.unravel_index(int(self._best.argmax()), self._best.shape))
        for t in range(end - 1, first - 1, -1):
            columns[t - first] = phone
            if state == LEAST_FRAMES - 1:
                state = state if self._stayed[t][phone] else state - 1
            elif state > 0:
                state -= 1
            else:
                phone, state = self._came_from[t], LEAST_FRAMES - 1
        return columns
