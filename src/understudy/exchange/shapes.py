"""Finds the shapes of a foreign face and rebuilds them as ARKit's 52."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES
from understudy.exchange.draft import Draft
from understudy.exchange.names import DERIVED, VRM0_PRESETS, Source, arkit, plain
from understudy.hub.glb import Glb, Json

Floats = npt.NDArray[np.float32]
Bind = tuple[int, int, float]
"""(mesh, target, weight)"""


@dataclass
class Found:
    """named: plain name -> binds. exact: ARKit shape -> binds. derived: ARKit shape -> what it was made from."""

    named: dict[str, list[Bind]] = field(default_factory=dict)
    exact: dict[str, list[Bind]] = field(default_factory=dict)
    derived: dict[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(shape for shape in ARKIT_SHAPES if shape not in self.exact and shape not in self.derived)


def find_shapes(glb: Glb) -> Found:
    """Returns every shape the file names, by its targets and by its VRM expressions."""
    found = Found()
    for number, mesh in enumerate(glb.items("meshes")):
        for target, name in enumerate(target_names(glb, mesh)):
            _note(found, name, (number, target, 1.0))
    for name, binds in _expressions(glb).items():
        for bind in binds:
            found.named.setdefault(f"vrm{plain(name)}", []).append(bind)
            if arkit(name) and arkit(name) not in found.exact:
                found.exact.setdefault(arkit(name), []).append(bind)
    for shape in ARKIT_SHAPES:
        if shape not in found.exact:
            way = _way(shape, found)
            if way:
                found.derived[shape] = " + ".join(source.name for source in way)
    return found


def target_names(glb: Glb, mesh: Json) -> list[str]:
    """Returns the names of a mesh's targets, wherever the exporter put them; '' for those without."""
    primitives = mesh.get("primitives", [])
    count = max((len(p.get("targets", [])) for p in primitives), default=0)
    names = mesh.get("extras", {}).get("targetNames") if isinstance(mesh.get("extras"), dict) else None
    for primitive in primitives:
        extras = primitive.get("extras")
        names = names or (extras.get("targetNames") if isinstance(extras, dict) else None)
    names = [str(name) for name in names] if isinstance(names, list) else []
    if not names and count == len(ARKIT_SHAPES):
        names = list(ARKIT_SHAPES)
    return (names + [""] * count)[:count]


def rebuild(draft: Draft, glb: Glb, found: Found, left: Mapping[int, Floats]) -> None:
    """Replaces the targets of every mesh by those of ARKit's 52 that it takes part in.

    left: mesh number -> (n,) how much of each vertex belongs to the left half of the face, 0..1.
    """
    for number, mesh in enumerate(draft.json.get("meshes", [])):
        recipes = {shape: _ingredients(shape, found, number) for shape in ARKIT_SHAPES}
        recipes = {shape: parts for shape, parts in recipes.items() if parts}
        source = glb.items("meshes")[number]
        start = 0
        for primitive, original in zip(mesh["primitives"], source["primitives"], strict=True):
            primitive.pop("targets", None)
            count = len(glb.accessor(original["attributes"]["POSITION"]))
            share = left.get(number, np.full(start + count, 0.5, np.float32))[start : start + count]
            start += count
            given = original.get("targets", [])
            if not given or not recipes:
                continue
            targets = []
            for shape in ARKIT_SHAPES:
                parts = recipes.get(shape, [])
                targets.append(
                    {
                        kind: draft.sparse(_mixed(glb, given, parts, kind, count, share), 1e-7)
                        for kind in ("POSITION", "NORMAL")
                        if kind in given[0]
                    }
                )
            primitive["targets"] = targets
        extras = mesh.get("extras") if isinstance(mesh.get("extras"), dict) else {}
        mesh["extras"] = {k: v for k, v in extras.items() if k != "targetNames"}
        mesh.pop("weights", None)
        if any("targets" in primitive for primitive in mesh["primitives"]):
            for primitive in mesh["primitives"]:
                if "targets" not in primitive:
                    count = len(
                        glb.accessor(
                            source["primitives"][mesh["primitives"].index(primitive)]["attributes"]["POSITION"]
                        )
                    )
                    still = np.zeros((count, 3), np.float32)
                    primitive["targets"] = [{"POSITION": draft.sparse(still, 1e-7)} for _ in ARKIT_SHAPES]
            mesh["extras"]["targetNames"] = list(ARKIT_SHAPES)
            mesh["weights"] = [0.0] * len(ARKIT_SHAPES)


def _note(found: Found, name: str, bind: Bind) -> None:
    if not name:
        return
    found.named.setdefault(plain(name), []).append(bind)
    if arkit(name):
        found.exact.setdefault(arkit(name), []).append(bind)


def _way(shape: str, found: Found) -> tuple[Source, ...]:
    for way in DERIVED.get(shape, ()):
        if all(source.name in found.named for source in way):
            return way
    return ()


def _ingredients(shape: str, found: Found, mesh: int) -> list[tuple[int, float, str]]:
    """Returns (target, weight, side) of an ARKit shape on one mesh."""
    if shape in found.exact:
        return [(target, weight, "") for m, target, weight in found.exact[shape] if m == mesh]
    return [
        (target, weight * source.factor, source.side)
        for source in _way(shape, found)
        for m, target, weight in found.named[source.name]
        if m == mesh
    ]


def _mixed(
    glb: Glb, given: list[Json], parts: list[tuple[int, float, str]], kind: str, count: int, left: Floats
) -> Floats:
    out = np.zeros((count, 3), np.float32)
    for target, weight, side in parts:
        if target < len(given) and kind in given[target]:
            share = {"": np.ones_like(left), "left": left, "right": 1 - left}[side][:, None]
            out += np.float32(weight) * share * np.asarray(glb.accessor(given[target][kind]), np.float32)
    return out


def _expressions(glb: Glb) -> dict[str, list[Bind]]:
    """Returns VRM expression (1.0 name) -> binds."""
    extensions = glb.json.get("extensions", {})
    found: dict[str, list[Bind]] = {}
    old = extensions.get("VRM", {}).get("blendShapeMaster", {}).get("blendShapeGroups", [])
    for group in old if isinstance(old, list) else []:
        preset = str(group.get("presetName", "")).lower()
        name = VRM0_PRESETS.get(preset) or str(group.get("name", "")) or preset
        found[name] = [
            (int(b["mesh"]), int(b["index"]), float(b.get("weight", 100)) / 100) for b in group.get("binds", [])
        ]
    groups = extensions.get("VRMC_vrm", {}).get("expressions", {})
    for family in ("preset", "custom"):
        for name, expression in (groups.get(family) or {}).items():
            found[name] = [
                (int(glb.item("nodes", b["node"])["mesh"]), int(b["index"]), float(b.get("weight", 1.0)))
                for b in expression.get("morphTargetBinds", [])
                if "mesh" in glb.item("nodes", b["node"])
            ]
    return found
