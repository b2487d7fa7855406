import struct
import sys
from collections.abc import Callable

import numpy as np
import pytest
from tests.live.ingest import Ingest
from tests.live.outlets.receivers import UNREAL, LiveLinkPacket, listening, messages, received

from understudy.base import plugins
from understudy.base.channels import ARKIT_SHAPES, BODY_CHANNELS, BODY_JOINTS, SHAPE_INDEX
from understudy.base.errors import BadInput, MissingExtra, UnknownName
from understudy.exchange.formats.livelink import LiveLink
from understudy.hub.body import Body
from understudy.hub.performance import Pose
from understudy.live.outlets.bundling import bundles
from understudy.live.outlets.livelink import LiveLinkFace
from understudy.live.outlets.osc import VrChat
from understudy.live.outlets.outlet import LARGEST_BYTES, STAGE, Bill, open_outlet
from understudy.live.outlets.presets import MOUTHS, NAMES, presets
from understudy.live.outlets.vmc import Vmc
from understudy.render.posing import joint_turns

MakePose = Callable[..., Pose]


@pytest.fixture
def livelink(bill: Bill) -> LiveLinkFace:
    return LiveLinkFace(bill, "127.0.0.1", 9, of_day_s=lambda: 3600.5)


def test_a_live_link_packet_has_the_layout_of_the_app(livelink: LiveLinkFace, make_pose: MakePose) -> None:
    pose = make_pose(head=np.array([0.1, 0.2, 0.3, 0, 0, 0]), gaze=np.array([0.01, 0.02, 0.03, 0.04]))
    data = livelink.packet(pose)
    packet = LiveLinkPacket(data)
    assert (packet.version, packet.rate, packet.frame, packet.part) == (6, 60.0, 216_030, 0.0)
    assert packet.subject == "Emi-AI" and len(packet.device) == 36
    # receivers that look for an iPhone (VRCFaceTracking) take packets of 312 bytes alone
    assert len(data) == 312
    for name in ARKIT_SHAPES:
        assert packet.values[name[0].upper() + name[1:]] == pytest.approx(float(pose.face[SHAPE_INDEX[name]]), abs=1e-6)
    # to the actor's left is a negative yaw in Unreal; down is a positive pitch in both
    turned = {"HeadYaw": -0.2, "HeadPitch": 0.1, "HeadRoll": -0.3, "LeftEyeYaw": -0.02, "LeftEyePitch": 0.01}
    turned |= {"RightEyeYaw": -0.04, "RightEyePitch": 0.03, "LeftEyeRoll": 0.0}
    assert {name: packet.values[name] for name in turned} == pytest.approx(turned, abs=1e-6)


def test_the_reader_of_the_public_python_package_reads_it_too(livelink: LiveLinkFace, make_pose: MakePose) -> None:
    """PyLiveLinkFace takes the version as four bytes, 37 of an id that begins with '$', then the name."""
    data = livelink.packet(make_pose())
    (version,) = struct.unpack("<i", data[:4])
    name_length = struct.unpack("!i", data[41:45])[0]
    _, _, fps, _, count = struct.unpack("!if2ib", data[45 + name_length :][:17])
    assert (version, data[4:5], name_length, fps, count) == (6, b"$", 6, 60, 61)
    assert len(struct.unpack("!61f", data[45 + name_length + 17 :])) == 61


CAPTURE = """Timecode,BlendShapeCount,{}
00:00:01:00.000,61,{}
00:00:01:01.000,61,{}
"""
APP_ORDER = [
    {"JawLeft": "JawRight", "JawRight": "JawLeft", "MouthLeft": "MouthRight", "MouthRight": "MouthLeft"}.get(n, n)
    for n in UNREAL
]
"""The columns of the app's CSV: right before left for the jaw and the mouth, as in a real capture."""


