"""An avatar that stands still is the one that was painted, seen from nowhere."""

from dataclasses import replace

import numpy as np
import pytest
from tests.render.splat.sown import sown

from understudy.base.channels import SHAPE_INDEX, TRACK_CHANNELS
from understudy.base.errors import BadInput, NotAllowed
from understudy.hub.actor import Actor
from understudy.hub.avatar import MEMBER, Avatar
from understudy.hub.body import Body
from understudy.hub.performance import Pose
from understudy.hub.place import Place
from understudy.render.splat.owned import avatar_of
from understudy.render.splat.standing import stand, stood


def posed(**values: float) -> Pose:
    tracks = [np.zeros(len(TRACK_CHANNELS[name]), np.float32) for name in ("face", "head", "gaze", "body")]
    for name, value in values.items():
        if name in SHAPE_INDEX:
            tracks[0][SHAPE_INDEX[name]] = value
    tracks[1][1] = values.get("yaw", 0.0)
    return Pose(0.0, *tracks)


@pytest.fixture(scope="module")
def parts() -> tuple[Avatar, Body, Place]:
    emi = sown()
    return avatar_of(emi), Body.decode(emi.body_glb, "Emi"), Place.open("studio")


def test_at_rest_every_gaussian_is_where_the_avatar_has_it(parts: tuple[Avatar, Body, Place]) -> None:
    avatar, body, place = parts
    cloud = stood(avatar, body, place, posed())
    assert np.abs(cloud.place_m - avatar.place_m).max() < 2e-6
    wide = avatar.size_m.max(1)
    assert np.allclose(np.sort(cloud.size_m, 1), np.sort(avatar.size_m, 1), rtol=0.02, atol=0.01 * wide.max())
    assert 0.02 < cloud.colour.mean() < 0.9 and cloud.colour.std() > 0.05


def test_it_is_moved_and_lit_as_the_pose_and_the_place_say(parts: tuple[Avatar, Body, Place]) -> None:
    avatar, body, place = parts
    rest, turned = (stood(avatar, body, place, posed(yaw=yaw)) for yaw in (0.0, 0.6))
    high = rest.place_m[:, 1] > body.origin("head")[1] + 0.12
    assert np.linalg.norm(turned.place_m - rest.place_m, axis=1)[high].max() > 0.02
    open_ = stood(avatar, body, place, posed(jawOpen=0.8))
    low = np.abs(open_.place_m - rest.place_m).max(1)
    assert low.max() > 0.01 and np.median(low) < 1e-4
    dusk = stood(avatar, body, Place.open("dusk"), posed())
    assert np.abs(dusk.colour - rest.colour).mean() > 0.02


def test_nobody_stands_anywhere_without_leave_or_without_a_fitting_avatar() -> None:
    from understudy import rights

    emi = sown()
    other = replace(emi, record=replace(emi.record, summary="Somebody else."))
    grant = rights.authorise(emi, project="a test", script_digest="")
    assert stand(emi, Place.open("studio"), posed(), grant).count == avatar_of(emi).count
    with pytest.raises(NotAllowed):
        stand(other, Place.open("studio"), posed(), grant)
    with pytest.raises(BadInput, match="no neural avatar"):
        avatar_of(Actor.open("emi"))
    with pytest.raises(BadInput, match="changed after"):
        avatar_of(replace(emi, body_glb=emi.body_glb + b"\0"))
    with pytest.raises(BadInput, match="damaged"):
        avatar_of(replace(emi, files={MEMBER: emi.files[MEMBER][:900]}))
