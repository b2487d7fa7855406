"""The recipe of a brief while it is filled in."""

from collections.abc import Callable
from typing import Any

import numpy as np

from understudy.casting.brief.reading import Reading
from understudy.casting.prior import stream

Plain = dict[str, Any]


class Sheet:
    """What is filled in so far (plain), and the notes of what was guessed."""

    def __init__(self, reading: Reading, seed: int) -> None:
        self.reading = reading
        self.seed = seed
        self.plain: Plain = {"phenotype": {}, "shape": {}, "targets": {}, "rest": {}, "latents": {}}
        self.guessed: list[tuple[str, str]] = []

    def said(self, key: str) -> str:
        """Returns the word said about a key, '' when none was."""
        value = self.reading.value(key)
        return "" if value is None else str(value)

    def words_or(self, key: str, topic: str, draw: Callable[[np.random.Generator], str]) -> str:
        """Returns what was said about a key, or draws and notes it."""
        if self.said(key):
            return self.said(key)
        drawn = draw(stream(self.seed, topic))
        self.guessed.append((topic, drawn.replace("-", " ")))
        return drawn

    def put(self, section: str, **values: Any) -> None:
        self.plain.setdefault(section, {}).update(values)

    def chance(self, topic: str) -> np.random.Generator:
        return stream(self.seed, topic)
