"""An actor's meshes and textures on the drawing side."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.errors import BadInput
from understudy.hub.body import Body, Material, Matrices, Mesh, Picture
from understudy.render.furrows import furrows
from understudy.render.gesturing import FREE_JOINTS
from understudy.render.known import Known
from understudy.render.programs import Programs
from understudy.render.seen import seen_triangles
from understudy.render.shape import Shape
from understudy.render.threads import COAT, FIBRE, with_strands
from understudy.render.trimming import coarser, facing_out, merged, order, pieces_of, sides, thinned, with_neighbours
from understudy.render.uniforms import MAX_JOINTS, StageBlock

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

_COARSE_BELOW = 2600.0
"""Samples a metre below which subdivided skin is drawn one step coarser: its triangles would be smaller than the
4 x 4 blocks in which pictures are shaded, and most of that work would be thrown away."""
_FINE_FROM = 2600.0
"""Samples a metre from which furrows finer than the texture are shaded."""
_SILKEN = 0.3
"""Gloss above which a cloth is drawn with highlights."""
_DRAWN = 0.6
"""Least half width of a drawn hair, in samples; a narrower one is drawn so wide and as much fainter."""

_MERGED = ("cloth", "mouth")
"""Kinds whose details may be merged when they are smaller than a sample; lips and lids must stay apart."""
_SHADING = 4
"""One strand in so many casts a shadow; at the size of a shadow's texels they close."""


@dataclass(eq=False)
class Costume:
    """One mesh, ready to draw.

    kind: skin | eye | cornea | tear | mouth | strand | hair | fibre | coat | cloth | lens | plain.
    draws: pass name ('colour', 'shadow') -> vertex array. textures: (unit, texture, uniform name).
    """

    mesh: Mesh
    kind: str
    draws: dict[str, Any] = field(default_factory=dict)
    textures: list[tuple[int, Any, str]] = field(default_factory=list)
    shape: Shape | None = None
    stronger: float = 1.0
    index: Any = None
    reach: Any = None
    order: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros((0, 3), np.int32))


