"""Where the surface of an actor is in every picture of a film: renderers know it, judges need it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Body

Points = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Seen:
    """One picture. index: from 0 in the film. points: mesh name -> (n, 3) x, y, depth of every vertex.

    x, y: pixels from the top left corner of the picture, so that the middle of its first pixel is (0.5, 0.5); depth:
    metres from the lens along its axis. Vertices outside the picture have coordinates too. shot: changes at every cut.
    """

    index: int
    points: Mapping[str, Points]
    shot: int = 0


@dataclass(frozen=True, eq=False)
class Motion:
    """The pictures of a film in which a body is seen, in order; they may be read once. size_px: (width, height)."""

    body: Body
    size_px: tuple[int, int]
    fps: float
    seen: Iterable[Seen]
