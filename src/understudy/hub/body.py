"""The body of an actor, decoded from its `body.glb`: joints, meshes that ride them, morph targets, materials.

    rest vertex + sum of (weight x morph) --joint weights--> posed vertex

Every mesh comes out in metres in the actor's rest pose, whatever its quantisation or node transform was, so posing
needs only the turn of each joint against that pose. Units and axes are those of `base.channels`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.base.channels import ARKIT_SHAPES
from understudy.base.errors import BadInput, UnknownName
from understudy.hub.glb import read_glb
from understudy.hub.groom import Groom

Floats = npt.NDArray[np.float32]
Matrices = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]

_MAX_IMAGE_PX = 8192


@dataclass(frozen=True, eq=False)
class Picture:
    """An embedded image, still encoded. data: JPEG, PNG or WebP bytes."""

    name: str
    data: bytes

    def pixels(self, max_px: int = _MAX_IMAGE_PX, channels: int = 3) -> Bytes:
        """Returns (h, w, channels) uint8 as stored, halved until the longer side is at most `max_px`.

        Raises BadInput when the image is damaged or larger than 8192 pixels a side.
        """
        import io

        from PIL import Image

        try:
            with Image.open(io.BytesIO(self.data), formats=("JPEG", "PNG", "WEBP")) as picture:
                width, height = picture.size
                if max(width, height) > _MAX_IMAGE_PX:
                    raise BadInput(f"The texture '{self.name}' has {width}x{height} pixels; use at most 8192 a side.")
                factor = 1
                while max(width, height) // factor > max_px:
                    factor *= 2
                size = (max(1, width // factor), max(1, height // factor))
                if factor > 1:
                    picture.draft("RGB", size)
                loaded = picture.convert("RGBA" if channels == 4 else "RGB")
                if loaded.size != size:
                    loaded = loaded.resize(size, Image.Resampling.BOX)
                return np.asarray(loaded, np.uint8)
        except (OSError, SyntaxError, ValueError) as error:
            raise BadInput(f"The texture '{self.name}' cannot be read ({error}); export the body again.") from error


@dataclass(frozen=True, eq=False)
class Material:
    """A glTF material. Texture fields are indices into Body.pictures or None; colours are linear.

    masks: picture with R curvature, G translucency, B wetness, from extras.understudy.mask. wrinkle: tangent-space
    normal map of every wrinkle at full strength, from extras.understudy.wrinkle; it is added in proportion to the sum
    over groups of (vertex share x drive of the face), see Mesh.wrinkles.
    """

    name: str
    base_colour: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    metallic: float = 0.0
    roughness: float = 1.0
    albedo: int | None = None
    normal: int | None = None
    normal_scale: float = 1.0
    orm: int | None = None
    masks: int | None = None
    wrinkle: int | None = None
    alpha_mode: str = "OPAQUE"
    alpha_cutoff: float = 0.5
    double_sided: bool = False
    extras: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Morph:
    """What one shape does to a mesh. vertices: (k,) ids that move; positions, normals: (k, 3) offsets at weight 1."""

    vertices: Ints
    positions: Floats
    normals: Floats


@dataclass(frozen=True, eq=False)
class Mesh:
    """positions, normals: (n, 3) at rest, metres. triangles: (m, 3). joints, weights: (n, 4), rows of weights sum to 1.

    morphs: shape name -> Morph (only shapes that move something). strand: (n, 4) tangent and root-to-tip 0..1.
    seed: (n,) random per strand. colour: (n, 4) linear. anchor: the joint it hangs on rigidly, '' when skinned.
    wrinkles: (n, g) 0..1, how much of wrinkle group g lies on each vertex, None without; wrinkle_groups: for each group
    its ARKit shapes and how far each drives it; the map itself is the material's. flush: (n,) 0..1, where blood rushes.
    """

    name: str
    material: Material
    positions: Floats
    normals: Floats
    triangles: Ints
    joints: Bytes
    weights: Floats
    morphs: Mapping[str, Morph]
    uv: Floats | None = None
    strand: Floats | None = None
    seed: Floats | None = None
    colour: Floats | None = None
    anchor: str = ""
    extras: Mapping[str, Any] = field(default_factory=dict)
    wrinkles: Floats | None = None
    wrinkle_groups: tuple[Mapping[str, float], ...] = ()
    flush: Floats | None = None


@dataclass(frozen=True, eq=False)
class Joint:
    """parent: index or -1. rest: (4, 4) model-from-joint matrix in the rest pose."""

    name: str
    parent: int
    rest: Matrices

    @property
    def origin(self) -> Matrices:
        return np.asarray(self.rest[:3, 3])


@dataclass(frozen=True, eq=False)
class Body:
    """A whole body. joints: parents come before children. grooms: its hair as strands, () when it has cards alone."""

    joints: tuple[Joint, ...]
    meshes: tuple[Mesh, ...]
    pictures: tuple[Picture, ...]
    grooms: tuple[Groom, ...] = ()

    @staticmethod
    def decode(glb: bytes, where: str = "This actor") -> "Body":
        """Decodes a `body.glb`; the last two are kept, for shots go back and forth. Raises BadInput in one sentence."""
        return _decoded(glb, where)

    @cached_property
    def joint_index(self) -> Mapping[str, int]:
        return {joint.name: i for i, joint in enumerate(self.joints)}

    def mesh(self, name: str) -> Mesh:
        """Returns a mesh by name. Raises UnknownName with the names there are."""
        for mesh in self.meshes:
            if mesh.name == name:
                return mesh
        raise UnknownName("mesh of this body", name, [mesh.name for mesh in self.meshes])

    def groom(self, name: str) -> Groom | None:
        """Returns a groom by name, None when the body has no such hair."""
        return next((groom for groom in self.grooms if groom.name == name), None)

    def origin(self, joint: str) -> Matrices:
        """Returns the (3,) place of a joint at rest, metres. Raises UnknownName."""
        if joint not in self.joint_index:
            raise UnknownName("joint of this body", joint, list(self.joint_index))
        return self.joints[self.joint_index[joint]].origin

    def shaped(self, mesh: Mesh, face: npt.ArrayLike) -> Floats:
        """Returns the mesh's (n, 3) vertices with the 52 weights of `face` applied, before any joint turns."""
        return np.asarray(morphed(mesh, face)[:, :3])

    def matrices(self, turns: Mapping[str, npt.ArrayLike] | None = None) -> Matrices:
        """Returns (joints, 4, 4): posed-from-rest of every joint, for turns = joint name -> (3, 3) or (4, 4).

        A turn is against the rest pose, about the joint's own place, in model axes; a (4, 4) one may shift as well.
        """
        posed = np.tile(np.eye(4), (len(self.joints), 1, 1))
        for i, joint in enumerate(self.joints):
            turn = np.eye(4)
            if turns and joint.name in turns:
                given = np.asarray(turns[joint.name], np.float64)
                turn[: given.shape[0], : given.shape[1]] = given
            about = turn.copy()
            about[:3, 3] = turn[:3, 3] + joint.origin - turn[:3, :3] @ joint.origin
            posed[i] = posed[joint.parent] @ about if joint.parent >= 0 else about
        return posed

    def posed(
        self, mesh: str, face: npt.ArrayLike | None = None, turns: Mapping[str, npt.ArrayLike] | None = None
    ) -> Floats:
        """Returns the (n, 3) vertices of a mesh for 52 face weights and joint turns, metres (see `matrices`)."""
        found = self.mesh(mesh)
        shaped = self.shaped(found, np.zeros(len(ARKIT_SHAPES)) if face is None else face)
        if not turns:
            return shaped
        skin = np.einsum("nk,nkij->nij", found.weights, self.matrices(turns)[found.joints][..., :3, :])
        return np.asarray(np.einsum("nij,nj->ni", skin[..., :3], shaped) + skin[..., 3], np.float32)


