"""Skin that answers the face: wrinkles and blood. The body is the house's, with folds of the test's own laid on it."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as Pil

from understudy.base.channels import SHAPE_INDEX
from understudy.hub.actor import Actor
from understudy.hub.body import Body, Picture, wrinkled
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Pose
from understudy.hub.place import Place
from understudy.render.furrows import TILE_PX, furrows
from understudy.render.stage import Stage

SHOT = Shot(ShotSize.CLOSE, (240, 240))
GROUP = {"browInnerUp": 1.0}


def folded(body: Body, *, wrinkles: bool) -> Body:
    """The body with wavy folds above the eyes that browInnerUp draws, and blood that rushes to all of the skin."""
    skin = body.mesh("skin")
    stripes = np.full((256, 256, 3), (128, 128, 255), np.uint8)
    stripes[..., 1] = 128 + 60 * np.sign(np.sin(np.arange(256) * 0.8))[:, None]
    stripes[..., 0] = 128 + 60 * np.sign(np.sin(np.arange(256) * 0.8))[None]
    stream = io.BytesIO()
    Pil.fromarray(stripes).save(stream, "PNG")
    above = (skin.positions[:, 1] > body.origin("leftEye")[1] + 0.02).astype(np.float32)[:, None]
    flush = np.ones(len(skin.positions), np.float32)
    material = replace(skin.material, wrinkle=len(body.pictures) if wrinkles else None)
    mesh = replace(skin, material=material, wrinkles=above, wrinkle_groups=(GROUP,), flush=flush)
    meshes = tuple(mesh if m is skin else m for m in body.meshes)
    return replace(body, meshes=meshes, pictures=(*body.pictures, Picture("folds", stream.getvalue())))


@pytest.fixture(scope="module")
def body() -> Body:
    return Body.decode(Actor.open("emi").body_glb)


@pytest.fixture(scope="module")
def shoot(body: Body) -> Iterator[Callable[..., np.ndarray]]:
    stages = {on: Stage(folded(body, wrinkles=on), Place.open("studio"), SHOT, "good") for on in (True, False)}

    def draw(*, wrinkles: bool = True, flush: float = 0.0, **face: float) -> np.ndarray:
        weights = np.zeros(52, np.float32)
        for name, weight in face.items():
            weights[SHAPE_INDEX[name]] = weight
        skin = np.array([flush, 0.0], np.float32)
        pose = Pose(0.0, weights, np.zeros(6, np.float32), np.zeros(4, np.float32), np.zeros(40, np.float32), skin)
        return stages[wrinkles].draw(pose).pixels.astype(int)

    yield draw
    for stage in stages.values():
        stage.close()


def test_a_face_at_rest_has_the_same_bytes_as_one_without_wrinkles(shoot: Callable[..., np.ndarray]) -> None:
    assert (shoot() == shoot(wrinkles=False)).all()
    assert (shoot(jawOpen=0.5, mouthSmileLeft=0.5) == shoot(wrinkles=False, jawOpen=0.5, mouthSmileLeft=0.5)).all()


def test_raised_brows_wrinkle_the_forehead_and_nothing_below(shoot: Callable[..., np.ndarray]) -> None:
    change = np.abs(shoot(browInnerUp=1.0) - shoot(wrinkles=False, browInnerUp=1.0)).max(2)
    rows = np.flatnonzero(change.max(1) > 8)
    assert len(rows) > 8
    assert change[150:].max() == 0


def test_half_the_weight_shows_less_of_the_wrinkle(shoot: Callable[..., np.ndarray]) -> None:
    full, half = (np.abs(shoot(browInnerUp=w) - shoot(wrinkles=False, browInnerUp=w)).sum() for w in (1.0, 0.5))
    assert 0.2 * full < half < 0.85 * full


def test_wrinkles_go_when_the_face_relaxes(shoot: Callable[..., np.ndarray]) -> None:
    before = shoot()
    shoot(browInnerUp=1.0)
    assert (shoot() == before).all()


def test_blood_reddens_and_fear_pales(shoot: Callable[..., np.ndarray]) -> None:
    cheek = (slice(125, 140), slice(95, 145))
    calm, red, pale = (shoot(flush=f)[cheek].reshape(-1, 3).mean(0) for f in (0.0, 1.0, -0.6))
    assert red[1] / red[0] < 0.9 * calm[1] / calm[0]
    assert pale[1] / pale[0] > 1.02 * calm[1] / calm[0]
    assert red[0] > 0.8 * calm[0]


def test_shares_and_drives_are_clipped(body: Body) -> None:
    mesh = folded(body, wrinkles=True).mesh("skin")
    face = np.zeros(52, np.float32)
    face[SHAPE_INDEX["browInnerUp"]] = 3.0
    shown = wrinkled(mesh, face)
    assert shown is not None and shown.max() == 1.0 and shown.min() == 0.0
    assert wrinkled(replace(mesh, wrinkles=None), face) is None


def test_furrows_repeat_without_a_seam_and_are_flat_on_average() -> None:
    tile = furrows().astype(float)
    assert tile.shape == (TILE_PX, TILE_PX, 3)
    assert abs(tile[..., :2].mean() - 127.5) < 3
    for axis in (0, 1):
        inside = np.abs(np.diff(tile, axis=axis)).mean()
        over = np.abs(np.take(tile, 0, axis) - np.take(tile, -1, axis)).mean()
        assert over < 1.6 * inside
    assert (furrows() == furrows()).all() and (furrows(6) != furrows()).any()
