"""Choosing among wordings, never the same words twice in a row, and filling in names."""

import random
import re
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final

_REMEMBERED: Final = 24
_NAME: Final = re.compile(r"\{([^{}\w]*)user([^{}\w]*)\}")
_SLOT: Final = re.compile(r"\{(\w+)\}")


class Wording:
    """Picks wordings for one talk. seed: the same talk with the same seed is worded the same."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._recent: deque[str] = deque(maxlen=_REMEMBERED)

    def pick(self, options: Sequence[str]) -> str:
        """Returns one of the options: by chance among those not used lately, else the one used longest ago."""
        fresh = [option for option in options if option not in self._recent]
        if fresh:
            chosen = self._rng.choice(fresh)
        else:
            order = list(self._recent)
            last_used = {option: len(order) - order[::-1].index(option) for option in options}
            chosen = min(options, key=lambda option: last_used[option], default="")
        if chosen:
            self._recent.append(chosen)
        return chosen

    def chance(self, part: float) -> bool:
        """Returns True with the probability `part`."""
        return self._rng.random() < part

    def among(self, words: Sequence[str], count: int = 3) -> str:
        """Returns some of the words as a list in a sentence: 'acting, stage fright or films'."""
        some = self._rng.sample(list(words), min(count, len(words)))
        return some[0] if len(some) == 1 else f"{', '.join(some[:-1])} or {some[-1]}" if some else "acting"


def filled(text: str, user: str, slots: Mapping[str, str]) -> str:
    """Returns the text with {, user} and {slot} filled; an unknown slot is left out."""
    named = _NAME.sub(lambda m: f"{m[1]}{user}{m[2]}" if user else "", text)
    return _SLOT.sub(lambda m: slots.get(m[1], ""), named)
