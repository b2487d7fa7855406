import numpy as np

from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.render.economy import economy
from understudy.render.trimming import merged


def test_live_spends_less_than_draft_on_a_processor_and_as_much_on_a_gpu() -> None:
    live, draft = (economy(q, software=True, px_per_m=1200.0) for q in ("live", "draft"))
    assert live.samples < draft.samples and live.shadow_every > draft.shadow_every and live.merged > draft.merged == 0
    assert economy("live", software=False, px_per_m=1200.0) == economy("draft", software=False, px_per_m=1200.0)


def test_merging_keeps_what_a_sample_could_show() -> None:
    body = Body.decode(Actor.open("emi").body_glb)
    teeth = body.mesh("teethUpper")
    cell_m = 0.0015
    less = merged(teeth, cell_m)
    assert 0.4 * len(teeth.triangles) < len(less.triangles) < 0.8 * len(teeth.triangles)
    assert less.positions is teeth.positions
    # every vertex has one that is still drawn near it, and triangles look where their vertices do
    drawn = teeth.positions[np.unique(less.triangles)]
    far = np.sqrt(((teeth.positions[::7, None] - drawn[None]) ** 2).sum(2)).min(1)
    assert far.max() < cell_m * 3**0.5
    a, b, c = (teeth.positions[less.triangles[:, k]] for k in range(3))
    facing = np.einsum("ij,ij->i", np.cross(b - a, c - a), teeth.normals[less.triangles].mean(1))
    assert (facing > 0).mean() > 0.95
    assert np.array_equal(merged(teeth, 1e-7).triangles, teeth.triangles)
