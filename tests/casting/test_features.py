"""Teeth, gums and short hairs on their own, and what they promise on every actor that has them."""

from functools import cache

import numpy as np
import pytest

from understudy.base.channels import ARKIT_SHAPES, SHAPE_INDEX
from understudy.casting import brows, cover
from understudy.casting.arch import Arch
from understudy.casting.crowns import WIDTH_MM, make_crown
from understudy.casting.follicles import barycentric, curve
from understudy.casting.gums import Row, make_gum
from understudy.casting.mouth import _row, _unruly
from understudy.casting.recipe import Brows, Mouth
from understudy.hub.actor import Actor, house_actors
from understudy.hub.body import Body, Mesh

LID_SHAPES = ("eyeBlink", "eyeSquint", "eyeLookDown", "eyeLookUp", "eyeLookIn", "eyeLookOut", "eyeWide")
WHOLE_FACES = {
    "grin": {"mouthSmileLeft": 0.75, "mouthSmileRight": 0.7, "mouthUpperUpLeft": 0.45, "jawOpen": 0.12},
    "sealed": {"jawOpen": 1.0, "mouthClose": 1.0},
    "pressed": {"mouthPressLeft": 1.0, "mouthPressRight": 1.0, "mouthRollLower": 1.0, "mouthRollUpper": 1.0},
    "f": {"jawOpen": 0.08, "mouthRollLower": 0.55, "mouthUpperUpLeft": 0.15, "mouthUpperUpRight": 0.15},
}  # fmt: skip


@cache
def body(name: str) -> Body:
    made = Body.decode(Actor.open(name).body_glb)
    if not any(mesh.name == "mouthLining" for mesh in made.meshes):
        pytest.skip(f"{name} was built before mouths had a lining")
    return made


house = pytest.mark.parametrize("name", house_actors())


def face(**weights: float) -> np.ndarray:
    values = np.zeros(len(ARKIT_SHAPES), np.float32)
    for shape, weight in weights.items():
        values[SHAPE_INDEX[shape]] = weight
    return values


@pytest.mark.parametrize("which", ["upper", "lower"])
@pytest.mark.parametrize("tooth", range(7))
def test_a_crown_is_closed_but_for_its_neck_and_looks_outward(which: str, tooth: int) -> None:
    crown = make_crown(which, tooth, 9.0, 0.3, np.random.default_rng(1))
    p, t = crown.positions, crown.triangles
    a, b, c = (p[t[:, k]] - p.mean(0) for k in range(3))
    assert np.einsum("ij,ij->i", a, np.cross(b, c)).sum() > 0
    edges = np.sort(np.stack([t, np.roll(t, -1, 1)], -1).reshape(-1, 2), 1)
    _, uses = np.unique(edges, axis=0, return_counts=True)
    assert uses.max() == 2
    open_edges = np.unique(edges, axis=0)[uses == 1]
    assert (p[open_edges.ravel(), 1] > 0.9 * p[:, 1].max()).all()
    assert np.ptp(p[:, 0]) == pytest.approx(WIDTH_MM[which][tooth] * 1e-3, rel=0.04)


def test_a_tooth_is_warm_at_the_neck_and_cool_at_its_edge() -> None:
    crown = make_crown("upper", 0, 10.4, 0.3, np.random.default_rng(1))
    front = crown.positions[:, 2] > np.median(crown.positions[:, 2])
    height = crown.positions[:, 1] / crown.positions[:, 1].max()
    warmth = crown.colours[:, 0] / crown.colours[:, 2]
    assert warmth[front & (height > 0.8)].mean() > warmth[front & (height < 0.1)].mean() * 1.2


