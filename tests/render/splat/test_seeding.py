"""Where the first Gaussians go: hair that a camera sees, cloth along its ribs."""

from dataclasses import replace

import numpy as np
from cloud import emi

from understudy.render.figure import kind_of
from understudy.render.splat.posing import Carriers
from understudy.render.splat.seeding import buried, sow


def test_hair_lies_as_deep_as_the_way_out_towards_a_camera_is_long() -> None:
    draw = np.random.default_rng(0)
    ball = draw.normal(size=(60_000, 3))
    ball *= 0.05 * draw.random((60_000, 1)) ** (1 / 3) / np.linalg.norm(ball, axis=1, keepdims=True)
    asked = np.array([[0, 0, 0], [0, 0, 0.049], [0.049, 0, 0], [0, 0, 0.03], [0, 0, -0.045]], np.float32)
    middle, front, side, under, back = buried(asked, ball)
    assert 0.04 < middle < 0.06 and 0.012 < under < 0.03
    assert max(front, side) < 0.012
    assert back > 0.015  # the way out behind her is not one towards a camera


def test_hair_is_sown_where_it_is_seen() -> None:
    body = emi()
    avatar = sow(body, "", 12_000, 1, "raster")
    hair = avatar.carrier >= Carriers(body, avatar.record.meshes).first[-1]
    groom = next(g for g in body.grooms if g.name == "hair")
    fine = groom.points.reshape(-1, 3)
    sown, grown = buried(avatar.place_m[hair], fine), buried(groom.points[:, 3:18:3].reshape(-1, 3), fine)
    assert hair.sum() > 2500 and np.median(sown) < 0.75 * np.median(grown)


def test_cloth_is_sown_along_its_ribs() -> None:
    body = emi()
    # a weave that runs across her: the texture goes down where the body goes to the side
    meshes = tuple(
        replace(mesh, uv=np.ascontiguousarray(mesh.positions[:, [1, 0]])) if kind_of(mesh) == "cloth" else mesh
        for mesh in body.meshes
    )
    body = replace(body, meshes=meshes)
    avatar = sow(body, "", 12_000, 1, "raster")
    carriers = Carriers(body, avatar.record.meshes)
    part = np.searchsorted(carriers.first, avatar.carrier, side="right") - 1
    number = next(k for k, mesh in enumerate(carriers.meshes) if mesh.name == "clothes")
    mine = part == number
    w, x, y, z = avatar.turn[mine].T
    longest = np.stack([1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)], 1)
    sizes = avatar.size_m[mine]
    assert mine.sum() > 500 and (sizes[:, 0] > 5 * sizes[:, 1]).all()
    assert np.quantile(np.abs(longest[:, 1]), 0.9) < 0.05
