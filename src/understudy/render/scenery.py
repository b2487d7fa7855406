"""A glTF model as a set: read safely, stood around the actor, lit, and drawn through the lens.

The actor stands at the model's origin, or at its node named 'actor', feet on the floor, and faces +z (glTF's front).
Lamps are those of KHR_lights_punctual; emissive parts become glows; without either there is soft daylight. Files that
are damaged, too large or that point outside themselves are refused (hub.glb).
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput
from understudy.hub.body import Picture
from understudy.hub.glb import MAX_BYTES, Glb, read_glb
from understudy.hub.place import Ambience, Backdrop, Glow, Grade, Light, Place, Plate
from understudy.render.exposure import FACE, face_light, scaled

Floats = npt.NDArray[np.floating[Any]]

EYE_HEIGHT_M = 1.6
_MAX_TRIANGLES = 3_000_000
_MAX_NODES = 20_000
_MAX_PARTS = 4_000
_BRIGHTEST = 10.0
"""Radiance at which a lamp's own surface is cut: files mix units, and a lens would flare."""
_DAYLIGHT = (
    (Light("daylight", (-0.6, 0.7, 0.5), (2.4, 2.35, 2.25), 0.4, True),),
    Ambience((0.5, 0.52, 0.56), (0.4, 0.4, 0.4), (0.24, 0.22, 0.2)),
)


@dataclass(frozen=True, eq=False)
class Part:
    """One surface in stage space. positions, normals: (n, 3). uv: (n, 2). triangles: (m, 3). colour: linear RGB factor
    on its picture; emission: radiance of its own, linear RGB.
    """

    positions: Floats
    normals: Floats
    uv: Floats
    triangles: npt.NDArray[np.int32]
    colour: tuple[float, float, float]
    picture: Picture | None
    emission: tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Scenery:
    """A model around the actor. lights, ambience: what lights both, scaled so that a face is well exposed.

    points_m: for each light its place in stage space, None when it is far away. exposure: factor that the model's own
    radiances were scaled by.
    """

    parts: tuple[Part, ...]
    lights: tuple[Light, ...]
    points_m: tuple[tuple[float, float, float] | None, ...]
    ambience: Ambience
    exposure: float


def place_of_model(path: Path, plate: Plate) -> Place:
    """Returns the place of a .glb. Raises BadInput in one sentence."""
    scenery = read_scenery(path)
    a = scenery.ambience
    return Place(
        name=path.stem,
        description=f"{path.name}: a model around the actor.",
        lights=scenery.lights,
        ambience=a,
        backdrop=Backdrop(a.up, a.horizon, a.down, (), 0.045, plate=plate),
        grade=Grade(vignette=0.14),
    )


def read_scenery(path: Path, turn_rad: float = 0.0) -> Scenery:
    """Returns what a .glb holds, stood around the actor and turned by a yaw. Raises BadInput."""
    try:
        stat = path.stat()
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}); give the path of a .glb.") from error
    if stat.st_size > MAX_BYTES:
        raise BadInput(f"{path} has {stat.st_size >> 20} MB, and a set may have {MAX_BYTES >> 20}; make it smaller.")
    return _read(str(path), stat.st_mtime_ns, turn_rad)


@lru_cache(maxsize=1)
def _read(path: str, changed: int, turn_rad: float) -> Scenery:
    glb = read_glb(Path(path).read_bytes(), path)
    try:
        world = _world(glb)
        stand = _stand(glb, world, turn_rad)
        parts = _parts(glb, world, stand)
        found = _lamps(glb, world, stand)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, RecursionError) as error:
        raise BadInput(f"{path} is not a usable glTF model ({error}); export it again as GLB.") from error
    if not parts:
        raise BadInput(f"{path} has no surfaces in it; export the meshes of the set as GLB.")
    glows = _glows(parts)
    lights: tuple[Light, ...]
    points: tuple[tuple[float, float, float] | None, ...]
    if not found and not glows:
        (lights, ambience), points = _DAYLIGHT, (None,)
    else:
        lights = tuple(light for light, _ in found)
        points = tuple(point for _, point in found)
        total = max([max(light.colour) for light in lights] + [max(g.radiance) * g.half_width for g in glows])
        quiet = 0.05 * total
        ambience = Ambience((1.2 * quiet,) * 3, (quiet,) * 3, (0.6 * quiet,) * 3, glows)
        if not lights:
            glow = glows[0]
            lights, points = (Light("glow", glow.towards, glow.radiance, 0.4, True),), (None,)
    factor = FACE / max(face_light(lights, ambience), 1e-9)
    lights, ambience = scaled(lights, ambience, factor)
    lit = tuple(replace(p, emission=_three(np.minimum(np.multiply(p.emission, factor), _BRIGHTEST))) for p in parts)
    dimmed = tuple(replace(g, radiance=_three(np.minimum(g.radiance, 1.6 * _BRIGHTEST))) for g in ambience.glows)
    ambience = replace(ambience, glows=dimmed)
    return Scenery(lit, lights, points, ambience, factor)