def test_shade_and_order_of_teeth_are_in_the_recipe() -> None:
    light, dark = (make_crown("upper", 0, 10.4, shade, np.random.default_rng(1)).colours for shade in (0.0, 1.0))
    assert (light[:, 2] > dark[:, 2]).all()
    crown = make_crown("upper", 1, 9.0, 0.3, np.random.default_rng(1)).positions
    assert np.allclose(_unruly(crown, 1, 0.0, np.random.default_rng(2)), crown, atol=1e-12)
    assert np.abs(_unruly(crown, 1, 1.0, np.random.default_rng(2)) - crown).max() > 1e-4
    assert _row("upper", Mouth(teeth_gap=2.0)).ends[0] == pytest.approx(0.001)
    assert _row("upper", Mouth(teeth_height_mm=1.5)).neck[0] > _row("upper", Mouth()).neck[0] + 0.001


@pytest.mark.parametrize("which", ["upper", "lower"])
def test_the_gum_comes_down_between_the_teeth(which: str) -> None:
    along = np.linspace(0, 0.06, 600)
    arch = Arch(along, -12.0 * along**2, np.r_[0, np.cumsum(np.hypot(np.diff(along), np.diff(-12.0 * along**2)))])
    row: Row = _row(which, Mouth())
    points, triangles, colours = make_gum(which, arch, row, 1.5, np.array([0.47, 0.21, 0.19]))
    sign = 1.0 if which == "upper" else -1.0
    up = sign * (points[:, 1] - 1.5)
    front = points[:, 2] > arch.at(np.abs(points[:, 0]))[0][:, 1] - 0.003
    at_gap = front & (np.abs(np.abs(points[:, 0]) - row.ends[1]) < 0.0010)
    at_middle = front & (np.abs(np.abs(points[:, 0]) - row.ends[1] / 2) < 0.0010)
    assert up[at_middle].min() - up[at_gap].min() > 0.0017
    assert triangles.max() < len(points)
    assert colours.min() >= 0 and colours[:, 0].mean() > 1.5 * colours[:, 1].mean()


def test_a_root_is_found_again_from_its_triangle() -> None:
    rng = np.random.default_rng(4)
    a, b, c = rng.normal(size=(3, 50, 3))
    weights = rng.dirichlet((1, 1, 1), 50)
    point = weights[:, :1] * a + weights[:, 1:2] * b + weights[:, 2:] * c
    assert np.allclose(barycentric(point, a, b, c), weights, atol=1e-9)
    assert barycentric(point + 3.0, a, b, c).min() >= 0


def test_a_curve_has_its_length_and_turns_from_one_direction_to_the_other() -> None:
    root = np.zeros((2, 3))
    path = curve(root, np.array([[0.0, 0, 1]] * 2), np.array([[0.0, 1, 0]] * 2), np.array([0.008, 0.004]), 7)
    assert np.allclose(np.linalg.norm(np.diff(path, axis=1), axis=2).sum(1), [0.008, 0.004])
    steps = np.diff(path[0], axis=0)
    assert steps[0, 2] > 10 * abs(steps[0, 1]) and steps[-1, 1] > 10 * abs(steps[-1, 2])


def test_the_iris_fades_into_a_white_with_vessels() -> None:
    pytest.importorskip("numba")
    from understudy.casting.eyes import IRIS_RHO, paint_eye
    from understudy.casting.recipe import Eyes

    size = 256
    plain, veined = (paint_eye(Eyes(veins=veins), size) for veins in (0.0, 1.5))
    y, x = np.mgrid[0:size, 0:size] / (size - 1.0) - 0.5
    t = np.hypot(x, y) / IRIS_RHO
    assert plain[t < 0.25].max() < 0.02
    rings = [plain[(t > low) & (t < low + 0.02)].mean() for low in np.arange(0.86, 1.2, 0.02)]
    assert np.abs(np.diff(rings)).max() < 0.25 * (max(rings) - min(rings))
    redder = (veined[..., 0] - veined[..., 1]) - (plain[..., 0] - plain[..., 1])
    white = (t > 1.3) & (t < 2.0)
    assert redder[white].max() > 0.03 and np.median(redder[white]) < 0.01
    assert np.abs(redder[t < 1.0]).max() < 1e-9