class Figure:
    """All costumes of a body. joint_map: body joint -> slot of the joint block."""

    def __init__(
        self, context: Any, programs: Programs, body: Body, texture_px: int, samples_per_m: float, merge_m: float = 0.0
    ) -> None:
        self._context = context
        self._programs = programs
        self._body = body
        self._texture_px = texture_px
        self._samples_per_m, self._merge_m = samples_per_m, merge_m
        self._made: dict[tuple[Any, ...], Any] = {}
        self._reads: dict[int, frozenset[str]] = {}  # program -> names it reads; `in` walks over a program each time
        if len(body.joints) > MAX_JOINTS:
            raise BadInput(f"This body has {len(body.joints)} joints, and {MAX_JOINTS} can be drawn; remove the rest.")
        # a bare head shows its outline
        self._bald = all(mesh.name != "hair" for mesh in body.meshes)
        self.costumes = [self._costume(mesh) for mesh in with_strands(body, samples_per_m)]

    def of(self, *kinds: str) -> list[Costume]:
        return [c for c in self.costumes if c.kind in kinds]

    def wear(self, face: Floats) -> None:
        """Puts a face (52 weights) on every mesh that moves with it."""
        for costume in self.costumes:
            if costume.shape is not None:
                costume.shape.wear(face)

    def leave_out_hidden(self, clip_from_stage: Matrices, block: StageBlock, key: Hashable) -> None:
        """Drops what the shot can never show (see `seen`); the joints must stand in the block.

        key: body and shot, all that the answer depends on.
        """
        chosen = [c for c in self.costumes if "identity" in c.draws]
        for costume in chosen:
            self.dress(costume, "identity", {"opaque_from": 0.5})
        ordered = [replace(c.mesh, triangles=c.order) for c in chosen]
        arrays = [(mesh, c.kind, c.draws["identity"]) for mesh, c in zip(ordered, chosen, strict=True)]
        free = [self._body.joint_index[name] for name in FREE_JOINTS if name in self._body.joint_index]
        found = _seen.of(key, lambda: seen_triangles(self._context, arrays, clip_from_stage, block, free))
        for costume, seen in zip(chosen, found, strict=True):
            if costume.kind == FIBRE:
                seen = with_neighbours(costume.mesh, seen)
            costume.index.write(np.ascontiguousarray(costume.order[seen]).tobytes())
            for name, array in costume.draws.items():
                if costume.kind == FIBRE and name == "shadow":
                    continue
                array.vertices = costume.order.shape[1] * int(seen.sum())

    def dress(self, costume: Costume, pass_name: str, values: Mapping[str, Any]) -> None:
        """Binds the textures of a mesh and sets those of `values` that its program reads."""
        program = costume.draws[pass_name].program
        if id(program) not in self._reads:
            self._reads[id(program)] = frozenset(program)
        reads = self._reads[id(program)]
        for unit, texture, name in costume.textures:
            texture.use(unit)
            if name in reads:
                program[name] = unit
        for name, value in values.items():
            if name in reads:
                program[name] = value

    def _costume(self, mesh: Mesh) -> Costume:
        kind = kind_of(mesh)
        stronger = 1.0
        if kind == "strand" and not mesh.material.name.lower().startswith("lash"):
            mesh, stronger = thinned(mesh, self._samples_per_m)
        elif kind == "skin" and self._samples_per_m < _COARSE_BELOW and not self._bald:
            mesh = coarser(mesh)
        elif kind == "mouth":
            mesh = facing_out(mesh)
        if self._merge_m and kind in _MERGED:
            mesh = merged(coarser(mesh), self._merge_m)
        costume = Costume(mesh, kind, stronger=stronger)
        both = np.hstack([mesh.positions, mesh.normals]).astype(np.float32)
        moving = self._context.buffer(both.tobytes(), dynamic=True)
        if mesh.morphs:
            costume.shape = Shape(mesh, moving)
        still, layout = self._still(mesh, kind)
        costume.order = order(mesh, kind).astype(np.int32)
        costume.index = index = self._context.buffer(costume.order.tobytes())
        costume.reach = self._context.buffer(b"\xff" * (4 * len(mesh.positions)))
        colour = self._colour(costume)
        buffers = [
            (moving, "3f 3f", "in_at", "in_normal"),
            (still, *layout),
            (costume.reach, "4f1", "in_reach"),
        ]
        if _folds(mesh) and costume.shape is not None:
            wrinkle = self._context.buffer(np.zeros(len(mesh.positions), np.float32).tobytes(), dynamic=True)
            costume.shape.fold(wrinkle)
            buffers.append((wrinkle, "1f", "in_fold"))

        def array(program: Any, index: Any = index) -> Any:
            known = [_only(buffer, program) for buffer in buffers]
            mode = self._context.LINES if kind == FIBRE else self._context.TRIANGLES
            return self._context.vertex_array(program, [b for b in known if b is not None], index, mode=mode)

        costume.draws["colour"] = array(colour)
        solid = kind not in ("cornea", "strand", "eye", "mouth", "tear", "lens")
        if kind == "hair":
            costume.draws["shadow"] = array(self._programs.get("depth", "SHADOW"))
            costume.draws["identity"] = array(self._programs.get("depth", "ALPHA", "IDENTITY", early=False))
        elif kind == FIBRE:
            costume.draws["identity"] = array(self._programs.get("depth", "IDENTITY"))
            some = costume.order.reshape(-1, pieces_of(mesh), 2)[::_SHADING]
            costume.draws["shadow"] = array(
                self._programs.get("depth", "SHADOW"), self._context.buffer(np.ascontiguousarray(some).tobytes())
            )
        elif solid:
            costume.draws["identity"] = array(self._programs.get("depth", "IDENTITY"))
            costume.draws["shadow"] = array(self._programs.get("depth", "SHADOW"))
        return costume

    def _colour(self, costume: Costume) -> Any:
        """Returns the program of the mesh's own look and fills in its textures and constants."""
        mesh, kind, material = costume.mesh, costume.kind, costume.mesh.material
        if kind == "skin":
            defines = ["MASKS", "SHADOW_LIFT=.0015"]
            costume.textures = [(0, self._albedo(material), "albedo"), (1, self._detail(material), "detail")]
            if _folds(mesh):
                defines.append("FOLDS")
                costume.textures.append((2, self._slopes(material.wrinkle), "folds"))
            if self._samples_per_m > _FINE_FROM:
                defines.append("FURROWS")
                costume.textures.append((3, self._furrows(), "furrows"))
            program = self._programs.get("skin", *defines)
        elif kind in ("eye", "cornea"):
            program = self._programs.get(kind, "MADE", "SHADOW_LIFT=.003")
            if kind == "eye":
                costume.textures = [(0, self._albedo(material), "albedo")]
        elif kind == "hair":
            tinted = ["COLOURED"] if mesh.colour is not None else []
            program = self._programs.get("hair", "STRAND", *tinted, "SHADOW_LIFT=.004", early=False)
            costume.textures = [(0, self._picture(material.albedo, 4), "albedo")]
        elif kind in (FIBRE, COAT):
            program = self._programs.get("strand", "FIBRE", "STRAND", "COLOURED", "SHADOW_LIFT=.004")
        elif kind == "tear":
            program = self._programs.get("tear", "TEAR", f"THIN={_DRAWN}", "SHADOW_LIFT=.004")
        elif kind == "lens":
            program = self._programs.get("spectacles", "SHADOW_LIFT=.003")
        elif kind == "strand":
            tinted = ["COLOURED"] if mesh.colour is not None else []
            program = self._programs.get("strand", "FIBRE", "STRAND", *tinted, f"THIN={_DRAWN}", "SHADOW_LIFT=.004")
        else:
            defines = ["MOUTH", "MADE"] if kind == "mouth" else ["CLOTH"] if kind == "cloth" else []
            if kind == "cloth" and fibre_of(material)[2] > _SILKEN:
                defines.append("SILK")
            if kind == "plain" and material.metallic > 0.5:
                defines.append("METAL")
            if mesh.colour is not None:
                defines.append("COLOURED")
            if material.albedo is not None and mesh.uv is not None:
                defines.append("TEXTURED")
                costume.textures.append((0, self._albedo(material), "albedo"))
            if material.normal is not None and mesh.uv is not None:
                defines.append("BUMPED")
                costume.textures.append((1, self._detail(material), "detail"))
            program = self._programs.get("surface", "SHADOW_LIFT=.002", *defines)
        return program

    def _still(self, mesh: Mesh, kind: str) -> tuple[Any, tuple[str, ...]]:
        """Returns the buffer of what never moves, and its layout."""
        count = len(mesh.positions)
        uv = mesh.uv if mesh.uv is not None else np.zeros((count, 2), np.float32)
        if kind == "tear" and mesh.strand is not None:
            uv = np.repeat(mesh.strand[:, 3:], 2, 1)
        parts: list[tuple[str, str, npt.NDArray[Any]]] = [
            ("4u1", "in_joints", mesh.joints.astype(np.uint8)),
            ("4f1", "in_weights", np.rint(mesh.weights * 255).astype(np.uint8)),
            ("2f", "in_uv", uv.astype(np.float32)),
        ]
        if kind == "skin":
            parts.append(("4f1", "in_masks", self._masks(mesh, uv)))
        if mesh.colour is not None and kind not in ("skin", "eye", "cornea"):
            parts.append(("3f", "in_colour", mesh.colour[:, :3].astype(np.float32)))
        if kind in ("hair", "strand", FIBRE, COAT):
            strand = mesh.strand if mesh.strand is not None else np.tile((0.0, -1.0, 0.0, 0.5), (count, 1))
            seed = mesh.seed if mesh.seed is not None else np.full(count, 0.5, np.float32)
            parts += [
                ("4f", "in_strand", strand.astype(np.float32)),
                ("1f", "in_seed", seed.astype(np.float32)[:, None]),
            ]
        if kind in ("strand", "tear"):
            parts.append(("3f", "in_side", sides(mesh)))
        rows = np.hstack([p.reshape(count, -1).view(np.uint8).reshape(count, -1) for _, _, p in parts])
        buffer = self._context.buffer(np.ascontiguousarray(rows).tobytes())
        return buffer, (" ".join(p[0] for p in parts), *(p[1] for p in parts))

    def _masks(self, mesh: Mesh, uv: Floats) -> Bytes:
        """Returns (n, 4): curvature, translucency and wetness at each vertex, from the mask texture; then flush."""
        flush = np.zeros(len(uv)) if mesh.flush is None else mesh.flush.reshape(-1)
        blood = np.rint(np.clip(flush, 0, 1) * 255).astype(np.uint8)[:, None]
        if mesh.material.masks is None:
            return np.hstack([np.tile(np.array([70, 0, 0], np.uint8), (len(uv), 1)), blood])
        pixels = _pixels(self._body.pictures[mesh.material.masks], 512)
        height, width = pixels.shape[:2]
        x = np.clip((uv[:, 0] % 1.0) * width, 0, width - 1).astype(int)
        y = np.clip((uv[:, 1] % 1.0) * height, 0, height - 1).astype(int)
        return np.hstack([pixels[y, x], blood])

    def _picture(self, index: int | None, channels: int) -> Any:
        key = ("picture", index, channels)
        if key not in self._made:
            pixels = (
                np.full((1, 1, channels), 255, np.uint8)
                if index is None
                else _pixels(self._body.pictures[index], self._texture_px, channels)
            )
            self._made[key] = self._texture(pixels)
        return self._made[key]

    def _albedo(self, material: Material) -> Any:
        """Returns the base colour as square roots of linear light, which the shaders square."""
        key = ("albedo", material.albedo)
        if key not in self._made:
            pixels = (
                np.full((1, 1, 3), 255, np.uint8)
                if material.albedo is None
                else _albedo(self._body.pictures[material.albedo], self._texture_px)
            )
            self._made[key] = self._texture(pixels)
        return self._made[key]

    def _detail(self, material: Material) -> Any:
        """Returns slope x, slope y, roughness and occlusion in one texture."""
        key = ("detail", material.normal, material.orm)
        if key not in self._made:
            normal = self._or_flat(material.normal, (128, 128, 255))
            orm = self._or_flat(material.orm, (255, 255, 0))
            size = max(normal.shape[0], orm.shape[0]), max(normal.shape[1], orm.shape[1])
            normal, orm = (_grown(p, size) for p in (normal, orm))
            self._made[key] = self._texture(np.dstack([normal[..., :2], orm[..., 1], orm[..., 0]]))
        return self._made[key]

    def _slopes(self, index: int | None) -> Any:
        """Returns the x and y of a normal map."""
        key = ("slopes", index)
        if key not in self._made:
            pixels = self._or_flat(index, (128, 128, 255))
            self._made[key] = self._texture(np.ascontiguousarray(pixels[..., :2]))
        return self._made[key]

    def _furrows(self) -> Any:
        """Returns a tile of the finest furrows of skin, slopes and depth."""
        key = ("furrows",)
        if key not in self._made:
            self._made[key] = self._texture(furrows())
        return self._made[key]

    def _or_flat(self, index: int | None, value: tuple[int, int, int]) -> Bytes:
        if index is None:
            return np.full((1, 1, 3), value, np.uint8)
        return _pixels(self._body.pictures[index], self._texture_px)

    def _texture(self, pixels: Bytes) -> Any:
        texture = self._context.texture(
            (pixels.shape[1], pixels.shape[0]), pixels.shape[2], np.ascontiguousarray(pixels).tobytes(), alignment=1
        )
        if min(pixels.shape[:2]) > 1:
            texture.build_mipmaps()
            texture.filter = (self._context.LINEAR_MIPMAP_NEAREST, self._context.LINEAR)
        return texture


