"""What a voice sounds like apart from its words: its own pitch, and its own vowels as spectral envelopes.

Laughs and sobs are sung on the vowels of the actor's own voice, taken once from a sentence that its engine speaks, so
they are the same person whichever engine that is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from understudy.hub.speech import Speech
from understudy.voice import world
from understudy.voice.world import Floats

SAMPLE = "Ah, father, that was not at all what he had there."
"""A plain sentence with long open vowels."""
OPEN: tuple[str, ...] = ("AA", "AE", "AH", "EH")
FEWEST_FRAMES = 6
USUAL_HZ = 165.0


@dataclass(frozen=True, eq=False)
class Timbre:
    """f0_hz: usual pitch. vowels: ARPABET -> (bins,) natural log of power from 0 to rate_hz / 2, of mean 0 over
    100-5000 Hz; '' is the mean of all of them."""

    f0_hz: float
    vowels: Mapping[str, Floats]
    rate_hz: int

    @property
    def bins_hz(self) -> Floats:
        return np.linspace(0.0, self.rate_hz / 2, len(self.vowels[""]))

    def vowel(self, name: str) -> Floats:
        """Returns the (bins,) log power of a vowel, of the mean vowel when the sample did not have it."""
        return self.vowels.get(name, self.vowels[""])


def timbre_of(sample: Speech) -> Timbre:
    """Returns the timbre of a voice from a sample of its plain speech; a whisper gives a made-up one."""
    own = world.analyse(sample.audio)
    loud = own.envelope.max(axis=1)
    sounding = own.voiced & (loud > np.percentile(loud, 95) - 5.0)
    if sounding.sum() < FEWEST_FRAMES:
        return made_up(sample.audio.rate_hz)
    times = np.arange(len(own.f0_hz)) * world.FRAME_S
    vowels = {"": _level(own.envelope[sounding].mean(axis=0), own.bins_hz)}
    for name in OPEN:
        here = np.zeros(len(times), bool)
        for phone in sample.phones:
            if phone.name == name:
                edge = 0.25 * (phone.end_s - phone.start_s)
                here |= (times >= phone.start_s + edge) & (times <= phone.end_s - edge)
        if (here & sounding).sum() >= FEWEST_FRAMES:
            vowels[name] = _level(own.envelope[here & sounding].mean(axis=0), own.bins_hz)
    return Timbre(float(np.median(own.f0_hz[sounding])), vowels, sample.audio.rate_hz)


def made_up(rate_hz: int, f0_hz: float = USUAL_HZ) -> Timbre:
    """Returns a timbre by formants alone (Hillenbrand 1995; formants rise with pitch by a sixth from man to woman)."""
    scale = float(np.clip(1 + 0.167 * np.log2(f0_hz / 120.0) / np.log2(210 / 120), 0.9, 1.35))
    formants = {"AA": (720, 1180, 2500), "AE": (640, 1750, 2480), "AH": (610, 1240, 2480), "EH": (560, 1760, 2520)}
    hz = np.linspace(0.0, rate_hz / 2, 513)
    vowels: dict[str, Floats] = {}
    for name, centres in formants.items():
        power = np.zeros(len(hz))
        for order, centre in enumerate((*centres, 3500, 4500)):
            centre_hz = centre * scale
            power += 10 ** (-0.8 * order) / (1 + ((hz - centre_hz) / (50 + 0.05 * centre_hz)) ** 2)
        vowels[name] = _level(np.log(power / (1 + (hz / 300) ** 1.5) + 1e-7), hz)
    vowels[""] = np.mean(list(vowels.values()), axis=0)
    return Timbre(f0_hz, vowels, rate_hz)


def _level(envelope: Floats, hz: Floats) -> Floats:
    inside = (hz > 100) & (hz < 5000)
    return np.asarray(envelope - np.log(np.exp(envelope[inside]).mean()))
