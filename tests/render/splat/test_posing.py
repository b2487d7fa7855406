import numpy as np
from cloud import emi, pose

from understudy.render.posing import joint_turns
from understudy.render.splat.posing import Carriers, Riding


def test_a_triangle_goes_where_the_body_says_its_corners_go() -> None:
    body = emi()
    taken = pose(0.3, jawOpen=0.7, eyeBlinkLeft=1.0, mouthSmileRight=0.5)
    turns = joint_turns(taken)
    carriers = Carriers(body, ("skin", "teethLower", "clothes"))
    draw = np.random.default_rng(2)
    used = np.sort(draw.choice(int(carriers.first[-1]), 600, replace=False)).astype(np.int32)
    maps = Riding(carriers, used).take(taken.face, body.matrices(turns))
    for number, mesh in enumerate(carriers.meshes):
        low, high = carriers.first[number : number + 2]
        here = (used >= low) & (used < high)
        corners = mesh.triangles[used[here] - low]
        posed = body.posed(mesh.name, taken.face, turns)
        a, b, c = (mesh.positions[corners[:, k]] for k in range(3))
        wide = np.linalg.norm(np.cross(b - a, c - a), axis=1) > 1e-8
        for k in range(3):
            moved = np.einsum("nij,nj->ni", maps[here][:, :, :3], mesh.positions[corners[:, k]]) + maps[here][:, :, 3]
            assert np.abs(moved - posed[corners[:, k]])[wide].max() < 2e-5


def test_what_rides_a_joint_turns_with_it_and_thickness_is_kept() -> None:
    body = emi()
    carriers = Carriers(body, ("skin",))
    head = carriers.of_joint("head")
    used = np.array([100, head], np.int32)
    joints = body.matrices(joint_turns(pose(0.5)))
    maps = Riding(carriers, used).take(np.zeros(52), joints)
    assert np.allclose(maps[1], joints[body.joint_index["head"]][:3], atol=1e-6)
    skin = body.mesh("skin")
    a, b, c = (skin.positions[skin.triangles[100, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    stretched = Riding(carriers, used).take(pose(jawOpen=1.0).face, joints)[0][:, :3]
    assert abs(np.linalg.norm(stretched @ (normal / np.linalg.norm(normal))) - 1) < 1e-3


def test_a_carrier_knows_the_joints_that_hold_it() -> None:
    carriers = Carriers(emi(), ("teethUpper", "clothes"))
    names = [joint.name for joint in emi().joints]
    teeth = carriers.joint_of()[: carriers.first[1]]
    assert {names[j] for j in np.unique(teeth[:, 0])} == {"head"}
    assert carriers.share_of().min() >= 0.5 - 1e-6 and carriers.share_of().max() <= 1 + 1e-6
