"""What hands can say: forms of gesture as places of a wrist, turns of a palm and a raised shoulder.

Phases are Kendon's and McNeill's: preparation leads to `before`, the stroke goes from there to `apex` on the stressed
syllable, a hold keeps it, retraction goes home. Places are in lengths of the arm from the shoulder: outwards (away from
the middle of the body), upwards, forwards; so one form fits every build. Palms: degrees of pronation, 0 with the thumb
up, 90 palm down, -80 palm up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

CHANNELS: Final = ("out", "up", "fwd", "pole_out", "pole_up", "pole_fwd", "roll", "flex", "aside", "shrug")
"""What moves in one arm: place of the wrist (arm lengths), side of the elbow, palm and shoulder (degrees)."""
HANGING_ROLL_DEG = 21.0
"""Pronation of the hands of a relaxed body (measured on the house cast)."""
CENTRE: Final = (0.02, -0.44, 0.50)
"""The middle of the space in which hands talk (McNeill 1992: centre-centre is before the chest)."""


@dataclass(frozen=True)
class Key:
    """One place of one arm. elbow: which way it points (out, up, forward); roll, flex, aside, shrug: degrees."""

    out: float
    up: float
    fwd: float
    roll: float = 20.0
    flex: float = 5.0
    aside: float = 0.0
    elbow: tuple[float, float, float] = (0.38, -1.0, -0.40)
    shrug: float = 0.0

    def row(self, rest: Floats, size: float = 1.0) -> Floats:
        """Returns (10,) CHANNELS; size spreads the place about the middle of the gesture space."""
        place = np.array(CENTRE) + size * (np.array([self.out, self.up, self.fwd]) - CENTRE)
        turn = (self.roll - HANGING_ROLL_DEG, self.flex, self.aside, self.shrug * size)
        return np.array([*place, *self.elbow, *turn]) if size > 0 else rest


@dataclass(frozen=True)
class Form:
    """One gesture. hands: 1 or 2. hold_s: shortest and longest hold. fixed: its place does not grow with the mood.

    again: how often the stroke is repeated, smaller each time. place: 'chest' or 'face' when it is reached there, and
    so shifted by how the actor is built (see `shifts`).
    """

    before: Key
    apex: Key
    hands: int = 1
    hold_s: tuple[float, float] = (0.12, 0.40)
    fixed: bool = False
    again: int = 0
    place: str = ""


_TOUCH = (0.70, -1.0, 0.30)
FORMS: Final[Mapping[str, Form]] = {
    "beat": Form(Key(0.02, -0.27, 0.50, 10, -8), Key(0.05, -0.41, 0.57, 25, 8)),
    "beat both": Form(Key(0.05, -0.28, 0.48, 5, -8), Key(0.08, -0.41, 0.55, 20, 8), 2),
    "chop": Form(Key(-0.05, -0.18, 0.50, 0, -5), Key(0.03, -0.42, 0.60, 0, 10)),
    "precise": Form(Key(-0.08, -0.26, 0.50, 45, -5), Key(-0.06, -0.37, 0.58, 55, 10)),
    "present": Form(Key(-0.05, -0.40, 0.45, 0, 10), Key(0.24, -0.37, 0.60, -58, -5), hold_s=(0.25, 0.7)),
    "present both": Form(
        Key(0.0, -0.42, 0.45, 0, 10), Key(0.22, -0.37, 0.58, -55, -5), 2, hold_s=(0.25, 0.7)
    ),
    "you": Form(Key(-0.02, -0.34, 0.50, -5, 10), Key(-0.02, -0.26, 0.76, -48, -5), hold_s=(0.2, 0.6)),
    "point": Form(
        Key(0.0, -0.25, 0.45, 40, 15), Key(-0.03, -0.14, 0.86, 62, 0, 12), hold_s=(0.4, 0.9), fixed=True
    ),
    "me": Form(
        Key(-0.05, -0.28, 0.50, -20, -5, 0, _TOUCH), Key(-0.16, -0.19, 0.33, -45, -12, 8, _TOUCH),
        hold_s=(0.25, 0.6), fixed=True, place="chest",
    ),
    "heart": Form(
        Key(-0.05, -0.24, 0.50, -20, -5, 0, _TOUCH), Key(-0.18, -0.16, 0.33, -52, -16, 0, _TOUCH),
        hold_s=(1.0, 1.8), fixed=True, place="chest",
    ),
    "no": Form(Key(-0.20, -0.33, 0.55, 60, -5), Key(0.34, -0.36, 0.52, 74, -8), hold_s=(0.15, 0.45)),
    "no both": Form(Key(-0.10, -0.36, 0.55, 62, -5), Key(0.30, -0.38, 0.50, 74, -8), 2, hold_s=(0.15, 0.45)),
    "all": Form(Key(-0.08, -0.36, 0.55, -10, 8), Key(0.42, -0.33, 0.48, -55, -8), 2, hold_s=(0.3, 0.8)),
    "big": Form(Key(-0.06, -0.34, 0.56, 0, 8), Key(0.30, -0.26, 0.54, 0, -8), 2, hold_s=(0.3, 0.7)),
    "small": Form(Key(0.16, -0.32, 0.52, 0, 0), Key(-0.10, -0.32, 0.56, 0, 8), 2, hold_s=(0.3, 0.7)),
    "unsure": Form(
        Key(0.06, -0.48, 0.45, -20, 10), Key(0.32, -0.46, 0.42, -66, -12, 0, (0.30, -1.0, -0.5), 9.0), 2,
        hold_s=(0.3, 0.7),
    ),
    "shrug": Form(
        Key(0.06, -0.48, 0.44, -20, 10), Key(0.36, -0.42, 0.42, -68, -15, 0, (0.30, -1.0, -0.5), 14.0), 2,
        hold_s=(0.35, 0.8), fixed=True,
    ),
    "first": Form(Key(-0.22, -0.28, 0.50, 30, -5), Key(-0.18, -0.38, 0.56, 40, 8)),
    "second": Form(Key(0.0, -0.28, 0.52, 30, -5), Key(0.03, -0.38, 0.57, 40, 8)),
    "third": Form(Key(0.20, -0.28, 0.50, 30, -5), Key(0.24, -0.38, 0.55, 40, 8)),
    "stop": Form(
        Key(0.0, -0.32, 0.45, 50, -10), Key(0.07, -0.08, 0.62, 90, -50, 8, (0.18, -1.0, 0.2)), hold_s=(0.5, 1.0),
        fixed=True,
    ),
    "away": Form(Key(-0.18, -0.30, 0.48, 10, 15), Key(0.38, -0.22, 0.54, 30, -15), hold_s=(0.15, 0.4)),
    "here": Form(Key(0.0, -0.30, 0.52, 50, -8), Key(0.02, -0.44, 0.60, 70, 8), hold_s=(0.2, 0.5)),
    "there": Form(Key(0.05, -0.30, 0.50, 20, 5), Key(0.42, -0.12, 0.62, 35, -10), hold_s=(0.25, 0.6)),
    "please": Form(Key(0.0, -0.42, 0.42, -20, 10), Key(0.02, -0.32, 0.60, -60, -5), 2, hold_s=(0.4, 0.9)),
    "open": Form(Key(0.0, -0.38, 0.48, -15, 8), Key(0.52, -0.28, 0.44, -58, -10), 2, hold_s=(0.6, 1.2), fixed=True),
    "mouth": Form(
        Key(-0.10, 0.0, 0.48, -25, -10), Key(-0.21, 0.16, 0.36, -56, -30, 7, (0.8, -1.0, -0.2)),
        hold_s=(1.0, 1.8), fixed=True, place="face",
    ),
    "chin": Form(
        Key(-0.10, -0.06, 0.46, -25, -10), Key(-0.20, 0.07, 0.33, -64, -28, 4, (0.8, -1.0, 0.2)),
        hold_s=(1.2, 2.4), fixed=True, place="face",
    ),
    "brow": Form(
        Key(-0.02, 0.10, 0.46, -25, -10), Key(-0.09, 0.40, 0.33, -70, -28, 14, (0.9, -1.0, 0.3)),
        hold_s=(1.0, 2.0), fixed=True, place="face",
    ),
    "collar": Form(
        Key(-0.06, -0.20, 0.44, -20, -5, 0, _TOUCH), Key(-0.16, -0.06, 0.29, -55, -15, 6, _TOUCH),
        hold_s=(1.2, 2.6), fixed=True, place="chest",
    ),
    "wave": Form(
        Key(0.10, 0.0, 0.50, 70, -25), Key(0.26, 0.04, 0.48, 70, -25, -10), hold_s=(0.1, 0.2), fixed=True, again=2
    ),
}  # fmt: skip

USUAL_EYES: Final = (-0.316, 0.516, 0.198)
"""Where the middle of the eyes is from the shoulder, outwards, up and forward, in arm lengths: the build that the
places above were set on."""


def shifts(eyes: tuple[float, float, float]) -> Mapping[str, Floats]:
    """Returns place -> (3,) what is added to a form that is reached there, for an actor with such eyes."""
    by = np.array(eyes) - USUAL_EYES
    return {"": np.zeros(3), "chest": np.array([by[0], 0.0, 0.0]), "face": by}


READY: Final = Key(-0.02, -0.60, 0.46, 25, 10)
"""Between two gestures of one speech: the forearm waits low before the body."""
GATHERED: Final = Key(-0.14, -0.58, 0.44, 20, 14, 0, (0.5, -1.0, -0.3))
"""Both hands low before the body: a rest pose of people who listen, or worry."""
RESTS: Final[Mapping[str, tuple[Key | None, Key | None]]] = {
    "hang": (None, None),
    "gathered": (GATHERED, Key(-0.10, -0.60, 0.56, 30, 12, 0, (0.5, -1.0, -0.3))),
    "one forward": (READY, None),
}
"""Rest pose -> what the leading and the other arm do; None hangs."""

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "i me my mine myself i'm i've i'll i'd": ("me",),
    "you your yours yourself you're you've you'll you'd": ("you", "present"),
    "no not never nothing nobody none neither nowhere don't won't can't cannot didn't doesn't isn't wasn't wouldn't"
    " couldn't shouldn't nor": ("no", "no both"),
    "all everything everyone everybody always every whole world everywhere entire together": ("all", "present both"),
    "big huge large enormous great vast giant massive long wide full": ("big",),
    "small little tiny short thin barely slightly inch narrow bit": ("small",),
    "maybe perhaps whatever somehow someday guess suppose unsure why how": ("unsure", "present both"),
    "one first once single": ("first",),
    "two second twice another then": ("second",),
    "three third third four five next last": ("third",),
    "stop wait enough careful": ("stop",),
    "go leave away gone over out forget": ("away",),
    "here now this today": ("here",),
    "there that those yonder tomorrow outside": ("there",),
    "please sorry forgive help": ("please", "heart"),
    "heart love feel felt promise swear thank thanks honest truly believe": ("heart", "me"),
    "think remember know mind wonder": ("chin", "unsure", "precise"),
    "exactly precisely listen truth fact must understand": ("precise", "chop"),
    "but or however instead": ("present",),
}
"""Cue words -> the forms that suit them, most fitting first."""
FORMS_OF_WORDS: Final = {word: forms for words, forms in WORDS.items() for word in words.split()}
BEATS: Final = ("beat", "beat", "beat both", "present", "precise", "chop")
"""What a stressed word without a picture of its own gets."""
DIRECTED: Final = {
    "point": "point", "shrug": "shrug", "heart": "heart", "mouth": "mouth", "brow": "brow", "chin": "chin",
    "stop": "stop", "open": "open", "wave": "wave", "collar": "collar",
}  # fmt: skip
"""Event of a Direction -> the form it asks for."""


@dataclass(frozen=True)
class Manner:
    """How a mood moves. size: of the space; speed; often: gestures; low: how far hands sink; worry: self-touch."""

    size: float = 1.0
    speed: float = 1.0
    often: float = 1.0
    low: float = 0.0
    worry: float = 0.0


MANNERS: Final[Mapping[str, Manner]] = {
    "joy": Manner(1.20, 1.10, 1.25, -0.03),
    "sadness": Manner(0.60, 0.72, 0.45, 0.10, 0.25),
    "anger": Manner(1.18, 1.40, 1.30, -0.03),
    "fear": Manner(0.62, 1.20, 0.60, 0.02, 0.85),
    "disgust": Manner(0.85, 1.05, 0.85),
    "surprise": Manner(1.10, 1.20, 1.05, -0.04),
    "contempt": Manner(0.85, 0.85, 0.70, 0.05),
    "tenderness": Manner(0.78, 0.80, 0.80, 0.03),
    "confidence": Manner(1.10, 0.95, 1.10, -0.02),
    "doubt": Manner(0.80, 0.95, 0.90, 0.03, 0.35),
    "sarcasm": Manner(0.95, 0.90, 1.00),
}
"""Feeling -> manner at full weight (Laban's space, time and flow; Wallbott 1998: anger and joy are large and fast,
sadness is small and slow)."""


def manner_of(moods: Mapping[str, float], energy: float = 0.0) -> Manner:
    """Returns the manner of a mixture of feelings, name -> weight, and of the energy of a direction, -1..1."""
    values = np.array([1.0, 1.0, 1.0, 0.0, 0.0])
    for name, weight in moods.items():
        if name in MANNERS:
            m = MANNERS[name]
            w = float(np.clip(weight, 0, 1))
            values[:3] *= 1 + w * (np.array([m.size, m.speed, m.often]) - 1)
            values[3] += w * m.low
            values[4] = 1 - (1 - values[4]) * (1 - w * m.worry)
    lively = float(np.clip(energy, -1, 1))
    values[:3] *= 1 + lively * np.array([0.25, 0.20, 0.45])
    low, high = (0.45, 0.6, 0.15), (1.4, 1.6, 2.2)
    size, speed, often = np.clip(values[:3], low, high)
    return Manner(float(size), float(speed), float(often), float(values[3]), float(values[4]))