def test_what_was_captured_with_the_app_goes_out_under_the_same_names(livelink: LiveLinkFace) -> None:
    draw = np.random.default_rng(3)
    rows = [[*draw.random(52).round(4), *draw.uniform(-0.5, 0.5, 9).round(4)] for _ in range(2)]
    for row in rows:
        row[APP_ORDER.index("MouthClose")] = row[APP_ORDER.index("JawOpen")] / 2
        row[APP_ORDER.index("LeftEyeRoll")] = row[APP_ORDER.index("RightEyeRoll")] = 0.0
    text = CAPTURE.format(",".join(APP_ORDER), *(",".join(map(str, row)) for row in rows))
    arrival = LiveLink().read(text.encode(), where="capture.csv", rate_hz=None)
    face, head, gaze = (arrival.tracks[name].values[0] for name in ("face", "head", "gaze"))
    sent = LiveLinkPacket(livelink.packet(Pose(0.0, face, head, gaze, np.zeros(len(BODY_CHANNELS), np.float32))))
    wanted = {name: float(value) for name, value in zip(APP_ORDER, rows[0], strict=True)}
    assert sent.values == pytest.approx(wanted, abs=1e-4)


def test_a_subject_keeps_its_mark_whatever_it_is_called(bill: Bill, make_pose: MakePose) -> None:
    named = LiveLinkFace(Bill(bill.actor, bill.on_air, 30.0, subject="Hero"), "127.0.0.1", 9)
    packet = LiveLinkPacket(named.packet(make_pose()))
    assert (packet.subject, packet.rate) == ("Hero-AI", 30.0)
    with pytest.raises(BadInput, match="too long"):
        LiveLinkFace(Bill(bill.actor, bill.on_air, subject="x" * 70), "127.0.0.1", 9)


def vmc_of(bill: Bill, pose: Pose) -> list[tuple[str, list[object]]]:
    with listening() as receiver:
        outlet = Vmc(bill, *receiver.getsockname())
        outlet.pose(pose)
        outlet.close()
        data = received(receiver)
    assert max(map(len, data)) <= LARGEST_BYTES
    return [message for datagram in data for message in messages(datagram)]


def test_vmc_messages_have_the_arguments_of_the_protocol(bill: Bill, make_pose: MakePose) -> None:
    pose = make_pose(1.5)
    got = vmc_of(bill, pose)
    assert got[0] == ("/VMC/Ext/OK", [1, 3, 0, 1])
    assert got[1] == ("/VMC/Ext/T", [1.5])
    assert ("/VMC/Thru/Understudy/AIGenerated", [bill.notice]) in got
    assert ("/VMC/Ext/Root/Pos", ["root", 0, 0, 0, 0, 0, 0, 1]) in got
    bones = {args[0]: args[1:] for address, args in got if address == "/VMC/Ext/Bone/Pos"}
    assert {"Hips", "Spine", "Chest", "UpperChest", "Neck", "Head", "LeftEye", "RightHand"} <= set(bones)
    for numbers in bones.values():
        assert len(numbers) == 7 and np.linalg.norm(numbers[3:]) == pytest.approx(1.0, abs=1e-5)
    weights = {args[0]: args[1] for address, args in got if address == "/VMC/Ext/Blend/Val"}
    assert list(weights) == list(ARKIT_SHAPES)
    assert list(weights.values()) == pytest.approx(pose.face.tolist(), abs=1e-6)
    assert got[-1] == ("/VMC/Ext/Blend/Apply", [])


def unity_bones(bill: Bill, pose: Pose) -> dict[str, np.ndarray]:
    """Returns bone -> direction its child lies in, as Unity would show a T-posed avatar (x to its right)."""
    bones = {args[0]: np.array(args[1:]) for address, args in vmc_of(bill, pose) if address == "/VMC/Ext/Bone/Pos"}
    chains = [("Hips", "Spine", "Chest", "UpperChest", f"{s}Shoulder", f"{s}UpperArm", f"{s}LowerArm", f"{s}Hand")
              for s in ("Left", "Right")]  # fmt: skip
    chains.append(("Hips", "Spine", "Chest", "UpperChest", "Neck", "Head", "LeftEye"))
    out = {}
    for chain in chains:
        at, turn = np.zeros(3), np.eye(3)
        for name in chain:
            at, turn = at + turn @ bones[name][:3], turn @ left_handed(*bones[name][3:])
            out[name] = at
            out[f"{name}.turn"] = turn
    return out


