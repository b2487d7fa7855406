"""How kernels are compiled: once a machine, kept on disk, without ever letting two threads into one at a time.

Numba's portable threads ("workqueue") sleep when they have nothing to do, which those of OpenMP do not, but may be
used by one Python thread at a time; `alone` is the lock for that.
"""

import os
import threading
from typing import Any

os.environ.setdefault("NUMBA_THREADING_LAYER", "workqueue")

import numba

alone = threading.RLock()
"""Held around every call of a parallel kernel."""
quick: Any = numba.njit(cache=True, fastmath=True, error_model="numpy", nogil=True)
parallel: Any = numba.njit(cache=True, fastmath=True, error_model="numpy", parallel=True, nogil=True)
inlined: Any = numba.njit(cache=True, fastmath=True, error_model="numpy", forceinline=True)
prange: Any = numba.prange
