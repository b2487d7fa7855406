"""What every shipped actor promises to every renderer."""

from functools import cache

import numpy as np
import pytest

from understudy.base.channels import ARKIT_SHAPES, JOINTS, SHAPE_INDEX
from understudy.hub.actor import Actor, house_actors

from .reading import Reader

MESHES = {
    "skin", "eyeLeft", "eyeRight", "corneaLeft", "corneaRight", "teethUpper", "teethLower", "tongue", "lashes",
    "brows", "hair", "hairFine", "clothes",
}  # fmt: skip
MOVING = ("skin", "teethUpper", "teethLower", "tongue", "lashes", "brows")
house = pytest.mark.parametrize("name", house_actors())


@cache
def body(name: str) -> Reader:
    return Reader(Actor.open(name).body_glb)


def posed(name: str, mesh: str, **weights: float) -> np.ndarray:
    reader = body(name)
    shapes = (weight * reader.delta(mesh, SHAPE_INDEX[shape]) for shape, weight in weights.items())
    return np.asarray(reader.positions(mesh) + sum(shapes))


def aperture(name: str, **weights: float) -> np.ndarray:
    """(pairs,) height between the lips, metres; negative where they press together."""
    lips = body(name).meshes["skin"]["extras"]["lips"]
    p = posed(name, "skin", **weights)
    return np.array([p[pair["upper"], 1] - p[pair["lower"], 1] for pair in lips])


@house
def test_the_file_is_small(name: str) -> None:
    from importlib import resources

    assert (resources.files("understudy") / "house" / f"{name}.actor").stat().st_size <= 8_000_000  # type: ignore[attr-defined]


@house
def test_it_is_an_adult_synthetic_person_with_terms(name: str) -> None:
    actor = Actor.open(name)
    assert actor.record.age >= 18
    assert actor.record.identity.kind == "synthetic"
    assert actor.licence.actor_digest == actor.digest
    assert "recipe.toml" in actor.files


@house
def test_meshes_joints_and_shapes_have_their_names(name: str) -> None:
    reader = body(name)
    assert set(reader.meshes) >= MESHES
    assert [reader.json["nodes"][j]["name"] for j in reader.json["skins"][0]["joints"]] == list(JOINTS)
    for mesh in MOVING:
        assert reader.meshes[mesh]["extras"]["targetNames"] == list(ARKIT_SHAPES)
        assert len(reader.meshes[mesh]["primitives"][0]["targets"]) == 52
    for mesh in ("hair", "hairFine", "lashes", "brows"):
        attributes = reader.meshes[mesh]["primitives"][0]["attributes"]
        assert {"_STRAND", "_SEED"} <= set(attributes)


@house
def test_nothing_is_fetched_from_elsewhere(name: str) -> None:
    reader = body(name)
    assert all("uri" not in item for key in ("buffers", "images") for item in reader.json[key])


@house
def test_skin_weights_sum_to_one(name: str) -> None:
    reader = body(name)
    for mesh in MESHES - {"eyeLeft", "eyeRight", "corneaLeft", "corneaRight"}:
        assert np.allclose(reader.attribute(mesh, "WEIGHTS_0").sum(1), 1.0, atol=1e-6)
        assert reader.attribute(mesh, "JOINTS_0").max() < len(JOINTS)


@house
def test_hair_is_affordable_on_a_processor(name: str) -> None:
    reader = body(name)
    triangles = sum(
        reader.json["accessors"][reader.meshes[mesh]["primitives"][0]["indices"]]["count"] // 3
        for mesh in ("hair", "hairFine")
    )
    assert triangles <= 45_000


@house
def test_lips_touch_at_rest(name: str) -> None:
    assert np.abs(aperture(name)).max() < 0.0008


@house
@pytest.mark.parametrize("opened", [0.2, 0.5, 1.0])
def test_mouth_close_seals_what_the_jaw_opens(name: str, opened: float) -> None:
    assert aperture(name, jawOpen=opened).max() > 0.008 * opened
    assert aperture(name, jawOpen=opened, mouthClose=opened).max() < 0.0015


