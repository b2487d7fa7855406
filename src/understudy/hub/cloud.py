"""A cloud of Gaussians that stands still: an avatar in one pose and one light, as other viewers know it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Cloud:
    """n Gaussians in the axes of the body: metres, y up, the actor faces +z.

    place_m: (n, 3) middles. turn: (n, 4) unit quaternions w x y z; size_m: (n, 3) standard deviations along the axes so
    turned. opacity: (n,) 0..1. colour: (n, 3) display-encoded sRGB, 0..1.
    """

    place_m: Floats
    turn: Floats
    size_m: Floats
    opacity: Floats
    colour: Floats

    @property
    def count(self) -> int:
        return len(self.place_m)
