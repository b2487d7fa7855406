"""Our own face network, run with numpy alone; `training/face_network.py` makes it and tells how."""

import io
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.judge.crops import Picture
from understudy.judge.recognisers import Vectors, unit

STRIDES = (2, 2, 1, 2, 1, 2)

_IN_COMMON = 2**0.5

Maps = npt.NDArray[np.float32]


@dataclass(eq=False)
class Sitting:
    """Six convolutions and a projection on 96 numbers; a crop and its mirror image averaged.

    A constant 97th number is added to every vector. It does not change who is like whom; it sets the scale: a face that
    is morphed a third of the way to another actor's falls to 0.98 (benchmarks/identity.py).
    """

    name: str = "sitting-1, Understudy's own (Apache-2.0, trained on renders)"
    size_px: int = 64
    padding: float = 0.25
    same_person: float = 0.93
    _weights: Any = None

    def embed(self, crops: list[Picture]) -> Vectors:
        found = []
        for first in range(0, len(crops), 16):
            batch = np.stack(crops[first : first + 16]).astype(np.float32) / 127.5 - 1
            found.append(unit(self._run(batch)) + unit(self._run(batch[:, :, ::-1])))
        vectors = unit(np.concatenate(found))
        return unit(np.pad(vectors, ((0, 0), (0, 1)), constant_values=_IN_COMMON))

    def _run(self, x: Maps) -> Maps:
        """x: (n, 64, 64, 3) in -1..1 -> (n, 96)."""
        if self._weights is None:
            file = resources.files("understudy") / "judge" / "sitting.npz"
            with np.load(io.BytesIO(file.read_bytes())) as data:
                self._weights = {name: data[name].astype(np.float32) for name in data.files}
        w = self._weights
        for i, stride in enumerate(STRIDES):
            x = np.maximum(convolved(x, w[f"weight{i}"], stride) + w[f"bias{i}"], 0)
        flat = x.transpose(0, 3, 1, 2).reshape(len(x), -1)
        return np.asarray(flat @ w["project"].T + w["project_bias"], np.float32)


def convolved(x: Maps, weight: Maps, stride: int) -> Maps:
    """Returns a 3x3 convolution with a border of one zero. x: (n, h, w, c), weight: (o, c, 3, 3) as torch has it."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))[:, ::stride, ::stride]
    n, h, w = windows.shape[:3]
    return np.asarray((windows.reshape(n * h * w, -1) @ weight.reshape(len(weight), -1).T).reshape(n, h, w, -1))
