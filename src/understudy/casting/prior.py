"""Who there is when a brief is silent: a face drawn from a population, never average and never a monster."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from zlib import crc32

import numpy as np

from understudy.casting.latents import latents

Draw = dict[str, float]


@dataclass(frozen=True)
class Face:
    """latents: named directions. shape: local changes besides. targets: outline and asymmetry."""

    latents: Draw
    shape: Draw
    targets: Draw


@dataclass(frozen=True)
class Origin:
    """Where somebody is from, as spreads (origins.toml)."""

    name: str
    guess: float
    shares: Mapping[str, float]
    melanin: tuple[float, float]
    hair: Mapping[str, float]
    eyes: Mapping[str, float]
    curl: tuple[float, float]
    brows: float
    latents: Mapping[str, float]


def stream(seed: int, topic: str) -> np.random.Generator:
    """Returns the chance of one topic: what is drawn for the hair does not hang on what is drawn for the nose."""
    return np.random.default_rng([seed & 0xFFFFFFFF, crc32(topic.encode())])


@cache
def origins() -> Mapping[str, Origin]:
    """Loads the origins that ship with Understudy."""
    raw = load_table("origins.toml")
    return {
        name: Origin(
            name=name,
            guess=float(entry["guess"]),
            shares=entry["shares"],
            melanin=(entry["melanin"][0], entry["melanin"][1]),
            hair=entry["hair"],
            eyes=entry["eyes"],
            curl=(entry["curl"][0], entry["curl"][1]),
            brows=float(entry["brows"]),
            latents=entry.get("latents", {}),
        )
        for name, entry in raw.items()
    }


def draw_face(seed: int, *, sex: str, origin: Origin, asymmetry: float = 1.0, outline: str = "") -> Face:
    """Draws a face: correlated latents, fine shape, an outline of the head and what is unlike between the sides.

    sex: `woman`, `man` or `person`. asymmetry: factor on what is unlike. outline: of the head, '' is drawn.
    """
    prior = load_table("prior.toml")
    rng = stream(seed, "face")
    names = [name for name, latent in latents().items() if latent.sd > 0]
    z = _normals(rng, names, prior)
    values: Draw = {}
    leaning = {"woman": 0.5, "man": -0.5}.get(sex, 0.0)
    for name, amount in zip(names, z, strict=True):
        latent = latents()[name]
        middle = leaning * latent.female * latent.sd + origin.latents.get(name, 0.0)
        values[name] = round(latent.clamp(middle + latent.sd * float(amount)), 3)
    fine = stream(seed, "fine shape")
    sided = stream(seed, "sides")
    shape: Draw = dict(prior["base"][sex])
    for name, sd in prior["fine"].items():
        shape[name] = round(shape.get(name, 0.0) + sd * float(np.clip(fine.normal(), -2, 2)), 3)
    spread = prior["asymmetry"]["sided_sd"] * asymmetry
    for name in sorted(key for key in shape if key.startswith("*-eye") or key.startswith("*-cheek")):
        shape[name.replace("*", "l", 1)] = round(spread * float(np.clip(sided.normal(), -2, 2)), 3)
    return Face(values, shape, _targets(seed, sex, prior, asymmetry, outline))


def _normals(rng: np.random.Generator, names: list[str], prior: Mapping[str, Any]) -> np.ndarray[Any, Any]:
    """(names,) correlated and truncated, with a few pushed out; unit spread."""
    rules = prior["draw"]
    z = _root(tuple(names)) @ rng.standard_normal(len(names))
    most = float(rules["truncated_sd"])
    z = most * np.tanh(z / most)
    pushed = rng.choice(len(names), size=int(rules["features"]), replace=False)
    low, high = rules["pushed"]
    z[pushed] = np.where(z[pushed] < 0, -1, 1) * rng.uniform(low, high, len(pushed))
    length = float(np.linalg.norm(z)) / np.sqrt(len(names))
    return np.asarray(z * (np.clip(length, rules["shortest"], rules["longest"]) / length))


@cache
def _root(names: tuple[str, ...]) -> np.ndarray[Any, Any]:
    """(n, n) square root of the correlations, made positive definite by raising its eigenvalues to 0.05."""
    matrix = np.eye(len(names))
    for pair, value in load_table("prior.toml")["correlation"].items():
        a, b = (names.index(name) for name in pair.split())
        matrix[a, b] = matrix[b, a] = value
    size, axes = np.linalg.eigh(matrix)
    root = (axes * np.sqrt(np.maximum(size, 0.05))) @ axes.T
    return np.asarray(root / np.linalg.norm(root, axis=1, keepdims=True))


def _targets(seed: int, sex: str, prior: Mapping[str, Any], asymmetry: float, outline: str) -> Draw:
    rng = stream(seed, "outline")
    low, high = prior["outline"]["weight"]
    drawn = pick(rng, prior["outline"][sex])
    targets: Draw = {f"head/head-{outline or drawn}": round(float(rng.uniform(low, high)), 2)}
    rng = stream(seed, "asymmetry")
    known = prior["asymmetry"]["targets"]
    for name in rng.choice(sorted(known), size=int(prior["asymmetry"]["drawn"]), replace=False):
        side = "l" if rng.random() < 0.5 else "r"
        weight = known[str(name)] * asymmetry * float(rng.uniform(0.5, 1.3))
        targets[f"asym/asym-{name}-{side}"] = round(min(weight, 1.0), 2)
    return targets


def pick(rng: np.random.Generator, shares: Mapping[str, float]) -> str:
    """Draws a name by its share."""
    names = list(shares)
    weights = np.array([max(shares[name], 0.0) for name in names], dtype=np.float64)
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]


@cache
def load_table(name: str) -> dict[str, Any]:
    """Returns a table of casting that ships with Understudy."""
    return tomllib.loads(resources.files("understudy.casting").joinpath(name).read_text("utf-8"))
