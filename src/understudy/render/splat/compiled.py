"""How kernels are compiled: once a machine, kept on disk, without ever letting two threads into one at a time.

Numba's portable threads ("workqueue") sleep when they have nothing to do, which those of OpenMP do not, but may be
used by one Python thread at a time; `alone` is the lock for that. A compiled kernel holds what it calls from other
files, and Numba looks only at its own: so they are kept under a name made from all of the sources.
"""

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("NUMBA_THREADING_LAYER", "workqueue")

import numba

from understudy.base.folders import cache


def _kept_in() -> str:
    seal = hashlib.sha256(numba.__version__.encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        seal.update(source.read_bytes())
    return str(cache() / "kernels" / seal.hexdigest()[:16])


config: Any = numba.config
"""Numba's settings, which it fills in at run time."""
if "NUMBA_CACHE_DIR" not in os.environ:
    config.CACHE_DIR = _kept_in()

alone = threading.RLock()
"""Held around every call of a parallel kernel."""


@contextmanager
def on_threads(count: int) -> Iterator[None]:
    """Lets the kernels that this Python thread calls use at most so many threads."""
    before = numba.get_num_threads()
    numba.set_num_threads(max(1, min(count, config.NUMBA_NUM_THREADS)))
    try:
        yield
    finally:
        numba.set_num_threads(before)


quick: Any = numba.njit(cache=True, fastmath=True, error_model="numpy", nogil=True)
parallel: Any = numba.njit(cache=True, fastmath=True, error_model="numpy", parallel=True, nogil=True)
inlined: Any = numba.njit(cache=True, fastmath=True, error_model="numpy", forceinline=True)
prange: Any = numba.prange
