"""Sound against picture of a live talk at the client: she claps, and the page notes when that is heard and seen.

    python benchmarks/live_claps.py [--minutes 3] [--window 320x400] [--results benchmarks/live.md]

A clap is a click in the sound and a jaw that snaps open in the same sixtieth of a second of the session. It is put
where the player puts what it made; all behind that is real: timeline, packets, socket, the page in headless Chromium.

heard: the sample of the click as it leaves the page's last audio node, at the time at which the context's clock less
`outputLatency` shows it, which is also how the page places its pictures. A control row uses `getOutputTimestamp`
instead: the browser's own word for which sample was at the output when. A headless browser has no loudspeaker; what one
adds that the browser does not know of is not in it. seen: the frame (`requestAnimationFrame`) that begins after the one
in which the open jaw was drawn; what a screen adds is not in it. offset: picture minus sound, negative when the picture
is first.

Where a processor draws, frames are few, and the offset is how long one lasts. So it is measured twice: as this machine
draws the page (not judged), and with a plain plate in her place that goes white while the jaw is open, as quick to draw
as she is for a graphics card; all else of the page runs in both. The last rows are a control that must read 100 ms
more: claps whose jaw opens so late.

Needs chromium, chromedriver and selenium.
"""

import argparse
import random
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from understudy.base.audio import Audio
from understudy.base.channels import FACE, SHAPE_INDEX
from understudy.hub.performance import Beat
from understudy.hub.scores import Score
from understudy.judge.chance import banded, interval
from understudy.live.bench.parrot import served
from understudy.live.packets import CHANNEL_NAMES
from understudy.live.server import Stage
from understudy.live.stock import CHANNELS, FRAME_HZ, PER_FRAME, RATE_HZ
from understudy.live.timeline import tracks_of
from understudy.production.bench.table import Results, figure, verdict

LEAD_S, OPEN_S, TAIL_S = 0.5, 0.25, 0.3
EVERY_S = (1.6, 2.0)
TARGET_MS = 20.0
NEAR_S = 0.4
"""A picture belongs to the click that is nearest to it, and no further away."""
READ = """
const m = live.measure, s = live.sound, o = s.context?.getOutputTimestamp();
return { sounds: m.sounds.slice(-3), pictures: m.pictures.slice(-3), ahead: s.ahead, latency: s.latency_s,
  out: o ? o.contextTime - o.performanceTime / 1000 : null, fps: live.metrics().fps,
  underruns: s.report?.underruns ?? 0 };
"""


PLATE = """
const stage = live.stage(), jaw = arguments[0];
stage.draw = (row) => {
  stage.renderer.setClearColor(row[jaw] > 0.5 ? 0xffffff : 0x202020, 1);
  stage.renderer.clear();
};
"""


def clap(late_s: float = 0.0) -> Beat:
    """Returns a clap. late_s: how much later than the click the jaw opens."""
    frames = round((LEAD_S + OPEN_S + TAIL_S) * FRAME_HZ)
    rows = np.zeros((frames, CHANNELS), np.float32)
    tracks = tracks_of(rows)
    opens = round((LEAD_S + late_s) * FRAME_HZ)
    tracks[FACE].values[opens : opens + round(OPEN_S * FRAME_HZ), SHAPE_INDEX["jawOpen"]] = 0.9
    sound = np.zeros(frames * PER_FRAME, np.float32)
    sound[round(LEAD_S * RATE_HZ) : round(LEAD_S * RATE_HZ) + 48] = 0.9
    return Beat(0.0, Audio(sound, RATE_HZ), tracks)


def clapping(stage: Stage, late_s: float) -> None:
    """Has whoever is on a stage clap, at times that keep step with neither frames nor blocks of sound."""

    def run() -> None:
        pauses = random.Random(1)
        while True:
            time.sleep(pauses.uniform(*EVERY_S))
            for session in list(stage.sessions.values()):
                if session.attached:
                    session.stream._told(clap(late_s), session.stream.turn)

    threading.Thread(target=run, name="claps", daemon=True).start()


