"""The lips keep their promises: /p b m/ close, /f v/ bite, and nothing else does; the jaw narrows for sibilants.

This runs last, on the finished face, so that no smile and no scream opens a closure. Contacts hold for at least four
animation frames (50 ms from the first to the last), longer than a picture of a 24 fps film, so one picture of every
closure shows it. The lips press beyond touching, as measured lips do (Loefqvist & Gracco 1997: a virtual target beyond
the other lip).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ANIMATION_RATE_HZ, BILABIALS, LABIODENTALS, SHAPE_INDEX, SIBILANTS, SILENCE
from understudy.base.motion import minimum_jerk
from understudy.face.expressions import sides
from understudy.face.sibilants import narrowed
from understudy.hub.speech import Phone
from understudy.hub.track import Track

Floats = npt.NDArray[np.float64]

FRAMES_HELD = 4
EARLY_S = 0.006
"""Lips meet a little before the middle of the phone: measured minimum at -12 ms of [-19, 6]."""
KEEPS = 0.015
"""A contact whose weights are this near to what it asks for holds."""
RAMP_FRAMES = 4.0
"""A lip takes about 65 ms from open to contact."""
JAW_RAMP_FRAMES = 5.0
"""A jaw is slower."""


JAW, CLOSE = SHAPE_INDEX["jawOpen"], SHAPE_INDEX["mouthClose"]
SEALED_AT_MOST = {
    "mouthLowerDown": 0.0, "mouthUpperUp": 0.0, "mouthFunnel": 0.02, "mouthPucker": 0.55, "mouthSmile": 0.45,
    "mouthStretch": 0.15, "mouthFrown": 0.4, "mouthDimple": 0.4, "mouthShrugUpper": 0.0, "noseSneer": 0.3,
    "tongueOut": 0.0, "jawOpen": 0.06, "jawForward": 0.12, "mouthLeft": 0.3, "mouthRight": 0.3,
}  # fmt: skip
"""What a sealed mouth still allows."""
SEALED_AT_LEAST = {
    "P": {"mouthPress": 0.26, "mouthRollLower": 0.18, "mouthRollUpper": 0.14, "mouthShrugLower": 0.08},
    "B": {"mouthPress": 0.22, "mouthRollLower": 0.16, "mouthRollUpper": 0.13, "mouthShrugLower": 0.07},
    "M": {"mouthPress": 0.18, "mouthRollLower": 0.14, "mouthRollUpper": 0.12, "mouthShrugLower": 0.06},
}
"""How hard they press: about 1 to 2 mm beyond touching on an adult face."""
BITTEN_AT_MOST = {
    "mouthLowerDown": 0.05, "mouthFunnel": 0.0, "mouthPucker": 0.02, "mouthClose": 0.0, "mouthPress": 0.0,
    "mouthRollUpper": 0.0, "mouthShrugUpper": 0.1, "tongueOut": 0.0, "mouthUpperUp": 0.28, "jawOpen": 0.115,
    "mouthStretch": 0.2, "mouthSmile": 0.35, "mouthFrown": 0.1, "mouthShrugLower": 0.0, "jawForward": 0.0,
    "mouthDimple": 0.3, "mouthLeft": 0.1, "mouthRight": 0.1, "cheekPuff": 0.0,
}  # fmt: skip
"""What a bitten lip still allows: no chin that pushes it up before the teeth, no jaw that carries it past them."""
BITTEN_AT_LEAST = {"mouthRollLower": 0.92, "mouthUpperUp": 0.22, "jawOpen": 0.09}
"""The jaw is as far open as the lip needs to get under the edge of the teeth: within 0.8 mm of it on Emi and on Jonah,
whatever they feel and whichever vowel stands beside it."""


@dataclass(frozen=True)
class Contact:
    """A contact on frames first..last (both included), with ramps of so many frames on each side."""

    name: str
    first: int
    last: int
    before: float
    after: float


class Contacts:
    """Contacts along the stream; frames that were already emitted are never promised."""

    def __init__(self) -> None:
        self._emitted = 0
        self._known_until_s = 0.0

    def hold(self, face: Floats, phones: tuple[Phone, ...], first: int) -> Floats:
        """Returns the (frames, 52) face with every contact of `phones` held. first: index of its first frame."""
        held = np.clip(face, 0.0, 1.0)
        frames = np.arange(first, first + len(face), dtype=np.float64)
        for contact in promises(phones, earliest=self._emitted, known_until_s=self._known_until_s):
            gate = along(contact, frames)[:, None]
            if gate.any():
                held = held * (1 - gate) + kept(held, contact.name) * gate
        self._emitted = first + len(face)
        self._known_until_s = phones[-1].end_s if phones else self._known_until_s
        held[:, CLOSE] = np.minimum(held[:, CLOSE], held[:, JAW])
        return held


def hold(face: Track, phones: Sequence[Phone]) -> Track:
    """Returns a finished face track whose lips keep their contacts again; phones on its clock, in order.

    Contacts that hold are left as they are, so that doing it twice changes nothing.
    """
    held = np.clip(face.values.astype(np.float64), 0.0, 1.0)
    frames = np.arange(len(held), dtype=np.float64)
    for contact in promises(tuple(phones)):
        gate = along(contact, frames)[:, None]
        goal = kept(held, contact.name)
        core = gate[:, 0] >= 1.0
        keeps = int((np.abs(goal - held)[core].max(axis=1, initial=0.0) <= KEEPS).sum())
        if keeps < min(FRAMES_HELD - 1, int(core.sum())):
            held = held * (1 - gate) + goal * gate
    held[:, CLOSE] = np.minimum(held[:, CLOSE], held[:, JAW])
    return replace(face, values=held.astype(np.float32))


def promises(phones: tuple[Phone, ...], *, earliest: int = 0, known_until_s: float = 0.0) -> list[Contact]:
    """Returns all that is kept for phones: first the narrow jaws of sibilants, then the contacts, which win."""
    narrow = _planned(phones, SIBILANTS, JAW_RAMP_FRAMES, earliest, known_until_s)
    return narrow + contacts(phones, earliest=earliest, known_until_s=known_until_s)


def contacts(phones: tuple[Phone, ...], *, earliest: int = 0, known_until_s: float = 0.0) -> list[Contact]:
    """Returns the contacts of phones in order, bites first, so that a closure beside a bite wins.

    earliest: the first frame that can still move; a contact that was not known before it (later than known_until_s)
    and is needed sooner comes as fast as lips can.
    """
    made = _planned(phones, BILABIALS | LABIODENTALS, RAMP_FRAMES, earliest, known_until_s)
    return sorted(_untangled(made), key=lambda c: c.name in BILABIALS)


def _planned(
    phones: tuple[Phone, ...], names: frozenset[str], ramp: float, earliest: int, known_until_s: float
) -> list[Contact]:
    """Returns a contact for each of phones that is in names, with ramps of so many frames where there is room."""
    spans: list[tuple[Phone, int, int]] = []
    for phone in phones:
        if phone.name in names:
            middle = ((phone.start_s + phone.end_s) / 2 - EARLY_S) * ANIMATION_RATE_HZ
            half = max((FRAMES_HELD - 1) / 2, min(0.30 * (phone.end_s - phone.start_s), 0.07) * ANIMATION_RATE_HZ)
            start = int(np.floor(middle - half + 0.5))
            spans.append((phone, start, start + max(FRAMES_HELD - 1, round(2 * half))))
    made: list[Contact] = []
    for index, (phone, start, end) in enumerate(spans):
        free_before = start - spans[index - 1][2] - 1 if index else 99
        free_after = spans[index + 1][1] - end - 1 if index + 1 < len(spans) else 99
        before, after = (_ramp(free, ramp) for free in (free_before, free_after))
        if phone.start_s >= known_until_s - 1e-6 and start < earliest + 2:
            start, before = max(start, earliest + 1), 2.0
            end = max(end, start + FRAMES_HELD - 1)
        made.append(Contact(phone.name, start, end, before, after))
    return made


def _ramp(free_frames: int, ramp: float) -> float:
    """Returns the length of a ramp, given how many frames are free up to the next contact: both share the room."""
    return ramp if free_frames >= 2 * ramp else max(1.0, free_frames / 2)


def _untangled(made: list[Contact]) -> list[Contact]:
    """Cuts a bite that overlaps a closure back to its own side, keeping at least two frames."""
    out: list[Contact] = []
    for index, contact in enumerate(made):
        first, last = contact.first, contact.last
        if contact.name in LABIODENTALS:
            for other in made[max(0, index - 1) : index + 2]:
                if other.name in BILABIALS and other.first <= first <= other.last:
                    first = other.last + 2
                if other.name in BILABIALS and other.first <= last <= other.last:
                    last = other.first - 2
            last = max(last, first + 1)
        out.append(Contact(contact.name, first, last, contact.before, contact.after))
    return out


def along(contact: Contact, frames: Floats) -> Floats:
    """Returns the (frames,) strength of a contact, exactly 1 while it holds."""
    rise = minimum_jerk((frames - (contact.first - contact.before - 1)) / (contact.before + 1))
    fall = minimum_jerk((contact.last + contact.after + 1 - frames) / (contact.after + 1))
    return np.minimum(rise, fall)


def kept(face: Floats, phone: str) -> Floats:
    """Returns the nearest face that does what a phone promises."""
    if phone in SIBILANTS:
        return narrowed(face, phone)
    return bitten(face) if phone in LABIODENTALS else sealed(face, phone)


def sealed(face: Floats, phone: str) -> Floats:
    """Returns the nearest face whose lips are pressed together."""
    goal = _within(face, SEALED_AT_MOST, SEALED_AT_LEAST[phone])
    goal[:, CLOSE] = goal[:, JAW]
    return goal


def bitten(face: Floats) -> Floats:
    """Returns the nearest face whose lower lip is on the upper teeth."""
    return _within(face, BITTEN_AT_MOST, BITTEN_AT_LEAST)


def _within(face: Floats, at_most: dict[str, float], at_least: dict[str, float]) -> Floats:
    goal = face.copy()
    for name, value in at_most.items():
        goal[:, sides(name)] = np.minimum(goal[:, sides(name)], value)
    for name, value in at_least.items():
        goal[:, sides(name)] = np.maximum(goal[:, sides(name)], value)
    return goal


def aperture(face: Floats) -> Floats:
    """Returns (frames,) how far the inner lips stand apart, in weights: at or below 0 they touch.

    A reading of the weights for judging curves; the truth is measured on an actor's mesh.
    """
    total = np.zeros(len(face))
    for name, share in APERTURE.items():
        total += share * face[:, sides(name)].mean(axis=1)
    return total


APERTURE = {
    "jawOpen": 1.0, "mouthClose": -1.0, "mouthFunnel": 0.32, "mouthShrugUpper": 0.11, "mouthUpperUp": 0.15,
    "mouthLowerDown": 0.13, "mouthShrugLower": -0.14, "mouthRollLower": -0.065, "mouthRollUpper": -0.05,
    "mouthPress": -0.065, "mouthSmile": -0.085, "mouthPucker": -0.07, "jawForward": 0.04, "mouthLeft": -0.04,
    "mouthRight": -0.04, "mouthStretch": 0.02,
}  # fmt: skip
"""What each weight does to the gap of the inner lips, against jawOpen: measured on the house cast's mesh."""


def closing_phones(phones: tuple[Phone, ...]) -> list[Phone]:
    """Returns the phones at which the lips must be shut: /p b m/."""
    return [p for p in phones if p.name in BILABIALS]


def open_phones(phones: tuple[Phone, ...]) -> list[Phone]:
    """Returns the phones at which the lips must stand apart: all but silence, /p b m/ and /f v/."""
    return [p for p in phones if p.name != SILENCE and p.name not in BILABIALS | LABIODENTALS]
