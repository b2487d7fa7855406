"""What class a text is most like, by the examples of the red-team set: a linear law on sentence vectors.

`classes.npz` is fitted by training/policy_classes.py and holds a weight vector a class; of the texts that judge
it (the looks, save for half of the fourth) it has seen none. A score is a probability against everything
harmless.
"""

from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from understudy.dialogue.embedding import embed_one


def likeness(text: str, law: str) -> dict[str, float]:
    """Returns class -> probability, 0..1. law: 'asked' (what users say) or 'said' (what she says)."""
    names, weights, bias = _law(law)
    scores = weights @ embed_one(text) + bias
    scores = np.exp(scores - scores.max())
    scores /= scores.sum()
    return {name: float(score) for name, score in zip(names, scores, strict=True)}


@lru_cache(maxsize=2)
def _law(name: str) -> tuple[tuple[str, ...], Any, Any]:
    with (resources.files("understudy.dialogue.policy") / "classes.npz").open("rb") as file:
        held = np.load(file)
        return tuple(str(n) for n in held[f"{name}_names"]), held[f"{name}_weights"], held[f"{name}_bias"]
