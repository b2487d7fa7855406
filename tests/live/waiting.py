"""Patience for threads: waits for something to become true, and fails when it does not."""

import time
from collections.abc import Callable


def until(true: Callable[[], object], what: str, patience_s: float = 30.0) -> None:
    """Returns as soon as `true` is; fails when it never gets so."""
    ends = time.monotonic() + patience_s
    while not true():
        if time.monotonic() > ends:
            raise AssertionError(f"waited in vain: {what}")
        time.sleep(0.005)
