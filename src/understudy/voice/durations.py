"""The clock of a clause: which moment of the engine's sound is heard at which moment of the result."""

from dataclasses import dataclass

import numpy as np

from understudy.base.channels import SILENCE, VOWELS
from understudy.hub.speech import Phone
from understudy.voice.accent import Accent
from understudy.voice.delivery import Delivery
from understudy.voice.world import FRAME_S, Floats

CONSONANT_SHARE = 0.7
"""Consonants change 0.7 times as much as vowels when speech speeds up or slows down (Gay 1978, Miller 1981)."""
EMPHASIS_VOWEL, EMPHASIS_CONSONANT = 1.35, 1.15
"""Lengthening of a focused word (Turk & White 1999: its stressed syllable by a quarter to a third)."""
JITTER = 0.03
SHORTEST_S = 0.025


@dataclass(frozen=True, eq=False)
class Clock:
    """source_s and target_s: matching moments, both increasing, from the first to the last sound of a clause."""

    source_s: Floats
    target_s: Floats

    @property
    def duration_s(self) -> float:
        return float(self.target_s[-1])

    def to_target(self, time_s: float) -> float:
        return float(np.interp(time_s, self.source_s, self.target_s))

    def frames(self) -> Floats:
        """Returns the fractional source frame heard at each output frame."""
        count = round(self.duration_s / FRAME_S)
        return np.asarray(np.interp(np.arange(count + 1) * FRAME_S, self.target_s, self.source_s) / FRAME_S)


def clock(
    phones: tuple[Phone, ...],
    owners: list[int],
    marks: list[Accent],
    delivery: Delivery,
    mark: str,
    rng: np.random.Generator,
) -> Clock:
    """Returns the clock of a clause from its first phone to its last.

    phones: in order without gaps; owners: the word of each, -1 for a pause. Pace is exact over the clause: what
    consonants do not give, vowels do.
    """
    lengths = np.array([p.end_s - p.start_s for p in phones])
    vowel = np.array([p.name in VOWELS for p in phones])
    pause = np.array([p.name == SILENCE for p in phones])
    wanted = 1.0 / delivery.pace
    factors = np.where(vowel, wanted, 1 + (wanted - 1) * CONSONANT_SHARE)
    factors[pause] = delivery.rest
    spoken = ~pause
    if spoken.any():
        short = (lengths[spoken] * wanted).sum() - (lengths * factors)[spoken].sum()
        room = (lengths * factors)[vowel].sum()
        if room > 0:
            factors[vowel] *= np.clip(1 + short / room, 0.5, 2.0)
    for i, phone in enumerate(phones):
        if owners[i] >= 0 and marks[owners[i]].asked:
            main = marks[owners[i]].vowel
            near = main is not None and phone.end_s > main.start_s - 0.12 and phone.start_s < main.end_s + 0.02
            factors[i] *= (EMPHASIS_VOWEL if vowel[i] else EMPHASIS_CONSONANT) if near else 1.04
    factors *= _final(phones, vowel, mark)
    factors *= np.exp(rng.normal(0.0, JITTER, len(phones)))
    target = np.maximum(lengths * factors, np.minimum(lengths, SHORTEST_S))
    start = phones[0].start_s
    total = round(target.sum() / 0.01) * 0.01
    target *= total / target.sum()
    return Clock(np.concatenate([[start], start + np.cumsum(lengths)]), np.concatenate([[0.0], np.cumsum(target)]))


def _final(phones: tuple[Phone, ...], vowel: "np.ndarray[tuple[int], np.dtype[np.bool_]]", mark: str) -> Floats:
    """Returns the lengthening from the last vowel on: engines give most of it; trailing off asks for more."""
    more = {"…": 1.3, "-": 0.95, "!": 1.05}.get(mark, 1.0)
    factors = np.ones(len(phones))
    if vowel.any() and more != 1.0:
        factors[int(np.flatnonzero(vowel)[-1]) :] = more
    return factors
