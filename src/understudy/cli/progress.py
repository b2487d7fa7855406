"""Progress on a terminal, or a line now and then where there is none."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from understudy.production.progress import Listener, Progress

_EVERY_S = 10.0


@contextmanager
def shown(what: str) -> "Iterator[Listener]":
    """Yields a listener that shows film made, film to make and time left."""
    if sys.stderr.isatty():
        with _bar(what) as listener:
            yield listener
    else:
        yield _lines(what)


@contextmanager
def _bar(what: str) -> "Iterator[Listener]":
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"))
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=None, state="starting")

        def listen(progress: "Progress") -> None:
            bars.update(task, total=progress.expected_s, completed=progress.film_s, state=_state(progress))

        yield listen


def _lines(what: str) -> "Listener":
    last = time.monotonic() - _EVERY_S + 2.0

    def listen(progress: "Progress") -> None:
        nonlocal last
        if time.monotonic() - last >= _EVERY_S:
            last = time.monotonic()
            print(f"{what}: {_state(progress)}", file=sys.stderr, flush=True)

    return listen


def _state(progress: "Progress") -> str:
    made = f"{progress.film_s:.1f} of about {progress.expected_s:.0f} s of film"
    if progress.left_s is None:
        return made
    return f"{made}, {_span(progress.left_s)} left" + (f" ({progress.note})" if progress.note else "")


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
