"""A voice brought near to one in a recording: a mixture of the designed voices, and the numbers of a design beside it.

This is voice matching and not a copy. Only what a mixture of thirty made-up voices can sound like is reached: the
register, the colour of the vowels, pitch, range and pace; not the way a person says things. Whose leave is needed is
no matter of this file: `rights` asks for it before the result is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from understudy.base.audio import Audio
from understudy.base.errors import BadInput, Unavailable
from understudy.hub.script import Line
from understudy.hub.speech import Speech
from understudy.hub.voice import Voice
from understudy.voice import kokoro
from understudy.voice.directing import AIR, AIRIEST
from understudy.voice.kokoro import styles
from understudy.voice.speaking import speak
from understudy.voice.voiceprint import PHONES, Voiceprint, tilt_print, voiceprint, voiceprints
from understudy.voice.world import Floats

SHORTEST_S, LONGEST_S = 6.0, 120.0
LEAST_HEARD_S = 0.8
"""Of clear vowels and the like, in a sample."""
TRACTS = (0.93, 1.0, 1.07)
"""Vocal tracts that are tried; between them the mixture does better."""
LOWEST, HIGHEST = -0.15, 1.0
"""Weights of a voice in a mixture: a little beyond the voices there are still sounds like somebody."""
LEAST = 0.02
"""A smaller weight is left out."""
STIFFNESS = 0.3
"""How dear large weights are, against the misfit."""
TILT_DB, RANGE, PACE, PITCH_ST = 2.5, (0.65, 1.5), (0.85, 1.18), 9.0
CHECK = "The boy was there when the sun rose. Kick the ball straight, and follow through to the end of the long road."
"""What a candidate says to be compared with the sample."""


@dataclass(frozen=True, eq=False)
class Matched:
    """voice: the design. similarity: of what it says to the sample, 0 (as voices in general) to 1; `before`: of the
    nearest designed voice, whose name is `nearest`. Two recordings of one speaker reach about 0.9, of two 0.2."""

    voice: Voice
    similarity: float
    before: float
    nearest: str


@dataclass(frozen=True, eq=False)
class Fit:
    """weights: of the designed voices, together 1. tilt_db: an octave. misfit: what is left, per row and cepstrum."""

    weights: dict[str, float]
    tilt_db: float
    misfit: float


@dataclass(frozen=True, eq=False)
class Table:
    """The prints of the designed voices. usual: (phones, cepstra) their mean. within: (cepstra,) how far sentences of
    one voice lie apart."""

    prints: dict[str, Voiceprint]
    usual: Floats
    within: Floats


def match(sample: Audio, *, language: str = "en-US") -> Matched:
    """Returns the voice of this engine that is nearest to the one in a recording of 6 to 120 s, of one speaker.

    Same recording, same voice. Raises BadInput for a recording that cannot be used, Unavailable without Kokoro.
    """
    if not SHORTEST_S <= sample.duration_s <= LONGEST_S:
        raise BadInput(
            f"The recording lasts {sample.duration_s:.1f} s; give {SHORTEST_S:.0f} to {LONGEST_S:.0f} s of one voice."
        )
    if why := kokoro.model.missing():
        raise Unavailable(f"Voices are matched with the neural voice. {why}")
    prints = dict(zip(TRACTS, voiceprints(sample, TRACTS), strict=True))
    own = prints[1.0]
    if own.heard_s.sum() < LEAST_HEARD_S:
        raise BadInput("There is too little clear speech in the recording; give ten seconds of one voice alone.")
    nearest = max(_spoken(language), key=lambda name: similarity(own, table().prints[name]))
    before = _reached(own, Voice(engines=(f"kokoro/{nearest}",)), language)
    scored = [(_reached(own, design, language), design) for design in designs(prints, language)]
    best, voice = max(scored, key=lambda pair: pair[0])
    return Matched(voice, best, before, nearest)


def designs(prints: Mapping[float, Voiceprint], language: str) -> list[Voice]:
    """Returns the voices worth trying for the prints of a sample under several tracts: without one, and with the best.

    prints: tract -> print, 1 among them.
    """
    own = prints[1.0]
    reader = _reader(own, language)
    fits = {tract: _fitted(seen) for tract, seen in prints.items()}
    best = min(fits, key=lambda tract: fits[tract].misfit)
    return [_designed(own, reader, fits[tract], tract) for tract in dict.fromkeys((1.0, best))]


def similarity(one: Voiceprint, other: Voiceprint) -> float:
    """Returns how alike two voices sound, -1..1: the cosine of what sets them apart from the usual voice, in units of
    what sentences of one voice differ by. Pitch and pace are not in it."""
    known = table()
    count = np.sqrt(one.weights * other.weights)[:, None]
    a, b = (count * (print_.envelopes - known.usual) / known.within for print_ in (one, other))
    return float((a * b).sum() / max(np.sqrt((a * a).sum() * (b * b).sum()), 1e-9))


def _fitted(seen: Voiceprint) -> Fit:
    """Returns the mixture whose print is nearest, by bounded least squares over the prints of its parts."""
    from scipy.optimize import lsq_linear

    known = table()
    names = list(known.prints)
    count = np.sqrt(seen.weights)[:, None] / known.within
    size = np.sqrt(seen.weights.sum() * len(known.within))
    columns = [((known.prints[name].envelopes - known.usual) * count).ravel() / size for name in names]
    columns.append((np.broadcast_to(tilt_print(), known.usual.shape) * count).ravel() / size)
    wanted = ((seen.envelopes - known.usual) * count).ravel() / size
    stiff = np.eye(len(columns)) * np.sqrt(STIFFNESS)
    stiff[-1, -1] *= 0.3
    total = np.append(np.full(len(names), 30.0), 0.0)
    matrix = np.vstack([np.array(columns).T, stiff, total])
    target = np.concatenate([wanted, np.zeros(len(columns)), [30.0]])
    low = np.array([0.0 if name == styles.AIR else LOWEST for name in names] + [-TILT_DB])
    high = np.array([AIRIEST if name == styles.AIR else HIGHEST for name in names] + [TILT_DB])
    found = lsq_linear(matrix, target, bounds=(low, high)).x
    misfit = float(np.sqrt(np.square(np.array(columns).T @ found - wanted).sum()))
    return Fit(dict(zip(names, found[:-1].tolist(), strict=True)), float(found[-1]), misfit)


def _designed(own: Voiceprint, reader: str, fit: Fit, tract: float) -> Voice:
    """Returns the voice of a mixture that reads like `reader`, with the pitch, range and pace of the sample; its share
    of air becomes breath."""
    air = max(0.0, fit.weights[styles.AIR])
    rest = {n: w for n, w in fit.weights.items() if n != styles.AIR and (abs(w) >= LEAST or n == reader)}
    ordered = [reader, *(name for name in rest if name != reader)]
    mix = "+".join(f"{name}*{rest[name] / sum(rest.values()):.3f}" for name in ordered)
    base = table().prints[reader]
    return Voice(
        engines=(f"kokoro/{mix}",),
        pitch_st=round(float(np.clip(12 * np.log2(own.f0_hz / base.f0_hz), -PITCH_ST, PITCH_ST)), 2),
        pitch_range=round(float(np.clip(own.range_st / base.range_st, *RANGE)), 3),
        tract=tract,
        tilt_db=round(fit.tilt_db, 2),
        breath=round(min(AIRIEST, air) / AIR, 3),
        pace=round(float(np.clip(own.phones_hz / base.phones_hz, *PACE)), 3),
    )


def _reader(own: Voiceprint, language: str) -> str:
    """Returns whose reading fits: of the voices nearest in pitch, the one that sounds nearest."""
    prints = table().prints
    by_pitch = sorted(_spoken(language), key=lambda name: abs(np.log2(own.f0_hz / prints[name].f0_hz)))
    return max(by_pitch[:6], key=lambda name: similarity(own, prints[name]))


def _spoken(language: str) -> list[str]:
    if language[:2] != "en":
        raise BadInput(f"Voices are matched in English only, and {language} was asked; choose en-US or en-GB.")
    return [name for name, spoken in styles.designed().items() if spoken == language]


def _reached(own: Voiceprint, voice: Voice, language: str) -> float:
    """Returns how alike the sample and a voice that says something else are, 0..1."""
    said = Speech.join(speak(Line(CHECK), voice, language=language)).audio
    return round(max(0.0, similarity(own, voiceprint(said))), 3)


@cache
def table() -> Table:
    """Returns what `training/kokoro_prints.py` measured of the designed voices."""
    file = resources.files("understudy.voice").joinpath("data/kokoro_prints.npz")
    with file.open("rb") as stream, np.load(stream) as kept:
        if tuple(kept["phones"].tolist()) != PHONES:
            raise Unavailable("The prints of the voices are of another version; install Understudy again.")
        rows = zip(kept["names"].tolist(), kept["envelopes"], kept["heard_s"], kept["numbers"], strict=True)
        prints = {
            name: Voiceprint(envelopes.astype(np.float64), heard.astype(np.float64), *map(float, numbers))
            for name, envelopes, heard, numbers in rows
        }
        within = kept["within"].astype(np.float64)
    weights = np.array([p.weights for p in prints.values()])[:, :, None]
    envelopes = np.array([p.envelopes for p in prints.values()])
    usual = (weights * envelopes).sum(axis=0) / np.maximum(weights.sum(axis=0), 1e-9)
    return Table(prints, usual, within)