@contextmanager
def page(address: str, window: str) -> Iterator[Any]:
    """Opens the page in a browser, with its sound on."""
    from selenium import webdriver
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait

    options = webdriver.ChromeOptions()
    for word in (
        "headless=new", "no-sandbox", "disable-gpu", "use-angle=swiftshader", "enable-unsafe-swiftshader",
        "autoplay-policy=no-user-gesture-required", f"window-size={window.replace('x', ',')}",
    ):  # fmt: skip
        options.add_argument(f"--{word}")
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(shutil.which("chromedriver"))))
    try:
        driver.get(f"{address}?look=browser&quality=4")
        waits = WebDriverWait(driver, 120, 0.1)
        waits.until(lambda d: d.execute_script("return window.live?.ready && live.metrics().connected"))
        driver.find_element(By.ID, "text").send_keys(Keys.SHIFT)
        waits.until(lambda d: d.execute_script("return live.sound.running"))
        yield driver
    finally:
        driver.quit()


def offsets(driver: Any, seconds: float) -> tuple[list[float], list[float], dict[str, Any]]:
    """Returns the offsets of the claps of so many seconds (s): by the page's clock, by the output's; and the last
    reading."""
    ours: list[float] = []
    outputs: list[float] = []
    old = set(driver.execute_script(READ)["pictures"])
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        time.sleep(0.6)
        read = driver.execute_script(READ)
        for shown in read["pictures"]:
            near = min(read["sounds"], key=lambda s: abs(shown / 1000 - (s - read["ahead"])), default=None)
            if shown in old or near is None:
                continue
            found = shown / 1000 - (near - read["ahead"])
            if abs(found) < NEAR_S:
                old.add(shown)
                ours.append(found)
                outputs.append(shown / 1000 - (near - read["out"]))
    return ours, outputs, read


def rows(minutes: float, window: str) -> Iterator[Score]:
    """Measures, and yields the rows."""
    for name, drawn, late_s in (
        ("as drawn here", True, 0.0),
        ("plate", False, 0.0),
        ("plate, control with the jaw 100 ms late", False, 0.1),
    ):
        with (
            served("emi", "pico", dress=partial(clapping, late_s=late_s)) as server,
            page(f"http://127.0.0.1:{server.port}/", window) as driver,
        ):
            if not drawn:
                driver.execute_script(PLATE, CHANNEL_NAMES.index("face.jawOpen"))
            offsets(driver, 8.0)  # the clocks of page, sound and line find each other
            ours, outputs, read = offsets(driver, 60 * minutes if not late_s else 20.0)
        how = (
            f"{len(ours)} claps, {read['fps']:.0f} frames a second, window {window}, output latency "
            f"{1000 * read['latency']:.0f} ms, {read['underruns']} gaps in the sound"
        )
        yield from judged(name, ours, f"picture minus sound; {how}", target=not (drawn or late_s))
        if not (drawn or late_s):
            yield from judged(f"{name}, by getOutputTimestamp", outputs, f"picture minus sound; {how}", target=False)


def judged(name: str, found: list[float], how: str, *, target: bool) -> Iterator[Score]:
    """Yields the middle of the offsets, and the size that 95 % of them keep within."""
    ms = 1000 * np.array(found or [np.nan])
    yield banded(f"{name}: offset, p50", float(np.median(ms)), (-TARGET_MS, TARGET_MS), unit="ms", n=len(found),
                 within=interval(ms, lambda v: float(np.median(v))), how=how, judged=False)  # fmt: skip
    yield banded(f"{name}: offset either way, p95", float(np.percentile(np.abs(ms), 95)), (-np.inf, TARGET_MS),
                 unit="ms", n=len(found), how=how, judged=target,
                 within=interval(np.abs(ms), lambda v: float(np.percentile(v, 95))))  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--window", default="320x400")
    parser.add_argument("--results", type=Path)
    asked = parser.parse_args()
    if asked.minutes <= 0 or not shutil.which("chromedriver"):
        parser.error("minutes must be positive." if asked.minutes <= 0 else "apt-get install chromium chromium-driver")
    made, passed = [], True
    for row in rows(asked.minutes, asked.window):
        made.append(row)
        passed &= row.passed is not False
        print(f"  {verdict(row):4} {row.name:56} {figure(row):>14}   {row.target}\n       {row.how}", flush=True)
    if asked.results is not None:
        table = asked.results.with_suffix(".md")
        kept = Results.read(table.with_suffix(".json"))
        kept.rows["claps"], kept.commands["claps"] = made, " ".join(["python benchmarks/live_claps.py", *sys.argv[1:]])
        kept.title, kept.explained = "A live talk", "docs/live.md"
        kept.write(table)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
