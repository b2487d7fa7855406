"""A BVH opens in a public reader, and its joints stand where the renderer puts them."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from tests.exchange.formats.takes import acted, actor, departing

from understudy.exchange.formats.bvh import ORDER, Bvh, degrees
from understudy.hub.body import Body
from understudy.production.leaving import turns_of

RATE_HZ = 30.0


def test_the_angles_are_those_of_the_order_that_is_stated() -> None:
    rotations = Rotation.random(50, rng=3)
    angles = degrees(rotations.as_matrix())
    again = Rotation.from_euler("ZXY", angles, degrees=True)
    assert (rotations.inv() * again).magnitude().max() < 1e-6
    wrong = Rotation.from_euler("XYZ", angles, degrees=True)
    assert (rotations.inv() * wrong).magnitude().max() > 0.5


def test_a_public_reader_finds_every_joint_in_its_place() -> None:
    reader = pytest.importorskip("bvh", reason="the reader 'bvh' is not installed")
    tree = reader.Bvh(Bvh().write(departing(rate_hz=RATE_HZ, turned=True), ending="bvh")[""].decode())
    body = Body.decode(actor("emi").body_glb)
    turns = turns_of(acted(), RATE_HZ)
    assert tree.nframes == len(turns["head"])
    assert tree.frame_time == pytest.approx(1 / RATE_HZ, abs=1e-7)
    assert tree.get_joints_names() == [n for n in tree.get_joints_names() if n in body.joint_index]
    assert set(tree.get_joints_names()) == set(body.joint_index)
    assert tree.joint_channels("head") == list(ORDER)
    farthest = 0.0
    for frame in (0, tree.nframes - 1):
        world: dict[str, np.ndarray] = {}
        for name in tree.get_joints_names():
            root = tree.joint_parent(name) is None
            place = (
                [tree.frame_joint_channel(frame, name, f"{axis}position") for axis in "XYZ"]
                if root
                else tree.joint_offset(name)
            )
            angles = [tree.frame_joint_channel(frame, name, channel) for channel in ORDER]
            local = np.eye(4)
            local[:3, :3] = Rotation.from_euler("ZXY", angles, degrees=True).as_matrix()
            local[:3, 3] = np.asarray(place, float) / 100
            world[name] = local if root else world[tree.joint_parent(name).name] @ local
        posed = body.matrices({name: turn[frame] for name, turn in turns.items()})
        for i, joint in enumerate(body.joints):
            wanted = (posed[i] @ joint.rest)[:3, 3]
            # shifts of a breath and of the head on the neck are not in a BVH
            assert np.abs(world[joint.name][:3, 3] - wanted).max() < 0.012, joint.name
            assert np.abs(world[joint.name][:3, :3] - posed[i][:3, :3]).max() < 1e-5, joint.name
            farthest = max(farthest, float(np.abs(wanted - joint.origin).max()))
    assert farthest > 0.01