@house
def test_lids_keep_off_the_eye_and_wet_edges_stay_on_it(name: str) -> None:
    made = body(name)
    skin = made.mesh("skin")
    for side in ("Left", "Right"):
        centre = made.origin(f"{side.lower()}Eye")
        radius = float(made.mesh(f"eye{side}").extras["radius"])
        line = made.mesh(f"tearLine{side}")
        before = (np.linalg.norm(skin.positions - centre, axis=1) < radius + 0.012) & (
            skin.positions[:, 2] > centre[2] + 0.45 * radius
        )
        hidden = np.linalg.norm(skin.positions - centre, axis=1) < radius - 0.0002
        for shape in LID_SHAPES:
            for weight in (0.0, 0.5, 1.0):
                pose = face(**{f"{shape}{side}": weight})
                lids = made.shaped(skin, pose)[before & ~hidden]
                assert (np.linalg.norm(lids - centre, axis=1) - radius).min() > -0.00025, (side, shape, weight)
                wet = np.linalg.norm(made.shaped(line, pose) - centre, axis=1) - radius
                assert wet.min() > -0.0001 and wet.max() < 0.0016, (side, shape, weight)


@house
def test_no_tooth_stands_out_of_the_lips_in_any_shape(name: str) -> None:
    made = body(name)
    skin = made.mesh("skin")
    middle = skin.positions[skin.extras["lips"][0]["upper"]]
    centres = skin.positions[skin.triangles].mean(1) - middle
    around = skin.triangles[(np.linalg.norm(centres * (1, 1, 0.7), axis=1) < 0.05) & (centres[:, 2] > -0.022)]
    faces = {"rest": face()} | {shape: face(**{shape: 1.0}) for shape in ARKIT_SHAPES}
    faces |= {key: face(**weights) for key, weights in WHOLE_FACES.items()}
    for key, pose in faces.items():
        corners = made.shaped(skin, pose)[around]
        normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        corners = corners[normal[:, 2] > 0]
        for row in ("teethUpper", "teethLower"):
            teeth = made.shaped(made.mesh(row), pose)
            teeth = teeth[teeth[:, 2] > teeth[:, 2].max() - 0.012][::41]
            assert _before(teeth, corners) < 0.0002, (key, row)


@house
def test_nothing_of_the_mouth_pokes_out_through_the_skin_in_any_face(name: str) -> None:
    made = body(name)
    skin = made.mesh("skin")
    middle = skin.positions[skin.extras["lips"][0]["upper"]]
    off = skin.positions[skin.triangles].mean(1) - middle
    around = skin.triangles[(np.linalg.norm(off, axis=1) < cover.NEAR_M) & (off[:, 2] > -cover.DEEP_M)]
    # teeth may stand before the inner edge of the lips, which is skin of the mesh as well
    allowed = {"gumUpper": 0.0004, "gumLower": 0.0004, "mouthLining": 0.0004, "teethUpper": 0.002, "teethLower": 0.002}
    inside = [made.mesh(part) for part in allowed]
    limits = np.concatenate([np.full(len(m.positions) + len(m.triangles), allowed[m.name]) for m in inside])
    for weights in cover.hard_faces():
        points = [made.shaped(mesh, weights) for mesh in inside]
        both = [part for mesh, p in zip(inside, points, strict=True) for part in (p, p[mesh.triangles].mean(1))]
        out = cover.before(np.concatenate(both).astype(np.float64), made.shaped(skin, weights)[around])
        assert (out < limits).all(), (np.flatnonzero(weights), float((out - limits).max()))


def test_what_pokes_out_is_found_and_what_lies_beside_is_not() -> None:
    wall = np.array([[[-1.0, -1, 0], [1, -1, 0], [0, 1, 0]]]) * 0.002
    points = np.array([[0.0, 0, 0.002], [0, 0, -0.003], [0.05, 0, 0.01]])
    assert np.allclose(cover.before(points, wall), [0.002, -0.003, -1.0])
    assert np.allclose(cover.before(points, wall[:, ::-1]), -1.0)


