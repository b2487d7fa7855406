"""Shadows of Gaussians on Gaussians: where geometry says they fall, as soft as the lamp is wide, none on themselves."""

from dataclasses import replace

import numpy as np
from cloud import cloud, emi, pose, view

from understudy.hub.frames import Shot, ShotSize
from understudy.hub.place import Ambience, Light, Place
from understudy.render.framing import frame_actor
from understudy.render.splat import backward
from understudy.render.splat.lighting import SHADOWS, Lighting
from understudy.render.splat.painter import Painter
from understudy.render.splat.shadowing import Shadows
from understudy.render.splat.training import Pupil


def lamp(towards: tuple[float, float, float], softness_rad: float) -> Lighting:
    dark = Ambience((0, 0, 0), (0, 0, 0), (0, 0, 0))
    place = replace(Place.open("studio"), lights=(Light("key", towards, (1, 1, 1), softness_rad),), ambience=dark)
    return Lighting.of(place)


def sheet(middle: np.ndarray, half_m: float, step_m: float, normal: tuple[float, float, float]) -> np.ndarray:
    """Points of a flat square about a middle."""
    n = np.array(normal) / np.linalg.norm(normal)
    u = np.cross([0, 1, 0], n)
    u /= np.linalg.norm(u)
    steps = np.arange(-half_m, half_m + 1e-9, step_m)
    x, y = (g.ravel()[:, None] for g in np.meshgrid(steps, steps))
    return middle + x * u + y * np.cross(n, u)


def lit(points: np.ndarray, normal: np.ndarray, light: Lighting, fibre: bool = False) -> np.ndarray:
    body, n = emi(), len(points)
    shadows = Shadows(body, normal.astype(np.float32), np.full((n, 3), 0.001, np.float32), np.full(n, fibre, np.uint8))
    joints = np.tile(np.eye(4), (len(body.joints), 1, 1))
    maps = np.eye(3, 4, dtype=np.float32)[None]
    return shadows.take(
        light, joints, points.astype(np.float32), np.ones(n, np.float32),
        np.tile(np.eye(3, dtype=np.float32) * 0.001, (n, 1, 1)), np.zeros(n, np.int32), maps, np.ones(n, np.uint8),
    )[:, 0]  # fmt: skip


def middle() -> np.ndarray:
    return np.asarray(emi().origin("head") - np.array([0, 0.1, 0]))


def plate_before_a_wall() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The points of a wall; those and the points of a plate 0.1 m before it, with their normals."""
    wall = sheet(middle(), 0.2, 0.002, (0, 0, 1))
    points = np.concatenate([wall, sheet(middle() + np.array([0, 0, 0.1]), 0.05, 0.002, (0, 0, 1))])
    return wall, points, np.tile([0.0, 0, 1], (len(points), 1))


def test_a_plate_before_a_wall_throws_its_shadow_where_the_lamp_says() -> None:
    wall, points, normal = plate_before_a_wall()
    # from 45 degrees to the right: what stands 0.1 m before the wall is thrown 0.1 m to the left
    found = lit(points, normal, lamp((1, 0, 1), 0.01))[: len(wall)]
    x, y = (wall - middle())[:, 0], (wall - middle())[:, 1]
    within = (np.abs(x + 0.1) < 0.04) & (np.abs(y) < 0.04)
    outside = (np.abs(x + 0.1) > 0.065) | (np.abs(y) > 0.065)
    assert found[within].max() < 0.05
    assert found[outside].min() > 0.95


def test_a_wider_lamp_has_a_softer_edge() -> None:
    wall, points, normal = plate_before_a_wall()
    row = np.abs((wall - middle())[:, 1]) < 0.001
    widths = []
    for softness in (0.02, 0.2):
        found = lit(points, normal, lamp((0, 0, 1), softness))[: len(wall)][row]
        widths.append(((found > 0.1) & (found < 0.9)).sum())
    assert widths[1] > 1.5 * widths[0] > 0


def test_no_surface_shades_itself() -> None:
    for way in ((0.0, 0.0, 1.0), (0.8, 0.3, 0.6), (-0.9, 0.2, 0.5)):
        points = sheet(middle(), 0.15, 0.003, (0, 0, 1))
        found = lit(points, np.tile([0.0, 0, 1], (len(points), 1)), lamp(way, 0.1))
        assert found.mean() > 0.995 and found.min() > 0.9


def test_light_fades_into_hair() -> None:
    layers = [sheet(middle() - np.array([0, 0, depth]), 0.05, 0.002, (0, 0, 1)) for depth in (0.0, 0.012, 0.05)]
    points = np.concatenate(layers)
    found = lit(points, np.tile([0.0, 0, 1], (len(points), 1)), lamp((0, 0, 1), 0.05), fibre=True)
    inside = [np.abs(layer - middle())[:, :2].max(1) < 0.03 for layer in layers]
    shares = [found[n * len(layers[0]) : (n + 1) * len(layers[0])][i].mean() for n, i in enumerate(inside)]
    assert shares[0] > 0.99 and 0.3 < shares[1] < 0.7 and shares[2] < 0.1


def test_only_the_first_lamps_throw_shadows_and_none_is_lost() -> None:
    lamps = tuple(Light(f"lamp {n}", (0, 0, 1), (1, 1, 1), 0.1) for n in range(SHADOWS + 2))
    light = Lighting.of(replace(Place.open("studio"), lights=lamps))
    assert light.lamps == SHADOWS
    rest, beams = light.parted_by(np.eye(3)[None])
    whole = rest + np.einsum("ljh,lc->jhc", beams, light.power[:SHADOWS])
    assert np.allclose(whole, light.seen_by(np.eye(3)[None]), atol=1e-5)
    assert len(light.towards) >= SHADOWS + 2


def test_where_a_lamp_was_seen_in_spite_of_a_shadow_it_is_asked_to_be_felt_less() -> None:
    deaf = replace(cloud(), felt=np.full(cloud().count, 0.02, np.float32))
    taken = view(deaf, pose(0.3), Shot(ShotSize.CLOSE, (96, 96)), "dusk")
    pupil = Pupil(cloud(), emi(), [taken], 0)
    pupil._step(taken, False, 0.0)
    lit = pupil._shadows._lit[pupil._lights[id(taken.ask.place)].lamps]
    seen, asked = pupil._inside > 0, pupil._wanted[:, backward.FELT]
    assert asked[seen & (lit.min(1) < 0.3)].sum() > 0
    assert np.abs(asked[seen & (lit.min(1) > 0.98)]).mean() < 0.2 * np.abs(asked[seen & (lit.min(1) < 0.3)]).mean()


def test_a_painter_that_keeps_shadows_throws_them_anew_in_time() -> None:
    size = (96, 96)
    camera = frame_actor(emi(), Shot(ShotSize.CLOSE, size))
    lit = Place.open("interview")
    always = Painter(cloud(), emi(), lit, camera, size)
    kept = Painter(cloud(), emi(), lit, camera, size, shadows_every=2)
    taken = [pose(turn) for turn in (0.0, 0.35, -0.2)]
    off = []
    for one in taken:
        off.append(np.abs(always.paint(one).copy() - kept.paint(one)))
    assert off[0].max() == 0 and off[2].max() == 0
    assert 0 < off[1].mean() < 0.01
    kept.reset()
    always.reset()
    assert np.array_equal(always.paint(taken[1]).copy(), kept.paint(taken[1]))