_seen: Known[list[npt.NDArray[np.bool_]]] = Known(4)


@lru_cache(maxsize=18)
def _pixels(picture: Picture, max_px: int, channels: int = 3) -> Bytes:
    """Decodes a picture once: an actor stands on many sets. Two actors bring 18."""
    return picture.pixels(max_px, channels)


@lru_cache(maxsize=4)
def _albedo(picture: Picture, max_px: int) -> Bytes:
    """Returns sRGB texels as square roots of linear light."""
    value = np.arange(256) / 255.0
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.rint(np.sqrt(linear) * 255).astype(np.uint8)[picture.pixels(max_px)])


def _folds(mesh: Mesh) -> bool:
    """Whether a mesh has wrinkles that can be drawn."""
    return mesh.wrinkles is not None and mesh.uv is not None and mesh.material.wrinkle is not None


def fibre_of(material: Material) -> tuple[float, float, float]:
    """Returns sheen, fuzz and gloss of a cloth, 0..1, from extras.understudy.cloth; wool when it says nothing."""
    said = material.extras.get("cloth", {})
    known = said if isinstance(said, Mapping) else {}
    return float(known.get("sheen", 0.55)), float(known.get("fuzz", 0.5)), float(known.get("gloss", 0.0))


def kind_of(mesh: Mesh) -> str:
    """Returns how a mesh is shaded, from the name of its material (see `Costume.kind`)."""
    name = mesh.material.name.lower()
    if name in (FIBRE, COAT):
        return name
    for start, kind in _KINDS.items():
        if name.startswith(start):
            if kind == "hair" and mesh.material.albedo is None:
                return "strand"
            return kind
    return "plain"


_KINDS: Mapping[str, str] = {
    "skin": "skin",
    "eye": "eye",
    "cornea": "cornea",
    "teeth": "mouth",
    "tongue": "mouth",
    "gum": "mouth",
    "tear": "tear",
    "lash": "strand",
    "brow": "strand",
    "hairfine": "strand",
    "hair": "hair",
    "cloth": "cloth",
    "glasseslens": "lens",
}


def _only(buffer: tuple[Any, ...], program: Any) -> tuple[Any, ...] | None:
    """Returns the buffer's layout with what the program does not read turned into gaps."""
    data, layout, *names = buffer
    sizes = {"3f": "12x", "4u1": "4x", "4f1": "4x", "2f": "8x", "4f": "16x", "1f": "4x"}
    words = [w if n in program else sizes[w] for w, n in zip(layout.split(), names, strict=True)]
    kept = [n for n in names if n in program]
    return (data, " ".join(words), *kept) if kept else None


def _grown(pixels: Bytes, size: tuple[int, int]) -> Bytes:
    """Returns pixels repeated up to a size that is a multiple of theirs."""
    return pixels.repeat(max(1, size[0] // pixels.shape[0]), 0).repeat(max(1, size[1] // pixels.shape[1]), 1)
