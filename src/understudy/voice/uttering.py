"""What an engine says, on the hub's rate, with the times of its phones."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import SILENCE
from understudy.hub.script import Direction
from understudy.hub.speech import Phone
from understudy.voice import world
from understudy.voice.acting import perform
from understudy.voice.aligner import Sayable, align, follow
from understudy.voice.choosing import Chosen
from understudy.voice.clause import Clause
from understudy.voice.engine import TimedWord
from understudy.voice.foreign import spell_foreign
from understudy.voice.pronounce import pronounce

_ANALYST = ThreadPoolExecutor(1, "analyst")
"""The vocoder's analysis needs no interpreter, so it runs beside the alignment."""
LOG = logging.getLogger(__name__)

RATE_HZ = 24_000
AIR_TOP_HZ = 6800.0
EDGE_S, QUIET_DB = 0.1, -50.0
"""What is kept of silence around a clause that is said in haste: everything further out is below this against its
peak. Pico ends a sentence with half a second of nothing."""


@dataclass(frozen=True, eq=False)
class Uttered:
    """An engine's clause on the hub's rate.

    phones: first to last sound; owners: their words, -1 a pause. plays: what of the direction is in the sound already.
    """

    audio: Audio
    words: tuple[TimedWord, ...]
    phones: tuple[Phone, ...]
    owners: list[int]
    top_hz: float
    timing: str
    plays: frozenset[str] = frozenset()
    analysing: Future[world.Analysis] | None = None

    def own(self) -> world.Analysis:
        """Returns the WORLD analysis of the sound, which was begun while its phones were looked for."""
        return self.analysing.result() if self.analysing is not None else world.analyse(self.audio)


def utter(chosen: Chosen, clause: Clause, direction: Direction = Direction(), *, brisk: bool = False) -> Uttered:
    """Returns a clause as the engine says it, or acts it when it can, with the times of its phones.

    brisk: the shortest way, as in `voice.speak`. Raises Unavailable.
    """
    acted = perform(chosen.engine, clause, chosen.base, direction)
    said = acted.sounding
    if brisk and not said.words:
        said = replace(said, audio=without_silence(said.audio))
    audio = said.audio.at_rate(RATE_HZ)
    analysing = _ANALYST.submit(world.analyse, audio)
    words, timing = said.words, "exact"
    if not words:
        words, timing = find(said.audio, clause, chosen.language, brisk=brisk)
    phones, owners = chain(words)
    return Uttered(
        audio,
        words,
        phones,
        owners,
        min(AIR_TOP_HZ, said.audio.rate_hz * 0.43),
        timing,
        acted.plays,
        analysing,
    )


def without_silence(audio: Audio) -> Audio:
    """Returns a sound without the silence before and after it, save for EDGE_S."""
    loud = np.abs(audio.samples)
    places = np.flatnonzero(loud > 10 ** (QUIET_DB / 20) * max(1e-6, float(loud.max(initial=0.0))))
    if not len(places):
        return audio
    edge = round(EDGE_S * audio.rate_hz)
    return replace(audio, samples=audio.samples[max(0, places[0] - edge) : places[-1] + edge])


def find(audio: Audio, clause: Clause, language: str, *, brisk: bool = False) -> tuple[tuple[TimedWord, ...], str]:
    """Returns the words by forced alignment; when that fails, spread over the sound (timing 'heard')."""
    ways = [(w.phones,) if w.phones else _ways(w.text, language) for w in clause.words]
    sayable = [Sayable(w.text, way) for w, way in zip(clause.words, ways, strict=True)]
    found = (follow(audio, sayable) if brisk else None) or align(audio, sayable)
    if found is not None:
        return found, "aligned"
    LOG.warning("no alignment, times are estimates", extra={"words": len(clause.words)})
    return _spread(audio, sayable), "heard"


def chain(words: tuple[TimedWord, ...]) -> tuple[tuple[Phone, ...], list[int]]:
    """Returns the phones end to end with the silences between them, and the word of each."""
    phones: list[Phone] = []
    owners: list[int] = []
    for index, word in enumerate(words):
        for phone in word.phones:
            start = phones[-1].end_s if phones else phone.start_s
            if phone.start_s - start > 0.02:
                phones.append(Phone(SILENCE, start, phone.start_s))
                owners.append(-1)
                start = phone.start_s
            phones.append(replace(phone, start_s=start, end_s=max(phone.end_s, start + 0.005)))
            owners.append(index)
    return tuple(phones), owners


def _ways(word: str, language: str) -> tuple[tuple[str, ...], ...]:
    if language[:2] == "en":
        return pronounce(word) or (("AH0",),)
    return (spell_foreign(word, language),)


def _spread(audio: Audio, words: list[Sayable]) -> tuple[TimedWord, ...]:
    """Returns words laid over the sounding part in proportion to their phones."""
    loud = np.abs(audio.samples) > 0.02 * max(1e-6, float(np.abs(audio.samples).max()))
    places = np.flatnonzero(loud)
    start, end = (
        (places[0] / audio.rate_hz, (places[-1] + 1) / audio.rate_hz) if len(places) else (0.0, audio.duration_s)
    )
    step = (end - start) / max(1, sum(len(w.ways[0]) for w in words))
    out: list[TimedWord] = []
    clock_s = start
    for word in words:
        phones = []
        for phone in word.ways[0]:
            stress = int(phone[-1]) if phone[-1].isdigit() else 0
            phones.append(Phone(phone.rstrip("012"), clock_s, clock_s + step, stress))
            clock_s += step
        out.append(TimedWord(tuple(phones)))
    return tuple(out)
