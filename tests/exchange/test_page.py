"""The page of an actor is one file that fetches nothing, says what it shows, and runs in a browser."""

import base64
import gzip
import io
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from understudy.exchange import page_files, tagged_glb
from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.place import Place

MARKS = {"notice": "AI-generated: Emi </script> is a synthetic actor.", "licence": "house-emi", "token": "a.b.c"}
DRIVER = shutil.which("chromedriver")


@pytest.fixture(scope="module")
def page() -> str:
    return page_files(Actor.open("emi"), Place.open("studio"), MARKS).decode()


def embedded(page: str) -> bytes:
    return gzip.decompress(base64.b64decode(re.search(r'"glb": "([^"]+)"', page).group(1)))


def test_the_page_holds_the_whole_actor_and_his_marks(page: str) -> None:
    body = Body.decode(embedded(page))
    assert {"skin", "eyeLeft", "clothes"} <= {mesh.name for mesh in body.meshes}
    assert [groom.name for groom in body.grooms] == ["hair"]
    assert "AI-generated: Emi &lt;/script&gt;" in page
    assert '"token": "a.b.c"' in page


def test_the_page_may_fetch_nothing(page: str) -> None:
    assert "default-src 'none'" in page
    assert not re.search(r'(src|href)="?https?:', page)


def test_a_notice_cannot_end_the_script(page: str) -> None:
    data = page[page.index("window.UNDERSTUDY = ") + 20 :]
    assert json.loads(data[: data.index(";</script>")])["marks"]["notice"] == MARKS["notice"]


def test_an_exported_body_carries_its_marks_and_nothing_private() -> None:
    from understudy.hub.glb import read_glb

    document = read_glb(tagged_glb(Actor.open("emi"), MARKS), "emi.glb").json
    assert document["asset"]["extras"]["understudy"]["licence"] == "house-emi"
    assert "synthetic" in document["asset"]["copyright"]
    names = {n for mesh in document["meshes"] for p in mesh["primitives"] for n in p["attributes"]}
    assert not any(name.startswith("_") for name in names)


@contextmanager
def browser(home: Path) -> Iterator[Any]:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for word in (
        "headless", "no-sandbox", "disable-gpu", "use-angle=swiftshader", "enable-unsafe-swiftshader", "no-first-run",
        "disable-background-networking", "disable-sync", "window-size=320,400", f"user-data-dir={home}/home",
    ):  # fmt: skip
        options.add_argument(f"--{word}")
    made = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    try:
        yield made
    finally:
        made.quit()


def shown(driver: Any, page: str, path: Path) -> None:
    """Opens a page and waits until the actor stands there."""
    from selenium.webdriver.support.ui import WebDriverWait

    path.write_text(page)
    driver.get(f"file://{path}?still=1")
    WebDriverWait(driver, 180).until(lambda b: b.execute_script("return window.ready === true"))


@pytest.mark.skipif(DRIVER is None, reason="chromium and chromium-driver are not installed")
@pytest.mark.parametrize("private", [True, False])
def test_three_js_draws_the_actor_in_a_browser(page: str, private: bool, tmp_path: Path) -> None:
    from PIL import Image

    if not private:
        plain = base64.b64encode(gzip.compress(tagged_glb(Actor.open("emi"), MARKS))).decode()
        page = re.sub(r'"glb": "[^"]+"', lambda _: f'"glb": "{plain}"', page)
    with browser(tmp_path) as driver:
        shown(driver, page, tmp_path / "emi.html")
        picture = Image.open(io.BytesIO(driver.get_screenshot_as_png())).convert("RGB")
        red, green, blue = picture.getpixel((picture.width // 2, picture.height // 2))
        # the face: skin, not the grey behind it
        assert red > green > blue and red - blue > 25, (red, green, blue)
        # hair: strands where the body brings its groom, cards where it does not
        strands = driver.execute_script("return window.actor.renderer.info.render.lines")
        assert (strands > 10_000) == private, strands
        driver.execute_script("window.actor.draw({jawOpen: 0.8}); return 1")
        opened = Image.open(io.BytesIO(driver.get_screenshot_as_png())).convert("RGB")
        assert opened.tobytes() != picture.tobytes()


HAIR = """const [hair, beard] = window.actor.hair, lines = beard.batches[0].geometry.attributes.position.array;
window.actor.pose(arguments[0]);
const data = beard.ridden.image.data;
return {names: [hair.guides.name, beard.guides.name], lines: Array.from(lines.slice(0, 3000)),
  k: beard.guides.points, roots: Array.from(beard.guides.at).filter((_, i) => i % (3 * beard.guides.per) < 3),
  rise: data.reduce((most, y, i) => i % 4 === 1 && Math.abs(y) > Math.abs(most) ? y : most, 0)}"""
SWAY = """const a = window.actor, most = () => Math.max(...a.hair[0].uniforms.sway.value.elements.map(Math.abs));
const found = [];
for (const [second, yaw] of [[0, 0], [0.1, 0.3], [0.5, 0.3], [0.9, 0.3], [1.3, 0.3]]) {
  a.pose({}, [0, yaw, 0], [0, 0], second);
  found.push(most());
}
return found"""


@pytest.mark.skipif(DRIVER is None, reason="chromium and chromium-driver are not installed")
def test_a_beard_grows_from_its_roots_and_rides_the_jaw(tmp_path: Path) -> None:
    jonah = Actor.open("jonah")
    # the stubble of his face taken for a beard, which his groom then grows; as long, so that nothing else moves
    bearded = replace(jonah, body_glb=jonah.body_glb.replace(b'"beardFine"', b'"beard"    '))
    page = page_files(bearded, Place.open("studio"), MARKS).decode()
    with browser(tmp_path) as driver:
        shown(driver, page, tmp_path / "jonah.html")
        rest, open_ = (driver.execute_script(HAIR, face) for face in ({}, {"jawOpen": 1.0}))
        assert rest["names"] == ["hair", "beard"]
        assert rest["rise"] == 0
        assert -0.06 < open_["rise"] < -0.01
        lines, roots = np.array(rest["lines"]).reshape(-1, 3)[:: rest["k"]], np.array(rest["roots"]).reshape(-1, 3)
        far = np.linalg.norm(lines[:, None] - roots[None], axis=2).min(1)
        assert far.max() < 0.012
        swings = driver.execute_script(SWAY)
        assert swings[0] == 0
        assert swings[1] > 0.005
        assert swings[-1] < 0.2 * swings[1]
        shown(driver, page, tmp_path / "jonah.html")
        assert driver.execute_script(HAIR, {})["lines"] == rest["lines"]
