"""Gradient and cell noise in three dimensions, so that painted skin has no seams. Compiled with numba when first used.

Sources: Perlin, "Improving noise", 2002; Worley, "A cellular texture basis function", 1996. Points and results are
float32 in millimetres: a texture of 2048 pixels has four million of them, and memory is what takes the time.
"""

import importlib.util
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.errors import MissingExtra

Field = npt.NDArray[np.float32]
Triple = tuple[float, float, float]
EVEN: Triple = (1.0, 1.0, 1.0)


def perlin(points: Field, frequency: float, seed: int, stretch: Triple = EVEN) -> Field:
    """(n,) about -1..1; points (n, 3), `frequency` in cells per unit; stretch: factor on each coordinate."""
    return fbm(points, frequency, 1, seed, stretch=stretch)


def fbm(points: Field, frequency: float, octaves: int, seed: int, gain: float = 0.5, stretch: Triple = EVEN) -> Field:
    """(n,) sum of `octaves` of Perlin noise, each at 2.03 times the frequency and `gain` times the height."""
    scale = np.array(stretch, np.float32) * np.float32(frequency)
    result: Field = _kernels()[0](_single(points), scale, octaves, seed, gain)
    return result


def worley(points: Field, frequency: float, seed: int, stretch: Triple = EVEN) -> Field:
    """(n, 3): distance to the nearest and second nearest cell point (in cells), random 0..1 of the nearest cell."""
    result: Field = _kernels()[1](_single(points), np.array(stretch, np.float32) * np.float32(frequency), seed)
    return result


def blobs(points: Field, centres: npt.ArrayLike, reach: npt.ArrayLike) -> Field:
    """(n,) sum of soft ellipsoids: 1 in the middle of each, 1/e at `reach`; centres and reach (k, 3)."""
    middle = np.atleast_2d(np.asarray(centres, np.float32))
    result: Field = _kernels()[2](
        _single(points), middle, np.broadcast_to(1 / np.asarray(reach, np.float32), middle.shape)
    )
    return result


def _single(points: npt.NDArray[np.floating]) -> Field:
    return np.ascontiguousarray(points, dtype=np.float32)


@cache
def _kernels() -> tuple[Callable[..., Any], ...]:
    if importlib.util.find_spec("numba") is None:
        raise MissingExtra("Painting skin", "cast")
    import numba

    inline: Any = numba.njit(inline="always")
    parallel: Any = numba.njit(parallel=True, fastmath={"contract", "reassoc"})

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
    def fbm_kernel(points: Any, scale: Any, octaves: Any, seed: Any, gain: Any) -> Any:
        out = np.empty(points.shape[0], np.float32)
        for i in numba.prange(points.shape[0]):
            height, frequency, whole = 1.0, 1.0, 0.0
            for octave in range(octaves):
                s = seed + 17 * octave
                x = points[i, 0] * scale[0] * frequency
                y = points[i, 1] * scale[1] * frequency
                z = points[i, 2] * scale[2] * frequency
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
                            g = slope(hashed(xi + a, yi + b, zi + c, s), x - a, y - b, z - c)
                            total += g * (u if a else 1 - u) * (v if b else 1 - v) * (w if c else 1 - w)
                whole += height * total
                height *= gain
                frequency *= 2.03
            out[i] = whole
        return out

    @parallel  # type: ignore[untyped-decorator]
    def worley_kernel(points: Any, scale: Any, seed: Any) -> Any:
        out = np.empty((points.shape[0], 3), np.float32)
        for i in numba.prange(points.shape[0]):
            x, y, z = points[i, 0] * scale[0], points[i, 1] * scale[1], points[i, 2] * scale[2]
            xi, yi, zi = int(np.floor(x)), int(np.floor(y)), int(np.floor(z))
            first, second, own = 9.0, 9.0, 0
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
                            own = 9 * a + 3 * b + c
                        elif d < second:
                            second = d
            a, b = (own + 13) // 9 - 1, (own + 13) // 3 % 3 - 1
            c = own - 9 * a - 3 * b
            out[i, 0] = np.sqrt(first)
            out[i, 1] = np.sqrt(second)
            out[i, 2] = (hashed(xi + a, yi + b, zi + c, seed + 99) & 65535) / 65535.0
        return out

    @parallel  # type: ignore[untyped-decorator]
    def blob_kernel(points: Any, centres: Any, steep: Any) -> Any:
        out = np.empty(points.shape[0], np.float32)
        for i in numba.prange(points.shape[0]):
            total = 0.0
            for k in range(centres.shape[0]):
                dx = (points[i, 0] - centres[k, 0]) * steep[k, 0]
                dy = (points[i, 1] - centres[k, 1]) * steep[k, 1]
                dz = (points[i, 2] - centres[k, 2]) * steep[k, 2]
                d = dx * dx + dy * dy + dz * dz
                if d < 12.0:
                    total += np.exp(-d)
            out[i] = total
        return out

    return fbm_kernel, worley_kernel, blob_kernel
