"""The actor as USD: UsdSkel with the 52 shapes, UsdPreviewSurface materials, packed with its pictures as .usdz.

Pixar, "UsdSkel Schemas" (joints, bindTransforms, restTransforms, blendShapes) and "UsdPreviewSurface Specification".
"""

import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from understudy.base.errors import MissingExtra
from understudy.hub.actor import Actor
from understudy.hub.body import Body, Material, Mesh


@dataclass(frozen=True, eq=False)
class Authored:
    """A stage with the actor in it, not yet saved. joints: their paths in the order of the body's."""

    stage: Any
    root: Any
    skeleton: Any
    body: Body
    joints: list[str]


def usdz(actor: Actor, marks: Mapping[str, str]) -> bytes:
    """Returns a .usdz of the actor: metres, y up. Raises MissingExtra without the extra `usd`."""
    with tempfile.TemporaryDirectory(prefix="understudy-usd-") as folder:
        path = Path(folder) / f"{safe(actor.name)}.usdc"
        made = author(actor, marks, path)  # a layer lives no longer than its stage
        made.stage.GetRootLayer().Save()
        return packed(path)


def author(actor: Actor, marks: Mapping[str, str], path: Path, *, pictures: str = "") -> Authored:
    """Makes the stage of an actor at `path` and writes its pictures beside it, in a folder when one is named.

    Raises MissingExtra without the extra `usd`.
    """
    try:
        from pxr import Usd, UsdGeom, UsdSkel
    except ImportError as error:
        raise MissingExtra("Writing USD", "usd") from error
    body = Body.decode(actor.body_glb, f"The body of {actor.name}")
    stage = Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    root = UsdSkel.Root.Define(stage, f"/{safe(actor.name)}")
    stage.SetDefaultPrim(root.GetPrim())
    stage.GetRootLayer().customLayerData = {"understudy": dict(marks)}
    joints = _joint_paths(body)
    skeleton = _skeleton(stage, f"{root.GetPath()}/skeleton", body, joints)
    shown = _pictures(body, path.parent, pictures)
    materials: dict[str, Any] = {}
    for mesh in body.meshes:
        made = _mesh(stage, f"{root.GetPath()}/{safe(mesh.name)}", mesh, joints, skeleton)
        name = safe(mesh.material.name)
        if name not in materials:
            materials[name] = _material(stage, f"{root.GetPath()}/materials/{name}", mesh.material, shown)
        _bind(made, materials[name])
    return Authored(stage, root, skeleton, body, joints)


def packed(path: Path) -> bytes:
    """Returns a saved stage and everything it refers to as .usdz."""
    from pxr import Sdf, UsdUtils

    package = path.with_suffix(".usdz")
    if not UsdUtils.CreateNewUsdzPackage(Sdf.AssetPath(str(path)), str(package)):
        raise OSError(f"the package {package.name} could not be written")
    return package.read_bytes()


def safe(name: str) -> str:
    """Returns a name that USD takes for a prim."""
    word = "".join(c if c.isalnum() or c == "_" else "_" for c in name)
    return word if word[:1].isalpha() or word[:1] == "_" else f"a{word}"


def _joint_paths(body: Body) -> list[str]:
    paths: list[str] = []
    for joint in body.joints:
        paths.append(f"{paths[joint.parent]}/{joint.name}" if joint.parent >= 0 else joint.name)
    return paths


def _skeleton(stage: Any, path: str, body: Body, joints: list[str]) -> Any:
    from pxr import Gf, UsdSkel, Vt

    skeleton = UsdSkel.Skeleton.Define(stage, path)
    world = [np.asarray(joint.rest, np.float64) for joint in body.joints]
    # USD multiplies rows from the left
    local = [
        np.linalg.inv(world[j.parent]) @ w if j.parent >= 0 else w for j, w in zip(body.joints, world, strict=True)
    ]
    skeleton.CreateJointsAttr(joints)
    skeleton.CreateBindTransformsAttr(Vt.Matrix4dArray([Gf.Matrix4d(*m.T.ravel().tolist()) for m in world]))
    skeleton.CreateRestTransformsAttr(Vt.Matrix4dArray([Gf.Matrix4d(*m.T.ravel().tolist()) for m in local]))
    return skeleton


