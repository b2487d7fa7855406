"""The law of the lips: how far talking people open their mouths at each phone, learned from tracked faces.

`visemes` says by hand what every phone wants of every channel. How far the lips stand apart in running speech is
better measured: `training/lip_law.py` fits it, phone by phone, to the lip curves of filmed talkers and writes
`law.json` with its score. A phone the data did not have keeps its class's share.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

GAP_SHARES = {"jawOpen": 0.75, "mouthLowerDown": 0.9, "mouthUpperUp": 0.9}
"""How a change of the gap of the lips is shared out: together they change it by one (see `contact.APERTURE`)."""


@dataclass(frozen=True, eq=False)
class Law:
    """What was learned.

    gaps: phone -> what its target adds to the gap of the inner lips, in weights of jawOpen. insistence: phone -> factor
    on its dominance over opening. slope: factor on how long before its place a phone begins to pull. early_s: how much
    sooner lips stand in place than sound says. ready: the gap of the breath before speech. ready_ahead_s, ready_hold_s,
    ready_rise_s: where its middle lies before the first phone, half its width, and its onset.
    """

    gaps: Mapping[str, float]
    insistence: Mapping[str, float]
    slope: float = 1.0
    early_s: float = 0.0
    ready: float = 0.12
    ready_ahead_s: float = 0.25
    ready_hold_s: float = 0.15
    ready_rise_s: float = 0.12


@cache
def learned() -> Law:
    """Returns the law that ships with Understudy."""
    raw = json.loads(resources.files("understudy.face").joinpath("law.json").read_text("utf-8"))
    return Law(**raw["law"])


UNLEARNED = Law({}, {})
"""The tables as written by hand, from which learning starts."""