def left_handed(x: float, y: float, z: float, w: float) -> np.ndarray:
    """Returns the matrix by which Unity turns vectors: Quaternion.operator* of UnityCsReference, which is
    v + 2w(q x v) + 2 q x (q x v) with components as they stand."""
    q, out = np.array([x, y, z]), np.zeros((3, 3))
    for i, v in enumerate(np.eye(3)):
        out[:, i] = v + 2 * w * np.cross(q, v) + 2 * np.cross(q, np.cross(q, v))
    return out


def test_a_t_posed_avatar_stands_as_our_actor_stands(bill: Bill, make_pose: MakePose) -> None:
    """The arms of a VRM lie along x; sent turns must bring them where ours are, mirrored into Unity's axes."""
    draw = np.random.default_rng(5)
    body = Body.decode(bill.actor.body_glb)
    vectors = np.zeros(len(BODY_CHANNELS))
    for joint in ("leftUpperArm", "leftLowerArm", "rightUpperArm", "spine", "neck"):
        at = 3 * BODY_JOINTS.index(joint)
        vectors[at : at + 3] = draw.uniform(-0.5, 0.5, 3)
    pose = make_pose(body=vectors, head=np.array([0.1, 0.3, -0.1, 0, 0, 0]))
    ours = body.matrices(joint_turns(pose))
    shown = unity_bones(bill, pose)
    for joint in ("leftHand", "rightHand", "leftLowerArm", "rightLowerArm", "head"):
        place = ours[body.joint_index[joint]] @ np.append(body.origin(joint), 1.0)
        name = joint[0].upper() + joint[1:]
        assert shown[name] == pytest.approx(place[:3] * (-1, 1, 1), abs=0.004), joint


def test_a_head_that_turns_left_and_eyes_that_look_down_do_so_in_unity(bill: Bill, make_pose: MakePose) -> None:
    forward = np.array([0.0, 0.0, 1.0])
    still = unity_bones(bill, make_pose())["Head.turn"] @ forward
    assert still == pytest.approx(forward, abs=1e-6)
    left = unity_bones(bill, make_pose(head=np.array([0, 0.4, 0, 0, 0, 0])))["Head.turn"] @ forward
    # the actor's left is -x in Unity
    assert left[0] == pytest.approx(-np.sin(0.4), abs=1e-3)
    down = unity_bones(bill, make_pose(gaze=np.array([0.3, 0, 0.3, 0])))["LeftEye.turn"] @ forward
    assert down[1] == pytest.approx(-np.sin(0.3), abs=1e-3)


@pytest.mark.parametrize("kind", ["vrm0", "vrm1"])
def test_presets_speak_in_the_names_of_each_vrm(bill: Bill, make_pose: MakePose, kind: str) -> None:
    got = vmc_of(Bill(bill.actor, bill.on_air, expressions=kind), make_pose())
    weights = {args[0]: args[1] for address, args in got if address == "/VMC/Ext/Blend/Val"}
    assert tuple(weights) == NAMES[kind]
    assert all(0 <= value <= 1 for value in weights.values())


@pytest.mark.parametrize("vowel", range(5))
def test_a_vowel_comes_out_as_its_preset(vowel: int) -> None:
    face = np.zeros(52, np.float32)
    for shape, weight in MOUTHS[vowel].items():
        for name in (shape, f"{shape}Left", f"{shape}Right"):
            if name in SHAPE_INDEX:
                face[SHAPE_INDEX[name]] = weight
    found = presets(face, "vrm0")
    assert max("AIUEO", key=lambda name: found[name]) == "AIUEO"[vowel]
    assert found["AIUEO"[vowel]] > 0.95 and found["Joy"] < 1e-6 and found["Blink_L"] == 0


def osc_of(outlet: VrChat, pose: Pose) -> dict[str, list[object]]:
    return {address: args for data in bundles(outlet.messages(pose)) for address, args in messages(data)}


