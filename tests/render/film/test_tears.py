import numpy as np
import pytest

from understudy.hub.actor import Actor
from understudy.hub.body import Body, Mesh
from understudy.render.film.tears import Tears, bulging


@pytest.fixture(scope="module")
def body() -> Body:
    return Body.decode(Actor.open("emi").body_glb)


@pytest.fixture(scope="module")
def track(body: Body) -> Mesh:
    return body.mesh("tearTrackLeft")


def test_nothing_runs_before_the_eye_brims(track: Mesh) -> None:
    tears = Tears(track)
    assert not tears.shown(0.4).any() and tears.lift_m(0.4) == 0
    assert tears.shown(1.0).min() > 0.3 and tears.lift_m(1.0) > 0.001


def test_a_tear_reaches_further_down_the_more_one_weeps(track: Mesh) -> None:
    tears = Tears(track)
    heights = [track.positions[tears.shown(much) > 0.1, 1].min() for much in (0.6, 0.75, 0.95)]
    assert heights[0] > heights[1] + 0.002 > heights[2] + 0.004


def test_the_drop_is_fuller_than_its_trail(track: Mesh) -> None:
    shown = Tears(track).shown(0.75)
    order = np.argsort(-track.positions[:, 1])
    wet = shown[order][shown[order] > 0.3]
    assert wet[-6:].max() > 1.4 * wet[:6].max()


def test_lids_are_always_a_little_wet(body: Body) -> None:
    tears = Tears(body.mesh("tearLineLeft"))
    assert 0 < tears.shown(0.0).max() < tears.shown(1.0).min() and tears.lift_m(1.0) == 0


def test_water_bulges_to_both_sides(track: Mesh) -> None:
    out = bulging(track)
    across = track.positions[1::2] - track.positions[0::2]
    assert np.allclose(np.linalg.norm(out, axis=1), 1, atol=1e-5)
    assert ((out[1::2] * across).sum(1) > 0).all() and ((out[0::2] * across).sum(1) < 0).all()
    assert ((out * track.normals).sum(1) > 0.5).all()
