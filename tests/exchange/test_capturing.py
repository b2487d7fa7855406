from pathlib import Path

import numpy as np
import pytest

from exchange.captures import animated_glb, bvh
from understudy.base.channels import BODY_CHANNELS
from understudy.base.errors import BadInput
from understudy.base.rotation import matrices_from_vectors
from understudy.body import retarget
from understudy.exchange import read_capture
from understudy.hub.physique import Physique

UPPER, FORE = np.array([-0.2, -0.8, 0.56]), np.array([0.1, 0.35, 0.93])


def kept(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def pointed(path: Path, side: str = "right", frame: int = -1) -> tuple[np.ndarray, np.ndarray]:
    """Returns where the upper arm and the forearm of the usual adult point in one frame, in space."""
    body, _ = retarget(read_capture(path), physique=Physique.standard())
    row = body.values[frame].astype(float)
    joints = Physique.standard().joints
    turn, out = np.eye(3), []
    for joint in ("hips", "spine", "chest", "upperChest", f"{side}Shoulder", f"{side}UpperArm", f"{side}LowerArm"):
        column = BODY_CHANNELS.index(f"{joint}.x")
        turn = turn @ matrices_from_vectors(row[None, column : column + 3])[0]
        if joint.endswith("Arm"):
            end = f"{side}LowerArm" if joint.endswith("UpperArm") else f"{side}Hand"
            bone = joints[end] - joints[joint]
            out.append(turn @ bone / np.linalg.norm(bone))
    return out[0], out[1]


def off_deg(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.degrees(np.arccos(np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1, 1))))


@pytest.mark.parametrize("dialect", ["mixamo", "biped", "plain"])
@pytest.mark.parametrize("arm_down_deg", [0.0, 45.0])
def test_bones_point_where_the_recording_points(tmp_path: Path, dialect: str, arm_down_deg: float) -> None:
    path = kept(tmp_path / "a.bvh", bvh(dialect=dialect, arm_down_deg=arm_down_deg))
    upper, fore = pointed(path)
    assert off_deg(upper, UPPER) < 1.5 and off_deg(fore, FORE) < 1.5
    still, _ = pointed(path, "left")
    a = np.radians(arm_down_deg)
    assert off_deg(still, np.array([np.cos(a), -np.sin(a), 0.0])) < 1.5


@pytest.mark.parametrize("unit", [1.0, 39.37])
def test_units_axes_and_rates_do_not_matter(tmp_path: Path, unit: float) -> None:
    path = kept(tmp_path / "a.bvh", bvh(unit=unit, fps=120.0, frames=121, z_up=True))
    upper, fore = pointed(path)
    assert off_deg(upper, UPPER) < 2.5 and off_deg(fore, FORE) < 2.5
    body, head = retarget(read_capture(path), physique=Physique.standard())
    assert len(body.values) == 60 and head is not None and len(head.values) == 60
    assert np.degrees(head.values[-1, 0]) == pytest.approx(np.degrees(0.3), abs=1.0)


def test_a_person_who_walks_round_is_not_spun(tmp_path: Path) -> None:
    path = kept(tmp_path / "a.bvh", bvh(spin_rad=2 * np.pi, frames=301))
    body, _ = retarget(read_capture(path), physique=Physique.standard())
    trunk = [BODY_CHANNELS.index(f"{j}.y") for j in ("hips", "spine", "chest", "upperChest")]
    assert np.degrees(np.abs(body.values[60:-60, trunk]).max()) < 5
    upper, fore = pointed(path, frame=-60)
    assert off_deg(upper, UPPER) < 20 and off_deg(fore, FORE) < 25


def test_an_animated_glb_with_a_scaled_armature_moves_the_same(tmp_path: Path) -> None:
    upper, fore = pointed(kept(tmp_path / "a.glb", animated_glb()))
    assert off_deg(upper, UPPER) < 4 and off_deg(fore, FORE) < 4


GOOD = bvh(frames=3)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.bvh", "", "HIERARCHY"),
        ("a.bvh", "HIERARCHY\nROOT Hips\n{\n", "MOTION"),
        ("a.bvh", GOOD.replace("OFFSET", "OFSET", 1), "line"),
        ("a.bvh", "\n".join(GOOD.split("\n")[:-2]), "numbers"),
        ("a.bvh", GOOD.replace("Frame Time: 0.0333333", "Frame Time: 0"), "how long"),
        ("a.bvh", GOOD.replace("LeftHand\n", "LeftPaw\n"), "left hand"),
        ("a.bvh", GOOD.replace("Frames: 3", "Frames: 99999999"), "frames"),
        ("a.glb", b"nonsense", "not a GLB"),
        ("a.glb", animated_glb()[:400], "damaged"),
        ("a.fbx", b"Kaydara", "bvh"),
    ],
)
def test_bad_files_get_one_sentence(tmp_path: Path, name: str, content: str | bytes, says: str) -> None:
    with pytest.raises(BadInput) as error:
        read_capture(kept(tmp_path / name, content))
    assert says in str(error.value) and "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no motion"):
        read_capture(tmp_path / "nowhere.bvh")