def test_vrchat_gets_unified_expressions_and_its_own_eye_tracking(bill: Bill, make_pose: MakePose) -> None:
    pose = make_pose(gaze=np.array([0.1, 0.2, 0.1, 0.25]))
    got = osc_of(VrChat(bill, "127.0.0.1", 9), pose)
    prefix = "/avatar/parameters/"
    assert got[f"{prefix}Understudy/AIGenerated"] == [True] and got["/understudy/notice"] == [bill.notice]
    assert got[f"{prefix}EyeTrackingActive"] == got[f"{prefix}LipTrackingActive"] == [True]
    value = {name: float(w) for name, w in zip(ARKIT_SHAPES, pose.face, strict=True)}
    same = {"JawOpen": "jawOpen", "MouthClosed": "mouthClose", "MouthCornerPullLeft": "mouthSmileLeft",
            "LipSuckLowerRight": "mouthRollLower", "MouthRaiserUpper": "mouthShrugUpper",
            "LipFunnelUpperLeft": "mouthFunnel", "BrowLowererRight": "browDownRight"}  # fmt: skip
    for name, shape in same.items():
        assert got[f"{prefix}v2/{name}"] == pytest.approx([value[shape]], abs=1e-6), name
    assert got[f"{prefix}v2/JawX"] == pytest.approx([value["jawRight"] - value["jawLeft"]], abs=1e-6)
    # looking down and to the actor's left: both negative there
    assert got[f"{prefix}v2/EyeLeftX"] == pytest.approx([-np.tan(0.2)], abs=1e-5)
    assert got[f"{prefix}v2/EyeLeftY"] == pytest.approx([-np.tan(0.1)], abs=1e-5)
    assert got["/tracking/eye/LeftRightPitchYaw"] == pytest.approx(np.degrees([0.1, -0.2, 0.1, -0.25]), abs=1e-3)
    closed = np.mean([min(1, value[f"eyeBlink{s}"] * (1 + value[f"eyeSquint{s}"])) for s in ("Left", "Right")])
    assert got["/tracking/eye/EyesClosedAmount"] == pytest.approx([closed], abs=1e-6)


def test_vrchat_gets_only_what_changed_and_everything_once_a_second(bill: Bill, make_pose: MakePose) -> None:
    outlet = VrChat(bill, "127.0.0.1", 9)
    first = osc_of(outlet, make_pose(0.0))
    again = osc_of(outlet, make_pose(0.1))
    assert set(again) == {"/tracking/eye/LeftRightPitchYaw", "/tracking/eye/EyesClosedAmount"}
    moved = make_pose(0.2)
    moved.face[SHAPE_INDEX["tongueOut"]] = 1 - moved.face[SHAPE_INDEX["tongueOut"]]
    assert set(osc_of(outlet, moved)) - set(again) == {"/avatar/parameters/v2/TongueOut"}
    assert set(osc_of(outlet, make_pose(1.3))) == set(first)


def test_names_and_addresses_that_cannot_be_used_are_told(bill: Bill) -> None:
    with pytest.raises(UnknownName, match="livelink"):
        open_outlet("morse", bill)
    with pytest.raises(BadInput, match="is no port"):
        open_outlet("vmc@127.0.0.1:99999", bill)
    with pytest.raises(BadInput, match="no host"):
        open_outlet("livelink@no-such-host.invalid", bill)
    with pytest.raises(UnknownName, match="vrm0"):
        open_outlet("vmc", Bill(bill.actor, bill.on_air, expressions="vrm9"))


@pytest.mark.parametrize("name", plugins.names(STAGE))
def test_every_installed_outlet_has_a_card_and_takes_poses_and_beats(
    bill: Bill, make_pose: MakePose, name: str
) -> None:
    kind = plugins.load(STAGE, name)
    assert kind.card.name == name and kind.card.permissive and 0 < kind.port < 65536
    where = Ingest().address if name == "rtmp" else "127.0.0.1"
    outlet = kind(bill, where, 0 if name == "websocket" else 9)
    outlet.pose(make_pose())
    outlet.close()


def test_without_python_osc_the_extra_is_named(bill: Bill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pythonosc.osc_bundle_builder", None)
    with pytest.raises(MissingExtra, match=r"understudy\[live\]"):
        open_outlet("vmc", bill)
