"""Phones become mouth shapes: dominance blending with anticipation, reduction and effort.

Every phone pulls each channel towards its target with a strength that falls off around it (Cohen & Massaro 1993);
the mouth is the weighted mean of all pulls. Rounding is anticipated further than opening, across consonants that do
not care, so that the lips of "stew" are round at the /s/. How far the lips open is learned (`law`). Contacts are not
promised here but in `contact`.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES, BILABIALS, LABIODENTALS, SILENCE, VOWELS
from understudy.base.motion import minimum_jerk
from understudy.face.contact import APERTURE
from understudy.face.effort import Effort
from understudy.face.expressions import sides
from understudy.face.law import GAP_SHARES, Law, learned
from understudy.face.passage import Passage
from understudy.face.visemes import COLUMN, DIPHTHONGS, MOUTH, OPENING, ROUNDING, dominance, target
from understudy.hub.speech import Phone

Floats = npt.NDArray[np.float64]

SEAM_S = 0.15
"""How long a difference at the join of two pieces takes to fade."""
LATE = {"UW": 0.68}
"""Vowels that reach their place late: /u/ glides there all along (seen on talking people)."""
SHUT = BILABIALS | LABIODENTALS | {SILENCE}
SUNG_S = 0.36
"""A vowel longer than any in speech is held: the mouth is in its place but for LETTING_S at each end."""
LETTING_S = 0.11
GLIDE_S = 0.26
"""A held diphthong stays on its first vowel until this long before its end (as singers are taught)."""
REDUCED = 0.62
"""Opening of an unstressed vowel against a stressed one."""
LEAST_GAP = 0.085
"""Gap of the lips, in weights of jawOpen, below which no open phone aims: the roundest /w/ is not a closure."""
GAP = np.array([APERTURE.get(name, 0.0) for name in MOUTH])
"""What each channel of the mouth does to the gap."""
READY = "READY"
READY_GAP, READY_STRENGTH = 0.12, 1.2
"""The gap of the lips in the target READY, in weights of jawOpen, and its dominance before the law."""
READY_SHUT = 0.5
"""Strength of the breath before speech that begins with closed lips, against any other."""


@dataclass(frozen=True)
class Pull:
    """One target in time: full strength within hold_s of centre_s, falling off with rise_s before, fall_s after.

    name: the phone it belongs to (half a diphthong goes by the vowel it resembles), SIL or READY.
    """

    name: str
    centre_s: float
    hold_s: float
    rise_s: Floats
    fall_s: Floats
    strength: Floats
    target: Floats


class Articulation:
    """The mouth of speech along the stream."""

    def __init__(self) -> None:
        self._effort = Effort()
        self._last: Floats | None = None

    def mouth(self, passage: Passage) -> Floats:
        """Returns (frames, 52): the mouth weights of speech alone, before emotion and contacts."""
        times = passage.frame_times_s
        if not len(times):
            return np.zeros((0, len(ARKIT_SHAPES)))
        lead = np.concatenate([[times[0] - 1 / 60], times])
        blended = blend(pulls(passage.context), lead)
        effort = np.concatenate([[1.0], self._effort.along(passage)])
        effort[0] = effort[1]
        blended[:, OPENING] *= effort[:, None]
        blended[:, ROUNDING] *= np.sqrt(effort)[:, None]
        blended = self._joined(blended)
        return spread(np.clip(blended, 0.0, 1.0))

    def _joined(self, blended: Floats) -> Floats:
        """Fades out the difference to what was emitted when this piece was not known yet; returns own frames."""
        gap = np.zeros(len(MOUTH)) if self._last is None else self._last - blended[0]
        passed = np.arange(len(blended))[:, None] / 60 / SEAM_S
        joined = (blended + gap * (1 - minimum_jerk(passed)))[1:]
        self._last = joined[-1].copy()
        return joined


def pulls(phones: tuple[Phone, ...], law: Law | None = None) -> list[Pull]:
    """Returns the pulls of phones in order; a diphthong pulls twice. law: None for the learned one."""
    law = learned() if law is None else law
    made: list[Pull] = []
    for index, phone in enumerate(phones):
        length = phone.end_s - phone.start_s
        if phone.name in DIPHTHONGS:
            first, second = DIPHTHONGS[phone.name]
            if length > SUNG_S:
                turn = phone.end_s - GLIDE_S
                made.append(_pull(first, replace(phone, end_s=turn), 0.5, 1.0, law))
                made.append(_pull(second, replace(phone, start_s=turn), 0.5, 0.6, law))
                continue
            made.append(_pull(first, phone, 0.36, 0.55, law))
            made.append(_pull(second, phone, 0.86, 0.40, law))
        elif phone.name == SILENCE:
            made.append(_silence(phone, length, law))
            if length > 0.3 and index + 1 < len(phones):
                made.append(_ready(phone, phones[index + 1].name in SHUT, law))
        else:
            made.append(_pull(phone.name, phone, LATE.get(phone.name, 0.5), 1.0, law))
    return made


@lru_cache(maxsize=512)
def _pull(name: str, phone: Phone, where: float, part: float, law: Law) -> Pull:
    """Returns the pull of a phone at `where` of its time, holding for a share of `part` of it.

    The last ones are kept: a stream asks for the same phones with every piece.
    """
    length = phone.end_s - phone.start_s
    wanted, strength = target(name), dominance(name)
    for shape, share in GAP_SHARES.items():
        wanted[COLUMN[shape]] = max(0.0, wanted[COLUMN[shape]] + share * law.gaps.get(name, 0.0))
    if name not in SHUT:
        short = max(0.0, LEAST_GAP - float(wanted @ GAP))
        for shape, share in GAP_SHARES.items():
            wanted[COLUMN[shape]] += share * short
    strength[OPENING] *= law.insistence.get(name, 1.0)
    if phone.name in VOWELS:
        quick = min(max(length / 0.11, 0.55), 1.0)
        wanted[OPENING] *= (1.0 if phone.stress == 1 else REDUCED if phone.stress == 0 else 0.85) * (0.6 + 0.4 * quick)
        if phone.stress == 0:
            strength[OPENING] *= 0.8
    slope = min(max(0.026 + 0.27 * length * part, 0.038), 0.078)
    rise, fall = np.full(len(MOUTH), slope), np.full(len(MOUTH), slope)
    rise[OPENING] *= law.slope
    if max(wanted[ROUNDING]) > 0.2:
        rise[ROUNDING], fall[ROUNDING] = 0.135, 0.09
    if phone.name in SHUT:
        strength[OPENING] *= 1.3
    hold = 0.2 * length * part
    if phone.name in VOWELS and length > SUNG_S:
        where, hold = 0.5, max(hold, 0.5 * length - LETTING_S)
    return Pull(name, phone.start_s + where * length - law.early_s, hold, rise, fall, strength, wanted)


def _ready(silence: Phone, shut: bool, law: Law) -> Pull:
    """Returns the pull of lips that part for the breath before speech; less when speech begins with them shut."""
    rise, fall = np.full(len(MOUTH), law.ready_rise_s), np.full(len(MOUTH), 0.09)
    strength = np.full(len(MOUTH), READY_STRENGTH * (READY_SHUT if shut else 1.0) * law.insistence.get(READY, 1.0))
    wanted = target(READY)
    for shape, share in GAP_SHARES.items():
        wanted[COLUMN[shape]] += share * (law.ready - READY_GAP)
    return Pull(READY, silence.end_s - law.ready_ahead_s, law.ready_hold_s, rise, fall, strength, wanted)


def _silence(phone: Phone, length: float, law: Law) -> Pull:
    """Returns the pull of silence: a hesitation of 100 ms hardly moves the lips, a pause of 300 ms closes them."""
    strength = np.full(len(MOUTH), min(max((length - 0.05) / 0.2, 0.08), 1.0))
    strength[OPENING] *= law.insistence.get(SILENCE, 1.0)
    slope = np.full(len(MOUTH), 0.065)
    middle, hold = (phone.start_s + phone.end_s) / 2, max(0.0, length / 2 - 0.07)
    return Pull(SILENCE, middle, hold, slope, slope, strength, target(SILENCE))


def blend(score: list[Pull], times: Floats) -> Floats:
    """Returns (times, MOUTH): the weighted mean of all pulls."""
    if not score:
        return np.zeros((len(times), len(MOUTH)))
    centre = np.array([p.centre_s for p in score])
    hold = np.array([p.hold_s for p in score])
    away = times[:, None] - centre
    outside = np.maximum(0.0, np.abs(away) - hold)[:, :, None]
    slope = np.where(
        away[:, :, None] < 0, np.array([p.rise_s for p in score])[None], np.array([p.fall_s for p in score])[None]
    )
    weight = np.exp(-((outside / slope) ** 2)) * np.array([p.strength for p in score])
    weighted = np.einsum("tsc,sc->tc", weight, np.array([p.target for p in score]))
    return np.asarray(weighted / (weight.sum(axis=1) + 1e-4))


_SIDES = [sides(name) for name in MOUTH]


def spread(mouth: Floats) -> Floats:
    """Returns (frames, 52) from (frames, MOUTH): both sides alike."""
    face = np.zeros((len(mouth), len(ARKIT_SHAPES)))
    for column, shapes in enumerate(_SIDES):
        face[:, shapes] = mouth[:, [column]]
    return face
