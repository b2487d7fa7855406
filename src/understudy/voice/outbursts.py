"""The scores of laughs, sobs, sighs and screams: which notes follow each other, how high, how loud.

Laughter after Bachorowski, Smoski & Owren 2001 (1024 laughs): bouts of calls at 4 to 5 a second, voiced ones far
above speaking pitch (means of 405 Hz for women and 272 Hz for men, about 1.9 times their speech), falling, each begun
with breath, unvoiced ones among them, and a breath in after the bout. Sobbing: convulsive breaths in at 4 to 5 a
second, then a falling moan whose pitch shakes and breaks (Gračanin, Bylsma & Vingerhoets 2018). Screams: roughness of
30 to 150 Hz that speech does not have (Arnal et al. 2015). Breaths: Nakano et al. 2008.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from understudy.hub.cue import Cue
from understudy.voice.larynx import Note

Score = list[Note]
CALL_S: Final = 0.212
"""From call to call of a laugh: 4.7 a second."""
JERK_S: Final = 0.215
"""From catch to catch of a sob."""


def score(cue: Cue, rng: np.random.Generator) -> Score:
    """Returns the notes of a vocal event in order, from 0 s; the same generator state gives the same notes."""
    made = SCORES[cue.name](cue.strength, rng)
    while cue.duration_s and made[-1].end_s < 0.8 * cue.duration_s:
        later = made[-1].end_s + 0.12
        more = SCORES[cue.name](cue.strength * 0.9, rng)
        made += [_moved(note, later) for note in more]
    return made


def laugh(strength: float, rng: np.random.Generator) -> Score:
    """A bout: breathy start, high voiced calls that fall and fade, the last ones mostly air, a breath in."""
    count = round(3.2 + 4.3 * strength + rng.uniform(-0.5, 0.5))
    top = 1.5 + 0.85 * strength
    notes = [_puff(0.0, 0.11, -14.0 + 4 * strength)]
    clock = 0.07
    for i in range(count):
        faded = i / max(1, count - 1)
        length = CALL_S * (0.58 if i else 0.75) * float(rng.uniform(0.82, 1.15))
        height = top * (1 - 0.38 * faded) * float(rng.uniform(0.92, 1.08))
        airy = i >= count - 1 - (strength < 0.6) and count > 3
        notes.append(_puff(clock - 0.075, 0.13, -12.0 - 5 * faded + 3 * strength))
        notes.append(
            Note(
                "call", clock, length, 1.0 + 4.0 * (strength - 0.7) - 8.5 * faded - (3.0 if airy else 0.0),
                ((0, 0.93 * height), (0.3, height), (1, 0.80 * height)),
                vowel="AA" if strength > 0.55 else "AH", noise=0.82 if airy else 0.22 + 0.2 * faded,
                attack=0.22, release=0.5, wide=1.0 + 0.12 * strength, tilt_db=1.2 + 1.4 * strength - 0.8 * faded,
            )
        )  # fmt: skip
        clock += CALL_S * (1 + 0.13 * faded) * float(rng.uniform(0.96, 1.05)) * (1.18 if i == 0 else 1.0)
    notes.append(
        _inward(clock + 0.04, 0.30 + 0.14 * strength, -16.0 + 4 * strength, voiced=1.7 if strength > 0.75 else 0)
    )
    return notes


def chuckle(strength: float, rng: np.random.Generator) -> Score:
    """Two or three soft low calls behind almost closed lips."""
    count = round(2.0 + 1.6 * strength + rng.uniform(-0.3, 0.3))
    notes: Score = []
    clock = 0.04
    for i in range(count):
        height = (1.22 + 0.12 * strength) * (1 - 0.075 * i)
        notes.append(_puff(clock - 0.04, 0.08, -19.0))
        notes.append(
            Note("call", clock, 0.105, -6.5 - 2.5 * i + 4 * (strength - 0.7), ((0, height), (1, 0.84 * height)),
                 noise=0.42, attack=0.25, release=0.55, tilt_db=0.6, nasal=0.3)
        )  # fmt: skip
        clock += 0.195 * float(rng.uniform(0.95, 1.07))
    notes.append(Note("out", clock - 0.03, 0.22, -21.0, attack=0.15, release=0.8))
    return notes


def giggle(strength: float, rng: np.random.Generator) -> Score:
    """Quick, light, high calls."""
    count = round(4 + 3 * strength)
    notes: Score = []
    clock = 0.04
    for i in range(count):
        height = (1.95 + 0.25 * strength) * (1 - 0.04 * i) * float(rng.uniform(0.95, 1.06))
        notes.append(_puff(clock - 0.03, 0.06, -18.0))
        notes.append(
            Note("call", clock, 0.085, -3.5 - 1.1 * i, ((0, height), (0.4, 1.04 * height), (1, 0.88 * height)),
                 vowel="EH", noise=0.25, attack=0.25, release=0.5, wide=0.92, tilt_db=1.5)
        )  # fmt: skip
        clock += 0.172 * float(rng.uniform(0.94, 1.07))
    notes.append(_inward(clock + 0.02, 0.26, -17.0, voiced=2.1))
    return notes


def sob(strength: float, rng: np.random.Generator) -> Score:
    """Convulsive breaths in, then a short moan that falls and breaks; strong sobs come in twos."""
    notes, clock = _catches(0.03, 2 + round(1.4 * strength), strength, rng)
    notes += _moan(clock + 0.05, 0.42 + 0.28 * strength, 1.45 + 0.4 * strength, -3.5 + 4 * (strength - 0.7), rng)
    if strength > 0.8:
        more, clock = _catches(notes[-1].end_s + 0.09, 2, 0.8 * strength, rng)
        notes += more
        notes += _moan(clock + 0.05, 0.34, 1.3 + 0.25 * strength, -8.0 + 4 * (strength - 0.7), rng)
    notes.append(_inward(notes[-1].end_s + 0.12, 0.34, -18.0))
    return notes


def cry(strength: float, rng: np.random.Generator) -> Score:
    """A long wavering moan that rises and breaks, catches of breath, a lower one."""
    notes = [_inward(0.0, 0.26, -17.0 + 3 * strength)]
    notes += _moan(0.32, 0.75 + 0.35 * strength, 1.5 + 0.45 * strength, -1.5 + 4 * (strength - 0.7), rng, swells=True)
    more, clock = _catches(notes[-1].end_s + 0.08, 3, strength, rng)
    notes += more
    notes += _moan(clock + 0.05, 0.55 + 0.2 * strength, 1.35 + 0.2 * strength, -6.0 + 4 * (strength - 0.7), rng)
    notes.append(Note("sniff", notes[-1].end_s + 0.16, 0.2, -15.0, attack=0.5, release=0.12))
    return notes


def whimper(strength: float, rng: np.random.Generator) -> Score:
    """Small high moans behind closed lips."""
    notes, clock = [_inward(0.0, 0.14, -21.0)], 0.2
    for i in range(2 + round(strength)):
        length = float(rng.uniform(0.14, 0.22))
        height = 1.75 - 0.12 * i
        notes.append(
            Note("moan", clock, length, -10.0 - i, ((0, 0.9 * height), (0.35, height), (1, 0.78 * height)), noise=0.2,
                 attack=0.3, release=0.5, tremor_st=0.35, tremor_hz=7.0, nasal=0.7)
        )  # fmt: skip
        clock += length + float(rng.uniform(0.07, 0.13))
    return notes


def sigh(strength: float, rng: np.random.Generator) -> Score:
    """A deep breath in, let go at once; the beginning of it has some voice."""
    length = 0.75 + 0.5 * strength
    return [
        _inward(0.0, 0.5 + 0.15 * strength, -23.0 + 4 * strength),
        Note("out", 0.62 + 0.15 * strength, length, -13.0 + 5 * (strength - 0.7),
             ((0, 1.08), (0.25, 0.98), (1, 0.78)), noise=0.74, attack=0.1, release=0.85, tilt_db=-1.0),
    ]  # fmt: skip


def gasp(strength: float, rng: np.random.Generator) -> Score:
    """A fast breath in, high and sharp, that stops dead."""
    note = _inward(0.02, 0.26 - 0.05 * strength, -9.0 + 6 * (strength - 0.7), voiced=2.0 if strength > 0.6 else 0)
    return [note, Note("catch", note.end_s, 0.22, -60.0)]


def sniff(strength: float, rng: np.random.Generator) -> Score:
    """A wet breath through the nose, often a second one."""
    notes = [Note("sniff", 0.02, 0.19 + 0.06 * strength, -13.5 + 4 * (strength - 0.7), attack=0.55, release=0.1)]
    if rng.random() < 0.3 + 0.5 * strength:
        notes.append(Note("sniff", notes[0].end_s + 0.09, 0.14, -16.0, attack=0.55, release=0.12))
    return notes


def scream(strength: float, rng: np.random.Generator) -> Score:
    """A breath, then full voice, far up, rough, on an open mouth."""
    top = 2.6 + 1.4 * strength
    return [
        _inward(0.0, 0.2, -15.0),
        Note("call", 0.26, 0.75 + 0.5 * strength, 4.0 + 3.5 * strength,
             ((0, 0.45 * top), (0.1, 0.94 * top), (0.35, top), (0.78, 0.97 * top), (1, 0.62 * top)),
             vowel="AE", noise=0.06, attack=0.07, release=0.16, wide=1.32, tilt_db=2.6,
             rough=0.35 + 0.4 * strength, rough_hz=float(rng.uniform(60, 85)), tremor_st=0.25, tremor_hz=6.5),
        Note("out", 0.98 + 0.5 * strength, 0.3, -16.0, attack=0.15, release=0.8),
    ]  # fmt: skip


def breath(strength: float, rng: np.random.Generator) -> Score:
    """A breath in through the mouth before speaking."""
    return [_inward(0.0, 0.36 + 0.12 * strength, -22.0 + 5 * strength)]


def cough(strength: float, rng: np.random.Generator) -> Score:
    """The throat bursts open twice: a bang of air, a tail of it, a little voice."""
    notes = [_inward(0.0, 0.16, -22.0)]
    clock = 0.24
    for i in range(2):
        loud = -1.0 + 5 * (strength - 0.7) - 4 * i
        notes.append(Note("catch", clock - 0.06, 0.06, -60.0))
        notes.append(Note("call", clock, 0.16, loud, noise=1.0, attack=0.02, release=0.9, wide=1.1, tilt_db=1.0))
        notes.append(
            Note("out", clock + 0.1, 0.13, loud - 7, ((0, 1.05), (1, 0.75)), noise=0.55, attack=0.3, release=0.6,
                 creak=0.4)
        )  # fmt: skip
        clock += 0.33 * float(rng.uniform(0.92, 1.08))
    return notes


def crying(strength: float, rng: np.random.Generator) -> Score:
    """What comes between words said through tears: the throat closes, and a wet breath or two are caught."""
    shut = 0.07 + 0.1 * strength * float(rng.uniform(0.6, 1.4))
    notes = [Note("catch", 0.0, shut, -60.0)]
    if rng.random() < 0.3:
        return [*notes, Note("sniff", shut, 0.17, -16.0, attack=0.55, release=0.1)]
    caught, _ = _catches(shut, 1 + (rng.random() < strength - 0.3), 0.8 * strength, rng)
    return [*notes, *caught]


def laughing(strength: float, rng: np.random.Generator) -> Score:
    """What comes between words said laughing: a call or two, then the breath for the next words."""
    notes: Score = []
    clock = 0.05
    for i in range(1 + round(strength * float(rng.uniform(0.6, 1.6)))):
        height = (1.45 + 0.4 * strength) * (1 - 0.08 * i)
        notes.append(_puff(clock - 0.05, 0.1, -14.0))
        notes.append(
            Note("call", clock, 0.11, -5.0 - 2.0 * i + 3 * strength,
                 ((0, height), (0.3, 1.04 * height), (1, 0.8 * height)), noise=0.32, attack=0.22, release=0.5,
                 tilt_db=1.5)
        )  # fmt: skip
        clock += 0.2 * float(rng.uniform(0.94, 1.08))
    if rng.random() < 0.5:
        notes.append(_inward(clock, 0.2, -18.0))
    return notes


SCORES: Final[dict[str, Callable[[float, np.random.Generator], Score]]] = {
    "laugh": laugh, "chuckle": chuckle, "giggle": giggle, "sob": sob, "cry": cry, "whimper": whimper, "sigh": sigh,
    "gasp": gasp, "sniff": sniff, "scream": scream, "breath": breath, "cough": cough, "crying": crying,
    "laughing": laughing,
}  # fmt: skip


def _catches(start_s: float, count: int, strength: float, rng: np.random.Generator) -> tuple[Score, float]:
    """Returns convulsive breaths in, each higher than the last, and when the next thing may begin."""
    notes: Score = []
    clock = start_s
    for i in range(count):
        length = float(rng.uniform(0.11, 0.15))
        squeaks = strength > 0.5 and i == count - 1
        height = 1.9 + 0.15 * i
        notes.append(
            Note("jerk", clock, length, -11.0 + 1.4 * i + 4 * (strength - 0.7),
                 ((0, 0.8 * height), (0.6, height), (1, 1.1 * height)) if squeaks else (),
                 noise=0.72 if squeaks else 1.0, attack=0.25, release=0.2, inward=True, wide=1.05 + 0.03 * i)
        )  # fmt: skip
        clock += JERK_S * float(rng.uniform(0.93, 1.08))
    return notes, clock


def _moan(
    start_s: float, length_s: float, height: float, level_db: float, rng: np.random.Generator, *, swells: bool = False
) -> Score:
    """Returns a wavering voiced breath out: its pitch breaks once, and its end gives way to creak."""
    broken = float(rng.uniform(0.3, 0.5))
    jump = float(rng.choice([1.42, 0.66]))
    pitch = (
        (0.0, 0.78 * height), (0.16, height), (broken, 0.93 * height), (broken + 0.012, 0.93 * height * jump),
        (broken + 0.09, 0.90 * height * jump), (broken + 0.10, 0.88 * height), (1.0, 0.62 * height),
    )  # fmt: skip
    voice = Note(
        "moan", start_s, length_s, level_db, pitch, vowel="AH", noise=0.24, attack=0.35 if swells else 0.14,
        release=0.4, tilt_db=2.4, tremor_st=0.55, tremor_hz=float(rng.uniform(5.5, 7.5)), wide=1.04, nasal=0.12,
    )  # fmt: skip
    tail = Note(
        "out",
        voice.end_s - 0.09,
        0.17,
        level_db - 8,
        ((0, 0.55), (1, 0.42)),
        noise=0.4,
        attack=0.2,
        release=0.7,
        creak=0.8,
    )
    return [_puff(start_s - 0.03, 0.08, level_db - 13), voice, tail]


def _puff(start_s: float, length_s: float, level_db: float) -> Note:
    """The /h/ before a call."""
    return Note("out", max(0.0, start_s), length_s, level_db, attack=0.4, release=0.5)


def _inward(start_s: float, length_s: float, level_db: float, voiced: float = 0.0) -> Note:
    """A breath in; voiced: factor on F0 of the voice that comes with it, 0 for none."""
    pitch = ((0.0, 0.8 * voiced), (0.5, voiced), (1.0, 1.12 * voiced)) if voiced else ()
    return Note(
        "in", start_s, length_s, level_db, pitch, noise=0.75 if voiced else 1.0, attack=0.45, release=0.18, inward=True
    )


def _moved(note: Note, by_s: float) -> Note:
    return replace(note, start_s=note.start_s + by_s)
