"""Hair as strands: what film grows in full, and what cards and ribbons for real time are cut from.

A groom holds guide strands in the actor's rest pose. Each root sits in one triangle of the mesh `skin` and rides it,
so brows follow a frown and lashes a blink; hair of the head hardly notices. A renderer that draws single strands grows
`children` of them between the guides; lashes and brows are stored strand by strand and grow none.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Groom:
    """One head of hair, a beard, brows or lashes.

    name: hair | fine | beard | brows | lashes | fuzz (fine: single strands at the hairline and fly-aways).
    points: (n, k, 3) metres at rest, root first. corners: (n, 3) vertex ids of mesh `skin`; bary: (n, 3) weights of
    the root in that triangle. lock: (n,) which lock a guide belongs to; strands grow between guides of one lock.
    tone: (n,) 0 darker .. 1 lighter than the colour. width_m: of a strand at its root. taper: width of the tip as a
    share of it. colour: linear RGB of a lit mass of this hair. grey: share of strands without pigment.
    children: how many strands to grow, 0 = the guides alone. spread_m: how far children stray from their guides at
    the tip. frizz_m: amplitude of fine irregularity. curl: 0 straight .. 1 coils (guides carry the form already).
    """

    name: str
    points: Floats
    corners: Ints
    bary: Floats
    lock: Ints
    tone: Floats
    width_m: float = 0.00008
    taper: float = 0.35
    colour: tuple[float, float, float] = (0.05, 0.03, 0.019)
    grey: float = 0.0
    children: int = 0
    spread_m: float = 0.004
    frizz_m: float = 0.0005
    curl: float = 0.0
    seed: int = 0
