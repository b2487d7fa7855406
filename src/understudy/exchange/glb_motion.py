"""The first animation of a GLB as motion of its skeleton (Mixamo through Blender, VRoid, Rokoko Studio)."""

from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput
from understudy.exchange.skeleton import Skeleton
from understudy.hub.glb import Glb, local_matrix, read_glb

Floats = npt.NDArray[np.float64]

RATE_HZ = 60.0
MOST_S = 1_800.0
_MOST_NODES = 2_000


def read_motion(data: bytes, where: str) -> Skeleton:
    """Parses a GLB and samples its first animation 60 times a second. Raises BadInput in one sentence."""
    glb = read_glb(data, where)
    animations, nodes = glb.items("animations"), glb.items("nodes")
    if not animations:
        raise BadInput(f"{where} holds no animation; export it with its motion.")
    if len(nodes) > _MOST_NODES:
        raise BadInput(f"{where} has {len(nodes)} nodes, more than a person's skeleton; export the body alone.")
    try:
        return _sampled(glb, nodes, animations[0], where)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise BadInput(f"The animation of {where} cannot be read ({error}); export it again as GLB.") from error


def _sampled(glb: Glb, nodes: list[Any], animation: Any, where: str) -> Skeleton:
    order, parents = _ordered(glb, nodes)
    curves = {}
    end_s = 0.0
    for channel in animation["channels"]:
        target, sampler = channel["target"], animation["samplers"][channel["sampler"]]
        if "node" not in target or target["path"] not in ("rotation", "translation"):
            continue
        times = np.asarray(glb.accessor(sampler["input"]), np.float64)
        values = np.asarray(glb.accessor(sampler["output"]), np.float64)
        if sampler.get("interpolation") == "CUBICSPLINE":
            values = values[1::3]  # the keys themselves; tangents matter little at the rates of motion capture
        if len(times) != len(values) or not len(times) or not np.isfinite(values).all():
            raise ValueError("a curve has as many times as values")
        curves[target["node"], target["path"]] = times, values, sampler.get("interpolation") == "STEP"
        end_s = max(end_s, float(times[-1]))
    if not curves or end_s <= 0:
        raise ValueError("nothing in it moves")
    if end_s > MOST_S:
        raise ValueError(f"it lasts {end_s:.0f} s, and {MOST_S:.0f} can be taken in at once")
    at = np.arange(max(2, round(end_s * RATE_HZ))) / RATE_HZ
    rest = np.tile(np.eye(4), (len(order), 1, 1))
    whole = np.tile(np.eye(4), (len(at), len(order), 1, 1))
    for i, node in enumerate(order):
        own = local_matrix(nodes[node])
        local = np.tile(own, (len(at), 1, 1))
        if (node, "rotation") in curves:
            scale = np.linalg.norm(own[:3, :3], axis=0)
            local[:, :3, :3] = _turns(*curves[node, "rotation"], at) * scale
        if (node, "translation") in curves:
            times, values, _ = curves[node, "translation"]
            local[:, :3, 3] = np.stack([np.interp(at, times, values[:, k]) for k in range(3)], -1)
        rest[i] = rest[parents[i]] @ own if parents[i] >= 0 else own
        whole[:, i] = whole[:, parents[i]] @ local if parents[i] >= 0 else local
    names = tuple(str(nodes[n].get("name", f"node{n}")) for n in order)
    upright = rest.copy()
    upright[:, :3, :3] = _unscaled(rest[:, :3, :3])
    return Skeleton(names, parents, upright, _unscaled(whole[..., :3, :3]), whole[..., :3, 3], RATE_HZ, where)


def _ordered(glb: Glb, nodes: list[Any]) -> tuple[list[int], tuple[int, ...]]:
    """Returns nodes with parents first, and the place of each one's parent in that order."""
    parent = [-1] * len(nodes)
    for i, node in enumerate(nodes):
        for child in node.get("children", []):
            glb.item("nodes", child)
            parent[child] = i
    depth = []
    for node in range(len(nodes)):
        steps, at = 0, node
        while at >= 0 and steps <= len(nodes):
            at, steps = parent[at], steps + 1
        if steps > len(nodes):
            raise ValueError("its nodes form a circle")
        depth.append(steps)
    order = sorted(range(len(nodes)), key=lambda n: (depth[n], n))
    place = {node: i for i, node in enumerate(order)}
    return order, tuple(place[parent[n]] if parent[n] >= 0 else -1 for n in order)


def _turns(times: Floats, quaternions: Floats, step: bool, at: Floats) -> Floats:
    """Returns (len(at), 3, 3) of (keys, 4) x, y, z, w, the short way between keys."""
    q = quaternions / np.maximum(np.linalg.norm(quaternions, axis=1, keepdims=True), 1e-9)
    flips = np.cumprod(np.r_[1.0, np.where((q[1:] * q[:-1]).sum(1) < 0, -1.0, 1.0)])
    q = q * flips[:, None]
    if step:
        q = q[np.clip(np.searchsorted(times, at, side="right") - 1, 0, len(q) - 1)]
    else:
        q = np.stack([np.interp(at, times, q[:, k]) for k in range(4)], -1)
    x, y, z, w = (q / np.maximum(np.linalg.norm(q, axis=1, keepdims=True), 1e-9)).T
    return np.stack(
        [
            np.stack([1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)], -1),
            np.stack([2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)], -1),
            np.stack([2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)], -1),
        ],
        -2,
    )


def _unscaled(matrices: Floats) -> Floats:
    return np.asarray(matrices / np.maximum(np.linalg.norm(matrices, axis=-2, keepdims=True), 1e-12))
