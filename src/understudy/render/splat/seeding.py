"""The first Gaussians of a body, before anything is learned: flat on its surfaces, long on its hairs.

How densely a part is sown follows from how closely a camera looks at it and how much goes on there: eyes and lips get
most, cloth least. Colours are those of the textures.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.directions import even_directions
from understudy.hub.avatar import HARMONICS, Avatar, AvatarRecord
from understudy.hub.body import Body, Mesh
from understudy.hub.groom import Groom
from understudy.render import strands
from understudy.render.environment import harmonics
from understudy.render.figure import kind_of
from understudy.render.framing import eye_middle
from understudy.render.splat.drivers import DRIVERS, MIXES
from understudy.render.splat.lighting import DIFFUSE
from understudy.render.splat.posing import Carriers
from understudy.render.sway import FREE_OVER_M, looseness

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_DENSITY = {"skin": 1.0, "eye": 12.0, "mouth": 1.0, "plain": 1.2, "cloth": 0.5, "brow": 1.0, "lash": 1.0}
"""Gaussians an area against bare skin far from eyes and mouth, before the weight of the face; of ribbons: a vertex."""
_LEFT_OUT = ("cornea", "tear", "lens")
_GROWN = ("hair", "fine", "beard")
_STRETCH = 10.0
"""How much longer a Gaussian of cloth is than wide: ribs and stitches run down it."""
_BACK = 0.15
"""How densely cloth is sown on the back, against the front."""
_FACE, _FINE = 5.0, 3.0
"""How much denser the face is sown than other skin, and eyes and lips than the face."""
_HAIR = 0.26
"""Share of all that goes to the hair of the head."""
_THIN = 0.22
"""Thickness of a Gaussian on a surface, against its width."""
_OVERLAP = 0.62
"""Standard deviation against the distance to the next one."""
_GLOSS = {"skin": (0.02, 14.0), "eye": (0.03, 900.0), "mouth": (0.03, 60.0), "cloth": (0.003, 4.0)}
_FIBRE = (0.02, 40.0)
_PIECES = 6
"""Pieces of a long hair, each one Gaussian."""
_THICK_M, _MANY = 0.0007, 18_000
"""Standard deviation across one of so many pieces of hair: a pixel of a close picture. Fewer are thicker, to cover."""
_CHOICE = 4
"""So many times as many pieces are grown as are wanted: those near the air are taken."""
_BURIED_M, _UNSEEN = 0.006, 0.06
"""How deep in the hair pieces become fewer by 1 / e, and what share of them stays however deep."""
_WAYS, _BEHIND, _CELL_M = 60, -0.1, 0.006
"""Ways out of the hair that are looked along, how far they may lead to behind the head, and the cells on them."""
_SHADED = 0.3
"""Light that reaches the inside of a mouth, against what reaches skin."""
_FELT = 0.95
"""How far shadows are felt at first."""
_CORNEA_M = 0.0078


@dataclass(frozen=True, eq=False)
class Seeds:
    """One lot of Gaussians on one part, see `Avatar`; albedo: (n, 3) linear."""

    carrier: Ints
    place_m: Floats
    axes: Floats
    size_m: Floats
    normal: Floats
    albedo: Floats
    gloss: Floats
    loose: Floats
    opacity: float


def sow(body: Body, body_sha256: str, count: int, seed: int, teacher: str) -> Avatar:
    """Returns about `count` Gaussians on a body."""
    draw = np.random.default_rng(seed)
    names = tuple(m.name for m in body.meshes if kind_of(m) not in _LEFT_OUT and not _is_grown(m, body))
    carriers = Carriers(body, names)
    lots: list[Seeds] = []
    hair = [g for g in body.grooms if g.name in _GROWN]
    on_hair = round(count * _HAIR) if any(g.name == "hair" for g in hair) else 0
    weights = [_weights(body, mesh) for mesh in carriers.meshes]
    total = sum(float(w.sum()) for w in weights)
    for mesh, weight in zip(carriers.meshes, weights, strict=True):
        wanted = round((count - on_hair) * float(weight.sum()) / max(total, 1e-9))
        if wanted:
            lots.append(_on_surface(body, carriers, mesh, weight, wanted, draw))
    shares = {groom.name: {"hair": 0.86, "fine": 0.14, "beard": 0.25}[groom.name] for groom in hair}
    for groom in hair:
        share = shares[groom.name] / max(sum(shares.values()), 1.0)
        lots.append(_on_hair(body, carriers, groom, max(64, round(max(on_hair, count // 10) * share)), draw))
    record = AvatarRecord(body_sha256, names, teacher, DRIVERS)
    return _together(record, lots, draw)


def _is_grown(mesh: Mesh, body: Body) -> bool:
    """Tells whether a mesh stands in for hair that is known strand by strand."""
    name = mesh.material.name.lower()
    grown = {groom.name for groom in body.grooms}
    return name.startswith(("hair", "beard")) and bool(grown & set(_GROWN))


def _weights(body: Body, mesh: Mesh) -> Floats:
    """Returns (triangles,) how much of the sowing goes to each."""
    a, b, c = (mesh.positions[mesh.triangles[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
    kind, name = kind_of(mesh), mesh.material.name.lower()
    middle = (a + b + c) / 3
    eyes = eye_middle(body)
    if kind == "strand":
        # ribbons: by length and not by area, an even number a hair
        return np.asarray((1.2e-6 if name.startswith("lash") else 8e-7) * (area > 0), np.float32)
    weight = area * _DENSITY.get(kind, 1.0)
    if kind == "eye":
        front = middle[:, 2] - middle[:, 2].max() + 0.012
        return np.asarray(weight * np.clip(front / 0.004, 0, 1), np.float32)
    if kind == "mouth":
        return np.asarray(weight * np.clip((middle[:, 2] - eyes[2] + 0.045) / 0.02, 0.02, 1) * 1.6, np.float32)
    if kind == "skin":
        p = middle - eyes
        face = np.clip((p[:, 2] + 0.055) / 0.04, 0, 1) * np.clip((p[:, 1] + 0.15) / 0.03, 0, 1)
        face *= np.clip((0.10 - p[:, 1]) / 0.02, 0, 1)
        spots = [body.origin(n) - eyes for n in ("leftEye", "rightEye") if n in body.joint_index]
        spots.append(np.array([0.0, -0.068, 0.012]))
        near = np.min([np.linalg.norm((p - s) * (1.0, 1.3, 0.5), axis=1) for s in spots], 0)
        fine = np.clip((0.034 - near) / 0.012, 0, 1)
        below = np.clip((p[:, 1] + 0.34) / 0.1, 0.55, 1)  # hands
        weight = weight * below * (1 + (_FACE - 1) * face) * (1 + (_FINE - 1) * fine * face)
        weight = weight * np.where(_inward(mesh, middle), 0.15, 1.0)
    if kind == "cloth":
        weight = weight * np.clip((middle[:, 1] - eyes[1] + 0.62) / 0.2, 0.3, 1)
        behind = mesh.normals[mesh.triangles].mean(1)[:, 2]
        weight = weight * np.clip(1.3 + 3 * behind, _BACK, 1)
    return np.asarray(weight * (area > 1e-10), np.float32)


def _inward(mesh: Mesh, middle: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Tells which triangles face back from the front of the head: the skin under hair."""
    normal = mesh.normals[mesh.triangles].mean(1)
    return np.asarray((normal[:, 2] < -0.35) & (middle[:, 1] > middle[:, 1].max() - 0.24))


