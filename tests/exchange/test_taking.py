"""Foreign heads and avatars become bodies, or are refused with one sentence."""

from pathlib import Path

import numpy as np
import pytest
from tests.exchange import avatars

from understudy.base.channels import ARKIT_SHAPES, SHAPE_INDEX
from understudy.base.errors import BadInput
from understudy.exchange import take_in
from understudy.exchange.names import arkit, joint
from understudy.hub.body import Body


def face(**weights: float) -> np.ndarray:
    out = np.zeros(len(ARKIT_SHAPES), np.float32)
    for name, weight in weights.items():
        out[SHAPE_INDEX[name]] = weight
    return out


def movement(body: Body, **weights: float) -> np.ndarray:
    mesh = next(m for m in body.meshes if m.morphs)
    return body.shaped(mesh, face(**weights)) - mesh.positions


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("jawOpen", "jawOpen"), ("JawOpen", "jawOpen"), ("eyeBlink_L", "eyeBlinkLeft"),
        ("EyeBlinkRight", "eyeBlinkRight"),
        ("blendShape2.mouthSmile_R", "mouthSmileRight"), ("mouth_Smile_Left", "mouthSmileLeft"), ("viseme_aa", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_arkit_names_are_known_in_all_their_spellings(theirs: str, ours: str) -> None:
    assert arkit(theirs) == ours


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("mixamorig:Head", "head"), ("J_Bip_C_Head", "head"), ("LeftEye", "leftEye"),
        ("mixamorig:LeftArm", "leftUpperArm"),
        ("Spine2", "chest"), ("Hairband", ""), ("HeadTop_End", ""),
    ],
)  # fmt: skip
def test_joints_are_known_by_what_other_programs_call_them(theirs: str, ours: str) -> None:
    assert joint(theirs) == ours


def test_an_arkit_head_keeps_all_52_shapes_to_the_micrometre(tmp_path: Path) -> None:
    taken = take_in(avatars.glb(tmp_path / "head.glb"))
    assert len(taken.exact) == 52 and not taken.missing
    body = Body.decode(taken.body_glb)
    points, _ = avatars.egg()
    assert np.allclose(body.meshes[0].positions, points, atol=1e-6)
    assert np.allclose(movement(body, jawOpen=1.0), avatars.moved(points, "jawOpen", 1, 1), atol=1e-6)
    assert {"head", "neck", "hips", "leftEye", "rightEye"} <= set(body.joint_index)


def test_visemes_become_arkit_shapes_and_a_blink_falls_apart_into_two(tmp_path: Path) -> None:
    taken = take_in(avatars.glb(tmp_path / "oculus.glb", avatars.OCULUS))
    assert taken.derived["jawOpen"] == "visemeaa" and taken.derived["mouthPucker"] == "visemeu"
    assert "cheekPuff" in taken.missing and "tongueOut" in taken.missing
    body = Body.decode(taken.body_glb)
    left, right = movement(body, eyeBlinkLeft=1.0), movement(body, eyeBlinkRight=1.0)
    x = body.meshes[0].positions[:, 0]
    assert np.abs(left[x > 0.01]).max() > 0.009 and np.abs(left[x < -0.01]).max() < 1e-6
    assert np.allclose(left + right, avatars.moved(body.meshes[0].positions, "blink", 1, 1), atol=1e-6)


def test_vroid_names_are_read_with_their_sides(tmp_path: Path) -> None:
    taken = take_in(avatars.glb(tmp_path / "vroid.glb", avatars.VROID))
    assert taken.derived["jawOpen"] == "fclmtha" and taken.derived["eyeBlinkLeft"] == "fcleyecloseleft"


def test_a_vrm_0_avatar_is_turned_to_face_the_lens_and_its_terms_are_read(tmp_path: Path) -> None:
    taken = take_in(avatars.vrm0(tmp_path / "egg.vrm"))
    assert taken.only_author and "A. Maker" in taken.terms
    assert any("turned" in remark for remark in taken.remarks)
    body = Body.decode(taken.body_glb)
    assert body.origin("leftEye")[0] > 0.02 and body.origin("leftEye")[2] > 0.05
    moving = movement(body, jawOpen=1.0)
    assert body.meshes[0].positions[np.abs(moving).max(1) > 1e-4][:, 2].min() > 0


