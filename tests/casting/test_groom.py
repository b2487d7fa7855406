from dataclasses import replace

import numpy as np
import pytest

from understudy.base.errors import BadInput
from understudy.casting.glb import write_glb
from understudy.hub.body import Body
from understudy.hub.groom import Groom

from .reading import Reader
from .test_glb import small_figure


def some_groom(count: int = 30, per: int = 12) -> Groom:
    rng = np.random.default_rng(5)
    bary = rng.dirichlet([1, 1, 1], count).astype(np.float32)
    return Groom(
        name="hair",
        points=(rng.normal(size=(count, per, 3)) * 0.1 + [0, 1.6, 0]).astype(np.float32),
        corners=rng.integers(0, 40, (count, 3)).astype(np.int32),
        bary=bary,
        lock=rng.integers(0, 7, count).astype(np.int32),
        tone=rng.random(count).astype(np.float32),
        grey=0.25,
        children=20000,
        curl=0.5,
        seed=9,
    )


def test_a_groom_comes_back_from_the_file_within_its_grid() -> None:
    figure, groom = small_figure(), some_groom()
    figure.grooms = [groom, replace(groom, name="lashes", points=groom.points * 0.01, children=0)]
    body = Body.decode(write_glb(figure))
    back = body.groom("hair")
    assert back is not None and body.groom("beard") is None and len(body.grooms) == 2
    assert np.abs(back.points - groom.points).max() < 10e-6
    assert (back.corners == groom.corners).all() and (back.lock == groom.lock).all()
    assert np.abs(back.bary - groom.bary).max() < 1e-4 and np.allclose(back.bary.sum(1), 1, atol=1e-4)
    assert np.abs(back.tone - groom.tone).max() < 1 / 500
    assert (back.children, back.seed, back.grey, back.curl) == (20000, 9, 0.25, 0.5)
    fine = body.groom("lashes")
    assert fine is not None and np.abs(fine.points - groom.points * 0.01).max() < 1e-6


def test_other_viewers_see_no_trace_of_a_groom_but_extras() -> None:
    plain, haired = small_figure(), small_figure()
    haired.grooms = [some_groom()]
    one, two = Reader(write_glb(plain)).json, Reader(write_glb(haired)).json
    assert one["accessors"] == two["accessors"] and one["meshes"] == two["meshes"]
    assert "extras" not in one and len(two["extras"]["understudy"]["grooms"]) == 1


def test_a_groom_that_roots_outside_the_skin_is_refused() -> None:
    figure, groom = small_figure(), some_groom()
    figure.grooms = [replace(groom, corners=groom.corners + 40)]
    with pytest.raises(BadInput, match="roots outside the skin"):
        Body.decode(write_glb(figure))


def test_a_groom_that_is_cut_short_is_refused() -> None:
    figure, groom = small_figure(), some_groom()
    figure.grooms = [replace(groom, tone=groom.tone[:3])]
    with pytest.raises(BadInput, match="cut short"):
        Body.decode(write_glb(figure))
