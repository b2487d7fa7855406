"""A USD of a take moves and speaks as the take does, and Pixar's validators find nothing."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from tests.exchange.formats.takes import MARKS, acted, actor, departing

from understudy.base.channels import ARKIT_SHAPES
from understudy.hub.body import Body
from understudy.production.leaving import turns_of

pxr = pytest.importorskip("pxr", reason="usd-core is not installed")
RATE_HZ = 24.0


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from dataclasses import replace

    from understudy.exchange.formats.usdskel import UsdSkel
    from understudy.rights import aigc

    wav = aigc.wav(np.zeros(2400, np.int16), 24000, "test")
    departure = replace(departing(rate_hz=RATE_HZ, turned=True), sound_wav=wav)
    path = tmp_path_factory.mktemp("usd") / "take.usdz"
    path.write_bytes(UsdSkel().write(departure, ending="usdz")[""])
    return path


def test_it_holds_clock_sound_and_marks(package: Path) -> None:
    from pxr import Usd, UsdMedia

    stage = Usd.Stage.Open(str(package))
    assert stage.GetTimeCodesPerSecond() == RATE_HZ and stage.GetFramesPerSecond() == RATE_HZ
    assert stage.GetEndTimeCode() + 1 == np.ceil(acted().duration_s * RATE_HZ - 1e-6)
    assert stage.GetRootLayer().customLayerData["understudy"]["notice"] == MARKS["notice"]
    voice = UsdMedia.SpatialAudio(stage.GetPrimAtPath("/emi/voice"))
    assert voice.GetAuralModeAttr().Get() == "nonSpatial"
    named = voice.GetFilePathAttr().Get().path.removeprefix("./")
    with zipfile.ZipFile(package) as archive:
        assert b"AIGC" in archive.read(named)


def test_weights_and_joints_are_those_of_the_take(package: Path) -> None:
    from pxr import Usd, UsdSkel

    stage = Usd.Stage.Open(str(package))
    clip = UsdSkel.Animation(stage.GetPrimAtPath("/emi/performance"))
    names = list(clip.GetBlendShapesAttr().Get())
    skeleton = UsdSkel.Skeleton(stage.GetPrimAtPath("/emi/skeleton"))
    query = UsdSkel.Cache().GetSkelQuery(skeleton)
    body = Body.decode(actor("emi").body_glb)
    turns = turns_of(acted(), RATE_HZ)
    for frame in (0, 20, 40):
        weights = np.array(clip.GetBlendShapeWeightsAttr().Get(frame))
        wanted = acted().tracks["face"].at([frame / RATE_HZ])[0]
        assert np.abs(weights - [wanted[ARKIT_SHAPES.index(name)] for name in names]).max() < 1e-6
        posed = body.matrices({name: turn[frame] for name, turn in turns.items()})
        found = query.ComputeJointSkelTransforms(frame)
        for i, joint in enumerate(body.joints):
            assert np.abs(np.array(found[i]).T - posed[i] @ joint.rest).max() < 2e-5, joint.name
    assert np.abs(np.array(query.ComputeJointSkelTransforms(0)) - np.array(found)).max() > 1e-3


def test_a_point_of_the_skin_goes_where_the_renderer_puts_it(package: Path) -> None:
    from pxr import Usd, UsdGeom, UsdSkel

    stage = Usd.Stage.Open(str(package))
    frame = 30
    cache = UsdSkel.Cache()
    root = UsdSkel.Root(stage.GetPrimAtPath("/emi"))
    cache.Populate(root, Usd.PrimDefaultPredicate)
    query = cache.GetSkelQuery(UsdSkel.Skeleton(stage.GetPrimAtPath("/emi/skeleton")))
    prim = stage.GetPrimAtPath("/emi/skin")
    skinning = cache.GetSkinningQuery(prim)
    points = UsdGeom.Mesh(prim).GetPointsAttr().Get()
    shapes = UsdSkel.BlendShapeQuery(UsdSkel.BindingAPI(prim))
    weights = skinning.GetBlendShapeMapper().Remap(
        UsdSkel.Animation(stage.GetPrimAtPath("/emi/performance")).GetBlendShapeWeightsAttr().Get(frame)
    )
    sub_weights, blend, sub = shapes.ComputeSubShapeWeights(weights)
    shapes.ComputeDeformedPoints(
        sub_weights, blend, sub, shapes.ComputeBlendShapePointIndices(), shapes.ComputeSubShapePointOffsets(), points
    )
    skinning.ComputeSkinnedPoints(query.ComputeSkinningTransforms(frame), points, frame)
    body = Body.decode(actor("emi").body_glb)
    turns = {name: turn[frame] for name, turn in turns_of(acted(), RATE_HZ).items()}
    wanted = body.posed("skin", acted().tracks["face"].at([frame / RATE_HZ])[0], turns)
    assert np.abs(np.array(points) - wanted).max() < 2e-4
    assert np.abs(body.mesh("skin").positions - wanted).max() > 5e-3


def test_the_validators_of_usd_find_nothing(package: Path, tmp_path: Path) -> None:
    from pxr import Sdf, Usd, UsdGeom

    validation = pytest.importorskip("pxr.UsdValidation", reason="this usd-core has no validators")
    registry = validation.ValidationRegistry()
    context = validation.ValidationContext(registry.GetOrLoadAllValidators())
    assert not list(context.Validate(Usd.Stage.Open(str(package))))
    spoilt = Usd.Stage.CreateNew(str(tmp_path / "spoilt.usda"))
    UsdGeom.Xform.Define(spoilt, "/a").GetPrim().GetReferences().AddReference(Sdf.Reference("./nowhere.usda"))
    assert list(context.Validate(spoilt))


def test_a_layer_alone_refers_to_what_lies_beside_it() -> None:
    from understudy.exchange.formats.usdskel import UsdSkel

    files = UsdSkel().write(departing(rate_hz=2.0, turned=True, sounds=["take.wav"]), ending="usdc")
    assert files[""].startswith(b"PXR-USDC")
    beside = [name for name in files if name]
    assert beside and all(name.startswith("take.pictures/") for name in beside)
