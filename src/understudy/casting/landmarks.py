"""Points on the neutral head of any identity, and the distances between them that casting speaks of."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from understudy.casting.mesh import Floats


@dataclass(frozen=True)
class Landmarks:
    """points: name -> vertex numbers, one or (left, right). measures: name -> (kind, points).

    ranges: measure -> least and greatest among adults of the population, metres.
    """

    points: Mapping[str, tuple[int, ...]]
    measures: Mapping[str, tuple[str, ...]]
    ranges: Mapping[str, tuple[float, float]]

    def measure(self, positions: Floats) -> dict[str, float]:
        """Returns every distance on a mesh, metres. positions: (19158, 3) base mesh, metres, y up, facing +z."""
        # (x away from the middle, y, z) of a point; the mean of both sides of a pair
        folded = positions * np.where(positions[:, :1] < 0, [-1.0, 1.0, 1.0], 1.0)
        at = {name: folded[list(ids)].mean(0) for name, ids in self.points.items()}
        return {
            name: float(_KINDS[kind](*(at[point] for point in points)))
            for name, (kind, *points) in self.measures.items()
        }


@cache
def landmarks() -> Landmarks:
    """Loads the landmarks that ship with Understudy."""
    raw = tomllib.loads(resources.files("understudy.casting").joinpath("landmarks.toml").read_text("utf-8"))
    points = {name: tuple(ids) for name, ids in raw["points"].items()}
    measures = {name: tuple(words) for name, words in raw["measures"].items()}
    return Landmarks(points, measures, {name: (a * 1e-3, b * 1e-3) for name, (a, b) in raw["ranges"].items()})


def _bow(above: Floats, middle: Floats, below: Floats) -> float:
    share = (middle[1] - above[1]) / (below[1] - above[1])
    return float(middle[2] - (above[2] + (below[2] - above[2]) * share))


_KINDS: dict[str, Callable[..., float]] = {
    "width": lambda a: 2 * a[0],
    "rise": lambda a, b: a[1] - b[1],
    "depth": lambda a, b: a[2] - b[2],
    "span": lambda a, b: a[0] - b[0],
    "bow": _bow,
}