def _mesh(stage: Any, path: str, mesh: Mesh, joints: list[str], skeleton: Any) -> Any:
    from pxr import Gf, Sdf, UsdGeom, UsdSkel, Vt

    made = UsdGeom.Mesh.Define(stage, path)
    made.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(mesh.positions, np.float32)))
    made.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(mesh.triangles), 3, np.int32)))
    made.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(np.ascontiguousarray(mesh.triangles.ravel(), np.int32)))
    made.CreateNormalsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(mesh.normals, np.float32)))
    made.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
    made.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    made.CreateDoubleSidedAttr(mesh.material.double_sided)
    low, high = mesh.positions.min(0), mesh.positions.max(0)
    made.CreateExtentAttr([Gf.Vec3f(*low.tolist()), Gf.Vec3f(*high.tolist())])
    primvars = UsdGeom.PrimvarsAPI(made)
    if mesh.uv is not None:
        st = primvars.CreatePrimvar("st", Sdf.ValueTypeNames.TexCoord2fArray, UsdGeom.Tokens.vertex)
        # glTF counts v from the top, USD from the bottom
        st.Set(Vt.Vec2fArray.FromNumpy(np.ascontiguousarray(mesh.uv * [1, -1] + [0, 1], np.float32)))
    binding = UsdSkel.BindingAPI.Apply(made.GetPrim())
    binding.CreateSkeletonRel().SetTargets([skeleton.GetPath()])
    binding.CreateJointIndicesPrimvar(False, 4).Set(Vt.IntArray.FromNumpy(mesh.joints.astype(np.int32).ravel()))
    binding.CreateJointWeightsPrimvar(False, 4).Set(Vt.FloatArray.FromNumpy(mesh.weights.astype(np.float32).ravel()))
    binding.CreateGeomBindTransformAttr(Gf.Matrix4d(1.0))
    names = list(mesh.morphs)
    if names:
        targets = []
        for name in names:
            shape = UsdSkel.BlendShape.Define(stage, f"{path}/{safe(name)}")
            morph = mesh.morphs[name]
            shape.CreateOffsetsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(morph.positions, np.float32)))
            shape.CreateNormalOffsetsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(morph.normals, np.float32)))
            shape.CreatePointIndicesAttr(Vt.IntArray.FromNumpy(np.ascontiguousarray(morph.vertices, np.int32)))
            targets.append(shape.GetPath())
        binding.CreateBlendShapesAttr(names)
        binding.CreateBlendShapeTargetsRel().SetTargets(targets)
    return made


def _pictures(body: Body, beside: Path, inside: str) -> list[str]:
    """Writes the pictures as PNG or JPEG (WebP is not in USD); returns their names as seen from the stage."""
    from PIL import Image as Pil

    folder = beside / inside if inside else beside
    folder.mkdir(exist_ok=True)
    names = []
    for i, picture in enumerate(body.pictures):
        kind = "png" if picture.data[:4] == b"\x89PNG" else "jpg"
        name = f"{i:02d}_{safe(picture.name)}.{kind}"
        data = picture.data
        if data[:4] == b"RIFF":
            stream = io.BytesIO()
            Pil.open(io.BytesIO(data)).save(stream, "PNG")
            data, name = stream.getvalue(), name[:-3] + "png"
        (folder / name).write_bytes(data)
        names.append(f"{inside}/{name}" if inside else name)
    return names


def _material(stage: Any, path: str, material: Material, pictures: list[str]) -> Any:
    from pxr import Sdf, UsdShade

    made = UsdShade.Material.Define(stage, path)
    surface = UsdShade.Shader.Define(stage, f"{path}/surface")
    surface.CreateIdAttr("UsdPreviewSurface")
    types = Sdf.ValueTypeNames
    r, g, b, a = material.base_colour
    surface.CreateInput("roughness", types.Float).Set(float(material.roughness))
    surface.CreateInput("metallic", types.Float).Set(float(material.metallic))
    diffuse = surface.CreateInput("diffuseColor", types.Color3f)
    diffuse.Set((r, g, b))
    opacity = surface.CreateInput("opacity", types.Float)
    opacity.Set(float(a))
    reader = UsdShade.Shader.Define(stage, f"{path}/st")
    reader.CreateIdAttr("UsdPrimvarReader_float2")
    reader.CreateInput("varname", types.String).Set("st")
    st = reader.CreateOutput("result", types.Float2)

    def texture(
        name: str,
        picture: int,
        space: str,
        scale: tuple[float, ...] = (1, 1, 1, 1),
        bias: tuple[float, ...] = (0, 0, 0, 0),
    ) -> Any:
        node = UsdShade.Shader.Define(stage, f"{path}/{name}")
        node.CreateIdAttr("UsdUVTexture")
        node.CreateInput("file", types.Asset).Set(Sdf.AssetPath(f"./{pictures[picture]}"))
        node.CreateInput("sourceColorSpace", types.Token).Set(space)
        node.CreateInput("scale", types.Float4).Set(scale)
        node.CreateInput("bias", types.Float4).Set(bias)
        node.CreateInput("wrapS", types.Token).Set("repeat")
        node.CreateInput("wrapT", types.Token).Set("repeat")
        node.CreateInput("st", types.Float2).ConnectToSource(st)
        return node

    if material.albedo is not None:
        node = texture("albedo", material.albedo, "sRGB", (r, g, b, 1.0))
        diffuse.ConnectToSource(node.CreateOutput("rgb", types.Float3))
        if material.alpha_mode != "OPAQUE":
            opacity.ConnectToSource(node.CreateOutput("a", types.Float))
            if material.alpha_mode == "MASK":
                surface.CreateInput("opacityThreshold", types.Float).Set(float(material.alpha_cutoff))
    if material.normal is not None:
        node = texture("normal", material.normal, "raw", (2, 2, 2, 1), (-1, -1, -1, 0))
        surface.CreateInput("normal", types.Normal3f).ConnectToSource(node.CreateOutput("rgb", types.Float3))
    if material.orm is not None:
        node = texture("orm", material.orm, "raw")
        surface.CreateInput("occlusion", types.Float).ConnectToSource(node.CreateOutput("r", types.Float))
        surface.CreateInput("roughness", types.Float).ConnectToSource(node.CreateOutput("g", types.Float))
    made.CreateSurfaceOutput().ConnectToSource(surface.ConnectableAPI(), "surface")
    return made


def _bind(mesh: Any, material: Any) -> None:
    from pxr import UsdShade

    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(material)
