"""Where stages wait between shots: a scene goes back to the same few set-ups again and again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar, cast


class Waits(Protocol):
    """What can wait: a stage of one actor or of two."""

    def reset(self) -> None:
        """Forgets what was drawn."""
        ...

    def close(self) -> None:
        """Gives the drawing context back."""
        ...


S = TypeVar("S", bound=Waits)

KEPT = 2
"""Stages that wait; each holds some 100 MB and saves about a second and a half."""

_waiting: "OrderedDict[Hashable, Waits]" = OrderedDict()
_lock = threading.Lock()


def take(key: Hashable, make: Callable[[], S]) -> S:
    """Returns the stage that waits under `key`, as good as new, or a new one. Its user has it alone."""
    with _lock:
        stage = _waiting.pop(key, None)
    if stage is None:
        return make()
    stage.reset()
    return cast(S, stage)


def give_back(key: Hashable, stage: Waits) -> None:
    """Lets a stage wait for the next shot like it; the one that waited longest goes."""
    gone = []
    with _lock:
        if key in _waiting:
            gone.append(stage)
        else:
            _waiting[key] = stage
        while len(_waiting) > KEPT:
            gone.append(_waiting.popitem(last=False)[1])
    for each in gone:
        each.close()