@house
@pytest.mark.parametrize("blink", [0.25, 0.5, 0.75, 1.0])
def test_lids_slide_over_the_eye(name: str, blink: float) -> None:
    """No skin in front of the eye comes inside the white of the eye, at any point of a blink."""
    reader = body(name)
    for side in ("Left", "Right"):
        centre = reader.joint(f"{side.lower()}Eye")
        radius = reader.meshes[f"eye{side}"]["extras"]["radius"]
        moved = reader.delta("skin", SHAPE_INDEX[f"eyeBlink{side}"])
        p = reader.positions("skin") + blink * moved
        offset = p - centre
        distance = np.linalg.norm(offset, axis=1)
        # the lid in front of the eye: what the blink moves by more than 3 mm
        lid = (np.linalg.norm(moved, axis=1) > 0.003) & (offset[:, 2] > 0.3 * radius)
        assert lid.sum() > 50
        assert (distance[lid] - radius).min() > -0.0004


@house
def test_a_blink_covers_the_pupil(name: str) -> None:
    reader = body(name)
    for side in ("Left", "Right"):
        centre = reader.joint(f"{side.lower()}Eye")
        p = posed(name, "skin", **{f"eyeBlink{side}": 1.0})
        moved = np.linalg.norm(reader.delta("skin", SHAPE_INDEX[f"eyeBlink{side}"]), axis=1) > 0.004
        column = moved & (np.abs(p[:, 0] - centre[0]) < 0.003)
        assert p[column, 1].min() < centre[1] - 0.004


@house
def test_the_lower_lip_bites_the_upper_teeth(name: str) -> None:
    """With the weights of a spoken /f/ or /v/ the lip comes within a millimetre and a half of the incisors' edge."""
    reader = body(name)
    contact = reader.meshes["skin"]["extras"]["lowerLipTeeth"]
    teeth = reader.positions("teethUpper")[contact["teethUpper"]]

    def gap(**weights: float) -> float:
        lip = posed(name, "skin", **weights)[contact["lowerLip"]]
        return float(np.linalg.norm(lip[:, None] - teeth[None], axis=2).min())

    assert gap(jawOpen=0.03, mouthRollLower=0.7, mouthUpperUpLeft=0.22, mouthUpperUpRight=0.22) < 0.0015
    assert gap(jawOpen=0.5) > 0.004


@house
def test_closed_lips_lie_before_the_teeth(name: str) -> None:
    """No vertex of the incisors stands out of the lips at rest: the lips are in front of them in every column."""
    reader = body(name)
    teeth = reader.positions("teethUpper")
    incisors = teeth[(teeth[:, 2] > teeth[:, 2].max() - 0.004) & (np.abs(teeth[:, 0]) < 0.012)]
    skin = reader.positions("skin")
    for point in incisors:
        column = np.hypot(*(skin[:, :2] - point[:2]).T) < 0.0025
        assert skin[column, 2].max() > point[2] + 0.001


@house
def test_neighbouring_hair_is_lit_alike(name: str) -> None:
    """Hair is shaded as the volume it forms: vertices beside each other have nearly one normal, tints hardly differ."""
    from scipy.spatial import cKDTree

    reader = body(name)
    at, normals = reader.positions("hair"), reader.attribute("hair", "NORMAL")
    _, near = cKDTree(at).query(at, k=2)
    alike = (normals * normals[near[:, 1]]).sum(1)
    assert np.percentile(alike, 10) > 0.9
    seed = reader.attribute("hair", "_SEED")
    assert 0.02 < seed.std() < 0.18


@house
def test_the_jaw_moves_the_lower_teeth_and_nothing_moves_the_upper(name: str) -> None:
    reader = body(name)
    assert all(np.abs(reader.delta("teethUpper", shape)).max() == 0 for shape in range(52))
    assert reader.delta("teethLower", SHAPE_INDEX["jawOpen"])[:, 1].min() < -0.008
