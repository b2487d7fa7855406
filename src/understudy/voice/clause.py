"""What an engine is given to say: one clause of spoken words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SpokenWord:
    """One word as it is said.

    text: plain letters for the engine ('twenty', 'doctor'). written: index of the whitespace-separated word of the
    line that it came from. phones: ARPABET with stress digits when the spelling does not decide it, else ().
    """

    text: str
    written: int
    phones: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clause:
    """Words said on one breath, and the mark that ends them.

    mark: '.', ',', '?', '!', '-' (broken off or a dash), '…', ':', or '' where a long sentence is only divided.
    last: whether it ends the line.
    """

    words: tuple[SpokenWord, ...]
    mark: str = "."
    last: bool = False

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)
