"""What a renderer knows of a picture beside its colours, for compositing and for training judges."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Passes:
    """The passes of one picture, all of its size, top row first.

    depth_m: (h, w) from the lens, infinity where there is no actor. normal: (h, w, 3) in stage space (see hub.place).
    albedo: (h, w, 3) linear colour without light. mask: (h, w) 0..1, how much of a pixel the actor covers.
    landmarks: name -> x, y in pixels from the top left, and metres from the lens.
    """

    depth_m: Floats
    normal: Floats
    albedo: Floats
    mask: Floats
    landmarks: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