def _on_surface(
    body: Body, carriers: Carriers, mesh: Mesh, weight: Floats, wanted: int, draw: np.random.Generator
) -> Seeds:
    chance = weight / weight.sum()
    # even, not clumped: one draw a stretch of the cumulative weight
    at = (np.arange(wanted) + draw.random(wanted)) / wanted
    pick = np.minimum(np.searchsorted(np.cumsum(chance), at), len(chance) - 1)
    root = np.sqrt(draw.random(wanted))
    other = draw.random(wanted)
    bary = np.stack([1 - root, root * (1 - other), root * other], -1).astype(np.float32)
    corners = mesh.triangles[pick]
    place = np.einsum("nk,nkc->nc", bary, mesh.positions[corners])
    normal = _unit(np.einsum("nk,nkc->nc", bary, mesh.normals[corners]))
    a, b, c = (mesh.positions[corners[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
    expected = chance[pick] * wanted
    wide = _OVERLAP * np.sqrt(area / np.maximum(expected, 1e-9))
    wide = np.clip(wide, 1.5e-4, 0.008).astype(np.float32)
    kind = kind_of(mesh)
    if kind == "strand":
        longest = np.argmax(np.stack([np.linalg.norm(b - a, axis=1), np.linalg.norm(c - b, axis=1)]), 0)
        along = _unit(np.where(longest[:, None] == 0, b - a, c - b))
        axes = _axes(along, normal)
        length = np.linalg.norm(np.where(longest[:, None] == 0, b - a, c - b), axis=1)
        wide_m = 2 * area / np.maximum(length, 1e-6)
        size = np.stack([0.6 * length, 0.35 * wide_m, 0.3 * wide_m], -1)
        opacity, gloss = 0.6, (0.0, 4.0)
    elif kind == "cloth":
        long = np.float32(np.sqrt(_STRETCH))
        axes = _axes(_unit(_down_the_weave(mesh, corners)), normal)
        size = np.stack([wide * long, wide / long, _THIN * wide / long], -1)
        opacity, gloss = 0.85, _GLOSS[kind]
    else:
        axes = _axes(_unit(b - a), normal)
        size = np.stack([wide, wide, _THIN * wide], -1)
        opacity, gloss = 0.85, _GLOSS.get(kind, (0.01, 8.0))
    if kind == "eye" and mesh.anchor in body.joint_index:
        normal = _cornea(place - body.origin(mesh.anchor).astype(np.float32), normal)
    return Seeds(
        carrier=(carriers.of_mesh(mesh.name) + pick).astype(np.int32),
        place_m=place.astype(np.float32),
        axes=axes,
        size_m=np.maximum(size, 3e-5).astype(np.float32),
        normal=normal,
        albedo=albedo_at(body, mesh, corners, bary) * np.float32(_SHADED if kind == "mouth" else 1.0),
        gloss=np.tile(np.asarray(gloss, np.float32), (wanted, 1)),
        loose=np.zeros(wanted, np.float32),
        opacity=opacity,
    )


def _down_the_weave(mesh: Mesh, corners: npt.NDArray[np.integer[Any]]) -> Floats:
    """Returns (n, 3) the way on each triangle (n, 3) along which its texture only goes down: that of ribs."""
    a, b, c = (mesh.positions[corners[:, k]] for k in range(3))
    if mesh.uv is None:
        return np.asarray(b - a, np.float32)
    p, q, r = (mesh.uv[corners[:, k]] for k in range(3))
    along = (q - p)[:, :1] * (c - a) - (r - p)[:, :1] * (b - a)
    return np.asarray(np.where(np.linalg.norm(along, axis=1, keepdims=True) > 1e-9, along, b - a), np.float32)


def _cornea(local: Floats, normal: Floats) -> Floats:
    """Returns the normals with which the wet front of an eye mirrors: those of the cornea before the iris."""
    out = local * np.array([1, 1, 0], np.float32)
    out[:, 2] = np.sqrt(np.maximum(_CORNEA_M**2 - (out**2).sum(1), (0.3 * _CORNEA_M) ** 2))
    inside = (np.hypot(local[:, 0], local[:, 1]) < 0.0062) & (local[:, 2] > 0)
    return np.where(inside[:, None], _unit(out), normal)


def _on_hair(body: Body, carriers: Carriers, groom: Groom, wanted: int, draw: np.random.Generator) -> Seeds:
    pieces = _PIECES if groom.points.shape[1] > 10 else 3
    lines = max(24, _CHOICE * wanted // pieces)
    share = min(1.0, lines / groom.children) if groom.children else 1.0
    grown = strands.grow(groom, share=share, points=pieces + 1)
    start, end = grown.points[:, :-1].reshape(-1, 3), grown.points[:, 1:].reshape(-1, 3)
    place = (start + end) / 2
    fine = strands.resampled(grown.points[::_CHOICE], 10 * pieces).reshape(-1, 3)
    open_ = np.exp(-buried(place.astype(np.float32), fine) / np.float32(_BURIED_M)) + np.float32(_UNSEEN)
    pick = np.sort(draw.choice(len(place), min(wanted, len(place)), replace=False, p=open_ / open_.sum()))
    line, along = pick // pieces, ((pick % pieces + 0.5) / pieces).astype(np.float32)
    place, way = place[pick], (end - start)[pick]
    length = np.linalg.norm(way, axis=1)
    eyes = eye_middle(body).astype(np.float32)
    outward = _unit(place - (eyes + np.array([0, 0.01, -0.075], np.float32)))
    axes = _axes(_unit(way), outward)
    thick = _THICK_M * float(np.sqrt(_MANY / wanted)) if groom.name == "hair" else 0.0004
    size = np.stack([0.45 * length, np.full_like(length, thick), np.full_like(length, thick)], -1)
    if groom.name == "beard":
        carrier = _rooted_on(carriers, groom)[grown.guide[line]]
        loose = np.zeros(len(place), np.float32)
    else:
        carrier = np.full(len(place), carriers.of_joint("head" if "head" in body.joint_index else body.joints[0].name))
        free_y = float(body.origin("head")[1]) + FREE_OVER_M if "head" in body.joint_index else -1e9
        loose = looseness(place, along, free_y)
    return Seeds(
        carrier=carrier.astype(np.int32),
        place_m=place.astype(np.float32),
        axes=axes,
        size_m=np.maximum(size, 5e-5).astype(np.float32),
        normal=outward,
        albedo=grown.tint[line].astype(np.float32),
        gloss=np.tile(np.asarray(_FIBRE, np.float32), (len(place), 1)),
        loose=np.asarray(loose, np.float32),
        opacity=0.7 if groom.name == "hair" else 0.4,
    )


def buried(place: Floats, hair: npt.NDArray[Any]) -> Floats:
    """Returns (n,) metres of hair that lie over each place on the shortest of the ways towards a camera.

    hair: (m, 3) points close along it.
    """
    out = np.full(len(place), np.inf, np.float32)
    for way in even_directions(_WAYS).astype(np.float32):
        if way[2] < _BEHIND:
            continue
        across = np.cross(way, [0, 1, 0] if abs(way[1]) < 0.9 else [0, 0, 1]).astype(np.float32)
        across /= np.linalg.norm(across)
        up = np.cross(way, across)
        low = np.array([(hair @ across).min(), (hair @ up).min()])
        cells = [np.floor((np.stack([p @ across, p @ up], 1) - low) / _CELL_M).astype(np.int64) for p in (hair, place)]
        wide = cells[0].max(0) + 1
        cell, at = (np.clip(c, 0, wide - 1) @ (wide[1], 1) for c in cells)
        nearest = np.full(wide[0] * wide[1], -np.inf, np.float32)
        np.maximum.at(nearest, cell, hair @ way)
        out = np.minimum(out, np.maximum(nearest[at] - place @ way, 0))
    return out


def _rooted_on(carriers: Carriers, groom: Groom) -> Ints:
    """Returns (guides,) the carrier of the triangle of the skin each guide has its root in."""
    skin = next(mesh for mesh in carriers.meshes if kind_of(mesh) == "skin")
    known = {tuple(sorted(t)): i for i, t in enumerate(skin.triangles.tolist())}
    first = carriers.of_mesh(skin.name)
    return np.array([first + known.get(tuple(sorted(c)), 0) for c in groom.corners.tolist()], np.int32)


def albedo_at(body: Body, mesh: Mesh, corners: Ints, bary: Floats) -> Floats:
    """Returns (n, 3) linear colour of the surface at each place."""
    colour = np.tile(np.asarray(mesh.material.base_colour[:3], np.float32), (len(corners), 1))
    if mesh.material.albedo is not None and mesh.uv is not None:
        pixels = body.pictures[mesh.material.albedo].pixels(1024)
        uv = np.einsum("nk,nkc->nc", bary, mesh.uv[corners]) % 1.0
        x = np.clip(uv[:, 0] * pixels.shape[1], 0, pixels.shape[1] - 1).astype(int)
        y = np.clip(uv[:, 1] * pixels.shape[0], 0, pixels.shape[0] - 1).astype(int)
        coded = pixels[y, x] / 255.0
        colour = colour * np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    if mesh.colour is not None:
        colour = colour * np.einsum("nk,nkc->nc", bary, mesh.colour[corners][..., :3])
    return colour.astype(np.float32)


def _together(record: AvatarRecord, lots: list[Seeds], draw: np.random.Generator) -> Avatar:
    joined = {f: np.concatenate([getattr(lot, f) for lot in lots]) for f in ("carrier", "place_m", "size_m", "normal")}
    axes, albedo = np.concatenate([lot.axes for lot in lots]), np.concatenate([lot.albedo for lot in lots])
    n = len(albedo)
    basis = harmonics(joined["normal"].astype(np.float64)) * DIFFUSE
    transfer = basis[:, :, None] * albedo[:, None, :]
    avatar = Avatar(
        record,
        carrier=joined["carrier"],
        place_m=joined["place_m"],
        turn=_quaternions(axes),
        size_m=joined["size_m"],
        opacity=np.concatenate([np.full(len(lot.albedo), lot.opacity, np.float32) for lot in lots]),
        loose=np.concatenate([lot.loose for lot in lots]),
        transfer=transfer.astype(np.float32),
        gain=np.zeros((n, MIXES), np.float32),
        gloss=np.concatenate([lot.gloss for lot in lots]).astype(np.float32),
        normal=joined["normal"].astype(np.float32),
        sheen=np.zeros((n, 3), np.float32),
        felt=np.full(n, _FELT, np.float32),
        mix=(draw.standard_normal((MIXES, len(DRIVERS))) * 0.3).astype(np.float32),
    )
    assert transfer.shape[1] == HARMONICS
    return avatar.picked(np.ones(n, bool))


def _axes(first: Floats, normal: Floats) -> Floats:
    """Returns (n, 3, 3) right-handed turns, columns: along `first`, across, and as near to `normal` as that allows."""
    across = _unit(np.cross(normal, first))
    return np.stack([first, across, np.cross(first, across)], -1).astype(np.float32)


def _quaternions(axes: Floats) -> Floats:
    from scipy.spatial.transform import Rotation

    return np.asarray(np.roll(Rotation.from_matrix(axes).as_quat(), 1, 1), np.float32)


def _unit(rows: npt.NDArray[Any]) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9), np.float32)
