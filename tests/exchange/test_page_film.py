"""The page of an actor with an avatar shows the look of films: the painter's picture, from where its camera stands."""

import base64
import gzip
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.exchange.test_cloud_in_a_page import pose_of
from tests.exchange.test_page import DRIVER, MARKS, browser, shown
from tests.render.splat.sown import sown

from understudy.exchange import page_files
from understudy.hub.avatar import MEMBER, Avatar
from understudy.hub.body import Body
from understudy.hub.frames import Shot
from understudy.hub.place import Place
from understudy.render.framing import eye_middle, frame_actor, stage_from_model
from understudy.render.splat.afar import packed, setting
from understudy.render.splat.painter import Painter

ROW = {"head.yaw": 0.2, "face.jawOpen": 0.6, "face.mouthSmileLeft": 0.5, "leftEye.yaw": -0.2, "rightEye.yaw": -0.2}
DRAWN = """const done = arguments[arguments.length - 1], a = window.actor;
document.querySelectorAll("body > :not(canvas)").forEach((e) => { e.style.visibility = "hidden"; });
a.look(true).then(() => {
  a.draw({ jawOpen: 0.6, mouthSmileLeft: 0.5 }, [0, 0.2, 0], [0, -0.2]);
  const film = document.getElementById("film");
  a.renderer.domElement.style.visibility = "hidden";
  film.style.background = "#808080";
  done([film.width, film.height, a.camera.position.toArray(), a.controls.target.toArray(), a.camera.fov]);
}, (error) => done(String(error)));"""
GREY = 128 / 255


@pytest.mark.skipif(DRIVER is None, reason="chromium and chromium-driver are not installed")
def test_the_page_shows_the_painters_picture_and_the_body_again(tmp_path: Path) -> None:
    from PIL import Image

    emi, place = sown(), Place.open("studio")
    body = Body.decode(emi.body_glb, "Emi")
    avatar = packed(emi.files[MEMBER], body, MARKS)
    page = page_files(emi, place, MARKS, avatar=avatar, setting=setting(body, place)).decode()
    with browser(tmp_path) as driver:
        driver.set_script_timeout(180)
        shown(driver, page, tmp_path / "emi.html")
        before = driver.get_screenshot_as_png()
        told = driver.execute_async_script(DRAWN)
        assert isinstance(told, list), told
        seen = np.asarray(Image.open(io.BytesIO(driver.get_screenshot_as_png())).convert("RGB"), np.float32) / 255
        driver.execute_script(
            "window.actor.look(false); window.actor.renderer.domElement.style.visibility = ''; window.actor.draw({});"
        )
        assert np.array_equal(seen.shape, np.asarray(Image.open(io.BytesIO(before))).shape)
        driver.execute_script("document.querySelectorAll('body > *').forEach((e) => { e.style.visibility = ''; });")
        again = np.asarray(Image.open(io.BytesIO(driver.get_screenshot_as_png())).convert("RGB"), np.float32)
        was = np.asarray(Image.open(io.BytesIO(before)).convert("RGB"), np.float32)
        assert np.abs(again - was).mean() < 2.0
    width, height, place_m, target, fov = told
    assert (height, width) == seen.shape[:2]
    stand = stage_from_model(body, frame_actor(body, Shot()))
    eyes = (stand @ np.append(eye_middle(body), 1.0))[:3]
    way = np.subtract(target, place_m)
    distance = float(np.linalg.norm(way))
    camera = replace(
        frame_actor(body, Shot()),
        aside_m=tuple(np.array(place_m) + eyes - (0, 0, distance)),
        tilt_rad=(float(np.arcsin(way[1] / distance)), 0.0, 0.0),
        distance_m=distance,
        height_m=2 * distance * float(np.tan(np.radians(fov) / 2)),
        shift=(0.0, 0.0),
        aspect=width / height,
    )
    painter = Painter(Avatar.decode(emi.files[MEMBER]), body, place, camera, (width, height))
    painted = painter.paint(pose_of(ROW, 0.0))
    wanted = np.clip(painted[..., :3] + (1 - painted[..., 3:]) * GREY, 0, 1)
    on_her = painted[..., 3] > 0.02
    assert 0.1 < on_her.mean() < 0.9
    assert -10 * np.log10(((seen - wanted)[on_her] ** 2).mean()) > 30


def test_a_page_without_an_avatar_has_no_button_for_it() -> None:
    page = page_files(sown(), Place.open("studio"), MARKS).decode()
    assert '"neural": null' in page


def test_the_command_writes_the_avatar_into_the_page(tmp_path: Path) -> None:
    from understudy.production.trade import actor_page
    from understudy.testing.avatars import with_avatar

    with_avatar("emi", 2000).save(tmp_path / "emi.actor")
    actor_page(str(tmp_path / "emi.actor"), tmp_path / "emi.html", place="dusk")
    page = (tmp_path / "emi.html").read_text()
    told = json.loads(page[page.index("window.UNDERSTUDY = ") + 20 : page.index(";</script>")])
    head = gzip.decompress(base64.b64decode(told["neural"]["avatar"]))[4:].split(b"\n", 1)[0]
    assert json.loads(head)["marks"]["notice"].startswith("AI-generated")
    assert "face.jawOpen" in told["neural"]["channels"] and len(told["neural"]["setting"]["lamps"]) == 3