def test_a_vrm_1_avatar_speaks_and_winks(tmp_path: Path) -> None:
    taken = take_in(avatars.vrm1(tmp_path / "egg.vrm"))
    assert not taken.only_author and taken.derived["eyeBlinkLeft"] == "vrmblinkleft"
    body = Body.decode(taken.body_glb)
    wink = movement(body, eyeBlinkLeft=1.0)
    assert np.abs(wink[body.meshes[0].positions[:, 0] < -0.01]).max(initial=0) == 0


def test_centimetres_become_metres(tmp_path: Path) -> None:
    taken = take_in(avatars.glb(tmp_path / "cm.glb", scale=100.0))
    body = Body.decode(taken.body_glb)
    assert np.ptp(body.meshes[0].positions[:, 1]) == pytest.approx(0.24, abs=0.01)
    assert np.abs(movement(body, jawOpen=1.0)).max() == pytest.approx(0.01, abs=0.005)


def test_a_head_without_bones_gets_a_neck_to_turn_on(tmp_path: Path) -> None:
    taken = take_in(avatars.glb(tmp_path / "bare.glb", skeleton=False))
    assert taken.joints["head"] == "(added)"
    body = Body.decode(taken.body_glb)
    points, _ = avatars.egg()
    assert np.allclose(body.meshes[0].positions, points, atol=1e-5)
    turned = body.posed("FaceMesh", turns={"head": np.diag([-1.0, 1.0, -1.0])})
    assert turned[:, 0].mean() == pytest.approx(points[:, 0].mean(), abs=0.02) and not np.allclose(turned, points)


def test_what_cannot_be_an_actor_is_refused_in_one_sentence(tmp_path: Path) -> None:
    def sentence(path: Path) -> str:
        with pytest.raises(BadInput) as refusal:
            take_in(path)
        words = str(refusal.value)
        assert "\n" not in words and len(words) < 420
        return words

    assert "speak and blink" in sentence(avatars.glb(tmp_path / "mute.glb", ()))
    assert "speak and blink" in sentence(avatars.glb(tmp_path / "half.glb", ("jawOpen", "cheekPuff")))
    assert "no file" in sentence(tmp_path / "gone.glb")
    (tmp_path / "a.obj").write_text("v 0 0 0")
    assert "neither" in sentence(tmp_path / "a.obj")
    (tmp_path / "junk.glb").write_bytes(b"glTF" + b"\0" * 100)
    assert "not a GLB" in sentence(tmp_path / "junk.glb")
    huge = tmp_path / "huge.glb"
    with huge.open("wb") as stream:
        stream.truncate(500 * 2**20)
    assert "500 MB" in sentence(huge)
    outside = avatars.avatar(ARKIT_SHAPES)
    data = outside.save()
    start = data.index(b'"buffers":[{"byteLength"')
    pointed = data.replace(b'"buffers":[{"byteLength"', b'"buffers":[{"uri":"http://x/y","byteLength"')
    assert start and len(pointed) > len(data)
    (tmp_path / "outside.glb").write_bytes(_relength(pointed))
    assert "outside itself" in sentence(tmp_path / "outside.glb")


def _relength(data: bytes) -> bytes:
    """Mends the two lengths at the head of a GLB whose JSON was edited."""
    import json
    import struct

    binary = data.rindex(b"BIN\0") - 4
    text = data[20:binary].strip()
    json.loads(text)
    text += b" " * (-len(text) % 4)
    rest = data[binary:]
    return (
        struct.pack("<III", 0x46546C67, 2, 20 + len(text) + len(rest))
        + struct.pack("<II", len(text), 0x4E4F534A)
        + text
        + rest
    )
