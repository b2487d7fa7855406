import contextlib
import json
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.base.channels import ARKIT_SHAPES, SHAPE_INDEX
from understudy.base.errors import BadInput, UnknownName
from understudy.hub.actor import Actor
from understudy.hub.body import Body

TRIANGLE = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32)
OFFSET = np.array([[0, 0, 0.5]], np.float32)


def glb(*, quantised: bool = False, change=None, binary_change=None) -> bytes:
    """One triangle on a joint at (0, 1, 0), whose third corner jawOpen moves by 0.5 along z (a sparse accessor)."""
    blobs: list[bytes] = []

    def view(array: np.ndarray) -> int:
        blobs.append(array.tobytes() + b"\0" * (-array.nbytes % 4))
        return len(blobs) - 1

    scale = 2.0 if quantised else 1.0
    number, kind = (32767, np.int16) if quantised else (1, np.float32)
    packed = (TRIANGLE / scale * number).round(0 if quantised else 9).astype(kind)
    moved = (OFFSET / scale * number).round(0 if quantised else 9).astype(kind)
    if quantised:
        rows = np.zeros((3, 8), np.uint8)
        rows[:, :6] = packed.view(np.uint8).reshape(3, 6)
        packed = rows
    bind = np.eye(4, dtype=np.float32)
    bind[:3, :3] *= scale
    bind[1, 3] = -1
    views = [
        view(packed),
        view(np.array([0, 1, 2], np.uint16)),
        view(np.zeros((3, 4), np.uint8)),
        view(np.tile(np.float32([1, 0, 0, 0]), (3, 1))),
        view(np.array([2], np.uint16)),
        view(moved),
        view(np.ascontiguousarray(bind.T)),
    ]
    starts = np.cumsum([0] + [len(b) for b in blobs])
    component = 5122 if quantised else 5126
    document = {
        "asset": {"version": "2.0"},
        "buffers": [{"byteLength": int(starts[-1])}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": int(starts[v]), "byteLength": len(blobs[v])}
            | ({"byteStride": 8} if quantised and v == 0 else {})
            for v in views
        ],
        "accessors": [
            {"bufferView": 0, "componentType": component, "count": 3, "type": "VEC3", "normalized": quantised},
            {"bufferView": 1, "componentType": 5123, "count": 3, "type": "SCALAR"},
            {"bufferView": 2, "componentType": 5121, "count": 3, "type": "VEC4"},
            {"bufferView": 3, "componentType": 5126, "count": 3, "type": "VEC4"},
            {
                "componentType": component,
                "count": 3,
                "type": "VEC3",
                "normalized": quantised,
                "sparse": {
                    "count": 1,
                    "indices": {"bufferView": 4, "componentType": 5123},
                    "values": {"bufferView": 5},
                },
            },
            {"bufferView": 6, "componentType": 5126, "count": 1, "type": "MAT4"},
        ],
        "nodes": [{"name": "head", "translation": [0, 1, 0]}, {"name": "skin", "mesh": 0, "skin": 0}],
        "skins": [{"joints": [0], "inverseBindMatrices": 5}],
        "meshes": [
            {
                "primitives": [
                    {
                        "attributes": {"POSITION": 0, "JOINTS_0": 2, "WEIGHTS_0": 3},
                        "indices": 1,
                        "targets": [{"POSITION": 4}],
                    }
                ],
                "extras": {"targetNames": ["jawOpen"]},
            }
        ],
    }
    if change is not None:
        change(document)
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    data = b"".join(blobs)
    if binary_change is not None:
        data = binary_change(data)
    body = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(data), 0x004E4942) + data
    return struct.pack("<III", 0x46546C67, 2, 12 + len(body)) + body


def jaw(weight: float) -> np.ndarray:
    face = np.zeros(len(ARKIT_SHAPES), np.float32)
    face[SHAPE_INDEX["jawOpen"]] = weight
    return face


@pytest.fixture(scope="module")
def emi() -> Body:
    return Body.decode(Actor.open("emi").body_glb)


@pytest.mark.parametrize("quantised", [False, True])
def test_a_mesh_comes_out_in_metres_at_rest_however_it_was_packed(quantised: bool) -> None:
    body = Body.decode(glb(quantised=quantised))
    np.testing.assert_allclose(body.posed("skin"), TRIANGLE, atol=1e-4)


