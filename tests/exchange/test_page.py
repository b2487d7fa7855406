"""The page of an actor is one file that fetches nothing, says what it shows, and runs in a browser."""

import base64
import gzip
import io
import json
import re
import shutil
from pathlib import Path

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


@pytest.mark.skipif(DRIVER is None, reason="chromium and chromium-driver are not installed")
@pytest.mark.parametrize("private", [True, False])
def test_three_js_draws_the_actor_in_a_browser(page: str, private: bool, tmp_path: Path) -> None:
    from PIL import Image
    from selenium import webdriver
    from selenium.webdriver.support.ui import WebDriverWait

    if not private:
        plain = base64.b64encode(gzip.compress(tagged_glb(Actor.open("emi"), MARKS))).decode()
        page = re.sub(r'"glb": "[^"]+"', lambda _: f'"glb": "{plain}"', page)
    path = tmp_path / "emi.html"
    path.write_text(page)
    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for word in (
        "headless", "no-sandbox", "disable-gpu", "use-angle=swiftshader", "enable-unsafe-swiftshader", "no-first-run",
        "disable-background-networking", "disable-sync", "window-size=320,400", f"user-data-dir={tmp_path}/home",
    ):  # fmt: skip
        options.add_argument(f"--{word}")
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    try:
        browser.get(f"file://{path}?still=1")
        WebDriverWait(browser, 180).until(lambda b: b.execute_script("return window.ready === true"))
        picture = Image.open(io.BytesIO(browser.get_screenshot_as_png())).convert("RGB")
        red, green, blue = picture.getpixel((picture.width // 2, picture.height // 2))
        # the face: skin, not the grey behind it
        assert red > green > blue and red - blue > 25, (red, green, blue)
        strands = browser.execute_script("return window.actor.renderer.info.render.lines")
        assert (strands > 10_000) == private, strands
        browser.execute_script("window.actor.draw({jawOpen: 0.8}); return 1")
        opened = Image.open(io.BytesIO(browser.get_screenshot_as_png())).convert("RGB")
        assert opened.tobytes() != picture.tobytes()
    finally:
        browser.quit()
