"""Gradient and cell noise in three dimensions, so that painted skin has no seams. Compiled with numba when first used.

Sources: Perlin, "Improving noise", 2002; Worley, "A cellular texture basis function", 1996.
"""

import importlib.util
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from understudy.base.errors import MissingExtra
from understudy.casting.mesh import Floats


def perlin(points: Floats, frequency: float, seed: int) -> Floats:
    """(n,) about -1..1; points (n, 3), `frequency` in cells per unit."""
    result: Floats = _kernels()[0](np.ascontiguousarray(points, dtype=np.float64), float(frequency), seed)
    return result


def fbm(points: Floats, frequency: float, octaves: int, seed: int, gain: float = 0.5) -> Floats:
    """(n,) sum of `octaves` of Perlin noise, each at 2.03 times the frequency and `gain` times the height."""
    total = np.zeros(len(points))
    height = 1.0
    for octave in range(octaves):
        total += height * perlin(points, frequency * 2.03**octave, seed + 17 * octave)
        height *= gain
    return total


def worley(points: Floats, frequency: float, seed: int) -> Floats:
    """(n, 3): distance to the nearest and second nearest cell point (in cells), random 0..1 of the nearest cell."""
    result: Floats = _kernels()[1](np.ascontiguousarray(points, dtype=np.float64), float(frequency), seed)
    return result


@cache
def _kernels() -> tuple[Callable[..., Any], Callable[..., Any]]:
    if importlib.util.find_spec("numba") is None:
        raise MissingExtra("Painting skin", "cast")
    import numba

    inline: Any = numba.njit(inline="always")
    parallel: Any = numba.njit(parallel=True)

    @inline  # type: ignore[untyped-decorator]
    def hashed(x: Any, y: Any, z: Any, s: Any) -> Any:
        h = (x * 374761393 + y * 668265263 + z * 2147483647 + s * 974634777) & 0xFFFFFFFF
        h = ((h ^ (h >> 13)) * 1274126177) & 0xFFFFFFFF
        h = ((h ^ (h >> 16)) * 2246822519) & 0xFFFFFFFF
        return (h ^ (h >> 15)) & 0xFFFFFFFF

    @inline  # type: ignore[untyped-decorator]
    def slope(h: Any, x: Any, y: Any, z: Any) -> Any:
        h = h & 15
        u = x if h < 8 else y
        v = y if h < 4 else (x if h in (12, 14) else z)
        return (u if (h & 1) == 0 else -u) + (v if (h & 2) == 0 else -v)

    @parallel  # type: ignore[untyped-decorator]
    def perlin_kernel(points: Any, frequency: Any, seed: Any) -> Any:
        out = np.empty(points.shape[0])
        for i in numba.prange(points.shape[0]):
            x, y, z = points[i, 0] * frequency, points[i, 1] * frequency, points[i, 2] * frequency
            xi, yi, zi = int(np.floor(x)), int(np.floor(y)), int(np.floor(z))
            x -= xi
            y -= yi
            z -= zi
            u = x * x * x * (x * (x * 6 - 15) + 10)
            v = y * y * y * (y * (y * 6 - 15) + 10)
            w = z * z * z * (z * (z * 6 - 15) + 10)
            total = 0.0
            for a in range(2):
                for b in range(2):
                    for c in range(2):
                        g = slope(hashed(xi + a, yi + b, zi + c, seed), x - a, y - b, z - c)
                        total += g * (u if a else 1 - u) * (v if b else 1 - v) * (w if c else 1 - w)
            out[i] = total
        return out

    @parallel  # type: ignore[untyped-decorator]
    def worley_kernel(points: Any, frequency: Any, seed: Any) -> Any:
        out = np.empty((points.shape[0], 3))
        for i in numba.prange(points.shape[0]):
            x, y, z = points[i, 0] * frequency, points[i, 1] * frequency, points[i, 2] * frequency
            xi, yi, zi = int(np.floor(x)), int(np.floor(y)), int(np.floor(z))
            first, second, own = 9.0, 9.0, 0.0
            for a in range(-1, 2):
                for b in range(-1, 2):
                    for c in range(-1, 2):
                        h = hashed(xi + a, yi + b, zi + c, seed)
                        dx = xi + a + (h & 1023) / 1023.0 - x
                        dy = yi + b + ((h >> 10) & 1023) / 1023.0 - y
                        dz = zi + c + ((h >> 20) & 1023) / 1023.0 - z
                        d = dx * dx + dy * dy + dz * dz
                        if d < first:
                            second, first = first, d
                            own = (hashed(xi + a, yi + b, zi + c, seed + 99) & 65535) / 65535.0
                        elif d < second:
                            second = d
            out[i, 0] = np.sqrt(first)
            out[i, 1] = np.sqrt(second)
            out[i, 2] = own
        return out

    return perlin_kernel, worley_kernel
