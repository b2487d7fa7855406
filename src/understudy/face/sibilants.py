"""A sibilant hisses between teeth that nearly meet: the jaw goes up for /s z sh zh ch jh/, the lips keep the gap.

Strident sounds need a narrow channel behind the incisors, so their jaw is the highest and the least variable of all
phones (Mooshammer, Hoole & Geumann 2007), whatever vowel or feeling is around. How far the lips stand apart is another
matter: what the jaw gives up, the lips take over, by parting for /s z/ and by flaring for /sh zh ch jh/.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.base.channels import HUSHING, SHAPE_INDEX
from understudy.face.expressions import sides

Floats = npt.NDArray[np.float64]

JAW: Final = SHAPE_INDEX["jawOpen"]
JAW_AT_MOST: Final = 0.027
"""About 1 mm between the edges of the teeth."""
PARTED: Final = {"mouthLowerDown": (3.3, 0.46), "mouthUpperUp": (2.2, 0.36)}
FLARED: Final = {"mouthFunnel": (1.6, 0.5), "mouthLowerDown": (1.2, 0.3)}
"""Shape: what it gains for each unit of jaw given up (`contact.APERTURE` would ask for about a fifth more in all), and
up to where, so that no /s/ bares the gums."""


def narrowed(face: Floats, phone: str) -> Floats:
    """Returns the nearest (frames, 52) face whose teeth nearly meet."""
    goal = face.copy()
    given_up = np.maximum(face[:, JAW] - JAW_AT_MOST, 0.0)
    goal[:, JAW] -= given_up
    for name, (gain, most) in (FLARED if phone in HUSHING else PARTED).items():
        for column in sides(name):
            here = face[:, column]
            goal[:, column] = np.maximum(here, np.minimum(here + gain * given_up, most))
    return goal
