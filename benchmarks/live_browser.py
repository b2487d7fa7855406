"""A talk from end to end: the real server, the real page in headless Chromium, a recorded question in the microphone.

    python benchmarks/live_browser.py --question what_is_the_weather.wav [--shots FOLDER]

The page loads and is timed; she is told a name by text; a question is asked through the microphone and talked over;
the server is killed and started again; she is asked for the name. Prints what was seen, exits 1 when a step fails.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

REST_S = 5.0
"""Silence after the question, before it is asked again: into her answer."""
FLAGS = (
    "--headless=new", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--window-size=1280,800", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)  # fmt: skip


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--question", type=Path, required=True, help="a WAV that asks something")
    options.add_argument("--voice", default="pico")
    options.add_argument("--shots", type=Path, help="keep pictures of the page there")
    asked = options.parse_args()
    home = tempfile.mkdtemp()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = serve(port, asked.voice, home)
    browser = chromium(repeated(asked.question, Path(home) / "microphone.wav"))
    try:
        return talk(browser, port, server, asked, home)
    finally:
        browser.quit()
        shutil.rmtree(home, ignore_errors=True)


def talk(browser: Any, port: int, server: "subprocess.Popen[str]", asked: argparse.Namespace, home: str) -> int:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    failed = 0

    def step(name: str, true: Callable[[], Any], patience_s: float = 60.0) -> Any:
        nonlocal failed
        began = time.monotonic()
        while not (found := true()) and time.monotonic() - began < patience_s:
            time.sleep(0.1)
        failed += not found
        print(
            f"  {'pass' if found else 'FAIL'} {name:52} {time.monotonic() - began:6.1f} s  {found or ''}"[:160],
            flush=True,
        )
        if asked.shots:
            asked.shots.mkdir(parents=True, exist_ok=True)
            browser.save_screenshot(str(asked.shots / f"{name.replace(' ', '-')}.png"))
        return found

    def metrics() -> dict[str, Any]:
        return json.loads(browser.execute_script("return JSON.stringify(window.live?.metrics() ?? {})"))

    def lines() -> list[str]:
        script = "return [...document.querySelectorAll('#lines li')].map(e => e.textContent)"
        return [str(text) for text in browser.execute_script(script)]

    def attitude(name: str) -> Callable[[], bool]:
        return lambda: metrics().get("attitude") == name

    def write(text: str) -> None:
        box = browser.find_element(By.ID, "text")
        box.send_keys(text)
        box.send_keys(Keys.ENTER)

    browser.get(f"http://127.0.0.1:{port}/")
    step("she is there", lambda: metrics().get("connected") and metrics().get("first_picture_ms"))
    step("she greets and says what she is", lambda: next((t for t in lines() if "AI" in t), None))
    write("My name is Ada.")
    step("she answers text", lambda: len(lines()) >= 3 and attitude("speaking")())
    step("she has finished", attitude("idle"))
    before = len(lines())
    browser.find_element(By.ID, "mic").click()
    step("the question is understood", lambda: next((t for t in lines()[before:] if "weather" in t.lower()), None))
    step("she answers the question", attitude("speaking"))
    step("talked over, she stops and listens", attitude("listening"), 30)
    browser.find_element(By.ID, "mic").click()
    browser.find_element(By.ID, "text").send_keys(Keys.ESCAPE)
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    step("the page sees that the line is broken", lambda: not metrics().get("connected"))
    again = serve(port, asked.voice, home)
    step("the page is back by itself", lambda: metrics().get("connected"), 90)
    before = len(lines())
    write("What is my name?")
    step("she remembers after the server was killed", lambda: next((t for t in lines()[before:] if "Ada" in t), None))
    seen = metrics()
    print("  " + json.dumps({k: seen.get(k) for k in sorted(seen)})[:1200])
    again.terminate()
    again.wait(20)
    return 1 if failed else 0


def serve(port: int, voice: str, home: str) -> "subprocess.Popen[str]":
    """Starts `understudy live` and returns it when the page answers."""
    command = [str(Path(sys.executable).parent / "understudy"), "live", "--port", str(port), "--voice", voice]
    server = subprocess.Popen(
        command,
        env={**os.environ, "UNDERSTUDY_HOME": home},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout is not None
    for row in server.stdout:
        if "http://" in row:
            return server
    raise SystemExit(f"the server did not start: {server.wait()}")


def repeated(question: Path, to: Path) -> Path:
    """Writes what the microphone hears over and over: the question, and time to answer it."""
    import numpy as np
    import soundfile

    sound, rate_hz = soundfile.read(question, dtype="int16")
    soundfile.write(to, np.concatenate([sound, np.zeros(round(REST_S * rate_hz), np.int16)]), rate_hz)
    return to


def chromium(question: Path) -> Any:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.page_load_strategy = "eager"
    for flag in (*FLAGS, f"--use-file-for-fake-audio-capture={question.resolve()}"):
        options.add_argument(flag)
    browser = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    browser.set_script_timeout(60)
    return browser


if __name__ == "__main__":
    sys.exit(main())
