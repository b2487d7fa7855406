"""Recorded motion of somebody's upper body, freed from the skeleton it was recorded on."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Capture:
    """rate_hz: frames a second. turns: joint of base.channels.JOINTS -> (frames, 3, 3) where it has turned to since a
    pose of reference, in the axes of base.channels, whole turns of the walk taken out. bones: joint of an arm ->
    (3,) unit direction of its bone in the pose of reference (a T, an A, whatever it was). name: of the file.
    """

    rate_hz: float
    turns: Mapping[str, Floats]
    bones: Mapping[str, Floats]
    name: str = ""

    @property
    def frames(self) -> int:
        return len(next(iter(self.turns.values())))

    @property
    def duration_s(self) -> float:
        return self.frames / self.rate_hz
