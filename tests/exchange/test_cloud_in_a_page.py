"""A page poses an avatar as the painter does: the same maps, the same order, the same swing of hair."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from tests.render.splat.sown import sown

from understudy.base.channels import TRACK_CHANNELS
from understudy.hub.avatar import MEMBER, Avatar
from understudy.hub.body import Body
from understudy.hub.frames import Shot
from understudy.hub.performance import Pose
from understudy.live.packets import CHANNEL_NAMES
from understudy.render.framing import frame_actor, stage_from_model
from understudy.render.posing import joint_turns
from understudy.render.splat.afar import packed
from understudy.render.splat.posing import Carriers, Riding
from understudy.render.sway import follow, swung

NODE = shutil.which("node")
SCRIPT = Path(__file__).parent / "web" / "posed.mjs"
ROWS = [
    {"head.yaw": 0.0, "face.jawOpen": 0.2},
    {"head.yaw": 0.4, "head.x": 0.02, "face.jawOpen": 0.7, "face.mouthSmileLeft": 0.5, "breath": 0.8, "neck.x": 0.1,
     "leftEye.yaw": -0.3, "rightEye.pitch": 0.2, "leftShoulder.z": 0.15, "head.roll": -0.1},
]  # fmt: skip


def pose_of(row: dict[str, float], second: float) -> Pose:
    def track(name: str) -> np.ndarray:
        keys = [f"face.{c}" if name == "face" else c for c in TRACK_CHANNELS[name]]
        return np.array([row.get(key, 0.0) for key in keys], np.float32)

    return Pose(second, *(track(name) for name in ("face", "head", "gaze", "body", "complexion")))


def test_the_file_says_whose_it_is_and_is_small() -> None:
    import gzip

    emi = sown()
    data = packed(emi.files[MEMBER], Body.decode(emi.body_glb, "Emi"), {"notice": "AI-generated."})
    length = int.from_bytes(data[:4], "little")
    assert json.loads(data[4 : 4 + length].split(b"\n", 1)[0])["marks"] == {"notice": "AI-generated."}
    # what is ridden is left out where nothing rides it: far less than the body
    assert len(gzip.compress(data)) < 700_000 < len(emi.body_glb)


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_a_page_poses_and_sorts_as_the_painter_does(tmp_path: Path) -> None:
    emi = sown()
    body = Body.decode(emi.body_glb, "Emi")
    avatar = Avatar.decode(emi.files[MEMBER])
    stand = stage_from_model(body, frame_actor(body, Shot()))
    (tmp_path / "avatar.bin").write_bytes(packed(emi.files[MEMBER], body, {}))
    rows = [[10 + k / 10, [row.get(name, 0.0) for name in CHANNEL_NAMES]] for k, row in enumerate(ROWS)]
    told = {"channels": CHANNEL_NAMES, "stand": stand[:3, 3].tolist(), "rows": rows, "away": 1.8}
    (tmp_path / "told.json").write_text(json.dumps(told))
    command = [str(NODE), str(SCRIPT), *(str(tmp_path / name) for name in ("avatar.bin", "told.json", "out.bin"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

    used, carrier = np.unique(avatar.carrier, return_inverse=True)
    riding, swing = Riding(Carriers(body, avatar.record.meshes), used.astype(np.int32)), None
    for second, row in zip((10.0, 10.1), ROWS, strict=True):
        pose = pose_of(row, second)
        joints = stand @ body.matrices(joint_turns(pose))
        maps = riding.take(pose.face, joints)
        swing = follow(swing, second, pose.head)
    head = body.joint_index["head"]
    sway = np.asarray(swung(swing.lag, joints[head], body.origin("head")))
    out = (tmp_path / "out.bin").read_bytes()
    size = maps.size * 4
    found = np.frombuffer(out[:size], "<f4").reshape(maps.shape)
    order = np.frombuffer(out[size:-48], "<u4")
    assert np.abs(sway).max() > 0.01
    assert np.allclose(np.frombuffer(out[-48:], "<f4").reshape(3, 4), sway, atol=1e-5)

    def placed(by: np.ndarray) -> np.ndarray:
        at = np.einsum("nij,nj->ni", by[carrier], np.c_[avatar.place_m, np.ones(avatar.count)])
        return at + avatar.loose[:, None] * (at @ sway[:, :3].T + sway[:, 3])

    assert np.linalg.norm(placed(found) - placed(maps), axis=1).max() < 1e-4  # a tenth of a millimetre
    away = 1.8 - placed(maps)[:, 2]
    assert sorted(order.tolist()) == list(range(avatar.count))
    assert np.diff(away[order]).max() < 2e-4  # farthest first