@pytest.mark.parametrize("quantised", [False, True])
def test_a_sparse_shape_moves_only_its_own_vertex(quantised: bool) -> None:
    body = Body.decode(glb(quantised=quantised))
    moved = body.posed("skin", jaw(0.5)) - body.posed("skin")
    np.testing.assert_allclose(moved, [[0, 0, 0], [0, 0, 0], [0, 0, 0.25]], atol=1e-4)
    assert body.mesh("skin").morphs["jawOpen"].vertices.tolist() == [2]


def test_a_turn_happens_about_the_joint_and_not_about_the_origin() -> None:
    quarter = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]])
    posed = Body.decode(glb()).posed("skin", None, {"head": quarter})
    np.testing.assert_allclose(posed, [[1, 1, 0], [1, 2, 0], [0, 1, 0]], atol=1e-6)


def test_a_shape_turns_with_the_joint() -> None:
    flip = np.diag([-1.0, 1.0, -1.0])
    posed = Body.decode(glb()).posed("skin", jaw(1.0), {"head": flip})
    np.testing.assert_allclose(posed[2], [0, 1, -0.5], atol=1e-6)


def test_a_mesh_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UnknownName, match="skin"):
        Body.decode(glb()).mesh("tail")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: d["buffers"][0].update(uri="../secret.bin"), id="buffer outside the file"),
        pytest.param(lambda d: d["buffers"][0].update(uri="https://example.org/a.bin"), id="buffer on the network"),
        pytest.param(lambda d: d["bufferViews"][0].update(byteLength=10**9), id="view beyond the end"),
        pytest.param(lambda d: d["accessors"][0].update(count=10**9), id="accessor too large"),
        pytest.param(lambda d: d["accessors"][0].update(count=-1), id="negative count"),
        pytest.param(lambda d: d["accessors"][4]["sparse"].update(count=9), id="sparse longer than whole"),
        pytest.param(lambda d: d["accessors"][4].update(count=2), id="sparse points outside"),
        pytest.param(lambda d: d["nodes"][0].update(children=[0]), id="a node its own parent"),
        pytest.param(lambda d: d["nodes"][0].update(translation=[float("inf"), 0, 0]), id="a node at infinity"),
        pytest.param(lambda d: d.update(skins=[]), id="no skeleton"),
        pytest.param(lambda d: d.update(meshes="none"), id="meshes no list"),
        pytest.param(lambda d: d.update(extensionsRequired=["KHR_draco_mesh_compression"]), id="unknown extension"),
        pytest.param(lambda d: d["meshes"][0]["primitives"][0].update(mode=1), id="lines"),
        pytest.param(lambda d: d["meshes"][0].update(extras={"targetNames": []}), id="shapes without names"),
    ],
)
def test_a_malformed_body_is_refused_in_one_sentence(change) -> None:
    with pytest.raises(BadInput) as caught:
        Body.decode(glb(change=change))
    text = str(caught.value)
    assert text.endswith(".") and "\n" not in text and len(text) < 260


def test_an_image_outside_the_file_is_refused() -> None:
    with pytest.raises(BadInput, match="outside itself"):
        Body.decode(glb(change=lambda d: d.update(images=[{"uri": "file:///etc/passwd"}])))


@pytest.mark.parametrize("length", [0, 3, 11, 12, 19, 40, 200])
def test_a_cut_off_file_is_refused(length: int) -> None:
    with pytest.raises(BadInput):
        Body.decode(glb()[:length])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6))
def test_damaged_bytes_never_raise_anything_but_bad_input(damage: list[tuple[int, int]]) -> None:
    data = bytearray(glb())
    for at, value in damage:
        data[at % len(data)] = value
    with contextlib.suppress(BadInput):
        Body.decode(bytes(data))


def test_the_house_actor_has_the_parts_renderers_rely_on(emi: Body) -> None:
    names = {mesh.name for mesh in emi.meshes}
    assert {"skin", "eyeLeft", "eyeRight", "teethUpper", "teethLower", "tongue"} <= names
    assert len(emi.mesh("skin").morphs) >= 48
    assert emi.origin("leftEye")[0] > 0 > emi.origin("rightEye")[0]


def test_opening_the_jaw_parts_the_lips_of_the_house_actor(emi: Body) -> None:
    pairs = emi.mesh("skin").extras["lips"]
    upper, lower = ([p[k] for p in pairs] for k in ("upper", "lower"))

    def gap(weight: float) -> float:
        lips = emi.posed("skin", jaw(weight))
        return float((lips[upper] - lips[lower])[:, 1].max())

    assert gap(0.7) > gap(0.0) + 0.008
