"""An exported actor opens elsewhere: in USD, and in Blender where it is installed."""

import subprocess
import sys
from pathlib import Path

import pytest

from understudy.base.channels import ARKIT_SHAPES
from understudy.exchange import tagged_glb, usdz
from understudy.hub.actor import Actor

MARKS = {"notice": "AI-generated", "licence": "house-emi"}
OPEN = """
import sys, bpy
bpy.ops.wm.read_factory_settings(use_empty=True)
path = sys.argv[1]
bpy.ops.import_scene.gltf(filepath=path) if path.endswith(".glb") else bpy.ops.wm.usd_import(filepath=path)
found = {o.name: o for o in bpy.data.objects if o.type == "MESH"}
keys = found["skin"].data.shape_keys.key_blocks
height = max(found["skin"].dimensions)
print("OPENED", len(found), len(keys), sum(o.type == "ARMATURE" for o in bpy.data.objects), round(height, 2))
"""


def blender() -> str:
    import importlib.util
    import os

    if importlib.util.find_spec("bpy"):
        return sys.executable
    return os.environ.get("UNDERSTUDY_BLENDER_PYTHON", "")


def test_usd_holds_skeleton_shapes_and_pictures(tmp_path: Path) -> None:
    pytest.importorskip("pxr", reason="usd-core is not installed")
    from pxr import Usd, UsdGeom, UsdSkel

    path = tmp_path / "emi.usdz"
    path.write_bytes(usdz(Actor.open("emi"), MARKS))
    stage = Usd.Stage.Open(str(path))
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0 and UsdGeom.GetStageUpAxis(stage) == "Y"
    assert stage.GetRootLayer().customLayerData["understudy"]["licence"] == "house-emi"
    skin = UsdSkel.BindingAPI(stage.GetPrimAtPath("/emi/skin"))
    assert set(skin.GetBlendShapesAttr().Get()) <= set(ARKIT_SHAPES) and len(skin.GetBlendShapesAttr().Get()) >= 45
    skeleton = UsdSkel.Skeleton(stage.GetPrimAtPath("/emi/skeleton"))
    assert any(str(joint).endswith("neck/head") for joint in skeleton.GetJointsAttr().Get())
    topology = UsdSkel.Topology(skeleton.GetJointsAttr().Get())
    assert topology.Validate()


@pytest.mark.skipif(not blender(), reason="Blender (bpy) is not installed")
@pytest.mark.parametrize("kind", ["glb", "usdz"])
def test_blender_opens_the_actor_with_its_shapes(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"emi.{kind}"
    path.write_bytes(tagged_glb(Actor.open("emi"), MARKS) if kind == "glb" else usdz(Actor.open("emi"), MARKS))
    run = subprocess.run([blender(), "-c", OPEN, str(path)], capture_output=True, text=True, timeout=240, check=False)
    line = next((row for row in run.stdout.splitlines() if row.startswith("OPENED")), run.stderr[-600:])
    words = line.split()
    assert words[0] == "OPENED", line
    assert int(words[1]) >= 10 and int(words[2]) >= 46 and int(words[3]) == 1
    assert 0.5 < float(words[4]) < 1.6
