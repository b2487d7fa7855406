"""Inception-v3 up to its last pooling, on a state dict with torchvision's names (Szegedy et al. 2016).

The channel counts are those of the weights. Two kinds of state dict are known: torchvision's (1000 classes), and
the one that published FIDs are made with (pytorch-fid's port of the 2015 network, 1008 classes), whose average pools
leave the padding out and whose last block pools by the maximum.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput, MissingExtra

Run = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float64]]

_FID_CLASSES = 1008
_EPSILON = 1e-3


def inception(weights: Path) -> Run:
    """Returns batch (n, 3, h, w) in -1..1 -> (n, 2048) features. Raises BadInput, or MissingExtra without torch."""
    try:
        import torch
    except ImportError as error:
        raise MissingExtra("A .pth network", "cast") from error
    try:
        state = torch.load(weights, map_location="cpu", weights_only=True)
    except Exception as error:  # unpickling fails in many ways
        raise BadInput(f"{weights} cannot be read as a state dict; save one with torch.save.") from error
    state = state.get("state_dict", state) if isinstance(state, dict) else {}
    missing = [name for name in ("Conv2d_1a_3x3.conv.weight", "Mixed_7c.branch_pool.conv.weight") if name not in state]
    if missing:
        raise BadInput(f"{weights} is no state dict of Inception-v3 ({missing[0]} is missing); give torchvision's.")
    net = _Net({name: value.float() for name, value in state.items()})

    def run(batch: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        with torch.inference_mode():
            return np.asarray(net(torch.from_numpy(batch)).double().numpy())

    return run


class _Net:
    def __init__(self, state: dict[str, Any]) -> None:
        import torch

        self.state = state
        self.torch: Any = torch
        self.f: Any = torch.nn.functional
        head = state.get("fc.weight")
        self.fid = head is not None and len(head) == _FID_CLASSES

    def __call__(self, x: Any) -> Any:
        f = self.f
        x = self.conv("Conv2d_1a_3x3", x, stride=2)
        x = self.conv("Conv2d_2b_3x3", self.conv("Conv2d_2a_3x3", x), padding=1)
        x = f.max_pool2d(x, 3, 2)
        x = self.conv("Conv2d_4a_3x3", self.conv("Conv2d_3b_1x1", x))
        x = f.max_pool2d(x, 3, 2)
        for name in ("Mixed_5b", "Mixed_5c", "Mixed_5d"):
            x = self.block_a(name, x)
        x = self.block_b("Mixed_6a", x)
        for name in ("Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e"):
            x = self.block_c(name, x)
        x = self.block_d("Mixed_7a", x)
        x = self.block_e("Mixed_7b", x, largest=False)
        x = self.block_e("Mixed_7c", x, largest=self.fid)
        return x.mean(dim=(2, 3))

    def conv(self, name: str, x: Any, stride: int = 1, padding: Any = 0) -> Any:
        """A convolution without bias, normalised by the statistics of training, rectified."""
        s = self.state
        x = self.f.conv2d(x, s[f"{name}.conv.weight"], stride=stride, padding=padding)
        mean, spread = s[f"{name}.bn.running_mean"], s[f"{name}.bn.running_var"]
        x = self.f.batch_norm(x, mean, spread, s[f"{name}.bn.weight"], s[f"{name}.bn.bias"], eps=_EPSILON)
        return self.f.relu(x)

    def chain(self, block: str, x: Any, *steps: tuple[str, Any]) -> Any:
        for name, padding in steps:
            x = self.conv(f"{block}.{name}", x, padding=padding)
        return x

    def pooled(self, x: Any) -> Any:
        return self.f.avg_pool2d(x, 3, 1, 1, count_include_pad=not self.fid)

    def joined(self, *parts: Any) -> Any:
        return self.torch.cat(parts, dim=1)

    def block_a(self, name: str, x: Any) -> Any:
        return self.joined(
            self.chain(name, x, ("branch1x1", 0)),
            self.chain(name, x, ("branch5x5_1", 0), ("branch5x5_2", 2)),
            self.chain(name, x, ("branch3x3dbl_1", 0), ("branch3x3dbl_2", 1), ("branch3x3dbl_3", 1)),
            self.chain(name, self.pooled(x), ("branch_pool", 0)),
        )

    def block_b(self, name: str, x: Any) -> Any:
        double = self.chain(name, x, ("branch3x3dbl_1", 0), ("branch3x3dbl_2", 1))
        return self.joined(
            self.conv(f"{name}.branch3x3", x, stride=2),
            self.conv(f"{name}.branch3x3dbl_3", double, stride=2),
            self.f.max_pool2d(x, 3, 2),
        )

    def block_c(self, name: str, x: Any) -> Any:
        wide, tall = (0, 3), (3, 0)
        seven = [("branch7x7_1", 0), ("branch7x7_2", wide), ("branch7x7_3", tall)]
        double = [(f"branch7x7dbl_{i + 1}", padding) for i, padding in enumerate((0, tall, wide, tall, wide))]
        return self.joined(
            self.chain(name, x, ("branch1x1", 0)),
            self.chain(name, x, *seven),
            self.chain(name, x, *double),
            self.chain(name, self.pooled(x), ("branch_pool", 0)),
        )

    def block_d(self, name: str, x: Any) -> Any:
        three = self.chain(name, x, ("branch3x3_1", 0))
        seven = self.chain(name, x, ("branch7x7x3_1", 0), ("branch7x7x3_2", (0, 3)), ("branch7x7x3_3", (3, 0)))
        return self.joined(
            self.conv(f"{name}.branch3x3_2", three, stride=2),
            self.conv(f"{name}.branch7x7x3_4", seven, stride=2),
            self.f.max_pool2d(x, 3, 2),
        )

    def block_e(self, name: str, x: Any, *, largest: bool) -> Any:
        three = self.chain(name, x, ("branch3x3_1", 0))
        double = self.chain(name, x, ("branch3x3dbl_1", 0), ("branch3x3dbl_2", 1))
        pool = self.f.max_pool2d(x, 3, 1, 1) if largest else self.pooled(x)
        sides = (("a", (0, 1)), ("b", (1, 0)))
        return self.joined(
            self.chain(name, x, ("branch1x1", 0)),
            *(self.conv(f"{name}.branch3x3_2{side}", three, padding=padding) for side, padding in sides),
            *(self.conv(f"{name}.branch3x3dbl_3{side}", double, padding=padding) for side, padding in sides),
            self.chain(name, pool, ("branch_pool", 0)),
        )
