"""The page of a talk in a real browser: she moves and sounds as she was sent, stops when she is told to, comes back."""

import html
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.live.rehearsal import Answer, Rehearsal, beat, served, still_rows

from understudy.hub.actor import Actor
from understudy.hub.body import Body
from understudy.hub.frames import Shot
from understudy.hub.performance import Pose
from understudy.hub.place import Place
from understudy.live.packets import CHANNEL_NAMES
from understudy.live.site import HEADERS, POLICY, Part, given, page_html, site
from understudy.live.stock import COLUMNS, FRAME_HZ, PER_FRAME, RATE_HZ
from understudy.render.framing import frame_actor
from understudy.render.posing import joint_turns

MARKS = {"notice": "AI-generated: Emi </script> is a synthetic actor.", "licence": "house-emi", "token": "a.b.c"}
DRIVER, NODE = shutil.which("chromedriver"), shutil.which("node")
JAW = CHANNEL_NAMES.index("face.jawOpen")
WEB = Path(__file__).parent / "web"


@pytest.fixture(scope="module")
def parts() -> dict[str, Part]:
    return dict(site(Actor.open("emi"), Place.open("studio"), MARKS))


def test_what_is_served_is_all_that_the_page_asks_for(parts: dict[str, Part]) -> None:
    page = parts["/"].data.decode()
    assert {
        "/",
        "/actor.glb",
        "/plate.jpg",
        "/plate-tall.jpg",
        "/web/live.css",
        "/web/live.min.js",
        "/web/stage.min.js",
    } <= set(parts)
    for told in ("web/live.css", "web/live.min.js"):
        assert f'"{told}"' in page
    assert "AI GENERATED" in page
    assert "http://" not in page.replace("http-equiv", "")
    assert "https://" not in page


