"""The curve on which a row of teeth stands."""

from dataclasses import dataclass

import numpy as np

from understudy.casting.mesh import Floats


@dataclass(frozen=True)
class Arch:
    """The front of a row of crowns, in the horizontal plane."""

    x: Floats
    z: Floats
    length: Floats
    """arc length from the middle, metres"""

    @property
    def reach(self) -> float:
        """The farthest arc length that has a point and a tangent of its own, metres."""
        return float(self.length[-1]) - 4e-4

    def at(self, s: Floats) -> tuple[Floats, Floats, Floats]:
        """Points (n, 2) as (x, z), unit tangents and outward unit normals at signed arc lengths."""
        side = np.where(s < 0, -1.0, 1.0)
        a = np.minimum(np.abs(s), self.length[-1] - 3e-4)
        point = np.stack([side * np.interp(a, self.length, self.x), np.interp(a, self.length, self.z)], -1)
        ahead = np.stack([np.interp(a + 2e-4, self.length, self.x), np.interp(a + 2e-4, self.length, self.z)], -1)
        behind = np.stack([np.interp(a - 2e-4, self.length, self.x), np.interp(a - 2e-4, self.length, self.z)], -1)
        tangent = ahead - behind
        tangent /= np.linalg.norm(tangent, axis=-1, keepdims=True)
        normal = np.stack([-tangent[:, 1] * side, tangent[:, 0]], -1)
        tangent[:, 0] *= side
        return point, tangent * side[:, None], normal