def _world(glb: Glb) -> list[Floats | None]:
    """Returns the (4, 4) world matrix of every node of the scene, None for those outside it."""
    nodes = glb.items("nodes")
    if len(nodes) > _MAX_NODES:
        raise glb.damaged(f"it has {len(nodes)} nodes")
    scenes = glb.items("scenes")
    scene = scenes[int(glb.json.get("scene", 0))] if scenes else {"nodes": list(range(len(nodes)))}
    out: list[Floats | None] = [None] * len(nodes)
    todo = [(int(i), np.eye(4)) for i in scene.get("nodes", [])]
    while todo:
        i, parent = todo.pop()
        node = glb.item("nodes", i)
        if out[i] is not None:
            raise glb.damaged("its nodes form a loop")
        matrix = parent @ _local(node)
        out[i] = matrix
        todo += [(int(child), matrix) for child in node.get("children", [])]
    return out


def _local(node: dict[str, Any]) -> Floats:
    if "matrix" in node:
        return np.asarray(node["matrix"], np.float64).reshape(4, 4).T
    x, y, z, w = (float(q) for q in node.get("rotation", (0, 0, 0, 1)))
    out = np.eye(4)
    out[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    out[:3, :3] *= np.asarray(node.get("scale", (1, 1, 1)), np.float64)
    out[:3, 3] = node.get("translation", (0, 0, 0))
    return out


def _stand(glb: Glb, world: list[Floats | None], turn_rad: float) -> Floats:
    """Returns the (4, 4) stage-from-model: eyes over the origin or over the node 'actor', turned as that is."""
    at: Floats = np.zeros(3)
    yaw = turn_rad
    for node, matrix in zip(glb.items("nodes"), world, strict=True):
        if matrix is not None and str(node.get("name", "")).lower() == "actor":
            at, yaw = matrix[:3, 3], turn_rad - float(np.arctan2(matrix[0, 2], matrix[2, 2]))
    out = np.eye(4)
    c, s = np.cos(yaw), np.sin(yaw)
    out[:3, :3] = [[c, 0, s], [0, 1, 0], [-s, 0, c]]
    out[:3, 3] = out[:3, :3] @ -at - [0, EYE_HEIGHT_M, 0]
    return out


def _parts(glb: Glb, world: list[Floats | None], stand: Floats) -> tuple[Part, ...]:
    parts: list[Part] = []
    total = 0
    for node, matrix in zip(glb.items("nodes"), world, strict=True):
        if matrix is None or "mesh" not in node:
            continue
        place = stand @ matrix
        for primitive in glb.item("meshes", node["mesh"]).get("primitives", []):
            if primitive.get("mode", 4) != 4:
                continue
            part = _part(glb, primitive, place)
            total += len(part.triangles)
            parts.append(part)
            if total > _MAX_TRIANGLES or len(parts) > _MAX_PARTS:
                raise BadInput(
                    f"{glb.where} has more than {_MAX_TRIANGLES // 1_000_000} million triangles or {_MAX_PARTS} parts; "
                    "make the set simpler."
                )
    return tuple(parts)


def _part(glb: Glb, primitive: dict[str, Any], place: Floats) -> Part:
    from understudy.hub.glb import MAX_ELEMENTS

    attributes = primitive["attributes"]
    positions = np.asarray(glb.accessor(attributes["POSITION"]), np.float64)
    if len(positions) > MAX_ELEMENTS or not np.isfinite(positions).all():
        raise glb.damaged("a mesh of it has impossible vertices")
    count = len(positions)
    triangles = glb.accessor(primitive["indices"]) if "indices" in primitive else np.arange(count // 3 * 3)
    triangles = np.asarray(triangles, np.int64)[: len(triangles) // 3 * 3].reshape(-1, 3)
    if len(triangles) and int(triangles.max()) >= count:
        raise glb.damaged("a triangle of it points outside its mesh")
    stood = positions @ place[:3, :3].T + place[:3, 3]
    if "NORMAL" in attributes:
        normals = np.asarray(glb.accessor(attributes["NORMAL"]), np.float64) @ np.linalg.inv(place[:3, :3])
    else:
        normals = np.zeros_like(stood)
        a, b, c = (stood[triangles[:, k]] for k in range(3))
        for k in range(3):
            np.add.at(normals, triangles[:, k], np.cross(b - a, c - a))
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    uv = np.asarray(glb.accessor(attributes["TEXCOORD_0"]), np.float32) if "TEXCOORD_0" in attributes else None
    material = glb.item("materials", primitive["material"]) if "material" in primitive else {}
    surface = material.get("pbrMetallicRoughness", {})
    extras = material.get("extensions", {})
    strength = float(extras.get("KHR_materials_emissive_strength", {}).get("emissiveStrength", 1.0))
    picture = None
    if "baseColorTexture" in surface:
        texture = glb.item("textures", surface["baseColorTexture"]["index"])
        if "source" in texture:
            picture = Picture(str(texture["source"]), glb.image_bytes(texture["source"]))
    return Part(
        stood.astype(np.float32),
        normals.astype(np.float32),
        np.zeros((count, 2), np.float32) if uv is None else uv,
        triangles.astype(np.int32),
        _three(surface.get("baseColorFactor", (0.8, 0.8, 0.8))[:3]),
        picture,
        _three(np.multiply(material.get("emissiveFactor", (0, 0, 0)), strength)),
    )


def _lamps(
    glb: Glb, world: list[Floats | None], stand: Floats
) -> list[tuple[Light, tuple[float, float, float] | None]]:
    """Returns the three strongest lamps (as they are at the actor) with their places."""
    kinds = glb.json.get("extensions", {}).get("KHR_lights_punctual", {}).get("lights", [])
    out: list[tuple[Light, tuple[float, float, float] | None]] = []
    for node, matrix in zip(glb.items("nodes"), world, strict=True):
        number = node.get("extensions", {}).get("KHR_lights_punctual", {}).get("light")
        if matrix is None or number is None:
            continue
        lamp, place = kinds[int(number)], stand @ matrix
        colour = np.asarray(lamp.get("color", (1, 1, 1)), np.float64) * float(lamp.get("intensity", 1.0))
        point = None
        towards = place[:3, 2]
        if lamp.get("type") != "directional":
            point, towards = _three(place[:3, 3]), place[:3, 3]
            colour = colour / max(float(towards @ towards), 0.04) / 683.0  # candela to W/sr, at 683 lm/W
        if np.linalg.norm(towards) > 1e-6 and colour.max() > 0:
            out.append((Light(str(node.get("name", "lamp")), _three(towards), _three(colour), 0.08), point))
    out.sort(key=lambda entry: -max(entry[0].colour))
    return [(replace(light, casts_shadow=i == 0), point) for i, (light, point) in enumerate(out[:3])]


def _glows(parts: tuple[Part, ...]) -> tuple[Glow, ...]:
    """Returns the six emissive parts that give the actor most light, as rectangles."""
    out: list[tuple[float, Glow]] = []
    for part in parts:
        if max(part.emission) <= 0 or not len(part.triangles):
            continue
        low, high = part.positions.min(0), part.positions.max(0)
        middle = (low + high) / 2
        away = max(float(np.linalg.norm(middle)), 0.2)
        size = np.sort(high - low)[::-1] / 2 / away
        half = float(np.clip(size[0], 0.03, 1.2)), float(np.clip(size[1], 0.03, 1.2))
        tall = high[1] - low[1] > np.hypot(high[0] - low[0], high[2] - low[2])
        wide, high_ = (half[1], half[0]) if tall else half
        out.append((max(part.emission) * half[0] * half[1], Glow(_three(middle), wide, high_, part.emission, 0.05)))
    out.sort(key=lambda entry: -entry[0])
    return tuple(glow for _, glow in out[:6])


def _three(values: Any) -> tuple[float, float, float]:
    a, b, c = (float(v) for v in values)
    return a, b, c
