"""What each phone wants of the mouth, and how much it insists.

A target is a row over MOUTH: ARKit weights at ordinary effort in a stressed syllable (both sides alike). Dominance says
how strongly a phone insists on a channel against its neighbours (Cohen & Massaro 1993): /t/ does not care about the
lips and lets them round for the vowel that comes; /w/ and /s/ insist. Vowels are placed by height and roundness.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.base.channels import SILENCE, VOWELS

Floats = npt.NDArray[np.float64]

MOUTH: Final = (
    "jawOpen", "mouthFunnel", "mouthPucker", "mouthStretch", "mouthSmile", "mouthDimple", "mouthRollLower",
    "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthPress", "mouthLowerDown", "mouthUpperUp",
    "jawForward", "tongueOut",
)  # fmt: skip
"""Channels of articulation; mouthClose is the affair of `contact`, sides are split in `articulation`."""
COLUMN: Final = {name: i for i, name in enumerate(MOUTH)}
ROUNDING: Final = [COLUMN["mouthFunnel"], COLUMN["mouthPucker"]]
OPENING: Final = [COLUMN["jawOpen"], COLUMN["mouthLowerDown"], COLUMN["mouthUpperUp"]]

_SHORT = {
    "jaw": "jawOpen", "fun": "mouthFunnel", "puck": "mouthPucker", "str": "mouthStretch", "smile": "mouthSmile",
    "dim": "mouthDimple", "rl": "mouthRollLower", "ru": "mouthRollUpper", "sl": "mouthShrugLower",
    "su": "mouthShrugUpper", "press": "mouthPress", "low": "mouthLowerDown", "up": "mouthUpperUp",
    "fwd": "jawForward", "ton": "tongueOut",
}  # fmt: skip

TARGETS: Final[dict[str, dict[str, float]]] = {
    "SIL": {},
    "READY": {"jaw": 0.10, "low": 0.06, "up": 0.08},
    # vowels, open to close, then round
    "AA": {"jaw": 0.42, "low": 0.10, "up": 0.10, "fun": 0.04},
    "AE": {"jaw": 0.34, "low": 0.15, "up": 0.19, "str": 0.20, "smile": 0.06},
    "AH": {"jaw": 0.23, "low": 0.09, "up": 0.10},
    "EH": {"jaw": 0.25, "low": 0.15, "up": 0.18, "str": 0.15},
    "IH": {"jaw": 0.12, "low": 0.09, "up": 0.12, "str": 0.16},
    "IY": {"jaw": 0.13, "low": 0.20, "up": 0.24, "str": 0.26, "smile": 0.14, "dim": 0.06},
    "ER": {"jaw": 0.13, "fun": 0.18, "puck": 0.40, "low": 0.06},
    "AO": {"jaw": 0.24, "fun": 0.22, "puck": 0.34, "low": 0.04},
    "OW": {"jaw": 0.21, "fun": 0.20, "puck": 0.56},
    "UH": {"jaw": 0.13, "fun": 0.12, "puck": 0.44, "low": 0.04},
    "UW": {"jaw": 0.08, "fun": 0.10, "puck": 0.86},
    # lips
    "P": {"jaw": 0.03, "press": 0.20, "rl": 0.14, "ru": 0.11},
    "B": {"jaw": 0.04, "press": 0.16, "rl": 0.12, "ru": 0.09},
    "M": {"jaw": 0.04, "press": 0.14, "rl": 0.10, "ru": 0.08},
    "F": {"jaw": 0.06, "rl": 0.42, "up": 0.18},
    "V": {"jaw": 0.07, "rl": 0.38, "up": 0.16},
    "W": {"jaw": 0.05, "fun": 0.05, "puck": 0.98},
    # teeth and tongue tip
    "TH": {"jaw": 0.12, "low": 0.13, "up": 0.13, "ton": 0.16, "str": 0.06},
    "DH": {"jaw": 0.12, "low": 0.12, "up": 0.11, "ton": 0.13, "str": 0.05},
    "S": {"jaw": 0.06, "low": 0.24, "up": 0.26, "str": 0.18, "dim": 0.06, "fwd": 0.06},
    "Z": {"jaw": 0.06, "low": 0.22, "up": 0.24, "str": 0.16, "dim": 0.05, "fwd": 0.05},
    "T": {"jaw": 0.08, "low": 0.10, "up": 0.11, "str": 0.06},
    "D": {"jaw": 0.09, "low": 0.09, "up": 0.10, "str": 0.05},
    "N": {"jaw": 0.10, "low": 0.09, "up": 0.09, "str": 0.04},
    "L": {"jaw": 0.18, "low": 0.12, "up": 0.12},
    # palate
    "SH": {"jaw": 0.04, "fun": 0.40, "puck": 0.52, "low": 0.10, "up": 0.10, "fwd": 0.06},
    "ZH": {"jaw": 0.05, "fun": 0.38, "puck": 0.48, "low": 0.10, "up": 0.09, "fwd": 0.05},
    "CH": {"jaw": 0.05, "fun": 0.38, "puck": 0.48, "low": 0.10, "up": 0.10, "fwd": 0.05},
    "JH": {"jaw": 0.05, "fun": 0.36, "puck": 0.46, "low": 0.10, "up": 0.09, "fwd": 0.05},
    "R": {"jaw": 0.05, "fun": 0.07, "puck": 0.52},
    "Y": {"jaw": 0.09, "low": 0.12, "up": 0.14, "str": 0.20, "smile": 0.09},
    # throat
    "K": {"jaw": 0.17, "low": 0.11, "up": 0.12},
    "G": {"jaw": 0.17, "low": 0.11, "up": 0.12},
    "NG": {"jaw": 0.13, "low": 0.07, "up": 0.07},
    "HH": {"jaw": 0.16, "low": 0.07, "up": 0.07},
}

DIPHTHONGS: Final = {
    "AW": ("AA", "UW"), "AY": ("AA", "IH"), "EY": ("EH", "IY"), "OW": ("OW", "UW"), "OY": ("AO", "IY"),
}  # fmt: skip
"""Vowels with two places; the first is reached at about a third of the vowel, the second near its end."""

_VOWEL = {"jaw": 1.0, "low": 0.7, "up": 0.7, "fun": 0.8, "puck": 0.8, "str": 0.7, "smile": 0.6, "dim": 0.5}
_LIPS = {"jaw": 0.9, "rl": 1.0, "ru": 1.0, "press": 1.0, "low": 1.2, "up": 1.0, "fun": 0.5, "puck": 0.25, "str": 0.3}
_ROUND = {"jaw": 1.0, "fun": 1.2, "puck": 2.0, "low": 0.6, "up": 0.6, "str": 1.0, "smile": 0.9}
_HISS = {"jaw": 1.9, "low": 0.9, "up": 0.8, "str": 0.6, "fun": 0.18, "puck": 0.18, "dim": 0.5, "fwd": 1.0}
_HUSH = {"jaw": 1.7, "low": 0.8, "up": 0.7, "fun": 1.2, "puck": 1.0, "str": 0.9, "smile": 0.7, "fwd": 1.0}
_TIP = {"jaw": 0.55, "low": 0.45, "up": 0.35, "str": 0.18, "fun": 0.08, "puck": 0.08, "smile": 0.1, "ton": 1.0}
_TEETH = {**_TIP, "jaw": 0.9, "low": 0.6, "ton": 2.0}
_BACK = {"jaw": 0.3, "low": 0.22, "up": 0.18, "str": 0.08, "fun": 0.06, "puck": 0.06, "smile": 0.08}
_AIR = {"jaw": 0.1, "low": 0.08, "up": 0.08, "str": 0.04, "fun": 0.03, "puck": 0.03}

DOMINANCE: Final[dict[str, dict[str, float]]] = (
    {name: _VOWEL for name in VOWELS}
    | dict.fromkeys(("UW", "UH", "OW", "AO", "ER"), _VOWEL | {"fun": 1.2, "puck": 1.6, "str": 0.9, "smile": 0.8})
    | dict.fromkeys(("P", "B", "M"), _LIPS)
    | dict.fromkeys(("F", "V"), _LIPS | {"up": 0.9, "low": 1.4})
    | {"W": _ROUND, "R": {**_ROUND, "jaw": 0.8, "fun": 0.9, "puck": 0.9}}
    | dict.fromkeys(("S", "Z"), _HISS)
    | dict.fromkeys(("SH", "ZH", "CH", "JH"), _HUSH)
    | dict.fromkeys(("T", "D", "N", "L"), _TIP)
    | dict.fromkeys(("TH", "DH"), _TEETH)
    | dict.fromkeys(("K", "G", "NG"), _BACK)
    | {"HH": _AIR, "Y": {**_TIP, "str": 0.5, "smile": 0.4}}
)

OTHERS: Final = 0.35
"""Dominance on channels a phone does not name: enough to come back to zero, too little to fight for it."""


def target(name: str) -> Floats:
    """Returns the (len(MOUTH),) target of a phone (of the first half of a diphthong)."""
    row = np.zeros(len(MOUTH))
    for short, value in TARGETS.get(DIPHTHONGS.get(name, (name,))[0], {}).items():
        row[COLUMN[_SHORT[short]]] = value
    return row


def dominance(name: str) -> Floats:
    """Returns the (len(MOUTH),) dominance of a phone; silence insists evenly."""
    if name == SILENCE:
        return np.ones(len(MOUTH))
    row = np.full(len(MOUTH), OTHERS)
    for short, value in DOMINANCE.get(DIPHTHONGS.get(name, (name,))[0], {}).items():
        row[COLUMN[_SHORT[short]]] = value
    return row
