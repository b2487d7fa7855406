import numpy as np
import pytest

from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.render.film.roots import rooted


@pytest.fixture(scope="module")
def shorn() -> Body:
    return Body.decode(Actor.open("jonah").body_glb)


def test_skin_between_short_hair_is_dark_and_a_face_is_not(shorn: Body) -> None:
    skin = shorn.mesh("skin")
    found = rooted(skin, shorn.grooms)
    crown = skin.positions[:, 1] > np.quantile(skin.positions[skin.positions[:, 1] > shorn.origin("head")[1], 1], 0.97)
    assert np.median(found[crown]) > 0.6
    eyes = (shorn.origin("leftEye") + shorn.origin("rightEye")) / 2
    face = (np.linalg.norm(skin.positions - eyes, axis=1) < 0.06) & (skin.positions[:, 1] < eyes[1] + 0.02)
    assert face.sum() > 200 and found[face].max() < 0.05


def test_a_parting_in_long_hair_stays_pale() -> None:
    long = Body.decode(Actor.open("emi").body_glb)
    assert not rooted(long.mesh("skin"), long.grooms).any()


def test_without_hair_nothing_is_dark(shorn: Body) -> None:
    assert not rooted(shorn.mesh("skin"), []).any()
