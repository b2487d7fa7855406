"""Directions spread evenly over a sphere."""

import numpy as np
import numpy.typing as npt


def even_directions(count: int) -> npt.NDArray[np.float64]:
    """Returns (count, 3) unit vectors spread evenly (Fibonacci sphere)."""
    i = np.arange(count) + 0.5
    y = 1 - 2 * i / count
    angle = np.pi * (1 + 5**0.5) * i
    ring = np.sqrt(1 - y * y)
    return np.stack([ring * np.cos(angle), y, ring * np.sin(angle)], -1)
