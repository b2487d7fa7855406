"""Sheets show takes side by side, and everything on them is marked."""

import base64
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from understudy import rights
from understudy.base.audio import Audio
from understudy.base.channels import ANIMATION_RATE_HZ, SHAPE_INDEX, TRACK_CHANNELS
from understudy.base.errors import BadInput
from understudy.hub.performance import Event, Performance
from understudy.hub.track import Track
from understudy.production.sheet import SheetOptions, sheet

SMALL = SheetOptions(moments=1, size_px=(160, 120), fps=10)


def still(smile: float) -> Performance:
    tracks = {n: Track(n, c, ANIMATION_RATE_HZ, np.zeros((30, len(c)), np.float32)) for n, c in TRACK_CHANNELS.items()}
    tracks["face"].values[:, [SHAPE_INDEX["mouthSmileLeft"], SHAPE_INDEX["mouthSmileRight"]]] = smile
    return Performance("emi", Audio.silence(0.5, 24000), tracks, (Event("word", "so", 0.1, 0.3, 1.0),))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    to = tmp_path_factory.mktemp("sheet") / "sheet.html"
    made = sheet([("calm <1>", still(0.0)), ("smile", still(0.8))], to, options=SMALL)
    assert len(made.released) == 2
    return to.read_text(), to


def test_a_picture_of_takes_is_genuine_and_shows_each(tmp_path: Path) -> None:
    made = sheet([("calm", still(0.0)), ("smile", still(0.8))], tmp_path / "sheet.png", options=SMALL)
    assert rights.verify(made.path).verdict == "genuine"
    picture = np.asarray(Image.open(made.path).convert("RGB")).astype(int)
    half = (picture.shape[0] - 60) // 2
    one, two = picture[-2 * half : -half, 260:], picture[-half:, 260:]
    assert one.std() > 20 and np.abs(one - two).mean() > 0.3


def test_every_clip_on_a_page_is_a_genuine_film(page: tuple[str, Path], tmp_path: Path) -> None:
    text, _ = page
    clips = re.findall(r"data:video/mp4;base64,([^\"]+)", text)
    assert len(clips) == 2
    for number, clip in enumerate(clips):
        path = tmp_path / f"{number}.mp4"
        path.write_bytes(base64.b64decode(clip))
        assert rights.verify(path).verdict == "genuine"


def test_a_page_fetches_nothing_and_says_what_it_shows(page: tuple[str, Path]) -> None:
    text, _ = page
    assert "default-src 'none'" in text and not re.search(r'(src|href)="?https?:', text)
    assert "AI-generated: Emi is a synthetic actor." in text
    assert "calm &lt;1&gt;" in text and "distance to the first" in text


@pytest.mark.skipif(shutil.which("chromedriver") is None, reason="chromium and chromium-driver are not installed")
def test_a_browser_plays_the_clips_together(page: tuple[str, Path], tmp_path: Path) -> None:
    from selenium import webdriver
    from selenium.webdriver.support.ui import WebDriverWait

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for word in ("headless", "no-sandbox", "disable-gpu", "window-size=900,700", f"user-data-dir={tmp_path}/home",
                 "autoplay-policy=no-user-gesture-required"):  # fmt: skip
        options.add_argument(f"--{word}")
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(shutil.which("chromedriver"))))
    try:
        driver.get(f"file://{page[1]}")
        ready = "return films.length === 2 && films.every(f => f.readyState >= 2)"
        WebDriverWait(driver, 120).until(lambda b: b.execute_script(ready))
        driver.execute_script("document.getElementById('all').click()")
        moved = "return films.every(f => f.currentTime > 0 && f.videoWidth === 160)"
        WebDriverWait(driver, 60).until(lambda b: b.execute_script(moved))
    finally:
        driver.quit()


def test_a_take_of_an_actor_who_is_not_there_gets_no_sheet(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nobody"):
        sheet([("x", replace(still(0.0), actor_name="nobody"))], tmp_path / "sheet.png", options=SMALL)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("job", "why"),
    [(lambda p: sheet([], p / "a.png"), "at least one"), (lambda p: sheet([("a", still(0))], p / "a.txt"), "a.txt")],
)
def test_sheets_that_cannot_be_made(tmp_path: Path, job: Callable[[Path], object], why: str) -> None:
    with pytest.raises(BadInput, match=why):
        job(tmp_path)
