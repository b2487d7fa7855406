import numpy as np
import pytest

from understudy.base.channels import BODY_CHANNELS
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Pose
from understudy.render.framing import eye_middle, frame_actor, stage_from_model
from understudy.render.posing import joint_turns

OF_ONE = [size for size in ShotSize if size is not ShotSize.TWO]


@pytest.fixture(scope="module")
def body() -> Body:
    return Body.decode(Actor.open("emi").body_glb)


def seen_at(body: Body, shot: Shot, point: np.ndarray) -> tuple[float, float]:
    """Where a point of the resting body lies in the picture, (x, y) in 0..1 from the top left."""
    camera = frame_actor(body, shot)
    clip = camera.clip_from_stage() @ stage_from_model(body, camera) @ np.append(point, 1.0)
    return float(clip[0] / clip[3] + 1) / 2, float(1 - clip[1] / clip[3]) / 2


def pose(head=(0, 0, 0, 0, 0, 0), gaze=(0, 0, 0, 0), **body_channels: float) -> Pose:
    values = np.zeros(len(BODY_CHANNELS), np.float32)
    for name, value in body_channels.items():
        values[BODY_CHANNELS.index(name.replace("_", "."))] = value
    return Pose(0.0, np.zeros(52, np.float32), np.float32(head), np.float32(gaze), values)


@pytest.mark.parametrize("size", OF_ONE)
@pytest.mark.parametrize("size_px", [(1280, 720), (1920, 1080), (720, 720)])
def test_eyes_lie_on_the_upper_third(body: Body, size: ShotSize, size_px: tuple[int, int]) -> None:
    x, y = seen_at(body, Shot(size, size_px), eye_middle(body))
    assert 0.30 < y < 0.42 and x == pytest.approx(0.5, abs=0.01)


def test_a_closer_shot_shows_less(body: Body) -> None:
    heights = [frame_actor(body, Shot(size)).height_m for size in (ShotSize.CLOSE, ShotSize.MEDIUM, ShotSize.WIDE)]
    assert heights == sorted(heights)


def test_the_top_of_the_hair_is_inside_every_shot(body: Body) -> None:
    top = max((m.positions[m.positions[:, 1].argmax()] for m in body.meshes), key=lambda p: p[1])
    for size in OF_ONE:
        assert seen_at(body, Shot(size), top)[1] > 0.0


@pytest.mark.parametrize("partner", [-1.0, -0.5, 0.5, 1.0])
def test_an_actor_with_a_partner_turns_to_them_and_has_room_to_look(body: Body, partner: float) -> None:
    shot = Shot(ShotSize.MEDIUM, partner=partner)
    nose = eye_middle(body) + np.array([0, 0, 0.3])
    eyes = seen_at(body, shot, eye_middle(body))
    assert (seen_at(body, shot, nose)[0] - eyes[0]) * partner > 0.02
    assert (seen_at(body, shot, body.origin("neck"))[0] - 0.5) * partner < -0.02


def test_neck_and_head_together_turn_as_far_as_the_track_says(body: Body) -> None:
    head = body.matrices(joint_turns(pose(head=(0, 0.6, 0, 0, 0, 0))))[body.joint_index["head"]]
    neck = body.matrices(joint_turns(pose(head=(0, 0.6, 0, 0, 0, 0))))[body.joint_index["neck"]]
    assert np.arctan2(head[0, 2], head[2, 2]) == pytest.approx(0.6, abs=1e-6)
    assert np.arctan2(neck[0, 2], neck[2, 2]) == pytest.approx(0.24, abs=1e-6)


def test_a_breath_lifts_the_shoulders_and_leaves_the_head_level(body: Body) -> None:
    full = body.matrices(joint_turns(pose(breath=1.0)))
    shoulder = full[body.joint_index["leftUpperArm"]] @ np.append(body.origin("leftUpperArm"), 1)
    assert shoulder[1] > body.origin("leftUpperArm")[1] + 0.003
    head = full[body.joint_index["head"]][:3, :3]
    assert np.degrees(np.arccos((np.trace(head) - 1) / 2)) < 0.3


def test_eyes_turn_in_the_head(body: Body) -> None:
    eye = body.matrices(joint_turns(pose(gaze=(0, 0.3, 0, 0.3))))[body.joint_index["leftEye"]]
    assert np.arctan2(eye[0, 2], eye[2, 2]) == pytest.approx(0.3, abs=1e-6)


def test_a_rest_pose_moves_nothing(body: Body) -> None:
    np.testing.assert_allclose(
        body.matrices(joint_turns(pose())), np.tile(np.eye(4), (len(body.joints), 1, 1)), atol=1e-9
    )
