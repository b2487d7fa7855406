"""What the neural look costs: a picture from coefficients, and a film with everything, beside the raster look.

    python benchmarks/neural_speed.py --actor emi.actor [--take take.take] [--frames 200] [--place studio]

(a) paints poses of a real take at 512x512, close, on nothing: from coefficients to premultiplied pixels. (b) runs
`understudy render` at 1280x720, 25 pictures a second, once for each look, each in a fresh process: computing is
processor seconds of that process over all cores, program start included, sound, label, watermark, encoding and sealing
too; 'at work' leaves out program start and what is set up once, by timing a film of the take's first second as well.

Without --actor 60,000 Gaussians are sown on emi, untrained: as many as a trained avatar has, and a little slower, for
training makes some smaller. Without --take a monologue is played with the small voice.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from understudy.base.channels import ANIMATION_RATE_HZ
from understudy.hub.actor import Actor
from understudy.hub.frames import Shot, ShotSize
from understudy.hub.performance import Performance, poses
from understudy.hub.place import Place
from understudy.hub.track import Track
from understudy.render.framing import frame_actor
from understudy.render.splat.neural import figure_of
from understudy.render.splat.painter import Painter
from understudy.testing.avatars import with_avatar

TEXT = (
    "I kept your letter by the window for five weeks. Every morning I promised myself that I would open it, and every "
    "evening I moved it an inch further into the sun. Do you know what that does to ink?"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--actor", default="", help="an .actor with an avatar")
    parser.add_argument("--take", default="", help="a .take of that actor")
    parser.add_argument("--frames", type=int, default=200)
    parser.add_argument("--place", default="studio")
    options = parser.parse_args()
    print("command:", " ".join(["benchmarks/neural_speed.py", *sys.argv[1:]]), "| cores:", os.cpu_count())
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        os.environ.setdefault("UNDERSTUDY_HOME", str(folder / "home"))
        path = Path(options.actor) if options.actor else folder / "emi.actor"
        if not options.actor:
            with_avatar("emi", 60_000).save(path)
        take = Performance.open(Path(options.take)) if options.take else _played(path)
        _pictures(Actor.open(path), take, options.place, options.frames)
        _films(path, take, options.place, folder)


def _played(actor: Path) -> Performance:
    os.environ["UNDERSTUDY_KOKORO"] = "off"
    from understudy.hub.script import Script
    from understudy.production.act import act

    return next(iter(act(Script.open(TEXT), actors=str(actor)).values()))


def _pictures(actor: Actor, take: Performance, place: str, frames: int) -> None:
    body, avatar = figure_of(actor)
    size = 512, 512
    painter = Painter(avatar, body, Place.open(place), frame_actor(body, Shot(ShotSize.CLOSE, size)), size)
    instants = list(poses(take.beats(1.0), 25.0))
    instants = [instants[k % len(instants)] for k in range(frames)]
    for pose in instants[:5]:
        painter.paint(pose)
    wall, cpu = [], []
    for pose in instants:
        began, spent = time.perf_counter(), time.process_time()
        painter.paint(pose)
        wall.append(1e3 * (time.perf_counter() - began))
        cpu.append(1e3 * (time.process_time() - spent))
    print(f"\n{avatar.count} Gaussians, teacher {avatar.record.teacher}, in '{place}'; {frames} pictures of a take")
    print(f"{'paint at 512x512':28}{'p50':>10}{'p95':>10}")
    for name, values in (("wall ms", wall), ("processor ms, all cores", cpu)):
        print(f"{name:28}{np.percentile(values, 50):10.1f}{np.percentile(values, 95):10.1f}")


def _films(actor: Path, take: Performance, place: str, folder: Path) -> None:
    long, short = folder / "long.take", folder / "short.take"
    take.save(long)
    _first(take, 1.0).save(short)
    print(f"\n{take.duration_s:.1f} s of film at 1280x720, 25 pictures a second, with sound and sealed")
    heads = f"{'cpu s':>8}{'wall s':>8}{'cpu s / s':>11}{'wall s / s':>12}{'at work, cpu s / s':>20}{'wall s / s':>12}"
    print(f"{'look':10}{heads}")
    for look in ("raster", "neural"):
        _render(short, actor, look, place, folder)  # keys are made, kernels and caches are there
        brief, brief_wall = _render(short, actor, look, place, folder)
        cpu, wall = _render(long, actor, look, place, folder)
        length = take.duration_s
        at_work, at_work_wall = ((a - b) / max(length - 1.0, 1e-6) for a, b in ((cpu, brief), (wall, brief_wall)))
        whole = f"{cpu:8.1f}{wall:8.1f}{cpu / length:11.2f}{wall / length:12.2f}"
        print(f"{look:10}{whole}{at_work:20.2f}{at_work_wall:12.2f}")


def _first(take: Performance, seconds: float) -> Performance:
    tracks = {
        n: Track(n, t.channels, t.rate_hz, t.values[: round(seconds * ANIMATION_RATE_HZ)])
        for n, t in take.tracks.items()
    }
    return replace(take, sound=take.sound.cut(0.0, seconds), tracks=tracks, events=(), book=None)


def _render(take: Path, actor: Path, look: str, place: str, folder: Path) -> tuple[float, float]:
    """Returns processor and wall seconds of one `understudy render`."""
    command = [sys.executable, "-m", "understudy.cli.main", "render", str(take), "--actor", str(actor)]
    command += ["--look", look, "--place", place, "-o", str(folder / f"{take.stem}-{look}.mp4")]
    began, before = time.perf_counter(), os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return spent, time.perf_counter() - began


if __name__ == "__main__":
    main()
