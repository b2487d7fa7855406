"""Where stages wait between shots: a scene goes back to the same few set-ups again and again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from understudy.render.stage import Stage

KEPT = 2
"""Stages that wait; each holds some 100 MB and saves about a second and a half."""

_waiting: "OrderedDict[Hashable, Stage]" = OrderedDict()
_lock = threading.Lock()


def take(key: Hashable, make: Callable[[], Stage]) -> Stage:
    """Returns the stage that waits under `key`, as good as new, or a new one. Its user has it alone."""
    with _lock:
        stage = _waiting.pop(key, None)
    if stage is None:
        return make()
    stage.reset()
    return stage


def give_back(key: Hashable, stage: Stage) -> None:
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
