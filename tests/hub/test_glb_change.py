"""A body.glb with another shape and other colours is a body still, and all that was not to change stays."""

import io
import json
import struct

import numpy as np
import pytest

from understudy.casting.groom import packed_groom
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.glb_change import Change, changed


class Wider:
    """Everything wider about the middle plane, and up."""

    def moved(self, points: object, *, as_one: bool = False) -> np.ndarray:
        where = np.asarray(points, np.float64)
        if as_one:
            return where + (self.moved(where.mean(0, keepdims=True)) - where.mean(0, keepdims=True))
        return where * (1.2, 1.0, 1.0) + (0.0, 0.01, 0.0)

    def slopes(self, points: object) -> np.ndarray:
        return np.tile(np.diag([1.2, 1.0, 1.0]), (len(np.asarray(points)), 1, 1))


@pytest.fixture(scope="module")
def glb() -> bytes:
    return Actor.open("emi").body_glb


@pytest.fixture(scope="module")
def body(glb: bytes) -> Body:
    return Body.decode(glb)


@pytest.fixture(scope="module")
def wide(glb: bytes, body: Body) -> Body:
    joints = {"leftEye": np.array([0.004, 0.01, 0.0]), "head": np.array([0.0, -0.02, 0.0])}
    return Body.decode(changed(glb, Change(Wider(), frozenset({"teethUpper"}), joints), packed_groom))


def test_nothing_to_change_changes_nothing(glb: bytes, body: Body) -> None:
    same = Body.decode(changed(glb, Change(), packed_groom))
    for a, b in zip(body.meshes, same.meshes, strict=True):
        assert np.array_equal(a.positions, b.positions) and np.array_equal(a.triangles, b.triangles)
    assert [p.data for p in body.pictures] == [p.data for p in same.pictures]


def test_every_vertex_and_hair_is_where_the_change_puts_it(body: Body, wide: Body) -> None:
    for before, after in zip(body.meshes, wide.meshes, strict=True):
        if before.anchor or before.name == "teethUpper":
            continue
        assert np.abs(after.positions - Wider().moved(before.positions)).max() < 1e-5, before.name
    for before, after in zip(body.grooms, wide.grooms, strict=True):
        where = Wider().moved(before.points.reshape(-1, 3)).reshape(before.points.shape)
        assert np.abs(after.points - where).max() < 2e-5
        assert np.array_equal(after.corners, before.corners) and after.children == before.children
    teeth = wide.mesh("teethUpper").positions - body.mesh("teethUpper").positions
    assert np.ptp(teeth, axis=0).max() < 1e-5


def test_normals_stay_upright_on_what_was_bent(body: Body, wide: Body) -> None:
    before, after = body.mesh("skin"), wide.mesh("skin")
    wanted = before.normals / (1.2, 1.0, 1.0)
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    assert (after.normals * wanted).sum(1).min() > 0.999
    hair = wide.mesh("hair").strand
    assert hair is not None
    assert np.abs(np.linalg.norm(hair[:, :3], axis=1) - 1).max() < 0.03


def test_a_joint_moves_alone_with_what_hangs_on_it(body: Body, wide: Body) -> None:
    assert np.abs(wide.origin("leftEye") - body.origin("leftEye") - [0.004, 0.01, 0]).max() < 1e-6
    assert np.abs(wide.origin("rightEye") - body.origin("rightEye")).max() < 1e-6
    ball = wide.mesh("eyeLeft").positions - body.mesh("eyeLeft").positions
    assert np.abs(ball - [0.004, 0.01, 0]).max() < 1e-5
    turn = {"head": np.diag([-1.0, 1.0, -1.0])}
    about = body.origin("head") + np.array([0, -0.02, 0])
    rest = wide.mesh("eyeRight").positions
    assert np.abs(wide.posed("eyeRight", None, turn) - ((rest - about) * [-1, 1, -1] + about)).max() < 1e-5


def test_shapes_of_the_face_stay_what_they_were(body: Body, wide: Body) -> None:
    before, after = (b.mesh("skin").morphs["jawOpen"] for b in (body, wide))
    assert np.array_equal(before.vertices, after.vertices) and np.array_equal(before.positions, after.positions)
    assert wide.mesh("skin").extras == body.mesh("skin").extras


def test_colours_are_those_given_and_no_picture_is_kept_twice(glb: bytes, body: Body) -> None:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (8, 8), (10, 200, 30)).save(stream, "PNG")
    change = Change(pictures={0: stream.getvalue()}, tints={"hair": (0.5, 1.0, 100.0)}, groom_tints={"hair": (2, 1, 1)})
    data = changed(glb, change, packed_groom)
    made = Body.decode(data)
    assert tuple(made.pictures[0].pixels()[4, 4]) == (10, 200, 30)
    assert len(data) < len(glb) - len(body.pictures[0].data) + 10_000
    old, new = (next(m for m in b.meshes if m.name == "hair").material.base_colour for b in (body, made))
    assert new[:3] == pytest.approx((old[0] / 2, old[1], 1.0), abs=1e-4)
    first, second = (b.groom("hair") for b in (body, made))
    assert first is not None and second is not None
    assert second.colour == pytest.approx((first.colour[0] * 2, *first.colour[1:]), rel=1e-3)


def test_the_file_keeps_the_rules_of_its_format(glb: bytes) -> None:
    data = changed(glb, Change(Wider()), packed_groom)
    magic, version, length = struct.unpack_from("<4sII", data)
    assert (magic, version, length) == (b"glTF", 2, len(data))
    (size,) = struct.unpack_from("<I", data, 12)
    document = json.loads(data[20 : 20 + size])
    ends = [v["byteOffset"] + v["byteLength"] for v in document["bufferViews"]]
    assert all(v["byteOffset"] % 4 == 0 for v in document["bufferViews"])
    assert max(ends) <= document["buffers"][0]["byteLength"]
    assert all(a <= v["byteOffset"] for a, v in zip(ends, document["bufferViews"][1:], strict=False))
    for accessor in document["accessors"]:
        view = document["bufferViews"][accessor["bufferView"]] if "bufferView" in accessor else {}
        assert view.get("byteStride", 4) % 4 == 0
