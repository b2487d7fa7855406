"""The page's body brings grooms in place of cards, and what light and skin do to each guide."""

import json
from dataclasses import replace

import numpy as np
import pytest

from understudy.exchange import tagged_glb
from understudy.exchange.draft import Draft
from understudy.exchange.openness import thicket
from understudy.exchange.page_hair import with_grooms
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.glb import Glb, read_glb
from understudy.hub.place import Place


@pytest.fixture(scope="module")
def emi() -> Actor:
    return Actor.open("emi")


@pytest.fixture(scope="module")
def body(emi: Actor) -> Body:
    return Body.decode(emi.body_glb)


@pytest.fixture(scope="module")
def dressed(emi: Actor, body: Body) -> bytes:
    return with_grooms(tagged_glb(emi, {}, private=True), read_glb(emi.body_glb, "emi"), body, Place.open("studio"))


def entry(glb: Glb, key: str, kind: str, width: int) -> np.ndarray:
    first = glb.json["extras"]["understudy"]["grooms"][0]
    return np.frombuffer(glb.view(first[key])[0], kind).reshape(-1, width)


def test_a_groom_replaces_its_cards_and_their_picture(emi: Actor, body: Body, dressed: bytes) -> None:
    found = Body.decode(dressed)
    assert {mesh.name for mesh in body.meshes} - {mesh.name for mesh in found.meshes} == {"hair"}
    assert len(found.pictures) == len(body.pictures) - 1
    assert len(dressed) < len(tagged_glb(emi, {}, private=True))


def test_every_other_mesh_keeps_its_form_and_its_pictures(body: Body, dressed: bytes) -> None:
    found = {mesh.name: mesh for mesh in Body.decode(dressed).meshes}
    pictures = Body.decode(dressed).pictures
    for mesh in body.meshes:
        if mesh.name != "hair":
            np.testing.assert_array_equal(found[mesh.name].positions, mesh.positions)
            for kind in ("albedo", "normal", "orm", "masks", "wrinkle"):
                old, new = getattr(mesh.material, kind), getattr(found[mesh.name].material, kind)
                assert (old is None) == (new is None), (mesh.name, kind)
                if old is not None:
                    same = pictures[new].pixels(64) == body.pictures[old].pixels(64)
                    assert same.all(), (mesh.name, kind)


def test_the_guides_of_a_page_are_those_of_the_actor(body: Body, dressed: bytes) -> None:
    old, new = body.groom("hair"), Body.decode(dressed).groom("hair")
    assert old is not None
    assert new is not None
    np.testing.assert_array_equal(new.points, old.points)
    np.testing.assert_array_equal(new.lock, old.lock)
    assert (new.children, new.seed, new.colour) == (old.children, old.seed, old.colour)


def test_weights_of_guides_are_whole_and_name_bones_of_the_body(body: Body, dressed: bytes) -> None:
    glb = read_glb(dressed, "page")
    assert (entry(glb, "weights", "u1", 4).astype(int).sum(1) == 255).all()
    bones = glb.json["extras"]["understudy"]["grooms"][0]["bones"]
    assert set(bones) <= set(body.joint_index)
    assert entry(glb, "joints", "u1", 4).max() < len(bones)


def test_hair_points_outwards_and_lies_darker_against_the_neck_than_on_the_crown(body: Body, dressed: bytes) -> None:
    glb, groom = read_glb(dressed, "page"), body.groom("hair")
    assert groom is not None
    out = entry(glb, "out", "i1", 4)[:, :3].reshape(*groom.points.shape) / 127
    crown = groom.points[..., 1] > np.percentile(groom.points[..., 1], 90)
    assert np.mean(out[crown][:, 1]) > 0.6
    sky = entry(glb, "lit", "u1", 4)[:, 0].reshape(groom.points.shape[:2])
    neck = body.origin("neck")
    beside = np.hypot(groom.points[..., 0] - neck[0], groom.points[..., 2] - neck[2]) < 0.08
    assert np.mean(sky[beside & (groom.points[..., 1] < neck[1] + 0.08)]) < 0.75 * np.mean(sky[crown])


def test_the_skin_is_shaded_under_hair_and_open_on_the_nose(body: Body, dressed: bytes) -> None:
    glb = read_glb(dressed, "page")
    primitive = next(mesh for mesh in glb.json["meshes"] if mesh["name"] == "skin")["primitives"][0]
    reach = glb.accessor(primitive["attributes"]["_REACH"])
    skin, groom = next(mesh for mesh in body.meshes if mesh.name == "skin"), body.groom("hair")
    assert groom is not None
    nose = int(np.argmax(skin.positions[:, 2]))
    assert reach[nose].min() > 0.95
    assert np.median(reach[groom.corners[:, 0], 0]) < 0.6


def test_a_body_without_grooms_keeps_its_cards(emi: Actor, body: Body) -> None:
    glb = tagged_glb(emi, {}, private=True)
    assert with_grooms(glb, read_glb(emi.body_glb, "emi"), replace(body, grooms=()), Place.open("studio")) == glb


def test_cards_without_a_groom_stay_beside_hair_that_has_one(emi: Actor) -> None:
    draft = Draft(read_glb(tagged_glb(emi, {}, private=True), "emi"))
    other = json.loads(json.dumps(next(mesh for mesh in draft.json["meshes"] if mesh["name"] == "hair")))
    other["name"] = "wig"
    number = draft.add("meshes", other)
    draft.add("nodes", {"name": "wig", "mesh": number, "skin": 0})
    draft.json["scenes"][0]["nodes"].append(len(draft.json["nodes"]) - 1)
    whole = Body.decode(emi.body_glb)
    found = Body.decode(with_grooms(draft.save(), read_glb(emi.body_glb, "emi"), whole, Place.open("studio")))
    wig = next(mesh for mesh in found.meshes if mesh.name == "wig")
    assert wig.material.albedo is not None
    assert len(found.pictures) == len(whole.pictures)


def test_light_passes_a_thicket_the_less_the_thicker_it_is_and_no_wall() -> None:
    across = np.linspace(-0.02, 0.02, 21, dtype=np.float32)
    x, z = np.meshgrid(across, across)
    rise = np.linspace(0, 0.03, 8, dtype=np.float32)
    lines = np.stack([np.stack([x.ravel(), np.full(x.size, h), z.ravel()], 1) for h in rise], 1).astype(np.float32)
    below, above = np.array([[0, -0.01, 0]], np.float32), np.array([[0, 0.05, 0]], np.float32)
    nothing = np.zeros((0, 3), np.float32)
    thin, thick = (thicket(lines, hairs, 8e-5, nothing, nothing) for hairs in (5.0, 40.0))
    up = (0.0, 1.0, 0.0)
    assert thin.reached(above, up)[0] > 0.999
    assert thick.reached(below, up)[0] < thin.reached(below, up)[0] < 0.99
    floor = np.stack([x.ravel(), np.full(x.size, 0.02), z.ravel()], 1).astype(np.float32)
    walled = thicket(lines, 5.0, 8e-5, floor, np.tile(np.array([[0, 1, 0]], np.float32), (len(floor), 1)))
    assert walled.reached(below, up)[0] < 0.01
