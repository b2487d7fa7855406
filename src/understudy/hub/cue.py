"""What happens in a voice and a face besides words: asked for in a script (Cue), sounding in a speech (Vocal)."""

from dataclasses import dataclass
from typing import Final

SOUNDS: Final = (
    "laugh", "chuckle", "giggle", "sob", "cry", "whimper", "sigh", "gasp", "sniff", "scream", "breath", "cough",
)  # fmt: skip
"""Vocal events: each is heard by itself, between words."""
MANNERS: Final = ("whispering", "crying", "laughing")
"""Ways of speaking that are turned on and last until they are turned off."""
PAUSE: Final = "pause"
FLASH: Final = "flash of "
"""Begins the name of a micro-expression: 'flash of anger' shows a feeling for a third of a second."""
USUAL: Final = 0.7
"""Strength of a cue that does not say how strong it is."""


@dataclass(frozen=True)
class Cue:
    """Something asked for inside a line.

    name: of SOUNDS, of MANNERS, PAUSE, or FLASH and an emotion. at_word: index of the whitespace-separated word of the
    line's text that it stands before (the number of words = after the last). until_word: for MANNERS, the word before
    which it ends. strength: 0..1. duration_s: how long it is to last, 0 = as long as such a thing does.
    """

    name: str
    at_word: int
    until_word: int | None = None
    strength: float = USUAL
    duration_s: float = 0.0


WHOLE: Final = "whole"


@dataclass(frozen=True)
class Vocal:
    """A vocal event, or a part of one, where it is in the sound; times in seconds on the clock of its Speech.

    name: of SOUNDS or MANNERS. part: WHOLE, or what the body does to make this bit of it: 'call' (a note of a laugh,
    the voice of a scream, a cough's bark), 'moan' (a long voiced breath out), 'in' (a breath in), 'jerk' (a convulsive
    one), 'out' (a breath out), 'catch' (the throat closes), 'sniff'. strength: 0..1.
    """

    name: str
    part: str
    start_s: float
    end_s: float
    strength: float = USUAL
