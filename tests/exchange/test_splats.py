"""Gaussians that stand still open elsewhere: PLY and glTF say the same, and say whose they are."""

import numpy as np
import pytest

from understudy.exchange import splat_glb, splat_ply
from understudy.hub.actor import Actor
from understudy.hub.cloud import Cloud
from understudy.hub.glb import read_glb

MARKS = {"notice": "AI-generated: Zoë\nend_header", "token": "x" * 700}


@pytest.fixture(scope="module")
def cloud() -> Cloud:
    draw = np.random.default_rng(3)
    turn = draw.standard_normal((40, 4))
    turn /= np.linalg.norm(turn, axis=1, keepdims=True)
    values = (draw.normal(0, 1, (40, 3)), turn, draw.uniform(1e-4, 0.01, (40, 3)), draw.uniform(0, 1, 40))
    return Cloud(*(np.asarray(v, np.float32) for v in values), colour=draw.uniform(0, 1, (40, 3)).astype(np.float32))


def read_ply(data: bytes) -> tuple[list[str], dict[str, np.ndarray]]:
    head, body = data.split(b"end_header\n", 1)
    lines = head.decode("ascii").splitlines()
    names = [line.split()[2] for line in lines if line.startswith("property float ")]
    count = next(int(line.split()[2]) for line in lines if line.startswith("element vertex"))
    rows = np.frombuffer(body, "<f4").reshape(count, len(names))
    return lines, dict(zip(names, rows.T, strict=True))


def spread(w: np.ndarray, x: np.ndarray, y: np.ndarray, z: np.ndarray, size: np.ndarray) -> np.ndarray:
    from scipy.spatial.transform import Rotation

    axes = Rotation.from_quat(np.stack([x, y, z, w], -1)).as_matrix() * size[:, None, :]
    return axes @ axes.transpose(0, 2, 1)


def test_a_ply_is_what_a_viewer_of_splats_reads(cloud: Cloud) -> None:
    lines, found = read_ply(splat_ply(cloud, Actor.open("emi"), MARKS))
    assert lines[:2] == ["ply", "format binary_little_endian 1.0"] and len(found) == 17
    shown = 0.5 + 0.28209479 * np.stack([found[f"f_dc_{c}"] for c in range(3)], -1)
    assert np.abs(shown - cloud.colour).max() < 1e-6
    assert np.abs(1 / (1 + np.exp(-found["opacity"])) - cloud.opacity).max() < 2e-4
    # half a turn about z stands it up again, Gaussians with it
    half = np.diag([-1.0, -1.0, 1.0])
    assert np.allclose(np.stack([found["x"], found["y"], found["z"]], -1) @ half, cloud.place_m)
    size = np.exp(np.stack([found[f"scale_{c}"] for c in range(3)], -1))
    lying = spread(*(found[f"rot_{k}"] for k in range(4)), size)
    assert np.allclose(half @ lying @ half, spread(*cloud.turn.T, cloud.size_m), atol=1e-9)


def test_the_marks_of_a_ply_are_short_lines_of_ascii_that_cannot_end_its_head(cloud: Cloud) -> None:
    lines, found = read_ply(splat_ply(cloud, Actor.open("emi"), MARKS))
    said = [line for line in lines if line.startswith("comment ")]
    assert "fully synthetic" in said[0] and max(len(line) for line in lines) < 255
    token = "".join(line.split(" ", 2)[2] for line in said if line.startswith("comment understudy.token "))
    assert token == MARKS["token"]
    assert "comment understudy.notice AI-generated: Zo\\xeb end header" in said
    assert len(found["x"]) == cloud.count


def test_a_gltf_names_everything_as_the_extension_does(cloud: Cloud) -> None:
    glb = read_glb(splat_glb(cloud, Actor.open("emi"), MARKS), "emi.glb")
    assert glb.json["extensionsUsed"] == ["KHR_gaussian_splatting"] and "extensionsRequired" not in glb.json
    assert glb.json["asset"]["extras"]["understudy"] == MARKS and "synthetic" in glb.json["asset"]["copyright"]
    primitive = glb.json["meshes"][0]["primitives"][0]
    assert primitive["mode"] == 0
    told = primitive["extensions"]["KHR_gaussian_splatting"]
    assert told == {"kernel": "ellipse", "colorSpace": "srgb_rec709_display"}
    arrays = {name: glb.accessor(number) for name, number in primitive["attributes"].items()}
    own = {name.partition(":")[2]: values for name, values in arrays.items() if ":" in name}
    assert set(own) == {"ROTATION", "SCALE", "OPACITY", "SH_DEGREE_0_COEF_0"}
    assert np.allclose(arrays["POSITION"], cloud.place_m) and np.allclose(own["SCALE"], cloud.size_m)
    assert np.allclose(np.roll(own["ROTATION"], 1, 1), cloud.turn) and np.allclose(own["OPACITY"], cloud.opacity)
    assert np.allclose(own["SH_DEGREE_0_COEF_0"] * 0.28209479 + 0.5, cloud.colour, atol=1e-6)
    # the points that other readers draw are of linear light: mid grey is darker there
    assert (arrays["COLOR_0"][:, :3] <= cloud.colour + 1e-6).all() and np.allclose(
        arrays["COLOR_0"][:, 3], cloud.opacity
    )