@lru_cache(maxsize=2)
def _decoded(glb: bytes, where: str) -> Body:
    from understudy.hub.glb_body import body_from

    try:
        return body_from(read_glb(glb, where))
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, RecursionError) as error:
        raise BadInput(f"{where} is not a usable glTF body ({error}); export it again as GLB.") from error


def wrinkled(mesh: Mesh, face: npt.ArrayLike) -> Floats | None:
    """Returns (n,) 0..1: how much of the wrinkle map shows at each vertex under 52 face weights; None without a map."""
    if mesh.wrinkles is None or not mesh.wrinkle_groups:
        return None
    weights = dict(zip(ARKIT_SHAPES, np.asarray(face, np.float32).tolist(), strict=True))
    drive = [sum(weights.get(name, 0.0) * share for name, share in group.items()) for group in mesh.wrinkle_groups]
    return np.asarray(np.clip(mesh.wrinkles @ np.clip(np.array(drive, np.float32), 0, 1), 0, 1), np.float32)


def morphed(mesh: Mesh, face: npt.ArrayLike) -> Floats:
    """Returns (n, 6): positions and (unnormalised) normals of a mesh under 52 face weights."""
    weights = np.asarray(face, np.float32)
    if weights.shape != (len(ARKIT_SHAPES),):
        raise ValueError(f"face weights are ({len(ARKIT_SHAPES)},), got {weights.shape}")
    out = np.hstack([mesh.positions, mesh.normals])
    for name, weight in zip(ARKIT_SHAPES, weights, strict=True):
        if abs(weight) > 1e-4 and name in mesh.morphs:
            morph = mesh.morphs[name]
            out[morph.vertices] += weight * np.hstack([morph.positions, morph.normals])
    return out
