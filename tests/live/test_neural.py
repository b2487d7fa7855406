"""The neural look in the page of a talk: the same picture as the painter's, and a mesh where it cannot be."""

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.exchange.test_cloud_in_a_page import pose_of
from tests.live.rehearsal import Rehearsal, beat, served, still_rows
from tests.live.test_page import until
from tests.render.splat.sown import sown

from understudy.hub.avatar import MEMBER, Avatar
from understudy.hub.body import Body
from understudy.hub.frames import Shot
from understudy.hub.place import Place
from understudy.live.site import Part, neural, site
from understudy.render.framing import frame_actor
from understudy.render.splat.painter import Painter

MARKS = {"notice": "AI-generated: Emi is a synthetic actor.", "licence": "house-emi", "token": "a.b.c"}
DRIVER = shutil.which("chromedriver")
ROW = {"face.jawOpen": 0.5, "face.mouthSmileLeft": 0.5, "head.yaw": 0.3, "head.pitch": 0.08, "leftEye.yaw": -0.2}
GREY = 128 / 255


@pytest.fixture(scope="module")
def parts() -> dict[str, Part]:
    return dict(site(sown(), Place.open("studio"), MARKS))


@pytest.fixture(scope="module")
def browser(parts: dict[str, Part], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if DRIVER is None:
        pytest.skip("chromium and chromium-driver are not installed")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for word in (
        "headless", "no-sandbox", "disable-gpu", "use-angle=swiftshader", "enable-unsafe-swiftshader", "no-first-run",
        "disable-background-networking", "disable-sync", f"user-data-dir={tmp_path_factory.mktemp('browser')}",
    ):  # fmt: skip
        options.add_argument(f"--{word}")
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 320, "height": 320, "deviceScaleFactor": 1, "mobile": False}
    )
    rehearsal = Rehearsal(parts, beat(still_rows(2.0)), [], notice=MARKS["notice"], disclosure="", recogniser=None)
    try:
        driver.set_script_timeout(180)
        with served(rehearsal) as address:
            driver.get(f"{address}?still=1&quality=0&look=neural")
            until(driver, "window.live?.ready")
            yield driver
    finally:
        driver.quit()


def test_an_avatar_is_served_beside_the_body_and_only_when_there_is_one(parts: dict[str, Part]) -> None:
    assert parts["/avatar.bin"].gzipped and "/web/neural.min.js" in parts
    place, body = Place.open("studio"), Body.decode(sown().body_glb, "Emi")
    for files, why in (({}, "has no neural avatar"), ({MEMBER: sown().files[MEMBER][:500]}, "damaged avatar")):
        data, setting, lacks = neural(replace(sown(), files=files), body, place, MARKS)
        assert not data and setting is None and why in lacks


def test_the_page_draws_the_painters_picture(browser: Any) -> None:
    from PIL import Image

    assert browser.execute_script("return !!live.stage().gaussians")
    browser.execute_script(
        """live.draw(arguments[0]);
        document.querySelectorAll('body > :not(canvas)').forEach((e) => { e.style.visibility = 'hidden'; });
        const { canvas, gl } = live.stage();
        Object.assign(canvas.style, { background: '#808080', opacity: 1, transition: 'none' });
        gl.finish();""",
        ROW,
    )
    picture = Image.open(io.BytesIO(browser.get_screenshot_as_png())).convert("RGB")
    seen = np.asarray(picture, np.float32) / 255
    emi = sown()
    body = Body.decode(emi.body_glb, "Emi")
    camera = replace(frame_actor(body, Shot(size_px=(1280, 720))), aspect=1.0)
    painter = Painter(Avatar.decode(emi.files[MEMBER]), body, Place.open("studio"), camera, picture.size)
    painted = painter.paint(pose_of(ROW, 0.0)).copy()
    wanted = np.clip(painted[..., :3] + (1 - painted[..., 3:]) * GREY, 0, 1)
    on_her = painted[..., 3] > 0.02
    assert 0.1 < on_her.mean() < 0.9
    assert psnr(seen[on_her], wanted[on_her]) > 30
    still = painter.paint(pose_of({}, 0.0))
    rest = np.clip(still[..., :3] + (1 - still[..., 3:]) * GREY, 0, 1)
    assert psnr(seen[on_her], rest[on_her]) < 28  # another pose is another picture


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    return float(-10 * np.log10(((a - b) ** 2).mean()))


def test_when_the_graphics_go_she_goes_on_as_a_mesh(browser: Any) -> None:
    browser.execute_script("live.stage().gl.getExtension('WEBGL_lose_context').loseContext()")
    until(browser, "live.stage().lost")
    browser.execute_script("live.frame()")
    until(browser, "live.stage()?.figure !== undefined")
    browser.execute_script("live.frame()")  # and a frame is drawn
