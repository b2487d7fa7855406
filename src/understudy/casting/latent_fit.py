"""Solves what each latent is made of: `python -m understudy.casting.latent_fit` writes latent_weights.toml.

A latent is for certain landmark distances (`moves`) and may use certain local changes (`through`). Each local change
has its own target upwards and downwards, so their effects are columns (2 p) of a matrix of distances, each divided by
what its latent moves at +1; bounded least squares with a small ridge finds the shares
whose effect is the wanted one and nothing else. Needs the extra `cast`.
"""

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import numpy as np
from scipy.optimize import lsq_linear

from understudy.casting.body import neutral_positions
from understudy.casting.landmarks import landmarks
from understudy.casting.latents import Latent, latents
from understudy.casting.mesh import Floats
from understudy.casting.recipe import Recipe

RIDGE = 0.12
"""Weight of a full local change against a full unit of a distance: keeps shares small where several would do."""
STAY = 0.7
"""How much a distance that should stay counts against one that should move."""
LEAST = 0.02
"""Shares below this are left out."""
MOST = 1.1
"""No local change goes further than this at +1: beyond it the mesh of a face folds."""

Shares = dict[str, float]


def fit() -> dict[str, tuple[Shares, Shares]]:
    """Returns latent -> (shares at +1, shares at -1) of its local changes."""
    average = Recipe(name="average", display_name="Average", phenotype={"age": 0.68, "gender": 0.5})
    at_rest = landmarks().measure(neutral_positions(average))
    known = latents()
    unit = {name: 0.0 for name in at_rest}
    for latent in known.values():
        for name, moved_mm in latent.moves.items():
            unit[name] = max(unit[name], abs(moved_mm) * 1e-3)
    effect: dict[tuple[str, int], Floats] = {}
    for change in sorted({change for latent in known.values() for change in latent.through}):
        for sign in (1, -1):
            moved = landmarks().measure(neutral_positions(_with(average, {change: 0.5 * sign})))
            effect[change, sign] = np.array([2 * (moved[k] - at_rest[k]) / (unit[k] or 3e-3) for k in at_rest])
    order = list(at_rest)
    solved = {}
    for latent in known.values():
        solved[latent.name] = tuple(
            _shares(latent, effect, {k: v * 1e-3 / unit[k] for k, v in moves.items()}, order)
            for moves in (latent.moves, latent.down_moves)
        )
    return solved  # type: ignore[return-value]


def _shares(latent: Latent, effect: Mapping[tuple[str, int], Floats], wanted: Mapping[str, float],
            order: list[str]) -> Shares:  # fmt: skip
    if not wanted:
        return {}
    target = np.array([wanted.get(name, 0.0) for name in order])
    importance = np.array([1.0 if wanted.get(name) else STAY for name in order])
    columns = [(change, sign) for change in latent.through for sign in (1, -1)]
    while True:
        matrix = np.array([effect[column] for column in columns]).T
        system = np.vstack([matrix * importance[:, None], RIDGE * np.eye(len(columns))])
        aim = np.concatenate([target * importance, np.zeros(len(columns))])
        weights = lsq_linear(system, aim, bounds=(0.0, MOST)).x
        found = {column: float(weight) for column, weight in zip(columns, weights, strict=True)}
        # a local change goes one way: of two, the smaller leaves and the rest is solved again
        losers = [(c, s) for (c, s), w in found.items() if w < found.get((c, -s), 0.0) and w >= LEAST]
        if not losers:
            return {c: round(s * w, 3) for (c, s), w in found.items() if w >= LEAST}
        columns = [column for column in columns if column != min(losers, key=lambda loser: -found[loser])]


def _with(recipe: Recipe, shape: Shares) -> Recipe:
    return Recipe(
        name=recipe.name, display_name=recipe.display_name, phenotype=dict(recipe.phenotype), shape=dict(shape)
    )


def write(solved: Mapping[str, tuple[Shares, Shares]], to: Path) -> None:
    """Writes latent_weights.toml."""
    lines = [
        "# Written by python -m understudy.casting.latent_fit: what +1 (up) and -1 (down) of a latent are made of."
    ]
    for name, (up, down) in solved.items():
        if not up and not down:
            continue
        lines += [f"\n[{name}]"]
        for direction, shares in (("up", up), ("down", down)):
            lines += [f"{direction} = {{ {', '.join(f'{_quoted(k)} = {v:g}' for k, v in shares.items())} }}"]
    to.write_text("\n".join(lines) + "\n", "utf-8")


def _quoted(name: str) -> str:
    return f'"{name}"'


if __name__ == "__main__":
    write(fit(), Path(str(resources.files("understudy.casting"))) / "latent_weights.toml")
