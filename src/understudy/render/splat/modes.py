"""How one head may differ from another: smooth changes of a body's shape, as few numbers.

    displacement(x) = sum over modes of  basis_k(x) c_k        c_k: three numbers, metres

The basis is that of a Gaussian process with two ranges, the form of a skull and that of a nose, cut off after so many
eigenvectors at knots on the skin (Nystroem); a c_k of one standard deviation is one of the process. After Luethi et
al., "Gaussian Process Morphable Models" (IEEE TPAMI 2018). It is a change of space, so whatever is in or on the head
goes along: brows, lashes, hair. Eyes with their lids, and teeth, are moved and not bent.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.hub.body import Body
from understudy.render.figure import kind_of
from understudy.render.framing import eye_middle

Floats = npt.NDArray[np.float64]

COUNT = 120
"""Modes; each has three numbers."""
_KNOTS = 320
_RANGES_M = ((0.0045, 0.060), (0.0022, 0.020))
"""Standard deviation and range of the two kernels."""
_NECK_M = (-0.20, -0.13)
"""Below the middle of the eyes: where nothing moves any more, and where everything does."""
_EYE_M = (0.017, 0.030)
"""From the centre of an eye: up to where all is moved as one, and from where it is free."""
_SLOPE_M = 2e-4


@dataclass(frozen=True, eq=False)
class Modes:
    """knots: (m, 3) at rest. mix: (m, k). eyes: (e, 3). middle: (3,) between the eyes."""

    knots: Floats
    mix: Floats
    eyes: Floats
    middle: Floats

    @property
    def count(self) -> int:
        return int(self.mix.shape[1])

    @staticmethod
    def of(body: Body, count: int = COUNT) -> "Modes":
        """Returns the modes of a body's head; it needs a mesh that is shaded as skin."""
        middle = eye_middle(body)
        skin = np.concatenate([m.positions.astype(np.float64) for m in body.meshes if kind_of(m) == "skin"])
        skin = skin[skin[:, 1] > middle[1] + _NECK_M[0]]
        eyes = [body.origin(name) for name in ("leftEye", "rightEye") if name in body.joint_index]
        knots = _spread(skin, np.where(skin[:, 2] > middle[2] - 0.05, 2.0, 1.0), _KNOTS)
        values, vectors = np.linalg.eigh(_kernel(knots, knots))
        best = np.argsort(-values)[: min(count, len(values))]
        mix = vectors[:, best] / np.sqrt(np.maximum(values[best], 1e-12))
        return Modes(knots, mix, np.array(eyes).reshape(-1, 3), np.asarray(middle))

    def at(self, points: npt.ArrayLike, *, as_one: bool = False) -> Floats:
        """Returns (n, k), metres a standard deviation. as_one: the points are one thing that does not bend."""
        where = np.asarray(points, np.float64)
        if as_one and len(where):
            return np.repeat(self.at(where.mean(0, keepdims=True)), len(where), 0)
        out = self._free(where)
        for eye in self.eyes:
            near = np.linalg.norm(where - eye, axis=1)
            held = 1 - _smooth(near, *_EYE_M)
            some = held > 0
            out[some] += held[some, None] * (self._free(eye[None]) - out[some])
        return out

    def moved(self, points: npt.ArrayLike, change: Floats, *, as_one: bool = False) -> Floats:
        """Returns points (n, 3) where a change (k, 3) puts them."""
        where = np.asarray(points, np.float64)
        return where + self.at(where, as_one=as_one) @ change

    def slopes(self, points: npt.ArrayLike, change: Floats) -> Floats:
        """Returns (n, 3, 3) the derivative of `moved` at points: rows are where to, columns where from."""
        where = np.asarray(points, np.float64)
        columns = [
            (self.at(where + step, as_one=False) - self.at(where - step, as_one=False)) @ change / (2 * _SLOPE_M)
            for step in np.eye(3) * _SLOPE_M
        ]
        return np.eye(3) + np.stack(columns, -1)

    def _free(self, where: Floats) -> Floats:
        out = np.zeros((len(where), self.count))
        falls = _smooth(where[:, 1] - self.middle[1], *_NECK_M)
        some = np.flatnonzero(falls > 0)
        for first in range(0, len(some), 20_000):
            rows = some[first : first + 20_000]
            out[rows] = falls[rows, None] * (_kernel(where[rows], self.knots) @ self.mix)
        return out


def _kernel(a: Floats, b: Floats) -> Floats:
    from scipy.spatial.distance import cdist

    apart = cdist(a, b, "sqeuclidean")
    return np.asarray(sum(sd**2 * np.exp(-apart / (2 * reach**2)) for sd, reach in _RANGES_M))


def _spread(points: Floats, weight: Floats, count: int) -> Floats:
    """Returns points far from each other, denser where they weigh more: farthest-point sampling."""
    if len(points) <= count:
        return points
    chosen = [int(np.argmax(points[:, 2]))]
    apart = np.linalg.norm(points - points[chosen[0]], axis=1)
    while len(chosen) < count:
        chosen.append(int(np.argmax(apart * weight)))
        apart = np.minimum(apart, np.linalg.norm(points - points[chosen[-1]], axis=1))
    return points[chosen]


def _smooth(x: Floats, low: float, high: float) -> Floats:
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))