@house
def test_every_normal_has_length_one(name: str) -> None:
    for mesh in body(name).meshes:
        assert np.abs(np.linalg.norm(mesh.normals, axis=1) - 1).max() < 1e-3, mesh.name


@house
def test_upper_teeth_show_when_the_mouth_says_ah(name: str) -> None:
    made = body(name)
    lips = made.mesh("skin").extras["lips"]
    edges = made.mesh("skin").extras["lowerLipTeeth"]["teethUpper"]
    pose = face(
        jawOpen=0.6, mouthLowerDownLeft=0.2, mouthLowerDownRight=0.2, mouthUpperUpLeft=0.1, mouthUpperUpRight=0.1
    )
    lip = made.shaped(made.mesh("skin"), pose)[[pair["upper"] for pair in lips[:3]], 1].min()
    tip = made.shaped(made.mesh("teethUpper"), pose)[edges, 1].min()
    assert 0.0005 < lip - tip < 0.0060


@house
def test_lashes_and_brows_come_as_strands_that_ride_the_skin(name: str) -> None:
    made = body(name)
    skin = made.mesh("skin")
    for hair in ("lashes", "brows"):
        groom, ribbons = made.groom(hair), made.mesh(hair)
        assert groom is not None and groom.children == 0
        assert len(groom.points) * groom.points.shape[1] * 2 == len(ribbons.positions)
        root = (skin.positions[groom.corners] * groom.bary[..., None]).sum(1)
        assert np.linalg.norm(root - groom.points[:, 0], axis=1).max() < 0.0035
        assert _drift(made, ribbons, groom.points.shape[1], skin) < 0.0030


def _drift(made: Body, ribbons: Mesh, per: int, skin: Mesh) -> float:
    """How much farther from the skin roots are in a blink and a frown than at rest, 95th percentile, metres."""
    from scipy.spatial import cKDTree

    pose = face(eyeBlinkLeft=1.0, eyeBlinkRight=1.0, browDownLeft=1.0, browDownRight=1.0)
    far = []
    for at in (face(), pose):
        roots = made.shaped(ribbons, at)[:: per * 2]
        far.append(cKDTree(made.shaped(skin, at)).query(roots)[0])
    return float(np.percentile(np.asarray(far[1]) - np.asarray(far[0]), 95))


def _before(points: np.ndarray, corners: np.ndarray) -> float:
    """How far the foremost of some points stands before the skin seen in front of it; -1 where all lie behind."""
    low, high = corners[..., :2].min(1), corners[..., :2].max(1)
    worst = -1.0
    for p in points:
        near = np.flatnonzero(((low <= p[:2]) & (p[:2] <= high)).all(1))
        a, b, c = (corners[near, k] for k in range(3))
        whole = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
        u = ((p[0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (p[1] - a[:, 1]) * (c[:, 0] - a[:, 0])) / whole
        v = ((b[:, 0] - a[:, 0]) * (p[1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (p[0] - a[:, 0])) / whole
        inside = (u >= 0) & (v >= 0) & (u + v <= 1)
        if inside.any():
            z = a[:, 2] + u * (b[:, 2] - a[:, 2]) + v * (c[:, 2] - a[:, 2])
            worst = max(worst, float(p[2] - z[inside].max()))
    return worst


def test_grey_brows_are_white_hairs_among_dark_ones() -> None:
    look = Brows(colour=(0.02, 0.017, 0.015), grey=0.5)
    white = np.array([True, False])
    shown = brows.tints(look, white) * np.array(brows.base_colour(look))
    assert shown[0] == pytest.approx(brows.WHITE) and shown[1] == pytest.approx(look.colour)
    assert brows.base_colour(Brows(colour=(0.02, 0.017, 0.015))) == (0.02, 0.017, 0.015)
