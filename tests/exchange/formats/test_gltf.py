"""A GLB of a take moves as the take does, for a reader written here and for three.js, and is valid glTF."""

import base64
import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation, Slerp
from tests.exchange.formats.takes import MARKS, acted, actor, departing
from tests.exchange.test_page import DRIVER, browser

from understudy.base.channels import ARKIT_SHAPES
from understudy.exchange.formats.gltf import Gltf
from understudy.exchange.formats.keyframes import keys
from understudy.exchange.formats.page import Page
from understudy.hub.body import Body
from understudy.hub.glb import Glb, local_matrix, read_glb
from understudy.production.leaving import turns_of


@pytest.fixture(scope="module")
def moving() -> bytes:
    return Gltf().write(departing(turned=True, sounds=["take.wav"]), ending="glb")[""]


@pytest.fixture(scope="module")
def opened(moving: bytes) -> Glb:
    return read_glb(moving, "take.glb")


def sampled(glb: Glb, second: float, only: str = "") -> dict[tuple[str, str], np.ndarray]:
    """Returns (node, path) -> value at a second, by the rules of glTF and none of our code for writing it."""
    clip = glb.items("animations")[0]
    found = {}
    for channel in clip["channels"]:
        sampler, target = clip["samplers"][channel["sampler"]], channel["target"]
        name = glb.items("nodes")[target["node"]]["name"]
        if only and name != only:
            continue
        times = np.asarray(glb.accessor(sampler["input"]), float)
        values = np.asarray(glb.accessor(sampler["output"]), float).reshape(len(times), -1)
        if target["path"] == "rotation" and len(times) > 1:
            at = np.clip(second, times[0], times[-1])
            value = Slerp(times, Rotation.from_quat(values))(at).as_quat()
        else:
            value = np.array([np.interp(second, times, column) for column in values.T])
        found[name, target["path"]] = value
    return found


def test_the_file_says_what_it_is(opened: Glb) -> None:
    extras = opened.json["asset"]["extras"]["understudy"]
    assert extras["notice"] == MARKS["notice"] and extras["token"] == "a.b.c"
    said = opened.json["animations"][0]["extras"]["understudy"]
    assert said["sound"] == "take.wav"
    assert {e["kind"] for e in said["events"]} == {"line", "word", "emotion"}


def test_weights_at_any_time_are_those_of_the_take(opened: Glb) -> None:
    face = acted().tracks["face"]
    worst = 0.0
    for second in np.arange(0.0, acted().duration_s - 0.02, 1 / 41):
        weights = sampled(opened, second, "skin")["skin", "weights"]
        worst = max(worst, float(np.abs(weights - face.at([second])[0]).max()))
    assert worst < 0.0021
    # a control: the same weights a tenth of a second later are something else
    assert np.abs(sampled(opened, 0.6)["skin", "weights"] - face.at([0.7])[0]).max() > 0.02


def test_every_part_of_the_face_wears_the_same_weights(opened: Glb) -> None:
    at = sampled(opened, 1.0)
    worn = {node: value for (node, path), value in at.items() if path == "weights"}
    assert {"skin", "teethLower", "tongue", "lashes", "brows"} <= set(worn)
    assert all(np.array_equal(value, worn["skin"]) for value in worn.values())


def test_joints_stand_where_the_renderer_puts_them(opened: Glb) -> None:
    take = acted()
    body = Body.decode(actor("emi").body_glb)
    nodes = {node["name"]: node for node in opened.items("nodes")}
    parents = {opened.items("nodes")[c]["name"]: n["name"] for n in nodes.values() for c in n.get("children", [])}
    turns = turns_of(take, 60.0)
    moved = 0.0
    for frame in (0, 31, 77, len(turns["head"]) - 1):
        at = sampled(opened, frame / 60)

        def world(name: str, at: dict = at) -> np.ndarray:
            node = dict(nodes[name])
            for path in ("rotation", "translation"):
                if (name, path) in at:
                    node[path] = at[name, path]
            above = world(parents[name]) if name in parents else np.eye(4)
            return above @ local_matrix(node)

        posed = body.matrices({name: turn[frame] for name, turn in turns.items()})
        for i, joint in enumerate(body.joints):
            wanted = posed[i] @ joint.rest
            found = world(joint.name)
            assert np.abs(found[:3, 3] - wanted[:3, 3]).max() < 0.0015, (frame, joint.name)
            assert np.abs(found[:3, :3] - wanted[:3, :3]).max() < 0.004, (frame, joint.name)
            moved = max(moved, float(np.abs(wanted - joint.rest).max()))
    assert moved > 0.02


