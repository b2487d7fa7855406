import numpy as np
import pytest

from understudy.base.channels import ARKIT_SHAPES, JOINTS
from understudy.base.errors import BadInput
from understudy.casting.glb import Figure, Material, Texture, TextureName, write_glb
from understudy.casting.mesh import Part, unit
from understudy.casting.skeleton import PARENTS, Skeleton
from understudy.hub.body import Body

from .reading import Reader


def small_figure() -> Figure:
    rng = np.random.default_rng(3)
    points = rng.uniform(-0.5, 0.5, (40, 3)) + np.array([0.0, 1.4, 0.0])
    weights = rng.random((40, len(JOINTS))) ** 8
    deltas = np.zeros((52, 40, 3))
    deltas[17, 5:9] = rng.normal(size=(4, 3)) * 0.01
    skin = Part(
        name="skin",
        material="skin",
        positions=points,
        normals=unit(rng.normal(size=(40, 3))),
        triangles=rng.permutation(40)[:39].reshape(13, 3),
        uv=rng.random((40, 2)),
        joints=weights / weights.sum(1, keepdims=True),
        deltas=deltas,
    )
    eye = Part("eyeLeft", "skin", points[:6] * 0.02, skin.normals[:6], np.array([[0, 1, 2], [3, 4, 5]]))
    parents = tuple(JOINTS.index(PARENTS[j]) if PARENTS[j] else -1 for j in JOINTS)
    skeleton = Skeleton(JOINTS, parents, rng.uniform(-0.3, 1.7, (len(JOINTS), 3)))
    material = Material("skin", {"extras": {"understudy": {"mask": TextureName("b")}}})
    textures = [Texture("a", "image/png", b"one"), Texture("b", "image/png", b"four")]
    return Figure(skeleton, [skin, eye], {"eyeLeft": "leftEye"}, [material], textures, {"skin": {"lips": [1]}})


def test_positions_come_back_within_half_a_step_of_the_grid() -> None:
    figure = small_figure()
    reader = Reader(write_glb(figure))
    error = np.abs(reader.positions("skin") - figure.parts[0].positions).max()
    assert error < 20e-6
    assert np.allclose(reader.positions("eyeLeft"), figure.parts[1].positions, atol=1e-7)


def test_deltas_are_sparse_and_come_back() -> None:
    figure = small_figure()
    reader = Reader(write_glb(figure))
    deltas = figure.parts[0].deltas
    assert deltas is not None
    for shape in (0, 17):
        assert np.abs(reader.delta("skin", shape) - deltas[shape]).max() < 20e-6
    target = reader.meshes["skin"]["primitives"][0]["targets"][17]["POSITION"]
    assert reader.json["accessors"][target]["sparse"]["count"] == 4
    assert reader.meshes["skin"]["extras"]["targetNames"] == list(ARKIT_SHAPES)
    assert reader.meshes["skin"]["extras"]["lips"] == [1]


def test_skin_weights_of_a_vertex_sum_to_exactly_one() -> None:
    reader = Reader(write_glb(small_figure()))
    weights = np.rint(reader.attribute("skin", "WEIGHTS_0") * 255)
    assert (weights.sum(1) == 255).all()


def test_joints_and_textures_are_placed() -> None:
    figure = small_figure()
    reader = Reader(write_glb(figure))
    assert np.allclose(reader.joint("leftHand"), figure.skeleton.origins[JOINTS.index("leftHand")], atol=1e-5)
    assert reader.json["materials"][0]["extras"]["understudy"]["mask"] == 1


def test_the_same_figure_gives_the_same_bytes() -> None:
    assert write_glb(small_figure()) == write_glb(small_figure())


def wrinkled_figure(groups: int) -> Figure:
    figure = small_figure()
    rng = np.random.default_rng(9)
    figure.parts[0].wrinkles = rng.random((40, 10))
    figure.parts[0].flush = rng.random(40)
    figure.extras["skin"]["wrinkles"] = [{ARKIT_SHAPES[i]: 0.5, "jawOpen": 0.25} for i in range(groups)]
    return figure


def test_wrinkles_and_flush_come_back_as_they_were_written() -> None:
    figure = wrinkled_figure(10)
    skin = Body.decode(write_glb(figure)).mesh("skin")
    assert figure.parts[0].wrinkles is not None and skin.wrinkles is not None and skin.flush is not None
    assert np.abs(skin.wrinkles - figure.parts[0].wrinkles).max() < 0.5 / 255 + 1e-6
    assert np.abs(skin.flush.ravel() - figure.parts[0].flush).max() < 0.5 / 255 + 1e-6
    assert skin.wrinkle_groups[3] == {ARKIT_SHAPES[3]: 0.5, "jawOpen": 0.25}


def test_a_mesh_without_wrinkles_has_none() -> None:
    skin = Body.decode(write_glb(small_figure())).mesh("skin")
    assert skin.wrinkles is None and skin.wrinkle_groups == () and skin.flush is None


def test_more_groups_than_shares_or_unknown_shapes_are_damage() -> None:
    with pytest.raises(BadInput, match="groups of wrinkles"):
        Body.decode(write_glb(wrinkled_figure(13)))
    figure = wrinkled_figure(2)
    figure.extras["skin"]["wrinkles"] = [{"frown": 1.0}]
    with pytest.raises(BadInput, match="ARKit"):
        Body.decode(write_glb(figure))
