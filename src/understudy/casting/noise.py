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
Points = npt.NDArray[np.floating]
Triple = tuple[float, float, float]
EVEN: Triple = (1.0, 1.0, 1.0)
RUN = 4096
"""Points a thread works on at a time."""


def perlin(points: Points, frequency: float, seed: int, stretch: Triple = EVEN) -> Field:
    """(n,) about -1..1; points (n, 3), `frequency` in cells per unit; stretch: factor on each coordinate."""
    return fbm(points, frequency, 1, seed, stretch=stretch)


def fbm(points: Points, frequency: float, octaves: int, seed: int, gain: float = 0.5, stretch: Triple = EVEN) -> Field:
    """(n,) sum of `octaves` of Perlin noise, each at 2.03 times the frequency and `gain` times the height."""
    scale = np.array(stretch, np.float32) * np.float32(frequency)
    result: Field = _kernels()[0](_single(points), scale, octaves, seed, gain)
    return result


def worley(points: Points, frequency: float, seed: int, stretch: Triple = EVEN) -> Field:
    """(n, 3): distance to the nearest and second nearest cell point (in cells), random 0..1 of the nearest cell."""
    result: Field = _kernels()[1](_single(points), np.array(stretch, np.float32) * np.float32(frequency), seed)
    return result


def blobs(points: Points, centres: npt.ArrayLike, reach: npt.ArrayLike) -> Field:
    """(n,) sum of soft ellipsoids: 1 in the middle of each, 1/e at `reach`; centres and reach (k, 3)."""
    middle = np.atleast_2d(np.asarray(centres, np.float32))
    result: Field = _kernels()[2](
        _single(points), middle, np.broadcast_to(1 / np.asarray(reach, np.float32), middle.shape)
    )
    return result


def _single(points: Points) -> Field:
    return np.ascontiguousarray(points, dtype=np.float32)


@cache
def _kernels() -> tuple[Callable[..., Any], ...]:
    if importlib.util.find_spec("numba") is None:
        raise MissingExtra("Painting skin", "cast")
    import numba

    # single precision and 32-bit hashes throughout, in runs of one octave, so that the compiler makes vector code
    real, whole, word = numba.float32, numba.int32, numba.uint32
    inline: Any = numba.njit(forceinline=True, fastmath=True)
    parallel: Any = numba.njit(parallel=True, fastmath=True, error_model="numpy")

    @inline  # type: ignore[untyped-decorator]
    def hashed(x: Any, y: Any, z: Any, s: Any) -> Any:
        h = word(word(x) * word(374761393) + word(y) * word(668265263) + word(z) * word(2147483647) + word(s))
        h = word(word(h ^ (h >> word(13))) * word(1274126177))
        h = word(word(h ^ (h >> word(16))) * word(2246822519))
        return word(h ^ (h >> word(15)))

    @inline  # type: ignore[untyped-decorator]
    def slope(h: Any, x: Any, y: Any, z: Any) -> Any:
        k = word(h & word(15))
        u = x if k < word(8) else y
        v = y if k < word(4) else (x if (k == word(12) or k == word(14)) else z)
        flip_u, flip_v = real(whole(k & word(1))), real(whole((k >> word(1)) & word(1)))
        return (real(1) - real(2) * flip_u) * u + (real(1) - real(2) * flip_v) * v

    @inline  # type: ignore[untyped-decorator]
    def fade(t: Any) -> Any:
        return t * t * t * (t * (t * real(6) - real(15)) + real(10))

    @inline  # type: ignore[untyped-decorator]
    def gradient_noise(x: Any, y: Any, z: Any, s: Any) -> Any:
        fx, fy, fz = np.floor(x), np.floor(y), np.floor(z)
        i, j, k = whole(fx), whole(fy), whole(fz)
        i1, j1, k1 = whole(i + whole(1)), whole(j + whole(1)), whole(k + whole(1))
        x, y, z = real(x - fx), real(y - fy), real(z - fz)
        x1, y1, z1 = x - real(1), y - real(1), z - real(1)
        u, v, w = fade(x), fade(y), fade(z)
        a, b = slope(hashed(i, j, k, s), x, y, z), slope(hashed(i1, j, k, s), x1, y, z)
        c, d = slope(hashed(i, j1, k, s), x, y1, z), slope(hashed(i1, j1, k, s), x1, y1, z)
        e, f = slope(hashed(i, j, k1, s), x, y, z1), slope(hashed(i1, j, k1, s), x1, y, z1)
        g, h = slope(hashed(i, j1, k1, s), x, y1, z1), slope(hashed(i1, j1, k1, s), x1, y1, z1)
        a, c, e, g = a + u * (b - a), c + u * (d - c), e + u * (f - e), g + u * (h - g)
        a, e = a + v * (c - a), e + v * (g - e)
        return a + w * (e - a)

    @parallel  # type: ignore[untyped-decorator]
    def fbm_kernel(points: Any, scale: Any, octaves: Any, seed: Any, gain: Any) -> Any:
        count = points.shape[0]
        out = np.zeros(count, np.float32)
        px, py, pz = points[:, 0].copy(), points[:, 1].copy(), points[:, 2].copy()
        for run in numba.prange((count + RUN - 1) // RUN):
            first, last = run * RUN, min(count, run * RUN + RUN)
            height, frequency = real(1), real(1)
            for octave in range(octaves):
                s = word((seed + 17 * octave) * 974634777)
                sx, sy, sz = real(scale[0] * frequency), real(scale[1] * frequency), real(scale[2] * frequency)
                for i in range(first, last):
                    out[i] += height * gradient_noise(px[i] * sx, py[i] * sy, pz[i] * sz, s)
                height, frequency = real(height * gain), real(frequency * real(2.03))
        return out

    @parallel  # type: ignore[untyped-decorator]
    def worley_kernel(points: Any, scale: Any, seed: Any) -> Any:
        count = points.shape[0]
        out = np.empty((count, 3), np.float32)
        s, t = word(seed * 974634777), word((seed + 99) * 974634777)
        unit = real(1 / 1023)
        for run in numba.prange((count + RUN - 1) // RUN):
            for i in range(run * RUN, min(count, run * RUN + RUN)):
                x, y, z = points[i, 0] * scale[0], points[i, 1] * scale[1], points[i, 2] * scale[2]
                fx, fy, fz = np.floor(x), np.floor(y), np.floor(z)
                xi, yi, zi = whole(fx), whole(fy), whole(fz)
                x, y, z = real(x - fx), real(y - fy), real(z - fz)
                nearest, second, own = real(9), real(9), word(0)
                for a in range(-1, 2):
                    for b in range(-1, 2):
                        for c in range(-1, 2):
                            p, q, r = whole(xi + a), whole(yi + b), whole(zi + c)
                            h = hashed(p, q, r, s)
                            dx = real(a) + real(whole(h & word(1023))) * unit - x
                            dy = real(b) + real(whole((h >> word(10)) & word(1023))) * unit - y
                            dz = real(c) + real(whole((h >> word(20)) & word(1023))) * unit - z
                            d = dx * dx + dy * dy + dz * dz
                            second = min(second, max(nearest, d))
                            own = hashed(p, q, r, t) if d < nearest else own
                            nearest = min(nearest, d)
                out[i, 0] = np.sqrt(nearest)
                out[i, 1] = np.sqrt(second)
                out[i, 2] = real(whole(own & word(65535))) * real(1 / 65535)
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