def test_what_does_not_move_has_no_channel(opened: Glb) -> None:
    nodes = opened.items("nodes")
    moving = {nodes[c["target"]["node"]]["name"] for c in opened.items("animations")[0]["channels"]}
    assert "head" in moving and "leftEye" in moving
    assert not {"hair", "clothes", "leftFoot"} & moving


def test_keyframes_are_fewer_and_near() -> None:
    times = np.linspace(0, 6, 400)
    curve = np.stack([np.sin(times), np.clip(times - 3, 0, 1)], 1)
    kept = keys(curve, 0.002)
    line = np.stack([np.interp(np.arange(400), kept, column[kept]) for column in curve.T], 1)
    assert np.abs(line - curve).max() <= 0.002 + 1e-12
    assert len(kept) < 80
    assert np.array_equal(keys(np.full((50, 3), 0.4), 0.001), [0])
    noise = np.random.default_rng(1).uniform(size=(50, 1))
    assert len(keys(noise, 0.001)) == 50


def test_a_public_reader_opens_it(moving: bytes) -> None:
    reader = pytest.importorskip("pygltflib").GLTF2.load_from_bytes(moving)
    clip = reader.animations[0]
    ends = [reader.accessors[sampler.input].max[0] for sampler in clip.samplers]
    assert max(ends) == pytest.approx(acted().duration_s, abs=1 / 30)
    assert {channel.target.path for channel in clip.channels} == {"weights", "rotation", "translation"}


VALIDATE = """const data = new Uint8Array(require('fs').readFileSync(process.argv[1]));
require('gltf-validator').validateBytes(data)
.then(r => console.log(JSON.stringify([r.issues.numErrors, r.info.animationCount])));"""


def test_the_validator_of_khronos_finds_no_error(moving: bytes, tmp_path: Path) -> None:
    if not shutil.which("node"):
        pytest.skip("node is not installed")
    path = tmp_path / "take.glb"

    def judged(data: bytes) -> list[int] | None:
        path.write_bytes(data)
        run = subprocess.run(["node", "-e", VALIDATE, str(path)], capture_output=True, text=True, check=False)
        return json.loads(run.stdout) if run.returncode == 0 else None

    found = judged(moving)
    if found is None:
        pytest.skip("gltf-validator is not installed (npm install gltf-validator; NODE_PATH)")
    assert found == [0, 1]
    spoilt = moving.replace(b'"path":"weights"', b'"path":"scale"  ')
    assert judged(spoilt)[0] > 0


def test_a_page_holds_the_performance_and_its_sound() -> None:
    from dataclasses import replace

    page = Page().write(replace(departing(turned=True), sound_wav=b"RIFFtest"), ending="html")[""].decode()
    inside = gzip.decompress(base64.b64decode(re.search(r'"glb": "([^"]+)"', page).group(1)))
    assert sampled(read_glb(inside, "page"), 1.0, "skin")["skin", "weights"].any()
    assert base64.b64encode(b"RIFFtest").decode() in page and MARKS["notice"] in page


@pytest.mark.skipif(DRIVER is None, reason="chromium and chromium-driver are not installed")
def test_three_js_moves_the_face_as_the_take_does(moving: bytes, tmp_path: Path) -> None:
    reader = Path(__file__).with_name("three_reader.min.js").read_text("utf-8")
    (tmp_path / "reader.html").write_text(f"<!doctype html><meta charset='utf-8'><script>{reader}</script>")
    take = acted()
    with browser(tmp_path) as driver:
        driver.set_script_timeout(120)
        driver.get(f"file://{tmp_path}/reader.html")
        read = "const done = arguments[1]; window.read(arguments[0]).then(done, (e) => done(String(e)))"
        length = driver.execute_async_script(read, base64.b64encode(moving).decode())
        assert length == pytest.approx(take.duration_s, abs=1 / 30)
        for second in (0.4, 1.1, 1.7):
            places, weights, head = driver.execute_script("return window.at(arguments[0])", second)
            wanted = take.tracks["face"].at([second])[0]
            found = np.array([weights[places[shape]] for shape in ARKIT_SHAPES])
            assert np.abs(found - wanted).max() < 0.003
            turn = turns_of(take, 60.0)["head"][round(second * 60), :3, :3]
            apart = Rotation.from_quat(head).inv() * Rotation.from_matrix(turn)
            assert apart.magnitude() < np.radians(0.3)
