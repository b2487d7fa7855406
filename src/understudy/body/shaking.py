"""What a laugh or a sob does to the trunk: shoulders bounce with each call, jerk with each caught breath.

Laughter is a series of thrusts of the belly and the rib cage on one breath out, at the rate of its calls (Ruch & Ekman
2001); sobs are spasms of the breath in.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.base.channels import BODY_CHANNELS
from understudy.base.motion import Moves
from understudy.body.posture import row
from understudy.hub.performance import Event

Floats = npt.NDArray[np.float64]

_FOLDS: Final = {"spine.x": 3.0, "chest.x": 2.5, "upperChest.x": 1.0, "leftShoulder.z": 2.0, "leftShoulder.y": -3.0}
_LEANS: Final = {"spine.x": -2.0, "chest.x": -2.0, "upperChest.x": -1.0, "leftShoulder.z": 1.2}

POSES: Final = {
    name: row(angles)
    for name, angles in {
        "laugh": _LEANS, "giggle": {"spine.x": 1.5, "chest.x": 1.0, "leftShoulder.z": 2.0}, "sob": _FOLDS,
        "cry": _FOLDS,
        "whimper": {"chest.x": 1.5, "leftShoulder.z": 1.5}, "scream": {"chest.x": 2.0, "leftShoulder.z": 2.5},
        "crying": {"spine.x": 1.5, "chest.x": 1.2, "leftShoulder.z": 1.2}, "cough": {"chest.x": 1.5},
    }.items()
}  # fmt: skip
"""Vocal event -> how the trunk is held for all of it."""

STROKES: Final = {
    part: row(angles)
    for part, angles in {
        "call": {"leftShoulder.z": 2.6, "chest.x": 1.0, "upperChest.x": 0.7, "spine.x": 0.5},
        "jerk": {"leftShoulder.z": 4.2, "chest.x": -1.4, "upperChest.x": -1.2},
        "in": {"leftShoulder.z": 1.4, "chest.x": -0.8, "upperChest.x": -0.8},
        "out": {"leftShoulder.z": -1.6, "chest.x": 0.8, "upperChest.x": 0.6},
        "moan": {"chest.x": 1.0, "leftShoulder.z": 0.6},
        "sniff": {"leftShoulder.z": 0.8, "upperChest.x": -0.5},
    }.items()
}  # fmt: skip
"""Part of an event -> what it adds while it lasts."""
COME_S, GO_S = 0.35, 0.8


class Shaking:
    """The trunk's share in vocal events along the stream."""

    def __init__(self) -> None:
        self._moves = Moves(np.zeros(len(BODY_CHANNELS)))

    def plan(self, start_s: float, events: Sequence[Event]) -> None:
        """Plans the vocal events of one beat; events on the performance's clock."""
        for event in events:
            if event.kind != "vocal":
                continue
            name, _, part = event.name.partition(".")
            length = event.end_s - event.start_s
            if part in STROKES:
                amount = STROKES[part] * (0.35 + 0.65 * event.value)
                peak = event.start_s + min(0.42 * length, 0.3)
                rise = min(0.07 + 0.3 * length, 0.35)
                self._moves.bump(peak, rise, max(0.12, 0.7 * length), amount, earliest_s=start_s)
            elif not part and name in POSES:
                amount = POSES[name] * (0.5 + 0.5 * event.value)
                self._moves.by(max(start_s, event.start_s - 0.1), COME_S, amount)
                self._moves.by(max(start_s + COME_S, event.end_s - 0.15), GO_S, -amount)

    def at(self, times: Floats) -> Floats:
        """Returns (times, len(BODY_CHANNELS)) to add."""
        return self._moves.at(times)

    def forget(self, before_s: float) -> None:
        """Drops what is over."""
        self._moves.forget(before_s)