def test_a_notice_cannot_end_the_script_and_the_policy_lets_nothing_else_in(parts: dict[str, Part]) -> None:
    page = parts["/"].data.decode()
    assert "AI-generated: Emi &lt;/script&gt; is" in page
    assert f'content="{html.escape(POLICY)}"' in page
    assert POLICY.startswith("default-src 'none'")
    assert "'unsafe-inline'" not in page + HEADERS["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in parts["/actor.glb"].headers["Content-Security-Policy"]


def test_a_name_cannot_end_the_data_either() -> None:
    emi = Actor.open("emi")
    told = {"name": "</script><script>alert(1)</script>"}
    assert page_html(emi, told, MARKS).decode().count("</script") == 2


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_the_pages_own_arithmetic() -> None:
    done = subprocess.run([str(NODE), "--test", str(WEB)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def clap(seconds: float = 2.4, at: tuple[float, ...] = (0.8, 1.6)) -> Answer:
    """Returns an answer that hums, and claps: a click and a jaw that snaps in the same instant."""
    rows = still_rows(seconds)
    sound = 0.05 * np.sin(2 * np.pi * 220 * np.arange(len(rows) * PER_FRAME) / RATE_HZ)
    for second in at:
        rows[round(second * FRAME_HZ) : round((second + 0.25) * FRAME_HZ), JAW] = 0.9
        sound[round(second * RATE_HZ) : round(second * RATE_HZ) + 48] = 0.9
    return Answer([("I clap once,", 0.0), ("and again.", 1.6)], beat(rows, sound))


@pytest.fixture(scope="module")
def rehearsal(parts: dict[str, Part]) -> Rehearsal:
    idle = still_rows(4.0)
    idle[:, CHANNEL_NAMES.index("breath")] = 0.5 - 0.5 * np.cos(np.arange(len(idle)) / len(idle) * 2 * np.pi)
    return Rehearsal(
        parts, beat(idle), [clap()], notice=MARKS["notice"], disclosure="Emi is an AI.", recogniser={"weak": True}
    )


@pytest.fixture(scope="module")
def browser(rehearsal: Rehearsal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if DRIVER is None:
        pytest.skip("chromium and chromium-driver are not installed")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for word in (
        "headless", "no-sandbox", "disable-gpu", "use-angle=swiftshader", "enable-unsafe-swiftshader", "no-first-run",
        "disable-background-networking", "disable-sync", "window-size=320,400", "use-fake-device-for-media-stream",
        "use-fake-ui-for-media-stream", f"user-data-dir={tmp_path_factory.mktemp('browser')}",
    ):  # fmt: skip
        options.add_argument(f"--{word}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    try:
        driver.set_script_timeout(180)
        with served(rehearsal) as address:
            driver.get(f"{address}?still=1&quality=4&look=browser")
            until(driver, "window.live?.ready && window.live.metrics().connected")
            yield driver
    finally:
        driver.quit()


def until(driver: Any, script: str, seconds: float = 120) -> Any:
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(driver, seconds, 0.05).until(lambda d: d.execute_script(f"return {script}"))


def test_she_stands_there_in_the_pose_that_was_sent(browser: Any) -> None:
    row = {"face.jawOpen": 0.6, "head.yaw": 0.3, "neck.x": 0.1, "leftEye.yaw": -0.2, "breath": 1.0, "flush": 0.7}
    found = browser.execute_script(
        """live.draw(arguments[0]);
        const { figure } = live.stage(), { skin, head, neck, upperChest } = figure.parts;
        const turn = (o) => o.quaternion.toArray();
        return { jaw: skin.morphTargetInfluences[skin.morphTargetDictionary.jawOpen], head: turn(head),
          neck: turn(neck), chest: turn(upperChest), lines: live.stage().renderer.info.render.lines };""",
        row,
    )
    assert found["jaw"] == pytest.approx(0.6)
    assert found["lines"] > 1000
    values = np.zeros(len(CHANNEL_NAMES), np.float32)
    for name, value in row.items():
        values[CHANNEL_NAMES.index(name)] = value
    turns = joint_turns(Pose(0.0, *(values[COLUMNS[n]] for n in ("face", "head", "gaze", "body", "complexion"))))
    for name, key in (("head", "head"), ("neck", "neck"), ("upperChest", "chest")):
        x, y, z, w = found[key]
        spun = np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
            ]
        )
        np.testing.assert_allclose(spun, turns[name][:3, :3], atol=1e-5)


def test_a_clap_is_heard_and_seen_and_its_words_are_read(browser: Any, rehearsal: Rehearsal) -> None:
    from selenium.webdriver.common.by import By

    browser.find_element(By.ID, "text").send_keys("Clap for me\n")
    until(browser, "live.measure.sounds.length >= 2")
    said = [m for talk in rehearsal.talks.values() for m in talk.told if m["kind"] == "say"]
    assert [m["text"] for m in said] == ["Clap for me"]
    until(browser, "document.getElementById('lines').lastChild.textContent.endsWith('again.')")
    lines = browser.execute_script("return [...document.querySelectorAll('#lines li')].map((o) => o.textContent)")
    assert lines == ["Emi is an AI.", "Clap for me", "I clap once, and again."]
    # between two claps of the sound the clock of the picture has moved on as far as that of the sound
    heard = browser.execute_script("return live.measure.sounds.slice(0, 2)")
    assert heard[1] - heard[0] == pytest.approx(0.8, abs=1 / RATE_HZ)
    gone = browser.execute_script(
        "const s = live.sound; return s.session(10 + s.report.clock / 24000) - s.session(s.report.clock / 24000)"
    )
    assert gone == pytest.approx(10)
    assert until(browser, "live.metrics().answers.length")


def test_escape_silences_her_before_the_server_has_answered(browser: Any, rehearsal: Rehearsal) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    field = browser.find_element(By.ID, "text")
    turns = browser.execute_script("return live.metrics().turn")
    field.send_keys("Again\n")
    until(browser, f"live.metrics().turn > {turns} && !document.getElementById('stop').hidden")
    field.send_keys(Keys.ESCAPE)
    until(browser, f"live.metrics().turn > {turns + 1}")
    assert any(m["kind"] == "stop" for talk in rehearsal.talks.values() for m in talk.told)
    assert browser.execute_script("return document.getElementById('stop').hidden")


def test_the_microphone_sends_sixteen_kilohertz(browser: Any, rehearsal: Rehearsal) -> None:
    browser.execute_script("document.getElementById('mic').click()")
    talk = next(iter(rehearsal.talks.values()))
    until(browser, "live.mic.on")
    deadline = time.monotonic() + 60
    while talk.heard_bytes < 3 * 1024 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert talk.heard_bytes >= 3 * 1024
    assert talk.heard_bytes % 1024 == 0
    assert {"kind": "mic", "on": True, "rate_hz": 16000} in talk.told
    assert "weak" in browser.execute_script("return document.getElementById('tell').textContent")
    browser.execute_script("document.getElementById('mic').click()")
    until(browser, "!live.mic.on")


def test_a_broken_line_is_said_and_the_talk_goes_on_after_it(browser: Any, rehearsal: Rehearsal) -> None:
    before = set(rehearsal.talks)
    rehearsal.away = True
    browser.execute_script("live.line.postMessage({ break: true })")
    until(browser, "!document.getElementById('banner').hidden && !live.metrics().connected")
    rehearsal.away = False
    browser.execute_script("document.getElementById('retry').click()")
    until(browser, "live.metrics().connected && document.getElementById('banner').hidden")
    assert set(rehearsal.talks) == before
    errors = [
        entry["message"]
        for entry in browser.get_log("browser")
        if entry["level"] == "SEVERE" and "WebSocket connection" not in entry["message"]
    ]
    assert errors == []


def test_a_page_that_draws_with_the_processor_shows_pictures_of_the_server_and_loads_no_body(
    browser: Any, rehearsal: Rehearsal
) -> None:
    browser.get(browser.current_url.partition("?")[0])
    until(browser, "window.live?.ready && live.metrics().pictures_fps > 0 && live.screen().times.length > 9")
    assert browser.execute_script("return live.metrics().look") == "server"
    asked = [m for talk in rehearsal.talks.values() for m in talk.told if m["kind"] == "pictures"]
    window = browser.execute_script("return [innerWidth, innerHeight]")
    assert [asked[-1]["width"], asked[-1]["height"]] == window
    loaded = browser.execute_script("return performance.getEntriesByType('resource').map((o) => o.name)")
    assert any(name.endswith("live.min.js") for name in loaded)
    assert not any(name.endswith(("actor.glb", "stage.min.js")) for name in loaded)
    box, label = browser.execute_script(
        """const { width, height } = document.getElementById("stage").getBoundingClientRect();
        return [[width, height], getComputedStyle(document.getElementById("label")).visibility];"""
    )
    assert box[0] / box[1] == pytest.approx(160 / 128, rel=0.01)
    assert box[0] < window[0] + 1 and box[1] < window[1] + 1, "the whole picture is seen, and so is its label"
    assert label == "hidden"


def test_the_page_is_told_the_lens_and_every_channel() -> None:
    emi = Actor.open("emi")
    frame = frame_actor(Body.decode(emi.body_glb), Shot())
    told = given(emi, Place.open("studio"), frame, {})
    assert tuple(told["channels"]) == CHANNEL_NAMES
    assert told["frame"]["eye_line"] == pytest.approx(0.375)
