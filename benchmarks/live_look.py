"""What a page without a graphics card shows while she speaks: pictures a second, their lateness, and who pays for them.

    understudy live --port 8751 &
    python benchmarks/live_look.py http://127.0.0.1:8751/ PID_OF_THE_SERVER [--look server|browser] [--window 1280x720]

Needs chromium, chromedriver and selenium. Processor time is that of the server and of all processes of the browser.
"""

import argparse
import shutil
import subprocess
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

SPEAKS_S = 9.0


def used_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def family(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return [pid, *(each for child in found for each in family(int(child)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("server", type=int)
    parser.add_argument("--look", default="")
    parser.add_argument("--window", default="1280x720")
    args = parser.parse_args()
    width, height = (int(n) for n in args.window.split("x"))
    options = webdriver.ChromeOptions()
    for word in ("headless=new", "no-sandbox", "disable-gpu", "enable-unsafe-swiftshader"):
        options.add_argument(f"--{word}")
    options.add_argument("--autoplay-policy=no-user-gesture-required")
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(shutil.which("chromedriver"))))
    try:
        lens = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", lens)
        driver.get(args.address + (f"?look={args.look}" if args.look else ""))
        waits = WebDriverWait(driver, 120, 0.1)
        waits.until(lambda d: d.execute_script("return window.live?.metrics().first_picture_ms"))
        waits.until(lambda d: d.execute_script("return live.metrics().attitude === 'idle'"))
        driver.execute_script("live.say('What do you do all day?')")
        waits.until(lambda d: d.execute_script("return live.metrics().attitude === 'speaking'"))
        everybody = family(driver.service.process.pid)
        before = driver.execute_script("return live.metrics()")
        server, page, began = used_s(args.server), sum(map(used_s, everybody)), time.monotonic()
        time.sleep(SPEAKS_S)
        after, seconds = driver.execute_script("return live.metrics()"), time.monotonic() - began
        spent = used_s(args.server) - server, sum(map(used_s, everybody)) - page
    finally:
        driver.quit()
    came = (after.get("pictures", 0) - before.get("pictures", 0)) / seconds
    rate = came if after["look"] == "server" else after["fps"]
    print(f"{after['look']} look, {args.window}: first picture after {after['first_picture_ms'] / 1000:.1f} s")
    print(f"  {rate:.1f} pictures a second; server {spent[0] / seconds:.2f} cores, page {spent[1] / seconds:.2f}")
    if after["look"] == "server":
        print(f"  late by {after['late_s']:.3f} s (median; negative: early), {after['latest_s']:.3f} s (p95)")
    print(f"  underruns of the sound {after['underruns']}")


if __name__ == "__main__":
    main()
