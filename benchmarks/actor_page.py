"""The page of an actor: its size, and how long a browser takes to the first picture.

    python benchmarks/actor_page.py [actor]

Needs chromium, chromium-driver and selenium (extra dev). Drawn by SwiftShader, in software; a laptop has a GPU. Two
times are told apart: until three.js has the body (unpacking, parsing), and the first frame with its shaders.
"""

import gzip
import shutil
import sys
import tempfile
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

from understudy.production.trade import actor_page

FLAGS = (
    "headless", "no-sandbox", "disable-gpu", "use-angle=swiftshader", "enable-unsafe-swiftshader", "no-first-run",
    "disable-background-networking", "disable-sync", "window-size=512,512",
)  # fmt: skip


def main() -> None:
    who = sys.argv[1] if len(sys.argv) > 1 else "emi"
    with tempfile.TemporaryDirectory() as folder:
        page = actor_page(who, Path(folder) / "page.html").path
        data = page.read_bytes()
        print(f"{who}: {len(data) / 1e6:.2f} MB, {len(gzip.compress(data, 9)) / 1e6:.2f} MB compressed (goal 6)")
        options = webdriver.ChromeOptions()
        options.binary_location = str(shutil.which("chromium"))
        for word in (*FLAGS, f"user-data-dir={folder}/home"):
            options.add_argument(f"--{word}")
        for run in range(3):
            browser = webdriver.Chrome(
                options=options, service=webdriver.ChromeService(str(shutil.which("chromedriver")))
            )
            browser.get(f"file://{page}?still=1")
            WebDriverWait(browser, 180).until(lambda b: b.execute_script("return window.ready === true"))
            loaded, first, triangles = browser.execute_script(
                "return [window.loadedMs, window.firstPictureMs, window.actor.triangles()]"
            )
            print(f"run {run + 1}: body there {loaded:.0f} ms, first picture {first:.0f} ms, {triangles} triangles")
            browser.quit()


if __name__ == "__main__":
    main()
