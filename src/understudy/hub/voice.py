"""How an actor sounds: plain numbers that any engine can be bent to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import UNSET, UnsetType

MIXING = "*"
"""What stands in the name of a base voice that is a mixture."""
_PART = re.compile(r"([a-z][a-z0-9_-]*)\*(-?[0-9]+(?:\.[0-9]+)?)")


@dataclass(frozen=True)
class Match:
    """Whose voice this one was brought near to, and by whose leave: voice matching, not a copy.

    consent_id: of the signed consent. sample_sha256: hex, of the recording it names. similarity: 0..1, as
    `voice.match` gives it.
    """

    consent_id: str
    sample_sha256: str
    similarity: float = 0.0


@dataclass(frozen=True)
class Voice:
    """The design of a voice.

    engines: preferred back-ends with the base voice of each, best first, as 'engine/voice' ('kokoro/emi'); the first
    that works on this machine and speaks the language is used; 'pico/en-US@-6.5,1.15' gives a base that needs other
    numbers than the rest its own pitch_st and tract. pitch_st: semitones on the base voice. pitch_range:
    factor on F0 excursions. tract: vocal-tract length factor (> 1 = longer, lower formants). tilt_db: spectral tilt in
    dB per octave above 1 kHz, -3..3. breath: 0..1 aperiodic energy. pace: factor on the base rate. match: set in a
    voice matched to a person's, and left out of files otherwise.

    A base may be a mixture, as in 'kokoro/emi*0.6+mei*0.4': only matched voices have one, and rights lets nobody work
    with one without the person's consent.
    """

    engines: tuple[str, ...] = ("kokoro/emi", "pico/en-US")
    pitch_st: float = 0.0
    pitch_range: float = 1.0
    tract: float = 1.0
    tilt_db: float = 0.0
    breath: float = 0.0
    pace: float = 1.0
    match: Match | UnsetType = UNSET

    @property
    def matched(self) -> bool:
        """Tells whether this voice was brought near to a person's, by its mixture or by its own word."""
        return self.match is not UNSET or any(MIXING in engine for engine in self.engines)


def mixture(base: str) -> Mapping[str, float]:
    """Returns the parts of a mixture, name -> weight, in order; {} for a base that is none."""
    if MIXING not in base:
        return {}
    parts = [_PART.fullmatch(part) for part in base.split("+")]
    found = {part[1]: float(part[2]) for part in parts if part}
    return found if len(found) == len(parts) else {}
