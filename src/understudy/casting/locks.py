"""Gathers combed strands into locks, gives them waves or coils, and cuts them to length: a head of hair at rest."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from understudy.casting.mesh import Floats, Ints, smoothstep, unit
from understudy.casting.recipe import Hair
from understudy.casting.ribbons import resample
from understudy.casting.scalp import Roots, Scalp
from understudy.casting.styles import Style
from understudy.casting.walking import Combed

STRANDS_OF_TUFT = 4
"""Guides that meet in one tuft, the smaller of the two scales at which hair gathers."""


@dataclass
class Tress:
    """Strands as they are worn."""

    roots: Roots
    path: Floats
    """(n, points, 3) metres, closer at the root"""
    length: Floats
    """(n,) metres"""
    lock: Ints
    """(n,)"""
    tone: Floats
    """(n,) 0 darker .. 1 lighter"""
    depth: Floats
    """(n,) 0 the outermost of the hair around .. 1 the innermost"""

    def __getitem__(self, ids: Ints) -> "Tress":
        return Tress(self.roots[ids], self.path[ids], self.length[ids], self.lock[ids], self.tone[ids], self.depth[ids])

    def __len__(self) -> int:
        return len(self.path)


def style_locks(
    scalp: Scalp, roots: Roots, combed: Combed, look: Hair, style: Style, rng: np.random.Generator
) -> Tress:
    """Locks, waves, clearance and length, in that order."""
    path, arc = combed.path, np.arange(combed.path.shape[1], dtype=np.float64) * combed.step_m
    lock = _neighbours(path, combed.length, combed.side, style.locks, arc, rng)
    tuft = _neighbours(path, combed.length, combed.side * 1000 + lock, max(1, len(path) // STRANDS_OF_TUFT), arc, rng)
    along = arc[None] / np.maximum(combed.length, 1e-4)[:, None]
    # short hair stands apart
    apart = np.clip(combed.length / 0.045, 0.15, 1.0)
    bring = (style.gather * apart * (0.75 + 0.5 * rng.random(len(path))))[:, None]
    path = _gather(path, lock, np.clip(bring * smoothstep(0.15, 1.05, along), 0, 0.9), 0.0035, rng)
    path = _gather(path, tuft, np.clip(1.15 * bring * smoothstep(0.02, 0.70, along), 0, 0.92), 0.0012, rng)
    path = _wave(scalp, path, arc, lock, tuft, combed.free, look, style, rng)
    path = _clear(scalp, path, along, 0.0024 if style.comb == "tie" else 0.0012)
    tress_path = resample(path, combed.length, style.points, 1.0 if style.curl > 0.3 else 1.3)
    tone = 0.5 + 0.17 * rng.normal(size=lock.max() + 1)[lock] + 0.16 * rng.normal(size=tuft.max() + 1)[tuft]
    tone = np.clip(tone + 0.08 * rng.normal(size=len(path)), 0, 1)
    return Tress(roots, tress_path, combed.length, lock, tone, _depth(scalp, tress_path))


def _neighbours(path: Floats, length: Floats, side: Floats, count: int, arc: Floats, rng: np.random.Generator) -> Ints:
    """(n,) numbers of about `count` groups of strands that run alongside each other; none crosses a side."""
    middle = np.minimum((0.5 * length / arc[1]).astype(int), path.shape[1] - 1)
    far = np.minimum((0.9 * length / arc[1]).astype(int), path.shape[1] - 1)
    row = np.arange(len(path))
    key = np.hstack([path[:, 0], 0.8 * path[row, middle], 0.5 * path[row, far], side[:, None] * 1.0])
    if count >= len(path):
        return row
    seeds = key[rng.choice(len(key), count, replace=False)]
    for _ in range(3):
        owner = np.asarray(cKDTree(seeds).query(key)[1])
        size = np.maximum(np.bincount(owner, minlength=count), 1)[:, None]
        mean = np.stack([np.bincount(owner, key[:, k], count) for k in range(key.shape[1])], 1) / size
        seeds = np.where(np.bincount(owner, minlength=count)[:, None] > 0, mean, seeds)
    return np.asarray(np.unique(np.asarray(cKDTree(seeds).query(key)[1]), return_inverse=True)[1])


def _gather(path: Floats, group: Ints, amount: Floats, room_m: float, rng: np.random.Generator) -> Floats:
    """Draws strands towards the middle of their group; each keeps a place of its own within `room_m` of it."""
    count = int(group.max()) + 1
    size = np.bincount(group, minlength=count)
    flat = path.reshape(len(path), -1)
    order = np.argsort(group, kind="stable")
    middle = np.add.reduceat(flat[order], np.r_[0, np.cumsum(size)[:-1]], 0) / size[:, None]
    # the middle drifts a little, so that locks are not the mean of what surrounds them
    own = rng.normal(size=(len(path), 1, 3)) * room_m * 0.5
    goal = middle[group].reshape(path.shape) + own
    return path + (goal - path) * amount[..., None]


def _wave(
    scalp: Scalp, path: Floats, arc: Floats, lock: Ints, tuft: Ints, free: Floats, look: Hair, style: Style,
    rng: np.random.Generator,
) -> Floats:  # fmt: skip
    """Waves of whole locks, coils of tufts as hair curls, and a little disorder of single strands."""
    out = _outward(scalp, path)
    tangent = unit(np.gradient(path, axis=1))
    out = unit(out - tangent * (out * tangent).sum(-1, keepdims=True))
    across = np.cross(tangent, out)
    locks, tufts = int(lock.max()) + 1, int(tuft.max()) + 1
    curl = style.curl
    if style.comb in ("fall", "tie"):
        size = (look.wave_mm * 1e-3) * (0.45 + 0.9 * rng.random(locks))[lock]
        period = look.wave_length_m * (0.8 + 0.45 * rng.random(locks))[lock]
    else:
        size = np.full(len(path), min(look.wave_mm, 12.0) * 1e-4) * (1 + 3 * curl)
        period = np.full(len(path), 0.045)
    coil = curl * 0.0085 * (0.7 + 0.5 * rng.random(tufts))[tuft]
    period = period * (1 - curl) + curl * 0.046 * (0.85 + 0.35 * rng.random(locks))[lock]
    if style.comb == "stand":
        coil, period = 0.0042 * (0.6 + 0.8 * rng.random(tufts))[tuft], 0.021 * (0.8 + 0.5 * rng.random(tufts))[tuft]
    size = (size * (1 - 0.6 * curl) + coil) * free
    phase = (rng.random(locks) * 2 * np.pi)[lock] + 0.5 * curl * (rng.random(tufts) * 2 * np.pi)[tuft]
    phase += 0.25 * rng.normal(size=len(path))
    start = 0.075 * (1 - 0.75 * curl) * (0.4 if style.comb == "stand" else 1.0)
    amount = (
        size[:, None] * smoothstep(0.25 * start, 2.2 * start, arc)[None] * (1 + 0.4 * curl * smoothstep(0.1, 0.3, arc))
    )
    turn = 2 * np.pi * arc[None] / period[:, None] + phase[:, None]
    bent = path + out * (amount * (0.55 + 0.45 * curl) * np.sin(turn) + 0.5 * curl * amount)[..., None]
    bent = bent + across * (amount * np.cos(turn))[..., None]
    loose = rng.normal(size=(len(path), 3, 3))
    reach = arc / max(float(arc[-1]), 1e-6)
    wander = sum(loose[:, k, None] * np.sin(np.pi * (k + 1.0) * reach + k)[None, :, None] / (k + 1) for k in range(3))
    scale = 0.0011 if style.comb != "crop" else 0.0007
    return np.asarray(bent + wander * (scale * smoothstep(0.01, 0.12, arc))[None, :, None])


def _clear(scalp: Scalp, path: Floats, along: Floats, least: float) -> Floats:
    """Pushes what lies nearer than `least` metres to skin or cloth out again."""
    result = path.copy()
    for _ in range(2):
        over, out = scalp.solid.height(result[:, 1:].reshape(-1, 3))
        push = np.maximum(least + 0.0012 * np.minimum(along[:, 1:], 1) - over.reshape(len(path), -1), 0)
        push[:, 1:-1] = np.maximum(push[:, 1:-1], 0.8 * (push[:, :-2] + push[:, 2:]) / 2)
        result[:, 1:] += out.reshape(len(path), -1, 3) * push[..., None]
    return result


def _outward(scalp: Scalp, path: Floats) -> Floats:
    """(n, points, 3) away from the middle of the hair: off the skull above, round the neck below."""
    flat = path.reshape(-1, 3)
    _, normal = scalp.solid.height(flat)
    axis = np.array([0.0, 0.0, scalp.centre[2] - 0.010])
    away = unit((flat - axis) * np.array([1.0, 0.0, 1.0]))
    below = smoothstep(scalp.centre[1] + 0.03, scalp.centre[1] - 0.05, flat[:, 1])[:, None]
    out = unit(normal * (1 - below) + away * below)
    if scalp.knot is not None:
        offset = flat - scalp.knot
        near = np.exp(-((np.linalg.norm(offset, axis=1, keepdims=True) / 0.040) ** 6))
        out = unit(out * (1 - near) + unit(offset) * near)
    return out.reshape(path.shape)


outward = _outward


def _depth(scalp: Scalp, path: Floats) -> Floats:
    """(n,) how deep each strand lies: its height over the skin, ranked against its neighbours'."""
    row = np.arange(len(path))
    at = path[row, path.shape[1] // 2]
    over = scalp.solid.height(at)[0]
    _, near = cKDTree(at).query(at, k=min(16, len(at)))
    return np.asarray((over[near] > over[:, None]).mean(1))
