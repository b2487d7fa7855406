"""What it costs to let a film out, and whether sound and picture stay together over its length.

    python benchmarks/release.py --minutes 10 --size 320x180 --shots 20

Frames are a textured oval before a plain backdrop, cycled; a flash and a beep stand in every shot. Printed: time a
frame for label, watermark and encoding; seconds to join, sign and record; time to verify; and the offset of each beep
from its flash on the decoded file (sound late is positive), first, last and worst.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

import av
import numpy as np

from understudy.base.audio import Audio
from understudy.base.image import Image
from understudy.hub.frames import Frame

FPS, FLASH = 25, 12


def pictures(width: int, height: int) -> list[Image]:
    yy, xx = np.mgrid[:height, :width].astype(np.float32)
    texture = np.random.default_rng(3).normal(0, 8, (height, width, 1)).astype(np.float32)
    out = []
    for step in range(20):
        shift = np.sin(step / 20 * 2 * np.pi) * width * 0.01
        oval = np.hypot((xx - width / 2 - shift) / (height * 0.4), (yy - height * 0.55) / (height * 0.5))[:, :, None]
        shape = np.clip((1 - oval) * 20, 0, 1)
        base = np.stack([80 + 50 * yy / height, 90 + 0 * xx, 105 + 10 * yy / height], -1)
        out.append(
            Image(np.clip(base * (1 - shape) + (np.array([190, 150, 130]) + texture) * shape, 0, 255).astype("u1"))
        )
    return out


def sound(count: int) -> Audio:
    samples = np.zeros(count * 48000 // FPS, np.float32)
    start = FLASH * 48000 // FPS
    samples[start : start + 1920] = 0.7 * np.sin(2 * np.pi * 1000 * np.arange(1920) / 48000)
    return Audio(samples, 48000)


def offsets_ms(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        flashes = [f.time for f in container.decode(video=0) if f.reformat(16, 16, "gray").to_ndarray().mean() > 200]
    with av.open(str(path)) as container:
        heard = list(container.decode(audio=0))
    samples = np.concatenate([f.to_ndarray()[0] for f in heard])
    loud = np.flatnonzero(np.abs(samples) > 0.3)
    beeps = heard[0].time + loud[np.r_[True, np.diff(loud) > 4800]] / 48000
    return 1000 * (beeps - np.array(flashes))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=1)
    options.add_argument("--size", default="1280x720")
    options.add_argument("--shots", type=int, default=6)
    given = options.parse_args()
    width, height = map(int, given.size.split("x"))
    count = round(given.minutes * 60 * FPS / given.shots)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["UNDERSTUDY_HOME"] = f"{folder}/home"
        from understudy.rights import open_release, verify
        from understudy.testing.grants import grant_for, walk_on

        shown, white = pictures(width, height), Image(np.full((height, width, 3), 250, np.uint8))
        release = open_release(
            Path(folder) / "film.mp4",
            grants=[grant_for(walk_on())],
            size_px=(width, height),
            fps=FPS,
            title="Benchmark",
            fingerprint="benchmark",
        )
        start = time.perf_counter()
        for shot in range(given.shots):
            with release.segment(str(shot), count) as segment:
                segment.write_sound(sound(count))
                for i in range(count):
                    segment.write(Frame(white if i == FLASH else shown[i % 20], i, i / FPS))
        marking = time.perf_counter() - start
        start = time.perf_counter()
        out = release.finish(keys=[str(shot) for shot in range(given.shots)])
        finishing = time.perf_counter() - start
        start = time.perf_counter()
        report = verify(out.path)
        verifying = time.perf_counter() - start
        frames = count * given.shots
        print(f"{frames} frames of {width} x {height} in {given.shots} shots, {out.path.stat().st_size / 1e6:.1f} MB")
        print(f"label, watermark, encode: {1000 * marking / frames:.1f} ms a frame ({frames / marking:.0f} a second)")
        print(f"join, sign, record: {finishing:.2f} s; verify: {verifying:.2f} s, {report.verdict}, {report.matrix}")
        late = offsets_ms(out.path)
        worst = late[np.abs(late).argmax()]
        print(f"sound against picture, ms: first {late[0]:.2f}, last {late[-1]:.2f}, worst {worst:.2f}")


if __name__ == "__main__":
    main()
