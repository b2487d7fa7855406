from dataclasses import replace

import numpy as np
import pytest

from understudy.hub.actor import Actor
from understudy.hub.body import Body, Mesh
from understudy.render.figure import kind_of
from understudy.render.trimming import coarser, thinned


@pytest.fixture(scope="module")
def body() -> Body:
    return Body.decode(Actor.open("emi").body_glb)


def area(mesh: Mesh) -> float:
    a, b, c = (mesh.positions[mesh.triangles[:, k]] for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


def test_coarser_skin_has_a_quarter_of_the_triangles_and_the_same_surface(body: Body) -> None:
    skin = body.mesh("skin")
    light = coarser(skin)
    assert len(light.triangles) < 0.4 * len(skin.triangles)
    assert area(light) == pytest.approx(area(skin), rel=0.03)
    a, b, c = (light.positions[light.triangles[:, k]] for k in range(3))
    outward = (np.cross(b - a, c - a) * light.normals[light.triangles[:, 0]]).sum(1)
    assert (outward > 0).mean() > 0.97


def test_a_mesh_that_was_not_subdivided_stays_as_it_is(body: Body) -> None:
    skin = body.mesh("skin")
    shuffled = replace(skin, triangles=np.random.default_rng(0).permutation(skin.triangles))
    assert coarser(shuffled) is shuffled
    odd = replace(skin, triangles=skin.triangles[:7])
    assert coarser(odd) is odd


def test_hair_thinner_than_a_sample_is_drawn_fewer_and_as_much_stronger(body: Body) -> None:
    brows = body.mesh("brows")
    near, one = thinned(brows, 50_000)
    far, stronger = thinned(brows, 1_000)
    assert one == 1.0 and len(near.triangles) == len(brows.triangles)
    assert stronger > 1.5
    assert len(far.triangles) * stronger == pytest.approx(len(brows.triangles), rel=0.2)


def test_materials_are_told_apart_by_name(body: Body) -> None:
    kinds = {mesh.name: kind_of(mesh) for mesh in body.meshes}
    assert kinds["skin"] == "skin" and kinds["hair"] == "hair" and kinds["hairFine"] == "strand"
    assert kinds["teethUpper"] == kinds["tongue"] == "mouth" and kinds["clothes"] == "cloth"
