"""The user's network is loaded as it is saved: a state dict with torchvision's names, or an .onnx."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from understudy.base.errors import BadInput
from understudy.judge.features import Inception, features

PICTURES = [np.random.default_rng(i).integers(0, 255, (90, 160, 3), np.uint8) for i in range(3)]

A = (
    "branch1x1", "branch5x5_1", "branch5x5_2", "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3", "branch_pool",
)  # fmt: skip
C = (
    "branch1x1", "branch7x7_1", "branch7x7_2", "branch7x7_3", "branch7x7dbl_1", "branch7x7dbl_2", "branch7x7dbl_3",
    "branch7x7dbl_4", "branch7x7dbl_5", "branch_pool",
)  # fmt: skip
B = ("branch3x3", "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3")
D = ("branch3x3_1", "branch3x3_2", "branch7x7x3_1", "branch7x7x3_2", "branch7x7x3_3", "branch7x7x3_4")
E = (
    "branch1x1", "branch3x3_1", "branch3x3_2a", "branch3x3_2b", "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3a",
    "branch3x3dbl_3b", "branch_pool",
)  # fmt: skip
TALL = {"branch7x7_3", "branch7x7dbl_2", "branch7x7dbl_4", "branch7x7x3_3", "branch3x3_2b", "branch3x3dbl_3b"}


def kernel(name: str) -> tuple[int, int]:
    """Returns the kernel that torchvision gives a convolution of this name."""
    if name.startswith("branch7x7") and not name.endswith("_1") and name != "branch7x7x3_4":
        return (7, 1) if name in TALL else (1, 7)
    if name[-1] in "ab":
        return (3, 1) if name in TALL else (1, 3)
    first_of_many = name.endswith("_1")
    if name.startswith("branch5x5"):
        return (1, 1) if first_of_many else (5, 5)
    if name.startswith("branch3x3") or name == "branch7x7x3_4":
        return (1, 1) if first_of_many else (3, 3)
    return (1, 1)


def tiny_state(torch: Any, classes: int) -> dict[str, Any]:
    """Returns random weights of the real topology with two channels a branch."""
    torch.manual_seed(0)
    state: dict[str, Any] = {}

    def add(name: str, inputs: int, size: tuple[int, int], outputs: int = 2) -> None:
        state[f"{name}.conv.weight"] = torch.randn(outputs, inputs, *size) * 0.5
        for part, value in (("weight", 1.0), ("bias", 0.1), ("running_mean", 0.0), ("running_var", 1.0)):
            state[f"{name}.bn.{part}"] = torch.full((outputs,), value)

    add("Conv2d_1a_3x3", 3, (3, 3))
    for name, size in (("2a_3x3", 3), ("2b_3x3", 3), ("3b_1x1", 1), ("4a_3x3", 3)):
        add(f"Conv2d_{name}", 2, (size, size))
    width = 2
    for blocks, names, parts in ((("5b", "5c", "5d"), A, 4), (("6a",), B, 0), (("6b", "6c", "6d", "6e"), C, 4),
                                 (("7a",), D, 0), (("7b", "7c"), E, 6)):  # fmt: skip
        for block in blocks:
            for name in names:
                head = name.endswith("_1") or name in ("branch1x1", "branch_pool", "branch3x3")
                add(f"Mixed_{block}.{name}", width if head else 2, kernel(name))
            width = 2 * parts if parts else 4 + width
    state["fc.weight"] = torch.zeros(classes, width)
    return state


def test_a_state_dict_with_torchvisions_names_runs(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    path = tmp_path / "tiny.pth"
    torch.save(tiny_state(torch, 1000), path)
    found = Inception(path).of(PICTURES)
    assert found.shape == (3, 12) and np.isfinite(found).all()
    assert np.abs(found[0] - found[1]).max() > 1e-4
    assert Inception(path).published_scale and "tiny.pth" in Inception(path).name


def test_the_network_of_published_distances_pools_otherwise(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    for classes in (1000, 1008):
        torch.save(tiny_state(torch, classes), tmp_path / f"{classes}.pth")
    one, other = (Inception(tmp_path / f"{classes}.pth").of(PICTURES) for classes in (1000, 1008))
    assert np.abs(one - other).max() > 1e-4


def test_another_state_dict_is_refused(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    torch.save({"layer.weight": torch.zeros(2)}, tmp_path / "other.pth")
    with pytest.raises(BadInput, match="no state dict of Inception"):
        Inception(tmp_path / "other.pth")


def test_an_onnx_network_runs(tmp_path: Path) -> None:
    onnx, _ = pytest.importorskip("onnx"), pytest.importorskip("onnxruntime")
    helper, path = onnx.helper, tmp_path / "tiny.onnx"
    given = helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["n", 3, 299, 299])
    out = helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["n", 3, 1, 1])
    graph = helper.make_graph([helper.make_node("GlobalAveragePool", ["x"], ["y"])], "tiny", [given], [out])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), str(path))
    found = features(path).of(PICTURES)
    assert found == pytest.approx(np.stack([p.mean((0, 1)) for p in PICTURES]) / 127.5 - 1, abs=0.02)


def test_missing_and_broken_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no weights"):
        Inception(tmp_path / "gone.pth")
    pytest.importorskip("torch")
    (tmp_path / "bad.pth").write_bytes(b"nothing")
    with pytest.raises(BadInput, match="state dict"):
        Inception(tmp_path / "bad.pth")
